"""Visits over a loopback web: what is asked of whom, what comes of it, and what is left behind."""

import asyncio
import socket
from datetime import UTC, datetime, timedelta
from typing import Any

import psutil
import pytest
from fontes.crawler import Page, Skipped
from fontes.crawler.url import parse, path_of

NOINDEX = (("X-Robots-Tag", "noindex"),)


def reason(outcome: Page | Skipped) -> str:
    return outcome.reason if isinstance(outcome, Skipped) else "page"


def to(location: str, status: int = 302) -> dict[str, Any]:
    return {"status": status, "headers": (("Location", location),)}


async def test_a_page_is_read(site: Any) -> None:
    site.put("/a", site.article("Skagen"))
    async with site.crawler() as crawler:
        visit = await crawler.visit("http://one.example/a#top")
    page = visit.outcome
    assert isinstance(page, Page)
    assert page.title == "Skagen"
    assert "second winter the lamp failed twice" in page.text
    assert page.sightings[0].source == "http://one.example/a"
    assert (visit.url, visit.final_url, visit.redirects) == ("http://one.example/a#top", "http://one.example/a", ())
    assert (visit.status, visit.size, visit.from_cache) == (200, len(site.article("Skagen")), False)
    assert 0 < visit.seconds < 20


async def test_robots_txt_is_asked_for_once_and_before_the_first_page(site: Any) -> None:
    site.put("/a", site.article("A"))
    site.put("/b", site.article("B"))
    async with site.crawler() as crawler:
        await asyncio.gather(crawler.fetch("http://one.example/a"), crawler.fetch("http://one.example/b"))
    assert [asked.path for asked in site.log] == ["/robots.txt", "/a", "/b"]


async def test_sites_are_told_who_asks_and_how_to_reach_them(site: Any) -> None:
    site.put("/a", site.article())
    async with site.crawler(agent="Reader", contact="https://reader.example/bot (us)\n") as crawler:
        await crawler.fetch("http://one.example/a")
    robots, page = site.log
    assert page.headers["user-agent"].startswith("Reader/")
    assert page.headers["user-agent"].endswith("(+https://reader.example/bot us)")
    assert robots.headers["user-agent"] == page.headers["user-agent"]
    assert page.headers["host"] == "one.example"
    assert set(page.headers["accept-encoding"].split(", ")) == {"gzip", "deflate", "br"}
    assert not {"cookie", "authorization", "referer"} & set(page.headers)


@pytest.mark.parametrize(
    "path",
    [
        "/a%2Fb%7e%41?q=a+b%20c&x=%zz",
        "/ä ö?ü=ß",
        "/a//b;c=1,2/../d|e^f`g{h}?i[]='j'\"k\"&l=\\m",
        "/%%%?%",
        "/?q=?",
        "/*!$()@:",
    ],
)
async def test_the_request_has_the_very_letters_that_robots_txt_was_asked_about(site: Any, path: str) -> None:
    url = "http://one.example" + path
    async with site.crawler() as crawler:
        await crawler.fetch(url)
    assert site.asked()[0].path == path_of(parse(url))


async def test_an_empty_query_is_neither_sent_nor_judged(site: Any) -> None:
    site.robots("User-agent: *\nDisallow: /*?\nDisallow: /no$")
    site.put("/a", site.article())
    async with site.crawler() as crawler:
        good, bad = [await crawler.fetch(f"http://one.example{path}") for path in ("/a?", "/no?")]
    assert (reason(good), reason(bad)) == ("page", "robots")
    assert [asked.path for asked in site.asked()] == ["/a"]


async def test_a_redirect_within_a_host_asks_the_rules_again_and_not_the_file(site: Any) -> None:
    site.robots("User-agent: *\nDisallow: /secret")
    site.put("/a", site.reply(**to("/b")))
    site.put("/b", site.article())
    site.put("/c", site.reply(**to("/secret/d")))
    site.put("/secret/d", site.article())
    async with site.crawler() as crawler:
        good = await crawler.visit("http://one.example/a")
        bad = await crawler.visit("http://one.example/c")
    assert (reason(good.outcome), good.redirects) == ("page", ("http://one.example/a",))
    assert good.final_url == "http://one.example/b"
    assert reason(bad.outcome) == "robots"
    assert "Disallow: /secret" in bad.outcome.detail
    assert [asked.path for asked in site.log] == ["/robots.txt", "/a", "/b", "/c"]


async def test_a_redirect_to_another_host_asks_its_robots_txt_first(site: Any) -> None:
    site.put("/a", site.reply(**to("http://two.example/b", 308)))
    site.put("/b", site.article(), host="two.example")
    site.put("/c", site.reply(**to("//three.example/c")))
    site.put("/c", site.article(), host="three.example")
    site.robots("User-agent: *\nDisallow: /", host="three.example")
    async with site.crawler() as crawler:
        good = await crawler.visit("http://one.example/a")
        bad = await crawler.visit("http://one.example/c")
    assert (reason(good.outcome), good.final_url) == ("page", "http://two.example/b")
    assert (reason(bad.outcome), bad.outcome.source, bad.final_url) == (
        "robots", "http://one.example/c", "http://three.example/c"
    )  # fmt: skip
    assert [(asked.host, asked.path) for asked in site.log] == [
        ("one.example", "/robots.txt"), ("one.example", "/a"), ("two.example", "/robots.txt"), ("two.example", "/b"),
        ("one.example", "/c"), ("three.example", "/robots.txt"),
    ]  # fmt: skip


async def test_redirects_are_followed_up_to_the_limit(site: Any) -> None:
    for number in range(9):
        site.put(f"/{number}", site.reply(**to(f"/{number + 1}", 301)))
    site.put("/9", site.article())
    async with site.crawler(max_redirects=3) as crawler:
        good = await crawler.visit("http://one.example/6")
        bad = await crawler.visit("http://one.example/5")
    assert (reason(good.outcome), len(good.redirects)) == ("page", 3)
    assert (reason(bad.outcome), bad.outcome.detail) == ("http_status", "more than 3 redirects")
    assert bad.redirects == tuple(f"http://one.example/{n}" for n in (5, 6, 7))


@pytest.mark.parametrize(
    "location", ["http://10.0.0.5/", "http://localhost/", "http://169.254.169.254/latest/meta-data", "http://[::1]/",
                 "http://2130706433/", "http://user:pass@two.example/", "http://two.example:22/", "ftp://two.example/a",
                 "javascript:alert(1)", "data:text/html,<p>hi", "file:///etc/passwd", "http://", "http://a b/"]
)  # fmt: skip
async def test_a_redirect_to_what_is_not_asked_ends_there(site: Any, location: str) -> None:
    site.put("/a", site.reply(**to(location)))
    async with site.crawler() as crawler:
        visit = await crawler.visit("http://one.example/a")
    assert reason(visit.outcome) == "blocked_address"
    assert visit.outcome.detail
    assert visit.status == 302
    assert {asked.host for asked in site.log} == {"one.example"}


@pytest.mark.parametrize(
    ("status", "words"),
    [(400, "bad request"), (401, "login"), (403, "forbidden"), (404, "not found"), (410, "gone"), (418, "teapot"),
     (429, "too many requests"), (500, "internal server error"), (503, "service unavailable"), (301, "moved"),
     (206, "part"), (999, "status 999")],
)  # fmt: skip
async def test_a_status_says_why_there_is_no_page(site: Any, status: int, words: str) -> None:
    site.put("/a", site.reply(site.article(), status=status))
    async with site.crawler(attempts=1) as crawler:
        visit = await crawler.visit("http://one.example/a")
    assert (reason(visit.outcome), visit.status) == ("http_status", status)
    assert words in visit.outcome.detail
    assert f"status {status}" in visit.outcome.detail


async def test_what_may_pass_is_tried_again_and_what_may_not_is_not(site: Any) -> None:
    site.put("/a", [site.reply(status=503), site.reply(site.article())])
    site.put("/b", [site.reply(status=404), site.reply(site.article())])
    async with site.crawler(attempts=2) as crawler:
        outcomes = [await crawler.fetch(f"http://one.example{path}") for path in ("/a", "/b")]
    assert [reason(outcome) for outcome in outcomes] == ["page", "http_status"]
    assert [asked.path for asked in site.asked()] == ["/a", "/a", "/b"]


async def test_the_type_is_judged_from_the_head_and_the_body_not_loaded(site: Any) -> None:
    sent = 0

    async def film(_: Any, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n")
        while sent < 200_000_000:
            writer.write(bytes(65_536))
            await writer.drain()
            sent += 65_536

    site.put("/film", film)
    async with site.crawler(max_bytes=1_000_000_000) as crawler:
        outcome = await crawler.fetch("http://one.example/film")
    assert reason(outcome) == "wrong_type"
    assert "video/mp4" in outcome.detail
    assert sent < 20_000_000  # what the sockets' buffers took


async def test_an_opt_out_in_a_header_is_obeyed_without_reading_on(site: Any) -> None:
    site.put("/a", site.reply(site.article(), headers=NOINDEX))
    async with site.crawler() as crawler:
        outcome = await crawler.fetch("http://one.example/a")
    async with site.crawler(obey=frozenset()) as crawler:
        recorded = await crawler.fetch("http://one.example/a")
    assert reason(outcome) == "opt_out"
    assert "noindex" in outcome.detail
    assert isinstance(recorded, Page)
    assert recorded.sightings[0].signals == ("robots: noindex",)


async def test_an_opt_out_meant_for_another_crawler_is_not_ours(site: Any) -> None:
    site.put("/a", site.reply(site.article(), headers=(("X-Robots-Tag", "otherbot: noindex"),)))
    async with site.crawler() as crawler:
        assert reason(await crawler.fetch("http://one.example/a")) == "page"


async def test_an_opt_out_in_robots_txt_stops_the_request(site: Any) -> None:
    site.robots("Content-Signal: ai-input=no\nUser-agent: *\nContent-Signal: ai-input=no\nAllow: /")
    site.put("/a", site.article())
    async with site.crawler() as crawler:
        outcome = await crawler.fetch("http://one.example/a")
    assert reason(outcome) == "opt_out"
    assert not site.asked()


async def test_an_opt_out_in_tdmrep_json_stops_the_request(site: Any) -> None:
    site.put(
        "/.well-known/tdmrep.json", site.reply(b'[{"location": "/a", "tdm-reservation": 1}]', kind="application/json")
    )
    site.put("/a", site.article())
    site.put("/b", site.article())
    async with site.crawler(well_known_tdm=True) as crawler:
        outcomes = [await crawler.fetch(f"http://one.example{path}") for path in ("/a", "/b")]
    assert [reason(outcome) for outcome in outcomes] == ["opt_out", "page"]
    assert [asked.path for asked in site.asked()] == ["/.well-known/tdmrep.json", "/b"]


async def test_signals_that_forbid_nothing_are_recorded(site: Any) -> None:
    site.robots("User-agent: *\nContent-Signal: ai-train=no, ai-input=yes\nAllow: /")
    site.put("/a", site.reply(site.article(), headers=(("X-Robots-Tag", "noarchive"), ("tdm-reservation", "0"))))
    async with site.crawler() as crawler:
        page = await crawler.fetch("http://one.example/a")
    assert isinstance(page, Page)
    assert page.sightings[0].signals == (
        "content-signal: ai-train=no", "content-signal: ai-input=yes", "robots: noarchive", "tdm-reservation: 0"
    )  # fmt: skip


async def test_an_opt_out_on_the_way_counts_for_the_page_that_says_it(site: Any) -> None:
    until = (datetime.now(UTC) - timedelta(days=1)).strftime("%d %b %Y %H:%M:%S GMT")
    site.put("/a", site.reply(status=302, headers=(("Location", "/b"), *NOINDEX)))
    site.put("/b", site.reply(site.article(), headers=(("X-Robots-Tag", f"unavailable_after: {until}"),)))
    site.put("/c", site.reply(status=302, headers=(("Location", "/d"), *NOINDEX)))
    site.put("/d", site.article())
    async with site.crawler() as crawler:
        gone = await crawler.fetch("http://one.example/a")
        page = await crawler.fetch("http://one.example/c")
    assert reason(gone) == "opt_out"
    assert reason(page) == "page"


async def test_cookies_are_neither_kept_nor_sent_back(site: Any) -> None:
    site.put("/a", site.reply(status=302, headers=(("Location", "/b"), ("Set-Cookie", "id=7; Path=/"))))
    site.put("/b", site.article())
    async with site.crawler() as crawler:
        assert reason(await crawler.fetch("http://one.example/a")) == "page"
    assert len(site.asked()) == 2
    assert all("cookie" not in asked.headers for asked in site.log)


async def test_bodies_of_any_type_are_had_as_bytes(site: Any) -> None:
    site.robots("User-agent: *\nDisallow: /no")
    site.put("/map.xml", site.reply(b"<urlset/>", kind="application/xml"))
    async with site.crawler() as crawler:
        assert await crawler.body("http://one.example/map.xml") == b"<urlset/>"
        refused = await crawler.body("http://one.example/no")
        inner = await crawler.body("http://127.0.0.1/")
    assert isinstance(refused, Skipped)
    assert (reason(refused), reason(inner)) == ("robots", "blocked_address")


async def test_sitemaps_are_those_that_robots_txt_names(site: Any) -> None:
    site.robots("Sitemap: /one.xml\nSitemap: http://two.example/two.xml", host="one.example")
    async with site.crawler() as crawler:
        named = await crawler.sitemaps("http://one.example/deep/page")
        usual = await crawler.sitemaps("http://two.example/deep/page")
        none = await crawler.sitemaps("http://10.0.0.1/")
    assert named == ("http://one.example/one.xml", "http://two.example/two.xml")
    assert (usual, none) == (("http://two.example/sitemap.xml",), ())


@pytest.mark.parametrize(
    "url", ["", "no url", "/relative", "http://", "mailto:me@example.com", "http://a\x00b/", "\ud800"]
)
async def test_what_is_no_web_address_is_blocked(site: Any, url: str) -> None:
    async with site.crawler() as crawler:
        visit = await crawler.visit(url)
        assert reason(await crawler.robots(url)) == "blocked_address"
        assert reason(await crawler.body(url)) == "blocked_address"
    assert (reason(visit.outcome), visit.outcome.source, visit.final_url) == ("blocked_address", url, url)
    assert not site.log


def _pending(before: set[asyncio.Task[Any]]) -> set[asyncio.Task[Any]]:
    return {task for task in asyncio.all_tasks() - before if "Site.answer" not in repr(task.get_coro())}


async def test_a_cancelled_visit_ends_at_once_and_frees_its_turn(site: Any) -> None:
    asked = asyncio.Event()

    async def silent(_: Any, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await asyncio.sleep(60)

    async def drip(_: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\nx")
        asked.set()
        await asyncio.sleep(60)

    site.put("/silent", silent)
    site.put("/drip", drip)
    site.put("/a", site.article())
    async with site.crawler() as crawler:
        for path in ("/silent", "/drip"):
            asked.clear()
            call = asyncio.create_task(crawler.visit(f"http://one.example{path}"))
            await asked.wait()
            call.cancel()
            async with asyncio.timeout(1):
                with pytest.raises(asyncio.CancelledError):
                    await call
            await site.until_quiet(crawler)
        assert reason(await crawler.fetch("http://one.example/a")) == "page"


async def test_closing_ends_what_is_under_way_and_leaves_nothing_behind(site: Any) -> None:
    asked = asyncio.Event()

    async def silent(_: Any, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await asyncio.sleep(60)

    site.put("/a", site.article())
    site.put("/silent", silent)
    site.put("/robots.txt", silent, host="two.example")
    tasks, children = asyncio.all_tasks(), set(psutil.Process().children(recursive=True))
    crawler = site.crawler()
    async with crawler:
        await crawler.fetch("http://one.example/a")
        calls = [asyncio.create_task(crawler.fetch(f"http://{url}")) for url in ("one.example/silent", "two.example/")]
        await asked.wait()
    outcomes = await asyncio.gather(*calls)
    assert [(reason(outcome), outcome.detail) for outcome in outcomes] == [("cancelled", "the crawler was closed")] * 2
    assert not _pending(tasks)
    assert set(psutil.Process().children(recursive=True)) <= children
    open_sockets = [c for c in psutil.Process().net_connections("tcp") if c.raddr and c.raddr.port == site.port]
    assert not [c for c in open_sockets if c.status == psutil.CONN_ESTABLISHED]
    with pytest.raises(RuntimeError, match="outside of its `async with`"):
        await crawler.fetch("http://one.example/a")


async def test_a_host_that_refuses_connections_is_said_to(site: Any) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        async with site.crawler(resolve={"*": f"127.0.0.1:{port}"}) as crawler:
            outcome = await crawler.fetch("http://one.example/a")
    assert reason(outcome) == "network"
    assert "refused" in outcome.detail
