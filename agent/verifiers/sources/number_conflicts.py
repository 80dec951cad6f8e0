"""Numbers that two sentences give for the same thing and that cannot both be right."""

from collections.abc import Iterator

from ..reading.amounts import Amount
from .beside import Beside, Clash, agree
from .said import WEAK, Said, weight

# How much of the topic must be shared where the thing counted is named on both sides, and where it is not.
_NAMED, _UNNAMED = 0.5, 0.65
_LEAST_SHARED = 2.0
_NEAR = 4

_SAME_THINGS = (
    "peopl person resid inhabitant citizen individual human",
    "dead death di kill fatality victim liv",
    "hurt injur wound",
    "employ staff work job",
    "child children kid",
    "film movi",
    "student pupil",
    "country nation stat",
    "hous home",
)
_MEASURES = "long length,wide width broad,high height tall,deep depth,thick thickness,heavy weighs weight,area covers"
_MEASURE = {word: line.split()[0] for line in _MEASURES.split(",") for word in line.split()}
_SAME = {stem: group.split()[0] for group in _SAME_THINGS for stem in group.split()}


def number_conflicts(pair: Beside) -> Iterator[Clash]:
    """The pairs of numbers of one thing, nothing else told of it being different.

    None where the sentences are about two subjects or two times, or where something else tells them apart: another
    place in an order (his second season), another label (season 3).
    """
    if pair.shared_weight < _LEAST_SHARED or not pair.shares(_NAMED):
        return
    mine, theirs = pair.amounts
    candidates = [(one, other) for one in mine for other in theirs if _is_same_thing(pair, one, other)]
    candidates = [both for both in candidates if both[0].dimension != "rank"] or candidates
    if not candidates or pair.is_told_apart({id(each) for both in candidates for each in both}):
        return
    if pair.are_of_two_subjects or pair.are_of_two_times or pair.are_of_two_kinds or _measure_otherwise(pair):
        return
    for one, other in candidates:
        rivals = sum(one is a or other is b for a, b in candidates)
        if rivals == 1 or _are_nearest(pair, one, other, candidates):
            yield Clash(kind="number", mine=one.text, theirs=other.text)


def _measure_otherwise(pair: Beside) -> bool:
    """True if one tells how long and the other how wide."""
    mine, theirs = ({_MEASURE[word] for word in said.folded if word in _MEASURE} for said in (pair.one, pair.other))
    return bool(mine and theirs) and mine.isdisjoint(theirs)


def _is_same_thing(pair: Beside, one: Amount, other: Amount) -> bool:
    if agree(one, other) or one.dimension != other.dimension or one.rate != other.rate or one.is_part != other.is_part:
        return False
    if one.dimension == "label":
        return False
    if one.dimension in ("rank", "score"):
        return pair.covered >= 0.8 and bool(pair.shared_names) and _is_around(pair, one, other, 0.6)
    things, others = _things(one), _things(other)
    if one.dimension == "" and things and others:
        return bool(things & others) and _is_around(pair, one, other, 0.4)
    if one.dimension == "" and (things or others):
        named = things or others
        context = {_SAME.get(s, s) for s in (other.before if things else one.before)}
        return bool(named & context) and pair.shares(_UNNAMED)
    return pair.shares(_UNNAMED) and _is_around(pair, one, other, 0.5)


def _things(amount: Amount) -> frozenset[str]:
    return frozenset(_SAME.get(stem, stem) for stem in amount.things)


def _is_around(pair: Beside, one: Amount, other: Amount, share: float) -> bool:
    """True if what stands around each number stands in the other sentence too, as far as `share`."""
    return _held(pair.one, one, pair.other) >= share and _held(pair.other, other, pair.one) >= share


def _held(said: Said, amount: Amount, by: Said) -> float:
    near = said.near(amount.start, _NEAR)
    whole = weight(near)
    return weight(near & by.stems) / whole if whole else 1.0


def _are_nearest(pair: Beside, one: Amount, other: Amount, candidates: list[tuple[Amount, Amount]]) -> bool:
    """True if of all numbers that either could belong to, these two have most in common around them."""
    common = _common(pair, one, other)
    rivals = [_common(pair, a, b) for a, b in candidates if (a is one) != (b is other)]
    return common > max(rivals, default=-1)


def _common(pair: Beside, one: Amount, other: Amount) -> int:
    return len((pair.one.near(one.start, _NEAR) & pair.other.near(other.start, _NEAR)) - WEAK)
