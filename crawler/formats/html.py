"""HTML: the main text of a page, without what surrounds it; trafilatura finds it, the text is built here."""

import html
import logging
import re
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from ..errors import ExtractionError
from ..page import Page
from .language import declared_language, language_of
from .layout import Layout
from .tree import lay_out

if TYPE_CHECKING:
    from trafilatura.settings import Document

_LANG = re.compile(r"""<html\b[^>]*?\s(?:xml:)?lang\s*=\s*["']?\s*([a-zA-Z_-]+)""", re.IGNORECASE)
_TITLE = re.compile(r"<title\b[^>]*>([^<]*)", re.IGNORECASE)
_BEGINNING = 50  # where trafilatura looks for "html"; a page without it is refused if it is one element
_TOO_DEEP = "its elements are nested too deeply"

# Below this length (trafilatura's MIN_EXTRACTED_SIZE) it gives all the page's text in one piece. The page as it is
# laid out reads better, unless it holds much more: then that is what surrounds the text.
_SHORT_CHARS = 250
_MUCH_MORE = 1.5
_SURROUNDINGS = (
    "script", "style", "template", "noscript", "svg", "math", "head", "title", "nav", "header", "footer", "aside",
    "form", "button", "select", "textarea", "iframe", "object", "audio", "video", "canvas", "dialog",
)  # fmt: skip
_TRAFILATURA_TAGS = {
    **dict.fromkeys(("ul", "ol", "dl"), "list"),
    **dict.fromkeys(("li", "dt", "dd"), "item"),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "head"),
    **dict.fromkeys(("section", "article", "main", "figure", "figcaption", "details", "summary", "address"), "div"),
    "blockquote": "quote",
    "pre": "code",
    "br": "lb",
    "hr": "p",
}


def read_html(text: str, *, body: bytes, source: str) -> Page:
    """The page's main text as trafilatura sees it, comments left out, with title, date, author and language.

    Raises:
        ExtractionError: "empty" if there is no text; "unreadable" if the markup cannot be taken apart (nested
            too deeply, or a fault in the libraries).
    """
    from lxml.etree import LxmlError

    try:
        document, layout = _main_text(text, source)
    except RecursionError as error:
        raise ExtractionError(source, "unreadable", _TOO_DEEP) from error
    except (LxmlError, ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise ExtractionError(source, "unreadable", f"the markup cannot be taken apart ({error})") from error
    lang, title = _LANG.search(text, 0, 10_000), _TITLE.search(text, 0, 100_000)
    return layout.page(
        extractor=f"trafilatura-{version('trafilatura')}/1",
        body=body,
        source=source,
        title=(document.title if document else "") or (html.unescape(title[1]) if title else ""),
        published=(document.date if document else "") or "",
        author=(document.author if document else "") or "",
        language=(declared_language(lang[1]) if lang else "") or language_of(layout.text),
    )


def _main_text(text: str, source: str) -> "tuple[Document | None, Layout]":
    """trafilatura's document (None if it found no text) and the blocks of the main text."""
    from trafilatura import bare_extraction

    if "html" not in text[:_BEGINNING].lower():
        text = f"<!DOCTYPE html>\n{text}"
    # its result is a dict only with as_dict, which is deprecated
    document: Any = bare_extraction(text, options=_options(source if source.startswith("http") else None))
    layout = Layout()
    if document is not None:
        lay_out(document.body, layout)
    found = len(layout.text)
    if found < _SHORT_CHARS:
        whole = _whole_page(text)
        if not found or len(whole.text) <= _MUCH_MORE * found + 20:
            return document, whole
    return document, layout


def _whole_page(text: str) -> Layout:
    """All that the page shows, but its navigation, forms and frame."""
    from lxml.etree import strip_elements
    from trafilatura import load_html

    layout, tree = Layout(), load_html(text)
    if tree is None:
        return layout
    strip_elements(tree, *_SURROUNDINGS, with_tail=False)
    for element in tree.iter(*_TRAFILATURA_TAGS):
        element.set("rend", element.tag)
        element.tag = _TRAFILATURA_TAGS[element.tag]
    bodies = tree.findall("body")
    for part in bodies or [tree]:
        lay_out(part, layout)
    return layout


def _options(url: str | None) -> Any:
    from trafilatura.settings import Extractor

    # trafilatura warns of every page it finds little in; the typed reason says it here
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    # The extensive search finds no more of the right dates (39 of 52 WCXB pages either way), gives a date to
    # 96 instead of 51 of the 98 pages that have none, and takes a third of all the time.
    date_params: Any = {
        "original_date": True,
        "extensive_search": False,
        "max_date": datetime.now(UTC).strftime("%Y-%m-%d"),
    }
    return Extractor(
        output_format="xml",  # spares the making of a text that is not used
        comments=False,
        with_metadata=True,
        url=url,
        date_params=date_params,
    )
