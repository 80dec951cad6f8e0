"""Pairs of statements that contradict each other, and pairs that only look as if they did, made from real sentences.

| what is paired with a sentence | label |
|---|---|
| itself with a number, date, name or polarity changed (`fact_changes`), told otherwise (`reshaping`) | contradiction |
| itself, told otherwise | none |
| itself with its number rounded ("about 500" for 512), bounded ("more than 500"), or converted (km to miles) | none |
| itself with its date less exact (May 2012 for 3 May 2012) | none |
| itself of another year, with another number | none |
| itself of somebody else, with and without another number | none |
| itself changed, but only supposed ("If …", "allegedly …"), or told in order to deny it | none |
| itself of a part of what is counted ("3 of the 12 members") | none |
| another sentence of its document, the one that shares most words with it | none |

The sentences are those of WiCE's web pages, ClapNQ's passages and FoolMeTwice's evidence. Documents are parted into
development and held-out ones by a hash, so no sentence, page or pool of names is on both sides.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from random import Random

from ..agent.verifiers.reading.terms import is_content, stem, words
from ..retrievers.sentences import sentence_spans
from .datasets import read_rows
from .fact_changes import CHANGERS, Pools, change_number, pools
from .reshaping import reshaped

SEED = 11
_A_DOCUMENT = 25  # sentences taken from one document at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two statements of different pages with the same title, how the second was made, and whether they contradict."""

    first: str
    second: str
    title: str
    origin: str
    is_conflict: bool
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The sentences of one page that are taken."""

    id: str
    title: str
    sentences: tuple[str, ...]


def is_held_out(document: str) -> bool:
    """Two documents in five are."""
    return blake2b(f"{SEED}:{document}".encode(), digest_size=2).digest()[0] % 5 < 2


def read_documents(folder: Path) -> tuple[Document, ...]:
    """The documents of the three sets under `folder` (`…/data`)."""
    found: list[Document] = []
    for row in read_rows(folder / "claims/wice/pages.jsonl.gz"):
        lines = [line for line in row["sentences"] if not line.startswith("(meta data)")]
        found.append(_document(f"wice:{row['page_id']}", row["title"], lines))
    for row in read_rows(folder / "qa/clapnq/passages.jsonl.gz"):
        text = row["text"]
        lines = [text[start:end] for start, end in sentence_spans(text)]
        found.append(_document(f"clapnq:{row['title']}", row["title"], lines))
    evidence: dict[str, list[str]] = defaultdict(list)
    for row in read_rows(folder / "claims/fm2/items.jsonl"):
        evidence[row["wikipedia_page"]] += [part["text"] for part in row["retrieved_evidence"]]
    found += [_document(f"fm2:{title}", title, lines) for title, lines in evidence.items()]
    return tuple(document for document in found if document.sentences)


def _document(name: str, title: str, lines: Sequence[str]) -> Document:
    kept = [line for line in dict.fromkeys(map(str.strip, lines)) if _is_statement(line)]
    Random(f"{SEED}:{name}").shuffle(kept)
    return Document(id=name, title=title, sentences=tuple(kept[:_A_DOCUMENT]))


def _is_statement(line: str) -> bool:
    """A whole sentence of prose that tells something: no question, no headline, nobody speaking of himself."""
    return (
        60 <= len(line) <= 280
        and line[0].isupper()
        and line.endswith(".")
        and not re.search(
            r"\b(?:I|we|We|my|our|you|You|your)\b|[|{}<>@]|https?:|\bif\b|\bmay\b|\bmight\b|\bcould\b", line
        )
        and sum(map(str.isalpha, line)) > 0.7 * len(line)
    )


def made_pairs(documents: Sequence[Document], each: int) -> tuple[Pair, ...]:
    """Up to `each` contradictions of each kind, and as many pairs in all that are none, evenly of each kind."""
    known = pools([sentence for document in documents for sentence in document.sentences])
    draw = Random(SEED)
    conflicts = _by_origin(pair for document in documents for pair in _conflicts(document, known, draw))
    others = _by_origin(pair for document in documents for pair in _no_conflicts(document, known, draw))
    chosen = [pair for pairs in conflicts.values() for pair in _sample(pairs, each, draw)]
    return (*chosen, *_evenly(others, len(chosen), draw))


def _evenly(pairs: dict[str, list[Pair]], count: int, draw: Random) -> Iterator[Pair]:
    """`count` pairs, as many of each kind as there are, what a scarce kind lacks made up for by the others."""
    kinds = sorted(pairs.values(), key=len)
    for number, each in enumerate(kinds):
        taken = _sample(each, round(count / (len(kinds) - number)), draw)
        count -= len(taken)
        yield from taken


def _sample(pairs: list[Pair], most: int, draw: Random) -> list[Pair]:
    return draw.sample(pairs, min(most, len(pairs)))


def _by_origin(pairs: Iterator[Pair]) -> dict[str, list[Pair]]:
    found: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        found[pair.origin].append(pair)
    return dict(sorted(found.items()))


def _conflicts(document: Document, known: Pools, draw: Random) -> Iterator[Pair]:
    for sentence in document.sentences:
        for kind, changer in CHANGERS.items():
            if change := changer(sentence, draw, known):
                second = reshaped(change.text, draw, change.now)
                yield _pair(document, sentence, second, kind, is_conflict=True)


def _no_conflicts(document: Document, known: Pools, draw: Random) -> Iterator[Pair]:
    ways: dict[str, Callable[[str, Random, Pools], str | None]] = {
        "told otherwise": lambda text, draw, _: reshaped(text, draw),
        "rounded or bounded": _rounded,
        "converted": _converted,
        "vaguer date": _vaguer_date,
        "other year": _other_year,
        "other entity": _other_entity,
        "supposed": _supposed,
        "denied": _denied,
        "part": _part,
    }
    for sentence in document.sentences:
        for origin, way in ways.items():
            second = way(sentence, draw, known)
            if second and second != sentence:
                told = reshaped(second, draw) if origin not in ("told otherwise", "supposed", "denied") else second
                yield _pair(document, sentence, told, origin, is_conflict=False)
    yield from _other_facts(document)


def _pair(document: Document, first: str, second: str, origin: str, *, is_conflict: bool) -> Pair:
    return Pair(
        first=first, second=second, title=document.title, origin=origin, is_conflict=is_conflict, document=document.id
    )


_LARGE = re.compile(
    r"(?<![\w.,/:$€£#–-])(?P<n>\d{1,3}(?:,\d{3})+|[2-9]\d{2,}|1\d{4,})(?= (?!January|March|May)[a-z]{3,})"
)
_YEAR = re.compile(r"\b(?P<lead>in|In|of|since|by|from) (?P<y>1[5-9]\d{2}|20[0-2]\d)\b(?![-–]\d)")
_DATE = re.compile(
    r"\bon (?P<m>[A-Z][a-z]{2,8}) (?P<d>\d{1,2}), (?P<y>\d{4})"
    r"|\bon (?P<d2>\d{1,2}) (?P<m2>[A-Z][a-z]{2,8}) (?P<y2>\d{4})"
)
_UNITS = {"km": ("miles", 0.621371), "kilometres": ("miles", 0.621371), "kilometers": ("miles", 0.621371),
          "miles": ("km", 1.609344), "feet": ("metres", 0.3048), "metres": ("feet", 3.28084),
          "meters": ("feet", 3.28084),
          "kg": ("lb", 2.20462), "acres": ("hectares", 0.404686), "hectares": ("acres", 2.47105),
          "months": ("weeks", 4.345), "weeks": ("days", 7.0), "hours": ("minutes", 60.0)}  # fmt: skip
_MEASURED = re.compile(rf"(?<![\w.,-])(?P<n>\d+(?:\.\d+)?)(?P<s>[ -])(?P<u>{'|'.join(_UNITS)})\b")
_SUBJECT = re.compile(r"^(?P<n>[A-Z][a-z]+(?: [A-Z][a-zA-Z.]+)+) (?=(?:has an?|had an?|is an?|was an?|lives|lived"
                      r"|played|scored|attended"
                      r"|studied|worked|appeared|said|began|sold|reported|employs|plays|works)\b)")  # fmt: skip
_PLURAL = re.compile(r"\b(?P<n>\d{1,3}(?:,\d{3})*) (?P<what>[a-z]{3,}s)\b")


def _rounded(text: str, draw: Random, _: Pools) -> str | None:
    place = _LARGE.search(text)
    if not place or re.fullmatch(r"1[5-9]\d\d|20[0-2]\d", place["n"]):
        return None
    value = int(place["n"].replace(",", ""))
    size = 10 ** (len(str(value)) - 2)
    near, below = round(value / size) * size, value // size * size
    now = draw.choice(
        [f"about {near:,}", f"roughly {near:,}", f"more than {below:,}", f"at least {below:,}", f"over {below:,}"]
    )
    return text[: place.start()] + now + text[place.end() :] if below < value else None


def _converted(text: str, draw: Random, _: Pools) -> str | None:
    place = _MEASURED.search(text)
    if not place:
        return None
    unit, factor = _UNITS[place["u"]]
    value = float(place["n"]) * factor
    digits = 1 if value < 20 else 0
    return f"{text[: place.start()]}{value:.{digits}f}{place['s']}{unit}{text[place.end() :]}"


def _vaguer_date(text: str, draw: Random, _: Pools) -> str | None:
    place = _DATE.search(text)
    if not place:
        return None
    month, year = place["m"] or place["m2"], place["y"] or place["y2"]
    return text[: place.start()] + draw.choice([f"in {month} {year}", f"in {year}"]) + text[place.end() :]


def _other_year(text: str, draw: Random, known: Pools) -> str | None:
    place = _YEAR.search(text)
    changed = change_number(text, draw, known)
    if not place or not changed:
        return None
    at = _YEAR.search(changed.text)
    other = str(int(place["y"]) + draw.choice([-4, -2, -1, 1, 2, 4]))
    return changed.text[: at.start("y")] + other + changed.text[at.end("y") :] if at else None


def _other_entity(text: str, draw: Random, known: Pools) -> str | None:
    place = _SUBJECT.match(text)
    others = [name for role in ("did", "office") for name in known.names[role]]
    others = [name for name in others if place and not set(name.split()) & set(text.split())]
    if not place or not others:
        return None
    now = draw.choice(others) + text[place.end("n") :]
    changed = change_number(now, draw, known)
    return changed.text if changed and draw.random() < 0.6 else now


def _changed(text: str, draw: Random, known: Pools) -> str | None:
    changes = [change for changer in CHANGERS.values() if (change := changer(text, draw, known))]
    return draw.choice(changes).text if changes else None


def _supposed(text: str, draw: Random, known: Pools) -> str | None:
    changed = _changed(text, draw, known)
    frame = draw.choice(
        [
            "If {}, much would be different.",
            "It was alleged that {}.",
            "It is not known whether {}.",
            "Had it been said that {}, nobody might have believed it.",
            "Some predicted that {}.",
        ]
    )
    return frame.format(_inner(changed)) if changed else None


def _denied(text: str, draw: Random, known: Pools) -> str | None:
    changed = _changed(text, draw, known)
    frame = draw.choice(["Claims that {} are false.", "It is not true that {}.", "The report that {} was incorrect.",
                         "A spokesman denied that {}.", "The rumour that {} has been debunked."])  # fmt: skip
    return frame.format(_inner(changed)) if changed else None


def _inner(text: str) -> str:
    first = text.split(" ")[0]
    body = text.rstrip(".")
    return body[0].lower() + body[1:] if first in ("The", "A", "An", "In", "On", "It", "He", "She", "They") else body


def _part(text: str, draw: Random, _: Pools) -> str | None:
    place = _PLURAL.search(text)
    if not place or int(place["n"].replace(",", "")) < 4:
        return None
    whole = int(place["n"].replace(",", ""))
    some = max(2, int(whole * draw.choice([0.2, 0.4, 0.5])))
    return f"{text[: place.start()]}{some:,} of the {place['n']} {place['what']}{text[place.end() :]}"


def _other_facts(document: Document) -> Iterator[Pair]:
    """Each sentence beside the one of its document that shares most words with it."""
    stems = [frozenset(stem(word) for word in words(line) if is_content(word)) for line in document.sentences]
    for number, sentence in enumerate(document.sentences):
        others = [n for n in range(len(stems)) if n != number]
        if others:
            nearest = max(others, key=lambda n: len(stems[n] & stems[number]))
            yield _pair(document, sentence, document.sentences[nearest], "other fact", is_conflict=False)
