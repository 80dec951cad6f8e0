"""Sentences that begin with a pronoun, and the one before that says what it means."""

import re
from collections.abc import Sequence

from .quotable import is_prose, is_question

_VERB = r"(?:is|are|was|were|has|have|had|can|could|will|would|should|must|may|do|does|did)"
_POINTS = re.compile(
    r"(?:It|They|He|She|This|These|Those|Its|Their|His|Her"
    r"|(?:Neither|Both|Each|All|None|Most|Many|Some|Several|Few|One|Two|Three|Four|Half|Part)"
    rf"(?: of (?:it|them|these|those)|(?= {_VERB}\b))|The (?:former|latter))\b(?=\s+[^\W_])"
)
# "It is true that …", "It was not until …": such an "it" means nothing.
_EXPLETIVE = re.compile(
    r"It (?:is|was|has been|had been|seems|appears|takes|took)\s(?:[a-z]+\s)?(?:that|to|possible|impossible|important"
    r"|likely|unlikely|clear|unclear|known|not until|raining)\b"
)
_TWO = re.compile(r"\band\b")
_PAIR = re.compile(r"(?:Neither|Both|The (?:former|latter))\b")

# Sentences that lead to the one with the pronoun ("X is … . It is … . It has …"), and characters of all of them.
_MOST_BEFORE = 2
_MOST_CHARACTERS = 500


def points_back(sentence: str) -> bool:
    """Whether a sentence begins with a pronoun that means something named before it ("It is", "Both of them")."""
    return bool(_POINTS.match(sentence)) and not _EXPLETIVE.match(sentence)


def lead_in(text: str, spans: Sequence[tuple[int, int]]) -> int:
    """Where what the last of `spans`, sentences of `text`, says begins to be understood.

    The start of the sentence that names what its first pronoun means, if that stands right before it in the same line,
    at most two further back; else its own start.
    """
    start, end = spans[-1]
    first = _named_at(text, spans)
    if first < len(spans) - 1 and _PAIR.match(text, start) and not _TWO.search(text, spans[first][0], start):
        first -= _follows(text, spans, first)  # "Neither of them": one sentence each
    at = spans[first][0]
    return at if end - at <= _MOST_CHARACTERS else start


def _named_at(text: str, spans: Sequence[tuple[int, int]]) -> int:
    """The place of the nearest sentence, of those that stand in a row up to the last, that begins with no pronoun."""
    last = place = len(spans) - 1
    while points_back(text[spans[place][0] : spans[place][1]]):
        if last - place == _MOST_BEFORE or not _follows(text, spans, place):
            return last
        place -= 1
    return place


def _follows(text: str, spans: Sequence[tuple[int, int]], place: int) -> bool:
    """Whether a whole sentence that states something stands before that at `place`, in the same line."""
    if place == 0:
        return False
    start, end = spans[place - 1]
    gap = text[end : spans[place][0]]
    return "\n" not in gap and not gap.strip() and is_prose(text[start:end]) and not is_question(text[start:end])
