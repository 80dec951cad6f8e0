"""What is deleted is gone: from the store, its log and the checkpoints, byte by byte."""

import os
import random
import sqlite3
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from fontes.agent.assistant import Assistant
from fontes.agent.errors import UnknownRun
from fontes.agent.kept_beside import pasted_folder
from fontes.agent.settings import Settings
from fontes.retrievers import Store, StoreError
from fontes.tools.localweb import LocalWeb

SECRET = "Quendrith"


@pytest.fixture
def secret_docs(tmp_path: Path) -> Path:
    folder = tmp_path / "secret"
    folder.mkdir()
    (folder / "one.txt").write_text(f"{SECRET} built the tower in 1854.\n\nIt was repaired by {SECRET} in 1860.\n")
    return folder


def traces(home: Path, *words: str) -> dict[str, int]:
    """How often the words stand in the bytes of each file of the data directory, and in the names of files."""
    found: dict[str, int] = {}
    for file in home.rglob("*"):
        held = file.read_bytes() if file.is_file() else b""
        count = sum(held.count(word.encode()) + held.count(word.encode("utf-16-le")) for word in words)
        if count or any(word in file.name for word in words):
            found[file.name] = count
    return found


async def test_nothing_of_a_deleted_conversation_is_left_in_any_file(settings: Settings, secret_docs: Path) -> None:
    async with Assistant(settings) as fontes:
        for question in (f"What did {SECRET} build?", "When was it repaired?", f"Who is {SECRET}?"):
            await fontes.ask(question, sources=[secret_docs], conversation="c")
        assert traces(settings.home, SECRET), "there was something to erase"
        await fontes.conversations.delete("c")
        assert traces(settings.home, SECRET, "repaired") == {}
        assert (await fontes.conversations.list(), await fontes.conversations.turns("c")) == ((), ())
        assert await fontes.index.store.check() == "ok"
    assert traces(settings.home, SECRET, "repaired") == {}


async def test_nothing_is_left_of_runs_that_were_cut_short_or_still_go_on(
    settings: Settings, secret_docs: Path, silent: Any
) -> None:
    async with Assistant(settings, writer=silent) as fontes:
        cut = await fontes.start(f"What did {SECRET} build?", sources=[secret_docs], conversation="c")
        await silent.began.wait()
        cut.cancel()
        await cut.answer()
        silent.began.clear()
        going_on = await fontes.start(f"And what did {SECRET} repair?", sources=[secret_docs], conversation="c")
        await silent.began.wait()
        assert "checkpoints.db-wal" in traces(settings.home, SECRET)
        await fontes.conversations.delete("c")
        assert traces(settings.home, SECRET) == {}
        assert (await going_on.answer()).cut_short
        for run in (cut, going_on):
            with pytest.raises(UnknownRun):
                await fontes.resume(run.id)


async def test_what_another_conversation_says_is_left(settings: Settings, docs: Path, secret_docs: Path) -> None:
    async with Assistant(settings) as fontes:
        await fontes.ask(f"What did {SECRET} build?", sources=[secret_docs], conversation="c")
        kept = await fontes.ask("Who built the Orvay lighthouse?", sources=[docs], conversation="d")
        alone = await fontes.ask("Who built the Stennick lighthouse?", sources=[docs])
        await fontes.conversations.delete("c")
        assert traces(settings.home, SECRET) == {}
        assert await fontes.conversations.answer(kept.run) == kept
        assert await fontes.conversations.answer(alone.run) == alone
        for claim in kept.claims:
            for citation in claim.citations:
                page = await fontes.index.store.page(citation.page_hash)
                assert page is not None
                assert page.text[citation.start : citation.end] == citation.quote


async def test_a_turn_that_was_replaced_leaves_no_trace_either(settings: Settings, secret_docs: Path) -> None:
    async with Assistant(settings) as fontes:
        first = await fontes.ask("Who built the zyxtower?", sources=[secret_docs], conversation="c")
        await fontes.ask("Who built the tower?", sources=[secret_docs], conversation="c", replaces=first.run)
        assert await fontes.conversations.answer(first.run) is None
    assert traces(settings.home, "zyxtower") == {}


async def test_an_erasure_that_was_interrupted_is_finished_when_the_directory_is_opened(
    settings: Settings, secret_docs: Path, silent: Any
) -> None:
    async with Assistant(settings, writer=silent) as fontes:
        run = await fontes.start(f"What did {SECRET} build?", sources=[secret_docs], conversation="c")
        await silent.began.wait()
        run.cancel()
        await run.answer()
    async with Store(settings.home) as store:
        await store.erase_conversation("c")  # and no more: as if the process had been killed here
    assert traces(settings.home, SECRET)
    async with Assistant(settings):
        assert traces(settings.home, SECRET) == {}


async def test_an_erasure_that_finds_no_room_on_the_disk_is_said_and_keeps_no_door_shut(
    settings: Settings, secret_docs: Path
) -> None:
    large = secret_docs.parent / "large.txt"
    large.write_text("\n\n".join(f"Entry {random.random()} tells of {random.random()}." for _ in range(9_000)))
    settings.home.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(settings.home)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no small file system can be mounted here: {mounted.stderr.decode().strip()}")
    filler = settings.home / "filler"
    try:
        async with Assistant(settings) as fontes:
            await fontes.ask(f"What did {SECRET} build?", sources=[secret_docs], conversation="c")
            await fontes.add([large], embed=False)
            free = os.statvfs(settings.home).f_bavail * os.statvfs(settings.home).f_frsize
            filler.write_bytes(bytes(free - 100_000))
            with pytest.raises(StoreError):
                await fontes.conversations.delete("c")
            assert await fontes.conversations.turns("c") == ()
        async with Assistant(settings) as fontes:
            assert await fontes.conversations.list() == ()
        filler.unlink()
        async with Assistant(settings):
            assert traces(settings.home, SECRET) == {}
    finally:
        subprocess.run(["umount", str(settings.home)], check=True)


async def test_a_run_of_another_process_that_ends_after_its_erasure_leaves_nothing(
    settings: Settings, secret_docs: Path, silent: Any
) -> None:
    async with Assistant(settings, writer=silent) as here, Assistant(settings) as there:
        run = await here.start(f"What did {SECRET} build?", sources=[secret_docs], conversation="c")
        await silent.began.wait()
        await there.conversations.delete("c")
        run.cancel()
        assert (await run.answer()).status == "abstained"
    async with Assistant(settings) as fontes:
        assert traces(settings.home, SECRET) == {}
        assert await fontes.conversations.list() == ()


async def test_deleting_what_is_not_there_does_nothing(settings: Settings) -> None:
    async with Assistant(settings) as fontes:
        await fontes.conversations.delete("never")
        await fontes.conversations.delete("never")
        assert await fontes.conversations.list() == ()


async def test_a_damaged_checkpoint_file_that_was_set_aside_goes_with_the_next_erasure(
    settings: Settings, docs: Path
) -> None:
    async with Assistant(settings) as fontes:
        await fontes.ask("Who built the Orvay lighthouse?", sources=[docs], conversation="c")
    (settings.home / "checkpoints.db").write_bytes(f"no database, but it may hold {SECRET}".encode() * 200)
    async with Assistant(settings) as fontes:
        assert "checkpoints.db.damaged" in traces(settings.home, SECRET)
        await fontes.conversations.delete("c")
        assert traces(settings.home, SECRET) == {}


def test_sqlite_erases_what_is_deleted(tmp_path: Path) -> None:
    """SQLite may be built without `secure_delete`; ours must know it."""
    database = sqlite3.connect(tmp_path / "any.db")
    assert database.execute("PRAGMA secure_delete = ON").fetchone() == (1,)
    database.close()


def web_page(told: str) -> bytes:
    filler = "Boats have passed it every night since, and its keepers wrote down every storm in ledgers of green cloth."
    return (
        f"<html><head><title>Lights</title></head><body><article><p>{told}</p><p>{filler}</p></article></body></html>"
    ).encode()


@pytest.fixture
async def web_settings(settings: Settings) -> AsyncIterator[Settings]:
    """Questions go to a small web of two lighthouses."""
    hirsholm = web_page(f"The Hirsholm lighthouse was built in 1838 by {SECRET}.")
    farne = web_page("The Farne lighthouse was built in 1811 by Daniel Alexander.")
    async with LocalWeb.of({"http://hirsholm.test/zyxlight": hirsholm, "http://farne.test/light": farne}) as web:
        yield Settings(
            home=settings.home, embedder="none", reranker="none", workers=1, web=True, search="searxng", host_gap_s=0.0,
            searxng_url=web.search_url, resolve=(f"*=127.0.0.1:{web.port}",),
        )  # fmt: skip


async def test_pages_that_a_deleted_conversation_alone_fetched_are_gone_from_every_file(web_settings: Settings) -> None:
    """Of the whole data directory, the HTTP cache too; the rules of the sites asked (`sites.db`) may stay."""
    async with Assistant(web_settings) as fontes:
        answer = await fontes.ask("Who built the Hirsholm lighthouse?", conversation="c")
        assert SECRET in answer.text
        assert {"http.db", "fontes.db"} <= {name.partition("-")[0] for name in traces(web_settings.home, SECRET)}
        (web_settings.home / "pasted").mkdir()
        paste = pasted_folder(web_settings.home, "c")
        paste.mkdir()
        (paste / "p.txt").write_text(SECRET)
        await fontes.conversations.delete("c")
        assert traces(web_settings.home, SECRET, "zyxlight", "Who built", answer.run) == {}
        assert (await fontes.ask("Who built the Hirsholm lighthouse?")).status == "answered", "it is asked for again"
    assert traces(web_settings.home, SECRET).keys() >= {"http.db"}


@pytest.mark.parametrize("holder", ["another run", "the lasting index"])
async def test_the_cache_keeps_pages_that_something_else_holds(web_settings: Settings, holder: str) -> None:
    async with Assistant(web_settings) as fontes:
        await fontes.ask("Who built the Hirsholm lighthouse?", conversation="c")
        if holder == "another run":
            await fontes.ask("Who built the Farne lighthouse?", sources=["http://farne.test/light"], conversation="d")
        else:
            await fontes.add(["http://farne.test/light"], embed=False)
        await fontes.conversations.delete("c")
        left = traces(web_settings.home, "Daniel Alexander")
        assert any(name.startswith("http.db") for name in left)
        assert traces(web_settings.home, SECRET, "zyxlight") == {}


async def test_an_erasure_of_pages_that_was_interrupted_is_finished_when_the_directory_is_opened(
    web_settings: Settings,
) -> None:
    async with Assistant(web_settings) as fontes:
        await fontes.ask("Who built the Hirsholm lighthouse?", conversation="c")
    async with Store(web_settings.home) as store:
        await store.erase_conversation("c")
    async with Assistant(web_settings):
        assert traces(web_settings.home, SECRET, "zyxlight") == {}
