"""What the server says on the wire."""

import asyncio
import os
import socket
from pathlib import Path

import pytest
from fontes.tools.localweb import Fault, LocalWeb, LocalWebError, Served
from fontes.tools.localweb.wire import Answer, BadRequest, Request, is_unchanged, read_request
from hypothesis import given
from hypothesis import strategies as st

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "localweb"
LONG = b"<!doctype html><title>Long</title><p>" + b"many words " * 400


async def test_pages_are_told_apart_by_host_and_one_connection_serves_them_all(connect) -> None:
    async with LocalWeb.of({"http://a.test/x": b"from a", "http://b.test/x": b"from b"}, search=False) as web:
        client = await connect(web)
        assert (await client.get("http://a.test/x")).text == "from a"
        assert (await client.get("http://B.TEST.:8080/x")).text == "from b"
        assert (await client.get("http://a.test/y")).status == 404
        assert (await client.get("http://c.test/x")).status == 404
        proxied = await client.say(b"GET http://b.test/x HTTP/1.1\r\nHost: ignored.test\r\n\r\n")
        assert proxied.text == "from b"
        assert [(entry.host, entry.path, entry.status) for entry in web.log] == [
            ("a.test", "/x", 200), ("b.test", "/x", 200), ("a.test", "/y", 404), ("c.test", "/x", 404),
            ("b.test", "/x", 200),
        ]  # fmt: skip
        assert all(entry.started <= entry.ended for entry in web.log)


async def test_types_follow_the_name_and_the_bytes(connect) -> None:
    pages = {
        "http://a.test/a.html": b"x", "http://a.test/b.txt": "é".encode(), "http://a.test/c.txt": "é".encode("latin-1"),
        "http://a.test/d": b"<!DOCTYPE html><p>", "http://a.test/e": b"%PDF-1.4", "http://a.test/f.md": b"# x",
        "http://a.test/g": b"words", "http://a.test/h": Served(body=b"{}", type="application/ld+json"),
    }  # fmt: skip
    async with LocalWeb.of(pages, search=False) as web:
        client = await connect(web)
        types = [(await client.get(url)).headers["content-type"] for url in pages]
    assert types == [
        "text/html", "text/plain; charset=utf-8", "text/plain", "text/html", "application/pdf",
        "text/markdown; charset=utf-8", "text/plain; charset=utf-8", "application/ld+json",
    ]  # fmt: skip


async def test_a_head_is_the_same_without_the_body(connect) -> None:
    async with LocalWeb.of({"http://a.test/": LONG}, search=False) as web:
        client = await connect(web)
        whole, head = await client.get("http://a.test/"), await client.get("http://a.test/", method="HEAD")
    assert head.body == b""
    assert head.headers | {"date": ""} == whole.headers | {"date": ""}


async def test_a_copy_that_is_still_good_is_not_sent_again(connect, tmp_path: Path) -> None:
    page = tmp_path / "a.test" / "x.html"
    page.parent.mkdir()
    page.write_bytes(LONG)
    os.utime(page, (1_700_000_000, 1_700_000_000))
    async with LocalWeb(tmp_path, search=False) as web:
        client = await connect(web)
        first = await client.get("http://a.test/x.html")
        assert first.headers["last-modified"] == "Tue, 14 Nov 2023 22:13:20 GMT"
        tag = first.headers["etag"]
        for field, status in (
            (f"If-None-Match: {tag}", 304), (f'If-None-Match: "other", {tag}', 304), ("If-None-Match: *", 304),
            ('If-None-Match: "other"', 200), (f"If-Modified-Since: {first.headers['last-modified']}", 304),
            ("If-Modified-Since: Tue, 14 Nov 2023 22:13:19 GMT", 200), ("If-Modified-Since: yesterday", 200),
        ):  # fmt: skip
            assert (await client.get("http://a.test/x.html", field)).status == status, field
        page.write_bytes(LONG + b"more")
        changed = await client.get("http://a.test/x.html", f"If-None-Match: {tag}")
        assert (changed.status, changed.body) == (200, LONG + b"more")
        page.unlink()
        assert (await client.get("http://a.test/x.html")).status == 410


async def test_text_is_packed_for_those_who_take_it(connect) -> None:
    async with LocalWeb.of({"http://a.test/": LONG}, search=False) as web:
        client = await connect(web)
        packed = await client.get("http://a.test/", "Accept-Encoding: br, gzip;q=0.5")
        plain = await client.get("http://a.test/", "Accept-Encoding: gzip;q=0, identity")
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text == plain.text == LONG.decode()
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"


async def test_redirects_headers_and_status_are_as_declared(connect) -> None:
    pages = {
        "http://a.test/old": Served(to="http://b.test/new", headers=(("Retry-After", "3"),)),
        "http://a.test/gone": Served(status=410, body=b"gone"),
        "http://a.test/tagged": Served(body=b"x", headers=(("X-Robots-Tag", "noindex"), ("Cache-Control", "no-store"))),
    }
    async with LocalWeb.of(pages, search=False) as web:
        client = await connect(web)
        moved = await client.get("http://a.test/old")
        assert (moved.status, moved.headers["location"], moved.headers["retry-after"]) == (
            301,
            "http://b.test/new",
            "3",
        )
        gone = await client.get("http://a.test/gone")
        assert (gone.status, gone.body) == (410, b"gone")
        assert (await client.get("http://a.test/tagged")).headers["x-robots-tag"] == "noindex"


@pytest.mark.parametrize(
    "target",
    ["/../secret.html", "/../../etc/passwd", "/%2e%2e/secret.html", "/..%2fsecret.html", "//etc/passwd", "/./x.html/..",
     "/%00", "/a.test/../../secret.html", "/..\\secret.html", "/link.html", "/x.html%00.txt", "/%ff%fe"],
)  # fmt: skip
async def test_nothing_outside_of_the_folder_is_served(connect, tmp_path: Path, target: str) -> None:
    (tmp_path / "secret.html").write_text("the secret")
    page = tmp_path / "web" / "a.test" / "x.html"
    page.parent.mkdir(parents=True)
    page.write_text("the page")
    (page.parent / "link.html").symlink_to(tmp_path / "secret.html")
    async with LocalWeb(tmp_path / "web", search=False) as web:
        client = await connect(web)
        got = await client.get(f"http://a.test{target}")
        assert got.status == 404
        assert b"secret" not in got.body


async def test_a_file_that_becomes_a_link_to_the_outside_is_not_served_any_more(connect, tmp_path: Path) -> None:
    (tmp_path / "secret.html").write_text("the secret")
    page = tmp_path / "web" / "a.test" / "x.html"
    page.parent.mkdir(parents=True)
    page.write_text("the page")
    async with LocalWeb(tmp_path / "web", search=False) as web:
        page.unlink()
        page.symlink_to(tmp_path / "secret.html")
        assert (await (await connect(web)).get("http://a.test/x.html")).status == 410


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\n\r\nabc", 405),
        (b"PUT / HTTP/1.1\r\nHost: a.test\r\n\r\n", 405),
        (b"GET / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\n\r\nabc", 400),
        (b"GET / HTTP/2.0\r\n\r\n", 400),
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost : a.test\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a.test\r\nHost: b.test\r\n\r\n", 400),
        (b"GET /\x1b[2J HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 40_000 + b"\r\n\r\n", 431),
    ],
)
async def test_what_is_no_request_for_a_page_is_refused(connect, sent: bytes, status: int) -> None:
    async with LocalWeb.of({"http://a.test/": b"x"}, search=False) as web:
        assert (await (await connect(web)).say(sent)).status == status


async def test_a_visitor_who_speaks_tls_is_let_go_at_once(connect) -> None:
    async with LocalWeb.of({"http://a.test/": b"x"}, search=False) as web:
        client = await connect(web)
        client.writer.write(b"\x16\x03\x01\x02\x00\x01\x00")
        async with asyncio.timeout(5):
            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await client.reader.readexactly(1)


async def test_the_log_holds_no_control_characters(connect) -> None:
    async with LocalWeb.of({"http://a.test/": b"x"}, search=False) as web:
        await (await connect(web)).get("http://a.test/", "User-Agent: evil\x1b[31m\x07agent\x9b2J")
        agent = web.log[-1].agent
    assert agent.startswith("evil")
    assert agent.isprintable()


async def test_only_this_machine_is_listened_to() -> None:
    async with LocalWeb.of({"http://a.test/": b"x"}, search=False) as web:
        assert web.resolve == {"*": f"127.0.0.1:{web.port}"}
        with socket.socket() as other:  # the same port of another address is free
            other.bind(("127.0.0.2", web.port))


async def test_a_port_that_is_taken_is_named() -> None:
    async with LocalWeb.of({"http://a.test/": b"x"}, search=False) as web:
        other = LocalWeb(EXAMPLE, port=web.port, search=False)
        with pytest.raises(LocalWebError, match=f"port {web.port}"):
            async with other:
                pass


async def test_latency_comes_before_every_answer(connect) -> None:
    async with LocalWeb.of({"http://a.test/": b"x"}, search=False, latency_s=0.05) as web:
        await (await connect(web)).get("http://a.test/")
        assert web.log[0].ended - web.log[0].started >= 0.05


async def test_a_web_that_closes_waits_for_nobody(connect) -> None:
    async with LocalWeb.of({"http://a.test/": b"x"}, search=False, faults=[Fault.of("slow:600", "/slow")]) as web:
        client = await connect(web)
        await client.get("http://a.test/")
        client.writer.write(b"GET /slow HTTP/1.1\r\nHost: a.test\r\n\r\n")
        await client.writer.drain()
        async with asyncio.timeout(5):
            await web.__aexit__()
            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await client.reader.readexactly(1)


async def test_the_own_address_shows_which_hosts_there_are(connect) -> None:
    async with LocalWeb.of({"http://a.test/": b"x", "http://b.test/": b"y"}) as web:
        page = await (await connect(web)).get(f"http://127.0.0.1:{web.port}/")
    assert "http://a.test/" in page.text
    assert "http://b.test/" in page.text


@given(head=st.binary(max_size=200))
def test_any_bytes_are_a_request_or_refused(head: bytes) -> None:
    statuses: list[int] = []
    for text in (head, b"GET / HTTP/1.1\r\nHost: " + head, b"GET http://" + head + b" HTTP/1.1"):
        try:
            request = read_request(text)
        except BadRequest as error:
            statuses.append(error.args[0])
        else:
            assert request.target.startswith("/")
    assert set(statuses) <= {400, 405}


@given(
    since=st.one_of(
        st.text(max_size=40),
        st.from_regex(r"\A[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{1,6} [\d:]{2,8} [-+A-Z0-9]{3,6}\Z"),
    )
)
def test_any_text_may_stand_where_a_date_or_a_tag_is_due(since: str) -> None:
    for name in ("if-modified-since", "if-none-match"):
        request = Request(method="GET", host="a.test", target="/", headers={name: since})
        assert is_unchanged(request, Answer(etag='W/"x"', modified=1.0)) in (True, False)


async def test_a_visitor_who_takes_nothing_does_not_hold_up_the_end(connect) -> None:
    async with LocalWeb.of({"http://a.test/": bytes(50_000_000)}, search=False) as web:
        client = await connect(web)
        client.writer.write(b"GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n")
        await client.reader.readuntil(b"\r\n\r\n")
        async with asyncio.timeout(5):
            await web.__aexit__()
