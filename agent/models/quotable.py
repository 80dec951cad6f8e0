"""What of a passage can stand in an answer: whole sentences without addresses, markup or menus."""

import re

from ...retrievers.sentences import sentence_spans
from ..verifiers.terms import words

# Bare host names are addresses too ("visit evil.com"), in lower case only: ASP.NET is none.
_ADDRESS = re.compile(
    r"(?i:\b[a-z][a-z0-9+.-]*://|\bwww\.|\b(?:mailto|javascript|data):\S|[\w.+-]+@[\w-]+\.\w)"
    r"|\b[\w-]+\.(?:com|org|net|edu|gov|info|biz|io|ai|co|app|dev|me|ru|cn|xyz|top|site|online|shop|click|link)\b(?!\.\w)"
    r"|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\w"
)
_MARKUP = re.compile(r"(?i:</?[a-z!][^<>]*>|\]\(|\[\[|\{\{|\{%|\*\*|```|~~|^#{1,6}\s|&(?:[a-z]{2,8}|#x?\w{2,6});)")

_BULLET = re.compile(r"(?:[-*+•‣◦▪·–—]|\(?\d{1,3}[.)]|[QA]:)\s+")
_ENDS = re.compile(r"[.!…。！।۔։]['\"”’»)\]」』）]*$")
_ASKS = re.compile(r"[?？؟]['\"”’»)\]」』）]*$")
_SEPARATORS = re.compile(r"\s[|·•»›>/]\s|\t|[|]")
_LABELLED = re.compile(r"\w[^:]{0,60}:\s+\S")

# Longer "sentences" are tables and menus whose lines were joined, or lists without stops.
_MOST_CHARACTERS = 700


def holds_address(text: str) -> bool:
    """True for a text with a URL, an e-mail address or markup: never asserted (addresses stand in the source list)."""
    return bool(_ADDRESS.search(text) or _MARKUP.search(text))


def is_question(text: str) -> bool:
    """True for a sentence that asks: a FAQ's question is the best match of all and answers nothing."""
    return bool(_ASKS.search(text))


def is_prose(text: str) -> bool:
    """True for a whole sentence, False for what looks like a heading, a menu or a table row.

    A sentence has at least four words and an end mark, or six words of which half are not capitalised, or a label with
    a value ("Upload limit: 50 MB").
    """
    found = words(text)
    if len(text) > _MOST_CHARACTERS or len(found) < 3 or len(_SEPARATORS.findall(text)) > 1:
        return False
    if _ENDS.search(text):
        return len(found) > 3
    plain = sum(not word[0].isupper() for word in found)
    return (len(found) > 5 and plain * 2 >= len(found)) or bool(_LABELLED.match(text))


def quotable_spans(text: str, language: str) -> tuple[tuple[int, int], ...]:
    """The sentences of a passage as (start, end), list marks left out, without those that hold an address."""
    spans: list[tuple[int, int]] = []
    for start, end in sentence_spans(text, language):
        if bullet := _BULLET.match(text, start, end):
            start = bullet.end()
        sentence = text[start:end]
        if sentence and not holds_address(sentence):
            spans.append((start, end))
    return tuple(spans)
