"""What came of one case under one cell of settings, as metrics see it and a run folder keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]
"""A value as it was read from JSON. Answers stay so: those of other versions and other systems are scored, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a case has no answer: the `kind` of error, and its words."""

    kind: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieved:
    """A passage that was found: where it stands, its score, and whether the writer was given it (`selected`)."""

    source: str
    page_hash: str
    start: int
    end: int
    score: float
    selected: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceSupport:
    """A verifier's word on one asserted sentence and the texts it cites.

    `by_all`: all the cited texts together support it. `by_each[i]`: text i alone does. `by_rest[i]`: the texts without
    i do, as far as that was asked. `cited` are the sources. Without a citation `by_all` is False, the rest is ().
    """

    text: str
    cited: tuple[str, ...]
    by_all: bool
    by_each: tuple[bool, ...]
    by_rest: tuple[bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What was judged once, by a model that is not asked again when scores are made anew.

    `support` has one entry an asserted sentence, by the verifier named `verifier`. `correct` in [0, 1] is what the
    model `judge` says of the answer beside the gold ones; None without a judge, without gold answers, or when its reply
    could not be read (`judge_error` says so); it took `tokens` and `money`. `labels` are the scores in [0, 1] and
    verdicts of the cell's own verifier, named `labels_by`, on a case's labelled claims, in their order.
    """

    verifier: str = ""
    support: tuple[SentenceSupport, ...] = ()
    judge: str = ""
    correct: float | None = None
    judge_error: str = ""
    tokens: int = 0
    money: float = 0.0
    labels: tuple[tuple[float, bool], ...] = ()
    labels_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One (cell, case): the Answer as JSON (docs/reference/answer.schema.json), or the failure.

    `attempt` counts from 1. `stages` are seconds by step of the river. `retrieved` are the passages found, best first.
    `requests` counts what was asked of each host. `pages` are the texts of the pages that the answer cites or was
    written from, by hash. `scores` are the values of the metrics, None where one does not apply.
    """

    cell: str
    case: str
    attempt: int = 1
    answer: Json | None = None
    error: Failure | None = None
    stages: Mapping[str, float] = field(default_factory=dict)
    retrieved: tuple[Retrieved, ...] = ()
    requests: Mapping[str, int] = field(default_factory=dict)
    judged: Judged = field(default_factory=Judged)
    pages: Mapping[str, str] = field(default_factory=dict)
    scores: Mapping[str, float | None] = field(default_factory=dict)
