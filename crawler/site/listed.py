"""The addresses that a site lists in its sitemaps, and in the sitemaps that those name."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Protocol

from ..errors import BlockedURL, ExtractionError
from ..page import Skipped
from ..url import canonical, host_key
from .sitemaps import read_sitemap

MOST_SITEMAPS = 500
MOST_NESTED = 3  # an index of indexes of sitemaps; the protocol allows no index in an index at all


class SitemapSource(Protocol):
    """Where sitemaps come from; a `Crawler` is one."""

    async def sitemaps(self, url: str) -> tuple[str, ...]:
        """The addresses of the sitemaps of the site of `url`."""
        ...

    async def body(self, url: str) -> bytes | Skipped:
        """The bytes at `url`, or why there are none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One sitemap: the pages it lists, and why it could not be read if it could not (`skipped`)."""

    url: str
    locs: tuple[str, ...] = ()
    skipped: Skipped | None = None


async def listed(source: SitemapSource, start: str, *, is_home: Callable[[str], bool]) -> AsyncIterator[Listed]:
    """Read the sitemaps of the site of `start`, one after the other, each once, until there are none or 500 were read.

    robots.txt may name sitemaps on any host (sitemaps.org, "Sitemaps & Cross Submits"); an index only such on its own,
    or on one of which `is_home` is true.
    """
    waiting = deque((url, 0) for url in await source.sitemaps(start))
    seen: set[str] = set()
    while waiting and len(seen) < MOST_SITEMAPS:
        url, nested = waiting.popleft()
        try:
            key = canonical(url)
        except BlockedURL as error:
            yield Listed(url=url, skipped=Skipped(source=url, reason=error.reason, detail=error.detail))
            continue
        if key in seen:
            continue
        seen.add(key)
        one, others = await _read(source, url)
        if nested < MOST_NESTED:
            waiting.extend((other, nested + 1) for other in others if _may_name(url, other, is_home))
        yield one


async def _read(source: SitemapSource, url: str) -> tuple[Listed, tuple[str, ...]]:
    """The sitemap, and the sitemaps that it names."""
    body = await source.body(url)
    if isinstance(body, Skipped):
        return Listed(url=url, skipped=body), ()
    try:
        sitemap = await asyncio.to_thread(read_sitemap, body, url)
    except ExtractionError as error:
        return Listed(url=url, skipped=Skipped(source=url, reason=error.reason, detail=error.detail)), ()
    locs = tuple(entry.loc for entry in sitemap.entries)
    return (Listed(url=url), locs) if sitemap.kind == "index" else (Listed(url=url, locs=locs), ())


def _may_name(url: str, other: str, is_home: Callable[[str], bool]) -> bool:
    try:
        return host_key(other) == host_key(url) or is_home(canonical(other))
    except BlockedURL:
        return False
