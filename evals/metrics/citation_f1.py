"""Citation recall and precision in one number."""

from ..case import Case
from ..metric import Metric
from ..result import Result
from .citation_precision import score as precision
from .citation_recall import score as recall


def score(case: Case, result: Result) -> float | None:
    """The harmonic mean of an answer's citation precision and recall; None when nothing is asserted."""
    p, r = precision(case, result), recall(case, result)
    if p is None or r is None:
        return None
    return 2 * p * r / (p + r) if p + r else 0.0


METRICS = (
    Metric(
        name="citation_f1",
        meaning="harmonic mean of citation precision and recall, mean over answers",
        source="Liu, Zhang and Liang 2023, with the precision of Gao et al. 2023 (ALCE)",
        higher_is_better=True,
        score=score,
    ),
)
