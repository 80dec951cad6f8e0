"""A chat on a disk that is really full: what was written comes back, what was asked is gone on with."""

from pathlib import Path
from typing import Any

import pytest
from fontes.agent.models.scripted import Asked, Reply, ScriptedServer, quoting

pytestmark = pytest.mark.slow

ORVAY = "Who built the Orvay lighthouse?"
FULL = "no space is left on the disk. Free some space"


def said(chat: Any) -> str:
    """The screen as one line."""
    return " ".join(chat.shown().split())


async def test_a_question_that_cannot_be_written_comes_back_and_is_answered_with_room(
    chats, disk: Any, docs: Path
) -> None:
    async with chats(docs=(str(docs),)) as chat:
        await chat.ask(ORVAY)
        disk.fill()
        await chat.write("When was it built")
        await chat.until(lambda: "No space left on device" in "".join(n.message for n in chat.app._notifications))
        await chat.press("enter")
        await chat.idle()
        assert chat.app.write_area.text == "When was it built"
        assert FULL in chat.app.turns[-1].error
        assert str(disk.home) in chat.app.turns[-1].error
        assert "no space is left on the disk" in said(chat)
        disk.free()
        await chat.press("enter")
        await chat.until(lambda: chat.app.turns[-1].state == "ended")
        await chat.idle()
        assert "1854" in chat.app.turns[-1].answer.text
        conversation = chat.app.session.conversation
    async with chats(conversation=conversation) as chat:
        await chat.until(lambda: [turn.question for turn in chat.app.turns] == [ORVAY, "When was it built"])
        assert chat.app.write_area.text == ""


async def test_an_answer_that_finds_no_room_says_so_and_goes_on_with_r(chats, disk: Any, docs: Path) -> None:
    def fills(asked: Asked) -> Reply:
        if "Orvay" in str(asked.body) and len(filled) < 1:
            filled.append(asked)
            disk.fill()
        return quoting(asked)

    filled: list[Asked] = []
    async with (
        ScriptedServer(fills) as server,
        chats(docs=(str(docs),), settings={"model_url": server.url, "router": "rules"}) as chat,
    ):
        await chat.ask(ORVAY)
        assert filled
        turn = chat.app.turns[0]
        assert (turn.state, turn.may_go_on) == ("failed", True)
        assert FULL in turn.error
        assert "r goes on from there" in said(chat)
        disk.free()
        await chat.press("tab", "r")
        await chat.until(lambda: turn.state == "ended")
        assert "James Calder" in turn.answer.text
