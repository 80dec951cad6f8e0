"""The systems that read the same pages: Fontes, a pool fed by httpx, and aiohttp as the floor. Each runs alone in a
process and returns what it measured; Scrapy, which owns its loop, is in `scrapy_system`."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from urllib.parse import urlsplit

from .measure import Measured, clocked, watched_loop
from .pages import addresses

AGENT = "Fontes-benchmark (+https://example.test/)"
WORKERS = 2
CONCURRENCY = 32


async def visit(hosts: list[list[str]], fetch: Callable[[str], Awaitable[tuple[str, int]]], measured: Measured) -> None:
    """Read all addresses: `CONCURRENCY` tasks, each taking one host after the other, page after page."""
    waiting = iter(hosts)

    async def visitor() -> None:
        for urls in waiting:
            for url in urls:
                start = time.perf_counter()
                outcome, characters = await fetch(url)
                measured.page(time.perf_counter() - start, outcome, characters)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(CONCURRENCY):
            tasks.create_task(visitor())


async def fontes(port: int, pages: int, pages_a_site: int, measured: Measured, *, extract: bool, gap_s: float) -> None:
    """Fontes as a user runs it, but for the gap, the override of names, and opt-outs recorded and not obeyed.

    Else it would not take apart what the peers do: saved pages say noindex.
    """
    from fontes.crawler import Crawler, CrawlPolicy, Page, Skipped

    policy = CrawlPolicy(gap_s=gap_s, resolve={"*": f"127.0.0.1:{port}"}, concurrency=CONCURRENCY, workers=WORKERS,
                         obey=frozenset(), well_known_tdm=False, contact="https://example.test/")  # fmt: skip
    measured.note = f"gap {gap_s:g} s, {CONCURRENCY} at once, {WORKERS if extract else 0} workers"

    with clocked(measured):
        async with Crawler(policy) as crawler:

            async def page(url: str) -> tuple[str, int]:
                found = await crawler.fetch(url)
                return ("page", len(found.text)) if isinstance(found, Page) else (found.reason, 0)

            async def body(url: str) -> tuple[str, int]:
                found = await crawler.body(url)
                return (found.reason, 0) if isinstance(found, Skipped) else ("page", len(found))

            async with watched_loop(measured):
                await visit(addresses(pages, pages_a_site), page if extract else body, measured)


def extracted(body: bytes, url: str) -> str | None:
    """What a page yields with trafilatura, its metadata before the text."""
    import trafilatura

    return trafilatura.extract(body, url=url, with_metadata=True, include_comments=False)


async def httpx_pool(port: int, pages: int, pages_a_site: int, measured: Measured) -> None:
    """httpx and trafilatura in a process pool, robots.txt read once a host by Protego."""
    import httpcore
    import httpx
    from protego import Protego

    class Loopback(httpcore.AnyIOBackend):
        async def connect_tcp(self, host: str, *_: object, **options: object) -> httpcore.AsyncNetworkStream:
            return await super().connect_tcp("127.0.0.1", port, timeout=options.get("timeout"))  # type: ignore[arg-type]

    transport = httpx.AsyncHTTPTransport(
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=CONCURRENCY)
    )
    transport._pool._network_backend = Loopback()  # httpx passes none on
    loop = asyncio.get_running_loop()
    rules: dict[str, Protego] = {}
    measured.note = f"no gap, {CONCURRENCY} at once, {WORKERS} workers"

    with clocked(measured), ProcessPoolExecutor(WORKERS) as pool:
        async with httpx.AsyncClient(transport=transport, headers={"User-Agent": AGENT}, trust_env=False) as client:

            async def page(url: str) -> tuple[str, int]:
                host = urlsplit(url).netloc
                if host not in rules:
                    rules[host] = Protego.parse((await client.get(f"http://{host}/robots.txt")).text)
                if not rules[host].can_fetch(url, AGENT):
                    return "robots", 0
                answer = await client.get(url)
                text = await loop.run_in_executor(pool, extracted, answer.content, url)
                return ("page", len(text)) if text else ("empty", 0)

            async with watched_loop(measured):
                await visit(addresses(pages, pages_a_site), page, measured)


async def aiohttp_floor(port: int, pages: int, pages_a_site: int, measured: Measured) -> None:
    """aiohttp reading bodies and nothing else: no robots, no guard, no caps."""
    import aiohttp
    from aiohttp.abc import AbstractResolver, ResolveResult

    class Loopback(AbstractResolver):
        async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:  # type: ignore[override]
            return [ResolveResult(hostname=host, host="127.0.0.1", port=port, family=2, proto=0, flags=0)]

        async def close(self) -> None:
            pass

    connector = aiohttp.TCPConnector(resolver=Loopback(), limit=CONCURRENCY, limit_per_host=1)
    measured.note = f"no gap, {CONCURRENCY} at once, no robots.txt"
    with clocked(measured):
        async with aiohttp.ClientSession(connector=connector, headers={"User-Agent": AGENT}) as client:

            async def body(url: str) -> tuple[str, int]:
                async with client.get(url) as answer:
                    return "page", len(await answer.read())

            async with watched_loop(measured):
                await visit(addresses(pages, pages_a_site, port), body, measured)


class _Reader(asyncio.Protocol):
    """Asks for one page after the other and throws the bytes away."""

    def __init__(self, urls: list[str], measured: Measured) -> None:
        self._urls, self._measured = iter(urls), measured
        self._missing, self._size = 0, 0
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._ask()

    def _ask(self) -> None:
        url = next(self._urls, None)
        if url is None:
            self.done.set_result(None)
            return
        parts = urlsplit(url)
        self._start = time.perf_counter()
        self._transport.write(f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())

    def data_received(self, data: bytes) -> None:
        if not self._missing:
            head, _, data = data.partition(b"\r\n\r\n")
            at = head.index(b"Content-Length: ") + 16
            self._missing = self._size = int(head[at:].partition(b"\r\n")[0])
        self._missing -= len(data)
        if not self._missing:
            self._measured.page(time.perf_counter() - self._start, "page", self._size)
            self._ask()


async def ceiling(port: int, pages: int, pages_a_site: int, measured: Measured) -> None:
    """What the server can give: a client that looks for the length and throws the rest away."""
    loop = asyncio.get_running_loop()
    every = [url for host in addresses(pages, pages_a_site) for url in host]
    measured.note = "8 connections, nothing parsed"
    with clocked(measured):
        pairs = [
            await loop.create_connection(lambda n=n: _Reader(every[n::8], measured), "127.0.0.1", port)
            for n in range(8)
        ]
        await asyncio.gather(*(reader.done for _, reader in pairs))
        for transport, _ in pairs:
            transport.close()


def run(system: str, port: int, pages: int, pages_a_site: int, gap_s: float, mark_every: int) -> Measured:
    """Run one system here and now."""
    logging.disable(logging.CRITICAL)
    measured = Measured(system, mark_every=mark_every)
    match system:
        case "fontes" | "fontes-fetch":
            asyncio.run(fontes(port, pages, pages_a_site, measured, extract=system == "fontes", gap_s=gap_s))
        case "httpx-pool":
            asyncio.run(httpx_pool(port, pages, pages_a_site, measured))
        case "aiohttp-fetch":
            asyncio.run(aiohttp_floor(port, pages, pages_a_site, measured))
        case "ceiling":
            asyncio.run(ceiling(port, pages, pages_a_site, measured))
        case "scrapy" | "scrapy-fetch":
            from .scrapy_system import scrapy

            scrapy(port, pages, pages_a_site, measured, extract=system == "scrapy")
        case _:
            raise SystemExit(f"{system}: no such system")
    return measured
