"""The span of time that a question names."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

Window = tuple[str, str]
"""(since, until) as ISO dates, both inclusive; "" is open."""

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_MONTH = "|".join(name if name == "may" else f"{name[:3]}(?:{name[3:]})?\\.?" for name in _MONTHS)
# A point in time: 2024-05-01, 2024-05, May 2024, 1 May 2024, May 1, 2024, 2024
_POINT = (
    r"(?:\d{4}-\d{2}-\d{2}|\d{4}-\d{2}"
    rf"|(?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?(?:{_MONTH})\s+(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+)?\d{{4}}"
    r"|(?:1[5-9]|20)\d{2})"
)
_POINT_PARTS = re.compile(
    rf"(?P<iso>\d{{4}}-\d{{2}}(?:-\d{{2}})?)|(?:(?P<day1>\d{{1,2}})\S*\s+)?(?P<month>{_MONTH})\s+"
    r"(?:(?P<day2>\d{1,2})(?:st|nd|rd|th)?,?\s+)?(?P<year>\d{4})|(?P<only>\d{4})",
    re.IGNORECASE,
)


def _span(point: str) -> tuple[date, date] | None:
    """First and last day of a point in time, or None when the calendar has no such day."""
    found = _POINT_PARTS.fullmatch(point.strip())
    if found is None:
        return None
    if found["iso"]:
        year, month, day = (*(int(part) for part in found["iso"].split("-")), 0)[:3]
    elif found["month"]:
        year = int(found["year"])
        month = 1 + next(i for i, name in enumerate(_MONTHS) if name.startswith(found["month"].lower()[:3]))
        day = int(found["day1"] or found["day2"] or 0)
    else:
        year, month, day = int(found["only"]), 0, 0
    try:
        if day:
            return date(year, month, day), date(year, month, day)
        if month:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        return date(year, 1, 1), date(year, 12, 31)
    except ValueError:
        return None


def _window(since: date | None, until: date | None) -> Window:
    return (since.isoformat() if since else "", until.isoformat() if until else "")


def _last(unit: str, today: date) -> Window:
    if unit == "week":
        monday = today - timedelta(days=today.weekday() + 7)
        return _window(monday, monday + timedelta(days=6))
    if unit == "month":
        end = today.replace(day=1) - timedelta(days=1)
        return _window(end.replace(day=1), end)
    return _window(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))


def _past(count: str, unit: str, today: date) -> Window:
    days = {"day": 1, "week": 7, "month": 30, "year": 365}[unit] * min(int(count or "1"), 1000)
    return _window(today - timedelta(days=days), today)


def _between(start: str, end: str, _today: date) -> Window | None:
    first, second = _span(start), _span(end)
    return _window(first[0], second[1]) if first and second and first[0] <= second[1] else None


def _since(point: str, _today: date) -> Window | None:
    span = _span(point)
    return _window(span[0], None) if span else None


def _after(point: str, _today: date) -> Window | None:
    span = _span(point)
    return _window(span[1] + timedelta(days=1), None) if span and span[1] < date.max else None


def _before(point: str, _today: date) -> Window | None:
    span = _span(point)
    return _window(None, span[0] - timedelta(days=1)) if span and span[0] > date.min else None


def _by(point: str, _today: date) -> Window | None:
    span = _span(point)
    return _window(None, span[1]) if span else None


def _during(point: str, _today: date) -> Window | None:
    span = _span(point)
    return _window(*span) if span else None


# In this order: the first that fits is the window.
_RULES: tuple[tuple[re.Pattern[str], Callable[..., Window | None]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), rule)
    for pattern, rule in (
        (rf"\b(?:between|from)\s+({_POINT})\s+(?:and|to|until|till)\s+({_POINT})\b", _between),
        (rf"\b({_POINT})\s*(?:–|—|-| to )\s*({_POINT})\b", _between),
        (rf"\bsince\s+({_POINT})\b", _since),
        (rf"\bafter\s+({_POINT})\b", _after),
        (rf"\bbefore\s+({_POINT})\b", _before),
        (rf"\b(?:as of|until|till|by|up to)\s+({_POINT})\b", _by),
        (rf"\b(?:in|during|on|of)\s+({_POINT})\b", _during),
        (r"\b(?:in|over|during|within)?\s*the\s+(?:last|past)\s+(\d{1,4})?\s*(day|week|month|year)s?\b", _past),
        (r"\b(?:last|past)\s+(\d{1,4})\s+(day|week|month|year)s\b", _past),
        (r"\blast\s+(week|month|year)\b", _last),
        (r"\b(today)\b", lambda _word, today: _window(today, today)),
        (r"\b(yesterday)\b", lambda _word, today: _window(today - timedelta(days=1), today - timedelta(days=1))),
        (r"\bthis\s+(year)\b", lambda _word, today: _window(date(today.year, 1, 1), today)),
        (rf"(?<![\w.-])({_POINT})(?![\w-])", _during),
    )
)


def time_window(text: str, today: date) -> Window:
    """The window that `text` names, ("", "") when it names none.

    English rules; a number that the calendar does not know (2024-13-45) names nothing.
    """
    for pattern, rule in _RULES:
        for found in pattern.finditer(text):
            window = rule(*found.groups(), today)
            if window:
                return window
    return "", ""
