"""Turns are kept in order, whoever writes them, and what is erased leaves no trace in the file."""

import asyncio
import random
import sqlite3
import string
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from time import process_time

import pytest
from fontes.crawler import Page, Sighting, Skipped, text_hash
from fontes.retrievers import Passage, Store, StoreFull


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with Store(tmp_path) as store:
        yield store


def page_of(text: str, source: str) -> tuple[Page, list[Passage]]:
    seen = Sighting(source=source, fetched="2026-01-01T00:00:00Z", title=f"Title of {text}")
    page = Page(text=text, hash=text_hash(text), title=f"Title of {text}", sightings=(seen,))
    return page, [Passage.of(page, 0, len(text))]


async def runs_of(store: Store, conversation: str) -> list[str]:
    return [row[1] for row in await store.turns(conversation)]


async def test_a_turn_is_written_with_its_run_and_filled_when_that_ends(store: Store) -> None:
    await store.begin_turn("c", "r1", "Who?")
    (row,) = await store.turns("c")
    assert row[:6] == (1, "r1", "Who?", "", "running", "")
    assert await store.run("r1") == ("Who?", "running", "")
    assert await store.finish_run(
        "r1", status="answered", answer="{}", cited=[], standalone="Who built it?", text="Calder. [1]"
    )
    (row,) = await store.turns("c")
    assert row[:6] == (1, "r1", "Who?", "Who built it?", "answered", "Calder. [1]")


async def test_what_a_run_was_begun_with_is_kept_until_it_is_whole(store: Store) -> None:
    await store.begin_turn("c", "r", "Who?", asked="all of it")
    await store.begin_run("alone", "Who?", asked="all of that")
    assert (await store.asked("r"), await store.asked("alone"), await store.asked("none")) == (
        "all of it", "all of that", "",
    )  # fmt: skip
    await store.finish_run("r", status="partial", answer="{}", cited=[], is_whole=False)
    assert await store.asked("r") == "all of it"
    await store.finish_run("r", status="answered", answer="{}", cited=[])
    assert await store.asked("r") == ""


async def test_the_turn_of_a_run_can_be_asked_for(store: Store) -> None:
    await store.begin_turn("c", "r", "Who?")
    assert await store.turn("r") == (await store.turns("c"))[0]
    assert await store.turn("none") is None


async def test_what_an_erased_run_finds_out_is_not_kept(store: Store) -> None:
    await store.begin_turn("c", "r", "Who?")
    await store.erase_conversation("c")
    await store.skip([Skipped(source="http://a.test/", reason="robots")], run="r")
    await store.put_verdicts({"key": "{}"}, run="r")
    assert (await store.skipped("r"), await store.verdicts(["key"])) == ((), {})
    await store.skip([Skipped(source="http://b.test/", reason="robots")])
    await store.put_verdicts({"key": "{}"})
    assert (len(await store.skipped()), await store.verdicts(["key"])) == (1, {"key": "{}"})


async def test_the_addresses_of_pages_and_of_kept_ledgers_are_told_and_paths_are_not(store: Store) -> None:
    await store.begin_run("r", "Who?")
    await store.put([page_of("one", "https://a.test/1")], lasting=True)
    await store.put([page_of("two", "/a/file.txt")], lasting=True)
    await store.put([page_of("three", "http://b.test/")], lasting=False, run="r")
    await store.skip([Skipped(source="http://c.test/", reason="robots")], run="r")
    assert await store.addresses() == {"https://a.test/1", "http://b.test/", "http://c.test/"}


async def test_a_store_of_the_third_schema_keeps_its_runs_and_takes_what_new_ones_are_begun_with(
    tmp_path: Path,
) -> None:
    async with Store(tmp_path) as store:
        await store.begin_turn("c", "old", "Who?")
    db = sqlite3.connect(tmp_path / "fontes.db")
    db.execute("ALTER TABLE runs DROP COLUMN asked")
    db.execute("DROP TABLE tags")
    db.execute("PRAGMA user_version = 3")
    db.close()
    async with Store(tmp_path) as store:
        await store.begin_turn("c", "new", "And?", asked="all of it")
        assert [await store.asked(run) for run in ("old", "new")] == ["", "all of it"]
        assert [row[4] for row in await store.turns("c")] == ["running", "running"]


async def test_the_last_turns_and_those_ahead_of_one_can_be_asked_for(store: Store) -> None:
    for number in range(5):
        await store.begin_turn("c", f"r{number}", "?")
    assert [row[1] for row in await store.turns("c", last=2)] == ["r3", "r4"]
    assert [row[1] for row in await store.turns("c", last=2, before="r3")] == ["r1", "r2"]
    assert [row[1] for row in await store.turns("c", before="unknown")] == await runs_of(store, "c")
    assert await store.turns("nowhere") == []


async def test_a_turn_that_is_replaced_takes_all_later_ones_with_it(store: Store) -> None:
    for number in range(4):
        await store.begin_turn("c", f"r{number}", "?")
    await store.summarise("c", "a summary of two", 2)
    assert await store.begin_turn("c", "new", "!", replaces="r1") == ["r1", "r2", "r3"]
    assert await runs_of(store, "c") == ["r0", "new"]
    assert await store.run("r2") is None
    assert await store.summary("c") == ("", 0)
    assert [row[0] for row in await store.turns("c")] == [1, 2]


async def test_a_turn_of_another_conversation_is_not_replaced(store: Store) -> None:
    await store.begin_turn("a", "r0", "?")
    assert await store.begin_turn("b", "r1", "!", replaces="r0") == []
    assert (await runs_of(store, "a"), await runs_of(store, "b")) == (["r0"], ["r1"])


async def test_conversations_are_listed_by_last_use_and_not_by_a_clock(store: Store) -> None:
    for name in ("a", "b", "c"):
        await store.begin_turn(name, f"r{name}", f"Question of {name}?")
    await store.finish_run("ra", status="answered", answer="{}", cited=[])
    assert [row[0] for row in await store.conversations(limit=9)] == ["a", "c", "b"]
    assert [row[0] for row in await store.conversations(limit=2)] == ["a", "c"]


async def test_a_title_is_the_persons_or_else_the_first_question(store: Store) -> None:
    await store.begin_turn("c", "r0", "First?")
    await store.begin_turn("c", "r1", "Second?")
    row = await store.conversation("c")
    assert row is not None
    assert (row[1], row[4]) == ("First?", 2)
    assert await store.rename_conversation("c", "Mine")
    assert (await store.conversations(limit=1))[0][1] == "Mine"
    assert not await store.rename_conversation("d", "None")


async def test_a_search_looks_into_titles_questions_and_answers_in_any_case(store: Store) -> None:
    await store.start_conversation("titled", "ÜBER Größe")
    await store.begin_turn("asked", "r1", "Wie heißt das 100%_Haus?")
    await store.begin_turn("answered", "r2", "?")
    await store.finish_run("r2", status="answered", answer="{}", cited=[], text="Ein Überschuss. [1]")
    assert {row[0] for row in await store.conversations("über", limit=9)} == {"titled", "answered"}
    assert [row[0] for row in await store.conversations("100%_haus", limit=9)] == ["asked"]
    assert await store.conversations("100x_haus", limit=9) == []


async def test_a_run_that_is_let_go_leaves_its_question(store: Store) -> None:
    await store.begin_turn("c", "r", "Kept?")
    await store.drop_run("r")
    assert await store.run("r") is None
    assert [(row[2], row[4], row[5]) for row in await store.turns("c")] == [("Kept?", "abstained", "")]


async def test_a_run_that_was_erased_meanwhile_ends_without_a_trace(store: Store) -> None:
    page, parts = page_of("read for it", "https://a.test/")
    await store.begin_turn("c", "r", "Gone?")
    await store.erase_conversation("c")
    await store.put([(page, parts)], lasting=False, run="r")
    await store.skip([Skipped(source="https://b.test/", reason="robots")], run="r")
    assert await store.read_by("r", [(page.hash, "https://a.test/")]) == {"https://a.test/"}
    assert not await store.finish_run("r", status="answered", answer="{}", cited=[(page.hash, "https://a.test/")])
    assert await store.skipped("r") == ()
    assert await store.scope("r") == []


async def test_an_erasure_takes_pages_that_nothing_else_holds_and_leaves_the_others(store: Store) -> None:
    own, shared, lasting = (page_of(f"text {name}", f"https://{name}.test/") for name in ("own", "shared", "lasting"))
    await store.put([lasting], lasting=True)
    await store.begin_run("other", "?")
    await store.put([shared], lasting=False, run="other")
    await store.begin_turn("c", "r", "?")
    await store.put([own, shared, lasting], lasting=False, run="r")
    await store.put_verdicts({"k": "{}"}, run="r")
    await store.put_verdicts({"l": "{}"}, run="other")
    assert await store.erase_conversation("c") == ["r"]
    kept = [await store.page(page.hash) is not None for page, _ in (own, shared, lasting)]
    assert kept == [False, True, True]
    assert set(await store.verdicts(["k", "l"])) == {"l"}
    assert await store.conversation("c") is None


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.slow) for n in (5, 6, 9))])
async def test_no_byte_of_what_is_erased_is_left_however_rows_were_moved_within_the_file(
    tmp_path: Path, seed: int
) -> None:
    """With `secure_delete` alone each of these seeds leaves traces, within 31 to 67 turns."""
    chance = random.Random(seed)
    ages: dict[int, int] = {}
    gone: set[str] = set()

    def said(mark: str, words: int) -> str:
        return " ".join(mark + "".join(chance.choices(string.ascii_lowercase, k=6)) for _ in range(words))

    async with Store(tmp_path) as store:
        for number in range(70 if seed > 1 else 40):
            which = chance.randrange(8)
            conversation, run = f"{which}-{ages.setdefault(which, 0)}", f"r{number}"
            mark = f"zqx{conversation}y"
            await store.begin_turn(conversation, run, said(mark, chance.choice([3, 20, 60, 300])))
            if chance.random() < 0.3:
                await store.rename_conversation(conversation, said(mark, chance.choice([2, 12])))
            await store.put([page_of(said(mark, 9), f"https://{mark}.test/{run}")], lasting=False, run=run)
            kept = {f"{run}-{each}": said(mark, chance.choice([5, 10, 200])) for each in range(chance.choice([1, 4]))}
            await store.put_verdicts(kept, run=run)
            skipped = [Skipped(source=said(mark, 3), reason="robots") for _ in range(chance.choice([1, 6]))]
            await store.skip(skipped, run=run)
            answer, text = said(mark, chance.choice([20, 500, 3000])), said(mark, chance.choice([5, 90, 900]))
            if chance.random() < 0.9:
                await store.finish_run(
                    run, status="answered", answer=answer, cited=[], standalone=said(mark, 5), text=text
                )
            await store.summarise(conversation, said(mark, 20), chance.randrange(1, 30))
            if chance.random() < 0.15:
                await store.erase_conversation(conversation)
                ages[which] += 1
                gone.add(mark)
                assert await store.trim()
                held = b"".join(file.read_bytes() for file in tmp_path.iterdir())
                assert not [mark for mark in gone if mark.encode() in held]
        assert gone
        assert await store.check() == "ok"


async def test_a_turn_and_its_run_are_one_transaction(store: Store) -> None:
    statements: list[str] = []
    assert store._db is not None
    store._db.set_trace_callback(statements.append)
    await store.begin_turn("c", "r", "Who?")
    store._db.set_trace_callback(None)
    assert [statement for statement in statements if not statement.startswith(("INSERT", "UPDATE", "SELECT"))] == [
        "BEGIN IMMEDIATE", "COMMIT",
    ]  # fmt: skip
    assert sum(statement.startswith("INSERT INTO") for statement in statements) == 2


async def test_a_log_that_another_process_reads_is_emptied_once_it_no_longer_does(tmp_path: Path) -> None:
    async with Store(tmp_path) as store:
        await store.begin_turn("c", "r", "zqxmark")
        reader = sqlite3.connect(tmp_path / "fontes.db", isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM turns").fetchone()
        await store.erase_conversation("c")
        assert not await store.trim(wait_s=0.05)
        assert await store.is_untrimmed()
        reader.execute("COMMIT")
        reader.close()
        assert await store.trim()
        assert not await store.is_untrimmed()
        assert b"zqxmark" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


WRITER = """
import asyncio, sys
from pathlib import Path
from fontes.retrievers import Store
async def main():
    async with Store(Path(sys.argv[1])) as store:
        for number in range(int(sys.argv[3])):
            await store.begin_turn("c", f"{sys.argv[2]}-{number}", "?")
            print(number, flush=True)
asyncio.run(main())
"""


async def test_two_processes_in_one_conversation_lose_no_turn_of_each_other(tmp_path: Path) -> None:
    async with Store(tmp_path):
        pass
    both = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), name, "40"], stdout=subprocess.DEVNULL)
        for name in ("a", "b")
    ]
    assert [await asyncio.to_thread(process.wait, 60) for process in both] == [0, 0]
    async with Store(tmp_path) as store:
        rows = await store.turns("c")
    assert [row[0] for row in rows] == list(range(1, 81))
    for name in ("a", "b"):
        assert [run for _, run, *_ in rows if run.startswith(name)] == [f"{name}-{number}" for number in range(40)]


@pytest.mark.parametrize("acknowledged", [1, 7, 23])
async def test_a_turn_that_was_acknowledged_survives_a_kill(tmp_path: Path, acknowledged: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path), "a", "1000"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    told = [int(process.stdout.readline()) for _ in range(acknowledged)]
    process.kill()
    process.wait()
    process.stdout.close()
    async with Store(tmp_path) as store:
        rows = await store.turns("c")
        assert [row[1] for row in rows[: len(told)]] == [f"a-{number}" for number in told]
        assert await store.check() == "ok"
        for row in rows:
            assert await store.run(row[1]) is not None


async def test_on_a_full_disk_an_answer_is_refused_and_its_question_stays(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"no small file system can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        async with Store(disk) as store:
            await store.begin_turn("c", "r", "Said and kept?")
            with pytest.raises(StoreFull, match="Free some space"):
                await store.finish_run("r", status="answered", answer="x" * 2_000_000, cited=[], text="t")
            assert [(row[2], row[4]) for row in await store.turns("c")] == [("Said and kept?", "running")]
        async with Store(disk) as store:
            assert [(row[2], row[4]) for row in await store.turns("c")] == [("Said and kept?", "running")]
            await store.finish_run("r", status="answered", answer="{}", cited=[], text="t")
    finally:
        subprocess.run(["umount", str(disk)], check=True)


async def test_five_thousand_turns_are_read_and_listed_in_a_tenth_of_a_second(tmp_path: Path) -> None:
    async with Store(tmp_path) as store:
        await store.start_conversation("c")
    db = sqlite3.connect(tmp_path / "fontes.db")
    rows = [(number, f"r{number}", f"Question {number}?", f"Answer {number}. " * 30) for number in range(1, 5001)]
    db.executemany(
        "INSERT INTO turns (conversation, position, run, question, at, status, text)"
        " VALUES ('c', ?, ?, ?, '2026-01-01T00:00:00Z', 'answered', ?)",
        rows,
    )
    db.commit()
    db.close()
    async with Store(tmp_path) as store:
        best: dict[str, float] = {}
        for _ in range(3):
            for name, call in (
                ("turns", store.turns("c")),
                ("list", store.conversations(limit=200)),
                ("search", store.conversations("answer 4999", limit=200)),
            ):
                start = process_time()
                assert await call
                best[name] = min(best.get(name, 9.0), process_time() - start)
    assert max(best.values()) <= 0.5, best  # 0.02 s
