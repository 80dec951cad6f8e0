"""What a search engine returns."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One result of a web search. It is a pointer, never evidence: what is cited is the page, once it was read.

    `rank` counts from 1 within the provider's answer; `published` is an ISO date, "" when the provider gives none.
    """

    url: str
    title: str
    snippet: str
    provider: str
    rank: int
    published: str = ""
