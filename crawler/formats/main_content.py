"""The main content of a page: readings of it that are cheap, a dear one where they cannot tell, and the choice.

An article has one text, and everything beside it is noise; a list, a shop or a service's page is its many small pieces,
which a reader made for articles throws away. So there are two ways to read a page: whole, all that is left when its
surroundings are gone, and narrow, the element that holds the paragraphs. How much of the whole the narrow reading holds
tells which it is; for what calls itself an article the narrow one is its declared body, else what trafilatura finds.
"""

import functools
import logging
import re
from dataclasses import dataclass, replace
from typing import Any

from .kind import Kind
from .surroundings import drop_surroundings, main_parts, words_of
from .weights import Weights, chars_of, outermost

# A narrow reading that holds this share of the whole is the text of an article, and the rest its trimmings …
_MOST = 2 / 3
# … but of a page that calls itself an article this is enough: many that hold much less are lists for all that
_A_PART = 1 / 4
# The element that holds this share of the paragraphs is the body of the text
_PARAGRAPH_SHARE = 0.9
# Where less than this is left without its lists of links, the links are the content
_TEXT_SHARE = 0.3
_FEW_LINKS = 3
# Below this length (its MIN_EXTRACTED_SIZE) trafilatura gives all of the page's text in one piece
_SHORT_CHARS = 250

_BODY_NAME = re.compile(
    r"(?:^|[\s_-])(?:article|blog|entry|news|post|story)[_-]*(?:body|content|text)(?=$|[\s_-])|articlebody",
    re.IGNORECASE,
)
_PICTURE_NAMES = frozenset({"caption", "gallery"})
_LINK_LIST_TAGS = frozenset({"aside", "div", "dl", "li", "ol", "p", "section", "table", "ul"})
_UNDIVIDED_TAGS = frozenset({"blockquote", "dl", "li", "ol", "p", "pre", "table", "tbody", "td", "tr", "ul"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Elements whose text is the page's, in order, without those that are left out of them.

    `is_converted`: they are in trafilatura's terms, not HTML's.
    """

    parts: tuple[Any, ...] = ()
    left_out: tuple[Any, ...] = ()
    is_converted: bool = False


def main_content(tree: Any, kind: Kind) -> Reading:
    """Choose what to read of a page whose hidden elements are gone; of the tree it leaves that and little more."""
    body = tree.find("body")
    body = tree if body is None else body
    drop_surroundings(body, kind)
    parts = [Weights(part) for part in main_parts(body)]
    links = [element for part in parts for element in _link_lists(part)]
    chars = sum(part.without(()) for part in parts)
    text_chars = chars - sum(part.chars[element] for part in parts for element in links if element in part.chars)
    left_out, whole_chars = ((), chars) if text_chars <= _TEXT_SHARE * chars else (tuple(links), text_chars)
    whole = Reading(parts=tuple(part.elements[0] for part in parts), left_out=left_out)
    if not text_chars and _found(tree) is None:
        return Reading()
    if kind == "thread" or text_chars < _SHORT_CHARS:
        return whole
    if kind == "article":
        return _article(tree, parts, links, text_chars) or whole
    narrow, narrow_chars = _narrow(parts, links)
    return narrow if narrow_chars > _MOST * whole_chars else whole


def _article(tree: Any, parts: list[Weights], links: list[Any], text_chars: int) -> Reading | None:
    """The body that the page declares, else what trafilatura finds; None if it is too little to be the article."""
    body, chars = _declared_body(parts, links)
    if chars > _A_PART * text_chars:
        return replace(body, left_out=(*body.left_out, *filter(_is_picture_text, body.parts[0].iter())))
    found = _found(tree)
    chars = sum(map(chars_of, found.itertext() if found is not None else ()))
    if _A_PART * text_chars < chars < text_chars / _A_PART:  # more than that, and the lists of links are the content
        return Reading(parts=(found,), is_converted=True)
    return None


def _link_lists(part: Weights) -> list[Any]:
    """The outermost elements within a part that are mostly links, with no paragraph among them."""
    return outermost(
        element
        for element in part.elements[1:]
        if part.links[element] >= _FEW_LINKS
        and 2 * part.linked[element] > part.chars[element]
        and not part.prose[element]
        and element.tag in _LINK_LIST_TAGS
    )


def _narrow(parts: list[Weights], links: list[Any]) -> tuple[Reading, int]:
    """The smallest element that holds the most of the paragraphs, and its length."""
    least = _PARAGRAPH_SHARE * sum(part.prose[part.elements[0]] for part in parts)
    for part in parts:
        element = part.elements[0]
        if least and part.prose[element] >= least:
            while (inner := _inner(part, element, least)) is not None:
                element = inner
            return _within(part, element, links)
    return Reading(), 0


def _inner(part: Weights, element: Any, least: float) -> Any:
    for child in element:
        if part.prose.get(child, 0) >= least:
            return None if child.tag in _UNDIVIDED_TAGS else child
    return None


def _declared_body(parts: list[Weights], links: list[Any]) -> tuple[Reading, int]:
    """The innermost element that is called the body of an article and holds nearly all that any such holds."""
    bodies = [(part.chars[element], part, element) for part in parts for element in part.elements if _is_body(element)]
    most = max((chars for chars, *_ in bodies), default=0)
    if not most:
        return Reading(), 0
    _, part, element = [each for each in bodies if each[0] >= _PARAGRAPH_SHARE * most][-1]
    return _within(part, element, links)


def _is_body(element: Any) -> bool:
    if (element.get("itemprop") or "").lower() == "articlebody":
        return True
    return any(_BODY_NAME.search(marks) for marks in (element.get("class"), element.get("id")) if marks)


def _is_picture_text(element: Any) -> bool:
    """Whether it is a caption or a gallery, which part a paragraph from the next."""
    return element.tag == "figcaption" or not _PICTURE_NAMES.isdisjoint(words_of(element))


def _within(part: Weights, element: Any, links: list[Any]) -> tuple[Reading, int]:
    left_out = tuple(each for each in links if each in part.chars and element in each.iterancestors())
    chars = part.chars[element] - sum(map(part.chars.__getitem__, left_out))
    return Reading(parts=(element,), left_out=left_out), chars


def _found(tree: Any) -> Any:
    """The body that trafilatura's rules find, without its readability and jusText fallbacks; None if it is empty.

    Without what surrounds them its rules find more of the right text (snippet F1 .919 for .908), in two thirds of the
    time; the fallbacks take as long again and add nothing where the page calls itself an article.
    """
    from trafilatura import bare_extraction

    found: Any = bare_extraction(tree, options=_options())  # it works on a copy of the tree
    return found.body if found is not None and any(map(chars_of, found.body.itertext())) else None


@functools.cache
def _options() -> Any:
    from trafilatura.settings import Extractor

    # trafilatura warns of every page it finds little in; the typed reason says it here
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    # an output of XML spares the making of a text that is not used
    return Extractor(output_format="xml", comments=False, with_metadata=False, fast=True)
