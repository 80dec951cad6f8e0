"""The day that a text without declarations gives for itself: a labelled line, a dateline, the head of minutes.

A day is believed only where it labels the document; that of an event, a deadline or the running text never is.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from .dateline_words import (
    CAST,
    CHANGED,
    EVENT_FACTS,
    EVENTS,
    GENRES,
    HOUSES,
    ISSUES,
    OTHER_DAYS,
    PUBLISHED,
    SALUTATION,
    WEEKDAY,
    WORK_FACTS,
    WRITTEN,
)  # fmt: skip
from .dates import WRITTEN_DAY, iso_day

Kind = Literal["published", "written", "changed"]

_EARLIEST = date(1450, 1, 1)  # before it nothing was printed, and a date is one that is written about
_MOST_CHARS = 200_000
_LINE_CHARS = 110
_OPENING_LINES, _CLOSING_LINES = 14, 4
_FULL_CHARS, _PROSE_CHARS = 50, 60
_LETTER_LINES = 10
_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)|^(```|~~~).*?(?:^\1|\Z)", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"!?\[([^\[\]]{0,100})\]\([^()\s]{0,300}\)")
_MARKS = re.compile(r"[*_`]+|</?[a-zA-Z][^<>]{0,80}>")
_BULLET = re.compile(r"[-*+•]\s+")
_HEADING = re.compile(r"#{1,6}\s+")
_SENTENCE_END = re.compile(r"[^\W\d_]{2,}[\"”’)]?[.!?…][\"”’)]*$|[^\W\d_]{3,}[.!?]\s+[A-ZÄÖÜÉ]")
_GOES_ON = re.compile(
    r"\b(?:on|the|of|in|at|since|until|from|to|by|before|after|and|am|vom|bis|seit|der|den|le|du|el)$", re.IGNORECASE
)

_ON = r"(?:\s+(?:on|am|vom|le|du|el|del|il|em|op))?"
_LEAD = rf"(?:(?:{WEEKDAY})[.,]{{0,2}}\s+)?(?:(?:den|the|le|el|il)\s+)?"
_BREAK = r"[,;|·•(–—]"
_LABELS: dict[Kind, str] = {"published": PUBLISHED, "written": WRITTEN, "changed": CHANGED}
_BEFORE: dict[Kind, re.Pattern[str]] = {
    kind: re.compile(rf"(?:^|{_BREAK}\s*)(?:{labels}){_ON}\s*[:：]?\s*{_LEAD}$", re.IGNORECASE)
    for kind, labels in _LABELS.items()
}
_CLOCK = (
    r"(?:at\s|um\s|à\s|alle\s)?\s*\d{1,2}[:.h]\d\d(?::\d\d)?\s?(?:[ap]\.?m\.?|Uhr)?"
    r"(?:\s\(?(?:[A-Z]{1,4}|[+-]\d{4})\)?)*"
)
_AFTER = re.compile(
    rf"\s*[.)\]]*$|\s*[,;|·•(–—/-].{{0,60}}(?<![.!?])$|\s+(?:by|von|par|por|da|di|door|in)\s+[^\W\d_].{{0,60}}$"
    rf"|[,\s]*{_CLOCK}$"
)
_NAME = r"(?-i:[^\W\d_a-zà-öø-ÿ][\w.'’&-]*)"
_NAMES = rf"{_NAME}(?:,?\s+(?:{_NAME}|of|the|for|and|und|de|der|des|du|la|für|von|van|&))*"
_BY = r"(?:(?:[^\W\d_]+\s)?(?:by|von|par|por|di|door|text)\s*:?\s+)?"
_NAMED_BEFORE = re.compile(rf"{_BY}{_NAMES}\s*[,|·•(–—-]\s*{_LEAD}$", re.IGNORECASE)
_NAMED_AFTER = re.compile(rf"\s*(?:[,|·•]|\bby\b)\s*{_BY}{_NAMES}$", re.IGNORECASE)
_ISSUE = re.compile(rf"\b(?:{ISSUES})[\s\d.]*[,:(]?\s*(?:of|vom|du|from|dated)?\s*{_LEAD}$", re.IGNORECASE)
_ALONE_BEFORE = re.compile(rf"{_LEAD}$", re.IGNORECASE)
_ALONE_AFTER = re.compile(rf"\.?$|[,\s]*{_CLOCK}$|\s*\(?(?:{WEEKDAY})\)?$", re.IGNORECASE)
_ISO = re.compile(r"\d{4}-\d\d-\d\d$")
_GENRE = re.compile(rf"\b(?:{GENRES})\b", re.IGNORECASE)
_EVENT = re.compile(rf"\b(?:{EVENTS})", re.IGNORECASE)
_OTHER_DAY = re.compile(rf"\b(?:{EVENTS}|{OTHER_DAYS})", re.IGNORECASE)
_SIGNED = re.compile(rf"\b(?:by|von|par|por|door|text)\b|\b(?:{HOUSES})\b", re.IGNORECASE)
_EVENT_FACT = re.compile(rf"(?:{EVENT_FACTS})\s*:", re.IGNORECASE)
_WORK_FACT = re.compile(rf"(?:{WORK_FACTS})\s*:", re.IGNORECASE)
_CAST = re.compile(rf"(?:{CAST})\b", re.IGNORECASE)
_SALUTATION = re.compile(rf"(?:{SALUTATION})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A line without its marks; `above` is the one before it in its paragraph, "" for the first."""

    text: str
    above: str
    is_heading: bool


def day_of_document(text: str) -> str:
    """The day (ISO 8601) on which this text says it was published, written or last changed, in this order; else "".

    `text` is plain text or Markdown without its front matter. Looked at are the lines before the prose, and for
    "Last updated …" also the last ones. Believed are labelled days ("Date:", "Published …", "Stand:"), a day on a line
    of its own or beside nothing but names ("Reed Courier, 17 May 2022"), and the day in the head of minutes, releases
    and letters. Nothing is said where two such days disagree, as in a diary, or where the day is one of an event
    (with a place and a time) or of a work (with its ISBN). Days before 1450 and after tomorrow are nothing.
    """
    lines = tuple(_lines(text[:_MOST_CHARS]))
    opening = lines[: _length_of_opening(lines)]
    found: dict[Kind, set[str]] = {"published": set(), "written": set(), "changed": set()}
    if not _is_of_something_else(opening):
        for number, line in enumerate(opening):
            for kind, day in _days(line, lines, number):
                found[kind].add(day)
    for line in lines[max(len(opening), len(lines) - _CLOSING_LINES) :]:
        for kind, day in _labelled(line):
            if kind != "written" or len(found[kind]) == 1:
                found[kind].add(day)
    if found["written"]:
        found["written"] |= _further_days(lines[len(opening) :])
    for kind in ("published", "written", "changed"):
        if len(found[kind]) > 1:
            return ""
        if found[kind]:
            return found[kind].pop()
    return ""


def _lines(text: str) -> Iterator[_Line]:
    """The lines that a reader sees and the author says: no code, quotes, table rows and underlines."""
    above = ""
    for raw in _HIDDEN.sub("", text).splitlines():
        line = raw.strip()
        if not line:
            above = ""
        if not line or line.startswith((">", "|")) or not any(map(str.isalnum, line)):
            continue
        bare = _MARKS.sub("", _LINK.sub(r"\1", _HEADING.sub("", _BULLET.sub("", line, count=1), count=1))).strip()
        yield _Line(text=bare.rstrip("#").strip(), above=above, is_heading=_HEADING.match(line) is not None)
        above = bare


def _length_of_opening(lines: Sequence[_Line]) -> int:
    """How many lines stand before the prose."""
    for number, line in enumerate(lines[:_OPENING_LINES]):
        is_long = len(line.text) >= _PROSE_CHARS
        if len(line.text) > 2 * _LINE_CHARS or (is_long and _SENTENCE_END.search(line.text)):
            return number
        if is_long and not line.is_heading and _is_wrapped_prose(lines[number:]):
            return number
    return min(len(lines), _OPENING_LINES)


def _is_wrapped_prose(lines: Sequence[_Line]) -> bool:
    """Whether the paragraph that goes on with these lines ends as sentences do."""
    last = lines[0]
    for line in lines[1:]:
        if line.above != last.text:
            break
        last = line
    return last is not lines[0] and _SENTENCE_END.search(last.text[-_LINE_CHARS:]) is not None


def _is_of_something_else(opening: Sequence[_Line]) -> bool:
    """Whether these lines announce an event or describe a book or film: their days are its days."""
    texts = [line.text for line in opening]
    if any(map(_WORK_FACT.match, texts)):
        return True
    is_held = any(_CAST.match(text) or _GENRE.search(text) for text in texts)
    return not is_held and any(map(_EVENT_FACT.match, texts))


def _days(line: _Line, lines: Sequence[_Line], number: int) -> Iterator[tuple[Kind, str]]:
    if labelled := tuple(_labelled(line)):
        yield from labelled
        return
    found = tuple(WRITTEN_DAY.finditer(line.text)) if len(line.text) <= _LINE_CHARS else ()
    if len(found) != 1 or _goes_on(line.above):
        return
    before, after = line.text[: found[0].start()], line.text[found[0].end() :]
    if _ISSUE.search(before) and _AFTER.match(after):
        is_label = True
    elif _OTHER_DAY.search(line.text):
        return
    elif _is_alone(before, after):
        is_label = _is_dateline(line, found[0][0], lines, number)
    else:
        is_signed = _SIGNED.search(line.text) is not None
        is_in_title = line.is_heading or number == 0
        is_label = _is_head(before, after) or (
            _is_beside_names(before, after) and (is_signed or not (is_in_title or _EVENT.search(lines[0].text)))
        )
    if is_label and (day := iso_day(found[0][0], _EARLIEST)):
        yield "written", day


def _labelled(line: _Line) -> Iterator[tuple[Kind, str]]:
    """The days of the line that have a label before them, and nothing after them but who, where and at what time."""
    if len(line.text) > _LINE_CHARS or _goes_on(line.above):
        return
    text = re.sub(r"(?<=\d)T(?=\d\d:\d\d)", " ", line.text)
    for found in WRITTEN_DAY.finditer(text):
        before, after = text[: found.start()], text[found.end() :]
        for kind, pattern in _BEFORE.items():
            if pattern.search(before) and _AFTER.match(after) and (day := iso_day(found[0], _EARLIEST)):
                yield kind, day


def _further_days(lines: Sequence[_Line]) -> set[str]:
    """The days that label what follows the opening: that of the next letter, message or entry."""
    days = set()
    for line in lines:
        found = WRITTEN_DAY.search(line.text) if len(line.text) <= _LINE_CHARS else None
        if found and not _goes_on(line.above) and _is_alone(line.text[: found.start()], line.text[found.end() :]):
            days.add(iso_day(found[0], _EARLIEST))
        days.update(day for kind, day in _labelled(line) if kind == "written")
    return days - {""}


def _goes_on(above: str) -> bool:
    """Whether the line above is one of prose, so that the next begins anywhere in a sentence."""
    return len(above) >= _FULL_CHARS or _GOES_ON.search(above) is not None


def _is_alone(before: str, after: str) -> bool:
    return _ALONE_BEFORE.match(before) is not None and _ALONE_AFTER.match(after) is not None


def _is_dateline(line: _Line, written: str, lines: Sequence[_Line], number: int) -> bool:
    """Whether a day on its own dates the text. As a title it may be what the text is about: 6 June 1944."""
    if number == 0:
        following = lines[1:_LETTER_LINES]
        is_above_title = not line.is_heading and any(each.is_heading for each in following[:2])
        return bool(_ISO.match(written)) or is_above_title or any(_SALUTATION.match(each.text) for each in following)
    return not line.is_heading and not _EVENT.search(lines[0].text)


def _is_head(before: str, after: str) -> bool:
    """Whether this is the head of minutes, a release, a letter …: "Minutes of the town council, 9 September 2024"."""
    return _GENRE.search(before) is not None and _AFTER.match(after) is not None


def _is_beside_names(before: str, after: str) -> bool:
    if before:
        return _NAMED_BEFORE.fullmatch(before) is not None and re.match(r"[)\]]?\.?$", after) is not None
    return _NAMED_AFTER.fullmatch(after) is not None
