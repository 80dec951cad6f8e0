"""How sure a measured share is."""

from math import sqrt

_Z = 1.96  # 95 %


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927); (0, 1) of nothing."""
    if not of:
        return 0.0, 1.0
    share, square = hits / of, _Z * _Z
    middle = share + square / (2 * of)
    spread = _Z * sqrt(share * (1 - share) / of + square / (4 * of * of))
    whole = 1 + square / of
    return max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole)


def shown(hits: int, of: int) -> str:
    """The share with its interval, as tables print it: `.896 (.871–.917)  559/624`."""
    if not of:
        return "none"
    low, high = wilson(hits, of)
    return f"{hits / of:.3f} ({low:.3f}–{high:.3f})  {hits}/{of}"
