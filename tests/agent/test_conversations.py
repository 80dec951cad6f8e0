"""A conversation keeps every question, understands follow-ups, and goes on where it stopped."""

import asyncio
import contextlib
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from fontes.agent.assistant import KEPT_DAYS, Assistant
from fontes.agent.conversations import Turn
from fontes.agent.errors import BadQuestion, NothingRead, UnknownConversation, UnknownRun
from fontes.agent.settings import Settings

WHO = "Who built the Orvay lighthouse?"


async def questions(fontes: Assistant, conversation: str = "c") -> list[str]:
    return [turn.question for turn in await fontes.conversations.turns(conversation)]


async def test_a_follow_up_is_understood_with_the_turns_before_it(fontes: Assistant, docs: Path) -> None:
    await fontes.add([docs])
    first = await fontes.ask(WHO, conversation="c")
    second = await fontes.ask("When was it built?", conversation="c")
    third = await fontes.ask("What about the Stennick lighthouse?", conversation="c")
    assert [answer.question for answer in (first, second, third)] == [
        WHO, "When was the Orvay lighthouse built?", "When was the Stennick lighthouse built?",
    ]  # fmt: skip
    assert "1902" in third.text
    assert not any("conversation" in note for note in third.notes)
    assert [(turn.question, turn.status, turn.text) for turn in await fontes.conversations.turns("c")] == [
        (WHO, "answered", first.text),
        ("When was it built?", "answered", second.text),
        ("What about the Stennick lighthouse?", "answered", third.text),
    ]


async def test_a_plan_reads_the_conversation_too_and_belongs_to_it_alone(fontes: Assistant, docs: Path) -> None:
    await fontes.add([docs])
    await fontes.ask(WHO, conversation="a")
    await fontes.ask("Who built the Stennick lighthouse?", conversation="b")
    plans = {name: await fontes.plan("When was it built?", conversation=name) for name in ("a", "b")}
    assert plans["a"].queries[0] == "When was the Orvay lighthouse built?"
    assert len(await questions(fontes, "a")) == 1, "a plan is no turn"
    answer = await fontes.ask("When was it built?", conversation="b", plan=plans["b"])
    assert answer.question == "When was the Stennick lighthouse built?"


async def test_another_conversation_knows_nothing_of_it(fontes: Assistant, docs: Path) -> None:
    await fontes.add([docs])
    await fontes.ask(WHO, conversation="c")
    assert (await fontes.ask("When was it built?", conversation="d")).question == "When was it built?"
    assert (await fontes.ask("When was it built?")).question == "When was it built?"


async def test_the_question_is_on_the_disk_before_the_run_begins(settings: Settings, docs: Path, silent: Any) -> None:
    async with Assistant(settings, writer=silent) as fontes:
        run = await fontes.start(WHO, sources=[docs], conversation="c")
        (turn,) = await fontes.conversations.turns("c")
        assert turn == Turn(run=run.id, question=WHO, status="running", text="", at=turn.at, goes_on="here")
        assert (await fontes.conversations.list())[0].title == WHO


async def test_a_question_that_is_edited_takes_the_place_of_its_turn_and_all_later_ones(
    fontes: Assistant, docs: Path
) -> None:
    await fontes.add([docs])
    for question in (WHO, "When was it built?", "And who painted it?"):
        await fontes.ask(question, conversation="c")
    dropped = (await fontes.conversations.turns("c"))[1:]
    answer = await fontes.ask("How was it lit?", conversation="c", replaces=dropped[0].run)
    assert await questions(fontes) == [WHO, "How was it lit?"]
    assert answer.question == "How was the Orvay lighthouse lit?"
    for turn in dropped:
        assert await fontes.conversations.answer(turn.run) is None
        with pytest.raises(UnknownRun):
            await fontes.resume(turn.run)


async def test_a_turn_that_still_runs_can_be_replaced(settings: Settings, docs: Path, silent: Any) -> None:
    async with Assistant(settings, writer=silent) as fontes:
        run = await fontes.start(WHO, sources=[docs], conversation="c")
        await silent.began.wait()
        other = await fontes.start("Who else?", sources=[docs], conversation="c", replaces=run.id)
        assert (await run.answer()).status == "abstained"
        assert [turn.run for turn in await fontes.conversations.turns("c")] == [other.id]


async def test_a_refused_question_replaces_nothing(fontes: Assistant, docs: Path) -> None:
    answer = await fontes.ask(WHO, sources=[docs], conversation="c")
    for question in ("", "?!", "word " * 2_000):
        with pytest.raises(BadQuestion):
            await fontes.start(question, sources=[docs], conversation="c", replaces=answer.run)
    assert await questions(fontes) == [WHO]
    with pytest.raises(BadQuestion, match="say of which"):
        await fontes.start(WHO, replaces=answer.run)


async def test_a_question_whose_sources_cannot_be_read_is_kept_all_the_same(fontes: Assistant) -> None:
    with pytest.raises(NothingRead):
        await fontes.ask(WHO, sources=["nowhere.txt"], conversation="c")
    assert [(turn.question, turn.status) for turn in await fontes.conversations.turns("c")] == [(WHO, "abstained")]


async def test_conversations_are_started_renamed_and_found(fontes: Assistant, docs: Path) -> None:
    named = await fontes.conversations.start("  Lights\nof Orvay \x1b[31m ")
    assert (named.title, named.turns) == ("Lights of Orvay", 0)
    await fontes.ask("Who built the Stennick lighthouse?", sources=[docs], conversation="other")
    assert [each.id for each in await fontes.conversations.list()] == ["other", named.id]
    assert [each.id for each in await fontes.conversations.list("MARY hale")] == ["other"]
    await fontes.conversations.rename("other", "x" * 500)
    assert len((await fontes.conversations.list(limit=1))[0].title) == 120
    await fontes.conversations.rename("other", "")
    assert (await fontes.conversations.list(limit=1))[0].title == "Who built the Stennick lighthouse?"
    with pytest.raises(UnknownConversation, match="conversation none: there is no such conversation"):
        await fontes.conversations.rename("none", "t")


@pytest.mark.parametrize("given", ["two\nlines", "\x1b[2J", "x" * 101, " a"])
async def test_an_id_that_no_line_can_show_is_refused(fontes: Assistant, given: str) -> None:
    with pytest.raises(BadQuestion, match="one line of at most 100 characters"):
        await fontes.start(WHO, conversation=given)


async def test_an_interrupted_question_is_resumed_and_understood_the_same(
    settings: Settings, docs: Path, silent: Any
) -> None:
    async with Assistant(settings) as fontes:
        await fontes.add([docs])
        await fontes.ask(WHO, conversation="c")
    async with Assistant(settings, writer=silent) as fontes:
        run = await fontes.start("When was it built?", conversation="c")
        await silent.began.wait()
        run.cancel()
        await run.answer()
    async with Assistant(settings) as fontes:
        await fontes.ask("Who built the Stennick lighthouse?", conversation="c")
        answer = await (await fontes.resume(run.id)).answer()
        assert answer.question == "When was the Orvay lighthouse built?"
        assert [turn.status for turn in await fontes.conversations.turns("c")] == ["answered"] * 3


KILLED = """
import asyncio, sys
from pathlib import Path
from fontes.agent.assistant import Assistant
from fontes.agent.settings import Settings

class Stuck:
    name, note = "stuck", ""
    async def write(self, query, evidence):
        print("writing", flush=True)
        await asyncio.Event().wait()
        yield

async def main():
    settings = Settings(home=Path(sys.argv[1]), embedder="none", reranker="none", workers=1, web=False)
    async with Assistant(settings, writer=Stuck()) as fontes:
        await fontes.ask("Who built the Orvay lighthouse?", sources=[sys.argv[2]], conversation="c")

asyncio.run(main())
"""


@pytest.mark.slow
async def test_a_question_survives_a_kill_and_goes_on_from_where_it_was(settings: Settings, docs: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(settings.home), str(docs)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert await asyncio.to_thread(process.stdout.readline) == "writing\n"
        process.send_signal(signal.SIGKILL)
    async with Assistant(settings) as fontes:
        (turn,) = await fontes.conversations.turns("c")
        assert (turn.question, turn.status) == (WHO, "running")
        run = await fontes.resume(turn.run)
        steps = [event.step async for event in run.events() if event.kind == "step_started"]
        assert steps[0] == "draft"
        assert (await fontes.conversations.turns("c"))[0].status == "answered"


async def test_a_run_interrupted_long_ago_is_let_go_and_its_question_stays(
    settings: Settings, docs: Path, silent: Any
) -> None:
    async with Assistant(settings, writer=silent) as fontes:
        run = await fontes.start(WHO, sources=[docs], conversation="c")
        await silent.began.wait()
        await fontes.index.store._write(
            lambda db: db.execute("UPDATE runs SET started = '2001-01-01T00:00:00Z' WHERE id = ?", (run.id,))
        )
        run._begun().cancel()  # not by `Run.cancel`: it ends as if its process had died
        await asyncio.wait([run._begun()])
    assert KEPT_DAYS < 365
    async with Assistant(settings) as fontes:
        assert [(turn.question, turn.status) for turn in await fontes.conversations.turns("c")] == [(WHO, "abstained")]
        with pytest.raises(UnknownRun, match="there is no such run"):
            await fontes.resume(run.id)
        assert (await fontes.ask("When was it built?", sources=[docs], conversation="c")).question == (
            "When was the Orvay lighthouse built?"
        )


async def test_many_questions_at_once_in_one_conversation_are_all_kept(fontes: Assistant, docs: Path) -> None:
    await fontes.add([docs])
    asked = [f"Who built the Orvay lighthouse in 18{number}?" for number in range(50, 58)]
    await asyncio.gather(*(fontes.ask(question, conversation="c") for question in asked))
    assert sorted(await questions(fontes)) == sorted(asked)
    assert {turn.status for turn in await fontes.conversations.turns("c")} != {"running"}


ASKING = """
import asyncio, sys
from contextlib import suppress
from pathlib import Path
from fontes.agent.assistant import Assistant
from fontes.agent.settings import Settings
from fontes.retrievers.errors import StoreBusy

async def main():
    settings = Settings(home=Path(sys.argv[1]), embedder="none", reranker="none", workers=1, web=False)
    async with Assistant(settings) as fontes:
        for number in range(5):
            run = await fontes.start(f"Who built the Orvay lighthouse in 18{number}{sys.argv[2]}?", conversation="c")
            print(run.id, flush=True)
            await run.answer()
            await fontes.ask("Who built the Stennick lighthouse?", conversation=f"gone{sys.argv[2]}")
            with suppress(StoreBusy):  # it is deleted; its last traces go when the other lets go of the files
                await fontes.conversations.delete(f"gone{sys.argv[2]}")

asyncio.run(main())
"""


@pytest.mark.slow
async def test_two_chats_on_one_data_directory_lose_no_turn_of_each_other(settings: Settings, docs: Path) -> None:
    async with Assistant(settings) as fontes:
        await fontes.add([docs])
    chats = [
        subprocess.Popen([sys.executable, "-c", ASKING, str(settings.home), name], stdout=subprocess.PIPE, text=True)
        for name in "12"
    ]
    said = [await asyncio.to_thread(chat.communicate, timeout=120) for chat in chats]
    assert [chat.returncode for chat in chats] == [0, 0]
    async with Assistant(settings) as fontes:
        turns = await fontes.conversations.turns("c")
        assert sorted(turn.run for turn in turns) == sorted(" ".join(out for out, _ in said).split())
        assert {turn.status for turn in turns} <= {"answered", "partial", "abstained"}
        for turn in turns:
            kept = await fontes.conversations.answer(turn.run)
            assert kept is not None
            assert kept.text == turn.text
        assert [each.id for each in await fontes.conversations.list()] == ["c"]


@pytest.mark.slow
@pytest.mark.parametrize("acknowledged", [1, 3, 4])
async def test_no_question_that_was_taken_is_lost_by_a_kill(settings: Settings, docs: Path, acknowledged: int) -> None:
    async with Assistant(settings) as fontes:
        await fontes.add([docs])
    with subprocess.Popen(
        [sys.executable, "-c", ASKING, str(settings.home), "1"], stdout=subprocess.PIPE, text=True
    ) as chat:
        assert chat.stdout is not None
        taken = [(await asyncio.to_thread(chat.stdout.readline)).strip() for _ in range(acknowledged)]
        chat.kill()
    async with Assistant(settings) as fontes:
        turns = await fontes.conversations.turns("c")
        assert [turn.run for turn in turns][: len(taken)] == taken
        assert all(turn.status != "running" for turn in turns[: len(taken) - 1])
        for turn in turns:
            if turn.status == "running":
                with contextlib.suppress(UnknownRun):  # it was killed before its first checkpoint
                    await (await fontes.resume(turn.run)).answer()
                    continue
                await fontes.ask(turn.question, conversation="c", replaces=turn.run)
        assert [turn.question for turn in await fontes.conversations.turns("c")] == [turn.question for turn in turns]
        assert all(turn.status != "running" for turn in await fontes.conversations.turns("c"))


async def test_five_thousand_turns_are_given_in_a_tenth_of_a_second(settings: Settings) -> None:
    async with Assistant(settings) as fontes:
        await fontes.conversations.start()
    rows = [(number, f"r{number}", f"Question {number}?", f"Answer {number}. " * 30) for number in range(1, 5001)]
    with contextlib.closing(sqlite3.connect(settings.home / "fontes.db")) as db, db:
        (conversation,) = db.execute("SELECT id FROM conversations").fetchone()
        db.executemany(
            f"INSERT INTO turns (conversation, position, run, question, at, status, text) VALUES ('{conversation}',"
            " ?, ?, ?, '2026-01-01T00:00:00Z', 'answered', ?)",
            rows,
        )
    async with Assistant(settings) as fontes:
        best = {"turns": 9.0, "list": 9.0}
        for _ in range(3):
            start = process_time()
            assert len(await fontes.conversations.turns(conversation)) == 5_000
            listing = process_time()
            assert (await fontes.conversations.list("answer 4999"))[0].turns == 5_000
            best = {
                "turns": min(best["turns"], listing - start),
                "list": min(best["list"], process_time() - listing),
            }
    assert max(best.values()) <= 0.5, best  # 0.02 s
