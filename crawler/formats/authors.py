"""Who wrote a page."""

import html
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from .aside import classed, is_aside, is_unseen, short_words_of, words_of
from .declared import Declared
from .facts import strings
from .layout import one_line

_METAS = (
    "author", "dcterms.creator", "dc.creator", "dc:creator", "parsely-author", "sailthru.author", "article:author",
    "article:author_name", "authors", "byl", "creator", "og:author", "og:article:author",
)  # fmt: skip
_SIGNED = re.compile(r"author|byline|username|\b(?:auteur|autore?n?)\b")
_BY = re.compile(
    r"(?:(?:written|posted|published|reviewed|story)\s+by|by|von|par|por|di|door|af|av|autor(?:en)?|author|auteur)[\s:]+",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"""https?:|www\.|@\w+\.\w|[<>{}\[\]=|]|\w\.\w+\.\w|^\W*$|\d{5}
    |^(?:admin(?:istrator)?|webmaster|root|user(?:name)?|editor|undefined|null|none|nan|unknown|guest|anonymous|name
        |authors?|default|(?:written|posted)\s+by|by|von|staff\s+writer|deleted\s+member)$""",
    re.IGNORECASE | re.VERBOSE,
)
# A day, a time or an account after the name
_AFTER_NAME = re.compile(r"[\s,|·•–-]+(?:(?:on|am|le)\s)?(?:[^\W\d_]{3,9}\.?\s)?\d.*|\s@.*")
_LINE_CHARS = 80
_NAME_CHARS = 100
_MOST_NAMES = 10
_MOST_BYLINES = 100


def author_of(page: Declared) -> str:
    """The names of its authors, joined by `; `, "" if it names none; "by" and what is no name (admin) is left out.

    From its JSON-LD, else `citation_author` (one meta element for each), else other meta elements, else the first
    byline that readers see.
    """
    stated = _names(page, page.work.get("author") or page.work.get("creator"))
    for names in (stated, page.meta(("citation_author",)), page.meta(_METAS), _bylines(page.tree)):
        if found := _cleaned(names):
            return "; ".join(found)
    return ""


def _names(page: Declared, value: Any) -> Iterator[str]:
    """The names of persons or organisations in JSON-LD, references to other nodes followed."""
    for each in value[:_MOST_NAMES] if isinstance(value, list) else [value]:
        if isinstance(each, dict) and "name" not in each and isinstance(each.get("@id"), str):
            each = next((node.get("name") for node in page.nodes if node.get("@id") == each["@id"]), None)
        yield from strings(each)


def _cleaned(values: Iterable[str]) -> list[str]:
    names: dict[str, None] = {}
    for value in islice(values, _MOST_BYLINES):
        name = one_line(html.unescape(value[: 4 * _NAME_CHARS])).strip(" ,;:•|-–—")
        if by := _BY.match(name):
            name = name[by.end() :]
        if 1 < len(name) <= _NAME_CHARS and not _NO_NAME.search(name):
            names[name] = None
    return list(names)[:_MOST_NAMES]


def _bylines(tree: Any) -> Iterator[str]:
    """The first byline, by microformats and class names; of a longer line the one link in it."""
    for element in islice(classed(tree, _SIGNED), _MOST_BYLINES):
        if is_aside(element) or is_unseen(element):
            continue
        line = short_words_of(element, _LINE_CHARS)
        linked = [name for each in element.iter("a") if (name := words_of(each))] if line else []
        name = _AFTER_NAME.sub("", linked[0] if len(linked) == 1 else line)
        if len(name) > 2:
            yield name
            return
