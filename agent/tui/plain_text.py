"""What was retrieved, typed or written by a model, as text that a terminal only shows and never obeys.

Every widget draws such text through `safe` or `one_line`, and as `Content` made of plain strings: markup is never
parsed in it. The store's text is clean already (`crawler.clean`); titles, details of errors, names of files, models'
sentences and what other programs wrote into the database need not be.
"""

import re
import unicodedata

from ...crawler import clean

_MOST_MARKS = 4
"""Combining marks drawn on one character: Hebrew with vowels and accents has four; more draw over other lines."""

_SPACES = re.compile(r"\s+")
_HELD = "\ufffd"
# Format characters that are drawn, in front of the digits they belong to.
_DRAWN = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
# Letters that are drawn as nothing: Hangul fillers, and the braille cell without dots.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
# Selectors of glyphs: a terminal draws "❤" with one in two cells and the toolkit counts one, or the other way round.
_SELECTORS = frozenset((*map(chr, range(0xFE00, 0xFE10)), *map(chr, range(0x180B, 0x1810)), "\u034f"))


class _Shown(dict[int, str]):
    """What stands for a character, by its code; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        self[code] = shown = _shown(chr(code))
        return shown


def _shown(character: str) -> str:
    if character == "\n" or character in _DRAWN:
        return character
    if character in _SELECTORS:
        return ""
    if character in _BLANK:
        return " "
    match unicodedata.category(character):
        case "Cc" | "Cf" | "Cs":
            return ""
        case "Cn" | "Co":  # its width is the font's secret
            return _HELD
        case "Zl" | "Zp":
            return "\n"
        case "Zs" if character != "\u3000":
            return " "
        case _:
            return character


_TABLE = _Shown()


def safe(text: str) -> str:
    """The text without anything that a terminal obeys, hides, or draws outside of its cells; lines stay.

    Besides what `crawler.clean` takes out: characters that are not assigned or private become U+FFFD, selectors of
    glyphs go, and of the marks on one character four stay. Idempotent.
    """
    cleaned = clean(text)
    if cleaned.isascii():
        return cleaned
    return unicodedata.normalize("NFC", _thinned(cleaned.translate(_TABLE)))


def one_line(text: str) -> str:
    """The same on one line: any white space is one space, none at the ends."""
    return _SPACES.sub(" ", safe(text)).strip()


def _thinned(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        is_mark = character > "\u02ff" and unicodedata.category(character) in ("Mn", "Me")
        marks = marks + 1 if is_mark else 0
        if is_mark and not kept:  # nothing to stand on: it would be drawn on what is left of the text
            marks = 0
            continue
        if marks <= _MOST_MARKS and not (is_mark and kept[-1] in " \n"):
            kept.append(character)
    return "".join(kept)
