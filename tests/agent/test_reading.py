"""Files come into the store once, are read again when they change, and each that was not read is reported."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fontes.agent.budget import Allowance, Budget
from fontes.agent.reading import Reading, Report, read_sources
from fontes.crawler import ReadPolicy, Workers
from fontes.retrievers import BATCH, Index, StoreError


@pytest.fixture
async def index(tmp_path: Path) -> AsyncIterator[Index]:
    async with Index.open(tmp_path / "home", embedder=None, reranker=None) as index:
        yield index


@pytest.fixture
async def reader() -> AsyncIterator[Workers]:
    async with Workers(ReadPolicy(workers=2)) as workers:
        yield workers


def rewrite(file: Path, text: str) -> None:
    """Write a file and make sure that its time differs from before."""
    before = file.stat().st_mtime_ns
    file.write_text(text, encoding="utf-8")
    os.utime(file, ns=(before + 1_000_000_000, before + 1_000_000_000))


async def found(index: Index, words: str) -> list[str]:
    await index.sync()
    return [Path(evidence.source).name for evidence in await index.search(words)]


def names(sources: tuple[str, ...]) -> list[str]:
    return sorted(Path(source).name for source in sources)


async def test_what_is_new_is_added_and_can_be_found(index: Index, reader: Workers, docs: Path) -> None:
    report = await read_sources([str(docs)], index, reader)
    assert names(report.added) == ["orvay.txt", "stennick.txt"]
    assert report == Report(added=report.added)
    assert await found(index, "whale oil") == ["orvay.txt"]


async def test_what_is_unchanged_is_not_read_again(index: Index, docs: Path) -> None:
    async with Workers(ReadPolicy(workers=1)) as reader:
        await read_sources([str(docs)], index, reader)
    closed = Workers(ReadPolicy(workers=1))  # would raise if it were asked to read
    report = await read_sources([str(docs)], index, closed)
    assert names(report.unchanged) == ["orvay.txt", "stennick.txt"]
    assert report == Report(unchanged=report.unchanged)
    assert set(report.read) == set(report.unchanged)


async def test_what_changed_replaces_what_was_there(index: Index, reader: Workers, docs: Path) -> None:
    await read_sources([str(docs)], index, reader)
    rewrite(docs / "orvay.txt", "The Orvay lighthouse was pulled down in 1990.\n")
    report = await read_sources([str(docs)], index, reader)
    assert names(report.changed) == ["orvay.txt"]
    assert names(report.unchanged) == ["stennick.txt"]
    assert await found(index, "whale oil") == []
    assert await found(index, "pulled down") == ["orvay.txt"]


async def test_what_is_gone_from_a_folder_is_reported_and_stays(index: Index, reader: Workers, docs: Path) -> None:
    await read_sources([str(docs)], index, reader)
    (docs / "orvay.txt").unlink()
    report = await read_sources([str(docs)], index, reader)
    assert names(report.gone) == ["orvay.txt"]
    assert await found(index, "whale oil") == ["orvay.txt"]


async def test_only_the_folders_that_are_named_are_looked_through_for_what_is_gone(
    index: Index, reader: Workers, docs: Path
) -> None:
    other = docs.parent / "docs-of-mine"  # begins like the other's name
    other.mkdir()
    (other / "own.txt").write_text("My own words.\n", encoding="utf-8")
    await read_sources([str(docs), str(other)], index, reader)
    (other / "own.txt").unlink()
    assert (await read_sources([str(docs)], index, reader)).gone == ()


async def test_a_file_with_signs_that_are_escaped_in_its_source_is_not_taken_for_gone(
    index: Index, reader: Workers, docs: Path
) -> None:
    for name in ("a%41.txt", "bell\a.txt"):
        (docs / name).write_text(f"Words of {name[0]} alone.\n", encoding="utf-8")
    await read_sources([str(docs)], index, reader)
    report = await read_sources([str(docs)], index, reader)
    assert len(report.unchanged) == 4
    assert report.gone == ()


@pytest.mark.parametrize("address", ["https://a.example/x", "HTTP://a.example", "file:///etc/passwd", "s3://b/k"])
async def test_an_address_is_refused_and_the_files_beside_it_are_read(
    address: str, index: Index, reader: Workers, docs: Path
) -> None:
    report = await read_sources([address, str(docs)], index, reader)
    assert len(report.added) == 2
    assert [(skipped.source, skipped.reason) for skipped in report.skipped] == [(address, "wrong_type")]
    assert "it is an address" in report.skipped[0].detail


async def test_what_cannot_be_read_is_reported_and_the_rest_is_added(index: Index, reader: Workers, docs: Path) -> None:
    (docs / "empty.txt").touch()
    (docs / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (docs / "binary.txt").write_bytes(bytes(range(256)) * 20)
    report = await read_sources([str(docs), str(docs / "nowhere.txt")], index, reader)
    assert names(report.added) == ["orvay.txt", "stennick.txt"]
    assert {Path(skipped.source).name for skipped in report.skipped} == {
        "empty.txt", "picture.png", "binary.txt", "nowhere.txt",
    }  # fmt: skip
    assert all(skipped.detail for skipped in report.skipped)


@pytest.mark.parametrize("pages", [0, 1, 5, 11, 12])
async def test_what_a_budget_of_pages_leaves_unread_is_skipped_and_nothing_is_lost(
    pages: int, index: Index, reader: Workers, tmp_path: Path
) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number}.txt").write_text(f"Page number {number}.\n", encoding="utf-8")
    budget = Budget(Allowance(pages=pages))
    report = await read_sources([str(folder)], index, reader, budget=budget)
    assert len(report.added) == budget.spent("pages") == pages
    assert {skipped.reason for skipped in report.skipped} <= {"budget"}
    assert names((*report.added, *(s.source for s in report.skipped))) == sorted(f"{n}.txt" for n in range(12))
    assert (budget.left("pages") or 0) == 0


async def test_what_is_unchanged_costs_no_budget(index: Index, reader: Workers, docs: Path) -> None:
    await read_sources([str(docs)], index, reader)
    budget = Budget(Allowance(pages=0))
    report = await read_sources([str(docs)], index, reader, budget=budget)
    assert len(report.unchanged) == 2
    assert report.skipped == ()


async def test_progress_counts_to_the_end(index: Index, reader: Workers, docs: Path) -> None:
    told: list[Reading] = []
    await read_sources([str(docs)], index, reader, progress=told.append)
    assert told[-1] == Reading(done=2, total=2, stored=2)
    assert [reading.done for reading in told] == sorted(reading.done for reading in told)


async def test_what_a_run_reads_leaves_the_index_as_it_is_and_an_add_need_not_read_it_again(
    index: Index, docs: Path
) -> None:
    await index.store.begin_run("r", "q")
    async with Workers(ReadPolicy(workers=1)) as reader:
        report = await read_sources([str(docs)], index, reader, run="r")
    assert len(report.added) == 2
    assert await index.store.sources() == ()
    assert await found(index, "whale oil") == []
    assert len(await index.store.scope("r")) == 2
    report = await read_sources([str(docs)], index, Workers())
    assert names(report.added) == ["orvay.txt", "stennick.txt"], "new to the index, though they were not read again"
    assert await found(index, "whale oil") == ["orvay.txt"]


async def test_a_run_takes_what_the_index_holds_already_without_reading_it(index: Index, docs: Path) -> None:
    async with Workers(ReadPolicy(workers=1)) as reader:
        await read_sources([str(docs)], index, reader)
    await index.store.begin_run("r", "q")
    report = await read_sources([str(docs / "orvay.txt")], index, Workers(), run="r")
    assert names(report.unchanged) == ["orvay.txt"]
    assert [Path(source).name for _, source in await index.store.scope("r")] == ["orvay.txt"]
    assert report.gone == ()


async def test_a_file_that_changed_since_it_was_added_is_new_to_a_run_and_old_to_the_index(
    index: Index, reader: Workers, docs: Path
) -> None:
    await read_sources([str(docs)], index, reader)
    rewrite(docs / "orvay.txt", "The Orvay lighthouse was pulled down in 1990.\n")
    await index.store.begin_run("r", "q")
    await read_sources([str(docs)], index, reader, run="r")
    assert await found(index, "whale oil") == ["orvay.txt"]
    assert await found(index, "pulled") == []


async def test_the_same_file_named_twice_is_read_once(index: Index, reader: Workers, docs: Path) -> None:
    file = str(docs / "orvay.txt")
    report = await read_sources([file, str(docs), file], index, reader)
    assert names(report.added) == ["orvay.txt", "stennick.txt"]


async def test_more_files_than_a_batch_are_all_stored(index: Index, reader: Workers, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(BATCH + 3):
        (folder / f"{number}.txt").write_text(f"Page number {number}.\n", encoding="utf-8")
    report = await read_sources([str(folder)], index, reader)
    assert len(report.added) == len(await index.store.sources()) == BATCH + 3


async def test_a_store_that_refuses_half_way_is_reported_as_itself(
    index: Index, reader: Workers, tmp_path: Path
) -> None:
    """A trigger in the real database refuses the first full batch, while files are still being read."""
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(BATCH + 3):
        (folder / f"{number}.txt").write_text(f"Page number {number}.\n", encoding="utf-8")
    with sqlite3.connect(index.store.path) as db:
        db.execute("CREATE TRIGGER refuse BEFORE INSERT ON pages BEGIN SELECT RAISE (ABORT, 'refused'); END")
    db.close()
    with pytest.raises(StoreError, match=r"fontes\.db: refused"):
        await read_sources([str(folder)], index, reader)


async def test_reading_that_is_cancelled_stops(index: Index, reader: Workers, docs: Path) -> None:
    has_begun = asyncio.Event()
    task = asyncio.create_task(read_sources([str(docs)], index, reader, progress=lambda _reading: has_begun.set()))
    await has_begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len((await read_sources([str(docs)], index, reader)).read) == 2
