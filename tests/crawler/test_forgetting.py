"""What is forgotten of the HTTP cache stands in no byte of it, and what is held stays."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fontes.crawler import Crawler, forget_cached

FRESH = (("Cache-Control", "max-age=600"),)
HOST = "http://one.example"


def traces(folder: Path, *words: str) -> set[str]:
    found = [file.name for file in folder.rglob("*") if any(word.encode() in file.read_bytes() for word in words)]
    return {name for name in found if name.startswith("http.db")}


def put(site: Any, name: str) -> None:
    site.put(f"/{name}", site.reply(site.article(f"Of {name}"), headers=FRESH))


async def visit(crawler: Crawler, *names: str) -> list[Any]:
    return [await crawler.visit(f"{HOST}/{name}") for name in names]


async def test_what_is_not_held_is_gone_from_every_byte_and_what_is_held_is_used_again(
    site: Any, tmp_path: Path
) -> None:
    for name in ("kept-öl", "zyxsecret"):
        put(site, name.replace("ö", "%C3%B6"))
    async with site.crawler(cache_dir=tmp_path, gap_s=0) as crawler:
        kept, _ = await visit(crawler, "kept-öl", "zyxsecret")
        assert traces(tmp_path, "zyxsecret")
        held = {seen.source for seen in kept.outcome.sightings}
        assert forget_cached(tmp_path, but=held, wait_s=5), "while the crawler is open"
        assert traces(tmp_path, "zyxsecret") == set()
        kept, gone = await visit(crawler, "kept-öl", "zyxsecret")
        assert (kept.from_cache, gone.from_cache) == (True, False)
        kept, again = await visit(crawler, "kept-öl", "zyxsecret")
        assert (kept.from_cache, again.from_cache) == (True, True), "the cache goes on"


async def test_redirects_on_the_way_to_a_held_page_stay_with_it(site: Any, tmp_path: Path) -> None:
    put(site, "page")
    put(site, "other")
    site.put("/old", site.reply(status=301, headers=(("Location", "/newer#part"), *FRESH)))
    site.put("/newer", site.reply(status=308, headers=(("Location", f"{HOST}/page"), *FRESH)))
    site.put("/zyxaway", site.reply(status=301, headers=(("Location", "/other"), *FRESH)))
    async with site.crawler(cache_dir=tmp_path, gap_s=0) as crawler:
        await visit(crawler, "old", "zyxaway")
        assert forget_cached(tmp_path, but={f"{HOST}/page"}, wait_s=5)
        assert traces(tmp_path, "zyxaway", "/other") == set()
        asked = len(site.asked())
        (again,) = await visit(crawler, "old")
        assert again.from_cache
        assert len(site.asked()) == asked


async def test_an_answer_whose_storing_was_cut_off_goes_too(site: Any, tmp_path: Path) -> None:
    put(site, "zyxsecret")
    async with site.crawler(cache_dir=tmp_path, gap_s=0) as crawler:
        await visit(crawler, "zyxsecret")
    with closing(sqlite3.connect(tmp_path / "http.db")) as db, db:
        db.execute("UPDATE entries SET chunk_count = NULL, expires_at = 0")
    assert forget_cached(tmp_path, but=(), wait_s=5)
    assert traces(tmp_path, "zyxsecret") == set()


async def test_a_removal_that_was_killed_before_its_last_traces_were_gone_is_finished(
    site: Any, tmp_path: Path
) -> None:
    put(site, "zyxsecret")
    async with site.crawler(cache_dir=tmp_path, gap_s=0) as crawler:
        await visit(crawler, "zyxsecret")
    with closing(sqlite3.connect(tmp_path / "http.db", isolation_level=None)) as db:
        reader = sqlite3.connect(tmp_path / "http.db", isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM entries").fetchone()
        assert not forget_cached(tmp_path, but=(), wait_s=0.05)
        assert db.execute("PRAGMA user_version").fetchone() == (1,)
        assert traces(tmp_path, "zyxsecret")
        reader.close()
    assert forget_cached(tmp_path, but=(), wait_s=5)
    assert traces(tmp_path, "zyxsecret") == set()
    with closing(sqlite3.connect(tmp_path / "http.db")) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (0,)


@pytest.mark.parametrize("content", [b"", b"no database, but zyxsecret" * 500])
def test_a_file_that_is_no_cache_holds_nothing_afterwards(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "http.db").write_bytes(content)
    assert forget_cached(tmp_path, but=(), wait_s=5)
    assert traces(tmp_path, "zyxsecret") == set()


def test_where_there_is_no_cache_nothing_is_made_or_imported(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from fontes.crawler import forget_cached\n"
        f"assert forget_cached(Path({str(tmp_path)!r}), but=(), wait_s=1)\n"
        "assert not {'httpx', 'hishel'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert list(tmp_path.iterdir()) == []
