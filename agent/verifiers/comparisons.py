"""Comparisons whose sides are exchanged, or whose word is turned: "A is taller than B" for "B is taller than A"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from .assertions import OPPOSITE_OF, Found
from .reading.reads import Read
from .reading.terms import fold, stem

_THAN = re.compile(
    r"\b(?P<word>more|less|fewer|(?!rather|other|either|whether|after|over|under|never|further)[a-z]{2,}er|worse)\b"
    r"(?P<between>[^.;,]{0,40}?)\bthan\b",
    re.IGNORECASE,
)
_END = re.compile(r"[.;,:]\s")
_CLAUSE = re.compile(r"[;,]\s(?:and|but|while|whereas|although)\b|;\s")
_LEFT, _RIGHT = 6, 5
# Of a sentence without end only the first comparisons count, and this many characters around each.
_MOST, _STRETCH = 8, 400


@dataclass(frozen=True, slots=True, kw_only=True)
class _Comparison:
    """`measure` is the stem of what is compared, `is_more` False for less of it; the sides as content stems."""

    measure: str
    is_more: bool
    left: frozenset[str]
    right: frozenset[str]


def turned_comparison(said: Read, focus: Sequence[Read]) -> list[Found]:
    """A comparison of the same things in the same measure that has the other one in front."""
    pairs = [
        (mine, theirs) for mine in _compared(said.text) for source in focus[:2] for theirs in _compared(source.text)
    ]
    for mine, theirs in pairs:
        is_more = _is_more(mine, theirs)
        if is_more is None:
            continue
        is_exchanged = bool(mine.right & theirs.left and theirs.right & mine.left) and not mine.right & theirs.right
        is_straight = bool(mine.right & theirs.right) and not mine.right & theirs.left
        if is_exchanged == is_more and (is_exchanged or is_straight):
            return [("than", "than")]
    return []


def _is_more(mine: _Comparison, theirs: _Comparison) -> bool | None:
    """Whether both say more, or both less, of one measure; None if they measure different things."""
    if mine.measure == theirs.measure:
        return mine.is_more == theirs.is_more
    if theirs.measure in OPPOSITE_OF.get(mine.measure, ()):
        return mine.is_more != theirs.is_more
    return None


@lru_cache(maxsize=1_024)
def _compared(text: str) -> tuple[_Comparison, ...]:
    found = list(islice(_THAN.finditer(text), _MOST))
    ends = [0, *(match.end() for match in found)]
    return tuple(_comparison(text[start:], match, start) for start, match in zip(ends, found, strict=False))


def _comparison(text: str, found: re.Match[str], begin: int) -> _Comparison:
    """The comparison `found` in a sentence whose `text` from `begin` on holds no other one before it."""
    word, between = fold(found["word"]), Read(found["between"])
    is_amount = word in ("more", "less", "fewer")
    measure = (between.stems[0] if between.stems else "") if is_amount else stem(word)
    start, end = found.start() - begin, found.end() - begin
    before = Read(_CLAUSE.split(text[max(0, start - _STRETCH) : start])[-1])
    after = Read(_END.split(text[end : end + _STRETCH], maxsplit=1)[0])
    left = frozenset((*before.content[-_LEFT:], *between.content)) - {measure}
    right = frozenset(after.content[:_RIGHT]) - {measure}
    return _Comparison(measure=measure, is_more=word not in ("less", "fewer"), left=left - right, right=right - left)
