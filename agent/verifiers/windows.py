"""Stretches of whole sentences, and which of them speak most of a claim: what a model reads of long evidence."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...retrievers.sentences import Span, sentence_spans
from .reading.terms import is_content, stem, words

_LAST_SPACE = re.compile(r"\s\S*\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The stretch `start` to `end` (code points) of the text number `text`; `terms` are the stems in it."""

    text: int
    start: int
    end: int
    terms: frozenset[str]


def content(text: str) -> frozenset[str]:
    """The stems of the words that carry meaning."""
    return frozenset(stem(word) for word in words(text) if is_content(word))


def windows(texts: Sequence[str], *, most_bytes: int, most_sentences: int = 5, repeated: int = 0) -> Iterator[Window]:
    """Neighbouring sentences of each text, as many as fit in `most_bytes` of UTF-8, in reading order.

    Each window repeats the last `repeated` sentences of the one before. A longer sentence is cut between words.
    """
    for number, text in enumerate(texts):
        pieces = [piece for span in sentence_spans(text) for piece in _cut(text, span, most_bytes)]
        first, end = 0, 0
        while end < len(pieces):
            end, start = first + 1, pieces[first][0]
            room = most_bytes - _size(text, pieces[first])
            while end < min(len(pieces), first + most_sentences):
                room -= _size(text, (pieces[end - 1][1], pieces[end][1]))
                if room < 0:
                    break
                end += 1
            stop = pieces[end - 1][1]
            terms = frozenset(map(stem, words(text[start:stop])))
            yield Window(text=number, start=start, end=stop, terms=terms)
            first = max(first + 1, end - repeated)


def by_overlap(claim: str, stretches: Sequence[Window]) -> list[Window]:
    """The windows that hold most of the claim's words first, rare words counting more; equal ones in their order."""
    said = content(claim)
    counts = {term: sum(term in window.terms for window in stretches) for term in said}
    weight = {term: math.log1p(len(stretches) / (0.5 + count)) for term, count in counts.items()}
    return sorted(stretches, key=lambda window: -math.fsum(weight[term] for term in said & window.terms))


def _cut(text: str, span: Span, most_bytes: int) -> Iterator[Span]:
    start, end = span
    while start < end:
        stop = min(end, start + most_bytes)
        while (over := _size(text, (start, stop)) - most_bytes) > 0:
            stop -= max(1, over // 4)
        if stop < end and (space := _LAST_SPACE.search(text, start + 1, stop)):
            stop = space.start()
        yield start, stop
        start = stop
        while start < end and text[start].isspace():
            start += 1


def _size(text: str, span: Span) -> int:
    return len(text[span[0] : span[1]].encode("utf-8", "surrogatepass"))
