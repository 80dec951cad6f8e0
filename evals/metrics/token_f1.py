"""Token F1."""

from collections import Counter

from ..answer_json import plain_text
from ..case import Case
from ..gold import is_answerable
from ..metric import Metric
from ..result import Result
from .normalised import normalised


def token_f1(text: str, golds: tuple[str, ...]) -> float:
    """The best F1, over the gold answers, of the words in common, in [0, 1]; words count as often as they stand."""
    return max(_f1(Counter(normalised(text).split()), Counter(normalised(gold).split())) for gold in golds)


def _f1(said: Counter[str], gold: Counter[str]) -> float:
    if not said or not gold:
        return float(said == gold)
    return 2 * (said & gold).total() / (said.total() + gold.total())


def score(case: Case, result: Result) -> float | None:
    """0.0 for an abstention; None without gold answers, and where abstaining is right."""
    if result.answer is None or not case.gold_answers or not is_answerable(case):
        return None
    return token_f1(plain_text(result.answer), case.gold_answers)


METRICS = (
    Metric(
        name="token_f1",
        meaning="words in common with the best gold answer",
        source="Rajpurkar et al. 2016 (SQuAD)",
        higher_is_better=True,
        score=score,
    ),
)
