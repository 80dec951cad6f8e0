"""HTML: the main text of a page, without what surrounds it; trafilatura finds it, the text is built here."""

import html
import json
import logging
import re
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from ..errors import ExtractionError
from ..page import Page
from ..text import clean
from .hidden import UNSEEN_TAGS, is_hidden
from .language import declared_language, language_of
from .layout import Layout
from .tree import lay_out

if TYPE_CHECKING:
    from trafilatura.settings import Document

_LANG = re.compile(r"""<html\b[^>]*?\s(?:xml:)?lang\s*=\s*["']?\s*([a-zA-Z_-]+)""", re.IGNORECASE)
_TITLE = re.compile(r"<title\b[^>]*>([^<]*)", re.IGNORECASE)
_BEGINNING = 50  # where trafilatura looks for "html"; a page without it is refused if it is one element
_TOO_DEEP = "its elements are nested too deeply to be read"
_ALL_HIDDEN = "all the text in it is hidden from readers"
# Below html, this many elements within one another, libxml2 stops and drops the rest of the page (its limit is 256).
# None of 343 real pages comes near; reading on to its larger limit would take minutes.
_DEEPEST = 255

# Below this length (trafilatura's MIN_EXTRACTED_SIZE) it gives all the page's text in one piece. The page as it is
# laid out reads better, unless it holds much more: then that is what surrounds the text.
_SHORT_CHARS = 250
_MUCH_MORE = 1.5
_SURROUNDINGS = (
    "script", "noscript", "svg", "math", "head", "title", "nav", "header", "footer", "aside", "form", "button",
    "select", "textarea", "object", "dialog",
)  # fmt: skip
_LIST_MARKS = re.compile(r"(?:\s|-\s)+")
_SPACE_OR_BAR = re.compile(r"[\s|]+")
_MAY_BE_HIDDEN = "descendant-or-self::*[@hidden or @aria-hidden or @style or self::dialog]"
_UNSEEN_JSON_KEYS = frozenset({
    "articleBody", "reviewBody", "recipeInstructions", "step", "acceptedAnswer", "description",
})  # fmt: skip
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

    What the markup hides from readers (see `hidden`) is left out, however much of the page it is.

    Raises:
        ExtractionError: "empty" if there is no text, or all of it is hidden; "unreadable" if the markup cannot be
            taken apart (nested too deeply, or a fault in the libraries).
    """
    from lxml.etree import LxmlError

    try:
        about, layout, has_hidden = _main_text(text, source)
    except RecursionError as error:
        raise ExtractionError(source, "unreadable", _TOO_DEEP) from error
    except (LxmlError, ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise ExtractionError(source, "unreadable", f"the markup cannot be taken apart ({error})") from error
    if has_hidden and not layout.text:
        raise ExtractionError(source, "empty", _ALL_HIDDEN)
    lang, title = _LANG.search(text, 0, 10_000), _TITLE.search(text, 0, 100_000)
    return layout.page(
        extractor=f"trafilatura-{version('trafilatura')}/2",
        body=body,
        source=source,
        title=(about.title if about else "") or (html.unescape(title[1]) if title else ""),
        published=(about.date if about else "") or "",
        author=(about.author if about else "") or "",
        language=(declared_language(lang[1]) if lang else "") or language_of(layout.text),
    )


def _main_text(text: str, source: str) -> "tuple[Document | None, Layout, bool]":
    """What is known of the page (None if there is none), the blocks of its main text, and whether text was hidden.

    trafilatura weighs the parts of a page against each other, and without its hidden menus a page is another to it
    (word F1 on WCXB .782 instead of .796). So it sees the whole, and what is hidden is left out of what it finds.
    Only where that is much of it does it look again, at what is shown; the longer text stays.

    Raises:
        RecursionError: the parser dropped what is nested too deeply, or something else cannot follow.
    """
    from trafilatura import bare_extraction, load_html

    if "html" not in text[:_BEGINNING].lower():
        text = f"<!DOCTYPE html>\n{text}"
    tree = load_html(text)
    if tree is None:
        return None, Layout(), False
    if _is_cut(tree):
        raise RecursionError
    options = _options(source if source.startswith("http") else None)
    # its result is a dict only with as_dict, which is deprecated; it works on a copy of the tree
    found: Any = bare_extraction(tree, options=options)
    has_hidden = _drop_hidden(tree)
    layout = Layout(_ShownText(tree).holds)
    about = _about(tree, options)
    if found is not None:
        lay_out(found.body, layout)
    if layout.left_out_chars * 3 > len(layout.text):
        found = bare_extraction(tree, options=options)
        if found is not None:
            lay_out(found.body, rest := Layout())
            layout = max(layout, rest, key=lambda each: len(each.text))
    chars = len(layout.text)
    if chars < _SHORT_CHARS:
        whole = _whole_page(tree)
        if not chars or len(whole.text) <= _MUCH_MORE * chars + 20:
            layout = whole
    return about, layout, has_hidden


def _about(tree: Any, options: Any) -> "Document | None":
    """Title, date and author, None if what stands for them is so odd that trafilatura stumbles over it."""
    from trafilatura.metadata import extract_metadata

    try:
        return extract_metadata(tree, options.url, options.date_params, options.fast, options.author_blacklist)
    except (TypeError, ValueError):
        return None


class _ShownText:
    """The text of a tree, to ask whether a line that was found stands in it: not a word of it out of its place."""

    def __init__(self, tree: Any) -> None:
        shown = tree.xpath("descendant::text()[not(parent::script)]", smart_strings=False)
        self._text = _SPACE_OR_BAR.sub("", clean("".join(shown)))
        self._at = 0

    def holds(self, line: str) -> bool:
        """Whether the line stands here, but for white space and the marks of lists and tables."""
        words = _SPACE_OR_BAR.sub("", line[marks.end() if (marks := _LIST_MARKS.match(line)) else 0 :])
        found = self._text.find(words, self._at)  # lines come in order, mostly
        if found < 0:
            found = self._text.find(words)
        self._at = max(found, self._at)
        return found >= 0


def _is_cut(tree: Any) -> bool:
    """Whether the parser gave up at elements nested too deeply: then the last of them is the last of the page."""
    last = tree
    while len(last):
        last = last[-1]
    return not last.text and sum(1 for _ in last.iterancestors()) >= _DEEPEST


def _drop_hidden(tree: Any) -> bool:
    """Take out what the markup hides from a reader; whether there was text in it.

    However much of the page that is, `body` included: what a page could save by its size, a trap could be saved by.
    """
    from lxml.etree import strip_elements

    hidden = [element for element in tree.xpath(_MAY_BE_HIDDEN) if is_hidden(element.tag, element.attrib)]
    has_text = any(not text.isspace() for element in hidden for text in element.itertext())
    for element in hidden:
        element.tag = "template"
    if tree.tag == "template":
        tree.clear()
    strip_elements(tree, *(UNSEEN_TAGS - {"script"}), with_tail=False)  # scripts may hold title, date and author
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        script.text = _without_unseen_text(script.text or "")
    for element in tree.xpath(".//*[@data-preloaded]"):
        del element.attrib["data-preloaded"]
    return has_text


def _without_unseen_text(script: str) -> str:
    """JSON-LD without the texts in it, which trafilatura takes for the page's own where the page has few."""
    try:
        return json.dumps(json.loads(script, strict=False, object_pairs_hook=_without_unseen_keys))
    except (ValueError, RecursionError):
        return script  # trafilatura finds no text in it either


def _without_unseen_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {key: value for key, value in pairs if key not in _UNSEEN_JSON_KEYS}


def _whole_page(tree: Any) -> Layout:
    """All that the page shows, but its navigation, forms and frame; the tree is used up."""
    from lxml.etree import strip_elements

    layout = Layout()
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
        with_metadata=False,
        url=url,
        date_params=date_params,
    )
