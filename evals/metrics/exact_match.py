"""Exact match."""

from ..answer_json import plain_text
from ..case import Case
from ..gold import is_answerable
from ..metric import Metric
from ..result import Result
from .normalised import normalised


def exact_match(text: str, golds: tuple[str, ...]) -> float:
    """1.0 when the answer is one of the gold ones, both normalised, else 0.0."""
    return float(normalised(text) in map(normalised, golds))


def score(case: Case, result: Result) -> float | None:
    """0.0 for an abstention; None without gold answers, and where abstaining is right."""
    if result.answer is None or not case.gold_answers or not is_answerable(case):
        return None
    return exact_match(plain_text(result.answer), case.gold_answers)


METRICS = (
    Metric(
        name="exact_match",
        meaning="answers that are a gold one, word for word",
        source="Rajpurkar et al. 2016 (SQuAD)",
        higher_is_better=True,
        score=score,
    ),
)
