"""Addresses of the web brought into the store, over pages on loopback."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from fontes.agent.addresses import WebReading, each_once, read_addresses
from fontes.agent.budget import Allowance, Budget
from fontes.crawler import Crawler, CrawlPolicy, Page
from fontes.retrievers import Index
from fontes.tools.localweb import Fault, LocalWeb, Served
from hypothesis import given
from hypothesis import strategies as st

SPELLINGS = (
    "http://lights.test/orvay", "HTTP://lights.test/orvay", "http://LIGHTS.test/orvay", "http://lights.test:80/orvay",
    "http://lights.test./orvay", "http://lights.test/orvay#lamp", "http://lights.test/./orvay",
    "http://lights.test/a/../orvay", "http://lights.test/%6Frvay", "http://lights.test/orvay?utm_source=mail",
)  # fmt: skip
Opened = Callable[..., AbstractAsyncContextManager[tuple["Watched", Crawler, LocalWeb]]]


def page(name: str) -> bytes:
    return (
        f"<!doctype html><html lang=en><head><title>{name}</title></head><body><article><h1>{name}</h1>"
        f"<p>The {name} lighthouse was built in 1854 by James Calder, and boats have passed it every night since.</p>"
        f"<p>The keepers of {name} wrote down every storm and every wreck in ledgers bound in green cloth.</p>"
        "</article></body></html>"
    ).encode()


class Watched(Index):
    """An index that tells when a page is about to be stored, and waits until it may be."""

    def __init__(self, home: Path) -> None:
        super().__init__(home, embedder=None, reranker=None, vectors=None)
        self.has_page, self.may_store = asyncio.Event(), asyncio.Event()
        self.may_store.set()

    async def put(self, pages: Sequence[Page], *, run: str = "") -> None:
        self.has_page.set()
        await self.may_store.wait()
        await super().put(pages, run=run)


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    """An index with a run `r`, a crawler without a gap, and the web it is led to: `orvay`, `stennick`, and more."""

    @asynccontextmanager
    async def open_all(*faults: Fault, **more: bytes | Served) -> AsyncIterator[tuple[Watched, Crawler, LocalWeb]]:
        pages: dict[str, bytes | Served] = {f"http://lights.test/{name}": page(name) for name in ("orvay", "stennick")}
        pages |= {f"http://{name}.test/": served for name, served in more.items()}
        async with Watched(tmp_path / "home") as index, LocalWeb.of(pages, faults=faults, search=False) as web:
            policy = CrawlPolicy(gap_s=0.0, attempts=1, resolve=web.resolve, workers=1, well_known_tdm=False)
            async with Crawler(policy) as crawler:
                await index.store.begin_run("r", "q")
                yield index, crawler, web

    return open_all


ORVAY, STENNICK = "http://lights.test/orvay", "http://lights.test/stennick"


async def test_pages_are_stored_for_the_run_and_the_rest_stands_with_its_reason(opened: Opened) -> None:
    told: list[WebReading] = []
    async with opened(other=Served(status=410)) as (index, crawler, _):
        urls = (ORVAY, "http://other.test/", "http://10.0.0.1/")
        report = await read_addresses(urls, index, crawler, run="r", progress=told.append)
        assert report.read == ((ORVAY, ORVAY),)
        assert {(skip.source, skip.reason) for skip in report.skipped} == {
            ("http://other.test/", "http_status"), ("http://10.0.0.1/", "blocked_address"),
        }  # fmt: skip
        assert [source for _, source in await index.store.scope("r")] == [ORVAY]
        assert await index.store.page_count() == 0, "the lasting index is as it was"
    assert told[-1] == WebReading(done=3, total=3, read=1, skipped=2)


async def test_what_is_still_under_way_when_enough_is_read_is_given_up(opened: Opened) -> None:
    async with opened(Fault.of("slow:60", "slow.test"), slow=page("slow")) as (index, crawler, _):
        report = await read_addresses(
            (ORVAY, "http://slow.test/"), index, crawler, run="r", enough=lambda done, _read, _s: ORVAY in done
        )
    assert [asked for asked, _ in report.read] == [ORVAY]
    assert [(skip.source, skip.reason) for skip in report.skipped] == [("http://slow.test/", "budget")]


async def test_a_page_that_is_being_stored_when_enough_is_read_is_read_and_not_given_up(opened: Opened) -> None:
    async with opened() as (index, crawler, _):
        index.may_store.clear()

        def enough(_done: frozenset[str], _read: int, _seconds: float) -> bool:
            if index.has_page.is_set():
                index.may_store.set()
            return index.has_page.is_set()

        report = await read_addresses((ORVAY,), index, crawler, run="r", enough=enough, look_every_s=0.001)
        assert [source for _, source in await index.store.scope("r")] == [ORVAY]
    assert (report.read, report.skipped) == (((ORVAY, ORVAY),), ())


async def test_cancelling_keeps_what_is_stored_and_enters_the_rest_in_the_ledger(opened: Opened) -> None:
    first = asyncio.Event()
    async with opened(Fault.of("slow:60", "slow.test"), slow=page("slow"), gone=Served(status=404)) as (
        index, crawler, _,
    ):  # fmt: skip
        urls = (ORVAY, "http://gone.test/", "http://slow.test/")

        def tell(reading: WebReading) -> None:
            if reading.done == 2:
                first.set()

        task = asyncio.create_task(read_addresses(urls, index, crawler, run="r", progress=tell))
        await first.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert [source for _, source in await index.store.scope("r")] == [ORVAY]
        skipped = {skip.source: skip.reason for skip in await index.store.skipped("r")}
    assert skipped == {"http://gone.test/": "http_status", "http://slow.test/": "cancelled"}


async def test_a_page_beyond_the_budget_is_not_asked_for(opened: Opened) -> None:
    async with opened() as (index, crawler, web):
        budget = Budget(Allowance(pages=1))
        report = await read_addresses((ORVAY, STENNICK), index, crawler, run="r", budget=budget)
        assert [each.path for each in web.log if each.path != "/robots.txt"] == ["/orvay"]
    assert [(skip.source, skip.reason) for skip in report.skipped] == [(STENNICK, "budget")]
    assert (budget.spent("pages"), budget.left("pages")) == (1, 0)


async def test_a_page_that_gave_nothing_costs_nothing_of_the_budget(opened: Opened) -> None:
    budget = Budget(Allowance(pages=5))
    async with opened(gone=Served(status=404)) as (index, crawler, _):
        await read_addresses(("http://gone.test/",), index, crawler, run="r", budget=budget)
    assert (budget.spent("pages"), budget.left("pages")) == (0, 5)


async def test_without_a_run_the_page_stays_in_the_lasting_index(opened: Opened) -> None:
    async with opened() as (index, crawler, _):
        await read_addresses((ORVAY,), index, crawler)
        assert [source.sighting.source for source in await index.store.sources()] == [ORVAY]


def test_ten_spellings_of_an_address_are_one_page() -> None:
    assert each_once(SPELLINGS) == SPELLINGS[:1]
    assert each_once(SPELLINGS, [SPELLINGS[-1]]) == ()
    assert each_once(["http://[", "no address", "http://["]) == ("http://[", "no address")


@given(st.lists(st.sampled_from([*SPELLINGS, STENNICK, "http://[", "mailto:x@y.z"]) | st.text()))
def test_taking_each_page_once_keeps_the_order_and_is_done_after_the_first_time(urls: list[str]) -> None:
    once = each_once(urls)
    assert each_once(once) == once
    assert [url for url in urls if url in once][:1] == list(once[:1])
    assert set(once) <= set(urls)
    assert each_once(urls, once) == ()
