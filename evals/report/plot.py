"""A small plot as data: where axes, lines and points stand in an SVG that `plot.html` draws.

Colours and dashes are left to the style sheet, which knows dark mode and paper; nothing here is markup.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10
from typing import Literal

WIDTH, HEIGHT = 420, 290
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 14, 12, 44
_TICKS = 5

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """From `low` to `high`, linear or by powers of ten, with its ticks as (value, label)."""

    label: str
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    by_tens: bool = False

    def share(self, value: float) -> float:
        """Where a value stands, 0 at `low` and 1 at `high`; beyond an end is at it."""
        if self.by_tens:
            at = (log10(max(value, self.low)) - log10(self.low)) / (log10(self.high) - log10(self.low))
        else:
            at = (value - self.low) / (self.high - self.low)
        return min(1.0, max(0.0, at))


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A named row of points. `spreads` are the low and high ends of each point's y, () for none."""

    name: str
    points: tuple[Point, ...]
    kind: Literal["line", "dots", "both", "guide"] = "line"
    spreads: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A series in SVG units: the path, its dots, and the bars of their spreads as (x, top, bottom)."""

    name: str
    colour: int
    path: str
    dots: tuple[Point, ...]
    bars: tuple[tuple[float, float, float], ...]
    is_guide: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """What `plot.html` draws. `summary` says in words what is to be seen, for who cannot see it."""

    id: str
    title: str
    summary: str
    x: Axis
    y: Axis
    series: tuple[Series, ...]

    @property
    def across(self) -> tuple[tuple[float, str], ...]:
        """The ticks of the x axis as (place, label)."""
        return tuple((self._place((value, self.y.low))[0], label) for value, label in self.x.ticks)

    @property
    def upward(self) -> tuple[tuple[float, str], ...]:
        """The ticks of the y axis as (place, label)."""
        return tuple((self._place((self.x.low, value))[1], label) for value, label in self.y.ticks)

    @property
    def frame(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the plotted field."""
        return _LEFT, _TOP, WIDTH - _RIGHT, HEIGHT - _BOTTOM

    @property
    def drawn(self) -> tuple[Drawn, ...]:
        """Each series in place; guides have no colour of their own."""
        out: list[Drawn] = []
        colour = 0
        for series in self.series:
            out.append(self._drawn(series, colour))
            colour += series.kind != "guide"
        return tuple(out)

    def _drawn(self, series: Series, colour: int) -> Drawn:
        places = tuple(map(self._place, series.points))
        is_line = series.kind != "dots" and len(places) > 1
        bars = tuple(
            (x, self._place((0, high))[1], self._place((0, low))[1])
            for (x, _), (low, high) in zip(places, series.spreads, strict=False)
        )
        return Drawn(
            name=series.name,
            colour=colour % 6,
            path="M" + "L".join(f"{x:g} {y:g}" for x, y in places) if is_line else "",
            dots=places if series.kind in ("dots", "both") or len(places) == 1 else (),
            bars=bars,
            is_guide=series.kind == "guide",
        )

    def _place(self, point: Point) -> Point:
        left, top, right, bottom = self.frame
        x = left + self.x.share(point[0]) * (right - left) if point[0] != 0 or not self.x.by_tens else left
        return round(x, 1), round(bottom - self.y.share(point[1]) * (bottom - top), 1)


def unit_axis(label: str) -> Axis:
    """From 0 to 1."""
    return Axis(label=label, low=0, high=1, ticks=tuple((n / 5, f"{n / 5:g}") for n in range(6)))


def linear_axis(label: str, values: Sequence[float]) -> Axis:
    """From 0 to a round number that no value is above.

    Raises:
        ValueError: a value is negative or no finite number.
    """
    if not all(isfinite(value) and value >= 0 for value in values):
        raise ValueError("an axis from 0 takes finite numbers of at least 0")
    most = max(values, default=0) or 1
    step = _round_step(most / _TICKS)
    count = ceil(most / step - 1e-9)
    return Axis(
        label=label, low=0, high=count * step, ticks=tuple((n * step, f"{n * step:.6g}") for n in range(count + 1))
    )


def tens_axis(label: str, values: Sequence[float]) -> Axis:
    """By powers of ten, around the values above 0; of one power at least."""
    held = [value for value in values if value > 0 and isfinite(value)] or [1.0]
    low, high = floor(log10(min(held)) + 1e-9), ceil(log10(max(held)) - 1e-9)
    high += high == low
    return Axis(
        label=label,
        low=10.0**low,
        high=10.0**high,
        ticks=tuple((10.0**power, f"{10.0**power:g}") for power in range(low, high + 1)),
        by_tens=True,
    )


def thinned(points: Sequence[Point], most: int = 240) -> tuple[Point, ...]:
    """At most about `most` of the points, evenly, the first and the last among them: no screen shows more."""
    if len(points) <= most:
        return tuple(points)
    step = (len(points) - 1) / (most - 1)
    return tuple(points[round(number * step)] for number in range(most))


def _round_step(least: float) -> float:
    power = 10.0 ** floor(log10(least))
    return next(round_one * power for round_one in (1, 2, 2.5, 5, 10) if round_one * power >= least * (1 - 1e-9))
