"""The search step: several queries, several providers, one list of addresses, and a note on who answered."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn

import pytest
from fontes.agent.account import CALLER
from fontes.agent.deps import Deps
from fontes.agent.errors import BadQuestion
from fontes.agent.state import Plan, Query, Ran, State, Update
from fontes.agent.steps.search import search
from fontes.agent.web import Web
from fontes.retrievers import Index
from fontes.tools import FanOut, Filters, Hit, LimitReached, Search, ServiceDown


@dataclass
class Listed:
    """A provider that answers with the addresses it was given for each query, and is down for every other one."""

    name: str
    urls: dict[str, list[str]]
    honours: frozenset[str] = frozenset()
    asked: list[Filters] = field(default_factory=list)

    async def search(self, query: str, *, limit: int = 10, filters: Filters | None = None) -> tuple[Hit, ...]:
        if filters is not None:
            self.asked.append(filters)
        if query not in self.urls:
            raise ServiceDown(self.name, query, "it is down")
        found = enumerate(self.urls[query][:limit], start=1)
        return tuple(Hit(url=url, title=f"t {url}", snippet="s", provider=self.name, rank=rank) for rank, url in found)


class Silent(Listed):
    """A provider that never answers."""

    async def search(self, query: str, *, limit: int = 10, filters: Filters | None = None) -> tuple[Hit, ...]:
        await asyncio.Event().wait()
        raise AssertionError("nobody sets that event")


class Refusing(Listed):
    """A provider that limits everybody."""

    async def search(self, query: str, *, limit: int = 10, filters: Filters | None = None) -> tuple[Hit, ...]:
        raise LimitReached(self.name, query, "too many searches", 60.0)


@pytest.fixture
def searched(deps_over: Callable[[Index], Deps], tmp_path: Path) -> Callable[..., "asyncio.Future[Update]"]:
    """Run the step over providers; the lines of progress land in `searched.lines`."""

    def no_crawler() -> NoReturn:
        raise AssertionError("the search reads no page")

    async def run(
        plan: Plan,
        *providers: Search,
        lines: list[str] | None = None,
        since: str = "",
        index_pages: int = 0,
        trace: tuple[Ran, ...] = (),
    ) -> Update:
        web = Web(crawler=no_crawler, search=lambda: FanOut(providers), providers=("p",), is_on=True)
        told = lines if lines is not None else []
        index = Index(tmp_path, embedder=None, reranker=None, vectors=None)
        deps = replace(
            deps_over(index),
            web=web,
            at_hand=web.at_hand(index_pages),
            emit=lambda kind, step, value: told.append(f"{kind} {step} {value}"),
        )
        query = Query(text="q", original="q")
        state = State(
            run="r", question="q", asked="", query=query, plan=plan, since=since, notes=("kept",), trace=trace
        )
        return await search(state, deps)

    return run  # type: ignore[return-value]


def web_plan(*queries: str, seconds: float = 20.0, **more: Any) -> Plan:
    return Plan(routes=("web",), queries=("q",), web_queries=queries, pages=6, seconds=seconds, **more)


async def test_the_hits_of_all_queries_are_taken_in_turn_and_each_page_once(searched: Callable) -> None:
    one = ["http://a.test/1", "http://a.test/2", "http://a.test/3"]
    two = ["http://b.test/1", "HTTP://A.test:80/1#top", "http://b.test/2?utm_source=x"]
    update = await searched(web_plan("one", "two"), Listed("first", {"one": one, "two": two}))
    assert [hit.url for hit in update["hits"]] == [
        "http://a.test/1", "http://b.test/1", "http://a.test/2", "http://a.test/3", "http://b.test/2",
    ]  # fmt: skip
    assert update["hits"][0].title == "t http://a.test/1"


async def test_the_notes_tell_who_answered_and_who_failed(searched: Callable) -> None:
    lines: list[str] = []
    providers = (Listed("good", {"one": ["http://a.test/1"]}), Listed("bad", {}), Refusing("tired", {}))
    update = await searched(web_plan("one"), *providers, lines=lines)
    assert update["notes"] == (
        "kept", "searched with good", "bad did not answer: it is down", "tired did not answer: too many searches",
    )  # fmt: skip
    rows = {(row.provider, row.query): (row.hits, row.error) for row in update["searched"]}
    assert rows == {
        ("good", "one"): (1, ""), ("bad", "one"): (0, "it is down"), ("tired", "one"): (0, "too many searches"),
    }  # fmt: skip
    assert "progress search good: 1 hits" in lines
    assert "progress search bad: it is down" in lines


async def test_a_provider_that_fails_one_query_of_two_has_answered_and_its_failure_has_a_row(
    searched: Callable,
) -> None:
    update = await searched(web_plan("one", "two"), Listed("half", {"two": ["http://a.test/1"]}))
    assert update["notes"] == ("kept", "searched with half")
    assert sorted((row.query, row.error) for row in update["searched"]) == [("one", "it is down"), ("two", "")]


async def test_when_nobody_answers_it_is_said_and_there_are_no_hits(searched: Callable) -> None:
    update = await searched(web_plan("one"), Listed("a", {}), Listed("b", {}))
    assert update["hits"] == ()
    assert update["notes"][1:] == (
        "a did not answer: it is down", "b did not answer: it is down",
        "no search provider answered: the web was not searched",
    )  # fmt: skip


async def test_when_nobody_answers_the_own_index_joins_the_plan(searched: Callable) -> None:
    update = await searched(web_plan("one"), Listed("a", {}), index_pages=3)
    assert update["plan"].routes == ("web", "index")
    assert update["notes"][-1] == "the own index was asked instead"


async def test_nothing_joins_the_plan_of_a_caller(searched: Callable) -> None:
    trace = (Ran(step="route", by=CALLER),)
    update = await searched(web_plan("one"), Listed("a", {}), index_pages=3, trace=trace)
    assert "plan" not in update


@pytest.mark.parametrize("wrong", [{"since": "2024-02-01", "until": "2024-01-01"}, {"sites": ("no host",)}])
async def test_a_plan_whose_filters_are_none_is_refused(searched: Callable, wrong: dict[str, Any]) -> None:
    with pytest.raises(BadQuestion, match="the search"):
        await searched(web_plan("one", **wrong), Listed("a", {"one": []}))


async def test_a_search_that_found_nothing_is_an_answer(searched: Callable) -> None:
    update = await searched(web_plan("one"), Listed("a", {"one": []}))
    assert (update["hits"], update["notes"]) == ((), ("kept", "searched with a"))


async def test_a_search_ends_with_its_share_of_the_time_and_keeps_what_others_found(searched: Callable) -> None:
    update = await searched(web_plan("one", seconds=0.05), Silent("mute", {}))
    assert update["hits"] == ()
    assert {(row.provider, row.error) for row in update["searched"]} == {
        ("mute", "no answer while it was waited for"), ("all", "out of time"),
    }  # fmt: skip
    assert update["notes"][-1] == "no search provider answered: the web was not searched"


async def test_dates_language_and_sites_of_the_plan_reach_the_provider(searched: Callable) -> None:
    provider = Listed("a", {"one": ["http://a.test/1", "http://b.test/1"]})
    plan = web_plan("one", since="2026-03-01", until="2026-03-09", language="de", country="AT", sites=("b.test",))
    update = await searched(plan, provider)
    (filters,) = provider.asked
    assert (str(filters.since), str(filters.until)) == ("2026-03-01", "2026-03-09")
    assert (filters.language, filters.country, filters.sites) == ("de", "AT", ("b.test",))
    assert [hit.url for hit in update["hits"]] == ["http://b.test/1"]


async def test_five_hundred_hits_are_cut_to_what_a_question_can_use(searched: Callable) -> None:
    urls = [f"http://site-{number}.test/" for number in range(500)]
    update = await searched(web_plan("one", "two", "three"), Listed("a", dict.fromkeys(("one", "two", "three"), urls)))
    assert len(update["hits"]) == 20
    assert [row.hits for row in update["searched"]] == [20, 20, 20]


class Dated(Listed):
    """A provider that knows no page's date, and so finds nothing when it is asked for one."""

    async def search(self, query: str, *, limit: int = 10, filters: Filters | None = None) -> tuple[Hit, ...]:
        found = await super().search(query, limit=limit, filters=filters)
        return () if filters is not None and (filters.since or filters.until) else found


async def test_where_the_dates_leave_nothing_the_search_goes_on_without_them_and_says_so(searched: Callable) -> None:
    provider = Dated("a", {"one": ["http://a.test/1"]})
    update = await searched(web_plan("one", since="2026-03-01"), provider)
    assert [hit.url for hit in update["hits"]] == ["http://a.test/1"]
    assert [row.hits for row in update["searched"]] == [0, 1]
    assert update["notes"][-1] == "no page of the time asked about was found: searched without the dates"


async def test_dates_that_the_person_set_are_kept_to(searched: Callable) -> None:
    provider = Dated("a", {"one": ["http://a.test/1"]})
    update = await searched(web_plan("one", since="2026-03-01"), provider, since="2026-03-01")
    assert update["hits"] == ()
    assert len(provider.asked) == 1
    assert update["notes"] == ("kept", "searched with a")


async def test_a_provider_that_is_down_is_not_asked_again_without_the_dates(searched: Callable) -> None:
    provider = Dated("a", {})
    await searched(web_plan("one", since="2026-03-01"), provider)
    assert len(provider.asked) == 1
