"""Reciprocal rank; its mean over questions is MRR."""

from collections.abc import Hashable, Sequence, Set

from ..case import Case
from ..gold import gold_sources, ranked_sources
from ..metric import Metric
from ..result import Result


def reciprocal_rank(ranked: Sequence[Hashable], relevant: Set[Hashable]) -> float:
    """1 / the rank (from 1) of the first relevant item, 0.0 when there is none in `ranked`.

    Raises:
        ValueError: nothing is relevant.
    """
    if not relevant:
        raise ValueError("the reciprocal rank is undefined without a relevant item")
    return next((1 / rank for rank, item in enumerate(ranked, 1) if item in relevant), 0.0)


def score(case: Case, result: Result) -> float | None:
    """Over sources, each at the place of its best passage; None without a gold source."""
    gold = gold_sources(case)
    return reciprocal_rank(ranked_sources(case, result), gold) if gold and result.answer is not None else None


METRICS = (
    Metric(
        name="mrr",
        meaning="1 / rank of the first gold source, 0 when it was not retrieved",
        source="Voorhees 1999 (TREC-8 question answering)",
        higher_is_better=True,
        score=score,
    ),
)
