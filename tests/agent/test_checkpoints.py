"""What an interrupted run left is found again, unless another version left it."""

import uuid
from pathlib import Path

import pytest
from fontes.agent.assistant import Assistant
from fontes.agent.checkpoints import open_checkpoints
from fontes.agent.errors import BadQuestion, UnknownRun


async def interrupted(fontes: Assistant) -> str:
    run = await fontes.start("?!", sources=["some.txt"], conversation="c1")
    with pytest.raises(BadQuestion):
        await run.answer()
    return run.id


async def test_the_state_of_an_interrupted_run_comes_back(fontes: Assistant) -> None:
    run = await interrupted(fontes)
    async with open_checkpoints(fontes.settings.home / "checkpoints.db") as checkpoints:
        state = await checkpoints.state(run)
    assert (state.run, state.question, state.sources, state.conversation) == (run, "?!", ("some.txt",), "c1")
    assert state.status == "running"


async def test_a_run_that_another_version_began_is_refused(fontes: Assistant) -> None:
    run = await interrupted(fontes)
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
        with pytest.raises(UnknownRun, match="run nobody: it left no checkpoint"):
            await checkpoints.state("nobody")


async def test_what_is_forgotten_is_gone(fontes: Assistant) -> None:
    run = await interrupted(fontes)
    async with open_checkpoints(fontes.settings.home / "checkpoints.db") as checkpoints:
        await checkpoints.forget(run)
        with pytest.raises(UnknownRun):
            await checkpoints.state(run)
