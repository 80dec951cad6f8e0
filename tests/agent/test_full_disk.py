"""A disk that is really full: what was said is kept or given back, the disk is named, and with room all goes on."""

import asyncio
import logging
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from fontes.agent.assistant import Assistant
from fontes.agent.models.extractive import Extractive
from fontes.agent.settings import Settings
from fontes.agent.state import Query, Sentence
from fontes.retrievers import Evidence, Store, StoreFull
from fontes.tools.localweb import LocalWeb

pytestmark = pytest.mark.slow

ORVAY = "Who built the Orvay lighthouse?"


def fontes_command(settings: Settings, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {
        "FONTES_HOME": str(settings.home), "FONTES_WEB": "0", "FONTES_EMBEDDER": "none", "FONTES_RERANKER": "none",
        "PATH": "/usr/bin:/bin", "HOME": str(settings.home.parent),
    }  # fmt: skip
    code = "from fontes.agent.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True, text=True, check=False, timeout=120, env=environment,
    )  # fmt: skip


class Gated(Extractive):
    """Quotes once it may."""

    def __init__(self) -> None:
        super().__init__()
        self.began, self.may = asyncio.Event(), asyncio.Event()

    async def write(self, query: Query, evidence: Sequence[Evidence]) -> AsyncIterator[Sentence]:
        self.began.set()
        await self.may.wait()
        async for sentence in super().write(query, evidence):
            yield sentence


async def assert_whole(home: Path) -> None:
    async with Store(home) as store:
        assert await store.check() == "ok"


@pytest.mark.parametrize("left", [0, 20_000, 80_000])
async def test_a_question_from_the_shell_says_which_disk_is_full_and_is_answered_with_room(
    settings: Settings, disk: Any, docs: Path, left: int
) -> None:
    first = fontes_command(settings, "ask", ORVAY, "--docs", docs, "--conversation", "c")
    assert (first.returncode, first.stderr) == (0, ""), first.stderr
    disk.fill(but=left)
    second = fontes_command(settings, "ask", "And when?", "--docs", docs, "--conversation", "c")
    if second.returncode:
        assert second.returncode == 5, second.stderr
        assert str(settings.home) in second.stderr
        assert "no space is left on the disk" in second.stderr
        assert "Free some space" in second.stderr
    disk.free()
    third = fontes_command(settings, "ask", "When was it built?", "--docs", docs, "--conversation", "c")
    assert third.returncode == 0, third.stderr
    assert "1854" in third.stdout
    async with Assistant(settings) as fontes:
        turns = await fontes.conversations.turns("c")
        assert [turns[0].question, turns[-1].question] == [ORVAY, "When was it built?"]
        for turn in turns:
            if turn.is_stopped:
                await (await fontes.resume(turn.run)).answer()
    await assert_whole(settings.home)
    assert list((settings.home / "running").iterdir()) == []


async def test_sources_that_find_no_room_are_said_and_the_same_command_goes_on_with_room(
    settings: Settings, disk: Any, tmp_path: Path
) -> None:
    many = tmp_path / "many"
    many.mkdir()
    for number in range(40):
        text = "\n\n".join(f"Light {number} saw storm {line} of {os.urandom(30).hex()}." for line in range(200))
        (many / f"{number}.txt").write_text(f"Light {number} was built in {1700 + number}.\n\n{text}")
    (many / "0.txt").write_text("Light 0 was built in 1700.")
    assert fontes_command(settings, "add", many / "0.txt").returncode == 0
    disk.fill(but=300_000)
    full = fontes_command(settings, "add", many)
    assert full.returncode == 5, full.stdout + full.stderr
    assert str(settings.home) in full.stderr
    assert "space" in full.stderr
    await assert_whole(settings.home)
    kept = fontes_command(settings, "ask", "When was Light 0 built?")
    assert kept.returncode in (0, 5), kept.stderr
    disk.free()
    for number in range(10, 40):
        (many / f"{number}.txt").unlink()
    assert fontes_command(settings, "add", many).returncode == 0
    found = fontes_command(settings, "ask", "When was Light 7 built?")
    assert "1707" in found.stdout, found.stdout + found.stderr


async def test_a_disk_that_fills_while_an_answer_is_written_loses_no_question(
    settings: Settings, disk: Any, docs: Path
) -> None:
    writer = Gated()
    async with Assistant(settings, writer=writer) as fontes:
        run = await fontes.start(ORVAY, sources=[docs], conversation="c")
        await writer.began.wait()
        disk.fill()
        writer.may.set()
        with pytest.raises(StoreFull, match=r"no space is left on the disk\. Free some space, or point FONTES_HOME"):
            await run.answer()
        (turn,) = await fontes.conversations.turns("c")
        assert (turn.question, turn.is_stopped) == (ORVAY, True)
        with pytest.raises(StoreFull):
            await fontes.start("And when?", sources=[docs], conversation="c")
        disk.free()
        answer = await (await fontes.resume(run.id)).answer()
        assert "James Calder" in answer.text
        assert [turn.status for turn in await fontes.conversations.turns("c")] == ["answered"]
    await assert_whole(settings.home)


async def test_the_checkpoints_alone_being_out_of_room_is_said_of_their_file(
    settings: Settings, disk: Any, docs: Path, tmp_path: Path
) -> None:
    """The data directory has room, the disk behind its checkpoints has none."""
    elsewhere = Settings(**settings.model_dump() | {"home": tmp_path / "roomy"})
    elsewhere.home.mkdir()
    (elsewhere.home / "checkpoints.db").symlink_to(disk.home / "checkpoints.db")
    async with Assistant(elsewhere) as fontes:
        disk.fill()
        run = await fontes.start(ORVAY, sources=[docs], conversation="c")
        with pytest.raises(StoreFull, match="no space is left on the disk"):
            await run.answer()
        disk.free()
        assert "James Calder" in (await (await fontes.resume(run.id)).answer()).text


async def test_a_cache_without_room_costs_no_page_and_is_used_again_with_room(
    settings: Settings, disk: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    filler = "Boats have passed it every night since, and its keepers wrote down every storm in ledgers. " * 20
    body = f"<html><body><article><p>The Farne light was built in 1811.</p><p>{filler}</p></article></body></html>"
    roomy = tmp_path / "roomy"
    roomy.mkdir()
    (roomy / "http").symlink_to(disk.home)
    async with LocalWeb.of({f"http://farne.test/{name}": body.encode() for name in "abc"}) as web:
        over = Settings(
            home=roomy, embedder="none", reranker="none", workers=1, web=False, host_gap_s=0.0,
            resolve=(f"*=127.0.0.1:{web.port}",),
        )  # fmt: skip
        async with Assistant(over) as fontes:
            await fontes.ask("When was the Farne light built?", sources=["http://farne.test/a"], conversation="c")
            disk.fill()
            with caplog.at_level(logging.WARNING):
                answer = await fontes.ask("When was it built?", sources=["http://farne.test/b"], conversation="c")
            assert "1811" in answer.text
            assert sum("the HTTP cache" in record.getMessage() for record in caplog.records) == 1
            assert not any(record.exc_info for record in caplog.records)
            disk.free()
        async with Assistant(over) as fontes:
            answer = await fontes.ask("When was it built?", sources=["http://farne.test/c"], conversation="c")
            assert "1811" in answer.text
            await fontes.conversations.delete("c")
            assert not any(b"farne.test/c" in file.read_bytes() for file in disk.home.rglob("http.db*"))


async def test_an_erasure_without_room_is_said_and_finished_with_room(
    settings: Settings, disk: Any, docs: Path
) -> None:
    async with Assistant(settings) as fontes:
        await fontes.ask(ORVAY, sources=[docs], conversation="c")
        disk.fill()
        with pytest.raises(StoreFull, match="Free some space"):
            await fontes.conversations.delete("c")
    disk.free()
    async with Assistant(settings) as fontes:
        await fontes.conversations.delete("c")
        assert await fontes.conversations.list() == ()
    for file in settings.home.rglob("*"):
        assert not file.is_file() or b"Calder" not in file.read_bytes(), file
