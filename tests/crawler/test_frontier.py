"""The frontier: each address once, nearest first, and nothing lost when the process is killed."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import pytest
from fontes.crawler.site.frontier import Frontier
from fontes.crawler.site.ledger import LedgerRow
from fontes.crawler.site.scope import Scope
from fontes.crawler.site.state import CrawlStateError, remove_state
from hypothesis import given
from hypothesis import strategies as st

START = "https://site.example/"
OPENED: list[Frontier] = []


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    """Closes what a test leaves open: an open database is a warning."""
    yield
    while OPENED:
        OPENED.pop().close()


def frontier(path: Path | None = None, *, depth: int = 3, limit: int = 1_000, scope: Scope | None = None) -> Frontier:
    OPENED.append(Frontier(path, scope or Scope(START), depth=depth, limit=limit))
    return OPENED[-1]


def row(url: str, reason: str = "") -> LedgerRow:
    outcome = "skipped" if reason else "read"
    return LedgerRow(url=url, final_url=url, outcome=outcome, reason=reason, at="2024-05-01T10:00:00Z", title="T")


def drained(one: Frontier) -> Iterator[str]:
    while address := one.take():
        yield address.url.removeprefix(START)
        one.finish(address, row(address.url))


def test_addresses_come_nearest_first_and_then_in_the_order_found() -> None:
    one = frontier()
    one.add([f"{START}c", f"{START}d"], depth=2)
    one.add([f"{START}b", f"{START}a"], depth=1)
    assert list(drained(one)) == ["b", "a", "c", "d"]


def test_an_address_is_given_once_however_it_is_spelt() -> None:
    one = frontier()
    spellings = [f"{START}a", "https://SITE.example:443/x/../a#top", f"{START}a?utm_source=x", f"{START}%61"]
    assert one.add(spellings, depth=1) == 1
    assert one.add(spellings, depth=1) == 0
    assert list(drained(one)) == ["a"]
    assert one.add(spellings, depth=0) == 0, "nor again after it was read"


def test_an_address_found_nearer_moves_up() -> None:
    one = frontier()
    one.add([f"{START}far", f"{START}near"], depth=3)
    one.add([f"{START}near"], depth=1, found_on=START)
    address = one.take()
    assert address is not None
    assert (address.url, address.depth, address.found_on) == (f"{START}near", 1, START)


def test_what_is_too_deep_elsewhere_or_no_address_is_not_kept() -> None:
    one = frontier(depth=1)
    assert one.add([f"{START}a"], depth=2) == 0
    others = ["https://other.example/", "mailto:a@site.example", "http://[", "", f"{START[:-1]}:8443/", "\ud800"]
    assert one.add(others, depth=1) == 0
    assert one.add([f"{START}{'x' * 10_000}"], depth=1) == 0
    assert one.add(["https://www.site.example/"], depth=1) == 1, "with www. it is the same site"


def test_no_more_is_given_out_than_the_limit_also_in_a_later_process(tmp_path: Path) -> None:
    path = tmp_path / "crawl.db"
    one = frontier(path, limit=3)
    assert one.add((f"{START}{n}" for n in range(1_000)), depth=1) == 60, "and what is kept beyond it has an end"
    assert len(list(drained(one))) == 3
    one.close()
    again = frontier(path, limit=5)
    assert (again.counts.asked, again.counts.waiting) == (3, 57)
    assert list(drained(again)) == ["3", "4"]


def test_a_host_that_is_busy_is_left_alone() -> None:
    one = frontier(scope=Scope(START, same_host=False))
    one.add([f"{START}a", f"{START}b", "https://other.example/c"], depth=1)
    assert [address and address.host for address in (one.take(), one.take({"site.example"}))] == [
        "site.example", "other.example",
    ]  # fmt: skip
    assert one.take({"site.example", "other.example"}) is None
    assert one.counts.waiting_by_host == {"site.example": 1}


def test_the_targets_of_redirects_are_not_asked_again() -> None:
    one = frontier()
    one.add([f"{START}old", f"{START}new", f"{START}rest"], depth=1)
    address = one.take()
    assert address is not None
    one.reached([f"{START}new", f"{START}unknown", "https://elsewhere.example/", "no address"], found_on=address.url)
    assert one.add([f"{START}unknown"], depth=1) == 0
    assert (one.counts.found, one.counts.waiting) == (2, 1)
    assert list(drained(one)) == ["rest"]


def test_counts_and_ledger_tell_what_became_of_every_address(tmp_path: Path) -> None:
    path = tmp_path / "crawl.db"
    one = frontier(path)
    one.add([f"{START}{n}" for n in range(4)], depth=1, found_on=START)
    for reason in ("", "robots", "robots"):
        address = one.take()
        assert address is not None
        one.finish(address, row(address.url, reason))
    counts = one.counts
    assert (counts.found, counts.asked, counts.read, counts.waiting, counts.skipped) == (4, 3, 1, 1, {"robots": 2})
    one.close()
    again = frontier(path)
    assert again.counts == counts
    assert [(r.url, r.reason, r.depth, r.found_on, r.title) for r in again.ledger()] == [
        (f"{START}{n}", reason, 1, START, "T") for n, reason in enumerate(("", "robots", "robots"))
    ]


def test_texts_signatures_and_notes_outlive_the_process(tmp_path: Path) -> None:
    one = frontier(tmp_path / "crawl.db")
    assert one.first_with("hash", f"{START}a") == f"{START}a"
    for number in range(3):
        one.remember_signature(bytes([number]), f"{START}{number}")
    one.note("sitemaps", {"read": True})
    one.close()
    again = frontier(tmp_path / "crawl.db")
    assert again.first_with("hash", f"{START}b") == f"{START}a"
    assert again.signatures(2) == [(b"\1", f"{START}1"), (b"\2", f"{START}2")]
    assert (again.noted("sitemaps"), again.noted("nothing")) == ({"read": True}, None)


KILLED = """
import sys
from pathlib import Path
from fontes.crawler.site.frontier import Frontier
from fontes.crawler.site.ledger import LedgerRow
from fontes.crawler.site.scope import Scope
one = Frontier(Path(sys.argv[1]), Scope("https://site.example/"), depth=3, limit=100_000)
one.add([f"https://site.example/{n}" for n in range(5_000)], depth=1)
while address := one.take():
    one.finish(address, LedgerRow(url=address.url, final_url=address.url, outcome="read"))
    print(address.url, flush=True)
    one.take()
"""


def test_after_kill_9_what_was_finished_is_kept_and_what_was_given_out_is_given_again(tmp_path: Path) -> None:
    path = tmp_path / "crawl.db"
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    finished = [process.stdout.readline().strip() for _ in range(40)]
    process.send_signal(signal.SIGKILL)
    finished += process.stdout.read().split()
    process.wait()
    process.stdout.close()
    again = frontier(path, limit=100_000)
    done = [r.url for r in again.ledger()]
    assert set(finished) <= set(done) <= {*finished, f"{START}{2 * len(finished)}"}
    assert again.counts.waiting == 5_000 - len(done)
    assert next(drained(again)) == "1", "it was given out beside the first, and never finished"


def test_two_processes_cannot_work_on_one_crawl(tmp_path: Path) -> None:
    one = frontier(tmp_path / "crawl.db")
    with pytest.raises(CrawlStateError, match="another process"):
        frontier(tmp_path / "crawl.db")
    one.close()
    frontier(tmp_path / "crawl.db").close()


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "crawl.db"
    one = frontier(path, limit=100_000)
    one.add([f"{START}kept"], depth=1)
    one._db.execute("PRAGMA max_page_count = 60")  # what SQLite says then is what it says of a full disk
    with pytest.raises(CrawlStateError, match=r"no space is left on the disk.*run the command again"):
        one.add((f"{START}{n}/{'x' * 200}" for n in range(10_000)), depth=1)
    one.close()
    again = frontier(path)
    assert again.counts.found == 1
    assert list(drained(again)) == ["kept"]


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\0" + b"x" * 5_000])
def test_a_damaged_or_foreign_file_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "crawl.db"
    path.write_bytes(content)
    with pytest.raises(CrawlStateError, match="Delete it"):
        frontier(path)
    remove_state(path)
    frontier(path).close()


def test_the_database_of_another_program_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE theirs (x)")
    db.close()
    with pytest.raises(CrawlStateError, match="no crawl's state"):
        frontier(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(CrawlStateError, match="cannot be"):
        frontier(tmp_path / "below" / "crawl.db")


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("/docs/**", ["docs", "docs/", "docs/a", "docs/a/b?q=1"], ["", "docsx", "a/docs/b"]),
        ("/docs/*", ["docs/", "docs/a", "docs/a?x=1"], ["docs", "docs/a/b"]),
        ("/**.pdf", ["a.pdf", "a/b.pdf", "a.pdf?x=1"], ["a.pdfx", "pdf"]),
        ("/*/*-x/", ["a/b-x/", "a/-x-x/"], ["a/b/c-x/", "a/b-x"]),
        ("/**/a*b/**", ["x/ab/", "x/a/ab/y", "q/r/ab"], ["ab/x", "x/a/b/"]),
        ("/s?q=*", ["s?q=1", "s?q="], ["s", "s?r=1"]),
        ("/a.b+(c)", ["a.b+(c)"], ["axb+(c)", "a.bb(c)"]),
        ("/größe", ["größe", "gr%C3%B6%C3%9Fe"], ["grosse"]),
        ("https://site.example/x/**", ["x/y", "x"], ["y"]),
        ("*://*.example/x", ["x", "x?y=1"], ["y"]),
        ("/**", ["", "a", "a/b"], []),
        ("/", [""], ["a"]),
    ],
)
def test_a_pattern_matches_whole_paths_or_whole_addresses(pattern: str, yes: list[str], no: list[str]) -> None:
    for paths, matches in ((yes, True), (no, False)):
        for path in paths:
            one = frontier(scope=Scope(START, include=[pattern]))
            assert bool(one.add([START + path], depth=1)) is matches, path
            other = frontier(scope=Scope(START, exclude=[pattern]))
            assert bool(other.add([START + path], depth=1)) is not matches, path


def test_a_path_is_of_the_start_s_host_and_an_address_widens_it() -> None:
    scope = Scope(START, include=["/a/**", "https://docs.example/**"], exclude=["https://docs.example/old/**"])
    one = frontier(scope=scope)
    kept = [f"{START}a/1", "https://docs.example/x"]
    assert one.add([*kept, f"{START}b", "https://docs.example/old/x", "https://more.example/a/1"], depth=1) == 2
    assert list(drained(one)) == ["a/1", "https://docs.example/x"]


@pytest.mark.parametrize("pattern", ["", "docs/*", "*.pdf", "docs", "/" + "x" * 2_000])
def test_a_pattern_that_is_neither_path_nor_address_is_refused(pattern: str) -> None:
    for make in (lambda: Scope(START, include=[pattern]), lambda: Scope(START, exclude=[pattern])):
        with pytest.raises(ValueError, match="is no pattern of addresses"):
            make()


@pytest.mark.parametrize(
    "pattern", ["/" + "*a" * 20 + "b", "/" + "**a" * 20 + "b", "/**" + "*a*/" * 8 + "b", "/" + "**a*a" * 10 + "/b"]
)
def test_no_pattern_and_address_take_long(pattern: str) -> None:
    scope = Scope(START, include=[pattern])
    begun = process_time()
    for address in ("a" * 8_000, "a/" * 4_000, "a" * 4_000 + "/" + "a" * 4_000):
        scope.admits(START + address)
    assert process_time() - begun < 5  # 0.15 s; one that backtracks takes hours


GLOB = st.text(st.sampled_from("ab/*"), max_size=8).map("/".__add__)


def plainly(pattern: str, path: str) -> bool:
    """The meaning of a pattern, written down for clarity and not for speed."""
    if not pattern:
        return not path
    if pattern == "/**" and not path:
        return True
    if pattern.startswith("**"):
        rest = pattern.lstrip("*")
        return any(plainly(rest, path[at:]) for at in range(len(path) + 1))
    if pattern.startswith("*"):
        most = len(path.partition("/")[0])
        return any(plainly(pattern[1:], path[at:]) for at in range(most + 1))
    return path.startswith(pattern[0]) and plainly(pattern[1:], path[1:])


@given(GLOB, st.text(st.sampled_from("ab/"), max_size=8))
def test_patterns_mean_what_they_say(pattern: str, path: str) -> None:
    scope = Scope(START, include=[pattern])
    assert scope.admits(START + path) is plainly(pattern, f"/{path}"), (pattern, path)


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 3)), max_size=30))
def test_whatever_is_added_comes_once_and_nearest_first(found: list[tuple[str, int]]) -> None:
    one = frontier()
    for name, depth in found:
        one.add([START + name], depth=depth)
    addresses = []
    while address := one.take():
        addresses.append(address)
    nearest: dict[str, int] = {}
    for name, depth in found:
        nearest[name] = min(depth, nearest.get(name, depth))
    assert [address.depth for address in addresses] == sorted(nearest.values())
    assert {address.url.removeprefix(START): address.depth for address in addresses} == nearest
    assert one.counts.waiting == 0
