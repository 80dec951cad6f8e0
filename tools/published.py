"""When a page was published, from the many ways in which services write it."""

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?![\d-])")
_MONTH_OR_YEAR = re.compile(r"(\d{4})(?:-(\d{2}))?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?\d{6}Z?)?")  # GDELT, sitemaps of news, Internet Archive
_AGO = re.compile(r"(\d{1,4}|an?|one)\s+(minute|min|hour|hr|day|week|month|year)s?\s+ago", re.IGNORECASE)
_NAMED_DAYS = {"today": 0, "just now": 0, "yesterday": 1}
_DAYS = {"minute": 0, "min": 0, "hour": 1 / 24, "hr": 1 / 24, "day": 1, "week": 7, "month": 30.44, "year": 365.25}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY, _YEAR = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?", r"(?P<year>\d{4})"
_MONTH_FIRST = re.compile(rf"(?P<month>{_NAME})(?:\s+{_DAY},?)?\s+{_YEAR}", re.IGNORECASE)
_DAY_FIRST = re.compile(rf"{_DAY}\s+(?P<month>{_NAME}),?\s+{_YEAR}", re.IGNORECASE)
_YEAR_FIRST = re.compile(rf"{_YEAR}\s+(?P<month>{_NAME})(?:\s+{_DAY})?", re.IGNORECASE)
_EPOCH_RANGE = (0, 4_102_444_800)  # 1970 to 2100, in seconds


def iso_date(written: str | float | None, now: datetime) -> str:
    """The day as an ISO date, or the month or year where only that is given; "" for what is none or lies ahead.

    Reads ISO 8601 in full or reduced, RFC 5322 (`Tue, 04 Mar 2025 08:00:00 GMT`), `Mar 4, 2025`, `4 March 2025`,
    `2025 Mar 4`, `20250304T080000Z`, ages in English (`3 days ago`, `yesterday`), and seconds since 1970. A time with
    an offset counts by its day in UTC. What is more than a day after `now` (aware) is not believed.
    """
    found = _read(written, now)
    latest = (now.astimezone(UTC) + timedelta(days=1)).date().isoformat()
    return found if found[:4] >= "1000" and found <= latest else ""


def _read(written: str | float | None, now: datetime) -> str:
    if written is None or isinstance(written, bool):
        return ""
    if isinstance(written, int | float):
        return _epoch(written)
    text = written.strip()[:64]
    return _iso(text) or _compact(text) or _age(text, now) or _rfc5322(text) or _named_month(text)


def _epoch(seconds: float) -> str:
    first, last = _EPOCH_RANGE
    return datetime.fromtimestamp(seconds, UTC).date().isoformat() if first < seconds < last else ""


def _iso(text: str) -> str:
    if match := _ISO.match(text):
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return _day(*map(int, match.groups()))
        try:
            return (moment.astimezone(UTC) if moment.tzinfo else moment).date().isoformat()
        except OverflowError:  # the year 1 or 9999, and an offset
            return ""
    if match := _MONTH_OR_YEAR.fullmatch(text):
        year, month = match.groups()
        return text if not month or 1 <= int(month) <= 12 else year
    return ""


def _compact(text: str) -> str:
    match = _COMPACT.fullmatch(text)
    return _day(*map(int, match.groups())) if match else ""


def _age(text: str, now: datetime) -> str:
    today = now.astimezone(UTC)
    if (days := _NAMED_DAYS.get(text.casefold())) is not None:
        return (today - timedelta(days=days)).date().isoformat()
    if not (match := _AGO.fullmatch(text)):
        return ""
    count, unit = match[1], match[2].casefold()
    try:
        then = today - timedelta(days=(int(count) if count.isdecimal() else 1) * _DAYS[unit])
    except OverflowError:
        return ""
    return then.date().isoformat()


def _rfc5322(text: str) -> str:
    try:
        moment = parsedate_to_datetime(text)
        return (moment.astimezone(UTC) if moment.tzinfo else moment).date().isoformat()
    except (ValueError, OverflowError, IndexError):  # the parser of the standard library lets all three out
        return ""


def _named_month(text: str) -> str:
    match = next(filter(None, (form.search(text) for form in (_DAY_FIRST, _MONTH_FIRST, _YEAR_FIRST))), None)
    if match is None:
        return ""
    month = _MONTHS.index(match["month"][:3].casefold()) + 1
    if match["day"] is None:
        return f"{int(match['year']):04}-{month:02}"
    return _day(int(match["year"]), month, int(match["day"]))


def _day(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""
