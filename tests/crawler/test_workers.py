import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from fontes.crawler import Page, ReadPolicy, Skipped, Workers, extract
from fontes.crawler.messages import PREFIX, pack


@pytest.fixture
async def workers() -> AsyncIterator[Workers]:
    async with Workers(ReadPolicy(workers=1, deadline_s=20)) as pool:
        yield pool


@pytest.fixture
def fifo(tmp_path: Path) -> Path:
    """A file that never ends to open: nobody writes to it."""
    path = tmp_path / "pipe.txt"
    os.mkfifo(path)
    return path


def children() -> list[int]:
    """The processes that this one started and has not yet buried."""
    me: Any = psutil.Process
    return [child.pid for child in me().children(recursive=True)]


async def until(holds: Callable[[], bool]) -> None:
    """Wait for something that sends no event, for ten seconds at most."""
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0.01)


async def test_a_file_gives_the_page_that_extract_gives(workers: Workers, tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("# Title\n\nSome *words* – and more.\n")
    page = await workers.read(file)
    assert isinstance(page, Page)
    here = extract(file.read_bytes(), url=str(file))
    assert (page.text, page.blocks, page.hash, page.title) == (here.text, here.blocks, here.hash, here.title)
    (sighting,) = page.sightings
    status = file.stat()
    assert (sighting.source, sighting.size, sighting.modified_ns) == (str(file), status.st_size, status.st_mtime_ns)


async def test_bytes_give_a_page_too(workers: Workers) -> None:
    page = await workers.extract(
        b"<h1>Title</h1><p>Some words.</p>", url="https://a.example/", content_type="text/html"
    )
    assert isinstance(page, Page)
    assert page.text == "Title\n\nSome words."


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.txt", b"", "empty"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(20), "wrong_type"),
        ("noise.txt", bytes(range(0x80, 0x100)) * 40, "unreadable"),
        ("blank.html", b"<html><body><script>1</script></body></html>", "empty"),
    ],
)
async def test_bad_files_give_reasons(workers: Workers, tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(content)
    skipped = await workers.read(tmp_path / name)
    assert isinstance(skipped, Skipped)
    assert (skipped.source, skipped.reason) == (str(tmp_path / name), reason)
    assert skipped.detail


async def test_a_missing_file_gives_a_reason(workers: Workers, tmp_path: Path) -> None:
    skipped = await workers.read(tmp_path / "gone.txt")
    assert skipped == Skipped(source=str(tmp_path / "gone.txt"), reason="unreadable", detail="it does not exist")


async def test_no_more_is_read_than_the_limit(tmp_path: Path) -> None:
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(10**9)
    async with Workers(ReadPolicy(workers=1, max_bytes=1000)) as workers:
        outcomes = [await workers.read(tmp_path / "huge.txt"), await workers.read("/dev/zero"),
                    await workers.extract(b"x" * 1001, url="https://a.example/")]  # fmt: skip
    assert [outcome.reason for outcome in outcomes if isinstance(outcome, Skipped)] == ["too_large"] * 3


async def test_a_name_with_control_characters_and_stray_bytes_is_read(workers: Workers, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"a\n\xff.txt")
    path.write_text("Some words.")
    page = await workers.read(path)
    assert isinstance(page, Page)
    assert page.sightings[0].source == f"{tmp_path}/a%0A%FF.txt"


async def test_an_item_that_hangs_is_given_up_and_the_next_is_read(fifo: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Some words.")
    async with Workers(ReadPolicy(workers=1, deadline_s=0.3)) as workers:
        skipped = await workers.read(fifo)
        assert isinstance(skipped, Skipped)
        assert (skipped.reason, skipped.source) == ("timeout", str(fifo))
        assert "0.3 s" in skipped.detail
        assert isinstance(await workers.read(tmp_path / "a.txt"), Page)
    assert children() == []


async def test_a_hundred_thousand_nested_elements_end_in_time(workers: Workers) -> None:
    started = time.monotonic()
    outcome = await workers.extract(b"<html><body>" + b"<div>" * 100_000 + b"x", content_type="text/html")
    assert isinstance(outcome, Skipped)
    assert time.monotonic() - started < workers.policy.deadline_s + 5


async def test_a_worker_killed_at_work_costs_only_its_item(workers: Workers, fifo: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Some words.")
    reading = asyncio.create_task(workers.read(fifo))
    await until(lambda: bool(children()))
    (child,) = children()
    os.kill(child, signal.SIGKILL)
    skipped = await reading
    assert isinstance(skipped, Skipped)
    assert (skipped.reason, skipped.detail) == ("unreadable", "the process reading it died (SIGKILL)")
    assert isinstance(await workers.read(tmp_path / "a.txt"), Page)


@pytest.mark.slow
async def test_a_process_is_kept_below_a_parent_that_holds_much_memory(workers: Workers, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Some words.")
    held = bytearray(os.urandom(1)) * 700_000_000
    before, seen = set(children()), set[int]()  # a browser of another test may live on beside it
    for _ in range(3):
        assert isinstance(await workers.read(tmp_path / "a.txt"), Page)
        seen |= set(children()) - before
    assert len(seen) == 1
    assert len(held)


async def test_a_worker_killed_while_idle_costs_nothing(workers: Workers) -> None:
    assert isinstance(await workers.extract(b"one"), Page)
    (child,) = children()
    os.kill(child, signal.SIGKILL)
    await until(lambda: not workers._idle[0].is_alive)
    assert isinstance(await workers.extract(b"two"), Page)


async def test_cancelling_a_call_kills_only_its_worker(fifo: Path) -> None:
    async with Workers(ReadPolicy(workers=2)) as workers:
        assert isinstance(await workers.extract(b"one"), Page)
        reading, other = asyncio.create_task(workers.read(fifo)), asyncio.create_task(workers.extract(b"two"))
        assert isinstance(await other, Page)
        await until(lambda: len(children()) == 2)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        await until(lambda: len(children()) == 1)
        assert isinstance(await workers.extract(b"three"), Page)
    assert children() == []


async def test_calls_under_way_at_the_end_are_cancelled_and_nothing_stays(fifo: Path) -> None:
    async with Workers(ReadPolicy(workers=1)) as workers:
        reading = [asyncio.create_task(workers.read(fifo)) for _ in range(3)]
        await until(lambda: bool(children()))
    outcomes = await asyncio.gather(*reading)
    assert [outcome.reason for outcome in outcomes if isinstance(outcome, Skipped)] == ["cancelled"] * 3
    assert children() == []


async def test_many_calls_share_few_processes(tmp_path: Path) -> None:
    for index in range(40):
        (tmp_path / f"{index}.txt").write_text(f"Text number {index}.")
    async with Workers(ReadPolicy(workers=2)) as workers:
        pages = await asyncio.gather(*(workers.read(tmp_path / f"{index}.txt") for index in range(40)))
        assert len(children()) == 2
    assert [page.text for page in pages if isinstance(page, Page)] == [f"Text number {index}." for index in range(40)]


async def test_outside_of_its_block_a_pool_refuses() -> None:
    with pytest.raises(RuntimeError, match="async with"):
        await Workers().read("a.txt")


def start_worker() -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-P", "-m", "fontes.crawler.worker"]
    worker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert worker.stdout
    head, _ = PREFIX.unpack(worker.stdout.read(PREFIX.size))
    assert worker.stdout.read(head) == b'{"ready": true}'
    return worker


def test_a_worker_ends_with_its_input_and_ignores_ctrl_c() -> None:
    with start_worker() as worker:
        worker.send_signal(signal.SIGINT)
        worker.communicate(timeout=10)
    assert worker.returncode == 0


def test_a_worker_without_a_parent_gives_up_by_itself(fifo: Path) -> None:
    with start_worker() as worker:
        assert worker.stdin
        header = {"work": "read", "source": str(fifo), "max_bytes": 10, "deadline_s": -4.7}
        worker.stdin.write(pack(header, os.fsencode(fifo)))
        worker.stdin.close()
        assert worker.wait(timeout=10) == -signal.SIGALRM


def test_a_pool_works_in_a_script_without_main_guard_and_in_a_folder_of_odd_modules(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong json')")
    (tmp_path / "a.txt").write_text("Some words.")
    script = tmp_path / "elsewhere" / "script.py"
    script.parent.mkdir()
    script.write_text(
        "import asyncio\nfrom fontes.crawler import Workers\n"
        "async def main():\n    async with Workers() as workers:\n        print((await workers.read('a.txt')).text)\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, cwd=tmp_path, timeout=30)
    assert (done.stdout, done.stderr) == ("Some words.\n", "")
