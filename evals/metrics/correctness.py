"""Correctness as a model judges it."""

from ..case import Case
from ..metric import Metric
from ..result import Result


def score(_case: Case, result: Result) -> float | None:
    """1.0 correct, 0.5 partly, 0.0 wrong or not attempted; None where no judge was asked, or gave no verdict."""
    return result.judged.correct


METRICS = (
    Metric(
        name="correct",
        meaning="answers that a model judges correct beside the gold ones",
        source="grades as in Wei et al. 2024 (SimpleQA), with half for a part",
        higher_is_better=True,
        score=score,
    ),
)
