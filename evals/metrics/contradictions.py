"""Contradictions between sources that an answer reports."""

from ..case import Case
from ..metric import Metric
from ..result import Result

TAG = "contradiction"
"""The tag of cases whose documents disagree on what is asked."""


def count(_case: Case, result: Result) -> float | None:
    """How many an answer reports; a change over time is none."""
    if result.answer is None:
        return None
    return float(sum(not each["is_change"] for each in result.answer.get("contradictions", ())))


def recall(case: Case, result: Result) -> float | None:
    """Of a case with the tag: 1.0 when its answer reports one."""
    found = count(case, result)
    return None if found is None or TAG not in case.tags else float(found > 0)


METRICS = (
    Metric(
        name="contradictions",
        meaning="contradictions reported, mean over answers",
        source="own definition",
        higher_is_better=False,
        score=count,
        unit="count",
    ),
    Metric(
        name="contradiction_recall",
        meaning="answers that report one, of the cases tagged `contradiction`",
        source="own definition",
        higher_is_better=True,
        score=recall,
    ),
)
