"""The crawl step over pages on loopback: which addresses are read, which are given up, which are left alone."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import NoReturn

import pytest
from fontes.agent.budget import Allowance, Budget
from fontes.agent.deps import AtHand, Deps
from fontes.agent.errors import NothingRead
from fontes.agent.state import Found, Plan, Query, Searched, State
from fontes.agent.steps.crawl import crawl
from fontes.agent.web import Web
from fontes.crawler import Crawler, CrawlPolicy
from fontes.retrievers import Index
from fontes.tools import Hit, ServiceDown
from fontes.tools.localweb import Fault, LocalWeb, Served

SITES = ("orvay", "stennick", "hirsholm", "texel")


@dataclass(frozen=True)
class World:
    """What the step works with, and the web it reads."""

    deps: Deps
    web: LocalWeb

    @property
    def asked(self) -> list[str]:
        """The pages that were asked for, in the order of their ends, as `host/path`."""
        return [f"{each.host}{each.path}" for each in self.web.log if each.path != "/robots.txt"]

    async def read(self) -> set[str]:
        return {source for _, source in await self.deps.index.store.scope("r")}

    async def skipped(self) -> dict[str, str]:
        return {skip.source: skip.reason for skip in await self.deps.index.store.skipped("r")}


Opened = Callable[..., AbstractAsyncContextManager[World]]


def page(name: str) -> bytes:
    return (
        f"<!doctype html><html lang=en><head><title>{name}</title></head><body><article><h1>{name}</h1>"
        f"<p>The {name} lighthouse was built in 1854 by James Calder, and boats have passed it every night since.</p>"
        f"<p>The keepers of {name} wrote down every storm and every wreck in ledgers bound in green cloth.</p>"
        "</article></body></html>"
    ).encode()


def url(site: str, path: str = "") -> str:
    return f"http://{site}.test/{path}"


@pytest.fixture
def opened(tmp_path: Path, deps_over: Callable[[Index], Deps]) -> Opened:
    """The sites with a page each and `/b`, `/c`, `/d`; a run `r`, and no gap between requests."""

    def no_search() -> NoReturn:
        raise AssertionError("the crawl searches nothing")

    @asynccontextmanager
    async def open_all(*faults: Fault) -> AsyncIterator[World]:
        pages: dict[str, bytes | Served] = {
            url(site, path): page(f"{site} {path}".strip()) for site in SITES for path in ("", "b", "c", "d")
        }
        async with (
            Index(tmp_path / "home", embedder=None, reranker=None, vectors=None) as index,
            LocalWeb.of(pages, faults=faults, search=False) as local,
        ):
            policy = CrawlPolicy(gap_s=0.0, attempts=1, resolve=local.resolve, workers=1, well_known_tdm=False)
            web = Web(crawler=lambda: Crawler(policy), search=no_search, providers=(), is_on=True)
            await index.store.begin_run("r", "q")
            at_hand = AtHand(web=True, providers=("recorded",))
            yield World(replace(deps_over(index), web=web, at_hand=at_hand), local)
            await web.aclose()

    return open_all


def found(*urls: str, plan: Plan | None = None, **more: object) -> State:
    plan = plan or Plan(routes=("web",), queries=("q",), web_queries=("q",), pages=8, seconds=20.0)
    hits = tuple(Found(url=each, title="", provider="p") for each in urls)
    return State(
        run="r", question="q", asked="", query=Query(text="q", original="q"), plan=replace(plan, **more), hits=hits
    )  # type: ignore[arg-type]


async def test_no_more_pages_are_read_than_the_plan_says_and_the_rest_is_listed_as_unused(opened: Opened) -> None:
    async with opened() as world:
        update = await crawl(found(*map(url, SITES), pages=2), world.deps)
        assert await world.read() == {url("orvay"), url("stennick")}
        assert await world.skipped() == {}
    assert update == {"unused": (url("hirsholm"), url("texel"))}


@dataclass(frozen=True)
class Kept:
    """An archive that holds copies of some pages, at other addresses of the same web."""

    copies: dict[str, str]

    async def archived(self, url: str, *, near: date | None = None) -> Hit | None:
        if url not in self.copies:
            raise ServiceDown("wayback", url, "it is down")
        return Hit(url=self.copies[url], title="", snippet="", provider="wayback", rank=1)


async def test_of_a_named_page_that_is_gone_the_archived_copy_is_read_and_the_reader_is_told(opened: Opened) -> None:
    gone, lost = url("orvay", "gone"), url("texel", "lost")
    async with opened() as world:
        world.deps.web.archive = lambda: Kept({gone: url("stennick", "b")})
        plan = Plan(routes=("urls",), queries=("q",), urls=(gone, lost), pages=2, seconds=20.0)
        update = await crawl(found(plan=plan), world.deps)
        assert await world.read() == {url("stennick", "b")}
        assert await world.skipped() == {gone: "http_status", lost: "http_status"}
    assert set(update["notes"]) == {
        f"{gone} is gone: read as it was archived, {url('stennick', 'b')}",
        f"no archived copy of {lost} could be asked for: it is down",
    }


async def test_with_the_web_off_no_archive_is_asked_for_a_named_page_that_is_gone(opened: Opened) -> None:
    gone = url("orvay", "gone")
    async with opened() as world:
        world.deps.web.archive = lambda: Kept({gone: url("stennick", "b")})
        plan = Plan(routes=("urls",), queries=("q",), urls=(gone,), pages=1, seconds=20.0)
        for deps, web in ((world.deps, False), (replace(world.deps, at_hand=AtHand()), None)):
            with pytest.raises(NothingRead):
                await crawl(replace(found(plan=plan), web=web), deps)
        assert await world.read() == set()


async def test_the_budget_of_pages_binds_before_the_plan_does(opened: Opened) -> None:
    async with opened() as world:
        await crawl(found(*map(url, SITES)), replace(world.deps, budget=Budget(Allowance(pages=1))))
        assert len(await world.read()) == 1
        assert set((await world.skipped()).values()) == {"budget"}


async def test_once_the_best_hits_are_read_a_slow_page_is_given_up(opened: Opened) -> None:
    async with opened(Fault.of("slow:60", "texel.test")) as world:
        await crawl(found(*map(url, SITES)), world.deps)
        assert await world.read() == {url("orvay"), url("stennick"), url("hirsholm")}
        assert await world.skipped() == {url("texel"): "budget"}


async def test_an_address_that_was_named_is_waited_for_when_the_others_are_read(opened: Opened) -> None:
    async with opened(Fault.of("slow:2", "texel.test")) as world:
        plan = Plan(routes=("urls", "web"), queries=("q",), urls=(url("texel"),), pages=4, seconds=20.0)
        await crawl(found(*map(url, SITES), plan=plan), world.deps)
        assert await world.read() == set(map(url, SITES))


async def test_when_the_time_is_over_even_the_best_hit_is_given_up(opened: Opened) -> None:
    async with opened(Fault.of("slow:60", "orvay.test")) as world:
        await crawl(found(*map(url, SITES), seconds=0.01), world.deps)
        assert (await world.skipped())[url("orvay")] == "budget"


async def test_what_the_search_took_is_taken_from_the_time_for_reading(opened: Opened) -> None:
    rows = tuple(Searched(provider=name, query="q", hits=1, seconds=9.0) for name in ("one", "two"))
    async with opened(Fault.of("slow:60", "orvay.test")) as world:
        began = asyncio.get_running_loop().time()
        await crawl(replace(found(url("orvay"), seconds=3.0), searched=rows), world.deps)
        assert await world.skipped() == {url("orvay"): "budget"}
        assert asyncio.get_running_loop().time() - began < 2.5, "a fifth of the three seconds was left"


async def test_given_addresses_come_before_found_ones_and_within_the_same_count(opened: Opened) -> None:
    async with opened() as world:
        plan = Plan(routes=("urls", "web"), queries=("q",), urls=(url("texel"),), pages=2, seconds=20.0)
        update = await crawl(found(url("orvay"), url("stennick"), plan=plan), world.deps)
        assert await world.read() == {url("texel"), url("orvay")}
    assert update == {"unused": (url("stennick"),)}


async def test_a_page_under_ten_spellings_is_asked_for_once(opened: Opened) -> None:
    spellings = (
        "http://orvay.test/b", "HTTP://orvay.test/b", "http://ORVAY.test/b", "http://orvay.test:80/b",
        "http://orvay.test./b", "http://orvay.test/b#lamp", "http://orvay.test/./b", "http://orvay.test/a/../b",
        "http://orvay.test/%62", "http://orvay.test/b?utm_source=mail",
    )  # fmt: skip
    async with opened() as world:
        plan = Plan(routes=("urls", "web"), queries=("q",), urls=spellings[:5], pages=9, seconds=20.0)
        update = await crawl(found(*spellings[5:], url("texel"), plan=plan), world.deps)
        assert sorted(world.asked) == ["orvay.test/b", "texel.test/"]
        assert await world.read() == {spellings[0], url("texel")}
        assert await world.skipped() == {}
    assert update == {"unused": ()}


async def test_a_third_page_of_a_host_waits_behind_the_pages_of_others(opened: Opened) -> None:
    async with opened() as world:
        hits = [url("orvay", path) for path in ("", "b", "c", "d")] + [url("texel"), url("stennick")]
        update = await crawl(found(*hits, pages=4), world.deps)
        assert await world.read() == {url("orvay"), url("orvay", "b"), url("texel"), url("stennick")}
    assert update == {"unused": (url("orvay", "c"), url("orvay", "d"))}


async def test_a_third_page_of_a_host_is_read_when_there_is_no_other(opened: Opened) -> None:
    async with opened() as world:
        await crawl(found(*[url("orvay", path) for path in ("", "b", "c", "d")], pages=3), world.deps)
        assert len(await world.read()) == 3


async def test_addresses_alone_of_which_none_can_be_read_end_the_question_with_why(opened: Opened) -> None:
    async with opened(Fault.of("captcha", "orvay.test"), Fault.of("status:404", "texel.test")) as world:
        plan = Plan(routes=("urls",), queries=("q",), urls=(url("orvay"), url("texel")), pages=2, seconds=30.0)
        with pytest.raises(NothingRead, match="none of them could be read") as raised:
            await crawl(found(plan=plan), world.deps)
        assert {skip.reason for skip in raised.value.skipped} == {"captcha", "http_status"}
        assert await world.skipped() == {url("orvay"): "captcha", url("texel"): "http_status"}
        one = replace(plan, urls=("http://10.0.0.1/",), pages=1)
        with pytest.raises(NothingRead, match=r"http://10\.0\.0\.1/: .*10\.0\.0\.1"):
            await crawl(found(plan=one), world.deps)


async def test_found_pages_of_which_none_can_be_read_leave_the_question_to_go_on(opened: Opened) -> None:
    async with opened(Fault.of("login")) as world:
        assert await crawl(found(url("orvay"), url("texel")), world.deps) == {"unused": ()}
        assert await world.skipped() == {url("orvay"): "login_wall", url("texel"): "login_wall"}


async def test_a_hit_to_a_private_address_is_never_connected_to(opened: Opened) -> None:
    async with opened() as world:
        hits = ("http://127.0.0.1/admin", "http://169.254.169.254/latest/meta-data/", url("orvay"))
        await crawl(found(*hits), world.deps)
        assert world.asked == ["orvay.test/"]
        assert await world.skipped() == dict.fromkeys(hits[:2], "blocked_address")


async def test_no_hits_are_nothing_to_read_and_no_error(opened: Opened) -> None:
    async with opened() as world:
        assert await crawl(found(), world.deps) == {"unused": ()}
        assert world.asked == []


async def test_a_hit_dated_after_the_day_asked_as_on_is_not_read(opened: Opened) -> None:
    async with opened() as world:
        state = found(url("orvay"), url("stennick"), url("texel"))
        dates = dict(zip((hit.url for hit in state.hits), ("2024-01-01", "2022", ""), strict=True))
        hits = tuple(replace(hit, published=dates[hit.url]) for hit in state.hits)
        update = await crawl(replace(state, hits=hits, as_of="2023-05-01"), world.deps)
        assert await world.read() == {url("stennick"), url("texel")}
    assert update == {"unused": (url("orvay"),)}
