"""Names that lead elsewhere than they should, certificates that do not fit, and HTTP/2 over TLS."""

import asyncio
import itertools
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import h2.config
import h2.connection
import h2.events
import pytest
import trustme
from fontes.crawler import Crawler, CrawlPolicy, Page, Skipped

SETTINGS = b"\0\0\0\4\0\0\0\0\0"  # an empty frame of HTTP/2 settings
PUBLIC = "93.184.215.14"
QUICK: dict[str, Any] = {"attempts": 1, "gap_s": 0.0, "well_known_tdm": False, "workers": 1, "connect_s": 1.0}


def reason(outcome: Page | Skipped) -> str:
    return outcome.reason if isinstance(outcome, Skipped) else "page"


def answers(*each: Sequence[str]) -> tuple[Callable[[str], Sequence[str]], list[str]]:
    """A resolver that gives one of these after another, the last for good, and the names that it was asked for."""
    asked: list[str] = []
    rest = itertools.chain(each, itertools.repeat(each[-1]))

    def resolve(name: str) -> Sequence[str]:
        asked.append(name)
        return next(rest)

    return resolve, asked


@pytest.mark.parametrize(
    "found",
    [["127.0.0.1"], ["10.0.0.1"], ["::1"], ["169.254.169.254"], ["::ffff:10.0.0.1"], ["64:ff9b::7f00:1"], ["0.0.0.0"],
     ["fe80::1"], [PUBLIC, "127.0.0.1"], ["127.0.0.1", PUBLIC], ["100.64.0.1"], ["fd00::1"], ["2002:7f00:1::"]],
)  # fmt: skip
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_name_with_any_private_address_is_not_connected_to(scheme: str, found: list[str]) -> None:
    resolve, _ = answers(found)
    async with Crawler(CrawlPolicy(**QUICK), resolve=resolve) as crawler:
        outcome = await crawler.fetch(f"{scheme}://rebind.example/")
    assert reason(outcome) == "blocked_address"
    assert "rebind.example leads to" in outcome.detail


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_name_that_turns_private_is_refused_at_the_connection_it_would_have_got(site: Any, scheme: str) -> None:
    """The public address is the one connected to (the tests forbid that, loudly); the second answer is judged anew."""
    resolve, asked = answers([PUBLIC], ["127.0.0.1"])
    port = site.port
    async with Crawler(CrawlPolicy(**QUICK, ports=frozenset({port})), resolve=resolve) as crawler:
        with pytest.raises((RuntimeError, ExceptionGroup)) as caught:
            await crawler.fetch(f"{scheme}://rebind.example:{port}/")
        causes = caught.value.exceptions if isinstance(caught.value, ExceptionGroup) else (caught.value,)
        assert [str(cause) for cause in causes] == [f"a test reached for the network: {PUBLIC}"]
        outcome = await crawler.fetch(f"{scheme}://rebind.example:{port}/")
    assert asked == ["rebind.example", "rebind.example"]
    assert reason(outcome) == "blocked_address"
    assert not site.log


async def test_a_kept_connection_is_no_way_around_the_guard(site: Any) -> None:
    site.put("/a", site.reply(status=302, headers=(("Location", "http://127.0.0.1/"),)))
    site.put("/b", site.reply(status=302, headers=(("Location", f"http://127.0.0.1:{site.port}/a"),)))
    async with site.crawler() as crawler:
        outcomes = [await crawler.fetch(f"http://one.example/{path}") for path in "ab"]
    assert {reason(outcome) for outcome in outcomes} == {"blocked_address"}
    assert {asked.host for asked in site.log} == {"one.example"}


@pytest.mark.parametrize(
    ("resolve", "kind", "words"),
    [(lambda name: [], "network", "no such host"), (lambda name: 1 / 0, None, "division")],
)  # fmt: skip
async def test_a_resolver_that_finds_nothing_is_no_such_host(resolve: Any, kind: str | None, words: str) -> None:
    async with Crawler(CrawlPolicy(**QUICK), resolve=resolve) as crawler:
        if kind is None:  # the caller's own fault is not hidden
            with pytest.raises(ZeroDivisionError, match=words):
                await crawler.fetch("http://one.example/")
            return
        outcome = await crawler.fetch("http://one.example/")
    assert (reason(outcome), words in outcome.detail) == (kind, True)


async def test_a_resolver_that_never_answers_is_given_up() -> None:
    async def never(_: str) -> list[str]:
        await asyncio.sleep(60)
        return []

    async with Crawler(CrawlPolicy(**QUICK | {"connect_s": 0.1}), resolve=never) as crawler:
        outcome = await crawler.fetch("http://one.example/")
    assert reason(outcome) == "robots"
    assert "not resolved within 0.1 s" in outcome.detail


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def server_context(certificate: trustme.LeafCert, *protocols: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    if protocols:
        context.set_alpn_protocols(list(protocols))
    return context


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@asynccontextmanager
async def serving(answer: Any, context: ssl.SSLContext) -> AsyncIterator[dict[str, str]]:
    """A server over TLS; gives the overrides that lead every name there."""
    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    try:
        yield {"*": f"127.0.0.1:{server.sockets[0].getsockname()[1]}"}
    finally:
        server.close()


async def test_a_valid_certificate_is_enough(site: Any, authority: trustme.CA) -> None:
    site.put("/a", site.article())
    async with serving(site.answer, server_context(authority.issue_cert("one.example"))) as resolve:
        policy = site.policy(resolve=resolve)
        async with Crawler(policy, tls=trusting(authority)) as crawler:
            assert reason(await crawler.fetch("https://one.example/a")) == "page"
            wrong_host = await crawler.fetch("https://two.example/a")
        async with Crawler(policy) as crawler:
            unknown = await crawler.fetch("https://one.example/a")
    assert (reason(wrong_host), reason(unknown)) == ("network", "network")
    assert "two.example" in wrong_host.detail
    assert "self-signed" in unknown.detail or "unable to get local issuer" in unknown.detail
    assert len(site.log) == 2


async def test_an_expired_certificate_is_not_accepted(site: Any, authority: trustme.CA) -> None:
    old = authority.issue_cert("one.example", not_before=datetime.now(UTC) - timedelta(days=9),
                               not_after=datetime.now(UTC) - timedelta(days=1))  # fmt: skip
    async with (
        serving(site.answer, server_context(old)) as resolve,
        Crawler(site.policy(resolve=resolve), tls=trusting(authority)) as crawler,
    ):
        outcome = await crawler.fetch("https://one.example/a")
    assert (reason(outcome), "expired" in outcome.detail) == ("network", True)


async def test_plain_http_on_a_port_of_tls_is_no_valid_http(site: Any, authority: trustme.CA) -> None:
    async with (
        serving(site.answer, server_context(authority.issue_cert("one.example"))) as resolve,
        Crawler(site.policy(resolve=resolve, attempts=1, first_byte_s=1.0)) as crawler,
    ):
        outcome = await crawler.fetch("http://one.example/a")
    assert reason(outcome) == "robots"
    assert not site.log


async def test_tls_on_a_port_of_plain_http_fails(site: Any) -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(plain, "127.0.0.1", 0) as server:
        resolve = {"*": f"127.0.0.1:{server.sockets[0].getsockname()[1]}"}
        async with site.crawler(resolve=resolve, attempts=1) as crawler:
            outcome = await crawler.fetch("https://one.example/a")
    assert (reason(outcome), "TLS failed" in outcome.detail) == ("network", True)


async def test_a_tls_handshake_that_is_never_answered_is_a_matter_of_time(site: Any) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        resolve = {"*": f"127.0.0.1:{server.sockets[0].getsockname()[1]}"}
        async with site.crawler(resolve=resolve, attempts=1, connect_s=0.2) as crawler:
            outcome = await crawler.fetch("https://one.example/a")
    assert (reason(outcome), outcome.detail) == (
        "robots",
        "robots.txt of one.example: robots.txt cannot be read (no connection in time)",
    )


OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@pytest.mark.parametrize(
    ("said", "kind"),
    [(b"", "network"), (b"\0\1\2\r\n\r\n", "network"), (b"HTTP/1.1 20 OK\r\n\r\n", "network"), (OK, "network"),
     (OK + b"X: " + b"y" * 1_000_000 + b"\r\n\r\nx", "network"), (OK + b"X: a\0b\r\n\r\nx", "network"),
     (OK + b"".join(b"X-%d: %b\r\n" % (n, b"y" * 40) for n in range(10_000)) + b"\r\nx", "network"),
     (OK + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcde", "network"),
     (OK + b"Content-Length: 900\r\n\r\n<p>", "network"), (OK + b"Content-Length: -1\r\n\r\n<p>", "network"),
     (OK + b"Transfer-Encoding: chunked\r\n\r\nfive\r\nabcde\r\n0\r\n\r\n", "network"),
     (OK + b"Content-Encoding: gzip\r\n\r\nno gzip", "unreadable"), (OK + b"\r\n" + b"y" * 90_000, "too_large"),
     (b"HTTP/1.1 100 Continue\r\n\r\n" * 50 + b"HTTP/1.1 404 X\r\n\r\n", "http_status"),
     (b"HTTP/1.1 999 \xff\r\n\r\n", "http_status")],
    ids=range(15),
)  # fmt: skip
async def test_bad_http_over_tls_ends_as_over_plain_connections(
    site: Any, authority: trustme.CA, said: bytes, kind: str
) -> None:
    async def write(_: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        await writer.drain()

    site.put("/a", write)
    async with (
        serving(site.answer, server_context(authority.issue_cert("one.example"))) as resolve,
        Crawler(site.policy(resolve=resolve, attempts=1, max_bytes=50_000), tls=trusting(authority)) as crawler,
    ):
        outcome = await crawler.fetch("https://one.example/a")
        assert crawler.host_states() == ()
    assert reason(outcome) == kind
    assert outcome.detail.isprintable()


class Http2Server:
    """Speaks HTTP/2 and nothing else; answers by path, and notes what it was asked and how many connections came."""

    def __init__(self, replies: dict[str, tuple[list[tuple[str, str]], bytes]]) -> None:
        self.replies, self.asked, self.connections = replies, list[str](), 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        connection.initiate_connection()
        writer.write(connection.data_to_send())
        while data := await reader.read(65_536):
            for event in connection.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    self._reply(connection, event)
            writer.write(connection.data_to_send())
        writer.close()

    def _reply(self, connection: h2.connection.H2Connection, event: h2.events.RequestReceived) -> None:
        path = dict(event.headers or [])[":path"]
        self.asked.append(path)
        if path == "/silent":
            return
        headers, body = self.replies.get(path, ([(":status", "404")], b""))
        assert event.stream_id is not None
        if not headers:
            connection.reset_stream(event.stream_id)
            return
        connection.send_headers(event.stream_id, headers)
        for start in range(0, len(body), 16_000):
            connection.send_data(event.stream_id, body[start : start + 16_000])
        connection.end_stream(event.stream_id)


@pytest.fixture
def h2_certificate(authority: trustme.CA) -> trustme.LeafCert:
    return authority.issue_cert("one.example")


async def test_http_2_is_spoken_where_the_server_offers_it(
    site: Any, authority: trustme.CA, h2_certificate: trustme.LeafCert
) -> None:
    page = [(":status", "200"), ("content-type", "text/html"), ("set-cookie", "a=b")]
    server = Http2Server({
        "/a": (page, site.article("One")), "/b": (page, site.article("Two")), "/reset": ([], b""),
        "/moved": ([(":status", "301"), ("location", "/b")], b""), "/wide": ([*page, ("x", "y" * 9_000)] * 9, b""),
        "/long": ([*page, ("content-length", "9")], b"much more than nine bytes"),
    })  # fmt: skip
    async with (
        serving(server.answer, server_context(h2_certificate, "h2", "http/1.1")) as resolve,
        Crawler(site.policy(resolve=resolve, attempts=1), tls=trusting(authority)) as crawler,
    ):
        visits = [await crawler.visit(f"https://one.example/{path}") for path in ("a", "b", "moved")]
        assert [visit.outcome.title for visit in visits] == ["One", "Two", "Two"]
        assert server.connections == 1  # one for all
        outcomes = [await crawler.fetch(f"https://one.example/{path}") for path in ("reset", "none", "a")]
    assert [reason(outcome) for outcome in outcomes] == ["network", "http_status", "page"]
    assert server.asked[:4] == ["/robots.txt", "/a", "/b", "/moved"]


async def test_a_silent_http_2_stream_is_given_up_and_the_next_goes_on(
    site: Any, authority: trustme.CA, h2_certificate: trustme.LeafCert
) -> None:
    server = Http2Server({"/a": ([(":status", "200"), ("content-type", "text/html")], site.article())})
    async with (
        serving(server.answer, server_context(h2_certificate, "h2")) as resolve,
        Crawler(site.policy(resolve=resolve, first_byte_s=0.3), tls=trusting(authority)) as crawler,
    ):
        assert reason(await crawler.fetch("https://one.example/silent")) == "timeout"
        call = asyncio.create_task(crawler.fetch("https://one.example/silent"))
        while server.asked.count("/silent") < 2:
            await asyncio.sleep(0.001)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        await site.until_quiet(crawler)
        assert reason(await crawler.fetch("https://one.example/a")) == "page"


@pytest.mark.parametrize(
    "said",
    [b"", b"\0" * 900, bytes(range(256)) * 9, b"HTTP/1.1 200 OK\r\n\r\nhello", SETTINGS,
     SETTINGS + b"\xff\xff\xff\1\4\0\0\0\1",
     SETTINGS + b"\0\0\5\1\5\0\0\0\1\xff\xff\xff\xff\xff",
     SETTINGS + b"\0\0\10\7\0\0\0\0\0\0\0\0\0\0\0\0\1", SETTINGS + b"\0\0\4\3\0\0\0\0\1\0\0\0\7"],
)  # fmt: skip
async def test_what_is_no_http_2_is_a_typed_failure(
    site: Any, authority: trustme.CA, h2_certificate: trustme.LeafCert, said: bytes
) -> None:
    async def garble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(said)
        await writer.drain()
        writer.close()

    async with (
        serving(garble, server_context(h2_certificate, "h2")) as resolve,
        Crawler(site.policy(resolve=resolve, attempts=1, first_byte_s=1.0), tls=trusting(authority)) as crawler,
    ):
        outcome = await crawler.fetch("https://one.example/a")
    assert reason(outcome) == "robots"
    assert "robots.txt cannot be read" in outcome.detail
