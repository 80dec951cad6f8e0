"""When a page was published and changed."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from .aside import SILENT_TAGS, classed, is_aside, is_unseen, short_words_of
from .dates import WRITTEN_DAY, iso_day
from .declared import Declared
from .facts import strings

_PUBLISHED_KEYS = ("datePublished", "dateCreated", "uploadDate")
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "og:published_time", "article.published",
    "citation_publication_date", "citation_online_date", "citation_date", "dcterms.issued", "dc.date.issued",
    "dcterms.created", "dc.date.created", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime", "publication_date", "publication-date", "publish_date", "publish-date", "publishdate",
    "published_time", "published_at", "published", "pubdate", "originalpublicationdate", "article_date_original",
    "displaydate", "datepublished", "datecreated", "dcterms.date", "dc.date", "date", "ms.date",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:article:modified_time", "og:modified_time", "og:updated_time", "dcterms.modified",
    "dc.date.modified", "dc.modified", "last-modified", "lastmod", "last_updated", "revised", "datemodified",
    "dateupdate", "updated", "updated_at",
)  # fmt: skip
_URL_DAY = re.compile(
    r"/(20\d\d|19[89]\d)[/-]([01]?\d)[/-]([0-3]?\d)(?=[/-])|[/-](20\d\d)-?([01]\d)-?([0-3]\d)(?=[/-]|\.html?$|$)"
)
_CHANGED = re.compile(
    r"updat|modif|edited|changed|geändert|aktualisiert|mis à jour|actualizad|aggiornat|atualizad|bijgewerkt|zmienion|"
    r"обновл|更新",
    re.IGNORECASE,
)
_NOT_PUBLISHED = re.compile(
    rf"{_CHANGED.pattern}|copyright|©|join|member|born|birth|geboren|founded|since|seit|releas|expir|until|event",
    re.IGNORECASE,
)
_DATED = re.compile("[Dd]ate|time|publi|posted|meta|byline|datum|created|info")
# Class names of other dates than a page's
_OTHER_DATES = re.compile(r"release|event|start|end-|due|expir|deliver|ship|stock|avail|join|birth", re.IGNORECASE)
_MOST_DATED = 100
_LINE = 90
_MOST_BESIDE = 10  # characters beside a Chinese or Japanese date
_TIMED = "\x00"  # in no text of a tree
_FACT_TAGS = frozenset({"table", "dl"})
_PROSE_CHARS = 120
_BELOW_HEADING_CHARS = 400


def days_of(page: Declared, heading: Any) -> tuple[str, str]:
    """The days (ISO 8601) of the page's publication and of its last change, "" where it does not say.

    What is stated for machines counts first: JSON-LD, meta elements, microdata, `time` marked as publication. Then
    what readers see: the short line between the heading (an element, or None) and the text, another `time`, the day
    in the address, and a short line whose class calls it a date, if there is only one such day.
    """
    stated = [node for node in (page.work, page.page) if node]
    published = (text for node in stated for key in _PUBLISHED_KEYS for text in strings(node.get(key)))
    modified = (text for node in stated for text in strings(node.get("dateModified")))
    last = (
        _first(modified)
        or _first(page.meta(_MODIFIED))
        or _microdata_day(page, frozenset({"dateModified", "dateUpdate"}))
    )
    first = (
        _first(published)
        or _first(page.meta(_PUBLISHED))
        or _microdata_day(page, frozenset({"datePublished", "dateCreated"}))
        or _timed_day(page.tree, marked=True)
        or _day_below(heading)
        or _timed_day(page.tree, marked=False)
        or _day_in_path(page.url)
        or _classed_day(page.tree)
    )
    return first, last if last >= first else ""


def _first(values: Iterable[str]) -> str:
    return next((day for value in values if (day := iso_day(value))), "")


def _microdata_day(page: Declared, properties: frozenset[str]) -> str:
    """The day under one of these properties, if all that do not stand in a comment or teaser agree."""
    days = set()
    for element in (*page.microdata[:_MOST_DATED], *islice(page.tree.iter("time"), _MOST_DATED)):
        if properties.isdisjoint((element.get("itemprop") or "").split()) or is_aside(element):
            continue
        days.add(iso_day(element.get("content") or element.get("datetime") or short_words_of(element, _LINE)))
    days.discard("")
    return days.pop() if len(days) == 1 else ""


def _timed_day(tree: Any, *, marked: bool) -> str:
    """The day of the first `time` element that stands in no comment or teaser and is no change; "" if there is none.

    With `marked`, the first that says it is the publication.
    """
    for element in islice(tree.iter("time"), _MOST_DATED):
        names = (element.get("class") or "").lower()
        is_marked = element.get("pubdate") is not None or "published" in names or "entry-date" in names
        if is_marked < marked or _CHANGED.search(names) or is_aside(element):
            continue
        if day := iso_day(element.get("datetime") or "") or iso_day(short_words_of(element, _LINE)):
            return day
    return ""


def _day_below(heading: Any) -> str:
    """The day in a short line between the heading and the prose, "" if there is none."""
    chars = 0
    for piece in _following(heading):
        if day := iso_day(piece[1:]) if piece.startswith(_TIMED) else _day_in_line(piece):
            return day
        chars += len(piece)
        if len(piece) >= _PROSE_CHARS or chars >= _BELOW_HEADING_CHARS:
            return ""
    return ""


def _following(element: Any) -> Iterator[str]:
    """The pieces of text after this element, in order; those of `time` elements as `_TIMED` and their datetime.

    They end at a table or list of facts (founded, born, released), which are no dates of the page.
    """
    from lxml.etree import iterwalk

    while element is not None:
        yield " ".join((element.tail or "").split())
        for sibling in element.itersiblings():
            if not isinstance(sibling.tag, str):
                yield " ".join((sibling.tail or "").split())
                continue
            walk = iterwalk(sibling, events=("start", "end", "comment", "pi"))
            for event, each in walk:
                if event == "start" and each.tag in _FACT_TAGS:
                    return
                if event == "start" and each.tag in SILENT_TAGS:
                    walk.skip_subtree()
                elif event == "start" and each.tag == "time" and each.get("datetime"):
                    yield _TIMED + each.get("datetime")
                elif event == "start":
                    yield " ".join((each.text or "").split())
                elif event == "end" or each is not sibling:
                    yield " ".join((each.tail or "").split())
        element = element.getparent()


def _day_in_line(line: str) -> str:
    if not 8 <= len(line) <= _LINE or _NOT_PUBLISHED.search(line):
        return ""
    found = WRITTEN_DAY.search(line)
    if found is None or (found[0][-1] == "日" and len(line) - len(found[0]) > _MOST_BESIDE):
        return ""
    return iso_day(found[0])


def _day_in_path(url: str) -> str:
    """The day in an address (`/2024/05/01/`, `/2024-05-01-…`), "" if there is none."""
    try:
        found = _URL_DAY.search(urlsplit(url).path) if "://" in url else None
    except ValueError:
        return ""
    return iso_day("-".join(filter(None, found.groups()))) if found else ""


def _classed_day(tree: Any) -> str:
    """The one day in short lines whose class calls them dates, "" if there are several."""
    days: set[str] = set()
    for element in islice(classed(tree, _DATED), _MOST_DATED):
        above = element.getparent()
        marks = f"{element.get('class')} {above.get('class') if above is not None else ''}"
        if _OTHER_DATES.search(marks):
            continue
        if (day := _day_in_line(short_words_of(element, _LINE))) and not is_aside(element) and not is_unseen(element):
            days.add(day)
    return days.pop() if len(days) == 1 else ""
