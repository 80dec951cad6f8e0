"""The real crawler on a local web: what each fault looks like from the other side."""

from itertools import pairwise
from pathlib import Path

import pytest
from fontes.crawler import Page, Skipped
from fontes.tools.localweb import Fault, LocalWeb, Served

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "localweb"


async def test_a_page_is_read_under_its_own_name_after_robots(crawler, article) -> None:
    async with LocalWeb.of({"http://a.test/x.html": article("The quay")}) as web, crawler(web) as visitor:
        page = await visitor.fetch("http://a.test/x.html")
        assert isinstance(page, Page)
        assert page.title == "The quay"
        assert page.sightings[0].source == "http://a.test/x.html"
        assert [entry.path for entry in web.log] == ["/robots.txt", "/x.html"]
        assert web.log[0].agent.startswith("Fontes/")


async def test_the_example_shows_what_its_readme_says(crawler) -> None:
    async with LocalWeb(EXAMPLE) as web, crawler(web) as visitor:
        office = await visitor.fetch("http://harbour-office.test/lights/gannet-point.html")
        society = await visitor.visit("http://keepers-society.test/gannet")
        hidden = await visitor.fetch("http://harbour-office.test/internal/lamp-stores.html")
        walled = await visitor.fetch("http://island-ledger.test/subscribers/last-keeper.html")
    assert isinstance(office, Page)
    assert "automated in 1991" in office.text
    assert isinstance(society.outcome, Page)
    assert society.final_url == "http://keepers-society.test/gannet-point.html"
    assert "automated in 1989" in society.outcome.text
    assert isinstance(hidden, Skipped)
    assert hidden.reason == "robots"
    assert isinstance(walled, Skipped)
    assert walled.reason == "login_wall"


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("status:503", "http_status"), ("status:429", "http_status"), ("status:404", "http_status"), ("reset", "network"),
     ("truncated", "network"), ("empty", "empty"), ("captcha", "captcha"), ("login", "login_wall"),
     ("notfound-soft", "soft_404"), ("redirect-loop", "http_status"), ("slow:30", "timeout"), ("drip:30", "timeout")],
)  # fmt: skip
async def test_each_fault_becomes_its_reason(crawler, article, kind: str, reason: str) -> None:
    pages = {"http://a.test/x": article("The quay")}
    limits = {"first_byte_s": 0.5, "total_s": 0.5} if reason == "timeout" else {}
    async with LocalWeb.of(pages, faults=[Fault.of(kind)], search=False) as web, crawler(web, **limits) as visitor:
        outcome = await visitor.fetch("http://a.test/x")
    assert isinstance(outcome, Skipped)
    assert outcome.reason == reason, outcome


async def test_garbage_is_no_page(crawler, article) -> None:
    pages = {f"http://a.test/{number}": article("The quay") for number in range(5)}
    async with LocalWeb.of(pages, faults=[Fault.of("garbage")], search=False) as web, crawler(web) as visitor:
        outcomes = [await visitor.fetch(url) for url in pages]
    assert not [outcome for outcome in outcomes if isinstance(outcome, Page)]


async def test_with_three_in_ten_pages_failing_the_others_are_read(crawler, article) -> None:
    pages = {f"http://host-{number % 8}.test/{number}": article(f"Quay {number}") for number in range(60)}
    faults = [Fault.parse(rule) for rule in ("10% status:503", "10% reset", "10% captcha")]
    async with LocalWeb.of(pages, faults=faults, seed=7, search=False) as web, crawler(web) as visitor:
        outcomes = [await visitor.fetch(url) for url in pages]
        struck = [entry.fault for entry in web.log if entry.fault]
    skipped = [outcome for outcome in outcomes if isinstance(outcome, Skipped)]
    assert len(skipped) == len(struck)
    assert 8 <= len(skipped) <= 28
    assert {outcome.reason for outcome in skipped} == {"http_status", "network", "captcha"}


async def test_an_opt_out_in_a_header_is_heard(crawler, article) -> None:
    page = Served(body=article("The quay"), headers=(("X-Robots-Tag", "noindex"),))
    async with LocalWeb.of({"http://a.test/x": page}, search=False) as web, crawler(web) as visitor:
        outcome = await visitor.fetch("http://a.test/x")
    assert isinstance(outcome, Skipped)
    assert outcome.reason == "opt_out"


async def test_the_sitemap_is_named_where_that_is_asked_for(crawler, article, tmp_path: Path) -> None:
    page = tmp_path / "a.test" / "x.html"
    page.parent.mkdir()
    page.write_bytes(article("The quay"))
    async with LocalWeb(tmp_path, name_sitemap=True, search=False) as web, crawler(web) as visitor:
        assert await visitor.sitemaps("http://a.test/") == ("http://a.test/sitemap.xml",)
        sitemap = await visitor.body("http://a.test/sitemap.xml")
    assert isinstance(sitemap, bytes)
    assert b"<loc>http://a.test/x.html</loc>" in sitemap


async def test_the_gap_between_two_pages_can_be_counted_from_the_log(crawler, article) -> None:
    pages = {f"http://a.test/{number}": article(f"Quay {number}") for number in range(3)}
    async with LocalWeb.of(pages, search=False) as web, crawler(web, gap_s=0.2) as visitor:
        for url in pages:
            await visitor.fetch(url)
        asked = [entry for entry in web.log if entry.path != "/robots.txt"]
    assert len(asked) == 3
    assert all(after.started - before.ended >= 0.199 for before, after in pairwise(asked))


async def test_a_cached_page_is_asked_for_with_its_tag(crawler, article, tmp_path: Path) -> None:
    page = Served(body=article("The quay"), headers=(("Cache-Control", "no-cache"),))
    async with LocalWeb.of({"http://a.test/x": page}, search=False) as web:
        async with crawler(web, cache_dir=tmp_path) as visitor:
            outcomes = [await visitor.fetch("http://a.test/x") for _ in range(2)]
        assert all(isinstance(outcome, Page) for outcome in outcomes)
        assert [entry.status for entry in web.log if entry.path == "/x"] == [200, 304]
