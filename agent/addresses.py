"""Bring web addresses into the store: all asked side by side, each page stored as it comes."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from ..crawler import Crawler, Page, Skipped
from ..retrievers import Index
from .budget import Budget
from .errors import BudgetExceeded


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


async def read_addresses(
    urls: Sequence[str],
    index: Index,
    crawler: Crawler,
    *,
    run: str = "",
    budget: Budget | None = None,
    enough: Callable[[frozenset[str], float], bool] | None = None,
    look_every_s: float = 0.05,
    progress: Callable[[WebReading], None] | None = None,
) -> WebReport:
    """Read pages of the web into the store: into the lasting index, or with `run` for that run alone.

    `enough` is asked, as pages come and time passes, with the addresses done and the seconds since the start; when it
    says so, what is still under way is given up and stands in the ledger as "budget". Cancelling keeps what is stored.

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
            if enough and waiting and enough(frozenset(work.done), loop.time() - started):
                break
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
    left = [
        Skipped(source=tasks[task], reason="budget", detail="enough was read before its turn came") for task in waiting
    ]
    return WebReport(read=tuple(work.pages), skipped=(*work.skipped, *left))


@dataclass(slots=True)
class _Work:
    index: Index
    crawler: Crawler
    run: str = field(kw_only=True)
    budget: Budget | None = field(kw_only=True)
    progress: Callable[[WebReading], None] | None = field(kw_only=True)
    total: int = field(kw_only=True)
    done: list[str] = field(default_factory=list)
    pages: list[tuple[str, str]] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    async def read(self, url: str) -> None:
        try:
            spent = self.budget.reserve("pages") if self.budget else None
        except BudgetExceeded as error:
            self._note(url, Skipped(source=url, reason="budget", detail=str(error)))
            return
        outcome: Page | Skipped | None = None
        try:
            visit = await self.crawler.visit(url)
            outcome = visit.outcome
            if isinstance(outcome, Page):
                await self.index.put([outcome], run=self.run)
        finally:
            if spent:
                spent.settle(1 if isinstance(outcome, Page) else 0)
        self._note(url, outcome, visit.final_url)

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
