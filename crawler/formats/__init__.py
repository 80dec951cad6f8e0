"""One format a file; `extract` decides which and makes a Page of the bytes."""

import posixpath
import re
from collections.abc import Callable
from typing import Literal
from urllib.parse import urlsplit

from ..charset import decode
from ..errors import ExtractionError
from ..extraction import Extraction
from ..page import Page, Skipped
from .sniff import NO_TYPES, PDF, XHTML, sniff

Format = Literal["html", "markdown", "pdf", "plain"]

SUFFIXES: dict[str, Format] = {
    ".html": "html", ".htm": "html", ".xhtml": "html", ".xht": "html",
    ".md": "markdown", ".markdown": "markdown", ".mdown": "markdown", ".mkd": "markdown",
    ".txt": "plain", ".text": "plain", ".rst": "plain", ".adoc": "plain", ".org": "plain",
    ".pdf": "pdf",
}  # fmt: skip
"""What is read in a folder without being asked, by the end of its name (lower case)."""

_TYPES: dict[str, Format] = {
    "text/html": "html", XHTML: "html", "text/markdown": "markdown", "text/x-markdown": "markdown", PDF: "pdf",
}  # fmt: skip
_XML_NAMES = {
    "application/rss+xml": "an RSS feed", "application/atom+xml": "an Atom feed", "application/xml": "an XML document",
    "image/svg+xml": "an SVG image",
}  # fmt: skip
_UNREAD_TEXT = frozenset({"text/css", "text/javascript", "text/calendar", "text/vcard"})
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([^\s;\"']+)", re.IGNORECASE)


def extract(body: bytes, *, url: str = "", content_type: str = "") -> Page:
    """Make a page of what was read: its main text, with blocks, title, date, author and language.

    `url` is where it came from (a URL or a file path), `content_type` the HTTP header's value; both may be empty.
    The format is what the content type says unless the bytes gainsay it (see `sniff`), else what the name's end says,
    else what the bytes look like. Pure and CPU-bound: a page takes 1 to 100 ms, hostile markup minutes, so call it in
    `Workers` unless the bytes are yours.

    Raises:
        ExtractionError: "empty", "wrong_type" or "unreadable", or what a web page is instead of content ("javascript",
            "login_wall", …), with what is wrong in `detail`.
    """
    outcome = take_apart(body, url=url, content_type=content_type).outcome
    if isinstance(outcome, Skipped):
        raise ExtractionError(url, outcome.reason, outcome.detail)
    return outcome


def take_apart(body: bytes, *, url: str, content_type: str = "", status: int = 200) -> Extraction:
    """As `extract`, with the links and what else is said beside the text; `status` is the HTTP status.

    Raises:
        ExtractionError: "empty", "wrong_type" or "unreadable".
    """
    try:
        if not body.strip():
            raise ExtractionError("", "empty", "it is empty" if not body else "there is only white space in it")
        format_ = _format(body, url, content_type)
        if format_ == "pdf":
            return Extraction(outcome=_read_pdf(body, url))
        found = _CHARSET.search(content_type)
        text = decode(body, declared=found[1] if found else "", html=format_ == "html")
        if format_ == "html":
            return _read_html(text, body, url, status)
        return Extraction(outcome=_reader(format_)(text, body=body, source=url))
    except ExtractionError as error:
        if error.source == url:
            raise
        raise ExtractionError(url, error.reason, error.detail) from error


def _format(body: bytes, url: str, content_type: str) -> Format:
    essence = sniff(body, content_type)
    label = content_type.partition(";")[0].strip().lower()
    by_name = SUFFIXES.get(suffix_of(url))
    if essence == PDF or (label in _TYPES and essence in _TYPES):
        return _TYPES[essence]
    is_labelled = label not in NO_TYPES
    if not is_labelled and by_name in {"markdown", "plain"}:
        return by_name
    if name := _XML_NAMES.get(essence):
        raise ExtractionError(url, "wrong_type", f"this is {name}, not a page")
    if essence in _UNREAD_TEXT or not (essence.startswith("text/") or essence == XHTML):
        raise ExtractionError(url, "wrong_type", f"{essence} is not read; HTML, PDF, Markdown and plain text are")
    if is_labelled and essence != XHTML:
        return "markdown" if by_name == "markdown" and label == "text/plain" else "plain"
    if by_name == "pdf":
        return "html" if essence == "text/html" else "pdf"
    return by_name or _TYPES.get(essence, "plain")


def suffix_of(url: str) -> str:
    """The end of the name, with its dot, in lower case: `.html` of `https://a.example/B.HTML?c=.txt` or `/a/B.HTML`."""
    try:
        path = urlsplit(url).path if "://" in url else url
    except ValueError:  # a URL that is none; it names the source all the same
        path = ""
    return posixpath.splitext(path)[1].lower()


def _read_pdf(body: bytes, source: str) -> Page:
    from .pdf import read_pdf

    return read_pdf(body, source=source)


def _read_html(text: str, body: bytes, source: str, status: int) -> Extraction:
    from .html import read_html  # lxml and trafilatura take 0.2 s

    return read_html(text, body=body, source=source, status=status)


def _reader(format_: Literal["markdown", "plain"]) -> Callable[..., Page]:
    """The reader of a format, imported when first needed."""
    match format_:
        case "markdown":
            from .markdown import read_markdown

            return read_markdown
        case "plain":
            from .plain import read_plain

            return read_plain
