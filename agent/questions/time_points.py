"""The points in time that a text holds, those of the calendar and those told from today."""

import re
from dataclasses import dataclass
from datetime import date

from .calendar_dates import CALENDAR
from .relative_dates import RELATIVE
from .time_names import is_in_a_name

_RULES = tuple((re.compile(pattern, re.IGNORECASE), read) for pattern, read in (*RELATIVE, *CALENDAR))


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A stretch of the text (`start` to `end`, code points) and the days from `first` to `last` that it names."""

    start: int
    end: int
    first: date
    last: date


def points(text: str, today: date) -> tuple[Point, ...]:
    """The points of `text` in reading order, none overlapping another.

    Left out is what the calendar does not have (31 February) and a year that is part of a name (Blade Runner 2049).
    """
    taken: list[tuple[int, int]] = []
    found: list[Point] = []
    for pattern, read in _RULES:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < other_end and other_start < end for other_start, other_end in taken):
                continue
            taken.append((start, end))  # also what names no day: the year of 31 February is not a point of its own
            try:
                days = read(match, today)
            except (ValueError, OverflowError):
                continue
            if days and days[0] <= days[1] and not (match[0].isdecimal() and is_in_a_name(text, start, end, today)):
                found.append(Point(start=start, end=end, first=days[0], last=days[1]))
    return tuple(sorted(found, key=lambda point: point.start))
