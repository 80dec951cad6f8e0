"""What the web is asked for an answer."""

from ..case import Case
from ..metric import Metric
from ..result import Result


def score(_case: Case, result: Result) -> float | None:
    """The most requests that one host got for the case; None when no host was asked."""
    return float(max(result.requests.values())) if result.requests else None


METRICS = (
    Metric(
        name="requests_per_host",
        meaning="requests to the host that was asked most, mean over answers from the web",
        source="own definition",
        higher_is_better=False,
        score=score,
        unit="count",
    ),
)
