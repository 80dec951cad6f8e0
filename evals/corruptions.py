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

from ..agent.verifiers.reading.terms import fold, is_content, numbers
from ..agent.verifiers.reading.words import HEDGES
from .one_change import MONTH, MONTHS, WEEKDAYS, Corruption, changed_at, opposites_of
from .other_numbers import other


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a corruption may draw from: the `evidence`, which must not hold what is put in, and `names` of the text."""

    evidence: str
    names: tuple[str, ...] = ()


Maker = Callable[[str, Around, random.Random], Corruption | None]

YEAR = re.compile(r"(?<![\w.,$£€-])(?:1[5-9]\d\d|20[0-4]\d)(?!\w|[.,]\d|%| %)")
_DAY = re.compile("|".join(rf"(?<=\b{month} )\d{{1,2}}\b" for month in MONTHS) + rf"|\b\d{{1,2}}(?= (?:{MONTH})\b)")
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
_ANY_VERB = re.compile(r"\b(?:is|was|are|were|has|have|had|can|could|will|would|did|does|may|should)\b")
_ANY_NOT = re.compile(r"\b(?:not|never) ")
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

_NOT_NAMES = frozenset(
    (*MONTHS, *WEEKDAYS, "The", "This", "That", "These", "It", "He", "She", "They", "In", "On", "At")
)


def corruptions(sentence: str, around: Around, draw: random.Random) -> Iterator[Corruption]:
    """One corruption of each kind that the sentence allows, in random order."""
    for make in draw.sample(MAKERS, len(MAKERS)):
        if made := make(sentence, around, draw):
            yield made


def plain_corruptions(claim: str, draw: random.Random) -> Iterator[str]:
    """The claim with a negation put in or taken out, with an opposite, and with another whole number, as far as it can.

    What the weights of `lexical.json` were fitted beside; nothing looks whether the evidence says the same.
    """
    verb = _ANY_VERB.search(claim)
    if _ANY_NOT.search(claim):
        yield _ANY_NOT.sub("", claim, count=1)
    elif verb and " no " not in claim:
        yield f"{claim[: verb.end()]} not{claim[verb.end() :]}"
    turned = [(m, o) for m in re.finditer(r"[A-Za-z]+", claim) for o in opposites_of(m.group().lower())]
    if turned:
        word, opposite = draw.choice(turned)
        yield claim[: word.start()] + opposite + claim[word.end() :]
    if figures := list(re.finditer(r"\b\d+\b", claim)):
        figure = draw.choice(figures)
        yield f"{claim[: figure.start()]}{int(figure.group()) + draw.choice((1, 2, 3, 10, -1))}{claim[figure.end() :]}"


def corrupt_number(sentence: str, around: Around, draw: random.Random) -> Corruption | None:
    """Another number in the same notation, which the evidence does not hold; years and days are dates."""
    dates = {m.start() for pattern in (YEAR, _DAY) for m in pattern.finditer(sentence)}
    places = [m for m in _FIGURE.finditer(sentence) if m.start() not in dates]
    places += [m for m in _SPELLED.finditer(sentence) if m.group() != m.group().upper()]
    if not places:
        return None
    place = draw.choice(places)
    for _ in range(8):
        now = other(place.group(), draw)
        if _is_absent(now, around.evidence):
            return changed_at("number", sentence, place.start(), place.group(), now)
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
            return changed_at("date", sentence, place.start(), was, now)
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
    return changed_at("name", sentence, start, was, draw.choice(alike)) if alike else None


def corrupt_swap(sentence: str, around: Around, draw: random.Random) -> Corruption | None:
    """The first two names in each other's place, with the words between them (“A beat B” → “B beat A”)."""
    places = name_places(sentence)
    for (start, left), (then, right) in pairwise(places):
        between = sentence[start + len(left) : then]
        is_list = re.fullmatch(r",? (?:and |or |& )?|, ", between) is not None
        if not is_list and fold(left) != fold(right) and 4 < len(between) < 60:
            was = sentence[start : then + len(right)]
            return changed_at("swap", sentence, start, was, right + between + left)
    return None


def corrupt_negation(sentence: str, around: Around, draw: random.Random) -> Corruption | None:
    """A negation taken out, or put in after the first auxiliary."""
    if found := _NOT.search(sentence):
        if sentence[found.start() - 2 : found.start()] in ("ca", "wo"):  # can't, won't
            return None
        return changed_at("negation", sentence, found.start(), found.group(), "")
    verb = _VERB.search(sentence)
    if verb is None or re.search(r"\b(?:no|nor|none|neither)\b", sentence):
        return None
    return changed_at("negation", sentence, verb.end(), "", " not")


def corrupt_opposite(sentence: str, around: Around, draw: random.Random) -> Corruption | None:
    """A word turned into its opposite."""
    turned = [(m, o) for m in re.finditer(r"(?<![\w-])[a-z]+(?![\w-])", sentence) for o in opposites_of(m.group())]
    if not turned:
        return None
    word, opposite = draw.choice(turned)
    return changed_at("opposite", sentence, word.start(), word.group(), opposite)


def corrupt_scope(sentence: str, around: Around, draw: random.Random) -> Corruption | None:
    """`some` said of all, `more than` of fewer, `may` of must."""
    places = list(_SCOPE.finditer(sentence))
    if not places:
        return None
    place = draw.choice(places)
    return changed_at("scope", sentence, place.start(), place.group(), _SCOPES[place.group()])


def corrupt_hedge(sentence: str, around: Around, draw: random.Random) -> Corruption | None:
    """A hedge taken out: “was allegedly sold” → “was sold”."""
    found = _HEDGE.search(sentence)
    if found is None or found.group().strip() in ("may", "might", "could", "suggest", "suggests", "seem", "seems"):
        return None
    return changed_at("hedge", sentence, found.start(), found.group(), "")


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


def _is_absent(number: str, evidence: str) -> bool:
    new = {value for values in numbers(number).values() for value in values}
    if not new:
        return number not in evidence
    return not any(new & values for values in numbers(evidence).values())
