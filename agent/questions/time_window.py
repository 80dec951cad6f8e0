"""The span of time that a question names."""

import re
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from ..language import language_of
from .time_points import Point, points

Window = tuple[str, str]
"""(since, until) as ISO dates, both inclusive; "" is open."""

_Side = Literal["since", "after", "before", "until"]

# What may stand between the word and its point: "since the beginning of 2022", "vor dem 3. Mai".
_BETWEEN = (
    r"(?:(?:the|le|la|l['’]|el|los|il|o|os|a|as|het|de|den|dem|der|das|about|around|early|late|mid|year"
    r"|jahr|jahre|l['’]année"
    r"|année|année|año|anno|ano|jaar|beginning|start|end|of|anfang|ende|mitte|début|fin|principios|inizio|início|begin"
    r"|eind|d['’]?)[\s-]*)*$"
)
# The words before a point, and what may be written together with it.
_WORDS: dict[_Side, tuple[str, str]] = {
    "since": (
        r"since|starting(?: in| from)?|beginning in|not before|seit|ab|depuis|à partir d[eu]|dès|desde|a partir d[eo]"
        r"|dal|sinds|vanaf|с|начиная с",
        r"(?<=\bdall)['’]",
    ),
    "after": (
        r"after|later than|nach|après|después d[eo]l?|tras|dopo(?: il)?|depois de|após|после",
        r"\bpost-",
    ),
    "before": (r"before|prior to|earlier than|vor|avant|antes d[eo]l?|prima d[ei]l?|voor|до", r"\bpre-"),
    "until": (
        r"as of|as at|until|till|til|by|up to|up until|no later than|through|bis(?: zum| ende)?|stand"
        r"|jusqu['’](?:en|à|au)|d['’]ici(?: à)?|hasta|fino al?|entro il|até|tot(?: en met)?|к|по",
        r"(?!)",
    ),
}
_SIDES = {
    side: re.compile(rf"(?:(?<!\w)(?:{words})[\s]+|{attached}){_BETWEEN}", re.IGNORECASE)
    for side, (words, attached) in _WORDS.items()
}
_DUTCH_AFTER = re.compile(rf"\bna\s+{_BETWEEN}", re.IGNORECASE)
_ONWARDS = re.compile(
    r"\s*(?:onwards?|and (?:later|after)|or later|(?:to|until|till) (?:now|today|the present|present)|bis heute"
    r"|à aujourd['’]hui|hasta hoy|tot nu|以降|以来|から|이후|부터)",
    re.IGNORECASE,
)
_CJK_BEFORE = re.compile(r"\s*(?:以前|より前|之前|이전)")
_JOINED = re.compile(
    r"\s*(?:–|—|-|~|〜|から|to|till|until|through|bis(?: zum)?|jusqu['’](?:en|à)|à|hasta|tot(?: en met)?|(?P<weak>and"
    r"|und|et|y|e|en|a|al|и|по|до))\s*(?:the|den|el|au|al|le)?\s*",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"\b(?:between|from|zwischen|von|vom|entre|de|del|desde|tra|fra|dal|tussen|van|между|с|du|from the)\s+"
    r"(?:the|los|les|den|le|gli|dem|de)?\s*$",
    re.IGNORECASE,
)


def time_window(text: str, today: date) -> Window:
    """The window that `text` names, ("", "") when it names none.

    Read are English, German, French, Spanish, Italian, Portuguese and Dutch, less of Russian, Japanese and Chinese.
    Two points joined to a span count before a single one, of single ones the first. A number that the calendar does
    not know (2024-13-45) names nothing.
    """
    found = points(text, today)
    for first, second in pairwise(found):
        if _are_joined(text, first, second):
            return first.first.isoformat(), second.last.isoformat()
    windows = (_window(text, point) for point in found)
    return next(filter(any, windows), ("", ""))


def _are_joined(text: str, first: Point, second: Point) -> bool:
    joined = _JOINED.fullmatch(text, first.end, second.start)
    if joined is None or second.last < first.first:
        return False
    return not joined["weak"] or bool(_OPENS.search(text[: first.start]))


def _window(text: str, point: Point) -> Window:
    before = text[: point.start]
    side = next((side for side, pattern in _SIDES.items() if pattern.search(before)), None)
    if side is None and _DUTCH_AFTER.search(before) and language_of(text) == "nl":
        side = "after"
    if _ONWARDS.match(text, point.end):
        side = "since"
    elif _CJK_BEFORE.match(text, point.end):
        side = "before"
    match side:
        case "since":
            return point.first.isoformat(), ""
        case "after":
            return ((point.last + timedelta(days=1)).isoformat(), "") if point.last < date.max else ("", "")
        case "before":
            return ("", (point.first - timedelta(days=1)).isoformat()) if point.first > date.min else ("", "")
        case "until":
            return "", point.last.isoformat()
        case _:
            return point.first.isoformat(), point.last.isoformat()
