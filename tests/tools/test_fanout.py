"""Several providers at once: who is asked, who stands in for whom, and what becomes of their hits."""

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from fontes.tools import (
    ANY,
    BadAnswer,
    FanOut,
    Filters,
    Hit,
    KeyMissing,
    KeyRefused,
    LimitReached,
    QuotaSpent,
    Search,
    Searched,
    SearchError,
    ServiceDown,
)


class Scripted:
    """A provider of one's own: gives its answers in turn, the last one for good. An answer is hits, an error to raise,
    or an event to wait for first."""

    honours: frozenset[str] = frozenset()

    def __init__(self, name: str, *answers: Any) -> None:
        self.name, self.answers, self.asked = name, list(answers), list[tuple[str, int, Filters]]()

    async def search(self, query: str, *, limit: int = 10, filters: Filters = ANY) -> tuple[Hit, ...]:
        self.asked.append((query, limit, filters))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, asyncio.Event):
            await answer.wait()
            return ()
        if isinstance(answer, Callable):
            raise answer(self.name, query)
        return tuple(
            Hit(url=url, title=url, snippet="", provider=self.name, rank=rank, published=published)
            for rank, (url, published) in enumerate(answer, start=1)
        )


def found(*urls: str) -> list[tuple[str, str]]:
    return [(f"https://{url}" if "://" not in url else url, "") for url in urls]


def down(provider: str, query: str) -> SearchError:
    return ServiceDown(provider, query, "it is down")


def limited(provider: str, query: str) -> SearchError:
    return LimitReached(provider, query, "slow down", 30.0)


async def urls(fan: Search, query: str = "q", **more: Any) -> list[str]:
    return [hit.url.removeprefix("https://") for hit in await fan.search(query, **more)]


def test_it_is_a_search_provider_itself() -> None:
    fan: Search = FanOut([Scripted("a", [])])
    assert fan.honours == {"sites", "not_sites"}


def test_it_honours_what_all_its_providers_honour() -> None:
    one, other = Scripted("a", []), Scripted("b", [])
    one.honours, other.honours = frozenset({"since", "language"}), frozenset({"since", "safe"})
    assert FanOut([one, other]).honours == {"since", "sites", "not_sites"}


@pytest.mark.parametrize(("providers", "more"), [([], {}), ([Scripted("a", [])], {"width": 0})])
def test_without_providers_there_is_no_fan_out(providers: list[Scripted], more: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"at least one provider"):
        FanOut(providers, **more)


def test_a_list_of_domains_that_holds_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a site is a domain, as `example.org`, not 'https://a.org/x'"):
        FanOut([Scripted("a", [])], deny=["https://a.org/x"])


async def test_hits_of_several_are_merged_by_reciprocal_rank() -> None:
    one = Scripted("one", found("x.org/1", "x.org/2", "both.org/"))
    other = Scripted("other", found("y.org/1", "both.org/", "y.org/2"))
    hits = await FanOut([one, other]).search("q")
    assert [hit.url for hit in hits] == [
        "https://both.org/", "https://x.org/1", "https://y.org/1", "https://x.org/2", "https://y.org/2",
    ]  # fmt: skip
    assert [hit.rank for hit in hits] == [1, 2, 3, 4, 5]
    assert (hits[0].provider, hits[0].providers) == ("other", ("other", "one"))
    assert (hits[1].provider, hits[1].providers) == ("one", ("one",))


async def test_spellings_of_one_page_are_one_hit() -> None:
    one = Scripted("one", found("a.org/x?utm_source=n", "A.org:443/x#top", "b.org/"))
    other = Scripted("other", found("b.org/", "https://a.org/%78"))
    hits = await FanOut([one, other]).search("q")
    assert [(hit.url, hit.providers) for hit in hits] == [
        ("https://a.org/x", ("one", "other")), ("https://b.org/", ("other", "one")),
    ]  # fmt: skip


async def test_a_date_that_only_one_knows_is_kept() -> None:
    fan = FanOut([Scripted("one", [("https://a.org/", "")]), Scripted("other", [("https://a.org/", "2024-05-01")])])
    (hit,) = await fan.search("q")
    assert hit.published == "2024-05-01"


async def test_hits_that_are_no_web_addresses_are_left_out() -> None:
    assert await urls(FanOut([Scripted("own", found("javascript://x", "ftp://a.org/", "a.org/"))])) == ["a.org/"]


async def test_the_limit_bounds_the_merged_hits_and_is_passed_on() -> None:
    one = Scripted("one", found(*(f"a{n}.org/" for n in range(60))))
    fan = FanOut([one])
    assert len(await fan.search("q", limit=3)) == 3
    assert len(await fan.search("q", limit=99)) == 50
    assert [limit for _, limit, _ in one.asked] == [3, 50]
    assert await fan.search("q", limit=0) == await fan.search("  ") == ()
    assert len(one.asked) == 2


async def test_only_the_first_are_asked_while_they_answer() -> None:
    providers = [Scripted(name, found(f"{name}.org/")) for name in "abcd"]
    assert await urls(FanOut(providers, width=2)) == ["a.org/", "b.org/"]
    assert [len(provider.asked) for provider in providers] == [1, 1, 0, 0]


@pytest.mark.parametrize("answer", [down, limited, []])
async def test_one_that_fails_or_finds_nothing_is_replaced_by_the_next_in_line(answer: Any) -> None:
    providers = [Scripted("a", answer), Scripted("b", found("b.org/")), Scripted("c", found("c.org/"))]
    merged = await FanOut(providers, width=1).gather("q")
    assert [hit.provider for hit in merged.hits] == ["b"]
    assert [(row.provider, row.hits, type(row.error)) for row in merged.searched] == [
        ("a", 0, type(answer("a", "q")) if callable(answer) else type(None)), ("b", 1, type(None)),
    ]  # fmt: skip
    assert not merged.failed
    assert not providers[2].asked


async def test_when_all_fail_each_ones_reason_is_told() -> None:
    fan = FanOut([Scripted("a", down), Scripted("b", limited), Scripted("c", down)], width=2)
    with pytest.raises(
        SearchError, match=r"fanout could not search for 'q'.*a: it is down.*b: slow down.*c: it is down"
    ):
        await fan.search("q")


async def test_a_failed_round_has_its_rows_too() -> None:
    merged = await FanOut([Scripted("a", down)]).gather("q")
    assert (merged.hits, merged.failed, [row.provider for row in merged.searched]) == ((), True, ["a"])


async def test_nothing_found_by_anyone_is_no_failure() -> None:
    assert await FanOut([Scripted("a", []), Scripted("b", down)]).search("q") == ()


async def test_whoever_limited_is_left_alone_until_its_time_has_passed() -> None:
    now = 1000.0
    shy = Scripted("shy", limited, found("shy.org/"))
    fan = FanOut([shy, Scripted("b", found("b.org/"))], width=1, clock=lambda: now)
    assert await urls(fan) == ["b.org/"]
    now += 29.0
    merged = await fan.gather("q")
    assert len(shy.asked) == 1
    assert isinstance(merged.searched[0].error, LimitReached)
    assert "another 1 s" in str(merged.searched[0].error)
    now += 2.0
    assert await urls(fan) == ["shy.org/"]


@pytest.mark.parametrize("kind", [LimitReached, QuotaSpent, KeyRefused])
async def test_a_pause_of_untold_length_is_a_minute(kind: type[SearchError]) -> None:
    now = 1000.0
    shy = Scripted("shy", lambda provider, query: kind(provider, query, "no"))
    fan = FanOut([shy], clock=lambda: now)
    for seconds, asked in ((0, 1), (59, 1), (2, 2)):
        now += seconds
        assert (await fan.gather("q")).failed
        assert len(shy.asked) == asked


@pytest.mark.parametrize("kind", [ServiceDown, BadAnswer, KeyMissing])
async def test_other_failures_bring_no_pause(kind: type[SearchError]) -> None:
    flaky = Scripted("flaky", lambda provider, query: kind(provider, query, "no"), found("a.org/"))
    fan = FanOut([flaky])
    assert (await fan.gather("q")).failed
    assert await urls(fan) == ["a.org/"]


async def test_progress_is_told_first_come_first() -> None:
    hold = asyncio.Event()
    told: list[tuple[str, int]] = []

    def progress(row: Searched, hits: tuple[Hit, ...]) -> None:
        told.append((row.provider, len(hits)))
        hold.set()

    fan = FanOut([Scripted("slow", hold), Scripted("quick", found("a.org/", "b.org/"))])
    merged = await fan.gather("q", progress=progress)
    assert told == [("quick", 2), ("slow", 0)]
    assert [(row.provider, row.query) for row in merged.searched] == [("quick", "q"), ("slow", "q")]
    assert all(row.seconds >= 0 for row in merged.searched)


async def test_a_slow_one_is_not_waited_for_when_hits_are_here() -> None:
    fan = FanOut([Scripted("stuck", asyncio.Event()), Scripted("quick", found("a.org/"))], grace_s=0.05)
    merged = await fan.gather("q")
    assert [hit.provider for hit in merged.hits] == ["quick"]
    (row,) = [row for row in merged.searched if row.provider == "stuck"]
    assert isinstance(row.error, ServiceDown)


async def test_when_nobody_answers_in_time_the_round_has_failed() -> None:
    fan = FanOut([Scripted("stuck", asyncio.Event()), Scripted("stuck too", asyncio.Event())], deadline_s=0.05)
    with pytest.raises(SearchError, match=r"(stuck|stuck too): no answer while it was waited for; stuck.*: no answer"):
        await fan.search("q")


async def test_a_cancelled_round_is_cancelled() -> None:
    task = asyncio.ensure_future(FanOut([Scripted("stuck", asyncio.Event())]).gather("q"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_hosts_are_admitted_by_filters_and_by_the_lists() -> None:
    everything = found("a.org/", "docs.a.org/", "nota.org/", "b.org/", "c.org/")
    one = Scripted("one", everything)
    assert await urls(FanOut([one]), filters=Filters(sites=("a.org",))) == ["a.org/", "docs.a.org/"]
    assert await urls(FanOut([one]), filters=Filters(not_sites=("a.org", "b.org"))) == ["nota.org/", "c.org/"]
    assert await urls(FanOut([one], deny=["*.a.org", "C.org"])) == ["nota.org/", "b.org/"]
    assert await urls(FanOut([one], allow=["b.org", "c.org"], deny=["c.org"])) == ["b.org/"]


async def test_one_host_gets_so_many_places_unless_it_was_asked_for() -> None:
    one = Scripted("one", found("a.org/1", "www.a.org/2", "a.org/3", "b.org/1", "a.org/4"))
    fan = FanOut([one], per_domain=2)
    assert await urls(fan) == ["a.org/1", "www.a.org/2", "b.org/1"]
    assert len(await urls(fan, filters=Filters(sites=("a.org",)))) == 4


async def test_when_a_time_is_asked_for_dated_pages_move() -> None:
    dates = ("2019-01-01", "", "2024-05-02", "2024-05", "2024", "2023", "no date", "2024-06-01")
    one = Scripted("one", [(f"https://a.org/{number}", published) for number, published in enumerate(dates)])
    window = Filters(since=date(2024, 5, 1), until=date(2024, 5, 31))
    assert await urls(FanOut([one])) == [f"a.org/{number}" for number in range(8)]
    assert await urls(FanOut([one]), filters=window) == [f"a.org/{number}" for number in (2, 3, 4, 1, 6, 0, 5, 7)]
    assert await urls(FanOut([one]), filters=Filters(since=date(2024, 5, 3))) == [
        f"a.org/{number}" for number in (3, 4, 7, 1, 6, 0, 2, 5)
    ]
