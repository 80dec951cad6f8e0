"""A run that was killed before its first checkpoint begins anew, as it was asked."""

import asyncio
import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fontes.agent.assistant import Assistant
from fontes.agent.begun_with import begun_with, left_off
from fontes.agent.checkpoints import open_checkpoints
from fontes.agent.errors import UnknownRun
from fontes.agent.settings import Settings
from fontes.agent.state import Earlier, Memory, Plan, State
from fontes.retrievers import Store
from hypothesis import given
from hypothesis import strategies as st

KILLED = """
import asyncio, os, sys
from datetime import date
from pathlib import Path
from fontes.agent.assistant import Assistant
from fontes.agent.settings import Settings

async def main():
    settings = Settings(home=Path(sys.argv[1]), embedder="none", reranker="none", workers=1, web=False)
    async with Assistant(settings) as fontes:
        await fontes.ask("Who built the Stennick lighthouse?", sources=[sys.argv[2]], conversation="c")
        run = await fontes.start(
            "And when was it built?", sources=[sys.argv[2]], conversation="c",
            since=date(2020, 1, 2), web=False,
        )
        os.kill(os.getpid(), 9)

asyncio.run(main())
"""

texts = st.text(max_size=40)
states = st.builds(
    State,
    run=texts,
    question=texts,
    asked=texts,
    conversation=texts,
    memory=st.builds(
        Memory,
        turns=st.lists(st.builds(Earlier, question=texts, answer=texts), max_size=3).map(tuple),
        subjects=st.lists(texts, max_size=3).map(tuple),
        summary=texts,
        upto=st.integers(0, 99),
    ),
    sources=st.lists(texts, max_size=3).map(tuple),
    urls=st.lists(texts, max_size=3).map(tuple),
    sites=st.lists(texts, max_size=3).map(tuple),
    since=texts,
    web=st.sampled_from([None, True, False]),
    plan=st.none()
    | st.builds(Plan, routes=st.just(("sources", "web")), queries=st.tuples(texts), seconds=st.just(3.5)),
    notes=st.lists(texts, max_size=2).map(tuple),
)


@given(state=states)
def test_what_was_asked_comes_back_whole(state: State) -> None:
    async def there_and_back() -> tuple[State, bool]:
        return await left_off("r", _Kept(begun_with(state)), _NoCheckpoint())

    assert asyncio.run(there_and_back()) == (state, False)


class _Kept(Store):
    """A store of one run, without its file."""

    def __init__(self, asked: str) -> None:
        self._asked = asked

    async def run(self, run: str) -> tuple[str, str, str] | None:
        return "?", "running", ""

    async def asked(self, run: str) -> str:
        return self._asked


class _NoCheckpoint:
    async def state(self, run: str) -> None:
        return None

    async def forget(self, run: str) -> None:
        return None


async def test_a_question_killed_before_its_first_step_is_resumed_with_all_it_was_asked_with(
    settings: Settings, docs: Path
) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(settings.home), str(docs)], check=False)
    assert done.returncode == -9
    async with Assistant(settings) as fontes:
        first, turn = await fontes.conversations.turns("c")
        assert turn.is_stopped
        run = await fontes.resume(turn.run)
        assert (run.id, run.state.sources) == (turn.run, (str(docs),))
        assert (run.state.since, run.state.web, run.state.conversation) == (date(2020, 1, 2).isoformat(), False, "c")
        steps = [event.step async for event in run.events() if event.kind == "step_started"]
        assert steps[0] == "understand"
        answer = await run.answer()
        assert (answer.status, answer.question) == ("answered", "When was the Stennick lighthouse built?")
        kept = await fontes.conversations.turns("c")
        assert [(each.run, each.status) for each in kept] == [(first.run, "answered"), (turn.run, "answered")]
        with pytest.raises(UnknownRun, match="it has come to its end"):
            await fontes.resume(turn.run)
        assert await fontes.index.store.asked(turn.run) == ""


async def test_a_run_of_its_own_killed_before_its_first_step_is_resumed_too(fontes: Assistant, docs: Path) -> None:
    run = await fontes.start("Who built the Orvay lighthouse?", sources=[docs])
    run._begun().cancel()  # as if its process had died
    await asyncio.wait([run._begun()])
    assert (await (await fontes.resume(run.id)).answer()).status == "answered"


async def test_a_plan_that_was_given_is_kept_to_when_it_begins_anew(fontes: Assistant, docs: Path) -> None:
    plan = replace(await fontes.plan("Who built the Orvay lighthouse?", sources=[docs]), reason="as I say")
    run = await fontes.start("Who built the Orvay lighthouse?", sources=[docs], plan=plan)
    run._begun().cancel()
    await asyncio.wait([run._begun()])
    again = await fontes.resume(run.id)
    assert again.state.plan == plan
    await again.answer()
    assert again.state.planned.reason == "as I say"


async def test_what_cannot_be_known_any_more_is_said(settings: Settings, tmp_path: Path) -> None:
    state = State(run="r", question="Who?", asked="2026-01-01T00:00:00Z")
    other = json.loads(begun_with(state)) | {"version": 1}
    kept = {
        "": "it ended before its first step, and an older Fontes kept its question alone. Ask the question again",
        json.dumps(other): "another version of Fontes began it. Ask the question again",
        "{": "what it was begun with cannot be read any more. Ask the question again",
        begun_with(state).replace('"Who?"', "7"): "what it was begun with cannot be read any more",
    }
    async with Store(tmp_path) as store, open_checkpoints(tmp_path / "checkpoints.db") as checkpoints:
        for number, (asked, said) in enumerate(kept.items()):
            await store.begin_run(f"r{number}", "Who?", asked=asked)
            with pytest.raises(UnknownRun, match=f"run r{number}: {said}"):
                await left_off(f"r{number}", store, checkpoints)
        with pytest.raises(UnknownRun, match="there is no such run"):
            await left_off("none", store, checkpoints)


async def test_a_run_killed_while_its_first_checkpoint_was_written_begins_anew(fontes: Assistant, docs: Path) -> None:
    run = await fontes.start("Who built the Orvay lighthouse?", sources=[docs], conversation="c")
    run._begun().cancel()
    await asyncio.wait([run._begun()])
    from langgraph.checkpoint.base import empty_checkpoint

    checkpoints = fontes._opened()
    config = {"configurable": {"thread_id": run.id, "checkpoint_ns": ""}}
    first = empty_checkpoint() | {"channel_values": {"__start__": run.state}, "channel_versions": {"__start__": 1}}
    await checkpoints.saver.aput(config, first, {"source": "input", "step": -1}, {"__start__": 1})
    assert await checkpoints.state(run.id) is None
    assert (await (await fontes.resume(run.id)).answer()).status == "answered"
    assert await checkpoints.runs() == ()
