"""What another window is answering is shown as that, is not asked twice, and its answer comes by itself."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from fontes.agent.assistant import Assistant
from fontes.agent.models.extractive import Extractive
from fontes.agent.settings import Settings
from fontes.agent.state import Query, Sentence
from fontes.agent.tui.plain_chat import PlainChat
from fontes.agent.tui.service import Service
from fontes.retrievers import Evidence

ORVAY = "Who built the Orvay lighthouse?"
BEING_ANSWERED = "being answered in another window"


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


@pytest.fixture
def gate() -> Gated:
    return Gated()


@pytest.fixture
async def other(settings: Settings, docs: Path, gate: Gated) -> AsyncIterator[Assistant]:
    """Another window, which is answering the question of conversation "c"."""
    async with Assistant(settings, writer=gate) as fontes:
        await fontes.start(ORVAY, sources=[docs], conversation="c")
        await gate.began.wait()
        yield fontes


async def test_an_answer_of_another_window_comes_into_view_when_it_is_there(
    chats, other: Assistant, gate: Gated
) -> None:
    async with chats(conversation="c") as chat:
        await chat.until(lambda: BEING_ANSWERED in chat.shown())
        await chat.press("tab", "r")
        await chat.until(lambda: "another window is answering it" in chat.shown())
        assert chat.app.turns[0].state == "elsewhere"
        gate.may.set()
        await chat.until(lambda: "James Calder. [1]" in chat.shown())
        assert chat.app.turns[0].answer.status == "answered"
        assert BEING_ANSWERED not in chat.shown()


async def test_an_answer_that_stops_in_another_window_can_be_gone_on_with(chats, other: Assistant, gate: Gated) -> None:
    async with chats(conversation="c") as chat:
        await chat.until(lambda: BEING_ANSWERED in chat.shown())
        (run,) = other._going_on._runs
        run._begun().cancel()  # as if its process had died
        await chat.until(lambda: "stopped before its end" in chat.shown())
        await chat.press("tab", "r")
        await chat.until(lambda: "James Calder. [1]" in chat.shown())


async def test_a_question_gone_on_with_in_another_window_first_is_not_asked_twice(
    chats, settings: Settings, docs: Path, silent, gate: Gated
) -> None:
    async with Assistant(settings, writer=silent) as fontes:
        run = await fontes.start(ORVAY, sources=[docs], conversation="c")
        await silent.began.wait()
        run._begun().cancel()
        await asyncio.wait([run._begun()])
    async with chats(conversation="c") as chat, Assistant(settings, writer=gate) as fontes:
        await chat.until(lambda: "stopped before its end" in chat.shown())
        resumed = await fontes.resume(run.id)
        await gate.began.wait()
        await chat.press("tab", "r")
        await chat.until(lambda: BEING_ANSWERED in chat.shown())
        gate.may.set()
        await resumed.answer()
        await chat.until(lambda: "James Calder. [1]" in chat.shown())


async def test_what_another_window_erases_while_it_is_answered_is_said(chats, other: Assistant, gate: Gated) -> None:
    async with chats(conversation="c") as chat:
        await chat.until(lambda: BEING_ANSWERED in chat.shown())
        await other.conversations.delete("c")
        await chat.until(lambda: "it was erased in another window" in chat.shown())


async def test_what_is_answered_elsewhere_is_not_called_unfinished_on_the_first_screen(chats, other: Assistant) -> None:
    async with chats() as chat:
        await chat.until(lambda: "Now" in chat.shown() or "now" in chat.shown())
        await chat.until(lambda: chat.app.session.drafts is not None)
        assert chat.app.welcome.unfinished == ""


async def test_the_chat_in_lines_says_it_and_reads_the_answer_out_when_it_is_there(
    settings: Settings, other: Assistant, gate: Gated
) -> None:
    said: list[str] = []
    read_out = asyncio.Event()

    def write(line: str) -> None:
        said.append(line)
        if line.startswith("[1] "):
            read_out.set()

    service = Service(home=settings.home, embedder="none", reranker="none", workers=1, web=False)
    chat = PlainChat(service, write)
    await chat.open(conversation="c")
    assert any(BEING_ANSWERED in line for line in said)
    await chat.take("/resume")
    assert said[-1].startswith("Attention: /resume: another window is answering it.")
    gate.may.set()
    await asyncio.wait_for(read_out.wait(), 20)
    assert f"Answered in another window: {ORVAY}" in said
    assert "1. supported: The Orvay lighthouse was built in 1854 by James Calder. [1]" in said
    await chat.close()
