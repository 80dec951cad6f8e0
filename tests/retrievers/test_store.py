"""The store keeps what it acknowledged, says what is wrong in words, and knows what is in the lasting index."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from fontes.crawler import Block, Page, Sighting, Skipped, text_hash
from fontes.retrievers import Passage, Store, StoreCorrupt, StoreFull, StoreReadOnly


def page_of(text: str, *sources: str, modified_ns: int = 1) -> Page:
    seen = tuple(
        Sighting(
            source=source, fetched="2026-01-01T00:00:00Z", title="T", published="2025-05-05", author="A",
            body_hash="b", size=len(text), modified_ns=modified_ns, modified="2025-06-06", site="S", licence="CC0",
            canonical="https://a.example/", twins=("https://m.a.example/",), signals=("robots: noarchive",),
            facts=(("Recipe.cookTime", "PT1H"), ("Recipe.name", "Ⅳ")),
        )
        for source in sources
    )  # fmt: skip
    blocks = (Block(start=0, end=len(text), kind="paragraph", heading_path=("H", "h"), page_number=2),)
    return Page(
        text=text, hash=text_hash(text), title="T", blocks=blocks, language="en", extractor="x/1", sightings=seen
    )


def whole(page: Page) -> list[Passage]:
    return [Passage.of(page, 0, len(page.text), heading_path=("H",), page_number=2)]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with Store(tmp_path) as store:
        yield store


async def put(store: Store, page: Page, *, lasting: bool = True, run: str = "") -> None:
    await store.put([(page, whole(page))], lasting=lasting, run=run)


async def changes(store: Store, after: int) -> tuple[int, list[str], tuple[int, ...]]:
    """Generation, hashes of the pages whose passages are to add, ids to remove."""
    told: list[tuple[int, list[str], tuple[int, ...]]] = []
    await store.export_changes(
        after, lambda found: told.append((found.generation, [p.page_hash for p in found.adds], found.removes))
    )
    return told[0]


async def test_a_page_comes_back_as_it_was_put(store: Store) -> None:
    page = page_of("Größe 😀\nzwei", "a.txt")
    await put(store, page)
    assert await store.page(page.hash) == page


async def test_a_passage_comes_back_with_its_text_and_place(store: Store) -> None:
    page = page_of("one two", "a.txt")
    await put(store, page)
    (passage,) = (await store.passages_of([page.hash])) or [None]
    assert passage == whole(page)[0]
    assert (await store.passages([passage.id, 7]))[passage.id] == passage


async def test_the_same_text_at_two_addresses_is_one_page_with_two_sightings(store: Store) -> None:
    await put(store, page_of("same", "a.txt"))
    await put(store, page_of("same", "b.txt"))
    assert [s.sighting.source for s in await store.sources()] == ["a.txt", "b.txt"]
    found = await store.page(text_hash("same"))
    assert found is not None
    assert {s.source for s in found.sightings} == {"a.txt", "b.txt"}


async def test_removing_one_of_two_sightings_keeps_the_page_searchable(store: Store) -> None:
    page = page_of("same", "a.txt", "b.txt")
    await put(store, page)
    assert await store.retire(["a.txt"]) == 1
    assert await store.lasting([whole(page)[0].id]) == {whole(page)[0].id}
    assert await store.retire(["b.txt", "never"]) == 1
    assert await store.lasting([whole(page)[0].id]) == set()


async def test_a_changed_source_replaces_what_it_held(store: Store) -> None:
    old, new = page_of("old", "a.txt"), page_of("new", "a.txt")
    await put(store, old)
    await put(store, new)
    assert [s.page_hash for s in await store.sources()] == [new.hash]
    number = await store.generation()
    assert await changes(store, 0) == (number, [new.hash], (whole(old)[0].id,))
    assert await changes(store, number) == (number, [], ())


async def test_a_source_that_changes_back_is_searchable_again(store: Store) -> None:
    old, new = page_of("old", "a.txt"), page_of("new", "a.txt")
    for page in (old, new, old):
        await put(store, page)
    assert (await changes(store, 0))[1:] == ([old.hash], (whole(new)[0].id,))


async def test_pages_of_a_run_stay_out_of_the_lasting_index(store: Store) -> None:
    page = page_of("mine", "a.txt")
    await store.begin_run("r", "q")
    await put(store, page, lasting=False, run="r")
    assert await store.sources() == ()
    assert await store.generation() == 0
    assert await store.scope("r") == [(page.hash, "a.txt")]


async def test_a_purge_keeps_what_a_kept_run_cites_and_what_indexes_have_not_applied(store: Store) -> None:
    cited, read, removed = page_of("cited", "a"), page_of("read", "b"), page_of("removed", "c")
    await store.begin_run("r", "q")
    for page in (cited, read):
        await put(store, page, lasting=False, run="r")
    await put(store, removed)
    await store.retire(["c"])
    await store.finish_run("r", status="answered", answer="{}", cited=[(cited.hash, "a")])
    assert await store.purge(applied=1) == 1  # only `read`: the removal is change 2
    assert await store.page(read.hash) is None
    assert await store.page(removed.hash) is not None
    assert await store.purge(applied=2) == 1
    assert await store.page(cited.hash) == cited
    assert await store.check() == "ok"


async def test_unchanged_sources_are_known_by_size_and_time(store: Store) -> None:
    page = page_of("text", "a.txt", modified_ns=5)
    await put(store, page)
    asked = [("a.txt", 4, 5), ("a.txt", 4, 6), ("b.txt", 4, 5)]
    assert await store.unchanged(asked[:1]) == {"a.txt": (page.hash, True)}
    assert await store.unchanged(asked[1:]) == {}


async def test_evidence_shows_the_source_that_the_run_named(store: Store) -> None:
    page = page_of("same", "z.txt")
    await put(store, page_of("same", "a.txt"))
    await store.begin_run("r", "q")
    await put(store, page, lasting=False, run="r")
    id_ = whole(page)[0].id
    assert (await store.evidence([id_], run="r"))[id_].source == "z.txt"
    assert (await store.evidence([id_]))[id_].source == "a.txt"


async def test_vectors_come_back_close_and_only_lasting_ones_are_followed(store: Store) -> None:
    kept, other = page_of("kept", "a"), page_of("other", "b")
    await put(store, kept)
    await store.begin_run("r", "q")
    await put(store, other, lasting=False, run="r")
    model = await store.model_id("m", 4)
    rows = np.eye(4, dtype=np.float32)[:2]
    ids = [whole(kept)[0].id, whole(other)[0].id]
    await store.put_vectors(model, ids, rows)
    found, back = await store.vectors(model, ids)
    assert np.allclose(back[[found.index(i) for i in ids]], rows, atol=1e-3)
    assert (await store.vectors_after(model, 0, limit=10))[1] == ids[:1]
    assert await store.vector_counts(model) == (1, 1)


async def test_vectors_made_for_a_question_are_followed_once_their_page_is_added(store: Store) -> None:
    page = page_of("later", "a")
    await store.begin_run("r", "q")
    await put(store, page, lasting=False, run="r")
    model = await store.model_id("m", 2)
    await store.put_vectors(model, [whole(page)[0].id], np.ones((1, 2), dtype=np.float32))
    newest = await store.last_vector(model)
    await store.adopt([("a", page.hash)])
    assert (await store.vectors_after(model, newest, limit=10))[1] == [whole(page)[0].id]
    assert [s.sighting.source for s in await store.sources()] == ["a"]


async def test_a_vector_for_a_passage_that_is_gone_is_passed_over(store: Store) -> None:
    model = await store.model_id("m", 2)
    await store.put_vectors(model, [123], np.ones((1, 2), dtype=np.float32))
    assert await store.last_vector(model) == 0


async def test_a_failed_batch_leaves_nothing_behind(store: Store) -> None:
    good, bad = page_of("good", "a"), page_of("bad", "b")
    with pytest.raises(Exception, match="UNIQUE"):
        await store.put([(good, whole(good)), (bad, whole(good))], lasting=True)
    assert await store.sources() == ()
    assert await store.page(good.hash) is None


async def test_the_ledger_and_verdicts_come_back(store: Store) -> None:
    await store.begin_run("r", "q")
    entry = Skipped(source="x.png", reason="wrong_type", detail="an image")
    await store.skip([entry], run="r")
    assert await store.skipped("r") == (entry,)
    assert await store.skipped() == ()
    await store.put_verdicts({"k": '{"a":1}'})
    assert await store.verdicts(["k", "other"]) == {"k": '{"a":1}'}


async def test_two_processes_open_a_new_store_at_once(tmp_path: Path) -> None:
    code = (
        "import asyncio, sys\nfrom pathlib import Path\nfrom fontes.retrievers import Store\n"
        "async def main():\n    async with Store(Path(sys.argv[1])) as s: print(s.id)\nasyncio.run(main())"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    ids = {process.communicate(timeout=60)[0].strip() for process in processes}
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert len(ids) == 1


async def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "fontes.db"
    file.write_bytes(b"these are my notes, not a database" * 100)
    with pytest.raises(StoreCorrupt, match=r"fontes\.db.*Restore it from a backup"):
        async with Store(tmp_path):
            pass
    assert file.read_bytes().startswith(b"these are my notes")


async def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "fontes.db") as db:
        db.execute("CREATE TABLE mine (a)")
    db.close()
    with pytest.raises(StoreCorrupt, match="schema 0"):
        async with Store(tmp_path):
            pass


async def test_a_damaged_page_of_the_file_is_reported_as_damage(tmp_path: Path) -> None:
    async with Store(tmp_path) as store:
        for number in range(200):
            await put(store, page_of(f"text {number} " + os.urandom(300).hex(), f"{number}.txt"))
        texts = [source.page_hash for source in await store.sources()]
    file = tmp_path / "fontes.db"
    body = bytearray(file.read_bytes())
    body[4096 * 8 :] = os.urandom(len(body) - 4096 * 8)
    file.write_bytes(body)
    with pytest.raises(StoreCorrupt, match="cannot be read"):
        async with Store(tmp_path) as store:
            assert await store.check() != "ok"
            await store.texts(texts)


async def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreReadOnly, match=r"file.*FONTES_HOME"):
        async with Store(tmp_path / "file" / "home"):
            pass


async def test_a_full_disk_is_said_and_what_was_acknowledged_stays(tmp_path: Path) -> None:
    """A real file system of 1 MB; skipped where none can be mounted."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"no small file system can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        stored = 0
        async with Store(disk) as store:
            with pytest.raises(StoreFull, match="Free some space"):
                for number in range(1000):
                    await put(store, page_of(os.urandom(4000).hex(), f"{number}.txt"))
                    stored += 1
            assert len(await store.sources()) == stored > 0
        async with Store(disk) as store:
            assert len(await store.sources()) == stored
            assert await store.check() == "ok"
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def take_back_to_the_second_schema(db: sqlite3.Connection) -> None:
    for statement in (
        "DROP TABLE tags",
        "ALTER TABLE runs DROP COLUMN asked",
        "DROP TABLE turns",
        "DROP TABLE conversations",
        "DROP INDEX verdicts_by_run",
        "ALTER TABLE verdicts DROP COLUMN run",
        "PRAGMA user_version = 2",
    ):
        db.execute(statement)


async def test_a_store_of_the_second_schema_is_taken_over_with_all_it_holds(tmp_path: Path) -> None:
    async with Store(tmp_path) as store:
        await put(store, page_of("kept", "a.txt"))
        await store.begin_run("r", "q")
        await store.finish_run("r", status="answered", answer="{}", cited=[(text_hash("kept"), "a.txt")])
        await store.put_verdicts({"k": '{"a":1}'})
    db = sqlite3.connect(tmp_path / "fontes.db")
    take_back_to_the_second_schema(db)
    db.close()
    async with Store(tmp_path) as store:
        assert await store.page(text_hash("kept")) == page_of("kept", "a.txt")
        assert await store.run("r") == ("q", "answered", "{}")
        assert await store.verdicts(["k"]) == {"k": '{"a":1}'}
        await store.put_verdicts({"l": "{}"}, run="r")
        await store.begin_turn("c", "s", "And then?")
        assert [row[1:3] for row in await store.turns("c")] == [("s", "And then?")]
        assert await store.check() == "ok"


async def test_a_store_of_the_first_schema_is_taken_over_with_all_it_holds(tmp_path: Path) -> None:
    page = page_of("kept", "a.txt")
    async with Store(tmp_path) as store:
        await put(store, page)
    db = sqlite3.connect(tmp_path / "fontes.db")
    take_back_to_the_second_schema(db)
    db.execute("ALTER TABLE sightings DROP COLUMN about")
    db.execute("DROP INDEX lasting_pages")
    db.execute("PRAGMA user_version = 1")
    db.close()
    async with Store(tmp_path) as store:
        again = await store.page(page.hash)
        await put(store, page)
        assert again is not None
        assert (again.text, again.sightings[0].title, again.sightings[0].site) == ("kept", "T", "")
        assert await store.page(page.hash) == page
        assert await store.page_count() == 1
    db = sqlite3.connect(tmp_path / "fontes.db")
    assert db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'lasting_pages'").fetchone() == (1,)
    db.close()
