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
from .present import PAST_VERB, said_of_present

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
_NEAR_CHARS = 300
# Nouns with the stem of an event: 3.85 crowns are no coronation.
_NO_EVENTS = frozenset(["crown", "crowns", "record", "records", "film", "films", "form", "forms"])
# "was automated in": what was done then, not how things stood.
_DONE = re.compile(r"\b(?:was|were|been)\s+(?:\w+ly\s+)?\w+ed\s+(?:in|on)\s+\W*$", re.IGNORECASE)

# A time after one of these, in the same stretch, is that of something else: "against 85 in 2015", "who came in 1874".
_ASIDE = r"""
    against, versus, vs, compared (?:with|to), than, unlike, (?:up|down|risen|rising|fallen|falling|grown|changed) from,
    from(?= [$€£¥]?\d), who, whom, whose, which, where, when, since, after, before, because, while, whereas, although
"""
_IN_ASIDE = re.compile(
    rf"\b(?:{any_phrase(_ASIDE)})\b(?:(?!\bto [$€£¥]?\d)(?:[^,;:.()–—]|[,.](?=\d)))*$", re.IGNORECASE
)
_NOW_VERB = re.compile(
    r"\b(?:is|are|has|have|costs|remains?|stands|holds|employs|serves|offers|charges|[a-z]{3,}s (?:as|for|at|to))\b"
)
_AHEAD = re.compile(r"\b(?:will|shall|would|plans?|planned|expects?|expected|aims?|going to|is to|are to|to be)\b")


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
    found = said_of_present(claim)
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
    """The time after "as of" or the like, else one after "in"; the latest of several.

    Not that of an event, of what is compared with or told in passing ("against 85 in 2015", "who came in 1874"), of a
    later deed beside a present ("is the keeper, elected in 2019"), or of a plan.
    """
    if published:
        found = [(p.start, p.end, p.first, p.last) for p in points(sentence, published)]
    else:
        found = [(each.start, each.end, *each.days) for each in days(dated(sentence)) if each.days]
    found = [
        each for each in found
        if not _is_of_an_event(sentence, each[0], each[1]) and not _is_in_passing(sentence[: each[0]])
        and not (published and published < each[2] and _AHEAD.search(sentence))
    ]  # fmt: skip
    for lead, is_of_deeds in ((_HOLDS_AT, True), (_THEN, False)):
        times = [
            AsOf(first=first, last=last, basis="stated", text=sentence[start:end])
            for start, end, first, last in found
            if lead.search(sentence[:start]) and (is_of_deeds or not _is_of_a_deed(sentence[:start]))
        ]
        if times:
            return max(times, key=lambda each: each.last)
    return None


def _is_of_an_event(sentence: str, start: int, end: int) -> bool:
    if _DONE.search(sentence[:start]):
        return True
    around = [*words(sentence[:start])[-_REACH:], *words(sentence[end:])[:_REACH]]
    return not ONCE.isdisjoint(stem(word) for word in around if word.lower() not in _NO_EVENTS)


def _is_in_passing(before: str) -> bool:
    return _IN_ASIDE.search(before[-_NEAR_CHARS:]) is not None


def _is_of_a_deed(before: str) -> bool:
    """Whether the last verb before the time is one of the past, in a sentence whose first is one of the present."""
    near = before[-_NEAR_CHARS:]
    now = _NOW_VERB.search(near)
    return now is not None and PAST_VERB.search(near, now.end()) is not None


def _age(age_days: int) -> str:
    if age_days < 60:
        return f"{age_days} days"
    return f"{age_days // 30} months" if age_days < 730 else f"{age_days // 365} years"
