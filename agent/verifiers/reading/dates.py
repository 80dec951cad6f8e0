"""The dates of a text: days, months, years, spans of years and weekdays, as far as each is told."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ...questions.calendar_dates import Days, day_of, months_of, year_of
from ...questions.time_words import CENTURIES, DECADES, MONTHS, ROMAN, WEEKDAYS
from .words import SPELLED_ORDINALS

_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]{3,}")
_FIGURE_DATE = re.compile(
    r"(?<![\w.,/-])(?:(?P<y1>[12]\d{3})-(?P<m1>\d{1,2})(?:-(?P<d1>\d{1,2}))?(?![\w-])"
    r"|(?P<y3>[12]\d{3})/(?P<m3>\d{1,2})/(?P<d3>\d{1,2})(?![\w/])"
    r"|(?P<a>\d{1,2})(?P<sep>[./-])\s?(?P<b>\d{1,2})(?P=sep)\s?(?P<y2>[12]\d{3}|\d{2})(?![\w/.]\d))"
)
_SPAN = re.compile(
    r"(?<![\w.,/])(?P<y>[12]\d{3})(?:\s?[-–—/]\s?|\s(?:to|until|through|bis)\s)(?P<z>[12]\d{3}|\d{2})(?![\w/]|[.,]\d)"
)
_YEAR = re.compile(r"(?:(?<![\w.,/:#$€£§])|(?<=\b[FC]Y))(?P<y>1\d{3}|20\d{2})(?P<s>[’']?s\b)?(?![\w/:]|[.,]\d)")
_FISCAL = re.compile(r"\b[FC]Y\s?[’']?(?P<t>\d{2})\b(?!\d)")
_KANJI = re.compile(r"(?P<y>[12]\d{3})\s?[年년](?:\s?(?P<m>\d{1,2})\s?[月월](?:\s?(?P<d>\d{1,2})\s?[日일])?)?")
_SHORT_DECADE = re.compile(r"(?<![\w-])[’']?(?P<t>[1-9]0)[’']?s\b")
_CENTURY = re.compile(
    rf"\b(?:(?P<n>\d{{1,2}})(?:st|nd|rd|th|\.|e|ème)?|(?P<w>{'|'.join(CENTURIES)})|(?P<r>[XVI]+)e?)[\s-]+"
    r"(?:centur(?:y|ies)|jahrhunderts?|siècle|secolo|siglo|eeuw|c\.)",
    re.IGNORECASE,
)
# Days that are known by a name, and the ordinals of days.
_FEASTS = {"christmas day": (12, 25), "christmas eve": (12, 24), "boxing day": (12, 26), "new year's day": (1, 1),
           "new year's eve": (12, 31), "halloween": (10, 31), "valentine's day": (2, 14)}  # fmt: skip
_FEAST = re.compile(rf"\b(?P<feast>{'|'.join(_FEASTS)})\b".replace("'", "['’]"), re.IGNORECASE)
_ORDINALS = [*SPELLED_ORDINALS, *(f"{word}teenth" for word in ("thir", "four", "fif", "six", "seven", "eigh", "nine")),
             "twentieth", *(f"twenty-{word}" for word in list(SPELLED_ORDINALS)[:9]),
             "thirtieth", "thirty-first"]  # fmt: skip
_ORDINAL_DAYS = {word: number for number, word in enumerate(_ORDINALS, start=1)}
_ORDINAL_BEFORE = re.compile(rf"\b(?P<w>{'|'.join(reversed(_ORDINALS))})\s(?:day\s)?of\s$", re.IGNORECASE)
# What stands around the name of a month.
_DAYS_BEFORE = re.compile(
    r"(?<![\w.,])(?P<d>\d{1,2})(?:st|nd|rd|th|º|\.)?(?:\s?(?:-|–|—|to|and|&|bis)\s?(?P<e>\d{1,2})(?:st|nd|rd|th|\.)?)?"
    r"[\s-]+(?:(?:of|de|day of)\s+)?(?:the\s+)?$"
)
_DAYS_AFTER = re.compile(
    r"\.?\s+(?:the\s+)?(?P<d>\d{1,2})(?:st|nd|rd|th)?(?:\s?(?:-|–|—|to|and|&)\s?(?P<e>\d{1,2})(?:st|nd|rd|th)?)?(?![\w:%]|[.,]\d)"
)
_YEAR_AFTER = re.compile(r"(?:\s?[.,])?[\s-]*(?:(?:of|de|del|in|the year)\s+)?(?P<y>1\d{3}|20\d{2})(?![\w]|[.,]\d)")
_IN_BEFORE = re.compile(
    r"\b(?:in|of|since|before|after|until|till|by|last|next|this|early|late|mid|during|from|to|through|between|and|im|seit|en|depuis"
    r"|desde)[\s-]$",
    re.IGNORECASE,
)
_NAMES_TOO = frozenset(["may", "march", "mars", "mai", "mar", "jan", "sept", "august", "juli", "dec", "set", "marco"])
_NOT_DAYS = frozenset(["sun", "sat"])
_NAMED = frozenset([*MONTHS, *WEEKDAYS, *(f"{day}s" for day in WEEKDAYS), *DECADES])


@dataclass(frozen=True, slots=True, kw_only=True)
class Date:
    """A date at `start` to `end`; what it does not tell is None.

    `first_year` to `last_year` are the same for a year, ten or a hundred apart for a decade or century. `weekday` is 0
    for Monday. Two readings of one stretch (3/5/2023) stand one after the other with the same `start` and `end`.
    """

    start: int
    end: int
    text: str
    first_year: int | None = None
    last_year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None

    @property
    def is_year(self) -> bool:
        """True if it is four digits, which may be a plain number, too."""
        return self.text.isdecimal()

    @property
    def days(self) -> Days | None:
        """The first and the last day; None if it tells no year, or a day that its month does not have."""
        if self.first_year is None or self.last_year is None:
            return None
        if self.month is None:
            return year_of(self.first_year)[0], year_of(self.last_year)[1]
        try:
            of_month = months_of(self.first_year, self.month, self.month)
            return of_month if self.day is None else day_of(date(self.first_year, self.month, self.day))
        except ValueError:
            return None


def dates(text: str) -> tuple[Date, ...]:
    """The dates of `text` in reading order; what no calendar has (month 13, day 32) is none.

    Read are English dates in words, month names of eight languages, ISO, 21.3.2019, 3/21/2019, 2019年3月21日, spans of
    years (1914–18), decades and centuries. Never raises.
    """
    found: list[Date] = []
    taken: list[tuple[int, int]] = []
    for each in _all(text):
        if any(
            start < each.end and each.start < end and (start, end) != (each.start, each.end) for start, end in taken
        ):
            continue
        if _exists(each) and each not in found:
            found.append(each)
            taken.append((each.start, each.end))
    return tuple(sorted(found, key=lambda each: (each.start, each.end)))


def _all(text: str) -> Iterator[Date]:
    """Candidates, the ones that take more first."""
    yield from _feasts(text)
    if not _DIGIT.search(text):
        yield from _in_words(text)
        yield from _centuries(text)
        return
    yield from _figures(text)
    for match in _KANJI.finditer(text):
        yield _date(match.span(), text, int(match["y"]), month=_int(match["m"]), day=_int(match["d"]))
    yield from _in_words(text)
    for match in _SPAN.finditer(text):
        first = int(match["y"])
        last = int(match["z"]) if len(match["z"]) == 4 else first // 100 * 100 + int(match["z"])
        if first < last:
            yield _date(match.span("y"), text, first)
            yield _date(match.span("z"), text, last)
    for match in _YEAR.finditer(text):
        year = int(match["y"])
        yield _date(match.span(), text, year, year + 9 if match["s"] and year % 10 == 0 else year)
    for match in _FISCAL.finditer(text):
        yield _date(match.span(), text, 2000 + int(match["t"]))
    for match in _SHORT_DECADE.finditer(text):
        yield _date(match.span(), text, 1900 + int(match["t"]), 1909 + int(match["t"]))
    yield from _centuries(text)


def _feasts(text: str) -> Iterator[Date]:
    for match in _FEAST.finditer(text):
        month, day = _FEASTS[match["feast"].lower().replace("’", "'")]
        year = _YEAR_AFTER.match(text, match.end())
        span = (match.start(), year.end() if year else match.end())
        yield _date(span, text, int(year["y"]) if year else None, month=month, day=day)


def _centuries(text: str) -> Iterator[Date]:
    for match in _CENTURY.finditer(text):
        number = (
            int(match["n"] or 0)
            or CENTURIES.get((match["w"] or "").lower())
            or ROMAN.get((match["r"] or "").upper(), 0)
        )
        if number:
            yield _date(match.span(), text, 100 * number - 99, 100 * number)


def _figures(text: str) -> Iterator[Date]:
    for match in _FIGURE_DATE.finditer(text):
        if match["y1"]:
            if not match["d1"] and int(match["m1"]) == int(match["y1"][2:]) + 1:
                continue  # a season: 2011-12
            yield _date(match.span(), text, int(match["y1"]), month=int(match["m1"]), day=_int(match["d1"]))
        elif match["y3"]:
            yield _date(match.span(), text, int(match["y3"]), month=int(match["m3"]), day=int(match["d3"]))
        else:
            short = len(match["y2"]) == 2
            if short and match["sep"] != "/":
                continue  # a score, a version
            year = int(match["y2"]) + (2000 if int(match["y2"]) < 50 else 1900) * short
            one, two = int(match["a"]), int(match["b"])
            yield _date(match.span(), text, year, month=two, day=one)
            if one != two and match["sep"] != ".":
                yield _date(match.span(), text, year, month=one, day=two)


def _in_words(text: str) -> Iterator[Date]:
    """Months with what stands around them, weekdays, decades in words."""
    if _NAMED.isdisjoint(_WORD.findall(text.lower())):  # most sentences: a tenth of the time
        return
    for match in _WORD.finditer(text):
        word = match.group().lower()
        if word in MONTHS:
            yield from _around(text, match, MONTHS[word])
        elif (weekday := WEEKDAYS.get(word, WEEKDAYS.get(word.removesuffix("s")))) is not None and match.group()[
            0
        ].isupper():
            yield _date(match.span(), text, weekday=weekday)
        elif word in DECADES:
            yield _date(match.span(), text, 1900 + DECADES[word], 1909 + DECADES[word])


def _around(text: str, word: re.Match[str], month: int) -> Iterator[Date]:
    base = max(0, word.start() - 24)
    before = _DAYS_BEFORE.search(text[base : word.start()])
    days = before or _DAYS_AFTER.match(text, word.end())
    base = base if before else 0
    start = base + before.start() if before else word.start()
    end = days.end() if days and not before else word.end() + (text[word.end() : word.end() + 1] == ".")
    year = _YEAR_AFTER.match(text, end)
    if not days and (spelled := _ORDINAL_BEFORE.search(text[max(0, word.start() - 24) : word.start()])):
        begins = max(0, word.start() - 24) + spelled.start()
        yield _date(
            (begins, year.end() if year else word.end()), text, int(year["y"]) if year else None, month=month,
            day=_ORDINAL_DAYS[spelled["w"].lower()],
        )  # fmt: skip
        return
    if not days and not year:
        if _is_month(text, word):
            yield _date(word.span(), text, month=month)
        return
    known = int(year["y"]) if year else None
    end = year.end() if year else end if days and not before else word.end()
    if not days or days["e"] is None:
        yield _date((start, end), text, known, month=month, day=_int(days["d"]) if days else None)
    else:
        yield _date((start, base + days.end("d")), text, known, month=month, day=int(days["d"]))
        yield _date((base + days.start("e"), end), text, known, month=month, day=int(days["e"]))


def _is_month(text: str, word: re.Match[str]) -> bool:
    """A month alone is capitalised, and where it could be another word a preposition stands before it."""
    if not word.group()[0].isupper() and word.group().isascii():
        return False
    is_clear = word.group().lower() not in _NAMES_TOO and len(word.group()) > 3
    return is_clear or bool(_IN_BEFORE.search(text[max(0, word.start() - 9) : word.start()]))


def _date(
    span: tuple[int, int], text: str, first: int | None = None, last: int | None = None, *, month: int | None = None,
    day: int | None = None, weekday: int | None = None,
) -> Date:  # fmt: skip
    start, end = span
    return Date(
        start=start, end=end, text=text[start:end], first_year=first, last_year=first if last is None else last,
        month=month, day=day, weekday=weekday,
    )  # fmt: skip


def _int(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _exists(each: Date) -> bool:
    """A day that no month has (31 February) is kept: a claim of it is borne out by nothing but itself."""
    return (each.month is None or 1 <= each.month <= 12) and (each.day is None or 1 <= each.day <= 31)


def bears_out(said: Date, held: Date) -> bool:
    """Whether a source that tells `held` bears out a claim that tells `said`: no less, and nothing else.

    1994 bears out the 1990s, 21 March 2019 bears out March 2019, 2019 and a Thursday; never the other way round.
    """
    return _covers_year(said, held) and _covers_day(said, held)


def conflict(one: Date, other: Date) -> bool:
    """Whether two dates cannot be the same: another year, month, day or weekday where both tell it."""
    if one.first_year is not None and other.first_year is not None:
        is_other_year = not (_covers_year(one, other) or _covers_year(other, one))
    else:
        is_other_year = False
    return is_other_year or any(
        mine is not None and theirs is not None and mine != theirs
        for mine, theirs in ((one.month, other.month), (one.day, other.day), (_weekday(one), _weekday(other)))
    )


def same_day(said: Date, held: Date) -> bool:
    """Whether month, day and weekday of the claim are borne out, the year aside, which `held` does not tell."""
    return held.first_year is None and said.month is not None and _covers_day(said, held)


def _covers_year(said: Date, held: Date) -> bool:
    if said.first_year is None or said.last_year is None:
        return True
    if held.first_year is None or held.last_year is None:
        return False
    return said.first_year <= held.first_year and held.last_year <= said.last_year


def _covers_day(said: Date, held: Date) -> bool:
    if said.month not in (None, held.month) or said.day not in (None, held.day):
        return False
    return said.weekday is None or said.weekday == _weekday(held)


def _weekday(held: Date) -> int | None:
    if held.weekday is not None or held.first_year is None or held.month is None or held.day is None:
        return held.weekday
    if held.day > monthrange(held.first_year, held.month)[1]:
        return None
    return date(held.first_year, held.month, held.day).weekday()
