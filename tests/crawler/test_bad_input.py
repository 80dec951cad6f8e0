"""What the web does to a crawler, from a real server: each ends as a page or a typed reason, soon, in little memory."""

import asyncio
import gc
import itertools
import logging
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from time import monotonic
from typing import Any

import pytest
from fontes.crawler import SKIP_REASONS, Crawler, Page, Skipped
from fontes.crawler.visit import Visit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.slow  # whole processes or many seconds of waiting

URL = "http://one.example/a"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
QUICK: dict[str, Any] = {"attempts": 1, "connect_s": 0.6, "first_byte_s": 0.6, "total_s": 0.9, "max_bytes": 2_000_000}


@pytest.fixture(autouse=True)
def _nothing_is_lost_in_the_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No task's exception goes unseen, and nothing is left open for the garbage collector to complain of."""
    yield
    gc.collect()
    assert not [r.getMessage() for r in caplog.records if r.name == "asyncio" and r.levelno >= logging.WARNING]


def raw(*parts: bytes, then: str = "close") -> Callable[[Any, asyncio.StreamWriter], Any]:
    """A server that writes these bytes, and then closes, resets or holds the connection."""

    async def write(_: Any, writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()
        if then == "reset":
            writer.transport.abort()
        if then == "hold":
            await asyncio.sleep(60)

    return write


def endless(head: bytes, *parts: bytes, pause_s: float = 0.0) -> Callable[[Any, asyncio.StreamWriter], Any]:
    """A server that goes on until the other side hangs up."""

    async def write(_: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        for part in itertools.cycle(parts):
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause_s)

    return write


async def met(site: Any, reply: Any, url: str = URL, **changes: Any) -> Visit:
    """The visit to a URL whose server answers so; it ends in little more than the time allowed."""
    site.put("/a", reply)
    async with site.crawler(**QUICK | changes) as crawler:
        started = monotonic()
        visit = await crawler.visit(url)
        assert monotonic() - started < 10
        assert crawler.host_states() == ()
    if isinstance(visit.outcome, Skipped):
        assert visit.outcome.reason in SKIP_REASONS
        assert 0 < len(visit.outcome.detail) <= 420
        assert visit.outcome.detail.isprintable()
    return visit


def ending(visit: Visit) -> str:
    return visit.outcome.reason if isinstance(visit.outcome, Skipped) else "page"


NO_HTTP = {
    "nothing": raw(),
    "a reset": raw(then="reset"),
    "zeros and ones": raw(bytes(range(256)) * 4),
    "another protocol": raw(b"SSH-2.0-OpenSSH_9.6\r\n"),
    "a page without a head": raw(b"<html><body>HTTP/0.9 had no head</body></html>"),
    "half a head": raw(OK),
    "half a status line": raw(b"HTTP/1."),
    "a status of two digits": raw(b"HTTP/1.1 20 OK\r\n\r\nx"),
    "a status of words": raw(b"HTTP/1.1 fine OK\r\n\r\nx"),
    "a version of its own": raw(b"HTTP/9.9 200 OK\r\n\r\nx"),
    "a header of one megabyte": raw(OK + b"X: " + b"y" * 1_000_000 + b"\r\n\r\nx"),
    "ten thousand headers": raw(OK + b"".join(b"X-%d: y\r\n" % n for n in range(10_000)) + b"\r\nx"),
    "a header without a colon": raw(OK + b"no colon here\r\n\r\nx"),
    "a header with a NUL": raw(OK + b"X: a\0b\r\n\r\nx"),
    "two lengths": raw(OK + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcde"),
    "a negative length": raw(OK + b"Content-Length: -3\r\n\r\nabc"),
    "a length in words": raw(OK + b"Content-Length: three\r\n\r\nabc"),
    "a length and chunks": raw(OK + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"),
}


@pytest.mark.parametrize("name", NO_HTTP)
async def test_what_is_no_http_is_a_failure_of_the_network(site: Any, name: str) -> None:
    visit = await met(site, NO_HTTP[name])
    assert ending(visit) == "network"
    assert "no valid HTTP" in visit.outcome.detail or "closed the connection" in visit.outcome.detail
    assert visit.seconds < 5


BROKEN_OFF = {
    "a length that is too long": raw(OK + b"Content-Length: 900\r\n\r\n<p>Not 900 bytes"),
    "a reset in the body": raw(OK + b"Content-Length: 900\r\n\r\n<p>Not", then="reset"),
    "chunks without an end": raw(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n"),
    "a chunk cut off": raw(OK + b"Transfer-Encoding: chunked\r\n\r\nff\r\nabcde"),
    "a chunk size in words": raw(OK + b"Transfer-Encoding: chunked\r\n\r\nfive\r\nabcde\r\n0\r\n\r\n"),
    "a negative chunk size": raw(OK + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nabcde\r\n0\r\n\r\n"),
    "a chunk longer than its size": raw(OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\nabcde\r\n0\r\n\r\n"),
    "a chunk size without end": raw(OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 40 + b"\r\nabc"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN_OFF)
async def test_a_body_that_breaks_off_is_no_page(site: Any, name: str) -> None:
    visit = await met(site, BROKEN_OFF[name])
    assert ending(visit) == "network"


SLOW = {
    "silence": raw(then="hold"),
    "half a head": raw(OK, then="hold"),
    "a head that drips": endless(OK, b"X-Y: z\r\n", pause_s=0.02),
    "a flood of informational answers": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n", pause_s=0.002),
    "a body that drips": endless(OK + b"Content-Length: 900000\r\n\r\n", b"<p>", pause_s=0.02),
    "a body that stops": raw(OK + b"Content-Length: 900\r\n\r\n<p>", then="hold"),
    "chunks that drip": endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n", pause_s=0.02),
}


@pytest.mark.parametrize("name", SLOW)
async def test_what_takes_too_long_is_given_up_in_time(site: Any, name: str) -> None:
    visit = await met(site, SLOW[name], first_byte_s=0.25, total_s=0.4)
    assert ending(visit) in {"timeout", "network"} if "head that" in name else ending(visit) == "timeout"
    assert visit.seconds < 3


async def test_a_head_as_slow_as_allowed_leaves_the_body_the_rest_of_the_time(site: Any) -> None:
    visit = await met(site, site.reply(site.article(), delay_s=0.3))
    assert ending(visit) == "page"


BOMB = zlib.compressobj(9, wbits=31)
BOMB_PART = BOMB.compress(bytes(50_000_000)) + BOMB.flush(zlib.Z_SYNC_FLUSH)
LARGE = {
    "a body without end": endless(OK + b"\r\n", b"<p>one more</p>" * 4_000),
    "chunks without end": endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"ffff\r\n" + b"y" * 0xFFFF + b"\r\n"),
    "a length over the limit": raw(OK + b"Content-Length: 99000000000000\r\n\r\n<p>", then="hold"),
    "a bomb": endless(OK + b"Content-Encoding: gzip\r\n\r\n", BOMB_PART),
}


@pytest.mark.parametrize("name", LARGE)
async def test_what_is_too_large_is_left_where_the_limit_is(site: Any, name: str) -> None:
    tracemalloc.start()
    visit = await met(site, LARGE[name], total_s=5.0)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert ending(visit) == "too_large"
    assert peak < 12_000_000


async def test_a_length_that_is_too_short_does_not_poison_the_next_answer(site: Any) -> None:
    smuggled = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%b"
    evil = site.article("Evil")
    site.put("/a", raw(OK + b"Content-Length: 5\r\n\r\nhello" + smuggled % (len(evil), evil), then="hold"))
    site.put("/b", site.article("Good"))
    async with site.crawler(**QUICK) as crawler:
        await crawler.visit(URL)
        page = await crawler.fetch("http://one.example/b")
    assert isinstance(page, Page)
    assert page.title == "Good"


@pytest.mark.parametrize("status", [204, 205, 200])
async def test_an_answer_without_a_body_is_empty(site: Any, status: int) -> None:
    head = b"HTTP/1.1 %d X\r\nContent-Type: text/html\r\n" % status
    visit = await met(site, raw(head + (b"\r\n" if status == 204 else b"Content-Length: 0\r\n\r\n")))
    assert (ending(visit), visit.status) == ("empty", status)


async def test_early_hints_trailers_and_extensions_of_chunks_do_no_harm(site: Any) -> None:
    body = site.article()
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n" * 3
    head = OK + b"Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
    chunks = b"%x;name=value\r\n%b\r\n0\r\nX-Sum: 12\r\nSet-Cookie: a=b\r\n\r\n" % (len(body), body)
    assert ending(await met(site, raw(hints + head + chunks))) == "page"


async def test_an_answer_that_ends_with_the_connection_is_whole(site: Any) -> None:
    assert ending(await met(site, raw(b"HTTP/1.0 200\r\nContent-Type: text/html\r\n\r\n" + site.article()))) == "page"


@pytest.mark.parametrize("status", [301, 404, 500])
async def test_the_body_of_what_is_no_page_can_do_no_harm(site: Any, status: int) -> None:
    site.put("/b", site.article())
    head = b"HTTP/1.1 %d X\r\nLocation: /b\r\nContent-Encoding: gzip\r\n" % status
    for reply in (
        raw(head + b"Content-Length: 90000\r\n\r\nno gzip", then="hold"),
        raw(head + b"Content-Length: 90000\r\n\r\nno gzip"),
        endless(head + b"\r\n", bytes(60_000)),
    ):
        visit = await met(site, reply)
        assert ending(visit) == ("page" if status == 301 else "http_status")


LOCATIONS = {
    b"/b\x01\x02": "page", b"/b\x01/\x02": "http_status", b"/b\xff\xfe": "http_status", b"/\xfc": "http_status",
    "/ü".encode(): "http_status", b"/b c": "http_status", b"\t/b ": "page", b"b": "page", b"?q": "page",
    b"//two.example/b": "page",
    b"": "http_status",
    b"/\\two.example/b": "page", b"http:/b": "page", b"https:b": "blocked_address", b"http:///b": "blocked_address",
    b"//user@two.example/b": "blocked_address", b"http://u:p@two.example/": "blocked_address",
    b"\x1b[31m://x": "http_status", b"http://[::1]/": "blocked_address", b"http://0x7f.1/": "blocked_address",
    b"data:text/html,hi": "blocked_address", b"javascript:alert(1)": "blocked_address",
    b"ftp://two.example/": "blocked_address",
    b"http://\xff\xff/": "blocked_address", b"http://two.example:99999/": "blocked_address", b"#top": "http_status",
    b"/" + b"b" * 20_000: "http_status", b"http://" + b"a" * 300 + b"/": "blocked_address",
}  # fmt: skip


@pytest.mark.parametrize("location", LOCATIONS, ids=lambda location: repr(location[:30]))
async def test_a_redirect_goes_where_a_browser_would_or_nowhere(site: Any, location: bytes) -> None:
    head = b"HTTP/1.1 302 X\r\nContent-Length: 0\r\nConnection: close\r\nLocation: "
    site.put("/b", site.article())
    site.put("/a?q", site.article())
    visit = await met(site, raw(head + location + b"\r\n\r\n"))
    assert (ending(visit), location) == (LOCATIONS[location], location)


async def test_a_circle_of_redirects_is_seen(site: Any) -> None:
    site.put("/b", site.reply(status=301, headers=(("Location", "/a"),)))
    visit = await met(site, site.reply(status=301, headers=(("Location", "/b"),)))
    assert (ending(visit), "in a circle" in visit.outcome.detail) == ("http_status", True)


@pytest.mark.parametrize("path", ["/" + "x" * 100_000, "/?" + "%20" * 30_000])
async def test_urls_longer_than_any_server_takes_are_not_asked_for(site: Any, path: str) -> None:
    visit = await met(site, site.article(), url="http://one.example" + path)
    assert (ending(visit), visit.outcome.detail) == ("blocked_address", "it cannot be asked for (URL too long)")


@pytest.mark.parametrize("path", ["/" + "x" * 60_000, "/?" + "%20" * 20_000, "/ä ö?ü=ß#ä", "/\U0001f30d/\u202e"])
async def test_long_and_strange_urls_are_asked_for(site: Any, path: str) -> None:
    visit = await met(site, site.article(), url="http://one.example" + path)
    assert ending(visit) == "http_status"
    assert len(site.asked()) == 1


async def test_a_robots_txt_of_five_megabytes_is_read_as_far_as_it_counts(site: Any) -> None:
    site.robots(b"User-agent: *\nDisallow: /a\n" + b"Disallow: /b*c*d*e\n" * 260_000 + b"Disallow: /\n")
    tracemalloc.start()
    visit = await met(site, site.article())
    async with site.crawler(**QUICK) as crawler:
        assert isinstance(await crawler.fetch("http://one.example/fine"), Skipped)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert ending(visit) == "robots"
    assert [asked.path for asked in site.log] == ["/robots.txt", "/robots.txt", "/fine"]
    assert peak < 60_000_000


@pytest.mark.parametrize("name", [*SLOW, *NO_HTTP])
async def test_a_robots_txt_that_cannot_be_had_forbids_all(site: Any, name: str) -> None:
    site.put("/robots.txt", (SLOW | NO_HTTP)[name])
    visit = await met(site, site.article(), first_byte_s=0.25, total_s=0.4)
    assert ending(visit) == "robots"
    assert "robots.txt cannot be read" in visit.outcome.detail
    assert not site.asked()


statuses = st.sampled_from([b"200", b"204", b"206", b"301", b"304", b"404", b"500", b"100", b"101", b"999", b"0", b""])
names = st.sampled_from(
    [b"Content-Length", b"Transfer-Encoding", b"Content-Encoding", b"Content-Type", b"Location", b"Connection", b"ETag",
     b"Retry-After", b"X-Robots-Tag", b"Vary", b"Cache-Control", b"Date", b"Age", b"Upgrade", b"Set-Cookie", b""]
)  # fmt: skip
values = st.one_of(
    st.sampled_from([b"chunked", b"gzip", b"br", b"deflate", b"5", b"0", b"-1", b"/b", b"*", b"max-age=9", b"text/html",
                     b"close", b"noindex", b"identity, chunked", b"text/html; charset=\xff", b"h2c", b"http://[",
                     b"9e9"]),
    st.binary(max_size=20),
)  # fmt: skip
heads = st.builds(
    lambda status, headers, gap: b"HTTP/1.1 " + status + b" X\r\n" + b"".join(n + b": " + v + gap for n, v in headers),
    statuses, st.lists(st.tuples(names, values), max_size=6), st.sampled_from([b"\r\n", b"\n", b"\r"]),
)  # fmt: skip
answers = st.one_of(
    st.binary(max_size=200),
    st.builds(lambda head, body: head + b"\r\n" + body, heads, st.binary(max_size=80)),
    st.builds(
        lambda head, body: head + b"\r\n5\r\n" + body + b"\r\n0\r\n\r\n", heads, st.binary(min_size=4, max_size=6)
    ),
)


@pytest.fixture
async def open_crawler(site: Any, tmp_path: Any) -> AsyncIterator[Crawler]:
    async with site.crawler(**QUICK | {"first_byte_s": 0.2, "total_s": 0.3, "cache_dir": tmp_path}) as crawler:
        yield crawler


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answer=answers, reset=st.booleans(), as_robots=st.booleans())
async def test_any_bytes_for_an_answer_end_as_a_page_or_a_reason(
    site: Any, open_crawler: Crawler, answer: bytes, reset: bool, as_robots: bool
) -> None:
    host = f"h{len(site.log)}.example"
    reply = raw(answer, then="reset" if reset else "close")
    site.put("/robots.txt" if as_robots else "/a", reply, host=host)
    visit = await open_crawler.visit(f"http://{host}/a")
    if isinstance(visit.outcome, Skipped):
        assert visit.outcome.reason in SKIP_REASONS
        assert visit.outcome.detail.isprintable()
        assert visit.outcome.detail
    assert open_crawler.host_states() == ()
