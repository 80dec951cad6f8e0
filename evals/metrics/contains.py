"""Whether the answer holds a gold one."""

from ..answer_json import plain_text
from ..case import Case
from ..gold import is_answerable
from ..metric import Metric
from ..result import Result
from .normalised import holds


def score(case: Case, result: Result) -> float | None:
    """1.0 when a gold answer stands in the text, both normalised; None as for exact match."""
    if result.answer is None or not case.gold_answers or not is_answerable(case):
        return None
    text = plain_text(result.answer)
    return float(any(holds(text, gold) for gold in case.gold_answers))


METRICS = (
    Metric(
        name="contains",
        meaning="answers that hold a gold one, as whole words",
        source="Mallen et al. 2023, “When Not to Trust Language Models”",
        higher_is_better=True,
        score=score,
    ),
)
