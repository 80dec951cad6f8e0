"""Real sentences with one fact changed, and the same sentences told otherwise with no fact changed."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from ..agent.verifiers.reading.words import OPPOSITES, word_set
from .one_change import MONTH, MONTHS, Corruption, Kind, changed_at
from .other_numbers import clearly_other

_COUNT = re.compile(
    r"(?<![\w.,/:$€£#-])(?P<n>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?= (?!years? ago|January|February|March|April|May"
    r"|June|July"
    r"|August|September|October|November|December|am\b|pm\b|a\.m|p\.m|and\b|in\b|of\b|to\b|by\b|at\b|on\b)[a-z]{3,})"
)
_MONEY = re.compile(r"[$€£](?P<n>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?![\d-])")
_SHARE = re.compile(r"(?<![\w.,/–-])(?P<n>\d+(?:\.\d+)?)(?=%| per ?cent)")
_SPELLED = re.compile(
    r"\b(?P<n>two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty) (?=[a-z]{4,}s\b)"
)
_DAY = re.compile(
    rf"\b(?P<m>{MONTH}) (?P<d>\d{{1,2}})(?P<rest>, (?P<y>\d{{4}}))?\b"
    rf"|\b(?P<d2>\d{{1,2}}) (?P<m2>{MONTH})(?P<rest2> (?P<y2>\d{{4}}))?\b"
)
_YEAR = re.compile(r"\b(?P<lead>in|In|since|Since|of|by|until|from) (?P<y>1[5-9]\d{2}|20[0-2]\d)\b(?![-–]\d)")
_HAPPENED = re.compile(
    r"\b(?:was|were|been|is) \w+(?:ed|orn|ound|uilt|ritten|iven|aken|hosen|old|ade|old)\b|\b(?:founded|established"
    r"|opened"
    r"|released|published|signed|married|elected|launched|built|completed|appointed|announced|joined|moved|died"
    r"|received"
    r"|premiered|debuted|aired|wrote|arrested|graduated|created|introduced|acquired|formed|began|ended|started|retired"
    r"|resigned|became|died|discovered|bought|sold to|filed|closed|arrived|returned|recorded|adopted|approved)\b"
)  # fmt: skip
_COUNTED_BY_YEAR = re.compile(
    r"\b(?:population|census|revenue|sales|average|profit|attendance|rate|total|percent|per cent|income|earned"
    r"|scored|won"
    r"|season|annual|estimated|ranked|finished|seasons|games|played|nominat\w+)\b|%",
    re.IGNORECASE,
)
_BY = re.compile(r"\b(?P<role>(?:directed|written|founded|designed|produced|composed|discovered|invented|created"
                 r"|painted"
                 r"|published|developed|built|established|owned|acquired|recorded|played|performed|edited|led|launched"
                 r"|introduced|appointed|bought|defeated"
                 r"|killed) by) (?P<n>[A-Z][a-z]+(?: [A-Z][a-zA-Z.]+){0,2})(?=[ ,.;])")  # fmt: skip
_PLACE = re.compile(r"\b(?P<role>(?:born|located|based|headquartered|situated|died|held|filmed|raised|buried|founded"
                    r"|lives"
                    r"|grew up|opened|live) (?:in|at"
                    r"|near)) (?P<n>[A-Z][a-z]+(?: [A-Z][a-z]+){0,2})(?=[ ,.;])")  # fmt: skip
_OFFICE = re.compile(r"\b(?P<role>(?:[Pp]resident|[Dd]irector|CEO|[Cc]hairman|[Cc]oach|[Pp]roducer|[Aa]uthor"
                     r"|[Ee]ditor|[Mm]ayor"
                     r"|[Ff]ounder|[Mm]inister|[Mm]anager"
                     r"|[Cc]aptain)) (?P<n>[A-Z][a-z]+ [A-Z][a-z]+)(?=[ ,.;])")  # fmt: skip
_DID = re.compile(r"^(?P<n>[A-Z][a-z]+ [A-Z][a-z]+) (?=(?:founded|wrote|directed|invented|discovered|designed"
                  r"|composed|painted"
                  r"|created|won|produced|played|published|established|developed|led|defeated|killed)\b)")  # fmt: skip
_VERB = re.compile(r"\b(?:is|was|are|were|has|have|had|can|could|will|would)\b(?! (?:not|no|never)\b)(?!n't)")
_NOT = re.compile(r"\b(?P<verb>is|was|are|were|has|have|had|can|could|will|would|did|does|do) not ")
# Opposites that change the sense of nearly any sentence they stand in.
_TURNING = word_set(
    """
    increase decrease increased decreased rise fall grew shrank higher lower more less win lose won lost victory
    defeat gain loss succeed fail passed failed support oppose supported opposed accept reject accepted rejected
    approve approved allow ban positive negative better worse best worst north south east west northern southern
    eastern western male female public private alive dead guilty acquitted legal illegal largest smallest
    highest lowest major minor first last oldest youngest early late married divorced urban rural safe dangerous
    strong weak possible impossible
    """
)


Changer = Callable[[str, Random, "Pools"], Corruption | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pools:
    """Names by the role they stood in (`by`, `place`, `office`, `did`), to put in another's place."""

    names: dict[str, tuple[str, ...]]


def pools(sentences: Sequence[str]) -> Pools:
    """The names that these sentences hold in the roles that are changed."""
    found = {
        role: tuple(sorted({m["n"] for sentence in sentences for m in pattern.finditer(sentence)}))
        for role, pattern in _ROLES.items()
    }
    return Pools(names=found)


_ROLES = {"by": _BY, "place": _PLACE, "office": _OFFICE, "did": _DID}


def change_number(text: str, draw: Random, _: Pools) -> Corruption | None:
    """Another count, amount or share, at least a sixth away."""
    places = [m for pattern in (_COUNT, _MONEY, _SHARE, _SPELLED) for m in pattern.finditer(text)]
    places = [
        m for m in places if not re.fullmatch(r"1[5-9]\d\d|20[0-2]\d|0|1", m["n"]) and not _is_named(text, m.start())
    ]
    if not places:
        return None
    place = draw.choice(places)
    now = clearly_other(place["n"], draw)
    return _put(text, place.span("n"), now, "number") if now else None


def _is_named(text: str, start: int) -> bool:
    """True for the 5 of Channel 5."""
    before = text[:start].split(" ")
    return len(before) > 2 and before[-1] == "" and before[-2][:1].isupper()


def change_date(text: str, draw: Random, _: Pools) -> Corruption | None:
    """Another day, month or year of something that happened; years that only say when something was counted stay."""
    if not _HAPPENED.search(text) or _COUNTED_BY_YEAR.search(text):
        return None
    found = [*_DAY.finditer(text), *_YEAR.finditer(text)]
    if not found:
        return None
    place = draw.choice(found)
    if place.re is _YEAR:
        year = int(place["y"])
        other = year + draw.choice([-9, -5, -3, -2, -1, 1, 2, 3, 5])
        return _put(text, place.span("y"), str(other), "date")
    day, month = ("d", "m") if place["d"] else ("d2", "m2")
    if draw.random() < 0.5:
        others = [number for number in range(1, 29) if number != int(place[day])]
        return _put(text, place.span(day), str(draw.choice(others)), "date")
    return _put(text, place.span(month), draw.choice([m for m in MONTHS if m != place[month]]), "date")


def change_name(text: str, draw: Random, known: Pools) -> Corruption | None:
    """Another name for who did it or where it is, in roles that only one can fill."""
    found = [(role, m) for role, pattern in _ROLES.items() for m in pattern.finditer(text)]
    if not found:
        return None
    role, place = draw.choice(found)
    words = set(re.findall(r"\w+", text))
    others = [name for name in known.names[role] if not set(name.split()) & words]
    return _put(text, place.span("n"), draw.choice(others), "name") if others else None


def change_polarity(text: str, draw: Random, _: Pools) -> Corruption | None:
    """A negation put in or taken out, or a word turned into its opposite."""
    turned = [
        (m, b if m.group() == a else a)
        for m in re.finditer(r"\b[a-z]+\b", text)
        if m.group() in _TURNING and text[m.end() : m.end() + 1] not in "-'’"
        for a, b in OPPOSITES
        if m.group() in (a, b) and {a, b} <= _TURNING
    ]
    if turned and draw.random() < 0.6:
        place, opposite = draw.choice(turned)
        return _put(text, place.span(), opposite, "polarity")
    if negation := _NOT.search(text):
        return _put(text, negation.span(), f"{negation['verb']} ", "polarity")
    verb = _VERB.search(text)
    return _put(text, verb.span(), f"{verb.group()} not", "polarity") if verb else None


CHANGERS: dict[str, Changer] = {
    "number": change_number,
    "date": change_date,
    "name": change_name,
    "polarity": change_polarity,
}


def _put(text: str, span: tuple[int, int], now: str, kind: Kind) -> Corruption:
    return changed_at(kind, text, span[0], text[slice(*span)], now)
