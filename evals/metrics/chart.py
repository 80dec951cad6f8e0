"""A line chart as SVG, for the curves of a report: axes from 0 to 1, a legend, nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_COLOURS = ("#1b6ca8", "#c0392b", "#2e8b57", "#8e6bb0", "#b8860b", "#555555")
_SIZE, _LEFT, _TOP, _LEGEND = 360, 56, 34, 190


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A named row of points, x and y in [0, 1]."""

    name: str
    points: tuple[tuple[float, float], ...]


def chart(title: str, x: str, y: str, lines: Sequence[Line]) -> str:
    """The SVG document; what a name holds is escaped."""
    width, height = _LEFT + _SIZE + _LEGEND, _TOP + _SIZE + 52
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif"'
        ' font-size="12">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text x="{_LEFT}" y="20" font-size="14">{escape(title)}</text>',
        *(_tick(step / 5) for step in range(6)),
        f'<text x="{_LEFT + _SIZE / 2}" y="{_TOP + _SIZE + 40}" text-anchor="middle">{escape(x)}</text>',
        f'<text transform="translate(14 {_TOP + _SIZE / 2}) rotate(-90)" text-anchor="middle">{escape(y)}</text>',
        *(_drawn(number, line) for number, line in enumerate(lines)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _at(x: float, y: float) -> tuple[float, float]:
    return round(_LEFT + x * _SIZE, 1), round(_TOP + (1 - y) * _SIZE, 1)


def _tick(value: float) -> str:
    (left, level), (across, bottom) = _at(0, value), _at(value, 0)
    return (
        f'<path d="M{left} {level}h{_SIZE}M{across} {bottom}v-{_SIZE}" stroke="#ddd" fill="none"/>'
        f'<text x="{left - 8}" y="{level + 4}" text-anchor="end">{value:.1f}</text>'
        f'<text x="{across}" y="{bottom + 18}" text-anchor="middle">{value:.1f}</text>'
    )


def _drawn(number: int, line: Line) -> str:
    colour = _COLOURS[number % len(_COLOURS)]
    places = " ".join(f"{x},{y}" for x, y in (_at(*point) for point in line.points))
    left, top = _LEFT + _SIZE + 14, _TOP + 14 + 20 * number
    return (
        f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="2"/>'
        f'<path d="M{left} {top}h22" stroke="{colour}" stroke-width="3"/>'
        f'<text x="{left + 28}" y="{top + 4}">{escape(line.name)}</text>'
    )
