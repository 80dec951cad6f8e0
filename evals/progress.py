"""How far a run has come: cases, time left, what it has cost, and how it scores so far."""

import sys
from collections import Counter
from collections.abc import Sequence
from time import monotonic
from typing import Protocol

from .metric import Metric, mean
from .result import Result
from .spending import Spending

_EVERY_S = 0.5
_EVERY_LINE_S = 15.0
_MOST_SCORES = 3
_CLEAR = "\r\x1b[K"


class Progress(Protocol):
    """Told of every result."""

    def told(self, result: Result) -> None:
        """A result is kept."""
        ...

    def note(self, text: str) -> None:
        """Something the person should know at once."""
        ...


class Silent:
    """Says nothing."""

    def told(self, result: Result) -> None:
        """Nothing."""

    def note(self, text: str) -> None:
        """Nothing."""


class Lines:
    """One line on stderr: written over in a terminal, now and then a new one elsewhere."""

    def __init__(self, total: int, done: int, metrics: Sequence[Metric], spending: Spending) -> None:
        self._total, self._done, self._before = total, done, done
        self._spending = spending
        self._names = [metric.name for metric in metrics if metric.aggregate is mean and metric.unit == ""]
        self._sums: dict[str, float] = dict.fromkeys(self._names, 0.0)
        self._counts = Counter[str]()
        self._failed = 0
        self._is_terminal = sys.stderr.isatty()
        self._last = 0.0

    def told(self, result: Result) -> None:
        """Count the result; show the line if it has been a while, or this was the last."""
        self._done += 1
        self._failed += result.error is not None
        for name in self._names:
            if (value := result.scores.get(name)) is not None:
                self._sums[name] += value
                self._counts[name] += 1
        every = _EVERY_S if self._is_terminal else _EVERY_LINE_S
        if monotonic() - self._last >= every or self._done == self._total:
            self._last = monotonic()
            self._show(self.line())

    def note(self, text: str) -> None:
        """A line of its own."""
        print((_CLEAR if self._is_terminal else "") + text, file=sys.stderr, flush=True)

    def line(self) -> str:
        """As it is shown: `120/400 · 3 failed · 1 min 10 s left · right .812 · 0.0123 money`."""
        parts = [f"{self._done}/{self._total}"]
        if self._failed:
            parts.append(f"{self._failed} failed")
        if left := self._left_s():
            parts.append(f"{_duration(left)} left")
        scored = [name for name in self._names if self._counts[name]][:_MOST_SCORES]
        parts += [f"{name} {self._sums[name] / self._counts[name]:.3f}" for name in scored]
        if self._spending.tokens:
            parts.append(f"{self._spending.tokens:,} tokens")
        if self._spending.money:
            parts.append(f"{self._spending.money:.4g} money")
        return " · ".join(parts)

    def _left_s(self) -> float:
        done = self._done - self._before
        return (monotonic() - self._spending.started) / done * (self._total - self._done) if done else 0.0

    def _show(self, line: str) -> None:
        if self._is_terminal:
            end = "\n" if self._done == self._total else ""
            print(_CLEAR + line, end=end, file=sys.stderr, flush=True)
        else:
            print(line, file=sys.stderr, flush=True)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
