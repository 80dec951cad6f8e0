"""Plain text: paragraphs, lists and the headings that people write into it."""

import re
from itertools import pairwise, zip_longest

from ..page import Page
from .dateline import day_of_document
from .language import language_of
from .layout import Layout, join_wrapped

EXTRACTOR = "plain/3"

_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")
_HASH_HEADING = re.compile(r"(#{1,6})[^\S\n]+(\S.*)")
_CLOSING_HASHES = re.compile(r"(?<=\s)#+$")
_UNDERLINE = re.compile(r"([=\-~^\"'*+#:.`_])\1{2,}$")
_ITEM = re.compile(r"\s*(?:[-*+•‣◦–—·]|\(?\d{1,3}[.)]|\(?[a-zA-Z][.)])\s+\S")
_ENDS_LIKE_PROSE = re.compile(r"[.;:,!?…][\"'”’)»\]]*$")
_TITLE_CHARS = 150
_HEADING_CHARS = 80
_PROSE_CHARS = 60
# Lines as people and editors wrap prose: not narrower than a news column, not wider than a page
_WRAP_WIDTHS = range(40, 101)


def read_plain(text: str, *, body: bytes, source: str) -> Page:
    """The page that a plain text is.

    Blank lines part the blocks. Headings are: lines that start with `#` marks or are underlined with punctuation
    (reStructuredText, setext); a first line that stands alone or is in capitals, and does not end like prose, and it is
    the title; later lines of this look that stand alone before prose. Lines stay lines, except where an editor has
    wrapped prose: these become one line again, so that a sentence is not broken (see `_is_wrapped`). It is dated as it
    dates itself (see `day_of_document`).

    Raises:
        ExtractionError: "empty", if there is only white space.
    """
    layout = Layout()
    underlines: list[str] = []  # reStructuredText: the level of an underline is the order of its first use
    runs = [run.split("\n") for run in _BLANK_LINES.split(text.strip("\n")) if run.strip()]
    if len(runs) > 1 and _looks_like_heading(runs[0][0], _TITLE_CHARS) and (
        len(runs[0]) == 1 or (runs[0][0].isupper() and not _UNDERLINE.match(runs[0][1].rstrip()))
    ):  # fmt: skip
        layout.heading(_CLOSING_HASHES.sub("", runs[0][0].strip()).lstrip("#"), 1)
        runs[0].pop(0)
    for lines, following in zip_longest(runs, runs[1:], fillvalue=[""]):
        is_alone = len(lines) == 1 and not lines[0].startswith("#") and _looks_like_heading(lines[0], _HEADING_CHARS)
        if is_alone and (lines[0].isupper() or _is_prose(following)):
            layout.heading(lines[0], 2)
        else:
            _read_run(lines, layout, underlines)
    return layout.page(
        extractor=EXTRACTOR,
        body=body,
        source=source,
        published=day_of_document(text),
        language=language_of(layout.text),
    )


def _looks_like_heading(line: str, most_chars: int) -> bool:
    line = line.strip()
    if len(line) > most_chars or _ENDS_LIKE_PROSE.search(line) or line.startswith(("-", "*", "•", "|", ">")):
        return False
    return any(map(str.isalpha, line)) and not line[0].islower()


def _is_prose(lines: list[str]) -> bool:
    """Whether this is a paragraph rather than a line of something: it is long, and ends as sentences do."""
    return sum(map(len, lines)) >= _PROSE_CHARS and _ENDS_LIKE_PROSE.search(lines[-1].rstrip()) is not None


def _read_run(lines: list[str], layout: Layout, underlines: list[str]) -> None:
    """Add the headings among these lines, and the blocks between them."""
    pending: list[str] = []
    at = 0
    while at < len(lines):
        line, following = lines[at], lines[at + 1] if at + 1 < len(lines) else ""
        found = _HASH_HEADING.match(line)
        underline = _UNDERLINE.match(following.rstrip())
        underlined = (
            underline and line.strip() and not line[0].isspace() and len(following.rstrip()) + 2 >= len(line.rstrip())
        )
        if found or (underlined and not pending and not _UNDERLINE.match(line.rstrip())):
            _add(pending, layout)
            pending = []
        if found:
            layout.heading(_CLOSING_HASHES.sub("", found[2].rstrip()), len(found[1]))
        elif underline and underlined and not pending and not _UNDERLINE.match(line.rstrip()):
            if underline[1] not in underlines:
                underlines.append(underline[1])
            layout.heading(line, underlines.index(underline[1]) + 1)
            at += 1
        elif not _UNDERLINE.match(line.rstrip()):
            pending.append(line)
        at += 1
    _add(pending, layout)


def _add(lines: list[str], layout: Layout) -> None:
    if not lines:
        return
    if _ITEM.match(lines[0]) and sum(map(bool, map(_ITEM.match, lines))) >= 2:
        layout.add(_items(lines), "list")
    elif _is_wrapped(lines):
        layout.add(join_wrapped(lines))
    else:
        layout.add("\n".join(lines))


def _items(lines: list[str]) -> str:
    """A list with every item on one line: an indented line without a mark goes on with the item above."""
    items: list[list[str]] = []
    for line in lines:
        if not items or _ITEM.match(line) or not line[:1].isspace():
            items.append([line])
        else:
            items[-1].append(line)
    indents = [" " * (len(item[0]) - len(item[0].lstrip())) for item in items]
    return "\n".join(indent + join_wrapped(item) for indent, item in zip(indents, items, strict=True))


def _is_wrapped(lines: list[str]) -> bool:
    """Whether an editor broke one paragraph into these lines.

    An editor fills a line until the next word does not fit. So each line but the last, with the first word of the
    next, must be longer than the longest line. Verses, addresses and lists of names fail this; two lines can
    pass by chance, so the first of two must look full (60 characters or more).
    """
    if len(lines) < 2:
        return False
    lengths = [len(line.rstrip()) for line in lines]
    width = max(lengths)
    if width not in _WRAP_WIDTHS or any(map(_ITEM.match, lines)) or lines[0].lstrip().startswith(("|", ">", "+-")):
        return False
    if len(lines) == 2 and (lengths[0] < 60 or _ENDS_LIKE_PROSE.search(lines[0].rstrip()) is not None):
        return False
    indents = {len(line) - len(line.lstrip()) for line in lines[1:]}
    if len(indents) > 1:
        return False
    fits = [len(a.rstrip()) + 1 + len(b.split(None, 1)[0]) <= width for a, b in pairwise(lines)]
    return sum(fits) * 10 <= len(fits)
