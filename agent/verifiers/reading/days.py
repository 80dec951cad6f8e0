"""The dates of a sentence by which it can be compared with another one: clear ones, and no numbers that look like them.

A date that is missed costs a finding, one that is misread makes a false one; where a claim is checked against its
source (`facts`) it is the other way round, and every reading counts.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from ...questions.time_names import is_in_a_name
from .dates import Date, dates

_TIME_BEFORE = re.compile(
    r"\b(?:in|since|until|till|from|during|by|of|before|after|circa|between|and|to)\s$", re.IGNORECASE
)
_NO_COUNT_AFTER = re.compile(
    r"\s*(?:$|[^\w\s]|(?:by|and|at|with|the|to|in|on|for|as|when|after|before|[A-Z]\w+|who|he|it)\b)"
)
_ANY_YEAR = date(2040, 1, 1)  # what counts as today for a year that may be a title (Blade Runner 2049)


def dated(text: str) -> tuple[Date, ...]:
    """The dates of `text`; none are centuries, which hold nearly any year, and four digits that are no year."""
    return tuple(each for each in dates(text) if not _is_century(each) and not _is_number(text, each))


def days(found: Sequence[Date]) -> tuple[Date, ...]:
    """Those that tell a year or a day of a month, in one way: not 3/5/2023."""
    readings = Counter(each.start for each in found)
    return tuple(
        each for each in found
        if readings[each.start] == 1 and (each.first_year is not None or each.day is not None)
    )  # fmt: skip


def _is_century(each: Date) -> bool:
    return each.first_year is not None and each.last_year == each.first_year + 99


def _is_number(text: str, each: Date) -> bool:
    """True for 1200 people and for Blade Runner 2049."""
    if not each.is_year:
        return False
    is_after_in = _TIME_BEFORE.search(text[max(0, each.start - 9) : each.start])
    is_year = is_after_in and _NO_COUNT_AFTER.match(text, each.end)
    return not is_year and is_in_a_name(text, each.start, each.end, _ANY_YEAR)
