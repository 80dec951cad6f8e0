"""Cases that ended in an error."""

from ..case import Case
from ..metric import Metric
from ..result import Result


def score(_case: Case, result: Result) -> float | None:
    """1.0 when there is an error in place of an answer."""
    return float(result.error is not None)


METRICS = (
    Metric(
        name="failed",
        meaning="cases that ended in an error; no other metric counts them",
        source="own definition",
        higher_is_better=False,
        score=score,
    ),
)
