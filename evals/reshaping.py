"""The same statement in other words: what another writer does to a sentence without changing its facts.

`paraphrases` makes claims, which may say less than their source; here is what a second source says of the same thing.
The figures of docs/verification.md on contradictions stand on these wordings.
"""

import re
from random import Random

from .one_change import MONTH

_SAYS = (
    "According to local records, {}",
    "Officials confirmed that {}",
    "A later report noted that {}",
    "It is known that {}",
    "As the archive shows, {}",
    "Several outlets wrote that {}",
    "{}, the report said",
    "{}, records show",
)
_SYNONYMS = tuple(
    (one, other)
    for one, _, other in (
        pair.strip().partition("/")
        for pair in [
            "\n        began/started",
            "built/constructed",
            "bought/purchased",
            "died/passed away",
            "approximately/about",
            "large/big",
            "received/was given\n        ",
            "located/situated",
            "established/set up",
            "famous/well-known",
            "assist/help",
            "children/kids",
            "required/needed",
            "ended/finished\n        ",
            "many/numerous",
            "movie/film",
            "show/programme",
            "additionally/also",
            "however/but",
            "United States/US",
            "people/persons\n        ",
            "including/among them",
            "several/a number of",
            "demonstrates/shows",
            "employed/used",
            "company/firm",
            "produced/made\n        ",
            "during/in the course of",
            "near/close to",
            "employees/workers",
            "city/town",
            "killed/left dead",
            "stated/said",
            "wrote/penned\n        ",
            "became/turned into",
            "important/significant",
            "launched/started",
            "opened/was opened",
            "across/throughout\n        ",
        ]
    )
)
_DAY = re.compile(rf"\b(?P<m>{MONTH}) (?P<d>\d{{1,2}}), (?P<y>\d{{4}})")
_DAY_FIRST = re.compile(rf"\b(?P<d>\d{{1,2}}) (?P<m>{MONTH}) (?P<y>\d{{4}})")
_LEADING = re.compile(
    r"^(?P<lead>(?:In|On|At|During|After|Since|By|For|From|Until|With) [^,;:.]{4,60}), (?P<rest>.+?)(?P<end>[.]?)$"
)
_CLAUSE = re.compile(
    r"(?:, (?:which|who|where|when|while|although|though|because|as|and) [^,;()]{15,}| \([^()]{3,80}\))(?=[.,;](?:\s"
    r"|$)|$)"
)
_TRAILING = re.compile(
    r"^(?P<rest>[^,;:]{20,}) (?P<lead>(?:in|on|at|during|after|since) (?:the )?[A-Z0-9][^,;:.]{2,40})\.$"
)
_MILLIONS = re.compile(r"\b(?P<n>\d+(?:\.\d)?) million\b")
_GROUPED = re.compile(r"\b(?P<a>\d{1,3}),(?P<b>\d{3})\b(?!,)")


def reshaped(text: str, draw: Random, keep: str = "") -> str:
    """`text` with one to three changes of wording; `keep` are words that must not be lost."""
    ways = [_attributed, _moved, _shortened, _synonyms, _redated, _regrouped]
    for way in draw.sample(ways, draw.choice([1, 2, 2, 3])):
        other = way(text, draw)
        if keep in other and len(other.split()) >= 6:
            text = other
    return text


def _attributed(text: str, draw: Random) -> str:
    frame = draw.choice(_SAYS)
    body = text.rstrip(".")
    first = body.split(" ")[0]
    if not frame.startswith("{") and first in (
        "The",
        "A",
        "An",
        "In",
        "On",
        "It",
        "He",
        "She",
        "They",
        "This",
        "After",
    ):
        body = body[0].lower() + body[1:]
    return frame.format(body) + "."


def _moved(text: str, draw: Random) -> str:
    if lead := _LEADING.match(text):
        rest = lead["rest"]
        return f"{rest[0].upper()}{rest[1:]} {lead['lead'][0].lower()}{lead['lead'][1:]}{lead['end'] or '.'}"
    if tail := _TRAILING.match(text):
        rest = tail["rest"]
        first = rest.split(" ")[0]
        rest = rest[0].lower() + rest[1:] if first in ("The", "A", "An", "It", "He", "She", "They", "This") else rest
        return f"{tail['lead'][0].upper()}{tail['lead'][1:]}, {rest}."
    return text


def _shortened(text: str, draw: Random) -> str:
    clauses = list(_CLAUSE.finditer(text))
    if not clauses:
        return text
    clause = draw.choice(clauses)
    return text[: clause.start()] + text[clause.end() :]


def _synonyms(text: str, draw: Random) -> str:
    for one, other in _SYNONYMS:
        if re.search(rf"\b{one}\b", text) and draw.random() < 0.7:
            text = re.sub(rf"\b{one}\b", other, text, count=1)
    return text


def _redated(text: str, draw: Random) -> str:
    if _DAY.search(text):
        return _DAY.sub(r"\g<d> \g<m> \g<y>", text)
    return _DAY_FIRST.sub(r"\g<m> \g<d>, \g<y>", text)


def _regrouped(text: str, draw: Random) -> str:
    text = _MILLIONS.sub(lambda m: f"{round(float(m['n']) * 1e6):,}", text)
    return _GROUPED.sub(r"\g<a>\g<b>", text)
