"""From a file or an address to a Page, or to the reason why there is none.

`Crawler` reads pages of the web, politely: `check_url` and the guard behind it decide which addresses may be asked,
`Robots` what a site allows. `find_files` turns what a person named into files, `Workers` reads them and takes pages
apart in processes that can be killed, `extract` does the same here and now. What fails is a value, `Skipped`, with a
typed reason; only `extract` and `check_url` raise.
"""

from typing import TYPE_CHECKING

from .errors import BlockedURL, CrawlError, Disallowed, ExtractionError, FetchError
from .formats import extract
from .page import SKIP_REASONS, Block, BlockKind, Page, Quality, Sighting, Skipped, SkipReason, text_hash, utc_now
from .policy import CrawlPolicy, ReadPolicy
from .text import clean

if TYPE_CHECKING:
    from .crawler import Crawler
    from .files import FoundFile, file_source, file_stamp, find_files, source_path
    from .forgetting import forget_cached
    from .guard import Guard, check_url
    from .retry_after import retry_after_s
    from .robots import Robots
    from .site import (
        CrawlStateError,
        LedgerRow,
        Progress,
        SiteCrawl,
        Sitemap,
        read_sitemap,
        remove_state,
        state_file,
    )
    from .url import canonical, plain_host, split
    from .visit import Visit
    from .workers import Workers

__all__ = [
    "SKIP_REASONS",
    "Block",
    "BlockKind",
    "BlockedURL",
    "CrawlError",
    "CrawlPolicy",
    "CrawlStateError",
    "Crawler",
    "Disallowed",
    "ExtractionError",
    "FetchError",
    "FoundFile",
    "Guard",
    "LedgerRow",
    "Page",
    "Progress",
    "Quality",
    "ReadPolicy",
    "Robots",
    "Sighting",
    "SiteCrawl",
    "Sitemap",
    "SkipReason",
    "Skipped",
    "Visit",
    "Workers",
    "canonical",
    "check_url",
    "clean",
    "extract",
    "file_source",
    "file_stamp",
    "find_files",
    "forget_cached",
    "plain_host",
    "read_sitemap",
    "remove_state",
    "retry_after_s",
    "source_path",
    "split",
    "state_file",
    "text_hash",
    "utc_now",
]

# asyncio costs as much to import as all the rest, httpx and aiohttp more; a worker process has no use for them
_HOMES = {
    "CrawlStateError": ".site",
    "Crawler": ".crawler",
    "Guard": ".guard",
    "LedgerRow": ".site",
    "Progress": ".site",
    "FoundFile": ".files",
    "Robots": ".robots",
    "SiteCrawl": ".site",
    "Sitemap": ".site",
    "Visit": ".visit",
    "Workers": ".workers",
    "canonical": ".url",
    "check_url": ".guard",
    "file_source": ".files",
    "file_stamp": ".files",
    "find_files": ".files",
    "forget_cached": ".forgetting",
    "plain_host": ".url",
    "read_sitemap": ".site",
    "remove_state": ".site",
    "retry_after_s": ".retry_after",
    "source_path": ".files",
    "split": ".url",
    "state_file": ".site",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name], __package__), name)
