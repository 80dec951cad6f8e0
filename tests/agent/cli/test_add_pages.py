"""`fontes add URL`: pages, sitemaps and feeds into the lasting index, beside files."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from fontes.agent.assistant import Assistant
from fontes.agent.settings import Settings
from fontes.tools.localweb import LocalWeb

pytestmark = pytest.mark.slow  # whole processes or many seconds of waiting

SITEMAP = '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
INDEX = '<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</sitemapindex>'
FEED = '<rss version="2.0"><channel><title>News</title>{}</channel></rss>'


def sitemap(*urls: str) -> bytes:
    return SITEMAP.format("".join(f"<url><loc>{url}</loc></url>" for url in urls)).encode()


def test_a_page_is_added_searched_listed_and_removed(fontes, serve, lights) -> None:
    serve(lights)
    assert "1 added: searchable now" in fontes("add", "http://harbour.test/gannet").out
    assert "1991" in fontes("ask", "When was Gannet Point Light automated?", "--no-web").out
    assert fontes("sources").out.split("\t")[0] == "http://harbour.test/gannet"
    assert fontes("remove", "HTTP://harbour.test/gannet#top").code == 0
    assert fontes("sources").out == ""


def test_adding_again_says_what_is_unchanged_and_what_changed(fontes, serve, lights, make_page) -> None:
    serve(lights)
    both = ("http://harbour.test/gannet", "http://keepers.test/gannet")
    assert "2 added" in fontes("add", *both).out
    assert "2 unchanged" in fontes("add", *both).out
    text = "Gannet Point Light was switched off for good in the spring of 2026, and its lamp went to the museum."
    serve({**lights, both[0]: make_page("Gannet Point Light", text)})
    assert "1 changed, 1 unchanged" in fontes("add", *both).out
    assert fontes("search", "lamp went to the museum").code == 0
    assert fontes("search", "two white flashes").code == 4


def test_pages_and_files_are_added_together(fontes, serve, lights, notes: Path) -> None:
    serve(lights)
    result = fontes("add", notes, "http://harbour.test/gannet", notes / "missing.txt")
    assert result.code == 0
    assert "4 added" in result.out
    assert "missing.txt" in result.err


def test_what_could_not_be_read_has_its_reason_and_alone_is_bad_input(fontes, serve, lights) -> None:
    serve(lights)
    result = fontes(
        "add", "http://harbour.test/staff/gannet", "http://harbour.test/gone", "http://127.0.0.1/", "--json"
    )
    assert result.code == 2
    skipped = {row["source"]: row["reason"] for row in json.loads(result.out)["skipped"]}
    assert skipped == {
        "http://harbour.test/staff/gannet": "robots", "http://harbour.test/gone": "http_status",
        "http://127.0.0.1/": "blocked_address",
    }  # fmt: skip
    assert "(robots)" in fontes("add", "http://harbour.test/staff/gannet").err


@pytest.mark.parametrize(
    "url",
    ["ftp://harbour.test/", "file:///etc/passwd", "http://[", "http://user:secret@harbour.test/", "javascript://x"],
)
def test_an_address_that_is_none_of_the_web_is_refused(fontes, serve, lights, url: str) -> None:
    web = serve(lights)
    result = fontes("add", url)
    assert result.code == 2
    assert "skipped" in result.err
    assert web.request_count == 0


@pytest.mark.parametrize("path", ["sitemap.xml", "sitemap.xml.gz", "map", "pages.txt", "feed"])
def test_a_sitemap_or_feed_stands_for_its_pages(fontes, serve, lights, path: str) -> None:
    urls = ("http://harbour.test/gannet", "http://harbour.test/staff/gannet", "http://keepers.test/gannet")
    body = sitemap(*urls)
    if path == "pages.txt":
        body = "\n".join(urls).encode()
    elif path == "feed":
        body = FEED.format("".join(f"<item><link>{url}</link></item>" for url in urls)).encode()
    serve({**lights, f"http://harbour.test/{path}": body})
    result = fontes("add", f"http://harbour.test/{path}", "--json")
    assert result.code == 0
    report = json.loads(result.out)
    assert sorted(report["added"]) == ["http://harbour.test/gannet", "http://keepers.test/gannet"]
    assert [(row["source"], row["reason"]) for row in report["skipped"]] == [(urls[1], "robots")]


def test_a_sitemap_of_sitemaps_is_followed_and_a_circle_ends(fontes, serve, lights) -> None:
    maps = [f"http://harbour.test/sitemap-{name}.xml" for name in ("a", "b", "gone")]
    index = INDEX.format("".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in (*maps, maps[1]))).encode()
    again = INDEX.format("<sitemap><loc>http://harbour.test/sitemap.xml</loc></sitemap>").encode()
    serve(
        {
            **lights,
            "http://harbour.test/sitemap.xml": index,
            maps[0]: sitemap("http://harbour.test/gannet"),
            maps[1]: again,
        }
    )
    report = json.loads(fontes("add", "http://harbour.test/sitemap.xml", "--json").out)
    assert report["added"] == ["http://harbour.test/gannet"]
    assert [(row["source"], row["reason"]) for row in report["skipped"]] == [(maps[2], "http_status")]


def test_the_limit_bounds_what_sitemaps_bring_along(fontes, serve, make_page) -> None:
    pages = {
        f"http://big.test/{n}": make_page(
            f"Entry {n}", f"Entry {n} tells of the number {n} and of nothing else at all."
        )
        for n in range(8)
    }
    web = serve({**pages, "http://big.test/sitemap.xml": sitemap(*pages)})
    result = fontes("add", "http://big.test/sitemap.xml", "--limit", "3")
    assert "3 added" in result.out
    assert "5 pages more listed than --limit 3 lets in" in result.err
    assert len([entry for entry in web.log if entry.path[1:].isdigit()]) == 3
    assert fontes("add", "http://big.test/sitemap.xml", "--limit", "0").code == 2


def test_a_page_that_only_looks_like_a_sitemap_is_a_page(fontes, serve, lights, make_page) -> None:
    page = make_page("Our sitemap", "The sitemap of this island was drawn by hand, in ink, on the back of a chart.")
    serve({**lights, "http://harbour.test/sitemap.html": page})
    assert "1 added" in fontes("add", "http://harbour.test/sitemap.html").out


def test_gone_removes_files_and_no_page(fontes, serve, lights, notes: Path) -> None:
    serve(lights)
    fontes("add", notes, "http://harbour.test/gannet")
    (notes / "ferry.md").unlink()
    assert "ferry.md" in fontes("remove", "--gone").out
    assert "http://harbour.test/gannet" in fontes("sources").out


def test_all_pages_below_an_address_are_removed_at_once(fontes, serve, lights) -> None:
    serve(lights)
    fontes("add", "http://harbour.test/", "http://harbour.test/gannet", "http://keepers.test/gannet")
    result = fontes("remove", "http://harbour.test/*")
    assert result.out.splitlines() == ["removed http://harbour.test/", "removed http://harbour.test/gannet"]
    assert fontes("remove", "http://nowhere.test/*").code == 2
    assert fontes("remove", "mailto://x").code == 2


def test_ctrl_c_keeps_what_was_stored(fontes, serve, lights, has_pages) -> None:
    serve(lights, faults=["1 slow:60 keepers.test"])
    command = [sys.executable, "-c", "from fontes.agent.cli import main; main()", "add"]
    urls = ("http://harbour.test/gannet", "http://keepers.test/gannet")
    adding = subprocess.Popen([*command, *urls], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not has_pages():
        assert adding.poll() is None, adding.communicate()
    adding.send_signal(signal.SIGINT)
    _, err = adding.communicate(timeout=30)
    assert adding.returncode == 130, err
    assert "what was stored stays" in err
    assert fontes("search", "two white flashes").code == 0


async def test_the_assistant_adds_pages_too(tmp_path: Path, lights) -> None:
    async with LocalWeb.of(lights) as web:
        resolve = tuple(f"{host}={address}" for host, address in web.resolve.items())
        settings = Settings(
            home=tmp_path / "home",
            embedder="none",
            reranker="none",
            workers=1,
            web=False,
            resolve=resolve,
            host_gap_s=0,
        )
        async with Assistant(settings) as fontes:
            report = await fontes.add(["http://harbour.test/gannet", "http://harbour.test/staff/gannet"])
            assert report.added == ("http://harbour.test/gannet",)
            assert [skipped.reason for skipped in report.skipped] == ["robots"]
            assert (await fontes.ask("When was Gannet Point Light automated?")).status == "answered"
