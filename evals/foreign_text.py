"""The text of another system's answer: its sentences, and the marks of what each of them cites.

A mark (see `foreign_marks`) belongs to the sentence that it stands in or right after; one that begins a line belongs to
the line.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..retrievers import sentence_spans
from .case import ForeignCitation
from .foreign_marks import Marks

_LIST_OF_SOURCES = re.compile(
    r"^[#*\s]*(?:sources|references|citations|footnotes|quellen)[*\s]*:?[*\s]*$", re.IGNORECASE | re.MULTILINE
)
_SOURCE_LINE = re.compile(r"^\s*\[\^?\d{1,3}\]:?\s*(?:<?https?://).*$", re.MULTILINE)
_HEADING = re.compile(r"^(?:#{1,6}\s.*|\*\*[^*]*\*\*:?|__[^_]*__:?)$", re.MULTILINE)
_LINE_START = re.compile(r"^[ \t]*(?:[-*+•]\s+|>\s*)+", re.MULTILINE)
_EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\w)|(?<=[\w.!?])[*_](?!\w)|`")

_REFUSALS = re.compile(
    r"^(?:i(?:'m| am)? (?:sorry|unable|not able|don't know|do not know|can(?:no|')t|could ?n[o']t)"
    r"|(?:the|none of the) (?:provided |given |search )?(?:documents?|sources?|results|context|passages?)"
    r" (?:do(?:es)? not|don't|doesn't|did not|provided)"
    r"|(?:there is |there's )?(?:no|not enough|insufficient) (?:information|evidence|answer|sources?|results)"
    r"|(?:unanswerable|no answer|n/a|unknown)\W*$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A sentence without its marks, and the marks, each once, in order."""

    text: str
    marks: tuple[str, ...]


def marked_sentences(text: str, citations: Sequence[ForeignCitation] = ()) -> tuple[Marked, ...]:
    """The sentences that state something: no headings, and nothing of a list of sources at the end."""
    body = _body(text)
    stripped, places = Marks(citations).taken_out(body)
    spans = [(start, end) for start, end in sentence_spans(stripped) if any(map(str.isalnum, stripped[start:end]))]
    marks: list[list[str]] = [[] for _ in spans]
    for at, names in places:
        if spans:
            held = marks[_owner(stripped, spans, at)]
            held += [name for name in names if name not in held]
    return tuple(
        Marked(text=stripped[start:end], marks=tuple(held)) for (start, end), held in zip(spans, marks, strict=True)
    )


def is_refusal(text: str, citations: Sequence[ForeignCitation] = ()) -> bool:
    """Whether the answer is that there is none: it is empty, or begins with one of a few set phrases, in English.

    One that goes on to cite something after its first sentence does answer.
    """
    body = _body(text).strip().replace("’", "'")
    if not any(map(str.isalnum, body)):
        return True
    return _REFUSALS.match(body) is not None and not any(each.marks for each in marked_sentences(text, citations)[1:])


def _body(text: str) -> str:
    listed = [match for match in _LIST_OF_SOURCES.finditer(text) if match.start() > 0]
    body = text[: listed[-1].start()] if listed else text
    body = _SOURCE_LINE.sub("", body)
    body = _LINE_START.sub("", _HEADING.sub("", body))
    return _EMPHASIS.sub("", body)


def _owner(text: str, spans: list[tuple[int, int]], at: int) -> int:
    """The sentence that a mark at `at` belongs to."""
    begins_line = not text[text.rfind("\n", 0, at) + 1 : at].strip()
    before = [number for number, (start, _) in enumerate(spans) if start < at]
    if begins_line or not before:
        after = next((number for number, (start, _) in enumerate(spans) if start >= at), None)
        if after is not None and "\n" not in text[at : spans[after][0]]:
            return after
    return before[-1] if before else 0
