"""Bring web addresses into the store: all asked side by side, each page stored as it comes."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..crawler import BlockedURL, Page, Skipped, canonical
from ..retrievers import Index
from .budget import Budget
from .errors import BudgetExceeded

if TYPE_CHECKING:
    from ..crawler import Crawler

_GIVEN_UP = "given up: enough was read by then, or the time was over"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebReading:
    """How far reading has come: addresses done of all, those of them that gave a page, and those that did not."""

    done: int
    total: int
    read: int
    skipped: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WebReport:
    """What became of the addresses: `read` as (address asked, address that answered), in the order they came."""

    read: tuple[tuple[str, str], ...] = ()
    skipped: tuple[Skipped, ...] = ()


def each_once(urls: Iterable[str], known: Iterable[str] = ()) -> tuple[str, ...]:
    """The URLs in their order, of several spellings of a page's address the first, and none that is known."""
    once = dict.fromkeys(map(_key, known), "")
    for url in urls:
        once.setdefault(_key(url), url)
    return tuple(filter(None, once.values()))


def _key(url: str) -> str:
    try:
        return canonical(url)
    except BlockedURL:  # the crawler says what is wrong with it
        return url


async def read_addresses(
    urls: Sequence[str],
    index: Index,
    crawler: "Crawler",
    *,
    run: str = "",
    budget: Budget | None = None,
    enough: Callable[[frozenset[str], int, float], bool] | None = None,
    look_every_s: float = 0.05,
    progress: Callable[[WebReading], None] | None = None,
) -> WebReport:
    """Read pages of the web into the store: into the lasting index, or with `run` for that run alone.

    `enough` is asked, as pages come and time passes, with the addresses done, the number of pages read and the seconds
    since the start; when it says so, what is still under way is given up and stands in the ledger as "budget".
    Cancelling keeps what is stored; what a run was reading then stands in its ledger as "cancelled".

    Raises:
        StoreError: the database cannot be written.
    """
    work = _Work(index, crawler, run=run, budget=budget, progress=progress, total=len(urls))
    tasks = {asyncio.create_task(work.read(url)): url for url in dict.fromkeys(urls)}
    loop = asyncio.get_running_loop()
    started = loop.time()
    waiting = set(tasks)
    try:
        while waiting:
            done, waiting = await asyncio.wait(
                waiting, timeout=look_every_s if enough else None, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                task.result()  # the store's own errors end it all
            if enough and waiting and enough(frozenset(work.done), len(work.pages), loop.time() - started):
                break
    except asyncio.CancelledError:
        if run:
            await index.store.skip(work.ledger_if_cancelled(tasks.values()), run=run)
        raise
    finally:
        for task in waiting:
            if tasks[task] not in work.storing:  # a page that is here already is not thrown away
                task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
    given_up = [task for task in waiting if task.cancelled()]
    for task in waiting.difference(given_up):
        task.result()
    left = [Skipped(source=tasks[task], reason="budget", detail=_GIVEN_UP) for task in given_up]
    return WebReport(read=tuple(work.pages), skipped=(*work.skipped, *left))


@dataclass(slots=True)
class _Work:
    index: Index
    crawler: "Crawler"
    run: str = field(kw_only=True)
    budget: Budget | None = field(kw_only=True)
    progress: Callable[[WebReading], None] | None = field(kw_only=True)
    total: int = field(kw_only=True)
    done: list[str] = field(default_factory=list)
    pages: list[tuple[str, str]] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    storing: set[str] = field(default_factory=set)

    async def read(self, url: str) -> None:
        try:
            spent = self.budget.reserve("pages") if self.budget else None
        except BudgetExceeded as error:
            self._note(url, Skipped(source=url, reason="budget", detail=str(error)))
            return
        pages = 0
        try:
            visit = await self.crawler.visit(url)
            if isinstance(visit.outcome, Page):
                pages = 1
                self.storing.add(url)
                await self.index.put([visit.outcome], run=self.run)
        finally:
            if spent:
                spent.settle(pages)
        self._note(url, visit.outcome, visit.final_url)

    def ledger_if_cancelled(self, urls: Iterable[str]) -> tuple[Skipped, ...]:
        """What was skipped until now, and what is under way and not about to be stored."""
        left = [url for url in urls if url not in self.done and url not in self.storing]
        return (
            *self.skipped,
            *(Skipped(source=url, reason="cancelled", detail="the question was cancelled first") for url in left),
        )

    def _note(self, url: str, outcome: Page | Skipped, final_url: str = "") -> None:
        self.done.append(url)
        if isinstance(outcome, Page):
            self.pages.append((url, final_url))
        else:
            self.skipped.append(outcome)
        if self.progress:
            self.progress(
                WebReading(done=len(self.done), total=self.total, read=len(self.pages), skipped=len(self.skipped))
            )
