"""True sentences made false in one place: a number, a date, a name, a negation, an opposite, a scope, two names.

Everything a corruption does is in its `start`, `was` and `now`; the rest of the sentence stays as it was. FactCC
(Kryściński et al. 2020) showed that a classifier learns from such sentences; it also learns only such mistakes, so
they stand beside labelled claims and not instead of them.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from ..agent.verifiers.reading.terms import fold, is_content, numbers
from ..agent.verifiers.reading.words import HEDGES, OPPOSITES, SPELLED

Kind = Literal["number", "date", "name", "negation", "opposite", "scope", "hedge", "swap"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corruption:
    """One change: at `start` (code points) of the sentence, `was` became `now`; `text` is the whole result."""

    kind: Kind
    text: str
    start: int
    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a corruption may draw from: the `evidence`, which must not hold what is put in, and `names` of the text."""

    evidence: str
    names: tuple[str, ...] = ()


Maker = Callable[[str, Around, random.Random], Corruption | None]

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

YEAR = re.compile(r"(?<![\w.,$£€-])(?:1[5-9]\d\d|20[0-4]\d)(?!\w|[.,]\d|%| %)")
_MONTH = "|".join(MONTHS)
_DAY = re.compile("|".join(rf"(?<=\b{month} )\d{{1,2}}\b" for month in MONTHS) + rf"|\b\d{{1,2}}(?= (?:{_MONTH})\b)")
_CALENDAR = re.compile(rf"\b(?:{'|'.join((*MONTHS, *WEEKDAYS))})\b")
_FIGURE = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w]|[.,]\d)")
_SPELLED = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty)\b", re.IGNORECASE
)
NAME = re.compile(r"\b[A-Z][\w’'.-]*[\w](?: (?:(?:of|de|the|and|van|von) )?[A-Z][\w’'.-]*[\w])*")

_VERB = re.compile(
    r"\b(?:is|was|are|were|has|have|had|can|could|will|would|does|did|may|might|should|must)\b"
    r"(?! (?:not|n't|no|never)\b)"
)
_NOT = re.compile(r"(?<=\w)(?: (?:not|never)\b|n['’]t\b)")
_HEDGE = re.compile(
    rf"\b(?:{'|'.join(sorted(HEDGES - {'about', 'around', 'some', 'several', 'expected', 'believed'}))})\b "
)
_SCOPES = {
    "some": "all", "many": "all", "most": "all", "several": "all", "often": "always", "usually": "always",
    "sometimes": "always", "generally": "always", "all": "some", "every": "hardly any", "always": "sometimes",
    "one of the": "the only one of the", "among the": "first among the", "partly": "entirely", "mainly": "only",
    "mostly": "only", "may": "must", "might": "will", "can": "cannot", "could": "will", "also": "only",
    "at least": "at most", "more than": "fewer than", "less than": "more than", "over": "under", "nearly": "far over",
}  # fmt: skip
_SCOPE = re.compile(rf"\b(?:{'|'.join(sorted(_SCOPES, key=len, reverse=True))})\b")

# Words whose opposite often changes nothing, or makes no sentence.
_UNCLEAR = """before after with his her he she over under like first last most all some more up down above below none
    few same him despite because"""
UNCLEAR = frozenset(_UNCLEAR.split())
_NOT_NAMES = frozenset(
    (*MONTHS, *WEEKDAYS, "The", "This", "That", "These", "It", "He", "She", "They", "In", "On", "At")
)


def corruptions(sentence: str, around: Around, draw: random.Random) -> Iterator[Corruption]:
    """One corruption of each kind that the sentence allows, in random order."""
    for make in draw.sample(MAKERS, len(MAKERS)):
        if made := make(sentence, around, draw):
            yield made


def corrupt_number(sentence: str, around: Around, draw: random.Random) -> Corruption | None:
    """Another number in the same notation, which the evidence does not hold; years and days are dates."""
    dates = {m.start() for pattern in (YEAR, _DAY) for m in pattern.finditer(sentence)}
    places = [m for m in _FIGURE.finditer(sentence) if m.start() not in dates]
    places += [m for m in _SPELLED.finditer(sentence) if m.group() != m.group().upper()]
    if not places:
        return None
    place = draw.choice(places)
    for _ in range(8):
        now = _other_number(place.group(), draw)
        if _is_absent(now, around.evidence):
            return _changed("number", sentence, place.start(), place.group(), now)
    return None


def corrupt_date(sentence: str, around: Around, draw: random.Random) -> Corruption | None:
    """Another year, month, weekday or day of the month."""
    places = [m for pattern in (YEAR, _DAY, _CALENDAR) for m in pattern.finditer(sentence)]
    if not places:
        return None
    place = draw.choice(places)
    was = place.group()
    for _ in range(8):
        if was in MONTHS or was in WEEKDAYS:
            now = draw.choice(MONTHS if was in MONTHS else WEEKDAYS)
        elif len(was) == 4:
            now = str(int(was) + draw.choice((-20, -10, -5, -3, -2, -1, 1, 2, 3, 4, 10)))
        else:
            now = str(draw.randint(1, 28))
        if now != was and _is_absent(now, around.evidence):
            return _changed("date", sentence, place.start(), was, now)
    return None


def corrupt_name(sentence: str, around: Around, draw: random.Random) -> Corruption | None:
    """A name of the sentence replaced by one of `around.names` that stands neither in it nor close in the evidence."""
    places = name_places(sentence)
    if not places:
        return None
    start, was = draw.choice(places)
    said = {fold(word) for word in re.findall(r"\w+", sentence)}
    others = [n for n in around.names if not said & {fold(word) for word in re.findall(r"\w+", n)}]
    alike = [n for n in others if len(n.split()) == len(was.split()) and n.isupper() == was.isupper()]
    return _changed("name", sentence, start, was, draw.choice(alike)) if alike else None


def corrupt_swap(sentence: str, around: Around, draw: random.Random) -> Corruption | None:
    """The first two names in each other's place, with the words between them (“A beat B” → “B beat A”)."""
    places = name_places(sentence)
    for (start, left), (then, right) in pairwise(places):
        between = sentence[start + len(left) : then]
        is_list = re.fullmatch(r",? (?:and |or |& )?|, ", between) is not None
        if not is_list and fold(left) != fold(right) and 4 < len(between) < 60:
            was = sentence[start : then + len(right)]
            return _changed("swap", sentence, start, was, right + between + left)
    return None


def corrupt_negation(sentence: str, around: Around, draw: random.Random) -> Corruption | None:
    """A negation taken out, or put in after the first auxiliary."""
    if found := _NOT.search(sentence):
        if sentence[found.start() - 2 : found.start()] in ("ca", "wo"):  # can't, won't
            return None
        return _changed("negation", sentence, found.start(), found.group(), "")
    verb = _VERB.search(sentence)
    if verb is None or re.search(r"\b(?:no|nor|none|neither)\b", sentence):
        return None
    return _changed("negation", sentence, verb.end(), "", " not")


def corrupt_opposite(sentence: str, around: Around, draw: random.Random) -> Corruption | None:
    """A word turned into its opposite."""
    turned = [(m, o) for m in re.finditer(r"(?<![\w-])[a-z]+(?![\w-])", sentence) for o in opposites_of(m.group())]
    if not turned:
        return None
    word, opposite = draw.choice(turned)
    return _changed("opposite", sentence, word.start(), word.group(), opposite)


def corrupt_scope(sentence: str, around: Around, draw: random.Random) -> Corruption | None:
    """`some` said of all, `more than` of fewer, `may` of must."""
    places = list(_SCOPE.finditer(sentence))
    if not places:
        return None
    place = draw.choice(places)
    return _changed("scope", sentence, place.start(), place.group(), _SCOPES[place.group()])


def corrupt_hedge(sentence: str, around: Around, draw: random.Random) -> Corruption | None:
    """A hedge taken out: “was allegedly sold” → “was sold”."""
    found = _HEDGE.search(sentence)
    if found is None or found.group().strip() in ("may", "might", "could", "suggest", "suggests", "seem", "seems"):
        return None
    return _changed("hedge", sentence, found.start(), found.group(), "")


MAKERS: tuple[Maker, ...] = (
    corrupt_number, corrupt_date, corrupt_name, corrupt_swap, corrupt_negation, corrupt_opposite, corrupt_scope,
    corrupt_hedge,
)  # fmt: skip


def name_places(sentence: str) -> list[tuple[int, str]]:
    """Where the names of a sentence begin and what they are; a single capitalised first word is none."""
    places: list[tuple[int, str]] = []
    for match in NAME.finditer(sentence):
        name, start = match.group(), match.start()
        first, _, rest = name.partition(" ")
        if first in _NOT_NAMES or (start == 0 and not is_content(first)):
            name, start = rest, start + len(first) + 1
        is_opening = start == 0 or sentence[:start].rstrip()[-1:] in (".", "!", "?", ":", "“", '"', "")
        if len(name) > 2 and is_content(name.split()[0]) and not (is_opening and " " not in name):
            places += [] if name in _NOT_NAMES else [(start, name)]
    return places


def names_of(sentences: Sequence[str]) -> tuple[str, ...]:
    """The names of a text, each once, in order."""
    return tuple(dict.fromkeys(name for sentence in sentences for _, name in name_places(sentence)))


def opposites_of(word: str) -> list[str]:
    """The words that the list of opposites puts against `word`."""
    return [] if word in UNCLEAR else [b if word == a else a for a, b in OPPOSITES if word in (a, b)]


def _changed(kind: Kind, sentence: str, start: int, was: str, now: str) -> Corruption:
    text = sentence[:start] + now + sentence[start + len(was) :]
    return Corruption(kind=kind, text=text, start=start, was=was, now=now)


def _other_number(was: str, draw: random.Random) -> str:
    if was.casefold() in SPELLED:
        now = draw.choice([word for word, n in SPELLED.items() if 2 <= n <= 60 and word != was.casefold()])
        return now.capitalize() if was[0].isupper() else now
    digits = re.sub(r"\D", "", was)
    value = int(digits)
    if draw.random() < 0.5 and value > 12:  # far off, else close by
        new = max(1, int(value * draw.choice((0.25, 0.4, 0.5, 0.7, 1.3, 1.5, 2, 3, 5))))
    else:
        new = max(1, value + draw.choice((-5, -3, -2, -1, 1, 2, 3, 4, 6)) * 10 ** max(0, len(digits) - 3))
    return _as_written(was, str(new))


def _as_written(was: str, digits: str) -> str:
    """The digits with the separators that `was` has, counted from the right."""
    marks = [(len(re.sub(r"\D", "", was[m.end() :])), m.group()) for m in re.finditer(r"\D", was)]
    for after, mark in sorted(marks):
        before = len(re.sub(r"\D", "", digits)) - after
        if before <= 0:
            return digits
        kept = [i for i, c in enumerate(digits) if c.isdigit()]
        digits = digits[: kept[before]] + mark + digits[kept[before] :]
    return digits


def _is_absent(number: str, evidence: str) -> bool:
    new = {value for values in numbers(number).values() for value in values}
    if not new:
        return number not in evidence
    return not any(new & values for values in numbers(evidence).values())
