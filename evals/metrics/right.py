"""Whether the assistant did right."""

from ..case import Case
from ..gold import is_right
from ..metric import Metric
from ..result import Result


def score(case: Case, result: Result) -> float | None:
    """See `gold.is_right`."""
    right = is_right(case, result)
    return None if right is None else float(right)


METRICS = (
    Metric(
        name="right",
        meaning="cases answered rightly (by the judge, else by gold spans, else by gold answers) or rightly not at all",
        source="own definition, evals/gold.py",
        higher_is_better=True,
        score=score,
    ),
)
