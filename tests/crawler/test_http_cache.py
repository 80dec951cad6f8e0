"""The HTTP cache through the whole crawler: what is reused, what is asked about, and what happens when it breaks."""

import asyncio
import contextlib
import json
import logging
import os
import sqlite3
import time
from contextlib import closing
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from fontes.crawler import Crawler, Page, Skipped, Workers

URL = "http://one.example/a"
_DATES = ("Date", "Expires", "Last-Modified")


def now(seconds: float = 0.0) -> str:
    return formatdate(time.time() + seconds, usegmt=True)


def put_page(site: Any, *headers: tuple[str, str], **how: Any) -> None:
    dated = headers if any(name == "Date" for name, _ in headers) else (("Date", now()), *headers)
    site.put("/a", site.reply(site.article(), headers=dated, **how))


async def visit_twice(site: Any, folder: Path, workers: Workers | None = None, **changes: Any) -> tuple[Any, Any]:
    """Two visits by two crawlers, so that what is reused was in the file."""
    visits = []
    async with contextlib.nullcontext(workers) if workers else Workers() as shared:
        for _ in range(2):
            async with Crawler(site.policy(cache_dir=folder, attempts=1, **changes), workers=shared) as crawler:
                visits.append(await crawler.visit(URL))
    return visits[0], visits[1]


async def test_a_fresh_page_is_used_again_without_a_request_or_a_turn(site: Any, tmp_path: Path) -> None:
    put_page(site, ("Cache-Control", "max-age=60"))
    async with site.crawler(cache_dir=tmp_path, gap_s=30, max_wait_s=1) as crawler:
        first, second = await crawler.visit(URL), await crawler.visit(URL)
        elsewhere = await crawler.fetch("http://one.example/b")
    assert (first.from_cache, second.from_cache) == (False, True)
    assert first.outcome.text == second.outcome.text
    assert (second.status, second.size) == (200, len(site.article()))
    assert len(site.asked()) == 1
    assert elsewhere.reason == "budget"


@pytest.mark.parametrize(
    ("validator", "asked_with"),
    [(("ETag", '"v1"'), ("if-none-match", '"v1"')),
     (("ETag", 'W/"ü"'), ("if-none-match", 'W/"ü"')),
     (("Last-Modified", "Fri, 01 May 2026 12:00:00 GMT"), ("if-modified-since", "Fri, 01 May 2026 12:00:00 GMT"))],
)  # fmt: skip
async def test_a_stale_page_is_asked_about_by_its_validator(
    site: Any, tmp_path: Path, validator: tuple[str, str], asked_with: tuple[str, str]
) -> None:
    stale = (("Date", now()), ("Cache-Control", "no-cache"), validator)
    site.put("/a", [site.reply(site.article(), headers=stale), site.reply(status=304, headers=stale)])
    first, second = await visit_twice(site, tmp_path)
    assert isinstance(second.outcome, Page)
    assert second.outcome.text == first.outcome.text
    assert (second.from_cache, second.status) == (True, 200)
    name, value = asked_with
    assert name not in site.asked()[0].headers
    assert site.asked()[1].headers[name].encode("latin-1").decode() == value


async def test_a_changed_page_replaces_the_stored_one(site: Any, tmp_path: Path) -> None:
    def version(title: str) -> Any:
        date = now(-60 if title == "Old" else 0)
        headers = (("Date", date), ("Cache-Control", "no-cache"), ("ETag", f'"{title}"'))
        return site.reply(site.article(title), headers=headers)

    site.put("/a", [version("Old"), version("New"), site.reply(status=304, headers=(("ETag", '"New"'),))])
    first, second = await visit_twice(site, tmp_path)
    third, _ = await visit_twice(site, tmp_path)
    assert [visit.outcome.title for visit in (first, second, third)] == ["Old", "New", "New"]
    assert site.asked()[2].headers["if-none-match"] == '"New"'


async def test_not_modified_without_anything_stored_is_no_page(site: Any, tmp_path: Path) -> None:
    site.put("/a", site.reply(status=304, headers=(("ETag", '"v1"'),)))
    for folder in (tmp_path, None):
        async with site.crawler(cache_dir=folder) as crawler:
            outcome = await crawler.fetch(URL)
        assert (outcome.reason, outcome.detail) == ("http_status", "status 304: not modified")


async def test_a_not_modified_that_fits_nothing_stored_is_asked_again_in_a_turn_of_its_own(
    site: Any, tmp_path: Path
) -> None:
    headers = (("Date", now()), ("Cache-Control", "no-cache"), ("ETag", '"v1"'))
    other = (("Date", now()), ("ETag", '"v9"'))
    site.put("/a", [site.reply(site.article(), headers=headers), site.reply(status=304, headers=other),
                    site.reply(site.article("New"))])  # fmt: skip
    _, second = await visit_twice(site, tmp_path, gap_s=0.05)
    assert second.outcome.title == "New"
    _, asked, again = site.asked()
    assert again.started - asked.ended[0] >= 0.05 - 0.002


async def test_a_page_that_varies_with_what_we_send_is_used_again(site: Any, tmp_path: Path) -> None:
    put_page(site, ("Cache-Control", "max-age=60"), ("Vary", "Accept-Encoding, User-Agent"))
    assert (await visit_twice(site, tmp_path))[1].from_cache
    async with site.crawler(cache_dir=tmp_path, agent="Other") as crawler:
        assert not (await crawler.visit(URL)).from_cache


@pytest.mark.parametrize(
    "header",
    [("Cache-Control", "no-store, max-age=60"), ("Vary", "*"), ("Cache-Control", "max-age=0")],
)
async def test_what_may_not_be_used_again_is_asked_for_again(
    site: Any, tmp_path: Path, header: tuple[str, str]
) -> None:
    put_page(site, ("Cache-Control", "max-age=60") if header[0] == "Vary" else header, header)
    assert not (await visit_twice(site, tmp_path))[1].from_cache
    assert len(site.asked()) == 2


@pytest.mark.parametrize(
    ("headers", "is_fresh"),
    [([("Cache-Control", "max-age=60"), ("Age", "50")], True),
     ([("Cache-Control", "max-age=60"), ("Age", "61")], False),
     ([("Date", -50), ("Cache-Control", "max-age=60"), ("Age", "1")], True),
     ([("Date", 0), ("Expires", 90), ("Age", "50")], True),
     ([("Date", 0), ("Expires", 90), ("Age", "100")], False),
     ([("Expires", 90)], True),
     ([("Date", "yesterday"), ("Cache-Control", "max-age=60"), ("Age", "soon")], True)],
)  # fmt: skip
async def test_the_age_of_an_answer_counts_with_or_without_a_date(
    site: Any, tmp_path: Path, headers: list[tuple[str, str | int]], is_fresh: bool
) -> None:
    written = tuple((name, now(value) if isinstance(value, int) else value) for name, value in headers)
    site.put("/a", site.reply(site.article(), headers=written))
    assert (await visit_twice(site, tmp_path))[1].from_cache == is_fresh


@pytest.mark.parametrize("date", [(), (("Date", now(+86_400)),)])
async def test_an_answer_without_a_date_or_of_tomorrow_grows_old_from_now_on(
    site: Any, tmp_path: Path, date: tuple[Any, ...]
) -> None:
    site.put("/a", site.reply(site.article(), headers=(*date, ("Cache-Control", "max-age=60"))))
    async with site.crawler(cache_dir=tmp_path) as crawler:
        await crawler.visit(URL)
    with closing(sqlite3.connect(tmp_path / "http.db")) as db:
        (stored,) = db.execute("SELECT data FROM entries").fetchone()
    assert now()[:16].encode() in stored or now(-5)[:16].encode() in stored


async def test_opt_outs_hold_for_what_the_cache_answers_too(site: Any, tmp_path: Path) -> None:
    put_page(site, ("Cache-Control", "max-age=60"), ("X-Robots-Tag", "noindex"))
    async with site.crawler(cache_dir=tmp_path, obey=frozenset()) as crawler:
        assert isinstance(await crawler.fetch(URL), Page)
    async with site.crawler(cache_dir=tmp_path) as crawler:
        visit = await crawler.visit(URL)
    assert visit.outcome.reason == "opt_out"
    assert len(site.asked()) == 1


async def test_robots_txt_is_never_answered_by_the_http_cache(site: Any, tmp_path: Path) -> None:
    headers = (("Date", now()), ("Cache-Control", "max-age=600"))
    site.put("/robots.txt", site.reply(b"User-agent: *\nAllow: /", kind="text/plain", headers=headers))
    put_page(site)
    async with site.crawler(cache_dir=tmp_path) as crawler:
        await crawler.fetch(URL)
    (tmp_path / "sites.db").unlink()
    async with site.crawler(cache_dir=tmp_path) as crawler:
        await crawler.fetch(URL)
    assert len(site.asked("/robots.txt")) == 2


def shifted(row: dict[str, Any]) -> list[tuple[str, str]]:
    """The row's headers as if its `now` were the present moment."""
    shift = time.time() - row["now"]
    headers = [("ETag", '"row"')]
    for name, value in row["response"].items():
        if name in _DATES and value != "-1":
            value = formatdate(parsedate_to_datetime(value).timestamp() + shift, usegmt=True)
        headers.append((name, value))
    return headers


async def test_every_row_of_rfc_9111_that_a_crawler_can_meet_is_kept_to(
    site: Any, tmp_path: Path, shared_data: Path
) -> None:
    text = (shared_data / "platform" / "http_cache" / "rfc9111.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    wrong, seen = [], 0
    async with Workers() as workers:
        for row in rows:
            if row["method"] != "GET" or row["request"]:
                continue  # the crawler sends neither
            seen += 1
            site.log.clear()
            put_page(site, *shifted(row), status=row["status"])
            _, second = await visit_twice(site, tmp_path / row["id"], workers)
            asked = site.asked()
            is_stored = second.from_cache or "if-none-match" in asked[-1].headers
            expected = row["expect"]
            # a `Vary: *` answer may be stored, but fits no request
            if second.from_cache != expected["fresh"] or (
                is_stored != expected["store"] and "Vary" not in row["response"]
            ):
                wrong.append((row["id"], row["note"], second.from_cache, is_stored))
    assert not wrong
    assert seen >= 15


async def test_a_body_that_broke_off_is_not_stored(site: Any, tmp_path: Path) -> None:
    async def cut_off(_: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Type: text/html\r\n")
        writer.write(f"Date: {now()}\r\nContent-Length: 9000\r\n\r\n".encode() + site.article())
        await writer.drain()

    site.put("/a", [cut_off, site.reply(site.article("Whole"))])
    first, second = await visit_twice(site, tmp_path)
    assert first.outcome.reason == "network"
    assert second.outcome.title == "Whole"
    assert not second.from_cache


async def test_a_visit_cancelled_while_the_body_comes_leaves_nothing_stored_and_the_turn_free(
    site: Any, tmp_path: Path
) -> None:
    begun = asyncio.Event()

    async def slow(_: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\nContent-Type: text/html\r\n")
        writer.write(f"Date: {now()}\r\nContent-Length: 400000\r\n\r\n".encode() + bytes(200_000))
        await writer.drain()
        begun.set()
        await asyncio.sleep(30)

    site.put("/a", [slow, site.reply(site.article())])
    async with site.crawler(cache_dir=tmp_path) as crawler:
        call = asyncio.create_task(crawler.fetch(URL))
        await begun.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await site.until_quiet(crawler)
        assert isinstance(await crawler.fetch(URL), Page)


@pytest.mark.parametrize("steps", range(0, 60, 6))
async def test_a_visit_cancelled_at_any_moment_frees_its_turn(site: Any, tmp_path: Path, steps: int) -> None:
    put_page(site, ("Cache-Control", "max-age=60"))
    async with site.crawler(cache_dir=tmp_path) as crawler:
        await crawler.robots(URL)
        call = asyncio.create_task(crawler.body(URL))
        for _ in range(steps):
            await asyncio.sleep(0.0002)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        await site.until_quiet(crawler)
        async with asyncio.timeout(5):
            assert await crawler.body(URL) == site.article()


def not_sqlite(file: Path) -> None:
    file.write_bytes(b"SQLite format 3\0" + os.urandom(9000))


def another_programs(file: Path) -> None:
    with closing(sqlite3.connect(file)) as db:
        db.execute("CREATE TABLE entries (other TEXT)")


def a_folder(file: Path) -> None:
    file.mkdir()


@pytest.mark.parametrize("spoil", [not_sqlite, another_programs, a_folder])
async def test_a_cache_that_cannot_be_used_costs_no_page_and_is_said_once(
    site: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture, spoil: Any
) -> None:
    spoil(tmp_path / "http.db")
    put_page(site, ("Cache-Control", "max-age=60"))
    async with site.crawler(cache_dir=tmp_path) as crawler:
        outcomes = [await crawler.fetch(URL) for _ in range(3)]
    assert all(isinstance(outcome, Page) for outcome in outcomes)
    assert len(site.asked()) == 3
    said = [record.getMessage() for record in caplog.records if record.name.startswith("fontes")]
    assert len(said) == 1
    assert "http.db" in said[0]
    assert not logging.getLogger("hishel").propagate  # what it says itself goes no further


async def test_a_stored_body_that_can_no_longer_be_read_is_asked_for_again(site: Any, tmp_path: Path) -> None:
    put_page(site, ("Cache-Control", "max-age=60"))
    await visit_twice(site, tmp_path)
    with closing(sqlite3.connect(tmp_path / "http.db")) as db:
        db.execute("DELETE FROM streams")
        db.commit()
    first, second = await visit_twice(site, tmp_path)
    assert isinstance(first.outcome, Page)
    assert isinstance(second.outcome, Page)
    assert len(site.asked()) == 3


@pytest.mark.parametrize("size", [0, 4096, 40_000, 120_000])
async def test_a_full_disk_costs_no_page(
    site: Any, tmp_path: Path, full_disk: Any, caplog: pytest.LogCaptureFixture, size: int
) -> None:
    more = "<p>" + "And the sea was calm again. " * 8_000 + "</p>"
    site.put("/a", site.reply(site.article(more=more), headers=(("Cache-Control", "max-age=60"), ("Date", now()))))
    async with site.crawler(cache_dir=tmp_path) as crawler:
        with full_disk(size):
            first, second = await crawler.visit(URL), await crawler.visit(URL)
    assert isinstance(first.outcome, Page)
    assert isinstance(second.outcome, Page)
    assert (first.size, second.from_cache) == (len(site.article(more=more)), False)
    assert "http.db cannot be used" in caplog.text
    async with site.crawler(cache_dir=tmp_path) as crawler:  # with room again
        assert not isinstance(await crawler.fetch(URL), Skipped)
