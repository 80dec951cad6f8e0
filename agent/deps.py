"""What the steps of one run work with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from ..crawler import Workers
from ..retrievers import Index, Reranker
from .budget import Budget
from .checker import Checker
from .events import EventKind
from .models import Writer
from .verifiers import Verifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much each step takes along.

    `question` characters in a question; `candidates` passages kept by retrieve; `rerank` of them scored by the
    cross-encoder (60 ms each on two cores); `evidence` passages handed to the writer. `relevance` is the least
    probability of answering at which a sentence is asserted.
    """

    question: int = 4_000
    candidates: int = 50
    rerank: int = 8
    evidence: int = 8
    relevance: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Deps:
    """The services of the assistant and the account of one run, handed to every step.

    `emit(kind, step, value)` tells an event. `reranker` None: the order of retrieval stands. `today` is the day
    that words like "last year" are counted from.
    """

    index: Index
    reader: Workers
    reranker: Reranker | None
    writer: Writer
    verifier: Verifier
    limits: Limits
    budget: Budget
    checker: Checker
    emit: Callable[[EventKind, str, object], None]
    today: Callable[[], date]
