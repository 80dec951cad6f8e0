"""A question that another process is answering is told apart from one that was stopped, and is never asked twice."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from fontes.agent.assistant import Assistant
from fontes.agent.conversations import Turn
from fontes.agent.errors import RunGoesOn
from fontes.agent.settings import Settings

WHO = "Who built the Orvay lighthouse?"
ELSEWHERE = """
import asyncio, sys
from pathlib import Path
from fontes.agent.assistant import Assistant
from fontes.agent.models.extractive import Extractive
from fontes.agent.settings import Settings

class Waiting(Extractive):
    async def write(self, query, evidence):
        print("writing", flush=True)
        may_go_on = asyncio.Event()
        asyncio.get_running_loop().add_reader(sys.stdin, may_go_on.set)
        await may_go_on.wait()
        asyncio.get_running_loop().remove_reader(sys.stdin)
        async for sentence in super().write(query, evidence):
            yield sentence

async def main():
    settings = Settings(home=Path(sys.argv[1]), embedder="none", reranker="none", workers=1, web=False)
    async with Assistant(settings, writer=Waiting()) as fontes:
        answer = await fontes.ask("Who built the Orvay lighthouse?", sources=[sys.argv[2]], conversation="c")
        print(answer.cut_short or answer.status, flush=True)

asyncio.run(main())
"""


class Other:
    """Another process, which has begun to write an answer and waits for `goes_on`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    async def says(self) -> str:
        assert self.process.stdout is not None
        return (await asyncio.to_thread(self.process.stdout.readline)).strip()

    def goes_on(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    async def is_killed(self) -> None:
        self.process.kill()
        await asyncio.to_thread(self.process.wait)


@pytest.fixture
def answering(settings: Settings, docs: Path) -> Callable[[], Any]:
    """`async with answering() as other`: another process is answering WHO in conversation "c"."""

    @asynccontextmanager
    async def start() -> AsyncIterator[Other]:
        process = subprocess.Popen(
            [sys.executable, "-c", ELSEWHERE, str(settings.home), str(docs)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        with process:
            other = Other(process)
            try:
                assert await other.says() == "writing"
                yield other
            finally:
                process.kill()

    return start


async def the_turn(fontes: Assistant) -> Turn:
    (turn,) = await fontes.conversations.turns("c")
    assert await fontes.conversations.turn(turn.run) == turn
    return turn


def locks(settings: Settings) -> list[str]:
    return [path.name for path in (settings.home / "running").iterdir()]


async def test_a_question_that_another_process_answers_is_not_stopped_and_cannot_be_resumed(
    settings: Settings, answering: Callable[[], Any]
) -> None:
    async with answering() as other, Assistant(settings) as fontes:
        turn = await the_turn(fontes)
        assert (turn.status, turn.goes_on, turn.is_stopped) == ("running", "elsewhere", False)
        with pytest.raises(RunGoesOn, match=r"by another process\. Wait for its answer, or end it where"):
            await fontes.resume(turn.run)
        other.goes_on()
        assert await other.says() == "answered"
        turn = await the_turn(fontes)
        assert (turn.status, turn.goes_on) == ("answered", "")
        assert "James Calder" in turn.text
        assert locks(settings) == []


async def test_after_a_kill_it_is_stopped_and_is_gone_on_with_once(
    settings: Settings, answering: Callable[[], Any]
) -> None:
    async with answering() as other, Assistant(settings) as fontes:
        await other.is_killed()
        turn = await the_turn(fontes)
        assert turn.is_stopped
        run = await fontes.resume(turn.run)
        assert (await the_turn(fontes)).goes_on == "here"
        with pytest.raises(RunGoesOn, match="here"):
            await fontes.resume(turn.run)
        assert (await run.answer()).status == "answered"
    assert locks(settings) == []


async def test_what_a_kill_left_is_tidied_away_when_the_directory_is_opened(
    settings: Settings, answering: Callable[[], Any]
) -> None:
    async with answering() as other:
        await other.is_killed()
    assert len(locks(settings)) == 1
    async with Assistant(settings) as fontes:
        assert locks(settings) == []
        assert (await the_turn(fontes)).is_stopped


async def test_two_that_want_to_go_on_with_a_stopped_question_at_once_do_it_once(
    settings: Settings, answering: Callable[[], Any], silent: Any
) -> None:
    async with answering() as other:
        await other.is_killed()
    async with Assistant(settings, writer=silent) as one, Assistant(settings, writer=silent) as two:
        run = (await the_turn(one)).run
        begun = await asyncio.gather(one.resume(run), two.resume(run), return_exceptions=True)
        assert sorted(type(each).__name__ for each in begun) == ["Run", "RunGoesOn"]


async def test_a_conversation_can_be_erased_while_another_process_answers_in_it(
    settings: Settings, answering: Callable[[], Any]
) -> None:
    async with answering() as other, Assistant(settings) as fontes:
        run = (await the_turn(fontes)).run
        await fontes.conversations.delete("c")
        assert await fontes.index.store.skipped(run) == ()
        assert await other.says() == "its conversation was erased meanwhile: nothing of this is kept"
        assert await asyncio.to_thread(other.process.wait) == 0
        assert await fontes.conversations.list() == ()
        assert await fontes.index.store.run(run) is None
        for file in settings.home.rglob("*"):
            assert not file.is_file() or b"Calder" not in file.read_bytes(), file


async def test_a_question_that_another_process_answers_can_be_replaced_and_ends_there(
    settings: Settings, docs: Path, answering: Callable[[], Any]
) -> None:
    async with answering() as other, Assistant(settings) as fontes:
        old = await the_turn(fontes)
        answer = await fontes.ask(
            "Who built the Stennick lighthouse?", sources=[docs], conversation="c", replaces=old.run
        )
        assert await other.says() == "its conversation was erased meanwhile: nothing of this is kept"
        assert [turn.run for turn in await fontes.conversations.turns("c")] == [answer.run]
        assert await fontes.conversations.turn(old.run) is None


async def test_an_erased_question_whose_process_is_killed_then_leaves_nothing_to_be_found(
    settings: Settings, answering: Callable[[], Any]
) -> None:
    async with answering() as other:
        async with Assistant(settings) as fontes:
            run = (await the_turn(fontes)).run
            await fontes.index.store.erase_conversation("c")
            await other.is_killed()
        async with Assistant(settings) as fontes:
            assert await fontes.index.store.unknown_runs([run]) == [run]
        for file in settings.home.rglob("*"):
            assert not file.is_file() or b"Calder" not in file.read_bytes(), file
