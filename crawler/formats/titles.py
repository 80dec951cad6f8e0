"""A page's title, and the name of its site."""

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any
from urllib.parse import urlsplit

from .aside import is_unseen, words_of
from .declared import Declared
from .facts import strings, types_of
from .layout import one_line

_TITLES = (
    "og:title", "citation_title", "dcterms.title", "dc.title", "dc:title", "headline", "parsely-title",
    "sailthru.title", "twitter:title", "title",
)  # fmt: skip
_SITES = (
    "og:site_name", "og:site", "site_name", "application-name", "apple-mobile-web-app-title", "dc.publisher",
    "dcterms.publisher", "citation_journal_title",
)  # fmt: skip
_SEPARATOR = re.compile(r"\s+[|–—•·»«›‹⁄:-]+\s+|\s*[|»]\s*|:\s+")
_MOST_HEADINGS = 10
_MOST_TITLES = 20
_READ_CHARS = 1_000
_ENOUGH_LETTERS = 8


def title_of(page: Declared, site: str) -> tuple[str, Any]:
    """The page's title, and the heading element that shows it (None if no h1 does).

    Titles are declared in meta elements, JSON-LD and the title element, there often with the site's name. The h1 that
    agrees with one of them is what readers see; an h1 that none confirms is a logo or a slogan as often as not (to
    believe a lone one cost .013 of word F1 on 150 labelled pages).
    """
    host = host_name(page.url)
    declared = chain(strings(page.work.get("headline")), page.meta(_TITLES), [_title_element(page)])
    stated = [one_line(text[:_READ_CHARS]) for text in islice(declared, _MOST_TITLES)]
    titles = [title for each in stated if (title := _without_site(each, (site, host)))]
    shown = (h1 for h1 in page.tree.iter("h1") if not is_unseen(h1))
    headings = [(line, h1) for h1 in islice(shown, _MOST_HEADINGS) if (line := words_of(h1)[:_READ_CHARS])]
    for title in titles:
        for line, h1 in headings:
            if _agree(line, title):
                return line, h1
    if titles:
        return titles[0], headings[0][1] if len(headings) == 1 else None
    return headings[0] if headings else ("", None)


def site_of(page: Declared) -> str:
    """The name of the site that the page is on, "" if it does not say."""
    return next((line for name in _site_names(page) if (line := one_line(name[:_READ_CHARS]))), "")


def _site_names(page: Declared) -> Iterator[str]:
    yield from page.meta(_SITES)
    for node in page.nodes:
        if "WebSite" in types_of(node):
            yield from strings(node.get("name"))
    publisher = page.work.get("publisher")
    if isinstance(publisher, dict) and isinstance(publisher.get("name"), str):
        yield publisher["name"]
    host = host_name(page.url)
    parts = _SEPARATOR.split(_title_element(page))
    yield from (part for part in reversed(parts[1:]) if host and _letters(part) == host)


def host_name(url: str) -> str:
    """The telling part of a host: `mumsnet` of `https://www.mumsnet.com/talk`."""
    try:
        labels = (urlsplit(url).hostname or "").split(".")
    except ValueError:
        return ""
    return max(labels[:-1], key=len) if len(labels) > 1 else ""


def _title_element(page: Declared) -> str:
    for element in page.tree.iter("title"):
        parent = element.getparent()
        if parent is None or parent.tag in {"head", "html", "body"}:  # not that of a drawing
            return words_of(element)[:_READ_CHARS]
    return ""


def _without_site(title: str, sites: tuple[str, str]) -> str:
    """The title without the site's name at its end or beginning."""
    names = {letters for site in sites if (letters := _letters(site))}
    marks = list(_SEPARATOR.finditer(title))
    for mark in reversed(marks):
        tail = _letters(title[mark.end() :])
        if tail in names or (len(tail) > 3 and any(_begin_alike(tail, name) for name in names)):
            return title[: mark.start()].strip()
    if marks and _letters(title[: marks[0].start()]) in names:
        return title[marks[0].end() :].strip()
    return title


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


def _begin_alike(tail: str, name: str) -> bool:
    return len(name) > 3 and (name.startswith(tail) or tail.startswith(name))


def _agree(heading: str, title: str) -> bool:
    """Whether they are one title: the same letters, or one within the other and at least half of it."""
    short, long = sorted((_letters(heading), _letters(title)), key=len)
    if short == long or len(short) < _ENOUGH_LETTERS:
        return short == long and short != ""
    return short in long and len(long) <= 2 * len(short)
