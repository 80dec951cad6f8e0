"""What answers cost."""

from ..case import Case
from ..metric import Metric
from ..result import Result


def score(_case: Case, result: Result) -> float | None:
    """Money of an answer, by the prices that are set; None where nobody says."""
    value: float | None = (result.answer or {}).get("usage", {}).get("money")
    return value


METRICS = (
    Metric(
        name="cost",
        meaning="money by the prices that are set, mean over answers",
        source="own definition",
        higher_is_better=False,
        score=score,
        unit="money",
    ),
)
