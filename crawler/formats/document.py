"""From markup to a tree, and the tree without what its readers do not see."""

import re
from typing import Any

from .hidden import UNSEEN_TAGS, is_hidden, without_early_ends

# Below html, this many elements within one another, libxml2 stops and drops the rest of the page (its limit is 256).
# None of 343 real pages comes near; reading on to its larger limit would take minutes.
_DEEPEST = 255
_HEAD_TAGS = frozenset({
    "base", "basefont", "bgsound", "link", "meta", "noframes", "noscript", "script", "style", "template", "title",
})  # fmt: skip
_MAY_BE_HIDDEN = "descendant-or-self::*[@hidden or @aria-hidden or @style or self::dialog]"
_NO_XML_CHARACTERS = re.compile("[\x00-\x08\x0b\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def parse(text: str) -> Any:
    """The tree of a page (lxml elements, comments left out), None if there is nothing in it.

    Raises:
        RecursionError: its elements are nested too deeply, and the rest of the page would be missing.
    """
    from lxml.etree import ElementDefaultClassLookup, HTMLParser, XMLSyntaxError, fromstring
    from lxml.html import HtmlElement

    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    # trafilatura asks for lxml.html's elements; lxml.html's own parser calls Python for each element met, which took
    # a tenth of all the time
    parser.set_element_class_lookup(ElementDefaultClassLookup(element=HtmlElement))
    try:
        tree: Any = fromstring(_NO_XML_CHARACTERS.sub("", without_early_ends(text)).encode(), parser)
    except XMLSyntaxError:
        return None
    if tree is None:
        return None
    if _is_cut(tree):
        raise RecursionError
    _end_head(tree)
    return tree


def _end_head(tree: Any) -> None:
    """Take what is shown out of the head: libxml2 knows no `article`, and takes it for a part of a head without end."""
    head = tree.find("head")
    if head is None:
        return
    shown = [child for child in head if isinstance(child.tag, str) and child.tag not in _HEAD_TAGS]
    if not shown:
        return
    body = tree.find("body")
    if body is None:
        body = tree.makeelement("body")
        head.addnext(body)
    for at, child in enumerate(list(head)[head.index(shown[0]) :]):
        body.insert(at, child)


def _is_cut(tree: Any) -> bool:
    """Whether the parser gave up at elements nested too deeply: then the last of them is the last of the page."""
    last = tree
    while len(last):
        last = last[-1]
    return not last.text and sum(1 for _ in last.iterancestors()) >= _DEEPEST


def drop_hidden(tree: Any) -> bool:
    """Take out what the markup hides from a reader, and scripts; whether there was hidden text.

    However much of the page that is, `body` included: what a page could save by its size, a trap could be saved by.
    """
    from lxml.etree import strip_elements

    hidden = [element for element in tree.xpath(_MAY_BE_HIDDEN) if is_hidden(element.tag, element.attrib)]
    has_text = any(not text.isspace() for element in hidden for text in element.itertext())
    for element in hidden:
        element.tag = "template"
    if tree.tag == "template":
        tree.clear()
    strip_elements(tree, *UNSEEN_TAGS, with_tail=False)
    for element in tree.xpath(".//*[@data-preloaded]"):
        del element.attrib["data-preloaded"]  # a forum's posts as data, which trafilatura reads
    return has_text
