"""Dates of the calendar as they are written: "3 May 2024", "2024-05", "Q3 2024", "the 1990s", "19. Jahrhundert"."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date

from .time_words import CENTURIES, DECADES, MONTHS, ROMAN

Days = tuple[date, date]
"""First and last day, both inclusive."""
Reader = Callable[[re.Match[str], date], Days | None]
"""Takes a match and today; None, or a ValueError or OverflowError, when it names no days."""


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of `words`, longer ones first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def year_of(year: int) -> Days:
    """All of a year."""
    return date(year, 1, 1), date(year, 12, 31)


def months_of(year: int, first: int, last: int) -> Days:
    """From the first day of one month to the last of another."""
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def day_of(day: date) -> Days:
    """That day alone."""
    return day, day


def century_of(number: int) -> Days:
    """The 19th: 1801 to 1900."""
    return date(100 * number - 99, 1, 1), date(100 * number, 12, 31)


def decade_of(start: int) -> Days:
    """The ten years from `start`."""
    return date(start, 1, 1), date(start + 9, 12, 31)


_UNSHORTENED = [word for word in MONTHS if len(word) > 3 or word in ("may", "mai", "mei")]
_MONTH = rf"(?:{any_of(MONTHS)})\b\.?"
_OF = r"(?:\s+(?:of|de|del|do|di|von|vom|van)(?:\s+(?:the\s+)?(?:year|año|ano|anno|jahr))?)?,?\s+"
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th|er|º|°|\.)?"
_YYYY = r"(?:1\d|20)\d{2}"
_Y = rf"(?P<y>{_YYYY})\b"
_TO = r"(?:to|and|until|through|bis|und|à|et|a|y|e|al|tot|en|-|–|—)"
_CENTURY = r"(?:centur(?:y|ies)|jahrhunderts?|siècle|secolo|século|eeuw|век[ае]?)\b(?!\s*(?:BC|v\. ?Chr|a\. ?C))"
_YEAR = (
    r"(?:(?<![\w.:/#$€£§-])|(?<=\d{4}-)|(?<=\bmid-)|(?<=\bpre-)|(?<=\bpost-))(?<!\d,)(?P<y>"
    + _YYYY
    + rf")(?![\w:/]|-(?!{_YYYY}\b)\w|[.,]\d)"
)


def _month(name: str) -> int:
    return MONTHS[name.rstrip(".").lower()]


def _iso(found: re.Match[str], _today: date) -> Days:
    year, month = int(found["y"]), int(found["m"])
    return day_of(date(year, month, int(found["d"]))) if found["d"] else months_of(year, month, month)


def _numbers(found: re.Match[str], _today: date) -> Days:
    return day_of(date(int(found["y"]), int(found["m"]), int(found["d"])))


def _slashes(found: re.Match[str], _today: date) -> Days | None:
    """12/25/2023 and 25/12/2023 are clear; of 3/5/2023 only the year is."""
    one, two, year = int(found["d"]), int(found["m"]), int(found["y"])
    if one > 12 or one == two:
        return day_of(date(year, two, one))
    return day_of(date(year, one, two)) if two > 12 else year_of(year)


def _named_day(found: re.Match[str], today: date) -> Days:
    """A day of a month; without a year the latest one that is not still to come."""
    day, month, year = int(found["d"]), _month(found["m"]), found.groupdict().get("y")
    if year:
        return day_of(date(int(year), month, day))
    this = date(today.year, month, day)
    return day_of(this if this <= today else date(today.year - 1, month, day))


def _named_month(found: re.Match[str], today: date) -> Days:
    """A month; without a year the latest one that has begun."""
    month, year = _month(found["m"]), found.groupdict().get("y")
    number = int(year) if year else today.year - (month > today.month)
    return months_of(number, month, month)


def _month_to_month(found: re.Match[str], _today: date) -> Days:
    return months_of(int(found["y"]), _month(found["m"]), _month(found["n"]))


def _quarter(found: re.Match[str], _today: date) -> Days:
    word = found["q"].lower()
    number = int(word) if word.isdigit() else {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}[word]
    return months_of(int(found["y"]), 3 * number - 2, 3 * number)


def _half(found: re.Match[str], _today: date) -> Days:
    is_first = found["h"].lower() in ("1", "first")
    return months_of(int(found["y"]), 1 if is_first else 7, 6 if is_first else 12)


def _decade(found: re.Match[str], _today: date) -> Days:
    return decade_of(int(found["y"]) // 10 * 10)


def _short_decade(found: re.Match[str], today: date) -> Days:
    """The latest of that name that has begun."""
    word = found["d"].lower()
    start = today.year // 100 * 100 + (int(word) if word.isdigit() else DECADES[word])
    return decade_of(start if start <= today.year else start - 100)


def _century(found: re.Match[str], _today: date) -> Days:
    word = found["c"]
    number = int(word) if word.isdigit() else CENTURIES.get(word.lower()) or ROMAN[word.upper()]
    return century_of(number)


def _short_span(found: re.Match[str], _today: date) -> Days | None:
    """1914–18; what could be a month (2019-11) is one."""
    first, short = int(found["y"]), int(found["d"])
    return (date(first, 1, 1), date(first // 100 * 100 + short, 12, 31)) if short > 12 else None


# The more a pattern takes, the earlier it stands.
CALENDAR: tuple[tuple[str, Reader], ...] = (
    (r"\b(?P<y>[12]\d{3})-(?P<m>\d{2})(?:-(?P<d>\d{2}))?(?![\w-])", _iso),
    (rf"\b(?P<d>\d{{1,2}})\.\s?(?P<m>\d{{1,2}})\.\s?{_Y}", _numbers),
    (rf"\b(?P<d>\d{{1,2}})/(?P<m>\d{{1,2}})/{_Y}", _slashes),
    (rf"(?P<y>{_YYYY})年(?P<m>\d{{1,2}})月(?P<d>\d{{1,2}})日", _numbers),
    (rf"(?P<y>{_YYYY})年(?P<m>\d{{1,2}})月", lambda f, _t: months_of(int(f["y"]), int(f["m"]), int(f["m"]))),
    (rf"(?P<y>{_YYYY})\s?(?:年代|년대)", _decade),
    (rf"(?P<y>{_YYYY})\s?[年년]", lambda f, _t: year_of(int(f["y"]))),
    (rf"(?<![\w.-])(?P<y>{_YYYY})[-–/](?P<d>\d{{2}})(?![\w-])", _short_span),
    (rf"\b(?P<m>{_MONTH})\s*{_TO}\s*(?P<n>{_MONTH}){_OF}{_Y}", _month_to_month),
    (rf"\b{_DAY}(?:\s+(?:of|de))?\s+(?P<m>{_MONTH}){_OF}{_Y}", _named_day),
    (rf"\b(?P<m>{_MONTH})\s+(?:the\s+)?{_DAY},?\s+{_Y}", _named_day),
    (rf"\b(?P<m>{_MONTH}){_OF}{_Y}", _named_month),
    (rf"\b[QT](?P<q>[1-4])(?:\s+(?:of|in|de)|/|,)?\s*{_Y}", _quarter),
    (r"\b(?P<y>20\d{2})[\s-]*[QT](?P<q>[1-4])\b", _quarter),
    (rf"\b(?P<q>[1-4])(?:\.|er|e|º|°|o)?\s*(?:quartal|trimestre|kwartaal){_OF}{_Y}", _quarter),
    (rf"\b(?P<q>first|second|third|fourth|last)\s+quarter{_OF}{_Y}", _quarter),
    (rf"\b(?:H(?=\d)|(?=first|second))(?P<h>[12]|first|second)(?:\s+half)?{_OF}{_Y}", _half),
    (rf"\b(?P<m>{_MONTH})\s+(?:the\s+)?{_DAY}(?![\w:]|[.,]\d)", _named_day),
    (rf"\b{_DAY}(?:\s+(?:of|de))?\s+(?P<m>(?:{any_of(_UNSHORTENED)})\b)", _named_day),
    (rf"\b(?P<y>{_YYYY})[’']?(?:s|er)\b(?:\s+jahren?)?", _decade),
    (rf"\b(?:années|años|anni|anos|jaren|década de(?: los)?(?: años)?)\s+(?P<y>{_YYYY})\b", _decade),
    (r"\b(?:années|años|anni|anos|jaren|década de(?: los)?(?: años)?)\s+[’']?(?P<d>[1-9]0)\b", _short_decade),
    (r"(?<![\w-])[’']?(?P<d>[1-9]0)[’']?(?:s|er)\b(?:\s+jahren?)?", _short_decade),
    (rf"\b(?P<d>{any_of(DECADES)})\b", _short_decade),
    (rf"\b(?P<c>\d{{1,2}})(?:st|nd|rd|th|\.|e|ème|de|ste|-?й)?[\s-]+{_CENTURY}", _century),
    (rf"\b(?P<c>{any_of(CENTURIES)})[\s-]+{_CENTURY}", _century),
    (rf"\b(?P<c>[XVI]+)(?:e|ème)?\s+{_CENTURY}", _century),
    (r"\b(?:siglo|século|secolo)\s+(?P<c>[XVI]+)\b", _century),
    (r"(?P<c>1\d|2[01])世紀", _century),
    # A month alone could be a name or a verb (May, March, mars): a preposition must stand before it.
    (rf"(?:(?<=\bin )|(?<=\bof )|(?<=\bsince )|(?<=\bbefore )|(?<=\bafter )|(?<=\buntil )|(?<=\blast )|(?<=\bim )"
     rf"|(?<=\bseit )|(?<=\ben )|(?<=\bdepuis )|(?<=\bdesde )|(?<=\bem )|(?<=\ba )|(?<=\bsinds )|(?<=\bв ))"
     rf"(?P<m>(?:{any_of(_UNSHORTENED)})\b)(?!\s+\d)", _named_month),
    (_YEAR, lambda f, _t: year_of(int(f["y"]))),
)  # fmt: skip
