"""PDF: the text layer, page by page, with paragraphs made of its lines; pdfium takes the file apart."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version
from itertools import pairwise
from statistics import median
from threading import Lock
from typing import Any

from ..errors import ExtractionError
from ..page import Page
from ..text import clean
from .dates import pdf_day
from .language import language_of
from .layout import Layout, join_wrapped, one_line

MOST_PAGES = 2_000
MOST_CHARS = 10_000_000
"""A longer document is no page but a shelf; it is refused rather than cut."""

# pdfium keeps one state for the whole process: two threads must not be in it at once
_PDFIUM = Lock()
_PASSWORD_ERROR = 4  # FPDF_ERR_PASSWORD
_HYPHEN = re.compile("(?<=[a-zß-öø-ÿ])[\x02\ufffe](?=[a-zß-öø-ÿ])")
_ITEM = re.compile(r"(?:[•‣◦▪●■–—*·]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+\S")
_ENDS_SENTENCE = re.compile(r"[.!?:…。！？][\"'”’»)\]]*$")
_PAGE_NUMBER = re.compile(r"[-–— ]*(?:\d{1,4}|[ivxlc]{1,6})[-–— ]*")
_LEADERS = re.compile(r"(?:\. ?){4}|…{2}")  # of a table of contents
_DIGITS = re.compile(r"\d+")
_NO_TITLE = re.compile(
    r"\.(?:docx?|tex|dvi|indd|qxd|pdf|odt|rtf|xlsx?|pptx?|html?|pub|pages)$|"
    r"^\(?(?:untitled|unbenannt|document|dokument|anonymous|unspecified|unknown)\d*\)?$",
    re.IGNORECASE,
)
_MAKER = re.compile(r"^Microsoft (?:Word|PowerPoint|Excel) - ")
_HEADING_SIZE = 1.12  # times the size of most of the text
_HEADING_CHARS = 200
_HEADING_LINES = 3
_MOST_LEVELS = 4
_SAMPLED = 6
_COLUMN = 40  # points: lines that begin this near to each other stand in one column
_FRAME_LINES = 2  # at the top and bottom of a page
_FRAME_PAGES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A line of text and where it stands: points from the page's left and bottom; `size` is the height of its type.

    `bottom` is where it begins and `end` where it ends: lower, if pdfium has joined two lines at a hyphen.
    """

    text: str
    left: float
    right: float
    bottom: float
    end: float
    size: float


def read_pdf(body: bytes, *, source: str) -> Page:
    """The text of a PDF in the order in which its pages hold it, each block with its page's number (from 1).

    Lines become paragraphs by their distances and lengths; lines in larger type are headings; what stands at the top
    or bottom of most pages (running titles, page numbers) is left out. A word that was hyphenated at the end of a
    line is whole again where pdfium is sure of it. Title, author and days are those of the document information. A
    page that is damaged is left out.

    Raises:
        ExtractionError: "unreadable", if it is encrypted or damaged; "empty", if there is no text in it, as in scans;
            "too_large", if it has more than 2,000 pages or 10 million characters.
    """
    import pypdfium2

    try:
        with _PDFIUM:
            pages, info, is_pictures = _read(body, source)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD_ERROR:
            why = "it is encrypted: open it with its password, and save a copy without one"
        else:
            why = f"the PDF is damaged: {error}"
        raise ExtractionError(source, "unreadable", why) from error
    except (AssertionError, ValueError, OSError) as error:
        raise ExtractionError(source, "unreadable", f"the PDF is damaged: {error}") from error
    if not any(pages):
        count = f"{len(pages)} page" + ("s" if len(pages) > 1 else "")
        scan = f"it is a scan: {count} of pictures without text; OCR (such as ocrmypdf) adds it"
        raise ExtractionError(source, "empty", scan if is_pictures else "there is no text in it")
    return _page(_without_frame(pages), info, body, source)


def _page(pages: list[list[_Line]], info: dict[str, str], body: bytes, source: str) -> Page:
    layout, numbers = Layout(), []
    levels = _levels(pages)
    for number, lines in enumerate(pages, 1):
        for group in _groups(lines):
            text = clean(join_wrapped([line.text for line in group])).strip()
            if not text:
                continue
            numbers.append(number)  # a text that is not blank is one block
            level = levels.get(round(median(line.size for line in group)))
            if level and len(text) <= _HEADING_CHARS and len(group) <= _HEADING_LINES and not _LEADERS.search(text):
                layout.heading(text, level)
            else:
                layout.add(text, "list" if _ITEM.match(text) else "paragraph")
    title = _MAKER.sub("", one_line(info.get("Title", "")))
    author = one_line(info.get("Author", ""))
    page = layout.page(
        extractor=f"pypdfium2-{version('pypdfium2')}/1",
        body=body,
        source=source,
        title="" if _NO_TITLE.search(title) else title,
        published=pdf_day(info.get("CreationDate", "")),
        author="" if _NO_TITLE.search(author) else author,
        language=language_of(layout.text),
    )
    modified = pdf_day(info.get("ModDate", ""))
    (sighting,) = page.sightings
    return replace(
        page,
        blocks=tuple(replace(block, page_number=n) for block, n in zip(page.blocks, numbers, strict=True)),
        sightings=(replace(sighting, modified=modified if modified >= sighting.published else ""),),
    )


def _read(body: bytes, source: str) -> tuple[list[list[_Line]], dict[str, str], bool]:
    """The lines of each page, the document information, and whether there are pictures."""
    import pypdfium2

    document = pypdfium2.PdfDocument(body)
    try:
        count = len(document)
        if count > MOST_PAGES:
            raise ExtractionError(source, "too_large", f"it has {count} pages; at most {MOST_PAGES} are read: split it")
        pages: list[list[_Line]] = []
        chars, has_pictures, broken = 0, False, 0
        for index in range(count):
            lines: list[_Line] = []
            try:
                lines, has_picture = _page_lines(document, index)
                has_pictures |= has_picture
            except pypdfium2.PdfiumError:
                broken += 1
            chars += sum(len(line.text) for line in lines)
            if chars > MOST_CHARS:
                raise ExtractionError(source, "too_large", f"it has over {MOST_CHARS} characters: split it")
            pages.append(lines)
        if broken == count:
            raise ExtractionError(source, "unreadable", "the PDF is damaged: none of its pages can be read")
        return pages, document.get_metadata_dict(), has_pictures
    finally:
        document.close()


def _page_lines(document: Any, index: int) -> tuple[list[_Line], bool]:
    """The lines of a page, and whether it is without text and holds a picture."""
    from pypdfium2 import raw

    page = document.get_page(index)
    try:
        text_page = page.get_textpage()
        try:
            lines = list(_lines(text_page))
        finally:
            text_page.close()
        pictures = () if lines else page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3)
        return lines, next(iter(pictures), None) is not None
    finally:
        page.close()


def _lines(text_page: Any) -> Iterator[_Line]:
    from pypdfium2 import raw

    def box(index: int) -> tuple[float, float, float, float]:
        return _box(text_page, raw.FPDFText_GetCharIndexFromTextIndex(text_page, index))

    at = 0  # in UTF-16 units, as pdfium counts
    for line in text_page.get_text_range().split("\n"):
        units = len(line.encode("utf-16-le", errors="surrogatepass")) // 2
        text = line.strip("\r ")
        if text.strip():
            start = at + len(line) - len(line.lstrip(" "))
            left, bottom, _, _ = box(start)
            _, end, right, _ = box(start + len(text) - 1)
            size = median(high - low for _, low, _, high in map(box, _sample(text, start)))
            yield _Line(text=_unhyphened(text), left=left, right=right, bottom=bottom, end=end, size=size)
        at += units + 1


def _sample(text: str, start: int) -> list[int]:
    """Where some letters of the line are: bullets, superscripts and mathematics are in other fonts."""
    letters = [start + at for at, char in enumerate(text) if char.isalnum()]
    return letters[:: max(1, len(letters) // _SAMPLED)] or [start]


def _unhyphened(text: str) -> str:
    """The line without the hyphens that pdfium marks as a line's end, between small letters; others stay."""
    return _HYPHEN.sub("", text).replace("\x02", "-").replace("\ufffe", "-")


def _box(text_page: Any, index: int) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of a character with its font's full height, in points; zeros if it has none."""
    from pypdfium2 import raw

    box = raw.FS_RECTF()
    if index < 0 or not raw.FPDFText_GetLooseCharBox(text_page, index, box):
        return 0.0, 0.0, 0.0, 0.0
    return box.left, box.bottom, box.right, box.top


def _without_frame(pages: list[list[_Line]]) -> list[list[_Line]]:
    """The pages without the lines that stand at the top or bottom of most of them, but for their numbers."""
    if len(pages) < _FRAME_PAGES:
        return pages
    counts = Counter(key for lines in pages for key in {_key(line) for line in _edges(lines)})
    # a running title may alternate between left and right pages, and change with the chapter
    common = {
        key for key, count in counts.items() if count >= _FRAME_PAGES and (count >= 0.4 * len(pages) or "#" in key)
    }
    kept = []
    for lines in pages:
        edges = {id(line) for line in _edges(lines) if _key(line) in common or _PAGE_NUMBER.fullmatch(line.text)}
        kept.append([line for line in lines if id(line) not in edges])
    return kept if any(kept) else pages


def _edges(lines: list[_Line]) -> list[_Line]:
    return lines[:_FRAME_LINES] + lines[-_FRAME_LINES:]


def _key(line: _Line) -> str:
    return _DIGITS.sub("#", line.text)


def _levels(pages: list[list[_Line]]) -> dict[int, int]:
    """The heading level of each size of type (whole points) that is larger than that of most of the text."""
    weights: Counter[int] = Counter()
    for lines in pages:
        for line in lines:
            weights[round(line.size)] += len(line.text)
    if not weights:
        return {}
    usual = weights.most_common(1)[0][0]
    larger = sorted((size for size in weights if size >= usual * _HEADING_SIZE and size > usual), reverse=True)
    # what a fifth of the text is set in is no heading
    larger = [size for size in larger if weights[size] * 5 < weights.total()]
    return {size: min(level, _MOST_LEVELS) for level, size in enumerate(larger, 1)}


def _groups(lines: list[_Line]) -> Iterator[list[_Line]]:
    """The lines of a page in paragraphs and headings."""
    if not lines:
        return
    pitches = [above.end - below.bottom for above, below in pairwise(lines) if above.end > below.bottom]
    pitch = median(pitches) if pitches else 0.0
    edges = _right_edges(lines)
    group = [lines[0]]
    for above, line in pairwise(lines):
        column = round(above.left / _COLUMN)
        edge = max(edges.get(near, 0.0) for near in (column - 1, column, column + 1))
        if _parts(above, line, pitch, edge):
            yield group
            group = []
        group.append(line)
    yield group


def _right_edges(lines: list[_Line]) -> dict[int, float]:
    """Where most full lines end, by the column in which they begin."""
    rights: dict[int, list[float]] = {}
    for line in lines:
        rights.setdefault(round(line.left / _COLUMN), []).append(line.right)
    return {column: sorted(ends)[len(ends) * 9 // 10] for column, ends in rights.items()}


def _parts(above: _Line, line: _Line, pitch: float, edge: float) -> bool:
    """Whether a new paragraph begins with the line; `edge` is where full lines of the column end."""
    size = max(above.size, line.size, 1.0)
    distance = above.end - line.bottom
    if abs(above.size - line.size) > 0.12 * size or _ITEM.match(line.text):
        return True
    if distance > 1.3 * max(pitch, size) or distance < -0.5 * size:  # a wider gap; a new column
        return True
    filled = (above.right - above.left) / max(edge - above.left, 1.0)
    ends = _ENDS_SENTENCE.search(above.text) is not None
    is_indented = line.left > above.left + 0.8 * size
    return (ends and (filled < 0.88 or is_indented)) or (filled < 0.6 and distance > 0.5 * size)
