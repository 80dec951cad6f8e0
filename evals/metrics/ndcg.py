"""Normalised discounted cumulative gain."""

from collections.abc import Hashable, Sequence, Set
from math import log2

from ..case import Case
from ..gold import gold_sources, ranked_sources
from ..metric import Metric
from ..result import Result


def ndcg(ranked: Sequence[Hashable], relevant: Set[Hashable], k: int) -> float:
    """nDCG@k with binary gains (Järvelin and Kekäläinen 2002): 1.0 when the relevant items come first, in [0, 1].

    An item that stands in `ranked` twice counts at its first place only.

    Raises:
        ValueError: nothing is relevant.
    """
    if not relevant:
        raise ValueError("nDCG is undefined without a relevant item")
    distinct = list(dict.fromkeys(ranked))[:k]
    gained = sum(1 / log2(rank + 1) for rank, item in enumerate(distinct, 1) if item in relevant)
    return gained / sum(1 / log2(rank + 1) for rank in range(1, min(k, len(relevant)) + 1))


def score(case: Case, result: Result) -> float | None:
    """nDCG@10 over sources, each at the place of its best passage; None without a gold source."""
    gold = gold_sources(case)
    return ndcg(ranked_sources(case, result), gold, 10) if gold and result.answer is not None else None


METRICS = (
    Metric(
        name="ndcg@10",
        meaning="gain of the gold sources among the first 10, discounted by rank, beside the best order",
        source="Järvelin and Kekäläinen 2002",
        higher_is_better=True,
        score=score,
    ),
)
