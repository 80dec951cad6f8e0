"""The crawl of a site: everything within bounds, each address once, and nothing lost when it is interrupted."""

import asyncio
import gzip
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
from fontes.crawler import BlockedURL, Page, Sighting, Skipped, text_hash
from fontes.crawler.site import CrawlStateError, SiteCrawl
from fontes.crawler.site.listed import MOST_SITEMAPS
from fontes.crawler.visit import Visit

HOME = "https://site.example/"


class ScriptedSite:
    """A `Visitor` over a dictionary: what `add` was told is there, all else is "not found".

    Addresses are given without `https://site.example/`. `visited` and `bodies_asked` say what was asked, in order.
    """

    def __init__(self) -> None:
        self.visited: list[str] = []
        self.bodies_asked: list[str] = []
        self.named: tuple[str, ...] = ()
        self.most_at_once: Counter[str] = Counter()
        self.held: dict[str, asyncio.Event] = {}
        self._at_once: Counter[str] = Counter()
        self._pages: dict[str, dict[str, Any]] = {}
        self._bodies: dict[str, bytes] = {}

    def add(self, name: str, *links: str, text: str = "", redirect: str = "", canonical: str = "") -> None:
        url = _full(name)
        if redirect:
            self._pages[url] = {"redirect": _full(redirect)}
            return
        text = text or f"The page at {url}."
        sighting = Sighting(source=url, fetched="2024-05-01T10:00:00Z", canonical=canonical and _full(canonical))
        page = Page(text=text, hash=text_hash(text), title=name, sightings=(sighting,))
        self._pages[url] = {"page": page, "links": tuple(map(_full, links))}

    def add_sitemap(self, name: str, *locs: str, index: bool = False) -> None:
        outer, inner = ("sitemapindex", "sitemap") if index else ("urlset", "url")
        listed = "".join(f"<{inner}><loc>{_full(loc)}</loc></{inner}>" for loc in locs)
        body = f"<{outer}>{listed}</{outer}>".encode()
        self._bodies[_full(name)] = gzip.compress(body) if name.endswith(".gz") else body

    def add_body(self, name: str, body: bytes) -> None:
        self._bodies[_full(name)] = body

    async def visit(self, url: str) -> Visit:
        self.visited.append(_short(url))
        host = url.split("/")[2]
        self._at_once[host] += 1
        self.most_at_once[host] = max(self.most_at_once[host], self._at_once[host])
        if event := self.held.get(_short(url)):
            await event.wait()
        await asyncio.sleep(0)
        self._at_once[host] -= 1
        found, final = self._pages.get(url, {}), url
        while "redirect" in found:
            final = found["redirect"]
            found = self._pages.get(final, {})
        if "page" not in found:
            return Visit(
                url=url, final_url=final, outcome=Skipped(source=url, reason="http_status", detail="status 404")
            )
        return Visit(url=url, final_url=final, outcome=found["page"], links=found["links"], status=200, size=10)

    async def sitemaps(self, url: str) -> tuple[str, ...]:
        return tuple(map(_full, self.named))

    async def body(self, url: str) -> bytes | Skipped:
        self.bodies_asked.append(_short(url))
        return self._bodies.get(url) or Skipped(source=url, reason="http_status", detail="status 404")

    def host_states(self) -> tuple[tuple[str, str], ...]:
        return (("site.example", "asking"),)


def _full(name: str) -> str:
    return name if "://" in name else HOME + name


def _short(url: str) -> str:
    return url.removeprefix(HOME)


async def outcomes(site: ScriptedSite, start: str = "", **options: Any) -> dict[str, str]:
    """What became of every address: "read" or the reason."""
    return await told(SiteCrawl(site, _full(start), **options))


async def told(crawl: SiteCrawl) -> dict[str, str]:
    became: dict[str, str] = {}
    async with aclosing(crawl.run()) as visits:
        async for visit in visits:
            assert _short(visit.url) not in became, "each address comes once"
            became[_short(visit.url)] = visit.outcome.reason if isinstance(visit.outcome, Skipped) else "read"
    return became


@pytest.fixture
def site() -> ScriptedSite:
    """A start with three pages below, one with a page of its own, which leads back."""
    site = ScriptedSite()
    site.add("", "a", "b", "c")
    site.add("a", "", "a/deep", "https://other.example/")
    site.add("b", "missing", "a#part")
    site.add("c")
    site.add("a/deep", "a/deep/er", "")
    site.add("a/deep/er")
    return site


async def test_everything_on_the_site_is_read_once_nearest_first(site: ScriptedSite) -> None:
    became = await outcomes(site)
    assert became == dict.fromkeys(("", "a", "b", "c", "a/deep", "a/deep/er"), "read") | {"missing": "http_status"}
    assert site.visited == ["", "a", "b", "c", "a/deep", "missing", "a/deep/er"]
    assert site.most_at_once["site.example"] <= 2, "more could only wait for their turn"


@pytest.mark.parametrize(("depth", "count"), [(0, 1), (1, 4), (2, 6), (3, 7)])
async def test_depth_is_the_most_links_from_the_start(site: ScriptedSite, depth: int, count: int) -> None:
    assert len(await outcomes(site, depth=depth)) == count


async def test_limit_is_the_most_addresses_asked(site: ScriptedSite) -> None:
    crawl = SiteCrawl(site, HOME, limit=3)
    assert list(await told(crawl)) == ["", "a", "b"]
    progress = crawl.progress
    assert (progress.found, progress.read, progress.waiting, progress.left) == (6, 3, 0, 3)


async def test_patterns_and_hosts_bound_the_crawl_but_not_its_start(site: ScriptedSite) -> None:
    assert set(await outcomes(site, include=["/a/**"])) == {"", "a", "a/deep", "a/deep/er"}
    assert set(await outcomes(site, exclude=["/a/**", "/missing"])) == {"", "b", "c"}
    assert "https://other.example/" in await outcomes(site, same_host=False)
    assert "https://other.example/" in await outcomes(site, include=["/a", "https://other.example/**"])


async def test_the_same_text_under_another_address_is_a_duplicate_whose_links_are_not_followed() -> None:
    trap = ScriptedSite()
    trap.add("", "trap")
    name = "trap"
    for _ in range(10):
        trap.add(name, f"{name}/again", text="Always the same.")
        name += "/again"
    crawl = SiteCrawl(trap, HOME, depth=9)
    async with aclosing(crawl.run()) as visits:
        became = [visit async for visit in visits]
    assert [_short(visit.url) for visit in became] == ["", "trap", "trap/again"]
    duplicate = became[-1].outcome
    assert isinstance(duplicate, Skipped)
    assert (duplicate.reason, duplicate.detail) == ("duplicate", f"the same text as {HOME}trap")


async def test_nearly_the_same_text_is_a_duplicate_too_but_its_links_are_followed() -> None:
    words = [f"word{random.Random(at).randrange(3_000)}" for at in range(500)]
    site = ScriptedSite()
    site.add("", "one", "two")
    site.add("one", text=" ".join(words))
    site.add("two", "three", text=" ".join([*words, "printed", "today"]))
    site.add("three")
    assert await outcomes(site) == {"": "read", "one": "read", "two": "duplicate", "three": "read"}


async def test_the_target_of_a_redirect_is_not_asked_again() -> None:
    site = ScriptedSite()
    site.add("", "old", "rest", "more", "new")
    site.add("old", redirect="new")
    for name in ("new", "rest", "more"):
        site.add(name)
    assert await outcomes(site) == dict.fromkeys(("", "old", "rest", "more"), "read")


async def test_where_the_start_redirects_to_is_the_site_also_when_gone_on(tmp_path: Path) -> None:
    site = ScriptedSite()
    site.add("", redirect="https://new.example/")
    site.add("https://new.example/", "https://new.example/a", "https://third.example/")
    site.add("https://new.example/a", "https://new.example/b")
    site.add("https://new.example/b")
    crawl = SiteCrawl(site, HOME, limit=2, state=tmp_path / "crawl.db")
    assert list(await told(crawl)) == ["", "https://new.example/a"]
    assert list(await outcomes(site, state=tmp_path / "crawl.db")) == ["https://new.example/b"]


async def test_a_canonical_address_on_the_site_is_read_as_well() -> None:
    site = ScriptedSite()
    site.add("", canonical="home")
    site.add("home", canonical="https://other.example/home")
    assert await outcomes(site, depth=0) == {"": "read", "home": "read"}


async def test_sitemaps_and_those_they_name_are_read_once_whatever_circles_they_make(site: ScriptedSite) -> None:
    site.named = ("map.xml", "gone.xml", "page.html", "https://maps.example/site.xml", "no address://")
    site.add_sitemap("map.xml", "map.xml", "one.xml.gz", "https://evil.example/map.xml", index=True)
    site.add_sitemap("one.xml.gz", "listed", "a", "https://other.example/x")
    site.add_sitemap("https://maps.example/site.xml", "listed too")
    site.add_body("page.html", b"<html></html>")
    site.add("listed")
    site.add("listed%20too")
    crawl = SiteCrawl(site, HOME, depth=1)
    assert {"listed", "listed%20too", "a", "b", "c", ""} == set(await told(crawl))
    assert site.bodies_asked == ["map.xml", "gone.xml", "page.html", "https://maps.example/site.xml", "one.xml.gz"]
    assert crawl.progress.sitemaps == 3


async def test_sitemaps_have_bounds_in_number_depth_and_addresses(site: ScriptedSite) -> None:
    for number in range(10):
        site.add_sitemap(f"nest{number}", f"nest{number + 1}", index=True)
    site.add_sitemap("many", *(f"s{number}" for number in range(2 * MOST_SITEMAPS)), index=True)
    site.named = ("nest0",)
    await outcomes(site)
    assert site.bodies_asked == ["nest0", "nest1", "nest2", "nest3"]
    site.named = ("many",)
    await outcomes(site)
    assert len(site.bodies_asked) == 4 + MOST_SITEMAPS
    site.bodies_asked.clear()
    site.named = ("large", "more")
    site.add_sitemap("large", *map(str, range(60_000)))
    crawl = SiteCrawl(site, HOME, limit=20)
    assert len(await told(crawl)) == 20
    assert crawl.progress.found <= 20 * 20 + 10
    assert site.bodies_asked == ["large"]


async def test_without_sitemaps_none_is_asked_for(site: ScriptedSite) -> None:
    site.named = ("map.xml",)
    await outcomes(site, sitemaps=False)
    await outcomes(site, depth=0)
    assert site.bodies_asked == []


async def test_a_crawl_that_was_closed_goes_on_with_what_the_caller_was_busy_with(
    site: ScriptedSite, tmp_path: Path
) -> None:
    options: dict[str, Any] = {"state": tmp_path / "crawl.db", "sitemaps": False}
    before: list[str] = []
    async with aclosing(SiteCrawl(site, HOME, **options).run()) as visits:
        async for visit in visits:
            before.append(_short(visit.url))
            if len(before) == 3:
                break
    crawl = SiteCrawl(site, HOME, **options)
    after = await told(crawl)
    assert before == ["", "a", "b"]
    assert after == dict.fromkeys(("b", "c", "a/deep", "a/deep/er"), "read") | {"missing": "http_status"}
    assert (crawl.progress.read, crawl.progress.reasons) == (6, (("http_status", 1),))
    assert await outcomes(site, **options) == {}, "a finished crawl has nothing more to do"


async def test_texts_read_in_an_earlier_run_are_known(tmp_path: Path) -> None:
    site = ScriptedSite()
    words = " ".join(f"word{random.Random(at).randrange(3_000)}" for at in range(500))
    site.add("", "one", "two", "three")
    site.add("one", text=words)
    site.add("two", text=words)
    site.add("three", text=f"{words} printed today")
    assert await outcomes(site, limit=2, state=tmp_path / "crawl.db") == {"": "read", "one": "read"}
    assert await outcomes(site, state=tmp_path / "crawl.db") == {"two": "duplicate", "three": "duplicate"}


async def test_a_crawl_that_is_cancelled_leaves_no_task_and_a_state_to_go_on_from(
    site: ScriptedSite, tmp_path: Path
) -> None:
    site.held["a"] = site.held["b"] = asyncio.Event()
    crawl = SiteCrawl(site, HOME, state=tmp_path / "crawl.db")
    task = asyncio.create_task(told(crawl))
    while len(site.visited) < 3:
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert asyncio.all_tasks() == {asyncio.current_task()}
    site.held.clear()
    assert set(await outcomes(site, state=tmp_path / "crawl.db")) == {"a", "b", "c", "a/deep", "a/deep/er", "missing"}


KILLED = """
import asyncio, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_site_crawl import HOME, ScriptedSite
from fontes.crawler.site import SiteCrawl

async def main():
    site = ScriptedSite()
    site.add("", *(f"p{n}" for n in range(400)))
    for n in range(400):
        site.add(f"p{n}", f"p{n}/below")
        site.add(f"p{n}/below")
    async for visit in SiteCrawl(site, HOME, state=Path(sys.argv[1])).run():
        print(visit.url, flush=True)

asyncio.run(main())
"""


@pytest.mark.slow
def test_a_crawl_killed_again_and_again_reads_everything_and_what_was_done_only_once(tmp_path: Path) -> None:
    state, came, lengths = tmp_path / "crawl.db", Counter[str](), []
    for length in (1, 50, 200, 300, 10_000):
        command = [sys.executable, "-c", KILLED, str(state), str(Path(__file__).parent)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        lines = [line for _, line in zip(range(length), process.stdout, strict=False)]  # this order loses no line
        process.send_signal(signal.SIGKILL)
        lines += process.stdout.read().splitlines(keepends=True)
        process.wait()
        process.stdout.close()
        came.update(lines)
        lengths.append(len(lines))
    assert len(came) == 801
    assert sum(came.values()) - 801 <= 4, "only what the caller had in hand when it was killed comes again"
    assert min(lengths) > 0


async def test_no_more_pages_are_read_ahead_than_may_be_under_way() -> None:
    site = ScriptedSite()
    hosts = [f"https://h{number}.example/" for number in range(50)]
    site.add("", *hosts)
    for host in hosts:
        site.add(host)
    crawl = SiteCrawl(site, HOME, same_host=False, at_once=5)
    async with aclosing(crawl.run()) as visits:
        came = 0
        async for _ in visits:
            came += 1
            for _ in range(100):
                await asyncio.sleep(0)
            assert len(site.visited) <= came + 6
    assert came == 51


async def test_an_error_of_the_crawler_ends_the_crawl_as_it_is(site: ScriptedSite, tmp_path: Path) -> None:
    class Broken(ScriptedSite):
        async def visit(self, url: str) -> Visit:
            if self.visited:
                raise ZeroDivisionError("a fault of the program")
            return await super().visit(url)

    broken = Broken()
    broken.add("", "a", "b")
    with pytest.raises(ZeroDivisionError):
        await outcomes(broken, state=tmp_path / "crawl.db")
    site.add("b")
    assert {"a", "b"} <= set(await outcomes(site, state=tmp_path / "crawl.db"))


async def test_the_state_of_another_crawl_or_a_damaged_one_is_refused(site: ScriptedSite, tmp_path: Path) -> None:
    state = tmp_path / "crawl.db"
    await outcomes(site, state=state)
    for changes in ({"depth": 1}, {"exclude": ["/x"]}, {"sitemaps": False}, {"start": "a"}):
        with pytest.raises(CrawlStateError, match="another crawl"):
            await outcomes(site, state=state, **changes)
    state.write_bytes(b"x" * 5_000)
    with pytest.raises(CrawlStateError, match="Delete it"):
        await outcomes(site, state=state)


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda site: SiteCrawl(site, "no address"), BlockedURL),
        (lambda site: SiteCrawl(site, "ftp://site.example/"), BlockedURL),
        (lambda site: SiteCrawl(site, HOME, depth=-1), ValueError),
        (lambda site: SiteCrawl(site, HOME, limit=0), ValueError),
        (lambda site: SiteCrawl(site, HOME, include=["docs"]), ValueError),
    ],
)
def test_what_cannot_be_crawled_is_refused_at_once(
    make: Callable[[ScriptedSite], SiteCrawl], error: type[Exception], site: ScriptedSite
) -> None:
    with pytest.raises(error):
        make(site)


async def test_progress_tells_pages_rate_time_left_and_hosts(site: ScriptedSite) -> None:
    crawl = SiteCrawl(site, HOME)
    assert (crawl.progress.found, crawl.progress.eta_s) == (0, None)
    seen = []
    async with aclosing(crawl.entries()) as entries:
        async for _, row in entries:
            seen.append((row, crawl.progress))
    assert [row.depth for row, _ in seen] == [0, 1, 1, 1, 2, 2, 3]
    assert [row.found_on for row, _ in seen][:5] == ["", HOME, HOME, HOME, f"{HOME}a"]
    middle = seen[4][1]
    assert middle.eta_s is not None
    assert middle.pages_s > 0
    assert ("site.example", "asking") in seen[1][1].hosts
    done = crawl.progress
    assert (done.found, done.read, done.skipped, done.waiting, done.eta_s) == (7, 6, 1, 0, 0)
    assert done.reasons == (("http_status", 1),)
    with pytest.raises(RuntimeError, match="runs once"):
        await told(crawl)
