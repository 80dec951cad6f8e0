"""Asking, reading, stopping, editing: each as a person would do it."""

from pathlib import Path

import pytest
from fontes.agent.tui.conversation import ConversationView
from fontes.agent.tui.question_input import QuestionInput

ORVAY = "Who built the Orvay lighthouse?"
STENNICK = "Who built the Stennick lighthouse?"


async def test_the_input_has_the_focus_and_a_question_is_answered_with_marks_and_signs(chat) -> None:
    assert isinstance(chat.app.focused, QuestionInput)
    await chat.write(ORVAY)
    await chat.press("enter")
    await chat.until(lambda: chat.app.turns and chat.app.turns[0].state == "ended")
    await chat.idle()
    assert "✓ The Orvay lighthouse was built in 1854 by James Calder. [1]" in chat.shown()
    assert chat.app.write_area.text == ""


async def test_a_question_sent_before_the_assistant_is_there_waits_for_it(chats, docs: Path) -> None:
    async with chats(docs=(str(docs),)) as chat:
        await chat.ask(ORVAY)
        assert chat.app.turns[0].answer.status == "answered"


async def test_two_questions_are_answered_one_after_the_other(chat) -> None:
    for question in (ORVAY, STENNICK):
        chat.app.write_area.write(question)
        await chat.press("enter")
    await chat.idle()
    texts = [turn.answer.text for turn in chat.app.turns]
    assert "James Calder" in texts[0]
    assert "Mary Hale" in texts[1]


async def test_shift_enter_and_ctrl_j_begin_a_line(chat) -> None:
    await chat.press("a", "shift+enter", "b", "ctrl+j", "c")
    assert chat.app.write_area.text == "a\nb\nc"


async def test_tab_chooses_a_sentence_and_enter_shows_its_evidence(chat) -> None:
    await chat.ask(ORVAY)
    await chat.press("tab")
    assert isinstance(chat.app.focused, ConversationView)
    assert chat.app.talk.chosen_sentence is not None
    await chat.press("enter")
    await chat.until(lambda: chat.app.evidence.is_open and chat.app.evidence.pane.citation is not None)
    assert chat.app.evidence.pane.citation.quote in "The Orvay lighthouse was built in 1854 by James Calder."
    await chat.press("escape")
    assert not chat.app.evidence.is_open
    await chat.press("tab")
    assert isinstance(chat.app.focused, QuestionInput)


async def test_up_in_an_empty_input_edits_the_last_question_and_the_new_answer_takes_its_place(chat) -> None:
    await chat.ask(ORVAY)
    first = chat.app.turns[0].run
    await chat.press("up")
    assert chat.app.write_area.text == ORVAY
    await chat.ask(STENNICK)
    assert [turn.question for turn in chat.app.turns] == [STENNICK]
    assistant = await chat.app.session.service.assistant()
    kept = await assistant.conversations.turns(chat.app.session.conversation)
    assert [turn.question for turn in kept] == [STENNICK]
    assert first not in [turn.run for turn in kept]


async def test_esc_leaves_an_edit_as_it_was(chat) -> None:
    await chat.ask(ORVAY)
    await chat.press("up", "x", "escape")
    assert chat.app.write_area.text == ""
    await chat.ask(STENNICK)
    assert [turn.question for turn in chat.app.turns] == [ORVAY, STENNICK]


async def test_copying_puts_answer_sentence_and_citation_on_the_clipboard(chat) -> None:
    await chat.ask(ORVAY)
    await chat.press("tab", "y")
    assert chat.app.clipboard == "The Orvay lighthouse was built in 1854 by James Calder. [1]"
    await chat.press("Y")
    assert chat.app.clipboard == chat.app.turns[0].answer.text
    await chat.press("c")
    assert "orvay.txt" in chat.app.clipboard


async def test_a_conversation_is_opened_again_with_its_answers_and_evidence(chats, docs: Path) -> None:
    async with chats(docs=(str(docs),)) as chat:
        await chat.ask(ORVAY)
        conversation = chat.app.session.conversation
    async with chats(conversation=conversation) as chat:
        await chat.until(lambda: chat.app.turns)
        await chat.until(lambda: "James Calder. [1]" in chat.shown())
        await chat.press("tab", "enter")
        await chat.until(lambda: chat.app.evidence.is_open and chat.app.evidence.pane.citation is not None)
        assert chat.app.session.title == ORVAY


async def test_continue_opens_the_conversation_last_used(chats, docs: Path) -> None:
    async with chats(docs=(str(docs),)) as chat:
        await chat.ask(ORVAY)
    async with chats(newest=True) as chat:
        await chat.until(lambda: [turn.question for turn in chat.app.turns] == [ORVAY])


async def test_a_new_conversation_is_empty_and_the_old_one_is_kept(chat) -> None:
    await chat.ask(ORVAY)
    old = chat.app.session.conversation
    await chat.press("ctrl+n")
    await chat.until(lambda: chat.app.session.conversation != old)
    assert not chat.app.turns
    await chat.ask(STENNICK)
    assistant = await chat.app.session.service.assistant()
    assert {each.title for each in await assistant.conversations.list()} == {ORVAY, STENNICK}


async def test_a_question_nobody_can_answer_says_so_and_what_is_nearest(chat) -> None:
    await chat.ask("How many keepers lived on Farne in 1740?")
    assert chat.app.turns[0].answer.status == "abstained"
    assert "The sources do not answer this question." in chat.shown()


@pytest.mark.parametrize(("keys", "is_left"), [(("ctrl+q",), True), (("ctrl+c", "ctrl+c"), True), (("ctrl+c",), False)])
async def test_ctrl_q_leaves_and_ctrl_c_twice_does_too(chat, keys: tuple[str, ...], is_left: bool) -> None:
    await chat.press("a")
    await chat.pilot.press(*keys)
    assert chat.app._exit is is_left
    assert chat.app.return_code in (0, None)
