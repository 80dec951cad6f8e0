"""Two runs over the same cases: how far apart their means are, and how easily chance would part them as far.

The interval is the percentile bootstrap over cases (Efron and Tibshirani 1993, "An Introduction to the Bootstrap",
ch. 13), drawn in pairs as in Koehn 2004, "Statistical Significance Tests for Machine Translation Evaluation". The
p-values are those of the paired randomisation test, which Smucker, Allan and Carterette 2007, "A Comparison of
Statistical Significance Tests for Information Retrieval Evaluation", recommend over Wilcoxon's and the sign test; a
drawn one counts what was observed as one more draw, so it is never 0 (Phipson and Smyth 2010, "Permutation P-values
Should Never Be Zero").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ROUNDS = 4_000
"""Draws of an interval or a p-value: a p of .05 is then known to ±.007."""

_EXACT = 12  # 4,096 ways to swap: no more than would be drawn
_CHUNK = 15_000  # numbers drawn at a time: what stays in the cache is drawn twice as fast


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """What `after` has over `before` on `cases` that both have a value for.

    `difference` is the mean of after − before, `low` and `high` are its 95 % interval. `p_below` is how often chance
    alone gives a difference as low or lower, `p_above` one as high or higher.
    """

    cases: int
    before: float
    after: float
    difference: float
    low: float
    high: float
    p_below: float
    p_above: float

    @property
    def p(self) -> float:
        """Two-sided: how often chance alone parts the two as far, either way."""
        return min(1.0, 2 * min(self.p_below, self.p_above))


def paired(before: Sequence[float], after: Sequence[float], *, rounds: int = ROUNDS, seed: int = 0) -> Paired:
    """Compare the values of two runs, case by case; the same `seed` gives the same numbers.

    Raises:
        ValueError: there is no case, the lengths differ, or a value is no finite number.
    """
    if len(before) != len(after):
        raise ValueError(f"{len(before)} values cannot be paired with {len(after)}")
    if not len(before):
        raise ValueError("a difference is undefined without a case")
    if not all(map(isfinite, (*before, *after))):
        raise ValueError("a value that is no finite number cannot be compared")
    first, second = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    differences = second - first
    draw = np.random.default_rng(seed)
    low, high = bootstrap_mean(differences, rounds=rounds, seed=seed)
    p_below, p_above = _chances(differences, rounds, draw)
    return Paired(
        cases=len(differences),
        before=float(first.mean()),
        after=float(second.mean()),
        difference=float(differences.mean()),
        low=low,
        high=high,
        p_below=p_below,
        p_above=p_above,
    )


def bootstrap_mean(values: Sequence[float] | Floats, *, rounds: int = ROUNDS, seed: int = 0) -> tuple[float, float]:
    """The 95 % interval of a mean over cases; of one case, or of equal ones, it has no width.

    Raises:
        ValueError: there is no case.
    """
    held = np.asarray(values, dtype=np.float64)
    if not len(held):
        raise ValueError("a mean is undefined without a case")
    draw = np.random.default_rng(seed)
    means = [held[draw.integers(0, len(held), (size, len(held)))].mean(axis=1) for size in _chunks(rounds, len(held))]
    low, high = np.percentile(np.concatenate(means), [2.5, 97.5])
    return float(low), float(high)


def _chances(differences: Floats, rounds: int, draw: np.random.Generator) -> tuple[float, float]:
    """The p-values below and above: each case's two values may be swapped, which changes a difference's sign."""
    moved = differences[differences != 0]
    if not len(moved):
        return 1.0, 1.0
    observed = moved.sum()
    slack = 1e-9 * float(np.abs(moved).sum())  # sums of the same numbers in another order
    if len(moved) <= _EXACT:
        sums = _every_sum(moved)
        return float((sums <= observed + slack).mean()), float((sums >= observed - slack).mean())
    below = above = 0
    for size in _chunks(rounds, len(moved)):
        sums = (2.0 * draw.integers(0, 2, (size, len(moved)), dtype=np.int8) - 1) @ moved
        below += int((sums <= observed + slack).sum())
        above += int((sums >= observed - slack).sum())
    return (below + 1) / (rounds + 1), (above + 1) / (rounds + 1)


def _every_sum(moved: Floats) -> Floats:
    sums = np.zeros(1)
    for value in moved:
        sums = np.concatenate([sums - value, sums + value])
    return sums


def _chunks(rounds: int, cases: int) -> list[int]:
    size = max(1, _CHUNK // cases)
    return [min(size, rounds - start) for start in range(0, rounds, size)]
