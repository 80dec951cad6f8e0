"""Dates that two sentences give for one event and that cannot both be right."""

import re
from collections.abc import Iterator

from ..reading.dates import Date
from ..reading.terms import stem
from ..reading.words import any_phrase, word_set
from .beside import Beside, Clash
from .said import Said, weight

# What happens once to one subject: its date needs less agreement around it.
ONCE = word_set(
    """
    born bor di death found establish open releas publish sign marri wed elect launch built build complet
    appoint invent discover premier debut assassinat execut murder crown abolish dissolv demolish destroy
    inaugurat incorporat ratify enact independ birth creat form retir abdicat resign bury buri bombed sank sink
    erupt collapse patent graduat adopt independenc introduc acquir bought merg close clos wrot written compos
    record film paint construct
    """
)
# What is told anew for every year, so that another year is another fact.
_EVERY_YEAR = """
    population, census, revenues?, sales, profits?, turnover, attendance, average, percent, per cent, inflation, gdp,
    budget, annual(?:ly)?, yearly, every, each, seasons?, earned, scored, ranked, finished, quarter, fiscal, estimated,
    survey, poll, figures, production, exports?, imports?, temperatures?, accounted, consisted, numbered
"""
_RECURRING = re.compile(rf"\b(?:{any_phrase(_EVERY_YEAR)})\b|%", re.IGNORECASE)
# The same, unless the sentences are nearly one and speak of what happens once.
_AGAIN = """
    edition, league, championships?, tournament, cup, festival, awards?, nominated, nominations?, elections?, visited,
    visits?, reported, index, rate, won
"""
_HELD_AGAIN = re.compile(rf"\b(?:{any_phrase(_AGAIN)})\b", re.IGNORECASE)
_SAME_EVENTS = (
    "found establish creat form incorporat set",
    "build built construct complet",
    "bought acquir",
    "di death pass",
    "born bor birth",
    "marri wed",
    "open inaugurat launch",
    "start began begun begin",
    "publish releas",
    "wrot written pen penn",
    "demolish destroy",
    "execut murder assassinat",
)
_EVENT = {stem: group.split()[0] for group in _SAME_EVENTS for stem in group.split()}
_ENOUGH, _ENOUGH_ONCE, _NEARLY_ONE, _LEAST_SHARED = 0.7, 0.5, 0.8, 2.0


def date_conflicts(pair: Beside) -> Iterator[Clash]:
    """The pairs of dates of one event; none where another name or number makes it another event."""
    if pair.shared_weight < _LEAST_SHARED:
        return
    mine, theirs = pair.days
    is_once = not ONCE.isdisjoint(pair.shared) or _is_one_passive(pair)
    if not mine or not theirs or not pair.shares(_ENOUGH_ONCE if is_once else _ENOUGH):
        return
    if pair.are_of_two_subjects or pair.differ_in_numbers or pair.is_told_apart():
        return
    texts = (pair.one.text, pair.other.text)
    is_recurring = any(map(_RECURRING.search, texts))
    if not (is_once and pair.covered >= _NEARLY_ONE):
        is_recurring = is_recurring or any(map(_HELD_AGAIN.search, texts))
    for one, other in _facing(pair, mine, theirs):
        if not (_is_of_event(pair.one, one, pair.other) and _is_of_event(pair.other, other, pair.one)):
            continue
        is_a_year = one.month is None or other.month is None
        if is_recurring and (is_a_year or pair.covered < _NEARLY_ONE):
            continue
        yield Clash(kind="date", mine=one.text, theirs=other.text)


_PASSIVE = re.compile(r"\b(?:was|were)\s+(?:\w+ly\s+)?(\w+ed)\s+(?:in|on)\s+(?=\W*\w*\s?\d)", re.IGNORECASE)


def _is_one_passive(pair: Beside) -> bool:
    """True if both say of what was done to the same subject when it was done: "was automated in 1987", "… in 1989"."""
    mine, theirs = (set(map(stem, _PASSIVE.findall(said.text))) for said in (pair.one, pair.other))
    return not mine.isdisjoint(theirs)


def _is_of_event(said: Said, day: Date, by: Said) -> bool:
    """False if the date is that of something which the other sentence does not speak of: founded, but not renovated."""
    events = {_EVENT.get(stem, stem) for stem in said.near(day.start, 2) & ONCE}
    return not events or not events.isdisjoint(_EVENT.get(stem, stem) for stem in by.stems)


def _facing(pair: Beside, mine: tuple[Date, ...], theirs: tuple[Date, ...]) -> Iterator[tuple[Date, Date]]:
    """Each date with the one that has most in common around it; none if that is nothing and there are others."""
    for one in mine:
        best = max(theirs, key=lambda other: _common(pair.one, one, pair.other, other))
        back = max(mine, key=lambda each: _common(pair.one, each, pair.other, best))
        is_alone = len(mine) == len(theirs) == 1
        if back is one and (is_alone or _common(pair.one, one, pair.other, best) >= 0.5):
            yield one, best


def _common(said: Said, one: Date, by: Said, other: Date) -> float:
    mine, theirs = said.near(one.start, 3), by.near(other.start, 3)
    least = min(weight(mine), weight(theirs))
    return weight(mine & theirs) / least if least else 0.0
