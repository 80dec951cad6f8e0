"""Abstaining where it is right, and where it is not."""

from ..answer_json import is_abstained
from ..case import Case
from ..gold import is_answerable
from ..metric import Metric
from ..result import Result


def recall(case: Case, result: Result) -> float | None:
    """Of an unanswerable case: 1.0 when the assistant abstained."""
    if result.answer is None or is_answerable(case) is not False:
        return None
    return float(is_abstained(result.answer))


def false_abstention(case: Case, result: Result) -> float | None:
    """Of an answerable case: 1.0 when the assistant abstained."""
    if result.answer is None or not is_answerable(case):
        return None
    return float(is_abstained(result.answer))


METRICS = (
    Metric(
        name="abstention_recall",
        meaning="unanswerable cases that were not answered",
        source="Rajpurkar, Jia and Liang 2018 (SQuAD 2.0)",
        higher_is_better=True,
        score=recall,
    ),
    Metric(
        name="false_abstention",
        meaning="answerable cases that were not answered",
        source="Rajpurkar, Jia and Liang 2018 (SQuAD 2.0)",
        higher_is_better=False,
        score=false_abstention,
    ),
)
