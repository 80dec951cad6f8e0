"""What terminals, disks and servers do to a chat, and that nothing said is lost by it."""

import asyncio
import errno
from pathlib import Path

import pytest
from fontes.agent.assistant import Assistant
from fontes.agent.models.scripted import Asked, Fault, Reply, ScriptedServer, quoting
from fontes.agent.tui.drafts import Drafts
from fontes.agent.tui.question_input import MOST_PASTED
from fontes.retrievers import StoreFull
from textual import events

ORVAY = "Who built the Orvay lighthouse?"


async def test_a_paste_of_a_megabyte_is_kept_as_a_file_that_questions_are_answered_from(chat) -> None:
    text = "The Skerrow lighthouse was built in 1820 by Ann Pell.\n\n" * 20_000
    chat.app.write_area.input.post_message(events.Paste(text))
    await chat.until(lambda: len(chat.app.session.scope.docs) == 2)
    kept = Path(chat.app.session.scope.docs[-1])
    assert kept.read_text() == text
    assert chat.app.write_area.text == ""
    await chat.ask("Who built the Skerrow lighthouse?")
    assert "Ann Pell" in chat.app.turns[0].answer.text


async def test_a_small_paste_is_written_without_what_a_terminal_obeys(chat) -> None:
    chat.app.write_area.input.post_message(events.Paste("Who \x1b]52;c;aGk=\x07built\u202e it\x9b31m?\nAnd when?"))
    await chat.until(lambda: chat.app.write_area.text)
    assert "\x1b" not in chat.app.write_area.text
    assert "\u202e" not in chat.app.write_area.text
    assert chat.app.write_area.text.endswith("And when?")


@pytest.mark.parametrize("paste", ["\ufffd\x01\x02ELF\ufffd" * 50, "\x00\x01\x02\x03" * 4, "a" + "\ufffd" * 30])
async def test_a_binary_paste_is_refused_and_what_was_written_stays(chat, paste: str) -> None:
    await chat.write("Who")
    chat.app.write_area.input.post_message(events.Paste(paste))
    await chat.until(lambda: "is no text" in chat.shown())
    assert chat.app.write_area.text == "Who"


async def test_a_dragged_file_becomes_an_add_command_which_enter_runs(chat, tmp_path: Path) -> None:
    file = tmp_path / "a b.txt"
    file.write_text("The Skerrow lighthouse was built in 1820 by Ann Pell.")
    chat.app.write_area.input.post_message(events.Paste(f"'{file}'"))
    await chat.until(lambda: chat.app.write_area.text == f"/add '{file}'")
    await chat.press("enter")
    await chat.until(lambda: chat.app.session.at_hand.pages == 1)
    assert chat.app.write_area.text == ""


async def test_a_paste_that_makes_the_question_too_long_leaves_what_was_written(chat) -> None:
    await chat.write("Who")
    chat.app.write_area.input.post_message(events.Paste("y" * MOST_PASTED))
    await chat.until(lambda: len(chat.app.session.scope.docs) == 2)
    assert chat.app.write_area.text == "Who"


@pytest.mark.parametrize("size", [(20, 5), (10, 3), (1, 1), (300, 100)])
async def test_any_size_of_terminal_answers(chats, docs: Path, size: tuple[int, int]) -> None:
    async with chats(size=size, docs=(str(docs),)) as chat:
        await chat.ask(ORVAY)
        assert chat.app.turns[0].answer.status == "answered"
        await chat.press("tab", "enter", "escape")


@pytest.mark.slow
async def test_a_storm_of_resizes_while_an_answer_is_written_is_survived(chat) -> None:
    chat.app.write_area.write(ORVAY)
    await chat.press("enter")
    for number in range(40):
        await chat.pilot.resize_terminal(20 + number * 7 % 180, 5 + number * 5 % 50)
    await chat.pilot.resize_terminal(100, 30)
    await chat.idle()
    assert "James Calder. [1]" in chat.shown()


def _stalls(asked: Asked) -> Reply:
    reply = quoting(asked)
    return Reply(reply.text, fault=Fault("stall", after=60))


async def test_esc_ends_an_answer_at_once_and_keeps_what_was_verified(chats, docs: Path) -> None:
    async with ScriptedServer(_stalls) as server:
        settings = {"model_url": server.url, "router": "rules"}
        async with chats(docs=(str(docs),), settings=settings) as chat:
            chat.app.write_area.write("Who built the Orvay lighthouse, and what did its lamp burn?")
            await chat.press("enter")
            await chat.until(lambda: chat.app.turns and any(each.is_asserted for each in chat.app.turns[0].sentences()))
            loop = asyncio.get_running_loop()
            begun = loop.time()
            await chat.press("escape")
            await chat.idle()
            assert loop.time() - begun < 5
            answer = chat.app.turns[0].answer
            assert answer.cut_short
            assert answer.asserted
            assert "cancelled" in chat.shown()


@pytest.mark.slow
async def test_a_silent_backend_is_named_after_two_seconds(chats, docs: Path) -> None:
    async with (
        ScriptedServer(lambda asked: Reply(quoting(asked).text, fault=Fault("stall", after=0))) as server,
        chats(docs=(str(docs),), settings={"model_url": server.url, "router": "rules"}) as chat,
    ):
        chat.app.write_area.write(ORVAY)
        await chat.press("enter")
        await chat.until(lambda: f"for the model at {server.url} to write" in chat.shown())
        await chat.press("escape")
        await chat.idle()


async def test_a_backend_that_is_lost_mid_answer_is_said_and_the_answer_is_quotes(chats, docs: Path) -> None:
    async with (
        ScriptedServer(lambda asked: Reply(quoting(asked).text, fault=Fault("cut", after=5))) as server,
        chats(docs=(str(docs),), settings={"model_url": server.url, "router": "rules"}) as chat,
    ):
        await chat.ask(ORVAY)
        assert "James Calder" in chat.app.turns[0].answer.text
        assert any("model" in note for note in chat.app.turns[0].answer.notes)


async def test_a_full_disk_puts_the_question_back_and_says_why(chat, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: object, **__: object) -> None:
        raise StoreFull("fontes.db", "the disk is full")

    monkeypatch.setattr(Assistant, "start", full)
    await chat.ask(ORVAY)
    assert chat.app.write_area.text == ORVAY
    assert "the disk is full" in chat.shown()
    monkeypatch.undo()
    await chat.press("enter")
    await chat.idle()
    assert chat.app.turns[-1].answer.status == "answered"


async def test_a_disk_too_full_for_drafts_is_said_once_and_questions_go_on(
    chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_drafts: Drafts, _text: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Drafts, "keep", full)
    await chat.write("Who built")
    await chat.until(lambda: "what you type cannot be kept: No space left on device" in chat.shown())
    chat.app.write_area.write("")
    await chat.ask(ORVAY)
    assert chat.app.turns[0].answer.status == "answered"


async def test_what_was_typed_is_there_again_after_the_chat_was_left(chats, docs: Path) -> None:
    async with chats(docs=(str(docs),)) as chat:
        await chat.until(lambda: chat.app.session.drafts is not None)
        await chat.write("Who built")
        await chat.press("ctrl+j")
        await chat.write("the tower")
        await chat.press("ctrl+q")
    async with chats() as chat:
        await chat.until(lambda: chat.app.write_area.text == "Who built\nthe tower")


async def test_what_is_typed_after_a_question_sent_before_the_chat_was_open_is_kept_too(chats, docs: Path) -> None:
    async with chats(docs=(str(docs),)) as chat:
        await chat.ask(ORVAY)  # it waits for the chat to open
        await chat.write("And when")
        conversation = chat.app.session.conversation
        await chat.press("ctrl+q")
    async with chats(conversation=conversation) as chat:
        await chat.until(lambda: chat.app.write_area.text == "And when")


async def test_two_chats_on_one_data_directory_answer_and_keep_their_own_drafts(chats, docs: Path) -> None:
    async with chats(docs=(str(docs),)) as first, chats(docs=(str(docs),)) as second:
        await first.until(lambda: first.app.session.drafts is not None)
        await second.until(lambda: second.app.session.drafts is not None)
        await first.write("one")
        await second.write("two")
        await first.press("escape")
        for chat in (first, second):
            chat.app.write_area.write(ORVAY)
            await chat.press("enter")
        await asyncio.gather(first.idle(), second.idle())
        assert first.app.turns[0].answer.status == second.app.turns[0].answer.status == "answered"
        assert first.app.session.conversation != second.app.session.conversation
        assistant = await first.app.session.service.assistant()
        assert len(await assistant.conversations.list()) == 2


async def test_a_data_directory_that_cannot_be_used_is_said_on_the_screen(chats, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    async with chats(settings={"home": tmp_path / "file"}) as chat:
        await chat.until(lambda: "Fontes cannot be opened:" in chat.shown())
        await chat.ask(ORVAY)
        assert chat.app.write_area.text == ORVAY


async def test_a_question_taken_back_before_it_began_is_written_again(chats, docs: Path) -> None:
    async with chats(docs=(str(docs),)) as chat:
        for question in ("first?", "second?"):
            chat.app.write_area.write(question)
            await chat.pilot.press("enter")
        chat.app.session.asking.cancel()
        await chat.idle()
        assert "first?" in [turn.question for turn in chat.app.turns] or chat.app.write_area.text == "first?"
