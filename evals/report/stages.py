"""Where the time goes: each step of the river, in each cell."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..run_folder import StoredRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A step in one cell: the seconds that half, and 95 % of the answers that came by it did not exceed.

    `share` is its part of all the time that the cell's steps took, in [0, 1].
    """

    cell: str
    step: str
    median: float
    p95: float
    share: float
    answers: int


def stages(run: StoredRun) -> tuple[Stage, ...]:
    """The steps in the order in which they were first taken, cell by cell."""
    return tuple(stage for cell in run.manifest.cells for stage in _of(run, cell))


def _of(run: StoredRun, cell: str) -> Iterator[Stage]:
    seconds: dict[str, list[float]] = {}
    for result in run.of(cell):
        for step, spent in result.stages.items():
            seconds.setdefault(step, []).append(spent)
    total = sum(map(sum, seconds.values()))
    for step, times in seconds.items():
        median, p95 = np.percentile(times, [50, 95])
        yield Stage(
            cell=cell,
            step=step,
            median=float(median),
            p95=float(p95),
            share=sum(times) / total if total else 0.0,
            answers=len(times),
        )
