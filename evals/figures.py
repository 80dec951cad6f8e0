"""The figures of a stored run: each metric over the cases of each cell, with its interval."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .case import Case
from .intervals import wilson
from .metric import Metric, Row, mean
from .paired import bootstrap_mean
from .resampled import CaseRows, interval
from .result import Result
from .run_folder import StoredRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A metric over `cases` cases: its value, None when defined for none, and its 95 % interval, if it has one."""

    metric: Metric
    value: float | None
    low: float | None
    high: float | None
    cases: int


def figures(run: StoredRun, cell: str, metrics: Iterable[Metric]) -> tuple[Figure, ...]:
    """Each metric over the results of one cell, in the order given."""
    pairs = [(run.case_of[result.case], result) for result in run.of(cell)]
    return tuple(figure(metric, pairs) for metric in metrics)


def figure(metric: Metric, pairs: Sequence[tuple[Case, Result]]) -> Figure:
    """One metric over cases and their results."""
    rows = [held for case, result in pairs if (held := metric.rows_of(case, result))]
    value = metric.aggregate([row for held in rows for row in held]) if rows else None
    ends = _ends(metric, rows) if value is not None else None
    low, high = ends or (None, None)
    return Figure(metric=metric, value=value, low=low, high=high, cases=len(rows))


def is_plain(metric: Metric, rows: Iterable[tuple[Row, ...]]) -> bool:
    """Whether the figure is the mean of one number a case, which is drawn a thousand times faster."""
    return metric.aggregate is mean and all(len(held) == 1 for held in rows)


def _ends(metric: Metric, rows: CaseRows) -> tuple[float, float] | None:
    """Of yes and no Wilson's interval: the bootstrap knows none when all cases are alike."""
    if not is_plain(metric, rows):
        return interval(rows, metric.aggregate)
    values = [row[0] for (row,) in rows]
    if metric.unit == "" and all(value in (0, 1) for value in values):
        return wilson(round(sum(values)), len(values))
    return bootstrap_mean(values)


def shown(value: float | None, unit: str) -> str:
    """A figure as tables print it: shares with three digits, times with three that count, and – for none."""
    if value is None:
        return "–"
    match unit:
        case "":
            return f"{value:.3f}"
        case "tokens" | "count":
            return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
        case "s":
            return f"{value:.3g} s" if value >= 1 else f"{value * 1000:.3g} ms"
        case _:
            return f"{value:.3g}"


def signed(value: float, unit: str) -> str:
    """A difference of figures, with its sign."""
    return f"{'−' if value < 0 else '+'}{shown(abs(value), unit)}"
