"""Collect a page's blocks in reading order, and join them to one text with exact spans."""

import hashlib
from datetime import date, datetime

from ..errors import ExtractionError
from ..page import Block, BlockKind, Page, Sighting, text_hash, utc_now
from ..text import clean

_TITLE_CHARS = 300


class Layout:
    """Blocks are added one after another; `page` makes the text of them, with a blank line between two.

    What is added may hold anything: it is cleaned here, and what is blank then is no block. Spans are offsets into
    the text that `page` returns, right by construction.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._blocks: list[Block] = []
        self._end = 0
        self._above: list[tuple[int, str]] = []  # the headings above, with their levels, outermost first
        self.first_heading = ""

    def heading(self, text: str, level: int) -> None:
        """Add a heading of this level (1 is the highest); it stands above all that follows up to its equal."""
        line = one_line(text)
        if not line:
            return
        while self._above and self._above[-1][0] >= level:
            self._above.pop()
        self._put(line, "heading")
        self._above.append((level, line))
        self.first_heading = self.first_heading or line

    def add(self, text: str, kind: BlockKind = "paragraph") -> None:
        """Add a block under the present headings; spaces at line ends go, and those before it unless it is code."""
        joined = "\n".join(line.rstrip() for line in clean(text).split("\n")).strip("\n")
        self._put(joined if kind == "code" else joined.strip(), kind)

    def _put(self, text: str, kind: BlockKind) -> None:
        if not text or text.isspace():
            return
        if self._pieces:
            self._pieces.append("\n\n")
            self._end += 2
        path = tuple(heading for _, heading in self._above)
        self._blocks.append(Block(start=self._end, end=self._end + len(text), kind=kind, heading_path=path))
        self._pieces.append(text)
        self._end += len(text)

    @property
    def text(self) -> str:
        """The blocks so far, joined."""
        return "".join(self._pieces)

    def page(
        self,
        *,
        extractor: str,
        body: bytes,
        source: str,
        title: str = "",
        published: str = "",
        author: str = "",
        language: str = "",
    ) -> Page:
        """The page, with its one sighting: here and now.

        Raises:
            ExtractionError: "empty", if no block was added.
        """
        text = self.text
        if not text:
            raise ExtractionError(source, "empty", "there is no text in it")
        title = one_line(title or self.first_heading)[:_TITLE_CHARS].rstrip()
        sighting = Sighting(
            source=source,
            fetched=utc_now(),
            title=title,
            published=iso_date(published),
            author=one_line(author)[:_TITLE_CHARS].rstrip(),
            body_hash=hashlib.sha256(body).hexdigest(),
            size=len(body),
        )
        return Page(
            text=text,
            hash=text_hash(text),
            title=title,
            blocks=tuple(self._blocks),
            language=language,
            extractor=extractor,
            sightings=(sighting,),
        )


def one_line(text: str) -> str:
    """The text cleaned, with every run of white space as one space."""
    return " ".join(clean(text).split())


def iso_date(value: str) -> str:
    """The value if it is an ISO 8601 date or date and time, else ""; a publication date is never guessed."""
    value = value.strip()
    for parse in (date.fromisoformat, datetime.fromisoformat):
        try:
            parse(value)
        except ValueError:
            continue
        return value
    return ""


def join_wrapped(lines: list[str]) -> str:
    """One paragraph from its hard-wrapped lines.

    With a space between, but none in Chinese and Japanese, nor after a hyphen (wrapping breaks a line after one; which
    hyphens a typesetter added cannot be told, so all stay).
    """
    parts: list[str] = []
    for line in filter(None, map(str.strip, lines)):
        if parts and not _ends_in_hyphen(parts[-1]) and not (_is_unspaced(parts[-1][-1]) and _is_unspaced(line[0])):
            parts.append(" ")
        parts.append(line)
    return "".join(parts)


def _ends_in_hyphen(text: str) -> bool:
    return len(text) > 1 and text[-1] in "-\u2010" and text[-2].isalpha()


def _is_unspaced(char: str) -> bool:
    """Whether the script of this character is written without spaces between words (CJK, not Korean)."""
    return (
        "\u2e80" <= char <= "\ua4cf"
        or "\uf900" <= char <= "\ufaff"
        or "\uff00" <= char <= "\uff60"
        or char >= "\U00020000"
    )
