"""Where on a page an element stands: is it seen, and is it said of the page or of something else."""

import re
from collections.abc import Iterator
from typing import Any

from .hidden import is_hidden
from .layout import one_line

SILENT_TAGS = frozenset({"meta", "link", "script", "style", "img", "svg", "input", "html", "body", "main", "article"})
"""Elements that hold no words, or all of the page's."""

WORDLESS_TAGS = frozenset({
    "script", "style", "noscript", "template", "head", "title", "svg", "iframe", "textarea", "select", "option",
})  # fmt: skip
"""Elements whose words, if any, are not the page's."""

# Attributes are asked of these in a loop: an XPath over class names takes three times as long
_LINE_TAGS = (
    "span",
    "p",
    "div",
    "a",
    "li",
    "small",
    "em",
    "strong",
    "b",
    "i",
    "cite",
    "address",
    "h3",
    "h4",
    "h5",
    "h6",
)
_ELSEWHERE_TAGS = frozenset({"aside", "footer", "nav"})
_WHOLE_TAGS = frozenset({"body", "html", "main"})
_ELSEWHERE = re.compile(
    r"comment|respond|repl(?:y|ies)\b|related|recommend|sidebar|widget|footer|teaser|promo|popular|latest|more-|most-|"
    r"trending|carousel|review|feedback|testimonial|newsletter|\bnav|menu",
    re.IGNORECASE,
)


def is_aside(element: Any) -> bool:
    """Whether an element stands in a comment, a teaser or a sidebar: what it says is not said of the page.

    By tags and class names alone; so a page whose author calls the article "review-body" is taken for a review of
    something else, and loses a date rather than getting a wrong one.
    """
    for above in (element, *element.iterancestors()):
        if above.tag in _WHOLE_TAGS:
            return False
        marks = f"{above.get('class') or ''} {above.get('id') or ''}"
        if above.tag in _ELSEWHERE_TAGS or (len(marks) > 1 and _ELSEWHERE.search(marks)):
            return True
    return False


def is_unseen(element: Any) -> bool:
    """Whether an element, or what it stands in, is hidden from readers (see `hidden`)."""
    return any(
        isinstance(each.tag, str) and is_hidden(each.tag, each.attrib) for each in (element, *element.iterancestors())
    )


def words_of(element: Any) -> str:
    """The text in an element as one line."""
    return one_line("".join(element.itertext()))


def short_words_of(element: Any, most_chars: int) -> str:
    """The text in an element as one line, "" if it is longer than this; a long text is not read to its end."""
    pieces: list[str] = []
    left = 4 * most_chars  # there may be much white space
    for piece in element.itertext():
        left -= len(piece)
        if left < 0:
            return ""
        pieces.append(piece)
    line = one_line(" ".join(pieces))
    return line if len(line) <= most_chars else ""


def classed(tree: Any, names: re.Pattern[str]) -> Iterator[Any]:
    """The elements for lines and smaller pieces whose class, itemprop or rel holds one of these, in document order."""
    search = names.search
    for element in tree.iter(*_LINE_TAGS):
        marks = element.get("class"), element.get("itemprop"), element.get("rel")
        if any(mark and search(mark) for mark in marks):
            yield element


def seen_text(tree: Any) -> Iterator[tuple[str, bool]]:
    """The pieces of text that a reader with scripts sees, in order, and whether each is in a link.

    What is hidden by `hidden` is left out; styles are not looked at (see `is_unseen`).
    """
    from lxml.etree import iterwalk

    links = 0
    walk = iterwalk(tree, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        tag = element.tag
        if event == "start":
            if tag in WORDLESS_TAGS or element.get("hidden") is not None:
                walk.skip_subtree()
                continue
            links += tag == "a"
            if element.text:
                yield element.text, links > 0
            continue
        if tag == "a" and element.get("hidden") is None:
            links -= 1
        if element.tail and element is not tree:
            yield element.tail, links > 0
