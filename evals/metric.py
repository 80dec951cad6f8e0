"""What a metric is: a value for a case, and one figure for many of them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from .case import Case
from .result import Result

Row = tuple[float, ...]
"""What one case, or one of its claims, brings into a figure."""


def mean(rows: Sequence[Row]) -> float | None:
    """The mean of the rows' first values; None of no row: a score over no cases is undefined and not 0."""
    return sum(row[0] for row in rows) / len(rows) if rows else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A measure of answers with its meaning in a line and its `source` (a paper, a definition).

    `score` gives the value of one case, None where the metric says nothing about it (no gold, no answer). The figure
    over many cases is `aggregate` of their rows: by default the mean of the values. Where one value a case is not
    enough (a curve, an error of calibration), `rows` gives what the figure is made of; both must need nothing but what
    a run folder keeps. `unit` is "" for a share, `s`, `tokens`, `money`, or `count`.
    """

    name: str
    meaning: str
    source: str
    higher_is_better: bool
    score: Callable[[Case, Result], float | None]
    rows: Callable[[Case, Result], tuple[Row, ...]] | None = None
    aggregate: Callable[[Sequence[Row]], float | None] = mean
    unit: str = ""

    def rows_of(self, case: Case, result: Result) -> tuple[Row, ...]:
        """What a case brings into the figure; () where the metric says nothing about it.

        A value that the run kept is not computed again.
        """
        if self.rows is not None:
            return self.rows(case, result)
        value = result.scores[self.name] if self.name in result.scores else self.score(case, result)
        return () if value is None else ((value,),)

    def figure(self, pairs: Iterable[tuple[Case, Result]]) -> float | None:
        """The figure over cases; None when it is defined for none of them."""
        return self.aggregate([row for case, result in pairs for row in self.rows_of(case, result)])
