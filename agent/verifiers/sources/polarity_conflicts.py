"""One sentence states what the other negates, denies, or says the opposite of."""

from collections.abc import Iterator

from ..assertions import OPPOSITE_OF
from ..reading.dates import bears_out
from ..reading.words import word_set
from .beside import Beside, Clash, are_one
from .said import Said, weight

# Opposites that two true sentences about one thing can well hold: pronouns, and what depends on the point of view.
_LOOSE = word_set(
    """
    he she his her him up down over und before after with without mor few man men woman women boy girl father
    mother son daughter brother sister husband wif king queen day night morn even summ wint light dark left
    right begin start end com go arriv leav join ent som all man attack defend love hat despit becaus parent
    child teach student friend enem life death weekl dail month annual yearl hir fir born di support
    """
)
# Those that differ where the sentences are of two things, such as a first and a last album.
_TELLING_APART = word_set(
    """
    first last earl lat young old new ancient modern long short most least mal femal north south east west
    northern southern eastern western large small big upp low high single doubl early late
    """
)
_ENOUGH, _ENOUGH_OPPOSITE, _NEARLY_ONE, _LEAST_SHARED = 0.7, 0.65, 0.85, 2.5
_LEAST_ALIKE = 2.0  # where all else is the same
_REACH = 4


def polarity_conflicts(pair: Beside) -> Iterator[Clash]:
    """At most one: a denial, a negation on one side only, or an opposite in the same place."""
    is_denied, denies = _denied(pair.one, pair.other), _denied(pair.other, pair.one)
    if is_denied or denies:
        sides = ("stated", "denied") if is_denied else ("denied", "stated")
        yield Clash(kind="polarity", mine=sides[0], theirs=sides[1])
        return
    if pair.one.denied or pair.other.denied or pair.covered < _ENOUGH_OPPOSITE or pair.shared_weight < _LEAST_ALIKE:
        return
    opposites, negation = _opposites(pair), _negation(pair)
    if pair.shared_weight < _LEAST_SHARED and not (opposites and _is_all_else_shared(pair)):
        return
    if bool(opposites) == bool(negation) or _differ_in_values(pair):
        return
    if opposites:
        yield Clash(kind="polarity", mine=opposites[0], theirs=opposites[1])
    elif negation and pair.covered >= _ENOUGH and not pair.are_of_two_kinds:
        yield Clash(kind="polarity", mine=negation[0], theirs=negation[1])


def _is_all_else_shared(pair: Beside) -> bool:
    """True if one word on either side is all that differs."""
    return len(pair.one.topic - pair.other.topic) == len(pair.other.topic - pair.one.topic) == 1


def _differ_in_values(pair: Beside) -> bool:
    return pair.are_of_two_subjects or pair.are_of_two_times or pair.differ_in_numbers


def _denied(stated: Said, by: Said) -> bool:
    """True if `by` denies what the other one states, its values among it."""
    for denial in by.denials:
        pair = Beside(stated, denial)
        if pair.covered < _ENOUGH or pair.shared_weight < _LEAST_SHARED or stated.denied:
            continue
        is_held = all(any(are_one(a, b) for b in stated.amounts) for a in denial.amounts)
        is_held = is_held and all(any(bears_out(a, b) or bears_out(b, a) for b in stated.days) for a in denial.days)
        if is_held and not pair.names[1] and not _is_odd(pair):
            return True
    return False


def _is_odd(pair: Beside) -> bool:
    """True if a negation or any opposite stands in one only, wherever."""
    mine, theirs = pair.one.stems - pair.other.stems, pair.other.stems - pair.one.stems
    is_turned = any(not theirs.isdisjoint(OPPOSITE_OF.get(word, ())) for word in mine)
    return is_turned or len(pair.one.negations) % 2 != len(pair.other.negations) % 2


def _negation(pair: Beside) -> tuple[str, str] | None:
    """The words that stand for it on either side, if one negates what the other states."""
    mine, theirs = len(pair.one.negations), len(pair.other.negations)
    if mine % 2 == theirs % 2:
        return None
    said, other = (pair.one, pair.other) if mine > theirs else (pair.other, pair.one)
    for number in said.negations:
        around = said.near(said.words.starts[number], _REACH)
        if weight(around) and weight(around & other.topic) >= 0.6 * weight(around):
            written = said.words.written[number]
            plain = f"without “{written}”"
            return (written, plain) if said is pair.one else (plain, written)
    return None


def _opposites(pair: Beside) -> tuple[str, str] | None:
    """A word of the first and its opposite in the second that stand among the same words."""
    for one in pair.one.topic - pair.other.stems:
        for other in OPPOSITE_OF.get(one, set()) & (pair.other.topic - pair.one.stems):
            is_enough = pair.covered >= _NEARLY_ONE or not {one, other} & _TELLING_APART
            is_enough = is_enough and not {one, other} & _LOOSE
            if is_enough and _are_among_the_same(pair.one, one, pair.other, other):
                return _written(pair.one, one), _written(pair.other, other)
    return None


def _are_among_the_same(said: Said, one: str, by: Said, other: str) -> bool:
    mine = said.near(said.words.starts[said.words.stems.index(one)], _REACH) - {one}
    theirs = by.near(by.words.starts[by.words.stems.index(other)], _REACH) - {other}
    return len(mine & theirs) >= 2


def _written(said: Said, stem_: str) -> str:
    return said.words.written[said.words.stems.index(stem_)]
