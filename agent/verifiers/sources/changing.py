"""Values that change over time, so that an older source and a newer one can both be right."""

import re
from datetime import date, timedelta

from ...state import ConflictKind
from ..reading.words import any_phrase
from .beside import Clash

_COUNTED = r"""
    wages?, salar(?:y|ies), fees?, fares?, rents?, tax(?:es)?, trad(?:es|ing) at,
    population, inhabitants, residents, employ(?:s|ed|ees?), staff, workforce, members, membership, followers,
    subscribers, users, customers, downloads, views, price[sd]?, pricing, costs?, worth, valued, valuation,
    market cap\w*, revenue, debt, shares?, stock, rate, unemployment, inflation, ranks?, ranked, ranking, rating,
    record, version, release, edition, speakers, students, enrol\w+, branches, stores, shops, locations, countries,
    languages, articles, species, games, goals, wins, titles, points, seats, fleet, age, aged, years old, height,
    grandchildren, episodes, seasons, volumes, number of, stands at, currently, now, as of, to date, so far, latest,
    newest, largest, tallest, biggest, richest, oldest, youngest, fastest, most
"""
_DEVELOPING = """
    killed, dead, deaths?, died, injured, wounded, missing, toll, victims, casualties, cases, infected, infections,
    arrested, evacuated, displaced, hospitali[sz]ed, homes, without power, magnitude, votes
"""
_HELD = r"""
    ceo, chief executive, president, prime minister, minister, chair(?:man|woman|person)?, head(?:ed)?, director,
    captain, champions?, coach, manager, mayor, governor, leader, led by, owner, owned by, holder, held by, record,
    king, queen, pope, secretary, chancellor, ambassador, editor, host(?:ed)? by, sponsor\w*, headquartered, based,
    located, married, lives?, currently, now, latest, largest, tallest, biggest, richest, fastest, capital
"""
_OPEN = """
    open, closed, alive, available, supported, legal, banned, active, operational, still, currently, now, no longer,
    member, married, single, free
"""


def _any_word(phrases: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{any_phrase(phrases)})\b", re.IGNORECASE)


_DEVELOPS = _any_word(_DEVELOPING)
_KINDS: dict[ConflictKind, re.Pattern[str]] = {
    "number": _any_word(_COUNTED), "name": _any_word(_HELD), "polarity": _any_word(_OPEN)
}  # fmt: skip
_DEVELOPS_FOR = timedelta(days=60)


def may_have_changed(clash: Clash, texts: tuple[str, str], times: tuple[date | None, date | None]) -> bool:
    """True if the value is of a kind that changes and the sentences are of different days.

    The figures of a recent event (a death toll) change from day to day, for two months. A date is never such a value.
    """
    first, second = times
    pattern = _KINDS.get(clash.kind)
    if pattern is None or first is None or second is None or first == second:
        return False
    if clash.kind == "number" and all(map(_DEVELOPS.search, texts)) and abs(first - second) <= _DEVELOPS_FOR:
        return True
    return all(map(pattern.search, texts))
