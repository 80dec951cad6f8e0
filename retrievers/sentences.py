"""Where each sentence of a text begins and ends.

Built on `sentencex` (rules and abbreviations for some 240 languages, an unknown language falls back to English). Its
offsets are code points, which `tests/retrievers/test_sentences.py` holds for text beyond the BMP too. Added here is
what web pages need: lines, lost spaces, item numbers, stray quotes. `benchmarks/splitting.py` prints the agreement
with the sentences of the 230 WiCE pages (precision .966, recall .862).
"""

import re
from collections.abc import Iterable, Iterator

from sentencex import get_sentence_boundaries  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]

Span = tuple[int, int]

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")

# sentencex needs time quadratic in the number of non-ASCII sentences of one call (100,000 characters of Japanese on one
# line: 1.0 s; in windows of this size: 0.06 s). Smaller windows cut through more quotations.
_WINDOW = 4_000

# sentencex does not look inside quotes and brackets; one stray `"` can glue paragraphs together. Beyond this length
# (characters) the quotes are blanked and the stretch is looked at again.
_LONG = 600
_QUOTES = str.maketrans(dict.fromkeys('"“”„‟«»()[]「」『』（）', " "))
_OPENING = re.compile(r"\s([\"“„«(\[「『（]+)$")

# "works.The" is two sentences that lost their space; "ASP.NET", "System.Out" and "Ph.D.Students" are not.
_GLUED = re.compile(r"(?<!\w)[a-zß-ÿ]{2,}\.$")

_ITEM_NUMBER = re.compile(r"\(?\d{1,3}[.)]")


def sentence_spans(text: str, language: str = "en") -> tuple[Span, ...]:
    """The sentences of `text` as (start, end) in code points, `end` exclusive.

    Spans are in order, do not overlap, begin and end with a non-space character, and together hold every
    non-space character. A line break always ends a sentence, so blocks, list items and table rows never run
    together. Nothing is cut for its length: who needs bounded pieces cuts for himself (see `split.py`).
    `language` is an ISO 639-1 code; "" and unknown ones are read as English.
    """
    spans: list[Span] = []
    for line in _LINE.finditer(text):
        at, content = line.start(), line.group()
        trimmed = (_trim(content, *span) for span in _line_spans(content, language))
        spans.extend(_join_letterless(text, [(at + start, at + end) for start, end in trimmed if start < end]))
    return tuple(spans)


def _line_spans(line: str, language: str) -> Iterator[Span]:
    """Sentences of one line, untrimmed, long quotations opened."""
    for start, end in _mended(line, line, _boundaries(line, language)):
        if end - start <= _LONG:
            yield start, end
            continue
        stretch = line[start:end]
        blanked = stretch.translate(_QUOTES)
        yield from ((start + a, start + b) for a, b in _mended(stretch, blanked, _boundaries(blanked, language)))


def _boundaries(line: str, language: str) -> Iterator[Span]:
    """What sentencex says, asked window by window; the last sentence of a window is asked again with the next one."""
    start, size = 0, _WINDOW
    while start < len(line):
        window = line[start : start + size]
        found = [(b["start_index"], b["end_index"]) for b in get_sentence_boundaries(language or "en", window)]
        if start + size >= len(line):
            yield from ((start + a, start + b) for a, b in found)
            return
        if len(found) < 2:
            size *= 2
            continue
        yield from ((start + a, start + b) for a, b in found[:-1])
        start, size = start + found[-1][0], _WINDOW


def _mended(line: str, seen: str, spans: Iterable[Span]) -> list[Span]:
    """Correct two habits of sentencex: an end inside "ASP.NET", and an opening quote left at the end of a sentence.

    `seen` is the line as sentencex saw it, its quotes perhaps blanked.
    """
    mended: list[Span] = []
    for start, end in spans:
        begin = start
        if mended and seen[start - 1] == "." and not seen[start].isspace():
            words = _GLUED.search(seen, max(mended[-1][0], start - 40), start)
            if not (words and seen[start].isupper() and seen[start + 1 : start + 2].islower()):
                mended[-1] = (mended[-1][0], end)
                continue
        elif mended and (opening := _OPENING.search(line, max(mended[-1][0], start - 8), start)):
            begin = opening.start(1)
            mended[-1] = (mended[-1][0], begin)
        mended.append((begin, end))
    return mended


def _join_letterless(text: str, spans: list[Span]) -> list[Span]:
    """A piece without a letter joins a neighbour: an item number the one after it, "..." or "[4]" the one before."""
    joined: list[Span] = []
    number = None
    for start, end in spans:
        begin, number = start if number is None else number, None
        if any(map(str.isalpha, text[start:end])):
            joined.append((begin, end))
        elif (not joined or _ITEM_NUMBER.fullmatch(text, begin, end)) and end != spans[-1][1]:
            number = begin
        elif joined:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((begin, end))
    return joined


def _trim(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
