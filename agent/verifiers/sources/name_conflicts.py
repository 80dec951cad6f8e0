"""Names that two sentences put in one role that only one can fill: who did it, where it is."""

import re
from collections.abc import Iterator

from ..reading.names import Name
from ..reading.terms import fold
from ..reading.words import HONORIFICS, word_set
from .beside import Beside, Clash
from .said import Said

Role = tuple[str, str]
"""What kind of role (`doer`, `place`, `office`) and of what: ("doer", "wrote"), whatever words the sentence has."""

# What one person or body does to one thing, so that two names for who did it cannot both be right; a line, one deed.
_DEEDS = """
    founded established founds
    directed directs
    wrote written writes penned authored
    invented invents
    discovered discovers
    designed designs
    composed composes
    painted paints
    created creates
    built constructed builds
    developed develops
    produced produces
    published publishes
    launched launches
    owns owned
    acquired bought purchased acquires
    led leads headed heads
    introduced introduces
    appointed appoints
    edited edits
    recorded
    defeated
    won wins
    killed assassinated murdered kills
    married
    commissioned
    sculpted
    hosted hosts
    narrated narrates
    crowned
    succeeded
    nominated
    pioneered
    sang sung sings
    performed performs
    portrayed portrays played
    broadcast aired broadcasts
"""
_PLACED = """
    born
    located situated lies stands
    based headquartered headquarters
    died
    held takes hosted took
    filmed shot
    raised
    buried
    founded established
    lives lived live
    opened
    built constructed
    native
    capital
"""
_OFFICES = """
    president
    director
    ceo executive
    chairman chairwoman chairperson chair
    coach
    producer
    author
    editor
    mayor
    founder
    minister
    manager
    captain
    king queen
    governor
    chancellor
    pioneer
    inventor
    champion winner
    capital
    owner
    singer vocalist
    secretary
    head leader
    architect
    composer
    creator
"""


def _first_of_line(table: str) -> dict[str, str]:
    lines = [line.split() for line in table.strip().splitlines()]
    return {word: line[0] for line in lines for word in line}


_DEED, _PLACING, _OFFICE = map(_first_of_line, (_DEEDS, _PLACED, _OFFICES))
_DONE_BY = {"author": "wrote", "founder": "founded", "inventor": "invented", "architect": "designed",
            "composer": "composed", "creator": "created", "director": "directed", "editor": "edited", "owner": "owns",
            "head": "led", "producer": "produced", "champion": "won"}  # fmt: skip
# "directed by the British director"
_BY = re.compile(r"\b(\w+)\s+by\s+(?:[\w-]+\s+){0,3}$", re.IGNORECASE)
_IN = re.compile(
    rf"\b(?:in|at|near)\s+(?:the\s+|[\w-]+\s+of\s+)?(?:(?:{'|'.join(HONORIFICS)})\b\.?\s*)*$", re.IGNORECASE
)
_FORMER = re.compile(r"\b(?:former|ex|late|vice|deputy|assistant)[\s-]+$", re.IGNORECASE)
_AFTER_OFFICE = frozenset(["of", "is", "was", "are", "were", "the", "a", "an", "currently", "now"])
_REGIONS = word_set(
    """
    usa us america england scotland wales ireland britain uk france germany italy spain portugal canada mexico
    brazil china japan india russia australia europe asia africa netherlands belgium switzerland austria sweden
    norway denmark finland poland greece turkey egypt israel texas california florida virginia georgia ohio
    illinois pennsylvania michigan massachusetts maryland tennessee kentucky alabama louisiana oregon washington
    arizona colorado utah nevada minnesota wisconsin missouri indiana iowa kansas nebraska oklahoma arkansas
    mississippi carolina dakota montana idaho wyoming hawaii alaska maine vermont hampshire jersey york delaware
    connecticut ontario quebec zealand korea
    """
)
_ENOUGH, _LEAST_SHARED = 0.55, 2.0
_REACH = 4


def name_conflicts(pair: Beside) -> Iterator[Clash]:
    """At most one pair of names, where the sentences agree in all else: their dates, numbers and other names."""
    if pair.shared_weight < _LEAST_SHARED:
        return
    mine, theirs = pair.names
    if not pair.without(mine, theirs).shares(_ENOUGH):
        return
    if not mine or not theirs or pair.are_of_two_times or pair.differ_in_numbers or pair.is_told_apart():
        return
    facing = [
        (one, other)
        for one in mine
        for other in theirs
        if (role := role_of(pair.one, one)) and role == role_of(pair.other, other) and _can_be_one(role, one, other)
    ]
    if len(facing) == 1:
        one, other = facing[0]
        yield Clash(kind="name", mine=one.text, theirs=other.text)


def role_of(said: Said, name: Name) -> Role | None:
    """The role that a name has in its sentence; None for one that many can have."""
    before = said.text[max(0, name.start - 70) : name.start]
    by = _BY.search(before)
    if by and (deed := _DEED.get(by[1].lower())):
        return "doer", deed
    at = said.words.at(name.start)
    if held := _is_office(said, said.words.at(name.end)):
        return held
    for number in range(at, said.words.at(name.end) - 1):  # "CEO Anna Berg"
        if said.words.folded[number] in _OFFICE and said.words.gap(number) == " ":
            at = number + 1
    if office := _office(said, at):
        return _as_deed(office)
    if _IN.search(before):
        placing = [_PLACING[word] for word in said.words.folded[max(0, at - 7) : at] if word in _PLACING]
        return ("place", placing[-1]) if placing else None
    after = said.words.at(name.end)
    deed = next((_DEED[word] for word in said.words.folded[after : after + 3] if word in _DEED), "")
    return ("doer", deed) if deed else None


def _as_deed(office: str) -> Role:
    """The author of a thing is who wrote it."""
    return ("doer", _DONE_BY[office]) if office in _DONE_BY else ("office", office)


def _is_office(said: Said, after: int) -> Role | None:
    """The office in "… is the author of", of the name that ends before the word `after`."""
    folded = said.words.folded[after : after + 5]
    if not folded or folded[0] not in ("is", "was") or not {"of", "is"} & set(folded):
        return None
    for number, word in enumerate(folded[1:-1], start=1):
        if word in _OFFICE and folded[number + 1] == "of":
            return _as_deed(_OFFICE[word])
        if word not in ("the", "a", "an"):
            return None
    return None


def _office(said: Said, at: int) -> str:
    """The office that stands right before the word `at`, "of", "is" and the like between them left out."""
    is_behind_verb = False
    for number in range(at - 1, max(-1, at - 1 - 2 * _REACH), -1):
        word = said.words.folded[number]
        is_behind_verb = is_behind_verb or word in ("is", "was")
        if is_behind_verb and said.words.written[number][0].isupper() and word not in _OFFICE:
            continue  # the capital of Norway is …
        if word in _OFFICE:
            is_held = not _FORMER.search(said.text[: said.words.starts[number]])
            return _OFFICE[word] if is_held else ""
        if word not in _AFTER_OFFICE:
            return ""
    return ""


def _can_be_one(role: Role, one: Name, other: Name) -> bool:
    """Of two places, one may lie in the other: a country and a town are no conflict."""
    if role[0] != "place":
        return True
    return (fold(one.words[-1]) in _REGIONS) == (fold(other.words[-1]) in _REGIONS)
