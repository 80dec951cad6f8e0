"""When a claim holds: the time that its sentence gives, else the day its page was published; and whether that is past.

A sentence that tells of an event ("founded in 1989") holds as long as its page does: its date is what it tells, not
the time for which it tells it.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ...questions.time_points import points
from ..reading.days import dated, days
from ..reading.terms import stem, words
from ..reading.words import any_phrase
from .date_conflicts import ONCE

Basis = Literal["stated", "published"]
FreshnessLabel = Literal["fresh", "stale", "undated", "timeless"]

# What before a time says that the rest holds for that time.
_HOLDING = """
    as of, as at, as per, at the end of, by the end of, end of, updated(?: on)?, effective, status, stand,
    retrieved(?: on)?, accessed(?: on)?, according to the, on
"""
_PART = "the, early, late, mid, start of, beginning of, fiscal year"
_HOLDS_AT = re.compile(rf"\b(?:{any_phrase(_HOLDING)})\s*:?\s*(?:(?:{any_phrase(_PART)})[\s-]*)*$", re.IGNORECASE)
_SEASON = "the, early, late, mid, summer, spring, autumn, winter, year, of"
_THEN = re.compile(rf"\b(?:in|during|for|at|by|until)\s+(?:(?:{any_phrase(_SEASON)})[\s-]*)*$|^\W*$", re.IGNORECASE)
_REACH = 6
# "was automated in": what was done then, not how things stood.
_DONE = re.compile(r"\b(?:was|were|been)\s+(?:\w+ly\s+)?\w+ed\s+(?:in|on)\s+\W*$", re.IGNORECASE)

# What is said of the present, and after how many days a page is too old to say it.
_COSTS = "costs?, is priced at, sells? for, is available for, starts? at, trades? at, is trading at"
_PRICES = "price, exchange rate, interest rate, share price, rate"
_RELEASES = "version, release, model, edition, update, stable"
_OFFICES = r"""
    ceo, cfo, cto, chief executive, president, prime minister, minister, chair(?:man|woman|person)?, head, director,
    captain, champion, coach, manager, mayor, governor, leader, owner, chancellor, secretary, editor, king, queen, pope,
    spokes\w+
"""
_MOST = r"tallest, largest, biggest, richest, fastest, oldest, youngest, longest, highest, most \w+"
_COUNTED = "employees, members, users, customers, people, stores, branches, inhabitants, students"
_NOW = """
    currently, at present, presently, at the moment, right now, nowadays, these days, today, as of now, to date, so far,
    still, ongoing, now, this (?:week|month|year)
"""
_CURRENT: tuple[tuple[re.Pattern[str], int], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), most_days)
    for pattern, most_days in (
        (rf"\b(?:{any_phrase(_COSTS)})\s+(?:\w+\s+){{0,2}}[$€£¥]?\d", 90),
        (rf"\b(?:{any_phrase(_PRICES)}) (?:\w+\s+){{0,6}}(?:is|are|stands at)\b", 90),
        (rf"\b(?:latest|newest|most recent|current)\s+(?:\w+\s+){{0,2}}(?:{any_phrase(_RELEASES)})\b", 180),
        (r"\bversion [\d.]+ (?:is|remains)\b", 180),
        (r"\b(?:is|are|serves as|remains)\s+(?:also\s+|currently\s+|now\s+)?(?:(?:the|a|its|their|his|her)\s+)?"
         rf"(?:[\w'’.-]+\s+){{0,4}}?(?:{any_phrase(_OFFICES)})\b", 365),
        (r"\b(?:holds?|is) the (?:\w+\s+){0,3}record\b|\bworld record (?:is|stands)\b"
         r"|\b(?:is|are|remains?) the (?:world['’]s |\w+['’]s )?"
         rf"(?:\w+\s+)?(?:{any_phrase(_MOST)})\b", 730),
        (r"\b(?:has|have) (?:a )?(?:total )?(?:population|workforce|membership) of\b"
         r"|\b(?:has|employs|serves|operates)\s+(?:\w+\s+){0,2}"
         rf"[\d,.]+\s+(?:\w+\s+){{0,2}}(?:{any_phrase(_COUNTED)})\b|\bpopulation (?:\w+\s+){{0,4}}is\b", 730),
        (rf"\b(?:{any_phrase(_NOW)})\b", 365),
    )
)  # fmt: skip
_NOT_NOW = re.compile(r"\b(?:until|by|from) now\b|\bnow-|\btoday['’]s\b|\bstill (?:life|image|photo)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf:
    """The days from `first` to `last` for which something is said; `text` is how the sentence puts it, if it does."""

    first: date
    last: date
    basis: Basis
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """`timeless`: nothing is said of the present. `reason` says in words why a claim is stale or cannot be dated."""

    label: FreshnessLabel
    reason: str = ""

    @property
    def is_stale(self) -> bool:
        """True for a claim about the present from a page too old to know."""
        return self.label == "stale"


def as_of(sentence: str, published: str = "") -> AsOf | None:
    """The time for which `sentence` speaks; None if neither it nor its page (`published`, an ISO date) tells.

    "Last year" and the like are read from the day the page was published.
    """
    day = _day(published)
    stated = _stated(sentence, day)
    if stated:
        return stated
    return AsOf(first=day, last=day, basis="published") if day else None


def freshness(claim: str, when: AsOf | None, today: date) -> Freshness:
    """Whether a claim about the present ("is the CEO", "currently", prices, versions) can still be trusted `today`.

    A claim that gives its own time ("as of 2019") says nothing of the present. How old is too old goes by what is
    said: 90 days for prices, 180 for versions, a year for offices, two for records, populations and sizes.
    """
    found = _current(claim)
    if not found or (when and when.basis == "stated"):
        return Freshness(label="timeless")
    said, most_days = found
    if when is None:
        return Freshness(label="undated", reason=f"says “{said}”, and its page gives no date")
    age_days = (today - when.last).days
    if age_days <= most_days:
        return Freshness(label="fresh")
    return Freshness(
        label="stale", reason=f"says “{said}”, and its page is from {when.last.isoformat()}, {_age(age_days)} ago"
    )


def _day(published: str) -> date | None:
    try:
        return date.fromisoformat(published[:10])
    except ValueError:
        return None


def _stated(sentence: str, published: date | None) -> AsOf | None:
    """The time after "as of" or the like; else the last one after "in", unless an event happened then."""
    if published:
        found = [(p.start, p.end, p.first, p.last) for p in points(sentence, published)]
    else:
        found = [(each.start, each.end, *each.days) for each in days(dated(sentence)) if each.days]
    times = [
        AsOf(first=first, last=last, basis="stated", text=sentence[start:end])
        for start, end, first, last in found
        if _HOLDS_AT.search(sentence[:start]) and not _is_of_an_event(sentence, start, end)
    ]
    times = times or [
        AsOf(first=first, last=last, basis="stated", text=sentence[start:end])
        for start, end, first, last in found
        if _THEN.search(sentence[:start]) and not _is_of_an_event(sentence, start, end)
    ]
    return times[-1] if times else None


def _is_of_an_event(sentence: str, start: int, end: int) -> bool:
    if _DONE.search(sentence[:start]):
        return True
    around = [*words(sentence[:start])[-_REACH:], *words(sentence[end:])[:_REACH]]
    return not ONCE.isdisjoint(map(stem, around))


def _current(claim: str) -> tuple[str, int] | None:
    """The words that speak of the present, and for how many days a page may be trusted with them."""
    for pattern, most_days in _CURRENT:
        match = pattern.search(claim)
        if match and not _NOT_NOW.search(claim):
            return match.group().strip(), most_days
    return None


def _age(age_days: int) -> str:
    if age_days < 60:
        return f"{age_days} days"
    return f"{age_days // 30} months" if age_days < 730 else f"{age_days // 365} years"
