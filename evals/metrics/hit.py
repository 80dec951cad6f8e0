"""Hit@k: is anything relevant among the first k?"""

from collections.abc import Hashable, Sequence, Set

from ..case import Case
from ..gold import found_spans, gold_groups, gold_sources, overlaps, ranked_sources
from ..metric import Metric
from ..result import Result


def hit(ranked: Sequence[Hashable], relevant: Set[Hashable], k: int) -> float:
    """1.0 when one of the first `k` of `ranked` is in `relevant`, else 0.0.

    Raises:
        ValueError: nothing is relevant, so there is nothing to hit.
    """
    if not relevant:
        raise ValueError("hit is undefined without a relevant item")
    return float(any(item in relevant for item in ranked[:k]))


def _of_sources(k: int) -> Metric:
    def score(case: Case, result: Result) -> float | None:
        gold = gold_sources(case)
        return hit(ranked_sources(case, result), gold, k) if gold and result.answer is not None else None

    return Metric(
        name=f"hit@{k}",
        meaning=f"cases with a gold source among the first {k} retrieved",
        source="success@k, Buckley and Voorhees 2005 (TREC)",
        higher_is_better=True,
        score=score,
    )


def _of_spans(k: int) -> Metric:
    def score(case: Case, result: Result) -> float | None:
        gold = [span for group in gold_groups(case, result) for span in group]
        if not gold or result.answer is None:
            return None
        found = found_spans(case, result, selected=False)[:k]
        return float(any(overlaps(each, span) for each in found for span in gold))

    return Metric(
        name=f"span_hit@{k}",
        meaning=f"cases with a passage that overlaps a gold span among the first {k}",
        source="success@k, Buckley and Voorhees 2005 (TREC)",
        higher_is_better=True,
        score=score,
    )


METRICS = (_of_sources(1), _of_sources(5), _of_spans(1), _of_spans(5))
