"""Hit@k: is anything relevant among the first k?"""

from collections.abc import Hashable, Sequence, Set


def hit(ranked: Sequence[Hashable], relevant: Set[Hashable], k: int) -> float:
    """1.0 when one of the first `k` of `ranked` is in `relevant`, else 0.0.

    Raises:
        ValueError: nothing is relevant, so there is nothing to hit.
    """
    if not relevant:
        raise ValueError("hit is undefined without a relevant item")
    return float(any(item in relevant for item in ranked[:k]))
