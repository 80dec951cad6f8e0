"""Intervals and p-values of figures that are no mean: curves, errors of calibration, percentiles.

The same bootstrap and randomisation test as in `paired`, with the figure made anew for every draw. Drawn are whole
cases: the claims of one answer are not independent of each other.
"""

from collections.abc import Callable, Sequence

import numpy as np

from .metric import Row
from .paired import Paired

ROUNDS = 400
"""Draws: each makes the figure anew, in Python. A p of .05 is then known to ±.02."""

CaseRows = Sequence[tuple[Row, ...]]
Aggregate = Callable[[Sequence[Row]], float | None]


def interval(
    rows: CaseRows, aggregate: Aggregate, *, rounds: int = ROUNDS, seed: int = 0
) -> tuple[float, float] | None:
    """The 95 % interval of a figure over cases; None when hardly any draw has one (a curve needs both outcomes)."""
    draw = np.random.default_rng(seed)
    figures: list[float] = []
    for _ in range(rounds):
        picked = draw.integers(0, len(rows), len(rows)).tolist()
        figures += _defined(aggregate([row for place in picked for row in rows[place]]))
    return _ends(figures, rounds)


def paired_figures(
    before: CaseRows, after: CaseRows, aggregate: Aggregate, *, rounds: int = ROUNDS, seed: int = 0
) -> Paired | None:
    """Compare the figures of two runs, given the rows of each case in the same order; None when one is undefined.

    Raises:
        ValueError: there is no case, or the numbers of cases differ.
    """
    if len(before) != len(after):
        raise ValueError(f"{len(before)} cases cannot be paired with {len(after)}")
    if not before:
        raise ValueError("a difference is undefined without a case")
    first, second = aggregate(_flat(before)), aggregate(_flat(after))
    if first is None or second is None:
        return None
    draw = np.random.default_rng(seed)
    drawn: list[float] = []
    swapped: list[float] = []
    for _ in range(rounds):
        picked = draw.integers(0, len(before), len(before)).tolist()
        drawn += _parted(aggregate, [before[place] for place in picked], [after[place] for place in picked])
        sides = draw.integers(0, 2, len(before)).tolist()
        halves = [(b, a) if side else (a, b) for side, b, a in zip(sides, before, after, strict=True)]
        swapped += _parted(aggregate, [half[0] for half in halves], [half[1] for half in halves])
    ends = _ends(drawn, rounds)
    if ends is None or not swapped:
        return None
    difference = second - first
    return Paired(
        cases=len(before),
        before=first,
        after=second,
        difference=difference,
        low=ends[0],
        high=ends[1],
        p_below=(sum(each <= difference + 1e-9 for each in swapped) + 1) / (len(swapped) + 1),
        p_above=(sum(each >= difference - 1e-9 for each in swapped) + 1) / (len(swapped) + 1),
    )


def _flat(rows: CaseRows) -> list[Row]:
    return [row for case in rows for row in case]


def _parted(aggregate: Aggregate, before: CaseRows, after: CaseRows) -> list[float]:
    first, second = aggregate(_flat(before)), aggregate(_flat(after))
    return [] if first is None or second is None else [second - first]


def _defined(figure: float | None) -> list[float]:
    return [] if figure is None else [figure]


def _ends(figures: Sequence[float], rounds: int) -> tuple[float, float] | None:
    if len(figures) < rounds / 2:
        return None
    low, high = np.percentile(figures, [2.5, 97.5])
    return float(low), float(high)
