"""HTML: the main text of a page, without what surrounds it, and what the page says of itself."""

import functools
from dataclasses import replace
from importlib.metadata import version
from typing import Any

from ..errors import ExtractionError
from ..extraction import Extraction
from ..page import Sighting, Skipped, SkipReason
from ..quality import quality, visible_words
from ..robots.signals import meta_signals
from .about import About, about
from .declared import declared
from .document import drop_hidden, parse
from .heading_marks import drop_heading_marks
from .kind import Kind, kind_of
from .language import declared_language, language_of
from .layout import Layout
from .links import links
from .main_content import main_content
from .soft_failures import LONGEST_FAILURE_CHARS, soft_failure
from .tree import convert, lay_out

_VERSION = 4
_AGENT = "Fontes"
_TOO_DEEP = "its elements are nested too deeply to be read"
_NO_TEXT = "there is no text in it"
_ALL_HIDDEN = "all the text in it is hidden from readers"


def read_html(text: str, *, body: bytes, source: str, status: int = 200) -> Extraction:
    """The page's main text, comments left out unless it is a thread of them, and what the page says of itself.

    What the markup hides from readers (see `hidden`) is left out, however much of the page it is. A page that is no
    content (a wall, an empty shell, a "not found" with `status` 200) is `Skipped`, its links are given all the same.

    Raises:
        ExtractionError: "empty" if there is no text, or all of it is hidden; "unreadable" if the markup cannot be
            taken apart (nested too deeply, or a fault in the libraries).
    """
    from lxml.etree import LxmlError

    try:
        return _read(text, body, source, status)
    except RecursionError as error:
        raise ExtractionError(source, "unreadable", _TOO_DEEP) from error
    except (LxmlError, ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise ExtractionError(source, "unreadable", f"the markup cannot be taken apart ({error})") from error


def _read(text: str, body: bytes, source: str, status: int) -> Extraction:
    tree = parse(text)
    if tree is None:
        raise ExtractionError(source, "empty", _NO_TEXT)
    drop_heading_marks(tree)
    declarations = declared(tree, source)
    said = about(declarations)
    found = links(tree, source) if source.startswith(("http:", "https:")) else ()
    visible, linked = visible_words(tree)
    language = declared_language(tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "")
    layout, has_hidden = _main_text(tree, kind_of(declarations))
    if failure := _failure(text, layout.text, source, status):
        outcome = Skipped(source=source, reason=failure[0], detail=failure[1])
        return Extraction(outcome=outcome, links=found, metas=said.metas)
    if has_hidden and not layout.text:
        raise ExtractionError(source, "empty", _ALL_HIDDEN)
    page = layout.page(
        extractor=_extractor(),
        body=body,
        source=source,
        title=said.title,
        published=said.published,
        author=said.author,
        language=language or language_of(layout.text),
    )
    judged = quality(page.text, words_visible=visible, words_linked=linked, language=page.language)
    seen = tuple(_with_what_is_said(sighting, said) for sighting in page.sightings)
    return Extraction(outcome=replace(page, quality=judged, sightings=seen), links=found, metas=said.metas)


def _main_text(tree: Any, kind: Kind) -> tuple[Layout, bool]:
    """The blocks of the main text, and whether text was hidden; the tree is used up."""
    has_hidden = drop_hidden(tree)
    layout = Layout()
    reading = main_content(tree, kind)
    for part in reading.parts:
        if not reading.is_converted:
            convert(part, reading.left_out)
        lay_out(part, layout)
    return layout, has_hidden


def _failure(markup: str, text: str, source: str, status: int) -> tuple[SkipReason, str] | None:
    """Why this is no content, if it is not; a short text's page is parsed once more, for its scripts tell much."""
    if len(text) > LONGEST_FAILURE_CHARS:
        return None
    tree = parse(markup)
    return None if tree is None else soft_failure(tree, text, url=source, status=status)


def _with_what_is_said(sighting: Sighting, said: About) -> Sighting:
    return replace(
        sighting,
        modified=said.modified,
        site=said.site,
        canonical=said.canonical,
        licence=said.licence,
        twins=said.twins,
        signals=meta_signals(said.metas, _AGENT),
        facts=said.facts,
    )


@functools.cache
def _extractor() -> str:
    return f"fontes-html/{_VERSION} trafilatura-{version('trafilatura')}"
