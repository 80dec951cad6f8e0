"""Scrapy reading the same pages, with trafilatura in its callback as its users do."""

import time
from collections.abc import AsyncIterator, Iterable
from itertools import zip_longest
from typing import Any

import scrapy as framework
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Request, Response
from scrapy.resolver import CachingThreadedResolver
from twisted.internet import defer

from .measure import Measured, clocked
from .pages import addresses
from .systems import AGENT, CONCURRENCY, extracted

_run: dict[str, Any] = {}  # Scrapy builds its parts itself, from classes


class Loopback(CachingThreadedResolver):
    """Every name is the loopback server."""

    def getHostByName(self, name: str, timeout: Any = ()) -> Any:  # noqa: N802
        return defer.succeed("127.0.0.1")


class Timed(HTTP11DownloadHandler):
    """The usual handler; it writes down when a request was sent."""

    async def download_request(self, request: Request) -> Response:
        request.meta["sent"] = time.perf_counter()
        return await super().download_request(request)


class Pages(framework.Spider):
    """Asks for every page, the sites in turn."""

    name = "pages"

    async def start(self) -> AsyncIterator[Request]:
        for turn in zip_longest(*_run["hosts"]):
            for url in turn:
                if url is not None:
                    yield Request(url, callback=self.page, errback=self.failed)

    def page(self, response: Response) -> Iterable[dict[str, str]]:
        measured: Measured = _run["measured"]
        text = extracted(response.body, response.url) if _run["extract"] else response.text
        measured.page(time.perf_counter() - response.meta["sent"], "page" if text else "empty", len(text or ""))
        yield {"url": response.url, "text": text or ""}

    def failed(self, failure: Any) -> None:
        _run["measured"].page(0.0, failure.type.__name__)


def scrapy(port: int, pages: int, pages_a_site: int, measured: Measured, *, extract: bool) -> None:
    """Scrapy in one process: robots.txt obeyed, one request a host at a time, no delay."""
    settings = {
        "ROBOTSTXT_OBEY": True,
        "USER_AGENT": AGENT,
        "CONCURRENT_REQUESTS": CONCURRENCY,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": 0,
        "TWISTED_DNS_RESOLVER": Loopback,
        "DOWNLOAD_HANDLERS": {"http": Timed},
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_ENABLED": False,
        "STATS_DUMP": False,
        "RETRY_ENABLED": False,
    }
    measured.note = f"no delay, {CONCURRENCY} at once, one process"
    _run.update(hosts=addresses(pages, pages_a_site, port), measured=measured, extract=extract)
    process = AsyncCrawlerProcess(settings)
    process.crawl(Pages)
    with clocked(measured):
        process.start()
