"""What a search engine returns."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One result of a web search. It is a pointer, never evidence: what is cited is the page, once it was read.

    Attributes:
        provider: who found it; of several, the one that ranked it best.
        rank: counts from 1 within the answer it stands in.
        published: an ISO date (`2024-05-01`, or `2024-05`, `2024` where that is all that is known), "" when the
            provider gives none.
        providers: all who found it, best rank first, after a merge; () in one provider's own answer.
    """

    url: str
    title: str
    snippet: str
    provider: str
    rank: int
    published: str = ""
    providers: tuple[str, ...] = ()
