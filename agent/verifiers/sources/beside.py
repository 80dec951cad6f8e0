"""Two sentences side by side: what topic they share, and which values of the one the other does not hold."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from ...state import ConflictKind
from ..reading.amounts import Amount
from ..reading.dates import Date, conflict
from ..reading.names import Name, may_be_one
from ..reading.quantities import last_place
from ..reading.terms import fold, stem
from .said import Said, weight

Value = TypeVar("Value", Amount, Date, Name)

# Words that part a whole, so that what holds of the one need not hold of the other; a line, one whole.
_WHOLES = """
    men women children boys girls
    male female
    north south east west northern southern eastern western
    adults children infants adolescents
    home away abroad
    urban rural
    domestic foreign international overseas
    summer winter spring autumn
    old new former
    first second third fourth last
    upper lower
    public private
    gross net
    median mean average
    wholesale retail
    minimum maximum
    outbound inbound
    exports imports
"""
_PARTED = {
    stem(word): frozenset(map(stem, line.split())) - {stem(word)}
    for line in _WHOLES.splitlines()
    for word in line.split()
}
_STAGE = re.compile(r"\b(?:before|until|since|after)\b")

# A count that ends in zeros is taken for rounded, as far as this share of it.
_ROUNDED, _ABOUT, _CONVERTED, _BOUNDS = 0.05, 0.12, 0.03, 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Two values that cannot both hold, as they are written in the first and the second sentence."""

    kind: ConflictKind
    mine: str
    theirs: str


class Overlap:
    """What two topics share: the stems, and their weight; `covered` is the share of the lesser topic that it is."""

    def __init__(self, one: frozenset[str], other: frozenset[str]) -> None:
        self.shared = one & other
        self.shared_weight = weight(self.shared)
        least = min(weight(one), weight(other))
        self.covered = self.shared_weight / least if least else 0.0

    def shares(self, least: float) -> bool:
        """True if at least this much is `covered`; the longer what is shared, the less of it (by .15 at most)."""
        return self.covered >= least - min(0.15, max(0.0, 0.04 * (self.shared_weight - 3)))


class Beside(Overlap):
    """Two sentences as they are compared."""

    def __init__(self, one: Said, other: Said) -> None:
        super().__init__(one.topic, other.topic)
        self.one, self.other = one, other

    def without(self, mine: Sequence[Name], theirs: Sequence[Name]) -> Overlap:
        """What the topics share besides these names."""
        named = [frozenset(stem(word) for name in names for word in name.words) for names in (mine, theirs)]
        return Overlap(self.one.topic - named[0], self.other.topic - named[1])

    @cached_property
    def amounts(self) -> tuple[tuple[Amount, ...], tuple[Amount, ...]]:
        """The quantities of each that the other does not hold."""
        return _unmatched(self.one.amounts, self.other.amounts, are_one)

    @cached_property
    def days(self) -> tuple[tuple[Date, ...], tuple[Date, ...]]:
        """The dates of each that the other does not hold."""
        return _unmatched(self.one.days, self.other.days, lambda a, b: not conflict(a, b))

    @cached_property
    def names(self) -> tuple[tuple[Name, ...], tuple[Name, ...]]:
        """The names of each that the other does not hold; what stands in it in lower case, or is denied, is held."""
        mine, theirs = _unmatched(self.one.names, self.other.names, may_be_one)
        return (
            tuple(name for name in mine if not self.other.folded.issuperset(map(fold, name.words))),
            tuple(name for name in theirs if not self.one.folded.issuperset(map(fold, name.words))),
        )

    @cached_property
    def shared_names(self) -> int:
        """How many names of the first the second holds."""
        return len(self.one.names) - len(self.names[0])

    @property
    def are_of_two_subjects(self) -> bool:
        """True if both name somebody or something that the other does not."""
        return all(self.names)

    @cached_property
    def differ_in_numbers(self) -> bool:
        """True if each has a quantity of one kind that the other has not, and they do not agree."""
        mine, theirs = self.amounts
        return any(a.dimension == b.dimension and not agree(a, b) for a in mine for b in theirs)

    def is_told_apart(self, matter: Collection[int] = ()) -> bool:
        """True if a place in an order or a label differs (his second album, season 3): they are of two things.

        `matter` are the ids of amounts that are themselves compared.
        """
        mine, theirs = self.amounts
        return any(
            any(a.dimension == kind and id(a) not in matter for a in mine)
            and any(b.dimension == kind and id(b) not in matter for b in theirs)
            for kind in ("rank", "label")
        )

    @property
    def are_of_two_times(self) -> bool:
        """True if both name a day that the other does not, or one speaks of before and the other of after."""
        return all(self.days) or self._stages in ({"before", "since"}, {"until", "since"}, {"before", "after"})

    @property
    def _stages(self) -> set[str]:
        """The one word of each that says on which side of an event it stands."""
        found = [set(_STAGE.findall(said.text.lower())) for said in (self.one, self.other)]
        return {word for words in found for word in words} if all(len(words) == 1 for words in found) else set()

    @cached_property
    def are_of_two_kinds(self) -> bool:
        """True if each has one of two words that part a whole: men and women, north and south, at home and abroad."""
        return any(
            not _PARTED.get(word, frozenset()).isdisjoint(self.other.stems - self.one.stems)
            for word in self.one.stems - self.other.stems
        )


def _unmatched(
    mine: Sequence[Value], theirs: Sequence[Value], match: Callable[[Value, Value], bool]
) -> tuple[tuple[Value, ...], tuple[Value, ...]]:
    return (
        tuple(value for value in mine if not any(match(value, other) for other in theirs)),
        tuple(value for value in theirs if not any(match(other, value) for other in mine)),
    )


def agree(one: Amount, other: Amount) -> bool:
    """True if both may say the same: equal, rounded, converted, or one within the bounds of the other.

    More forgiving than `quantities.agree`, which asks whether a source bears out a claim: of two sources neither has to
    be the more exact one, and a doubt must not become a conflict.
    """
    if one.dimension != other.dimension:
        return False
    if one.dimension in ("rank", "label", "score"):
        return one.low == other.low and (
            one.dimension != "label" or not one.before or not other.before or one.before[0] == other.before[0]
        )
    if one.rate and other.rate and one.rate != other.rate:
        return False
    slack = _slack(one, other)
    if one.is_bound and other.is_bound and one.open_end == other.open_end != 0:  # over 9,000 beside over 6,000
        return abs(one.told - other.told) <= max(slack, _BOUNDS * max(abs(one.told), abs(other.told)))
    return one.low <= other.high + slack and other.low <= one.high + slack


def are_one(one: Amount, other: Amount) -> bool:
    """True if both may say the same, and of the same things where both name them."""
    if not agree(one, other):
        return False
    are_counts = one.dimension == "" and bool(one.things) and bool(other.things)
    return not are_counts or one.high != other.high or not set(one.things).isdisjoint(other.things)


def _slack(one: Amount, other: Amount) -> float:
    """How far two amounts may be apart and still be the same, in the base unit."""
    size = max(abs(value) for value in (one.low, one.high, other.low, other.high) if abs(value) != float("inf"))
    slack = 1e-9 * size
    for each in (one, other):
        if each.is_about:
            slack = max(slack, min(last_place(abs(each.told) / each.unit) * each.unit, _ABOUT * size))
    if one.unit != other.unit:
        slack = max(slack, _CONVERTED * size, min(max(one.step, other.step) / 2, _ROUNDED * size))
    coarse = max(_last_place(one), _last_place(other))
    if coarse > 1 * max(one.unit, other.unit) or coarse > min(one.step, other.step):
        slack = max(slack, min(coarse / 2, _ROUNDED * size))
    return slack


def _last_place(amount: Amount) -> float:
    """What its last place that is not zero is worth; numbers below 100 are not taken for rounded."""
    value = abs(amount.told) / amount.unit
    return amount.step if value < 100 else last_place(value) * amount.unit
