"""Whose turn it is, as the server's own log has it."""

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from time import monotonic
from typing import Any

import pytest
from fontes.crawler import CrawlPolicy, Skipped, retry_after_s
from fontes.crawler.politeness import Hosts
from hypothesis import given
from hypothesis import strategies as st

SLACK_S = 0.002  # the log notes an end when the bytes are handed to the system, a moment before they are read


def gaps(log: list[Any]) -> list[float]:
    """Seconds between the end of one request and the start of the next."""
    return [after.started - before.ended[0] for before, after in pairwise(log)]


async def fetch_all(crawler: Any, urls: list[str]) -> list[bytes | Skipped]:
    return await asyncio.gather(*(crawler.body(url) for url in urls))


def put_pages(site: Any, number: int) -> None:
    for page in range(number):
        site.put(f"/{page}", site.article(f"Page {page}"))


async def test_requests_to_one_host_come_one_after_another_with_the_gap_between_end_and_start(site: Any) -> None:
    for page in range(4):
        site.put(f"/{page}", site.reply(site.article(), delay_s=0.03))
    async with site.crawler(gap_s=0.08) as crawler:
        await fetch_all(crawler, [f"http://one.example/{page}" for page in range(4)])
    assert len(site.asked()) == 4
    assert all(gap >= 0.08 - SLACK_S for gap in gaps(site.asked()))
    robots, first = site.log[:2]
    assert first.started - robots.ended[0] < 0.08  # robots.txt is not counted


async def test_a_name_with_and_without_a_final_dot_is_one_host(site: Any) -> None:
    put_pages(site, 2)
    async with site.crawler(gap_s=0.08) as crawler:
        await fetch_all(crawler, ["http://one.example/0", "http://one.example./1"])
    assert len(site.asked()) == 2
    assert all(gap >= 0.08 - SLACK_S for gap in gaps(site.asked()))


@pytest.mark.parametrize(("written", "gap_s", "expected_s"), [("0.1", 0.0, 0.1), ("0.02", 0.08, 0.08)])
async def test_the_larger_of_gap_and_crawl_delay_counts(
    site: Any, written: str, gap_s: float, expected_s: float
) -> None:
    site.robots(f"User-agent: *\nCrawl-delay: {written}")
    put_pages(site, 3)
    async with site.crawler(gap_s=gap_s) as crawler:
        await fetch_all(crawler, [f"http://one.example/{page}" for page in range(3)])
    assert all(expected_s - SLACK_S <= gap < expected_s + 0.9 for gap in gaps(site.asked()))


async def test_a_crawl_delay_that_comes_late_lengthens_the_gap_that_runs() -> None:
    hosts = Hosts(CrawlPolicy(gap_s=2.0))
    (await hosts.turn("one.example")).end()
    before = hosts.wait_s("one.example")
    hosts.obey_delay("one.example", 1.0)
    assert hosts.wait_s("one.example") == pytest.approx(before, abs=0.2)
    hosts.obey_delay("one.example", 5.0)
    assert hosts.wait_s("one.example") == pytest.approx(before + 3.0, abs=0.2)


async def test_redirects_keep_to_the_gap_too(site: Any) -> None:
    site.put("/0", site.reply(status=302, headers=(("Location", "/1"),)))
    site.put("/1", site.article())
    async with site.crawler(gap_s=0.08) as crawler:
        await crawler.body("http://one.example/0")
    assert gaps(site.asked())[0] >= 0.08 - SLACK_S


async def test_a_second_try_keeps_to_the_gap_and_a_closed_connection_is_no_second_request(site: Any) -> None:
    async def hang_up(_: Any, writer: asyncio.StreamWriter) -> None:
        writer.close()

    site.put("/0", site.article())
    site.put("/1", [hang_up, site.reply(site.article())])
    async with site.crawler(gap_s=0.15) as crawler:
        first, second = [await crawler.body(f"http://one.example/{page}") for page in (0, 1)]
    assert isinstance(first, bytes)
    assert isinstance(second, bytes)
    assert [asked.path for asked in site.asked()] == ["/0", "/1", "/1"]
    assert all(gap >= 0.15 - SLACK_S for gap in gaps(site.asked()))


async def test_retry_after_in_seconds_is_waited_for(site: Any) -> None:
    site.put("/0", [site.reply(status=503, headers=(("Retry-After", "1"),)), site.reply(site.article())])
    site.put("/1", site.article())
    async with site.crawler() as crawler:
        outcomes = await fetch_all(crawler, ["http://one.example/0", "http://one.example/1"])
    assert all(isinstance(outcome, bytes) for outcome in outcomes)
    assert gaps(site.asked())[0] >= 1.0 - SLACK_S


async def test_retry_after_as_a_date_is_waited_for(site: Any) -> None:
    at = datetime.now(UTC) + timedelta(seconds=2)
    headers = (("Retry-After", format_datetime(at, usegmt=True)),)
    site.put("/0", [site.reply(status=429, headers=headers), site.reply(site.article())])
    async with site.crawler() as crawler:
        outcome = await crawler.body("http://one.example/0")
    assert isinstance(outcome, bytes)
    assert datetime.now(UTC) >= at.replace(microsecond=0)
    assert len(site.asked()) == 2


async def test_a_long_retry_after_is_not_sat_out_but_said(site: Any) -> None:
    site.put("/0", site.reply(status=503, headers=(("Retry-After", "3600"),)))
    site.put("/1", site.article())
    async with site.crawler(max_wait_s=5) as crawler:
        outcomes = [await crawler.body(f"http://one.example/{page}") for page in (0, 1)]
        elsewhere = await crawler.body("http://two.example/1")
    assert [outcome.reason for outcome in outcomes] == ["http_status", "budget"]
    assert outcomes[1].detail.startswith("one.example asks to be left alone for another 3,")
    assert isinstance(elsewhere, bytes)
    assert len(site.asked(host="one.example")) == 1


async def test_a_long_crawl_delay_lets_one_page_through_and_says_why_not_more(site: Any) -> None:
    site.robots("User-agent: *\nCrawl-delay: 600")
    put_pages(site, 3)
    async with site.crawler(max_wait_s=5) as crawler:
        outcomes = await fetch_all(crawler, [f"http://one.example/{page}" for page in range(3)])
    assert sorted(o.reason if isinstance(o, Skipped) else "page" for o in outcomes) == ["budget", "budget", "page"]


async def test_robots_txt_itself_heeds_retry_after(site: Any) -> None:
    site.put("/robots.txt", site.reply(status=503, headers=(("Retry-After", "3600"),)))
    async with site.crawler() as crawler:
        outcomes = [await crawler.body(f"http://one.example/{page}") for page in range(3)]
    assert {outcome.reason for outcome in outcomes} <= {"robots", "budget"}
    assert len(site.log) == 1


async def test_a_site_that_slows_down_is_asked_more_slowly_and_faster_again_when_it_has_recovered() -> None:
    hosts = Hosts(CrawlPolicy(gap_s=0.0))
    turn = await hosts.turn("one.example")
    turn.answered(8.0)
    turn.is_whole = True
    turn.end()
    slow = hosts.wait_s("one.example")
    assert slow == pytest.approx(8.0, abs=0.2)
    hosts._hosts["one.example"].free_at = 0.0  # the pause is over
    for _ in range(20):
        turn = await hosts.turn("one.example", counted=False)
        turn.answered(0.1)
        turn.is_whole = True
        turn.end()
    turn = await hosts.turn("one.example")
    turn.is_whole = True
    turn.end()
    assert hosts.wait_s("one.example") < 0.1


async def test_after_a_request_that_was_given_up_the_gap_is_twice_as_long() -> None:
    hosts = Hosts(CrawlPolicy(gap_s=0.8))
    (await hosts.turn("one.example")).end()
    assert hosts.wait_s("one.example") == pytest.approx(1.6, abs=0.1)
    whole = await hosts.turn("two.example")
    whole.is_whole = True
    whole.end()
    assert hosts.wait_s("two.example") == pytest.approx(0.8, abs=0.1)


async def test_a_retry_after_that_was_on_its_way_is_heard_though_nobody_waits_for_the_answer(site: Any) -> None:
    asked, given_up = asyncio.Event(), asyncio.Event()

    async def busy(_: Any, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await given_up.wait()
        writer.write(b"HTTP/1.1 429 X\r\nRetry-After: 40\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    site.put("/busy", busy)
    async with site.crawler(max_wait_s=30) as crawler:
        call = asyncio.create_task(crawler.fetch("http://one.example/busy"))
        await asked.wait()
        call.cancel()
        await asyncio.wait([call])
        given_up.set()
        later = await crawler.fetch("http://one.example/")
    assert call.cancelled()
    assert (later.reason, len(site.asked())) == ("budget", 1)


async def test_a_redirect_may_ask_for_a_pause_before_its_target(site: Any) -> None:
    onward = (("Location", "http://two.example/b"), ("Retry-After", "1"))
    site.put("/a", site.reply(status=302, headers=onward))
    site.put("/b", site.article())
    async with site.crawler() as crawler:
        await crawler.fetch("http://one.example/a")
    first, second = site.asked("/a")[0], site.asked("/b")[0]
    assert second.started - first.ended[0] >= 1.0


async def test_a_request_that_times_out_counts_as_slow(site: Any) -> None:
    site.put("/0", site.reply(site.article(), delay_s=5))
    async with site.crawler(first_byte_s=1.05, max_wait_s=1) as crawler:
        slow = await crawler.body("http://one.example/0")
        refused = await crawler.body("http://one.example/0")
    assert (slow.reason, refused.reason) == ("timeout", "budget")


async def test_no_more_requests_are_under_way_than_allowed(site: Any) -> None:
    for host in range(12):
        site.put("/0", site.reply(site.article(), delay_s=0.02), host=f"h{host}.example")
    async with site.crawler(concurrency=3) as crawler:
        outcomes = await fetch_all(crawler, [f"http://h{host}.example/0" for host in range(12)])
    assert all(isinstance(outcome, bytes) for outcome in outcomes)
    moments = sorted([(a.started, 1) for a in site.log] + [(a.ended[0], -1) for a in site.log])
    under_way, most = 0, 0
    for _, change in moments:
        under_way += change
        most = max(most, under_way)
    assert most <= 3


async def test_a_slow_host_with_a_long_queue_keeps_no_other_waiting(site: Any) -> None:
    for page in range(8):
        site.put(f"/{page}", site.reply(site.article(), delay_s=0.05))
    urls = [f"http://one.example/{page}" for page in range(8)]
    async with site.crawler(gap_s=0.1, concurrency=2) as crawler:
        slow = asyncio.create_task(fetch_all(crawler, urls))
        await fetch_all(crawler, [f"http://h{host}.example/0" for host in range(6)])
        assert not slow.done()
        await slow
    last_other = max(asked.started for asked in site.asked() if asked.host != "one.example")
    assert len([asked for asked in site.asked(host="one.example") if asked.started < last_other]) < 6


async def test_who_stops_waiting_frees_the_place(site: Any) -> None:
    put_pages(site, 3)
    async with site.crawler(gap_s=0.5) as crawler:
        await crawler.body("http://one.example/0")
        waiting = asyncio.create_task(crawler.body("http://one.example/1"))
        behind = asyncio.create_task(crawler.body("http://one.example/2"))
        while not any("pausing" in what for _, what in crawler.host_states()):
            await asyncio.sleep(0)
        waiting.cancel()
        assert isinstance(await behind, bytes)
    assert [asked.path for asked in site.asked()] == ["/0", "/2"]
    assert 0.5 - SLACK_S <= gaps(site.asked())[0] < 0.95


async def test_a_turn_is_ended_once_however_often_it_is_said() -> None:
    hosts = Hosts(CrawlPolicy(gap_s=0.0, concurrency=1))
    turn = await hosts.turn("one.example")
    turn.end()
    turn.end()
    first = await hosts.turn("one.example")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await hosts.turn("two.example")
    first.end()
    (await hosts.turn("two.example")).end()


async def test_hosts_long_idle_are_forgotten_and_those_that_count_are_not() -> None:
    hosts = Hosts(CrawlPolicy(gap_s=0.0))
    busy = await hosts.turn("busy.example")
    hosts.hold("held.example", 30.0)
    for number in range(2_500):
        (await hosts.turn(f"h{number}.example")).end()
        hosts._hosts[f"h{number}.example"].free_at = 1.0  # long ago
    assert len(hosts._hosts) <= 2_001
    assert {"busy.example", "held.example"} <= set(hosts._hosts)
    busy.end()
    assert hosts.wait_s("held.example") > 25


@given(st.integers(0, 2**32))
async def test_never_two_at_once_whatever_the_order_of_cancellations_and_ends(seed: int) -> None:
    dice = random.Random(seed)
    gap_s, slots = dice.choice([0.0, 0.0005]), dice.randint(1, 4)
    hosts = Hosts(CrawlPolicy(gap_s=gap_s, concurrency=slots))
    at_work: Counter[str] = Counter()
    ended: dict[str, float] = {}

    async def one(host: str, counted: bool, naps: int) -> None:
        turn = await hosts.turn(host, counted=counted)
        try:
            at_work[host] += 1
            assert at_work[host] == 1
            assert at_work.total() <= slots
            if counted:
                assert monotonic() - ended.get(host, 0.0) >= gap_s
            for _ in range(naps):
                await asyncio.sleep(0)
        finally:
            at_work[host] -= 1
            if counted:
                ended[host] = monotonic()
            turn.is_whole = True
            turn.end()

    calls = [asyncio.create_task(one(dice.choice("abc"), dice.random() < 0.8, dice.randint(0, 5))) for _ in range(20)]
    for call in calls:
        if dice.random() < 0.3:
            for _ in range(dice.randint(0, 4)):
                await asyncio.sleep(0)
            call.cancel()
    done = await asyncio.gather(*calls, return_exceptions=True)
    assert not [error for error in done if isinstance(error, Exception)]
    assert hosts.states() == ()
    async with asyncio.timeout(1):  # every slot and every host is free again
        turns = [await hosts.turn(f"free{number}") for number in range(slots)]
    for turn in turns:
        turn.end()


@pytest.mark.slow
async def test_a_hostile_web_finds_no_two_requests_at_once_and_no_gap_too_short(site: Any) -> None:
    dice = random.Random(9309)

    def sending(said: bytes) -> Any:
        async def write(_: Any, writer: asyncio.StreamWriter) -> None:
            writer.write(said)
            await writer.drain()

        return write

    ok = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
    replies = [
        site.reply(site.article()), site.reply(site.article(), delay_s=0.004), site.reply(status=500),
        site.reply(status=503, headers=(("Retry-After", "0"),)), site.reply(status=302, headers=(("Location", "/1"),)),
        site.reply(status=302, headers=(("Location", "http://h1.example/2"),)), sending(b""),
        sending(b"no http\r\n\r\n"), sending(ok + b"Content-Length: 99\r\n\r\n<p>"),
        sending(ok + b"Content-Length: 2\r\n\r\n<p>" + ok + b"\r\n"),
        sending(ok + b"Connection: keep-alive\r\nContent-Length: 3\r\n\r\n<p>"),
    ]  # fmt: skip
    for page in range(25):
        site.put(f"/{page}", dice.choice(replies))
    site.robots("User-agent: *\nCrawl-delay: 0.03", host="h0.example")
    urls = [f"http://h{dice.randrange(6)}.example/{dice.randrange(25)}" for _ in range(240)]
    async with site.crawler(gap_s=0.01, concurrency=4) as crawler:
        calls = [asyncio.create_task(crawler.body(url)) for url in urls]
        for call in dice.sample(calls, 40):
            await asyncio.sleep(0.001)
            call.cancel()
        done = await asyncio.gather(*calls, return_exceptions=True)
    assert not [outcome for outcome in done if isinstance(outcome, Exception)]
    for host in range(6):
        log = site.asked(host=f"h{host}.example")
        assert len(log) > 15
        assert min(gaps(log)) >= (0.03 if not host else 0.01) - SLACK_S


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120.0), (" 5 ", 5.0), ("0", 0.0), ("-5", None), ("1.5", 1.5), ("30, 120", 120.0), ("", None),
     ("soon", None), ("٣", None),
     ("9" * 400, 999_999_999.0), ("Fri, 01 May 2026 12:00:30 GMT", 30.0), ("Friday, 01-May-26 12:00:30 GMT", 30.0),
     ("Fri May  1 12:00:30 2026", 30.0), ("Thu, 30 Apr 2026 12:00:00 GMT", 0.0), ("Fri, 99 Foo 2026", None)],
)  # fmt: skip
def test_retry_after_is_read_in_both_forms(value: str, seconds: float | None) -> None:
    assert retry_after_s(value, now=datetime(2026, 5, 1, 12, tzinfo=UTC)) == seconds


@given(st.one_of(st.text(), st.from_regex(r"\w{3}, \d{1,4} \w{3} \d{1,6} \d\d:\d\d:\d\d [+-]?\w{1,5}")))
def test_any_retry_after_is_a_number_of_seconds_or_says_nothing(value: str) -> None:
    assert (retry_after_s(value) or 0.0) >= 0
