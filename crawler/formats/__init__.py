"""One format a file; `extract` decides which and makes a Page of the bytes."""

import posixpath
import re
from collections.abc import Callable
from typing import Literal
from urllib.parse import urlsplit

from ..charset import decode
from ..errors import ExtractionError
from ..page import Page

Format = Literal["html", "markdown", "plain"]

SUFFIXES: dict[str, Format] = {
    ".html": "html", ".htm": "html", ".xhtml": "html", ".xht": "html",
    ".md": "markdown", ".markdown": "markdown", ".mdown": "markdown", ".mkd": "markdown",
    ".txt": "plain", ".text": "plain", ".rst": "plain", ".adoc": "plain", ".org": "plain",
}  # fmt: skip
"""What is read in a folder without being asked, by the end of its name (lower case)."""

_TYPES: dict[str, Format] = {
    "text/html": "html", "application/xhtml+xml": "html", "text/markdown": "markdown", "text/x-markdown": "markdown",
}  # fmt: skip
# Types that servers give when they know nothing better
_UNTELLING = frozenset({"", "text/plain", "application/octet-stream", "binary/octet-stream", "application/x-unknown"})
_UNREAD_TEXT = frozenset({"text/css", "text/javascript", "text/xml", "text/calendar", "text/vcard"})
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([^\s;\"']+)", re.IGNORECASE)
# WHATWG MIME Sniffing §7.1, the rows for HTML
_LOOKS_LIKE_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*|<\?xml[^>]*>\s*)*"
    rb"<(?:!doctype\s+html|html|head|script|iframe|h1|div|font|table|style|title|body|br|p)[\s>]",
    re.DOTALL | re.IGNORECASE,
)


def extract(body: bytes, *, url: str = "", content_type: str = "") -> Page:
    """Make a page of what was read: its main text, with blocks, title, date, author and language.

    `url` is where it came from (a URL or a file path), `content_type` the HTTP header's value; both may be empty.
    The format is what the content type says, else what the name's end says, else what the bytes look like. Pure and
    CPU-bound: a page takes 1 to 100 ms, hostile markup minutes, so call it in `Workers` unless the bytes are yours.

    Raises:
        ExtractionError: "empty", "wrong_type" or "unreadable", with what is wrong in `detail`.
    """
    try:
        if not body.strip():
            raise ExtractionError("", "empty", "it is empty" if not body else "there is only white space in it")
        format_ = _format(body, url, content_type)
        found = _CHARSET.search(content_type)
        text = decode(body, declared=found[1] if found else "", html=format_ == "html")
        return _reader(format_)(text, body=body, source=url)
    except ExtractionError as error:
        if error.source == url:
            raise
        raise ExtractionError(url, error.reason, error.detail) from error


def _format(body: bytes, url: str, content_type: str) -> Format:
    essence = content_type.partition(";")[0].strip().lower()
    if essence in _TYPES:
        return _TYPES[essence]
    if essence in _UNREAD_TEXT or (essence not in _UNTELLING and not essence.startswith("text/")):
        raise ExtractionError(url, "wrong_type", f"{essence} is not read; HTML, Markdown and plain text are")
    if suffix := SUFFIXES.get(suffix_of(url)):
        return suffix if essence in _UNTELLING else "plain"
    if essence.startswith("text/"):
        return "plain"
    return "html" if _LOOKS_LIKE_HTML.match(body[:2048]) else "plain"


def suffix_of(url: str) -> str:
    """The end of the name, with its dot, in lower case: `.html` of `https://a.example/B.HTML?c=.txt` or `/a/B.HTML`."""
    try:
        path = urlsplit(url).path if "://" in url else url
    except ValueError:  # a URL that is none; it names the source all the same
        path = ""
    return posixpath.splitext(path)[1].lower()


def _reader(format_: Format) -> Callable[..., Page]:
    """The reader of a format, imported when first needed: trafilatura takes 0.2 s."""
    match format_:
        case "html":
            from .html import read_html

            return read_html
        case "markdown":
            from .markdown import read_markdown

            return read_markdown
        case "plain":
            from .plain import read_plain

            return read_plain
