"""Whole sites: what they list, what is still to read, what was read before, and the crawl that puts these together.

`SiteCrawl(crawler, start).run()` yields a `Visit` for every address, as it is done.
"""

from .crawl import Progress, SiteCrawl, Visitor
from .ledger import LedgerRow
from .sitemaps import Entry, Sitemap, read_sitemap
from .state import CrawlStateError, remove_state, state_file

__all__ = [
    "CrawlStateError",
    "Entry",
    "LedgerRow",
    "Progress",
    "SiteCrawl",
    "Sitemap",
    "Visitor",
    "read_sitemap",
    "remove_state",
    "state_file",
]
