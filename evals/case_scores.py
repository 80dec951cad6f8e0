"""The scores of a case by every metric; what one cannot score costs nothing but its own value."""

from collections.abc import Mapping, Sequence
from math import isfinite

from .case import Case
from .metric import Metric
from .result import Result


class CaseScores:
    """Scores results by `metrics`, and counts what could not be scored.

    `errors` has the first error of each metric that could not score, with how often it could not.
    """

    def __init__(self, metrics: Sequence[Metric]) -> None:
        self.metrics = metrics
        self._errors: dict[str, tuple[int, str]] = {}

    @property
    def errors(self) -> Mapping[str, tuple[int, str]]:
        """By the metric's name."""
        return self._errors

    def of(self, case: Case, result: Result) -> dict[str, float | None]:
        """A value for each metric; None where it says nothing, or could not."""
        return {metric.name: self._score(metric, case, result) for metric in self.metrics}

    def _score(self, metric: Metric, case: Case, result: Result) -> float | None:
        try:
            value = metric.score(case, result)
            if value is None or isfinite(value):
                return value
            why = f"{value} is no finite number"
        except Exception as error:  # noqa: BLE001 - metrics are anybody's; what one cannot score is reported at the end
            why = f"{type(error).__name__}: {error}"
        times, first = self._errors.get(metric.name, (0, f"case {case.id}: {why}"))
        self._errors[metric.name] = (times + 1, first)
        return None
