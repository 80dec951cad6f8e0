"""What a claim says the other way round than its source: who did it to whom, what came first, what caused what.

Rules for English, made to be right when they speak: the same verb or connective must stand between the same words.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Literal

from .reading.clauses import is_finite
from .reading.reads import Read
from .reading.terms import Words, fold, stem, words
from .reading.words import word_set

Found = tuple[str, str]
"""The verb or connective as the claim has it, and as the source has it."""

# Verbs that hold both ways, stand before their subject, or take none of the things around them as an object.
_BOTH_WAYS = word_set(
    """
    is was are were be been being am has had have having did does do can could will would may might must shall should
    said says told tells asked added replied wrote writes became become becomes began begins met meets married marries
    faced faces fought fights lies lay stood stands sat sits came comes went goes played plays died lived moved merged
    agreed signed tied drew draws resembled resembles linked related associated compared differed shared shares named
    called based located situated included includes contains consists covers remained remains seems seemed appears
    appeared looked felt feels rose rises fell falls grew grows increased decreased continued started ended opened
    closed equals used spoke speaks talked corresponded collaborated interacted alternated intersected separated joined
    mixed combined replaced succeeded received
    """
)
# Present tenses of verbs with an object; the past tenses are known by their ending.
_PRESENT = word_set(
    """
    causes leads blames owns controls defeats beats attacks criticises criticizes praises sues accuses pays teaches
    influences inspires protects hires arrests kills eats hunts invades conquers rules governs employs advises trains
    treats rejects loves hates admires betrays supports opposes produces triggers prevents inhibits activates regulates
    bought taught hired fired paid sued warned
    """
)
_CLAUSE_ENDS = word_set(
    """
    and but or nor when while as after before because since until if unless though although whereas who whom whose
    which that where than then so
    """
)
_PREPOSITIONS = word_set(
    """
    in on at to for from with by into onto over under through during across against about between within without upon
    towards toward near despite following via per outside inside along around behind beyond
    """
)
_AUXILIARIES = word_set("is was are were be been being get got gets")
_REACH, _VERBS = 9, 60
_TWO, _NEARLY_ALL = 2, 0.8
_CLAUSES = re.compile(r";\s+|,\s+(?:and|but|while|whereas|then|though|although)\s+|\s(?:while|whereas)\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Deed:
    """A verb between what does it (`doer`) and what it is done to: `object` right after it, `rest` all that follows."""

    verb: str
    preposition: str
    doer: frozenset[str]
    object: frozenset[str]
    rest: frozenset[str]


Family = Literal["time", "cause"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Link:
    """Two stretches of a sentence, what comes first in time or is the cause, and what comes of it."""

    family: Family
    written: str
    first: frozenset[str]
    second: frozenset[str]


def exchanged(said: Read, focus: Sequence[Read]) -> list[Found]:
    """Verbs whose doer and object stand in each other's place: "A beat B" for "B beat A"."""
    theirs = [deed for source in focus[:2] for deed in _deeds(source.text)]
    if not theirs:
        return []
    return [
        (mine.verb, mine.verb)
        for mine in _deeds(said.text)
        if any(_is_turned(mine, each) for each in theirs) and not any(_is_straight(mine, each) for each in theirs)
    ]


def relinked(said: Read, focus: Sequence[Read]) -> list[Found]:
    """Connectives whose sides stand in each other's place: "B before A" for "A before B", "B because A"."""
    return [
        (mine.written, theirs.written)
        for mine in _links(said.text)
        for source in focus[:2]
        for theirs in _links(source.text)
        if mine.family == theirs.family
        and (_tells(mine.first, theirs.second) and _tells(mine.second, theirs.first))
        and not (_tells(mine.first, theirs.first) and _tells(mine.second, theirs.second))
    ]


def said_of_another(said: Read, focus: Sequence[Read]) -> list[Found]:
    """What the source says of somebody else: all but the subject stands in a clause that has another name for it."""
    mine = _subject(said.text)
    if mine is None or not mine[1]:
        return []
    subject, rest = mine
    for source in focus[:2]:
        told = [clause for clause in map(_subject, _CLAUSES.split(source.text)) if clause]
        if len(told) < _TWO or not subject <= source.stem_set:
            continue
        fits = [(theirs, words) for theirs, words in told if len(rest & words) >= _NEARLY_ALL * len(rest)]
        if fits and all(theirs.isdisjoint(subject) and words.isdisjoint(subject) for theirs, words in fits):
            names = " ".join(sorted(fits[0][0]))
            return [(" ".join(sorted(subject)), names)]
    return []


def _subject(text: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """The stems of the name that a clause begins with, and of its other content words; None if it begins otherwise."""
    told = Words(text)
    verb = next((n for n, word in enumerate(told.written[:8]) if n and (is_finite(word) or word in _AUXILIARIES)), 0)
    before = [n for n in range(verb) if told.is_content[n]]
    if (
        not before
        or not all(told.written[n][0].isupper() for n in before)
        or any("," in told.gap(n) for n in range(verb))
    ):
        return None
    rest = frozenset(told.stems[n] for n in range(verb, len(told)) if told.is_content[n])
    return frozenset(told.stems[n] for n in before), rest


def _is_turned(mine: _Deed, theirs: _Deed) -> bool:
    if stem(mine.verb) != stem(theirs.verb) or mine.preposition != theirs.preposition:
        return False
    is_object_doer = 2 * len(mine.object & theirs.doer) >= len(mine.object) > 0
    is_doer_object = 2 * len(mine.doer & theirs.rest) >= len(mine.doer) > 0
    return (
        is_object_doer and is_doer_object and mine.doer.isdisjoint(theirs.doer) and mine.object.isdisjoint(theirs.rest)
    )


def _is_straight(mine: _Deed, theirs: _Deed) -> bool:
    if stem(mine.verb) != stem(theirs.verb):
        return False
    return not (mine.doer.isdisjoint(theirs.doer) or mine.object.isdisjoint(theirs.rest))


@lru_cache(maxsize=2_048)
def _deeds(text: str) -> tuple[_Deed, ...]:
    told = Words(text)
    verbs = (
        place for place, word in enumerate(told.written)
        if word not in _BOTH_WAYS and (is_finite(word) or word in _PRESENT)
    )  # fmt: skip
    return tuple(deed for place in islice(verbs, _VERBS) if (deed := _deed(told, place)))


def _deed(told: Words, place: int) -> _Deed | None:
    before = list(_before(told, place))
    is_by = place + 1 < len(told) and told.folded[place + 1] == "by"
    if not is_by and any(told.folded[number] in _AUXILIARIES for number in before[:3]):
        return None
    after = list(_after(told, place + (2 if is_by else 1)))
    preposition = told.folded[after[0]] if after and told.folded[after[0]] in _PREPOSITIONS and not is_by else ""
    close = after[1:] if preposition else after
    end = next((n for n, number in enumerate(close) if told.folded[number] in _PREPOSITIONS), len(close))
    doer, object_, rest = (_content(told, numbers) for numbers in (before, close[:end], close))
    if is_by:
        return _Deed(verb=told.folded[place], preposition="", doer=object_, object=doer, rest=doer)
    return _Deed(verb=told.folded[place], preposition=preposition, doer=doer, object=object_, rest=rest)


def _before(told: Words, place: int) -> Iterator[int]:
    """The numbers of the words before a verb, the nearest first, as far as its clause and its noun go."""
    for number in range(place - 1, max(-1, place - 1 - _REACH), -1):
        if told.folded[number] in _CLAUSE_ENDS or not _is_gap(told.gap(number)):
            return
        yield number


def _after(told: Words, place: int) -> Iterator[int]:
    for number in range(place, min(len(told), place + _REACH)):
        if told.folded[number] in _CLAUSE_ENDS or not _is_gap(told.gap(number - 1)):
            return
        yield number


def _is_gap(text: str) -> bool:
    return not text.strip(" \u00a0\"“”'’‘&-/") or text == ". "


def _content(told: Words, numbers: Sequence[int]) -> frozenset[str]:
    return frozenset(
        told.stems[number] for number in numbers if told.is_content[number] and not told.folded[number].endswith("ly")
    )


_CONNECTIVES: tuple[tuple[Family, bool, str], ...] = (
    ("time", True, r"before|, (?:and )?(?:then|later|afterwards?|subsequently)"),
    ("time", False, r"after|following"),
    ("cause", True, r"caus(?:es|ed|ing)|l(?:eads?|ed|eading) to|result(?:s|ed|ing) in|so that|which is why|made|makes"),
    ("cause", False, r"because(?: of)?|due to|owing to|thanks to|(?:was|were|is|are) caused by|resulted from"
                     r"|as a result of"),
)  # fmt: skip
_LINKING: tuple[tuple[Family, bool, re.Pattern[str]], ...] = tuple(
    (family, is_forward, re.compile(rf"(?:(?<=\s)|^|(?=,))(?P<link>{words})\b", re.IGNORECASE))
    for family, is_forward, words in _CONNECTIVES
)
_IDLE = word_set("which and this that it in turn also then has have had")
# A connective links what stands this many characters around it, and of a sentence without end only the first count.
_STRETCH, _MOST = 400, 8


@lru_cache(maxsize=2_048)
def _links(text: str) -> tuple[_Link, ...]:
    return tuple(
        link
        for family, is_forward, pattern in _LINKING
        for match in islice(pattern.finditer(text), _MOST)
        if (link := _link(text, family, match, is_forward))
    )


def _link(text: str, family: Family, match: re.Match[str], is_forward: bool) -> _Link | None:
    before, after = text[max(0, match.start() - _STRETCH) : match.start()], text[match.end() : match.end() + _STRETCH]
    left, right = re.split(r"[;:]", before)[-1], re.split(r"[;:]|,\s", after, maxsplit=1)
    if not left.strip():  # "After the vote, they left."
        left = right[1] if len(right) > 1 else ""
    elif _IDLE.issuperset(map(fold, words(left.rpartition(",")[2]))):
        left = left.rpartition(",")[0]
    sides = (frozenset(Read(left).content), frozenset(Read(right[0]).content))
    own = frozenset(map(stem, match["link"].split()))
    mine, theirs = sides[0] - sides[1] - own, sides[1] - sides[0] - own
    if not mine or not theirs:
        return None
    first, second = (mine, theirs) if is_forward else (theirs, mine)
    return _Link(family=family, written=fold(match["link"].strip(", ")), first=first, second=second)


def _tells(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether one holds at least half of the other's words, or the other half of its."""
    return 2 * len(one & other) >= min(len(one), len(other)) > 0
