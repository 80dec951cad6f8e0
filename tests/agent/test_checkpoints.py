"""What an interrupted run left is found again, unless another version left it."""

import uuid
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from fontes.agent.assistant import Assistant
from fontes.agent.checkpoints import open_checkpoints
from fontes.agent.errors import BadQuestion, NothingRead, UnknownRun, WriterError
from fontes.agent.settings import Settings
from fontes.agent.state import Query, Sentence
from fontes.retrievers import Evidence


class Dumb:
    """A writer that never gets a word out."""

    name = "dumb"
    note = ""

    async def write(self, query: Query, evidence: Sequence[Evidence]) -> AsyncIterator[Sentence]:
        raise WriterError(self.name, "it is dumb")
        yield


async def interrupted(settings: Settings, file: Path) -> str:
    file.write_text("The lamp was lit in 1856.")
    async with Assistant(settings, writer=Dumb()) as fontes:
        run = await fontes.start("When was the lamp lit?", sources=[file], conversation="c1")
        with pytest.raises(WriterError):
            await run.answer()
    return run.id


async def test_the_state_of_an_interrupted_run_comes_back(fontes: Assistant, tmp_path: Path) -> None:
    file = tmp_path / "some.txt"
    run = await interrupted(fontes.settings, file)
    async with open_checkpoints(fontes.settings.home / "checkpoints.db") as checkpoints:
        state = await checkpoints.state(run)
    assert state is not None
    assert (state.run, state.question, state.conversation) == (run, "When was the lamp lit?", "c1")
    assert state.sources == (str(file),)
    assert state.status == "running"


async def test_bad_input_leaves_nothing_behind(fontes: Assistant, tmp_path: Path) -> None:
    for question, sources in (("?!", None), ("When was the lamp lit?", [tmp_path / "missing.txt"])):
        run = await fontes.start(question, sources=sources)
        with pytest.raises((BadQuestion, NothingRead)):
            await run.answer()
        assert await fontes.index.store.run(run.id) is None
        assert await fontes.index.store.skipped(run.id) == ()
        with pytest.raises(UnknownRun):
            await fontes.resume(run.id)


async def test_a_run_that_another_version_began_is_refused(fontes: Assistant, tmp_path: Path) -> None:
    run = await interrupted(fontes.settings, tmp_path / "some.txt")
    async with open_checkpoints(fontes.settings.home / "checkpoints.db") as checkpoints:
        found = await checkpoints.saver.aget_tuple({"configurable": {"thread_id": run}})
        assert found is not None
        other = found.checkpoint | {"id": f"{uuid.UUID(int=2**128 - 1)}"}
        other["channel_values"]["version"] = 99
        await checkpoints.saver.aput(found.config, other, found.metadata, {})
        with pytest.raises(UnknownRun, match=f"run {run}: another version of Fontes began it. Ask the question again"):
            await checkpoints.state(run)
    with pytest.raises(UnknownRun, match="another version"):
        await fontes.resume(run)


async def test_a_run_that_left_nothing_is_unknown(tmp_path: Path) -> None:
    async with open_checkpoints(tmp_path / "checkpoints.db") as checkpoints:
        assert await checkpoints.state("nobody") is None


async def test_what_is_forgotten_is_gone(fontes: Assistant, tmp_path: Path) -> None:
    run = await interrupted(fontes.settings, tmp_path / "some.txt")
    async with open_checkpoints(fontes.settings.home / "checkpoints.db") as checkpoints:
        await checkpoints.forget(run)
        assert await checkpoints.state(run) is None
