"""What asking for robots.txt comes to, over real connections, and how long it is kept (RFC 9309 §2.3, §2.4)."""

import asyncio
import json
import os
import sqlite3
import ssl
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import trustme
from fontes.crawler import Skipped
from fontes.crawler.robots.known import DAY_S, OUTAGE_S
from fontes.crawler.robots.shelf import Kept, Shelf
from fontes.crawler.url import robots_url

RULES = "User-agent: *\nDisallow: /x\n"
HOST = "http://ex.example"
_QUICK = {"attempts": 1, "first_byte_s": 0.3, "total_s": 0.6, "connect_s": 0.3}


def rows(shared_data: Path) -> list[dict[str, Any]]:
    text = (shared_data / "robots" / "rfc9309_fetch.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


async def reset(_: Any, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def silent(_: Any, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(30)


def robots_file(given: dict[str, Any]) -> bytes:
    """The file that the row speaks of: its body, or comments up to a size with the rule at a place, else at the end."""
    if "size" not in given:
        return str(given.get("body", RULES)).encode()
    rule = b"\nUser-agent: *\nDisallow: /x\n"
    at = given.get("rule_at", given["size"] - len(rule))
    filler = b"# a line of no meaning to anyone\n" * (given["size"] // 33 + 1)
    return filler[:at] + rule + filler[: given["size"] - at - len(rule)]


def put_given(site: Any, given: dict[str, Any]) -> None:
    file = site.reply(robots_file(given), status=given.get("status", given.get("final_status", 200)), kind="text/plain")
    hops = given.get("redirects", 0)
    if error := given.get("error"):
        file = silent if error == "read_timeout" else reset
    if hops == "loop":
        site.put("/robots.txt", site.reply(status=301, headers=(("Location", "/robots.txt"),)))
        return
    for hop in range(hops):
        there = f"http://hop{hop + 1}.example/hop{hop + 1}"
        site.put("/robots.txt" if not hop else f"/hop{hop}", site.reply(status=302, headers=(("Location", there),)))
    site.put(f"/hop{hops}" if hops else "/robots.txt", file)


async def concluded(crawler: Any) -> str:
    """What the crawler does: "parse" when /x alone is forbidden, else what goes for all."""
    good, forbidden = [await crawler.body(f"{HOST}{path}") for path in ("/fine", "/x")]
    match isinstance(good, bytes), isinstance(forbidden, bytes):
        case True, True:
            return "allow_all"
        case True, False:
            return "parse" if forbidden.reason == "robots" else f"parse by {forbidden.reason}"
        case _:
            return "disallow_all" if {good.reason, forbidden.reason} <= {"robots", "network"} else good.reason


async def test_every_row_of_the_status_rules_comes_to_its_conclusion(site: Any, shared_data: Path) -> None:
    wrong, seen = [], 0
    for row in rows(shared_data):
        given = row["given"]
        if (
            not ({"status", "error", "redirects"} & set(given))
            or given.get("error") == "tls_error"
            or "cached" in given
        ):
            continue
        seen += 1
        put_given(site, given)
        site.put("/fine", site.article())
        site.put("/x", site.article())
        async with site.crawler(**_QUICK) as crawler:
            conclusion = await concluded(crawler)
        names = {"parse_prefix": {"parse", "allow_all"}}
        accepted = {name for told in (row["expect"], *row["tolerated"]) for name in names.get(told, {told})}
        if conclusion not in accepted:
            wrong.append((row["id"], conclusion, accepted))
        for hop in range(12):
            site.put(f"/hop{hop}", site.reply(status=404))
    assert not wrong
    assert seen >= 20


async def test_a_site_whose_certificate_is_not_valid_is_not_read(site: Any) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("ex.example").configure_cert(context)
    async with await asyncio.start_server(site.answer, "127.0.0.1", 0, ssl=context) as server:
        port = server.sockets[0].getsockname()[1]
        async with site.crawler(resolve={"*": f"127.0.0.1:{port}"}, **_QUICK) as crawler:
            outcome = await crawler.fetch("https://ex.example/fine")
    assert outcome.reason == "network"
    assert "certificate" in outcome.detail
    assert not site.log


async def test_the_file_is_asked_for_where_the_rows_say(site: Any, shared_data: Path) -> None:
    for row in rows(shared_data):
        given = row["given"]
        if "url_a" in given:
            same = robots_url(given["url_a"]) == robots_url(given["url_b"])
            assert same == (row["expect"] == "same_robots"), row["id"]
        elif "url" in given:
            assert robots_url(given["url"]) == row["expect"], row["id"]
        elif "path" in given:
            site.robots(given["body"])
            site.put(given["path"], site.reply(given["body"].encode(), kind="text/plain"))
            async with site.crawler() as crawler:
                robots = await crawler.robots(HOST)
            assert robots.allows(HOST + given["path"], "Fontes"), row["id"]


async def put_on_shelf(folder: Path, body: str, *, age_s: float, **how: Any) -> None:
    shelf = Shelf(folder)
    await shelf.put(HOST, "robots.txt", Kept(body=body.encode(), has_rules=True, at=time.time() - age_s, **how))
    await shelf.aclose()


async def test_a_copy_of_an_hour_ago_is_used_without_asking(site: Any, tmp_path: Path) -> None:
    await put_on_shelf(tmp_path, RULES, age_s=3600)
    site.put("/robots.txt", reset)
    site.put("/fine", site.article())
    async with site.crawler(cache_dir=tmp_path, **_QUICK) as crawler:
        assert await concluded(crawler) == "parse"
    assert [asked.path for asked in site.log] == ["/fine"]


@pytest.mark.parametrize("age_s", [DAY_S + 1, 90_000, -3600])
async def test_a_copy_of_more_than_a_day_or_from_the_future_is_asked_for_again(
    site: Any, tmp_path: Path, age_s: float
) -> None:
    await put_on_shelf(tmp_path, "User-agent: *\nDisallow: /", age_s=age_s)
    site.robots(RULES)
    site.put("/fine", site.article())
    async with site.crawler(cache_dir=tmp_path, **_QUICK) as crawler:
        assert await concluded(crawler) == "parse"
    async with site.crawler(cache_dir=tmp_path, **_QUICK) as crawler:
        assert await concluded(crawler) == "parse"
    assert [asked.path for asked in site.log] == ["/robots.txt", "/fine", "/fine"]


@pytest.mark.parametrize("age_s", [DAY_S + 1, 3 * OUTAGE_S])
async def test_rules_once_known_hold_on_while_the_site_cannot_be_reached(
    site: Any, tmp_path: Path, age_s: float
) -> None:
    await put_on_shelf(tmp_path, RULES, age_s=age_s)
    site.put("/robots.txt", site.reply(status=500))
    site.put("/fine", site.article())
    for _ in range(2):
        async with site.crawler(cache_dir=tmp_path, **_QUICK) as crawler:
            assert await concluded(crawler) == "parse"
    assert len(site.asked("/robots.txt")) == 2  # an outage is asked about again by the next crawl


@pytest.mark.parametrize(("days", "conclusion"), [(0.1, "disallow_all"), (29, "disallow_all"), (31, "allow_all")])
async def test_after_an_outage_of_thirty_days_a_site_counts_as_having_no_rules(
    site: Any, tmp_path: Path, days: float, conclusion: str
) -> None:
    shelf = Shelf(tmp_path)
    kept = Kept(body=b"", has_rules=False, at=0.0, unreachable_since=time.time() - days * DAY_S)
    await shelf.put(HOST, "robots.txt", kept)
    await shelf.aclose()
    site.put("/robots.txt", site.reply(status=503))
    site.put("/fine", site.article())
    site.put("/x", site.article())
    async with site.crawler(cache_dir=tmp_path, **_QUICK) as crawler:
        assert await concluded(crawler) == conclusion
    shelf = Shelf(tmp_path)
    after = await shelf.get(HOST, "robots.txt")
    await shelf.aclose()
    assert after is not None
    assert after.unreachable_since == kept.unreachable_since


async def test_an_outage_ends_when_the_site_answers(site: Any, tmp_path: Path) -> None:
    await put_on_shelf(tmp_path, RULES, age_s=40 * DAY_S, unreachable_since=time.time() - 31 * DAY_S)
    site.put("/fine", site.article())
    site.put("/x", site.article())
    async with site.crawler(cache_dir=tmp_path, **_QUICK) as crawler:
        assert await concluded(crawler) == "allow_all"  # 404: no rules any more
    async with site.crawler(cache_dir=tmp_path, **_QUICK) as crawler:
        assert await concluded(crawler) == "allow_all"
    assert len(site.asked("/robots.txt")) == 1


async def test_many_pages_wait_for_one_request(site: Any) -> None:
    site.put("/robots.txt", site.reply(RULES.encode(), kind="text/plain", delay_s=0.05))
    for page in range(20):
        site.put(f"/{page}", site.article())
    async with site.crawler() as crawler:
        calls = [asyncio.create_task(crawler.body(f"{HOST}/{page}")) for page in range(20)]
        await asyncio.sleep(0)
        calls[0].cancel()  # the one that began to ask
        outcomes = await asyncio.gather(*calls[1:])
    assert all(isinstance(outcome, bytes) for outcome in outcomes)
    assert len(site.asked("/robots.txt")) == 1


async def test_an_outage_is_not_asked_about_for_every_page(site: Any) -> None:
    site.put("/robots.txt", site.reply(status=500))
    async with site.crawler(**_QUICK) as crawler:
        outcomes = [await crawler.body(f"{HOST}/{page}") for page in range(5)]
    assert {(outcome.reason, "status 500" in outcome.detail) for outcome in outcomes} == {("robots", True)}
    assert len(site.log) == 1


@pytest.mark.parametrize(
    "location", ["http://10.0.0.1/robots.txt", "ftp://ex.example/robots.txt", "http://a b/", "//:x/"]
)
async def test_a_robots_txt_that_leads_to_what_is_not_asked_forbids_all(site: Any, location: str) -> None:
    site.put("/robots.txt", site.reply(status=301, headers=(("Location", location),)))
    site.put("/fine", site.article())
    async with site.crawler(**_QUICK) as crawler:
        outcome = await crawler.fetch(f"{HOST}/fine")
    assert (outcome.reason, "robots.txt leads" in outcome.detail) == ("robots", True)


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "zstd"])
async def test_rules_that_cannot_be_unpacked_forbid_all(site: Any, encoding: str) -> None:
    file = site.reply(RULES.encode(), kind="text/plain", headers=(("Content-Encoding", encoding),))
    site.put("/robots.txt", file)
    site.put("/fine", site.article())
    async with site.crawler(**_QUICK) as crawler:
        assert await concluded(crawler) == "disallow_all"


async def test_rules_cut_off_by_a_lost_connection_forbid_all(site: Any) -> None:
    async def cut_off(_: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 900\r\n\r\nUser-agent: *\nAllow: /\n"
        )
        await writer.drain()

    site.put("/robots.txt", cut_off)
    site.put("/fine", site.article())
    async with site.crawler(**_QUICK) as crawler:
        assert await concluded(crawler) == "disallow_all"


async def test_the_limit_for_pages_is_none_for_rules(site: Any) -> None:
    site.robots(b"#" * 400_000 + b"\n" + RULES.encode())
    site.put("/fine", site.article())
    async with site.crawler(max_bytes=100_000) as crawler:
        assert await concluded(crawler) == "parse"


def no_folder(folder: Path) -> None:
    folder.rmdir()
    folder.write_text("a file where the folder should be")


def corrupt(folder: Path) -> None:
    (folder / "sites.db").write_bytes(b"SQLite format 3\0" + os.urandom(5000))


def another_programs(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "sites.db")) as db:
        db.execute("CREATE TABLE kept (other TEXT)")


@pytest.mark.parametrize("spoil", [no_folder, corrupt, another_programs])
async def test_a_shelf_that_cannot_be_used_costs_no_page_and_is_said_once(
    site: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture, spoil: Any
) -> None:
    folder = tmp_path / "cache"
    folder.mkdir()
    spoil(folder)
    site.robots(RULES)
    site.put("/fine", site.article())
    async with site.crawler(cache_dir=folder, **_QUICK) as crawler:
        assert await concluded(crawler) == "parse"
        assert isinstance(await crawler.body("http://two.example/fine"), bytes)
    said = [record.getMessage() for record in caplog.records if record.name.endswith("shelf")]
    assert len(said) == 1
    assert "sites.db" in said[0]


async def test_a_full_disk_costs_no_page(site: Any, tmp_path: Path, full_disk: Any, caplog: Any) -> None:
    site.robots(RULES)
    site.put("/fine", site.article())
    async with site.crawler(cache_dir=tmp_path, **_QUICK) as crawler:
        with full_disk():
            assert await concluded(crawler) == "parse"
    assert "sites.db cannot be used" in caplog.text


async def test_a_tdm_reservation_is_asked_for_once_a_day_and_holds_on_while_the_site_fails(
    site: Any, tmp_path: Path
) -> None:
    file = site.reply(b'[{"location": "/x", "tdm-reservation": 1}]', kind="application/json")
    path = "/.well-known/tdmrep.json"
    site.put("/fine", site.article())
    changes = _QUICK | {"well_known_tdm": True, "cache_dir": tmp_path}
    for reply, asked in ((site.reply(status=500), 1), (file, 2), (reset, 2)):  # the third time it is on the shelf
        site.put(path, reply)
        async with site.crawler(**changes) as crawler:
            assert isinstance(await crawler.body(f"{HOST}/fine"), bytes)
            assert isinstance(await crawler.body(f"{HOST}/fine"), bytes)
            forbidden = await crawler.body(f"{HOST}/x")
        assert len(site.asked(path)) == asked
    assert forbidden.reason == "opt_out"
    old = Kept(body=file.body, has_rules=True, at=time.time() - 2 * DAY_S)
    shelf = Shelf(tmp_path)
    await shelf.put(HOST, "tdmrep.json", old)
    await shelf.aclose()
    async with site.crawler(**changes) as crawler:
        assert (await crawler.body(f"{HOST}/x")).reason == "opt_out"
    assert len(site.asked(path)) == 3


async def test_a_site_that_is_not_public_has_no_rules_but_a_reason(site: Any) -> None:
    async with site.crawler() as crawler:
        for url in ("http://127.0.0.1/", "http://localhost/", "http://one.example:22/"):
            outcome = await crawler.robots(url)
            assert isinstance(outcome, Skipped)
            assert outcome.reason == "blocked_address"
