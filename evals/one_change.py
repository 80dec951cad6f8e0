"""A sentence with one thing in it changed, and what all that make such sentences have in common.

Three make them, each for a use of its own, and each draws in a way that its published figures stand on: `corruptions`
for claims that a model learns from, `fact_changes` for pairs of sources that contradict each other, and
`corruption_test` for claims that the verifier must not let pass. What they share stands here once, and the numbers that
they put in `other_numbers`.
"""

import re
from dataclasses import dataclass
from typing import Literal

from ..agent.verifiers.reading.words import OPPOSITES

Kind = Literal["number", "date", "name", "negation", "opposite", "scope", "hedge", "swap", "polarity"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corruption:
    """One change: at `start` (code points) of the sentence, `was` became `now`; `text` is the whole result."""

    kind: Kind
    text: str
    start: int
    was: str
    now: str


def changed_at(kind: Kind, sentence: str, start: int, was: str, now: str) -> Corruption:
    """The sentence with `now` where `was` stood."""
    text = sentence[:start] + now + sentence[start + len(was) :]
    return Corruption(kind=kind, text=text, start=start, was=was, now=now)


MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTH = "|".join(MONTHS)
"""For patterns, to stand within a group."""

# Words whose opposite often changes nothing, or makes no sentence.
_UNCLEAR = """before after with his her he she over under like first last most all some more up down above below none
    few same him despite because"""
UNCLEAR = frozenset(_UNCLEAR.split())


def opposites_of(word: str) -> list[str]:
    """The words that the list of opposites puts against `word`."""
    return [] if word in UNCLEAR else [b if word == a else a for a, b in OPPOSITES if word in (a, b)]


def as_written(was: str, digits: str) -> str:
    """The digits with the separators that the figure `was` has, counted from the right."""
    for mark in re.finditer(r"\D", was[::-1]):
        place = len(digits) - mark.start()
        digits = digits[:place] + mark.group() + digits[place:] if place > 0 else digits
    return digits
