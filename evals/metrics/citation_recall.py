"""How many of the asserted sentences their citations support."""

from ..case import Case
from ..metric import Metric
from ..result import Result


def score(_case: Case, result: Result) -> float | None:
    """The share of asserted sentences that what they cite, taken together, supports; None when nothing is asserted."""
    support = result.judged.support
    return sum(each.by_all for each in support) / len(support) if support else None


METRICS = (
    Metric(
        name="citation_recall",
        meaning="asserted sentences that their citations together support, mean over answers",
        source="Gao et al. 2023 (ALCE), §3; Liu, Zhang and Liang 2023",
        higher_is_better=True,
        score=score,
    ),
)
