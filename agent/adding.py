"""Take files, folders and pages of the web into the lasting index; an address of a sitemap stands for its pages."""

import asyncio
import re
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from mimetypes import guess_type
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..crawler import ExtractionError, Skipped, Workers
from ..retrievers import Index, normal_tag
from .addresses import WebReading, each_once, read_addresses
from .reading import Progress, Reading, Report, is_address, read_sources

if TYPE_CHECKING:
    from ..crawler import Crawler, Sitemap

MOST_LISTED = 200
"""How many pages sitemaps may bring along, unless more are asked for."""

_MOST_SITEMAPS = 50
_MOST_NESTED = 3  # an index of indexes; the protocol allows no index in an index at all
_LOOKS_LIKE_SITEMAP = re.compile(
    r"\.(?:xml|txt|rss|atom|rdf)(?:\.gz)?$|\.gz$|sitemap[^/]*$|/(?:feed|rss|atom)/?$", re.IGNORECASE
)
_MEDIA = ("image", "audio", "video", "font")

OpenCrawler = Callable[[], "AbstractAsyncContextManager[Crawler]"]


async def add_sources(
    sources: Sequence[str],
    index: Index,
    reader: Workers,
    crawler: OpenCrawler,
    *,
    limit: int = MOST_LISTED,
    progress: Progress | None = None,
    tags: Sequence[str] = (),
) -> Report:
    """Read files and folders, then addresses; `crawler` is opened only when there are any.

    An address whose body is a sitemap or a feed stands for the pages that it lists, at most `limit` of all such
    together. A page whose text is the one that the index holds of it is "unchanged". What was stored stays stored
    whatever happens to the rest; the lexical index is not touched (`Index.sync`). All that was read, or is unchanged,
    gets the `tags` beside those that it has.

    Raises:
        BadTag: one of the tags cannot be one; nothing is read.
        StoreError: the database cannot be written.
        SettingError: the crawler's settings cannot be read.
    """
    names = list(dict.fromkeys(map(normal_tag, tags)))
    report = await _added(sources, index, reader, crawler, limit=limit, progress=progress)
    if names and report.read:
        await index.store.tag(report.read, names)
    return report


async def _added(
    sources: Sequence[str],
    index: Index,
    reader: Workers,
    crawler: OpenCrawler,
    *,
    limit: int,
    progress: Progress | None,
) -> Report:
    addresses = list(dict.fromkeys(source for source in sources if is_address(source)))
    paths = [source for source in sources if not is_address(source)]
    report = await read_sources(paths, index, reader, progress=progress) if paths else Report()
    if not addresses:
        return report
    async with crawler() as opened:
        return _both(report, await _add_addresses(addresses, index, opened, limit=limit, progress=progress))


def _both(files: Report, pages: Report) -> Report:
    return Report(
        added=(*files.added, *pages.added),
        changed=(*files.changed, *pages.changed),
        unchanged=(*files.unchanged, *pages.unchanged),
        skipped=(*files.skipped, *pages.skipped),
        gone=files.gone,
        left=pages.left,
    )


async def _add_addresses(
    addresses: Sequence[str], index: Index, crawler: "Crawler", *, limit: int, progress: Progress | None
) -> Report:
    before = await _held(index)
    named, listed, skipped = await _sorted(addresses, crawler)
    asked = each_once((*named, *listed[:limit]))
    left = len(listed) - min(len(listed), limit)
    report = await read_addresses(asked, index, crawler, progress=_telling(progress))
    unread = list(report.skipped)
    maybe = [skip.source for skip in unread if skip.reason == "wrong_type" and _may_list(skip.source, addresses)]
    _, more, _ = await _sorted(maybe, crawler, ask_all=True)
    if more:
        room = max(limit - len(listed), 0)
        unread = [skip for skip in unread if skip.source not in maybe]
        later = each_once(more[:room], asked)
        left += len(more) - min(len(more), room)
        second = await read_addresses(later, index, crawler, progress=_telling(progress))
        report = replace(report, read=(*report.read, *second.read))
        unread += second.skipped
    return _compared(before, await _held(index), [final for _, final in report.read], (*skipped, *unread), left)


def _compared(
    before: dict[str, str], after: dict[str, str], read: Sequence[str], skipped: Sequence[Skipped], left: int
) -> Report:
    sources = [source for source in dict.fromkeys(read) if source in after]
    return Report(
        added=tuple(source for source in sources if source not in before),
        changed=tuple(source for source in sources if before.get(source, after[source]) != after[source]),
        unchanged=tuple(source for source in sources if before.get(source) == after[source]),
        skipped=tuple(skipped),
        left=left,
    )


async def _held(index: Index) -> dict[str, str]:
    """The pages of the web in the lasting index: source and page hash."""
    held = await index.store.sources()
    return {source.sighting.source: source.page_hash for source in held if is_address(source.sighting.source)}


async def _sorted(
    addresses: Sequence[str], crawler: "Crawler", *, ask_all: bool = False
) -> tuple[list[str], list[str], list[Skipped]]:
    """The addresses of pages, the pages that the others list, and the sitemaps among these that could not be read.

    Only what is spelled like a sitemap is asked for as one, or all with `ask_all`.
    """
    pages: list[str] = []
    listed: list[str] = []
    skipped: list[Skipped] = []
    for address in addresses:
        if not ask_all and not _LOOKS_LIKE_SITEMAP.search(_path(address)):
            pages.append(address)
            continue
        found = [entry async for entry in _sitemaps(address, crawler)]
        if isinstance(found[0], Skipped):  # no sitemap, or nothing at all: it is read as a page, which says why
            pages.append(address)
            continue
        for entry in found:
            if isinstance(entry, Skipped):
                skipped.append(entry)
            elif entry.kind != "index":
                listed += (page.loc for page in entry.entries)
    return pages, list(each_once(listed, pages)), skipped


async def _sitemaps(address: str, crawler: "Crawler") -> "AsyncIterator[Sitemap | Skipped]":
    """The sitemap at an address and those that it names, one after the other, each once."""
    waiting, seen = deque([(address, 0)]), {address}
    while waiting and len(seen) <= _MOST_SITEMAPS:
        url, nested = waiting.popleft()
        sitemap = await _sitemap(url, crawler)
        yield sitemap
        if not isinstance(sitemap, Skipped) and sitemap.kind == "index" and nested < _MOST_NESTED:
            others = [entry.loc for entry in sitemap.entries if entry.loc not in seen]
            seen.update(others)
            waiting.extend((other, nested + 1) for other in others)


async def _sitemap(url: str, crawler: "Crawler") -> "Sitemap | Skipped":
    from ..crawler import read_sitemap  # with the crawl of sites, which a question has no use for

    body = await crawler.body(url)
    if isinstance(body, Skipped):
        return body
    try:
        return await asyncio.to_thread(read_sitemap, body, url)
    except ExtractionError as error:
        return Skipped(source=url, reason=error.reason, detail=error.detail)


def _may_list(url: str, named: Sequence[str]) -> bool:
    """Whether an address that is no page may be a sitemap: one that was named, and is not spelled like a picture."""
    path = _path(url)
    kind = guess_type(path)[0] or ""
    return url in named and not kind.startswith(_MEDIA) and not _LOOKS_LIKE_SITEMAP.search(path)


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:  # the crawler says what is wrong with it
        return ""


def _telling(progress: Progress | None) -> Callable[[WebReading], None] | None:
    if progress is None:
        return None
    return lambda reading: progress(Reading(done=reading.done, total=reading.total, stored=reading.read))
