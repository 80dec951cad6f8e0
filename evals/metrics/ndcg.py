"""Normalised discounted cumulative gain."""

from collections.abc import Hashable, Sequence, Set
from math import log2


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
