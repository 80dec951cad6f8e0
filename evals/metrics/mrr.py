"""Reciprocal rank; its mean over questions is MRR."""

from collections.abc import Hashable, Sequence, Set


def reciprocal_rank(ranked: Sequence[Hashable], relevant: Set[Hashable]) -> float:
    """1 / the rank (from 1) of the first relevant item, 0.0 when there is none in `ranked`.

    Raises:
        ValueError: nothing is relevant.
    """
    if not relevant:
        raise ValueError("the reciprocal rank is undefined without a relevant item")
    return next((1 / rank for rank, item in enumerate(ranked, 1) if item in relevant), 0.0)
