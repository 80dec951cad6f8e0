"""How many of the citations are needed, or support on their own."""

from ..case import Case
from ..metric import Metric
from ..result import Result, SentenceSupport


def kept(sentence: SentenceSupport) -> int:
    """The citations of a supported sentence that are not irrelevant.

    One is irrelevant when it does not support the sentence by itself and the others do without it. In a sentence that
    is not supported, none counts.
    """
    if not sentence.by_all:
        return 0
    if len(sentence.by_each) == 1:
        return 1
    return sum(alone or not rest for alone, rest in zip(sentence.by_each, sentence.by_rest, strict=True))


def score(_case: Case, result: Result) -> float | None:
    """The share of citations that count, 0.0 for an answer that cites nothing; None when nothing is asserted."""
    support = result.judged.support
    if not support:
        return None
    total = sum(len(each.by_each) for each in support)
    return sum(map(kept, support)) / total if total else 0.0


def score_alone(_case: Case, result: Result) -> float | None:
    """The share of citations that support their sentence by themselves; otherwise as `score`."""
    support = result.judged.support
    if not support:
        return None
    total = sum(len(each.by_each) for each in support)
    return sum(sum(each.by_each) for each in support) / total if total else 0.0


METRICS = (
    Metric(
        name="citation_precision",
        meaning="citations that are not irrelevant to their supported sentence, mean over answers",
        source="Gao et al. 2023 (ALCE), §3",
        higher_is_better=True,
        score=score,
    ),
    Metric(
        name="citation_precision_alone",
        meaning="citations that support their sentence by themselves, mean over answers",
        source="after Liu, Zhang and Liang 2023, “Evaluating Verifiability in Generative Search Engines”",
        higher_is_better=True,
        score=score_alone,
    ),
)
