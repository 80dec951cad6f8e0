"""The crawl of one site: from a first address to all that it leads to, within bounds, to be gone on with later."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from ..page import Page, Skipped, utc_now
from ..url import canonical
from ..visit import Visit
from .frontier import Address, Counts, Frontier
from .ledger import LedgerRow, ledger_row
from .listed import SitemapSource, listed
from .near_duplicates import NearDuplicates
from .scope import Scope
from .state import CrawlStateError

# A host is asked one request at a time, by the crawler; the second page waits for its turn while the first is taken
# apart. More would wait in vain, and be given up where a site asks for long gaps (`CrawlPolicy.max_wait_s`).
_AT_ONCE_A_HOST = 2
_SLICE = 2_000  # addresses of a sitemap that are written down in one go, 20 ms

_Returned = TypeVar("_Returned")
_Arguments = ParamSpec("_Arguments")


class Visitor(SitemapSource, Protocol):
    """What asks for pages: a `Crawler`, or a double of it. Politeness, robots.txt and the guard are its business."""

    async def visit(self, url: str) -> Visit:
        """What became of one address; raises nothing for what the web does."""
        ...

    def host_states(self) -> tuple[tuple[str, str], ...]:
        """The hosts that have to do with this moment, and what each is doing, in a word or two."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a crawl has come.

    `found`, `read`, `skipped` and `waiting` count addresses, those of earlier runs on the same state too; `reasons` is
    `skipped` by reason, the commonest first. `waiting` will be asked in this crawl: what its limit leaves out is
    `left`. `started` (ISO 8601, UTC), `pages_s` (addresses finished a second) and `eta_s` (seconds to the end as it
    looks now, None while that cannot be told) are of this run. `hosts` are the hosts asked or waited for.
    """

    found: int = 0
    read: int = 0
    skipped: int = 0
    waiting: int = 0
    left: int = 0
    reasons: tuple[tuple[str, int], ...] = ()
    sitemaps: int = 0
    started: str = ""
    pages_s: float = 0.0
    eta_s: float | None = None
    hosts: tuple[tuple[str, str], ...] = ()


class SiteCrawl:
    """Reads a site: the start, what it links to, what its sitemaps list, nearest to the start first.

    `depth` is the most links from the start (0: the start alone; what a sitemap lists counts as linked from the
    start), `limit` the most addresses asked. `include`, `exclude` and `same_host` are as in `Scope`; where the start
    redirects to another host, that one is the site's. With `state`, a file, a crawl that was interrupted or killed
    goes on where it was when it is run again with the same arguments (a greater `limit` is allowed); its ledger is
    kept there too.

    A page whose text was read before under another address, or one nearly the same, is `Skipped` as "duplicate".
    Links of a page are followed unless it forbids it (then `Visit.links` is empty) or its text is another's to the
    letter: traps of endless addresses show the same page again and again.

    Raises:
        BlockedURL: the start is no address of the web.
        ValueError: a pattern that is none, a negative depth, a limit below 1.
    """

    def __init__(
        self,
        crawler: Visitor,
        start: str,
        *,
        depth: int = 3,
        limit: int = 1000,
        include: Iterable[str] = (),
        exclude: Iterable[str] = (),
        sitemaps: bool = True,
        state: Path | None = None,
        same_host: bool = True,
        at_once: int = 32,
    ) -> None:
        if depth < 0 or limit < 1 or at_once < 1:
            raise ValueError(f"depth must not be negative, limit and at_once must be positive: {depth}, {limit}")
        include, exclude = tuple(include), tuple(exclude)
        self._start = start
        self._asked_for = {
            "start": canonical(start), "depth": depth, "include": list(include), "exclude": list(exclude),
            "sitemaps": sitemaps, "same_host": same_host,
        }  # fmt: skip
        self._scope = Scope(start, include=include, exclude=exclude, same_host=same_host)
        self._crawler, self._state = crawler, state
        self._depth, self._limit, self._at_once, self._sitemaps = depth, limit, at_once, sitemaps and depth > 0
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="crawl-state")
        self._near = NearDuplicates()
        self._frontier: Frontier | None = None
        self._counts = Counts()  # as of the last change
        self._changed = asyncio.Event()
        self._finished: asyncio.Queue[tuple[Address, Visit, LedgerRow] | None] = asyncio.Queue()
        self._under_way: Counter[str] = Counter()  # by host
        self._unclaimed = 0  # visits given to tasks that the caller has not taken yet
        self._is_reading_sitemaps = False
        self._sitemaps_read = self._done = 0
        self._begun = 0.0
        self._started = ""

    async def run(self) -> AsyncGenerator[Visit]:
        """Crawl, and yield each visit when it is done; may be called once.

        A visit counts as done, and will not be made again by a later run, when the next one is asked for: what the
        caller was busy with when the process ended comes again. To end early, close the generator or cancel the task.

        Raises:
            CrawlStateError: the state's file cannot be used (any more), or is of another crawl.
        """
        async with aclosing(self.entries()) as entries:
            async for visit, _ in entries:
                yield visit

    async def entries(self) -> AsyncGenerator[tuple[Visit, LedgerRow]]:
        """As `run`, each visit with its row of the ledger."""
        if self._started:
            raise RuntimeError("a SiteCrawl runs once; make another to go on")
        self._started, self._begun = utc_now(), monotonic()
        # The group of tasks has a task of its own: an async generator must not yield from within one (PEP 789).
        conductor: asyncio.Task[None] | None = None
        try:
            await self._in_thread(self._open)
            conductor = asyncio.create_task(self._conduct())
            while (done := await self._finished.get()) is not None:
                address, visit, row = done
                self._unclaimed -= 1
                self._changed.set()
                yield visit, row
                await self._do(Frontier.finish, address, row)
                self._done += 1
            await conductor
        finally:
            if conductor is not None:
                conductor.cancel()
                await asyncio.gather(conductor, return_exceptions=True)  # what it raised was raised above
            await self._close()

    @property
    def progress(self) -> Progress:
        """How far it is, at this moment."""
        counts = self._counts
        elapsed = monotonic() - self._begun if self._begun else 0.0
        pages_s = self._done / elapsed if elapsed else 0.0
        waiting = min(counts.waiting, max(0, self._limit - counts.asked))
        remaining = waiting + counts.asked - counts.read - sum(counts.skipped.values())
        states = dict(self._crawler.host_states())
        hosts = {host: states.get(host, "waiting") for host in (*self._under_way, *counts.waiting_by_host)}
        return Progress(
            found=counts.found,
            read=counts.read,
            skipped=sum(counts.skipped.values()),
            waiting=waiting,
            left=counts.waiting - waiting,
            reasons=tuple(Counter(counts.skipped).most_common()),
            sitemaps=self._sitemaps_read,
            started=self._started,
            pages_s=pages_s,
            eta_s=remaining / pages_s if pages_s and self._done >= 3 else None,
            hosts=tuple(hosts.items()),
        )

    def _open(self) -> None:
        """In the state's thread: open the state, and take up what an earlier run left."""
        self._frontier = frontier = Frontier(self._state, self._scope, depth=self._depth, limit=self._limit)
        asked_for = frontier.noted("asked for")
        if asked_for is None:
            frontier.note("asked for", self._asked_for)
        elif asked_for != self._asked_for:
            raise CrawlStateError(
                str(self._state), f"it is the state of another crawl ({asked_for})", "Name another file"
            )
        if home := frontier.noted("home"):
            self._scope.widen(str(home))
        self._is_reading_sitemaps = self._sitemaps and not frontier.noted("sitemaps read")
        frontier.add_start(self._start)
        self._counts = frontier.counts
        for signature, url in frontier.signatures(self._near.capacity):
            self._near.remember(signature, url)

    async def _close(self) -> None:
        def close() -> None:
            if self._frontier is not None:
                self._frontier.close()

        closing = self._in_thread(close)
        self._thread.shutdown(wait=False)
        await asyncio.shield(closing)  # it ends also if nobody waits for it any more

    def _in_thread(self, function: Callable[[], _Returned]) -> asyncio.Future[_Returned]:
        return asyncio.get_running_loop().run_in_executor(self._thread, function)

    async def _do(
        self,
        change: Callable[Concatenate[Frontier, _Arguments], _Returned],
        *arguments: _Arguments.args,
        **named: _Arguments.kwargs,
    ) -> _Returned:
        """Do something with the frontier in its thread; one after the other, in the order of the calls."""

        def changed() -> _Returned:
            assert self._frontier is not None
            returned = change(self._frontier, *arguments, **named)
            self._counts = self._frontier.counts
            return returned

        return await self._in_thread(changed)

    async def _conduct(self) -> None:
        """Hand out addresses to tasks until there are none, and none can come any more."""
        try:
            async with asyncio.TaskGroup() as group:
                if self._is_reading_sitemaps:
                    group.create_task(self._read_sitemaps())
                while True:
                    self._changed.clear()
                    while self._unclaimed < self._at_once and (address := await self._take()):
                        group.create_task(self._visit(address))
                    if not self._unclaimed and not self._is_reading_sitemaps:
                        break
                    await self._changed.wait()
        except ExceptionGroup as errors:
            raise _first(errors) from None
        finally:
            self._finished.put_nowait(None)

    async def _take(self) -> Address | None:
        busy = frozenset(host for host, count in self._under_way.items() if count >= _AT_ONCE_A_HOST)
        address = await self._do(Frontier.take, busy)
        if address is not None:
            self._under_way[address.host] += 1
            self._unclaimed += 1
        return address

    async def _visit(self, address: Address) -> None:
        visit = await self._crawler.visit(address.url)
        visit = await self._do(self._examine, address, visit)
        row = ledger_row(visit, depth=address.depth, found_on=address.found_on)
        self._under_way[address.host] -= 1
        if not self._under_way[address.host]:
            del self._under_way[address.host]
        self._finished.put_nowait((address, visit, row))
        self._changed.set()

    def _examine(self, frontier: Frontier, address: Address, visit: Visit) -> Visit:
        """In the state's thread: is the text new, and where does the page lead?"""
        if address.depth == 0 and isinstance(visit.outcome, Page):
            self._scope.widen(visit.final_url)
            frontier.note("home", visit.final_url)
        frontier.reached((*visit.redirects, visit.final_url), found_on=address.url)
        page = visit.outcome
        if isinstance(page, Page):
            first = frontier.first_with(page.hash, address.url)
            if first != address.url:
                return _duplicate(visit, f"the same text as {first}")
            if nearly := self._near_duplicate(frontier, page.text, address.url):
                visit = _duplicate(visit, f"nearly the same text as {nearly}")
            named = [seen.canonical for seen in page.sightings if seen.canonical]
            frontier.add(named, depth=address.depth, found_on=address.url)
        frontier.add(visit.links, depth=address.depth + 1, found_on=address.url)
        return visit

    def _near_duplicate(self, frontier: Frontier, text: str, url: str) -> str | None:
        signature = self._near.signature(text)
        earlier = self._near.find(signature)
        if earlier is None:
            self._near.remember(signature, url)
            frontier.remember_signature(signature, url)
        return None if earlier == url else earlier

    async def _read_sitemaps(self) -> None:
        async for sitemap in listed(self._crawler, self._start, is_home=self._scope.is_home):
            self._sitemaps_read += sitemap.skipped is None
            for at in range(0, len(sitemap.locs), _SLICE):
                await self._do(Frontier.add, sitemap.locs[at : at + _SLICE], depth=1, found_on=sitemap.url)
                self._changed.set()
            if self._counts.found >= self._limit:
                break
        else:
            await self._do(Frontier.note, "sitemaps read", True)
        self._is_reading_sitemaps = False
        self._changed.set()


def _duplicate(visit: Visit, detail: str) -> Visit:
    return replace(visit, outcome=Skipped(source=visit.url, reason="duplicate", detail=detail))


def _first(error: BaseException) -> BaseException:
    """The error itself, out of the groups around it."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
