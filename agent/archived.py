"""Archived copies of pages that a person named and that are gone."""

import asyncio
import re
from collections.abc import Sequence
from datetime import date
from typing import Protocol

from ..crawler import Skipped
from ..tools import Hit, SearchError
from .asked_on import is_later

_GONE = ("status 404", "status 410")
_MOST = 5
_MOMENT = re.compile(r"/web/(\d{4})(\d\d)(\d\d)\d{6}")  # in the addresses of the Wayback Machine


class Archive(Protocol):
    """Where copies of pages are kept; `tools.search.wayback.Wayback` is one."""

    async def archived(self, url: str, *, near: date | None = None) -> Hit | None:
        """The copy closest to a day (today, if None is given); None when there is none.

        Raises:
            SearchError: it gave no usable answer.
        """
        ...


async def copies_of_gone(
    skipped: Sequence[Skipped], archive: Archive, *, as_of: str = ""
) -> tuple[tuple[tuple[str, str], ...], list[str]]:
    """The copies of those pages that are gone, as (address, address of the copy), and what the reader must know.

    With `as_of` (an ISO day) those closest to it, if they are not later.
    """
    near = date.fromisoformat(as_of) if as_of else None
    gone = [each.source for each in skipped if each.reason == "http_status" and each.detail.startswith(_GONE)][:_MOST]
    notes: list[str] = []

    async def copy_of(url: str) -> tuple[str, str] | None:
        try:
            hit = await archive.archived(url, near=near)
        except SearchError as error:
            notes.append(f"no archived copy of {url} could be asked for: {error.why}")
            return None
        if hit and is_later(_day_of_copy(hit.url), as_of):
            notes.append(f"{url} is gone, and was first archived after {as_of}")
            return None
        return (url, hit.url) if hit else None

    found = await asyncio.gather(*map(copy_of, gone))
    copies = tuple(each for each in found if each)
    notes += [f"{url} is gone: read as it was archived, {copy}" for url, copy in copies]
    return copies, notes


def _day_of_copy(address: str) -> str:
    """The day that the address of a copy tells (ISO), "" if it tells none."""
    found = _MOMENT.search(address)
    return "-".join(found.groups()) if found else ""
