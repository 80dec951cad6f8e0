"""The chat in lines: everything is said once, in order, and nothing is drawn."""

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fontes.agent.settings import Settings
from fontes.agent.tui.plain_chat import PlainChat
from fontes.agent.tui.service import Service

ORVAY = "Who built the Orvay lighthouse?"


@pytest.fixture
async def plain(settings: Settings, docs: Path) -> AsyncIterator[tuple[PlainChat, list[str]]]:
    """A chat over two files, and the lines it wrote."""
    said: list[str] = []
    service = Service(home=settings.home, embedder="none", reranker="none", workers=1, web=False)
    chat = PlainChat(service, said.append, docs=(str(docs),))
    await chat.open()
    yield chat, said
    await chat.session.close()


async def test_it_says_first_what_it_can_do(plain: tuple[PlainChat, list[str]]) -> None:
    assert plain[1][0] == "Fontes. Now: questions go to the source named; answers are checked quotes."


async def test_an_answer_is_numbered_sentences_with_their_verdict_then_the_sources(
    plain: tuple[PlainChat, list[str]],
) -> None:
    chat, said = plain
    assert await chat.take(ORVAY)
    assert said.count("1. supported: The Orvay lighthouse was built in 1854 by James Calder. [1]") == 1
    assert "[1] orvay.txt" in said
    assert not any("\x1b" in line for line in said)


async def test_the_evidence_of_a_sentence_is_read_out(plain: tuple[PlainChat, list[str]]) -> None:
    chat, said = plain
    await chat.take(ORVAY)
    await chat.take("/evidence 1")
    assert "Quote: The Orvay lighthouse was built in 1854 by James Calder." in said
    await chat.take("/evidence 9")
    assert said[-1] == "Attention: there is no such sentence in the last answer"


async def test_commands_work_and_those_that_need_a_screen_say_so(plain: tuple[PlainChat, list[str]]) -> None:
    chat, said = plain
    for line in ("/web off", "/ledger", "/nope", "/help", "/open", ""):
        assert await chat.take(line)
    assert "the web is searched never" in said
    assert any("it needs the drawn chat" in line for line in said)
    assert not await chat.take("/quit")


async def test_a_source_that_there_is_not_is_told_and_changes_nothing(
    plain: tuple[PlainChat, list[str]], docs: Path
) -> None:
    chat, said = plain
    assert await chat.take(f"/docs {docs}/nosuch")
    assert said[-1] == f"Attention: there is no file or folder {docs}/nosuch; nothing was changed"
    assert chat.session.scope.docs == (str(docs),)


async def test_questions_are_restricted_to_tags(plain: tuple[PlainChat, list[str]], docs: Path) -> None:
    chat, said = plain
    await chat.take("/docs -")
    await chat.take("/tag")
    assert said[-1] == "there are no tags yet: /add PATH #TAG"
    await chat.take(f"/add {docs}/orvay.txt #East")
    await chat.take(f"/add {docs}/stennick.txt #west #lights")
    await chat.take("/tag")
    assert said[-1] == "your tags: east (1), lights (1), west (1). /tag NAME…"
    await chat.take("/tag west")
    assert said[-1] == "answers come from sources tagged west alone; /tag - ends that"
    await chat.take(ORVAY)
    assert not [line for line in said if "James Calder" in line]
    await chat.take("/tag nowhere")
    assert "no source of the index carries it; known are east, lights, west" in said[-1]
    await chat.take("/tag -")
    await chat.take(ORVAY)
    assert [line for line in said if "James Calder" in line]


async def test_a_conversation_is_gone_on_with(plain: tuple[PlainChat, list[str]]) -> None:
    chat, said = plain
    await chat.take(ORVAY)
    await chat.take("/new")
    await chat.take("/open 1")
    assert f"Conversation “{ORVAY}”, 1 turn." in said
    assert said.count("1. supported: The Orvay lighthouse was built in 1854 by James Calder. [1]") == 2


@pytest.mark.slow
def test_the_program_reads_lines_from_a_pipe_and_ends_with_them(settings: Settings, docs: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from fontes.agent.cli import main; main()", "chat", "--docs", str(docs)],
        input=f"{ORVAY}\n", capture_output=True, text=True, timeout=120, check=False,
        env={"PATH": "/usr/bin:/bin", "FONTES_HOME": str(settings.home), "FONTES_WEB": "0", "FONTES_EMBEDDER": "none",
             "FONTES_RERANKER": "none", "HOME": str(settings.home)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "1. supported: The Orvay lighthouse was built in 1854 by James Calder. [1]" in done.stdout
    assert "\x1b" not in done.stdout
