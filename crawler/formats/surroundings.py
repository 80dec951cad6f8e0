"""What surrounds a page's main content: told by tags, ARIA roles and the names that site builders give things."""

import functools
import re
from collections.abc import Iterable
from typing import Any

from .kind import Kind
from .weights import Weights, outermost

_NO_TEXT = (
    "svg", "math", "head", "title", "select", "textarea", "object", "input", "option", "map", "script", "style",
)  # fmt: skip
_ROLES = frozenset({
    "navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alertdialog", "menu", "menubar",
    "toolbar", "tablist", "tooltip",
})  # fmt: skip
# Not "widget", "overlay", "banner", "teaser" or "card": page builders call the content itself so
_NAMES = frozenset({
    "addthis", "ads", "advert", "advertisement", "advertising", "breadcrumb", "breadcrumbs", "consent", "cookie",
    "cookies", "copyright", "crosssell", "disclaimer", "footer", "gdpr", "login", "menu", "modal", "nav", "navbar",
    "navigation", "newsletter", "newsletters", "outbrain", "pager", "pagination", "popup", "promo", "promos",
    "recommendation", "recommendations", "recommended", "related", "share", "sharebar", "sharing", "sidebar", "signup",
    "skip", "social", "sponsor", "sponsored", "subscribe", "subscription", "subscriptions", "taboola", "toolbar",
    "trending", "upsell", "upsells",
})  # fmt: skip
_COMMENT_NAMES = frozenset({"comment", "comments", "disqus", "respond"})
_REVIEW_NAMES = frozenset({"ratings", "review", "reviews"})
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_CONTENT_TAGS = frozenset({"article", "body", "h1", "html", "main"})
_HEADING_TAGS = ("dt", "h2", "h3", "h4", "h5", "h6", "summary")
# What holds more of the page's paragraphs than this is no surroundings, whatever it is called
_LARGE_SHARE = 1 / 3


def drop_surroundings(body: Any, kind: Kind) -> None:
    """Take out of the body what is no part of its main content, whatever content that is.

    Navigation, forms, advertising, consent, sharing, related pages; comments but on a thread, reviews of a product.
    What holds the page's heading or main element stays, and so does what is large.
    """
    from lxml.etree import strip_elements

    strip_elements(body, *_NO_TEXT, with_tail=False)
    weights = Weights(body)
    held = weights.prose if weights.prose[body] else weights.unlinked()
    large = _LARGE_SHARE * held[body]
    around_main = _holding(element for element in weights.elements if _is_main(element) or element.tag == "h1")
    names = _Names(kind)
    candidates = []
    for element in weights.elements:
        if element in around_main or element.tag in _CONTENT_TAGS:
            continue
        if held[element] > large:
            names.forget(element)
        else:
            candidates.append(element)
    dropped = outermost(each for each in candidates if _is_surrounding(each, kind) or names.tell(each))
    if weights.without(dropped):
        for element in dropped:
            element.tag = "template"
        strip_elements(body, "template", with_tail=False)


def main_parts(body: Any) -> list[Any]:
    """The outermost main elements, else the only article, else the body."""
    mains = [element for element in body.iter() if _is_main(element)]
    if mains:
        return [element for element in mains if not any(map(_is_main, element.iterancestors()))]
    articles = list(body.iter("article"))
    return articles if len(articles) == 1 else [body]


def _is_main(element: Any) -> bool:
    return bool(element.tag == "main" or element.get("role") == "main")


def _holding(elements: Iterable[Any]) -> set[Any]:
    """The elements and all that they stand in."""
    found: set[Any] = set()
    for element in elements:
        for each in (element, *element.iterancestors()):
            if each in found:
                break
            found.add(each)
    return found


def _is_surrounding(element: Any, kind: Kind) -> bool:
    """Whether its tag or role says so."""
    if (element.get("role") or "").lower() in _ROLES:
        return True
    match element.tag:
        case "nav" | "form" | "noscript" | "footer" | "amp-ad" | "amp-consent" | "amp-sidebar":
            return True
        case "aside":
            return kind != "thread" or "quote" not in words_of(element)  # forums quote in them, and sign
        case "button":
            return next(element.iterancestors(*_HEADING_TAGS), None) is None  # what folds a section has its heading
        case "header":
            return next(element.iterancestors("main", "article", "section"), None) is None
        case _:
            return False


class _Names:
    """Tells by the words in an element's class and id that it belongs to the surroundings."""

    def __init__(self, kind: Kind) -> None:
        self._names = set(_NAMES)
        if kind != "thread":
            self._names |= _COMMENT_NAMES
        if kind == "product":
            self._names |= _REVIEW_NAMES

    def tell(self, element: Any) -> bool:
        return not self._names.isdisjoint(words_of(element))

    def forget(self, element: Any) -> None:
        """Ignore what this element is called, and what else that is called: it is much of the page."""
        words = words_of(element) - _REVIEW_NAMES  # those of a product are often longer than what is said of it
        self._names -= words
        if words & _COMMENT_NAMES:
            self._names -= _COMMENT_NAMES


def words_of(element: Any) -> frozenset[str]:
    """The words in an element's class and id: of `PostFooter__social-links` post, footer, social and links."""
    return _words(element.get("class")) | _words(element.get("id"))


@functools.lru_cache(maxsize=4096)
def _words(marks: str | None) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORDS.findall(marks)) if marks else frozenset()
