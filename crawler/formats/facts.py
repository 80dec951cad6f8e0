"""JSON-LD: what a page states about itself as data (schema.org), as nodes and as plain facts."""

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..text import clean

Node = Mapping[str, Any]

_SCRIPT_CHARS = 1_000_000
_MOST_NODES = 500
_MOST_FACTS = 100
_MOST_EACH = 10  # of one list
_DEEPEST = 6
_VALUE_CHARS = 200
_NAME = re.compile(r"[A-Za-z][\w-]{0,60}")
# Marks that hide a script from readers without scripts
_OPENING = ("<!--", "//<![CDATA[", "// <![CDATA[", "/*<![CDATA[*/", "/* <![CDATA[ */", "<![CDATA[")
_CLOSING = ("-->", "//]]>", "// ]]>", "/*]]>*/", "/* ]]> */", "]]>")
_AROUND = " \t\r\n;"
_LOOSE_COMMA = re.compile(r",(\s*[}\]])")
# Frame and wiring, the same on every page of a site
_FRAME_TYPES = frozenset({
    "BreadcrumbList", "WebSite", "ImageObject", "SiteNavigationElement", "SearchAction", "WPHeader", "WPFooter",
    "WPSideBar", "ListItem",
})  # fmt: skip
# Texts (the page's own are read from the page), pictures and addresses
_NO_FACTS = frozenset({
    "articleBody", "articleSection", "text", "description", "abstract", "reviewBody", "recipeInstructions", "step",
    "acceptedAnswer", "suggestedAnswer", "transcript", "caption", "comment", "review", "reviews", "keywords", "url",
    "image", "logo", "thumbnail", "thumbnailUrl", "primaryImageOfPage", "contentUrl", "embedUrl", "sameAs", "target",
    "potentialAction", "mainEntityOfPage", "isPartOf", "hasPart", "breadcrumb", "speakable", "itemListElement",
    "associatedMedia", "video", "subjectOf", "relatedLink", "significantLink", "mentions",
})  # fmt: skip


def json_ld(tree: Any) -> tuple[Node, ...]:
    """The nodes that the page's JSON-LD scripts hold at their top, `@graph` opened, in document order.

    A script that is no JSON, even without comment marks and loose commas, is passed over, as search engines do.
    """
    nodes: list[Node] = []
    chars = 0
    for script in tree.iter("script"):
        text = script.text
        if not text or "ld+json" not in (script.get("type") or "").lower():
            continue
        chars += len(text)
        if chars > _SCRIPT_CHARS:
            break
        nodes.extend(_top(_parsed(text)))
    return tuple(nodes[:_MOST_NODES])


def _parsed(text: str) -> Any:
    for attempt in (str, _mended):
        try:
            return json.loads(attempt(text), strict=False)
        except ValueError:
            continue
        except RecursionError:
            break
    return None


def _mended(text: str) -> str:
    text = text.strip(_AROUND)
    for mark in _OPENING:
        text = text.removeprefix(mark)
    for mark in _CLOSING:
        text = text.removesuffix(mark)
    text = text.strip(_AROUND)
    return _LOOSE_COMMA.sub(r"\1", html.unescape(text) if "&quot;" in text else text)


def _top(value: Any, depth: int = 0) -> Iterator[Node]:
    if isinstance(value, list) and depth < _DEEPEST:
        for each in value:
            yield from _top(each, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        if "@graph" in value:
            yield from _top(value["@graph"], depth + 1)


def types_of(node: Node) -> frozenset[str]:
    """The types of a node without the vocabulary's address: `Article`, not `http://schema.org/Article`."""
    value = node.get("@type")
    names = value if isinstance(value, list) else [value]
    return frozenset(re.split(r"[/#:]", name)[-1] for name in names if isinstance(name, str))


def strings(value: Any) -> Iterator[str]:
    """The strings among a value: itself, or those of a list; of an object its `@value`, `name` or `@id`."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value[:_MOST_EACH]:
            if not isinstance(each, list):
                yield from strings(each)
    elif isinstance(value, dict):
        for key in ("@value", "name", "@id"):
            if isinstance(value.get(key), str):
                yield value[key]
                return


def facts(nodes: tuple[Node, ...]) -> tuple[tuple[str, str], ...]:
    """What the nodes state in short values, as path and value: `("Product.offers.price", "19.99")`.

    At most 100, none over 200 characters, in order and without repeats. Long texts are left out, as are pictures and
    addresses, and what describes the site's frame (breadcrumbs, search) instead of the page.
    """
    found: dict[tuple[str, str], None] = {}
    for node in nodes:
        names = types_of(node)
        if not names or names & _FRAME_TYPES:
            continue
        for fact in _stated(node, min(names)):
            if len(found) >= _MOST_FACTS:
                return tuple(found)
            found[fact] = None
    return tuple(found)


def _stated(value: Any, path: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        if depth >= _DEEPEST:
            return
        for key, inner in value.items():
            if key == "@value":
                yield from _stated(inner, path, depth + 1)
            elif key not in _NO_FACTS and _NAME.fullmatch(key):
                yield from _stated(inner, f"{path}.{key}", depth + 1)
    elif isinstance(value, list):
        for each in value[:_MOST_EACH]:
            if not isinstance(each, list):
                yield from _stated(each, path, depth)
    elif text := _scalar(value):
        yield path, text


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value) if abs(value) < 1e300 else ""
    if not isinstance(value, str) or len(value) > 4 * _VALUE_CHARS:
        return ""
    text = " ".join(clean(html.unescape(value)).split())
    return text if len(text) <= _VALUE_CHARS and "<" not in text else ""
