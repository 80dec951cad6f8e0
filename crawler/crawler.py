"""The polite crawler: one address in, a page or the typed reason there is none out."""

import asyncio
import ssl
import textwrap
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from typing import Self

import httpx

from .browser import HINT, Browser, RequestKind
from .errors import BlockedURL, CrawlError, Disallowed, FetchError
from .extraction import Extraction
from .guard import Guard
from .http import Fetched, Fetcher, may_hold_text, redirect_target
from .page import Page, Skipped
from .policy import CrawlPolicy, ReadPolicy
from .politeness import Hosts
from .robots import Robots, forbidden_by, header_signals, meta_signals, nofollow
from .robots.known import KnownRobots
from .robots.shelf import Shelf
from .text import clean
from .url import host_key, origin, parse, without_fragment
from .visit import Visit
from .workers import Workers

_PARTIAL = 206  # RFC 9110 §15.3.7; no part was asked for
_DETAIL_CHARS = 400


@dataclass(slots=True)
class _Way:
    """How far one visit has come, so that a failure can still say where it was."""

    url: str
    started: float = field(default_factory=monotonic)
    hops: list[str] = field(default_factory=list)
    signals: tuple[str, ...] = ()
    status: int = 0
    size: int = 0
    from_cache: bool = False


class Crawler:
    """Reads pages of the web: `async with Crawler(CrawlPolicy()) as crawler: outcome = await crawler.fetch(url)`.

    Every address (asked for, redirected to, or robots.txt) is checked by the guard, every site's robots.txt is asked
    before its first page, and every request waits for its turn. Any number of calls may be under way at once. `workers`
    and `resolve` may be given: processes shared with others, and a resolver of names (host to addresses).
    """

    def __init__(
        self,
        policy: CrawlPolicy | None = None,
        *,
        workers: Workers | None = None,
        resolve: Callable[[str], Iterable[str] | Awaitable[Iterable[str]]] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.policy = policy or CrawlPolicy()
        self._guard = Guard(self.policy, resolve=resolve)
        self._hosts = Hosts(self.policy)
        self._fetcher = Fetcher(self.policy, self._guard, self._hosts, tls=tls)
        shelf = Shelf(self.policy.cache_dir)
        self._robots = KnownRobots(self._fetcher, self._guard, self._hosts, shelf, agent=self.policy.agent)
        self._is_open = False
        self._under_way: set[asyncio.Timeout] = set()
        self._ended = asyncio.Event()
        self._browser = Browser(self.policy)
        self._own_workers = workers is None
        self._workers = workers or Workers(
            ReadPolicy(max_bytes=self.policy.max_bytes, deadline_s=self.policy.extract_s, workers=self.policy.workers)
        )

    async def __aenter__(self) -> Self:
        await self._fetcher.__aenter__()
        if self._own_workers:
            await self._workers.__aenter__()
        self._is_open = True
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Close all that is open; calls still under way end as "cancelled"."""
        self._is_open = False
        for call in self._under_way:
            call.reschedule(0)
        while self._under_way:
            self._ended.clear()
            await self._ended.wait()
        await self._browser.__aexit__(*exc)
        await self._robots.aclose()
        await self._fetcher.__aexit__(*exc)
        if self._own_workers:
            await self._workers.__aexit__(*exc)

    async def fetch(self, url: str) -> Page | Skipped:
        """The page at `url`, or why there is none; never raises for what the web does."""
        return (await self.visit(url)).outcome

    async def visit(self, url: str) -> Visit:
        """As `fetch`, with what was met on the way: redirects, status, links, time."""
        way = _Way(url)
        links: tuple[str, ...] = ()
        outcome: Page | Skipped
        try:
            async with self._call(url):
                fetched = await self._follow(way, may_hold_text)
                outcome, links = await self._read(fetched, way)
        except CrawlError as error:
            outcome = _skipped(url, error)
        return Visit(
            url=url,
            final_url=way.hops[-1] if way.hops else url,
            outcome=outcome,
            links=links,
            redirects=tuple(way.hops[:-1]),
            status=way.status,
            size=way.size,
            seconds=monotonic() - way.started,
            from_cache=way.from_cache,
        )

    async def body(self, url: str) -> bytes | Skipped:
        """The bytes at `url`, of whatever type, with the same guard, robots.txt and turns; for sitemaps."""
        try:
            async with self._call(url):
                return (await self._follow(_Way(url))).body
        except CrawlError as error:
            return _skipped(url, error)

    async def robots(self, url: str) -> Robots | Skipped:
        """The rules of the site of `url`; why there are none if the site cannot be asked at all."""
        try:
            async with self._call(url):
                self._guard.check(parse(url))
                return await self._robots.of(parse(url))
        except CrawlError as error:
            return _skipped(url, error)

    async def sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps that the site's robots.txt names, else the place where one mostly stands."""
        robots = await self.robots(url)
        if isinstance(robots, Skipped):
            return ()
        return robots.sitemaps or (origin(parse(url)) + "/sitemap.xml",)

    def host_states(self) -> tuple[tuple[str, str], ...]:
        """The hosts that are asked or waited for at this moment, and which of both."""
        return self._hosts.states()

    @asynccontextmanager
    async def _call(self, url: str) -> AsyncIterator[None]:
        """One call of the face, which the crawler's end ends.

        Raises:
            FetchError: "cancelled", the crawler was closed.
        """
        if not self._is_open:
            raise RuntimeError("Crawler is used outside of its `async with`")
        try:
            async with asyncio.timeout(None) as call:
                self._under_way.add(call)
                try:
                    yield
                finally:
                    self._under_way.discard(call)
                    self._ended.set()
        except TimeoutError as error:
            raise FetchError(url, "cancelled", "the crawler was closed") from error

    async def _follow(self, way: _Way, check: Callable[[str, httpx.Headers], None] | None = None) -> Fetched:
        """The last answer of a chain of redirects; each hop is guarded, allowed by its robots.txt, and has its turn.

        Raises:
            CrawlError: there is no answer of use.
        """
        target = _as_asked(way.url)
        while True:
            if target in way.hops:
                raise FetchError(way.url, "http_status", f"it redirects in a circle ({target})")
            if len(way.hops) > self.policy.max_redirects:
                raise FetchError(way.url, "http_status", f"more than {self.policy.max_redirects} redirects")
            way.hops.append(target)
            fetched = await self._ask(target, way, check)
            way.status, way.size, way.from_cache = fetched.status, len(fetched.body), fetched.from_cache
            onward = redirect_target(fetched)
            if not onward:
                _expect_success(fetched)
                return fetched
            target = _as_asked(onward)

    async def _ask(self, url: str, way: _Way, check: Callable[[str, httpx.Headers], None] | None) -> Fetched:
        self._guard.check(url)
        robots = await self._robots.of(url)
        agent = self.policy.agent
        if not robots.allows(url, agent):
            raise Disallowed(way.url, "robots", _why(robots, url, agent))
        way.signals = robots.signals(url, agent)
        if self.policy.well_known_tdm:
            way.signals += (await self._robots.tdm(url)).signals(url)
        self._obey(way)

        def look(status: int, headers: httpx.Headers) -> None:
            if 200 <= status < 300:
                way.signals += header_signals(headers.multi_items(), agent)
                self._obey(way)
                if check is not None:
                    check(url, headers)

        return await self._fetcher.get(url, check=look)

    def _obey(self, way: _Way) -> None:
        if signal := forbidden_by(way.signals, self.policy.obey, now=datetime.now(UTC)):
            raise Disallowed(way.url, "opt_out", f"the site asks not to be used for this ({signal})")

    async def _read(self, fetched: Fetched, way: _Way) -> tuple[Page | Skipped, tuple[str, ...]]:
        content_type = fetched.headers.get("content-type", "")
        taken = await self._take_apart(fetched.body, fetched.url, content_type, fetched.status, way)
        shell = taken.outcome
        if isinstance(shell, Skipped) and shell.reason == "javascript":
            if self.policy.render:
                taken = await self._rendered(fetched, way)
            else:
                taken = replace(taken, outcome=replace(shell, detail=f"{shell.detail}; {HINT}"))
        links = () if nofollow(way.signals) else taken.links
        return self._finished(taken, way), links

    async def _take_apart(self, body: bytes, url: str, content_type: str, status: int, way: _Way) -> Extraction:
        taken = await self._workers.take_apart(body, url=url, content_type=content_type, status=status)
        way.signals += meta_signals(taken.metas, self.policy.agent)
        self._obey(way)
        return taken

    async def _rendered(self, fetched: Fetched, way: _Way) -> Extraction:
        """The page after its scripts have run; what is a shell even then, is one."""
        _, hash_sign, fragment = parse(way.url).partition(
            "#"
        )  # scripts read it, and redirects keep it (RFC 9110 §10.2.2)
        rendered = await self._browser.render(
            fetched.url + hash_sign + fragment,
            html=fetched.body,
            content_type=fetched.headers.get("content-type", ""),
            request=partial(self._resource, way),
        )
        if (final := without_fragment(rendered.url)) != fetched.url:
            way.hops.append(final)
        return await self._take_apart(rendered.body, final, "text/html; charset=utf-8", fetched.status, way)

    async def _resource(self, way: _Way, url: str, *, kind: RequestKind) -> Fetched:
        """What a page asks for while it is rendered, with the same guard, robots.txt and turns; redirects as they are.

        Scripts and data wait for no gap, as in a browser: they are parts of the one page that has had its turn, and
        with a gap each hardly any page would be whole in time. They still come one at a time from a host. A document
        that the page's script leads to is a page of its own.
        """
        if host_key(url) != host_key(way.hops[-1]) and self._guard.is_exempt(url):
            raise BlockedURL(url, "a stranger's page may not ask hosts that are exempt from the guard")
        if kind == "document":
            onward = _Way(url)
            document = await self._ask(url, onward, may_hold_text)
            if not redirect_target(document):
                _expect_success(document)
            way.signals += onward.signals
            return document
        self._guard.check(url)
        robots = await self._robots.of(url)
        if not robots.allows(url, self.policy.agent):
            raise Disallowed(url, "robots", _why(robots, url, self.policy.agent))
        signals = robots.signals(url, self.policy.agent)
        if signal := forbidden_by(signals, self.policy.obey, now=datetime.now(UTC)):
            raise Disallowed(url, "opt_out", f"the site asks not to be used for this ({signal})")
        return await self._fetcher.get(url, counted=False)

    def _finished(self, taken: Extraction, way: _Way) -> Page | Skipped:
        page = taken.outcome
        if isinstance(page, Skipped):
            return replace(page, source=way.url)
        quality = page.quality
        if quality is not None and quality.score < self.policy.min_quality:
            detail = f"its quality score is {quality.score:.2f}; the setting asks for {self.policy.min_quality:g}"
            return Skipped(source=way.url, reason="low_quality", detail=detail)
        signals = tuple(dict.fromkeys(way.signals))
        return replace(page, sightings=tuple(replace(seen, signals=signals) for seen in page.sightings))


def _as_asked(url: str) -> str:
    """The URL as it is requested; an empty query is not sent (aiohttp), so robots.txt is not asked about it either."""
    href = without_fragment(url)
    return href[:-1] if href.find("?") == len(href) - 1 else href


def _why(robots: Robots, url: str, agent: str) -> str:
    rule = robots.rule(url, agent)
    return f"robots.txt of {host_key(url)}: {rule}" if rule else f"robots.txt of {host_key(url)} disallows it"


def _skipped(url: str, error: CrawlError) -> Skipped:
    """The failure as a value; what the web put into its detail is cut short, and cannot write to a terminal."""
    detail = clean(error.detail).replace("\n", " ")
    return Skipped(source=url, reason=error.reason, detail=textwrap.shorten(detail, _DETAIL_CHARS, placeholder=" …"))


def _expect_success(fetched: Fetched) -> None:
    if 200 <= fetched.status < 300 and fetched.status != _PARTIAL:
        return
    text = {
        _PARTIAL: "only a part of it came",
        404: "not found",
        410: "gone",
        401: "it asks for a login",
        403: "forbidden",
        429: "too many requests",
    }
    meaning = text.get(fetched.status, httpx.codes.get_reason_phrase(fetched.status).lower())
    raise FetchError(fetched.url, "http_status", f"status {fetched.status}{': ' if meaning else ''}{meaning}")
