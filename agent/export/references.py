"""The sources that answers cite, each once, as a bibliography needs them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from urllib.parse import quote, urlsplit

from ...crawler import clean
from ..answer import Answer
from ..reading import is_address
from ..retractions import Notice
from ..source_signals import SourceSignals
from ..state import Citation
from .names import Name, names

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_URL_SAFE = "%/:?#[]@!$&'()*+,;=~"
_QUOTES_SHOWN = 20
_UNTOLD_KINDS = ("file", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One source: `number` as in `[1]`, over all the answers exported together.

    All text is on one line, without controls and what is invisible. `title` is never "". `url` is an http(s) address
    in ASCII, "" for a file, whose `path` is then set. `published` and `accessed` are (year, month, day), as far as
    known; () for unknown. `kind` is what kind of site it is on, "" where no rule tells.
    `doi` and `journal` are what the page declares of its work. `notice` says that it was
    retracted, withdrawn, doubted or corrected, "" if nobody says so. `quotes` are what is cited of it, each once.
    """

    number: int
    title: str
    authors: tuple[Name, ...]
    site: str
    published: tuple[int, ...]
    accessed: tuple[int, ...]
    url: str
    path: str
    kind: str
    doi: str
    journal: str
    notice: str
    quotes: tuple[str, ...]

    @property
    def where(self) -> str:
        """Its address, or its path."""
        return self.url or self.path

    @property
    def host(self) -> str:
        """The host of its address without `www.`; "" for a file."""
        return (urlsplit(self.url).hostname or "").removeprefix("www.") if self.url else ""

    @property
    def place(self) -> str:
        """The site and its kind, as a reader is told; "" when there is nothing that the title does not say."""
        site = self.site or self.host
        named = site if site != self.title else ""
        return f"{named} ({self.kind})" if named and self.kind else named or self.kind


def references(answers: Sequence[Answer]) -> tuple[Reference, ...]:
    """The sources of the asserted sentences, in the order a reader meets them."""
    groups: dict[str, list[Citation]] = {}
    seen: dict[str, list[SourceSignals]] = {}
    for answer in answers:
        for citations in answer.sources:
            groups.setdefault(citations[0].source, []).extend(citations)
        for signals in answer.seen:
            seen.setdefault(signals.source, []).append(signals)
    return tuple(
        _reference(number, citations, seen.get(source, ()))
        for number, (source, citations) in enumerate(groups.items(), start=1)
    )


def reference_of(citation: Citation) -> Reference:
    """One citation by itself."""
    return _reference(1, [citation], ())


def _reference(number: int, citations: Sequence[Citation], seen: Sequence[SourceSignals]) -> Reference:
    """What is known of a source: of each thing the first that says it, the last access, and the last notice."""
    source = one_line(citations[0].source)
    url = web_address(source)
    times = sorted(filter(None, (date_parts(citation.fetched) for citation in citations)))
    published = [*(each.published for each in citations), *(each.published for each in seen)]
    notices = [signals.notice for signals in seen if signals.notice]
    return Reference(
        number=number,
        title=_first(citation.title for citation in citations) or _name_of(source, url),
        authors=names(_first([*(each.author for each in citations), *(each.author for each in seen)])),
        site=_first(citation.site for citation in citations),
        published=next(filter(None, map(date_parts, published)), ()),
        accessed=times[-1] if times else (),
        url=url,
        path="" if url else source,
        kind=_first(each.kind.kind for each in seen if each.kind.kind not in _UNTOLD_KINDS),
        doi=_first(each.doi for each in seen),
        journal=_first(each.journal for each in seen),
        notice=_told(notices[-1]) if notices else "",
        quotes=tuple(dict.fromkeys(one_line(citation.quote) for citation in citations))[:_QUOTES_SHOWN],
    )


def _told(notice: Notice) -> str:
    day = iso_date(date_parts(notice.date))
    return one_line(f"{notice.kind}{f' of {day}' if day else ''}: “{notice.quote}”")


def _first(said: Iterable[str]) -> str:
    return next(filter(None, map(one_line, said)), "")


def _name_of(source: str, url: str) -> str:
    return (urlsplit(url).hostname or url) if url else PurePath(source).name or source or "untitled"


def web_address(source: str) -> str:
    """The source as an address that may stand in a link: http or https, in ASCII; "" for anything else."""
    if not is_address(source):
        return ""
    try:
        parts = urlsplit(source)
        is_web = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return quote(source, safe=_URL_SAFE) if is_web else ""


def date_parts(iso: str) -> tuple[int, ...]:
    """(year, month, day) at the beginning of an ISO date, as far as it goes and is real; () when it is none."""
    found = _DATE.match(iso)
    if not found:
        return ()
    parts = tuple(int(part) for part in found.groups() if part)
    try:
        date(*(*parts, 1, 1)[:3])
    except ValueError:
        return parts[:1] if parts[0] else ()
    return parts


def iso_date(parts: tuple[int, ...]) -> str:
    """The parts as an ISO date, of as many as there are."""
    return "-".join(f"{part:0{4 if place == 0 else 2}d}" for place, part in enumerate(parts))


def one_line(text: str) -> str:
    """`text` on one line, without controls, bidi controls and what is invisible."""
    return " ".join(clean(text).split())
