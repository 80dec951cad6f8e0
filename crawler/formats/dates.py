"""Dates as pages and documents write them, in one form: the ISO 8601 day, or nothing where it is not certain."""

import re
from datetime import UTC, date, datetime, timedelta

WRITTEN_DAY = re.compile(
    r"""\b\d{4}([-.])\d{2}\1\d{2}\b | \b\d{1,2}\.\s?\d{1,2}\.\s?\d{4}\b | \b\d{1,2}([/-])\d{1,2}\2\d{4}\b
    | \d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日
    | \b[^\W\d_]{3,9}\.?\ \d{1,2}(?:st|nd|rd|th)?,?\ \d{4}\b
    | \b\d{1,2}(?:st|nd|rd|th|\.|º)?\s(?:de\ )?[^\W\d_]{3,10}\.?,?\ (?:de\ )?\d{4}\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""A day as it stands in a line, for `iso_day` to read."""

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:$|[T\s,/;(Z+])", re.IGNORECASE)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:$|T?\d{4}(?:\d\d)?(?:$|[\s.Z+-])|T)", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(\d{4})([/.])(\d{1,2})\2(\d{1,2})(?:$|[T\s,])")
_DAY_FIRST = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:$|[T\s,])")
_PDF = re.compile(r"D:(\d{4})(\d{2})?(\d{2})?")
_CJK = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_MONTH_DAY = re.compile(
    r"(?:[a-z]{3,9},?\s+)?([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(?:[\d:]+\s+)?(?:[a-z]{1,5}\s+)?(\d{4})\b"
)
_DAY_MONTH = re.compile(
    r"(?:[a-z]{2,9}\.?,?\s+)?(\d{1,2})(?:st|nd|rd|th|\.|º)?[\s-]+(?:de\s+)?([^\W\d_]{3,10})\.?,?[\s-]+(?:de\s+)?(\d{4})\b"
)
_MONTHS = (
    "jan january januar janvier janv enero ene gennaio gen janeiro januari jänner",
    "feb february februar février févr fevrier febrero febbraio fevereiro fev februari",
    "mar march märz mrz mars marzo março marco maart mrt",
    "apr april avril avr abril abr aprile",
    "may mai mayo maggio mag maio mei",
    "jun june juni juin junio giugno giu junho",
    "jul july juli juillet juil julio luglio lug julho",
    "aug august août aout agosto ago augustus",
    "sep sept september septembre septiembre settembre set setembro",
    "oct october oktober okt octobre octubre ottobre ott outubro out",
    "nov november novembre noviembre novembro",
    "dec december dezember dez décembre déc decembre diciembre dic dicembre dezembro",
)
_MONTH_NUMBER = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_EARLIEST = date(1900, 1, 2)
_EPOCH = date(1970, 1, 1)  # what programs write that know no date


def iso_day(value: str, earliest: date = _EARLIEST) -> str:
    """The day that this says, as `2024-05-01`; "" if it says none, or one that cannot be told for sure.

    Read are ISO 8601 and its common misspellings, `20240501`, `2024/5/1`, `1.5.2024`, e-mail dates (RFC 5322), PDF
    dates (ISO 32000 §7.9.4), `2024年5月1日`, and dates with the month's name in seven languages. `5/6/2024` is nothing:
    it is two days in two countries. The day is the one in the value's own time zone. Days before `earliest` (1900) or
    after tomorrow are nothing, and so is the first of 1970, which stands for an unknown time.
    """
    value = value.strip()[:80].lower()
    if found := _ISO.match(value) or _COMPACT.match(value) or _CJK.match(value):
        return _day(found[1], found[2], found[3], earliest)
    if found := _YEAR_FIRST.match(value):
        return _day(found[1], found[3], found[4], earliest)
    if found := _DAY_FIRST.match(value):
        day, sign, month, year = found.groups()
        if sign == "." or int(day) > 12:
            return _day(year, month, day, earliest)
        return _day(year, day, month, earliest) if int(month) > 12 or day == month else ""
    if found := _MONTH_DAY.match(value):
        return _day(found[3], str(_MONTH_NUMBER.get(found[1], 0)), found[2], earliest)
    if found := _DAY_MONTH.match(value):
        return _day(found[3], str(_MONTH_NUMBER.get(found[2], 0)), found[1], earliest)
    return ""


def pdf_day(value: str) -> str:
    """The day of a PDF date (`D:20240501120000+02'00'`), "" if it has none or it is impossible."""
    found = _PDF.match(value.strip())
    return _day(found[1], found[2], found[3]) if found and found[3] else iso_day(value)


def _day(year: str, month: str, day: str, earliest: date = _EARLIEST) -> str:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return ""
    latest = datetime.now(UTC).date() + timedelta(days=1)  # it is tomorrow already, somewhere
    return found.isoformat() if earliest <= found <= latest and found != _EPOCH else ""
