"""Archived copies of pages that a person named and that are gone."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from ..crawler import Skipped
from ..tools import Hit, SearchError

_GONE = ("status 404", "status 410")
_MOST = 5


class Archive(Protocol):
    """Where copies of pages are kept; `tools.search.wayback.Wayback` is one."""

    async def archived(self, url: str) -> Hit | None:
        """The copy nearest to today, None when there is none.

        Raises:
            SearchError: it gave no usable answer.
        """
        ...


async def copies_of_gone(skipped: Sequence[Skipped], archive: Archive) -> tuple[tuple[tuple[str, str], ...], list[str]]:
    """The copies of those pages that are gone, as (address, address of the copy), and what the reader must know."""
    gone = [each.source for each in skipped if each.reason == "http_status" and each.detail.startswith(_GONE)][:_MOST]
    notes: list[str] = []

    async def copy_of(url: str) -> tuple[str, str] | None:
        try:
            hit = await archive.archived(url)
        except SearchError as error:
            notes.append(f"no archived copy of {url} could be asked for: {error.why}")
            return None
        return (url, hit.url) if hit else None

    found = await asyncio.gather(*map(copy_of, gone))
    copies = tuple(each for each in found if each)
    notes += [f"{url} is gone: read as it was archived, {copy}" for url, copy in copies]
    return copies, notes
