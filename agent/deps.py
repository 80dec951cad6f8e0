"""What the steps of one run work with."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ..crawler import Workers
from ..retrievers import Evidence, Index, Reranker
from .budget import Budget
from .checker import Checker
from .events import EventKind
from .models import Writer
from .models.chat import Chat
from .verifiers import Verifier

if TYPE_CHECKING:
    from .web import Web


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much each step takes along.

    `question` characters in a question; `candidates` passages kept by retrieve; `rerank` of them scored by the
    cross-encoder (60 ms each on two cores); `evidence` passages handed to the writer. `relevance` is the least
    probability of answering at which a sentence is asserted; `rounds` of repair at most.
    """

    question: int = 4_000
    candidates: int = 50
    rerank: int = 8
    evidence: int = 8
    relevance: float = 0.5
    rounds: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHand:
    """What a question can be taken to: `index_pages` in the lasting index, and the web when it is on.

    `providers` are the names of the search providers; without one there is no web search.
    """

    index_pages: int = 0
    web: bool = False
    providers: tuple[str, ...] = ()

    def may_search(self, web: bool | None) -> bool:
        """Whether the web may be searched, if the caller said `web` of this question."""
        return (self.web if web is None else web) and bool(self.providers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deps:
    """The services of the assistant and the account of one run, handed to every step.

    `emit(kind, step, value)` tells an event; `consider` tells the checker what was found beside what a sentence cites,
    and `keep` has the verdicts that were reached stored.
    `reranker` None: the order of retrieval stands; `router` None: questions are understood and routed by rules.
    `repairs`: the writer writes in its own words, so that what it could not support is worth another search. `today` is
    the day that words like "last year" are counted from. `web` opens when it is first used. `is_durable`: what a step
    did is kept at once, for it cost somebody else something (the web, a model).
    """

    index: Index
    reader: Workers
    web: "Web"
    reranker: Reranker | None
    writer: Writer
    verifier: Verifier
    limits: Limits
    budget: Budget
    checker: Checker
    consider: Callable[[Sequence[Evidence]], None]
    keep: Callable[[], Awaitable[None]]
    emit: Callable[[EventKind, str, object], None]
    today: Callable[[], date]
    at_hand: AtHand = AtHand()
    router: Chat | None = None
    repairs: bool = False
    is_durable: bool = False
