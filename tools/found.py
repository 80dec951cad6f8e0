"""From what a service lists to hits: readable text, usable addresses, no page twice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ..crawler import BlockedURL, canonical
from .hit import Hit
from .plain import snippet_text, title_text
from .published import iso_date
from .terms import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One result as a service gives it: text with markup or without, a date in any form or in seconds since 1970."""

    url: str
    title: str = ""
    snippet: str = ""
    published: str | float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One page of results, best first; `more` unless the service says, or shows by giving few, that it was the last."""

    found: tuple[Found, ...]
    more: bool = False


def to_hits(found: Iterable[Found], provider: str, terms: Terms, now: datetime) -> tuple[Hit, ...]:
    """The results as hits, ranked from 1, each page once and where it stood best.

    Left out are those without a usable URL: not http(s), not valid, with a user name, or refused by `terms.check`.
    """
    unique: dict[str, Found] = {}
    for each in found:
        try:
            terms.check(each.url)  # before a user name goes with the canonical form
            url = canonical(each.url)
        except BlockedURL:
            continue
        unique.setdefault(url, each)
    return tuple(
        Hit(
            url=url,
            title=title_text(each.title),
            snippet=snippet_text(each.snippet),
            provider=provider,
            rank=rank,
            published=iso_date(each.published, now),
        )
        for rank, (url, each) in enumerate(unique.items(), start=1)
    )
