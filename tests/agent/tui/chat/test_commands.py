"""Slash commands: what is one, what it may become, and what it does."""

from datetime import date
from pathlib import Path

import pytest
from fontes.agent.tui.commands import (
    COMMANDS,
    UnknownCommand,
    arguments,
    completions,
    is_command,
    is_whole,
    parsed,
    path_completions,
)
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize("text", ["/web on", "/nope", "/add a b", "/"])
def test_a_slash_and_a_word_is_a_command(text: str) -> None:
    assert is_command(text)


@pytest.mark.parametrize("text", ["//web", "/etc/hosts what is in it?", "web", "", " ", "/tmp", "what /web is"])
def test_a_path_a_question_and_two_slashes_are_none(text: str) -> None:
    assert not is_command(text)


def test_an_unknown_command_names_the_nearest() -> None:
    with pytest.raises(UnknownCommand, match="/exprot: there is no such command; /export\\?"):
        parsed("/exprot md")


def test_a_command_that_needs_something_says_what() -> None:
    with pytest.raises(UnknownCommand, match="/add: it takes PATH_OR_URL…"):
        parsed("/add ")


@given(st.text())
def test_any_text_is_a_command_or_not_and_completes_to_commands(text: str) -> None:
    is_command(text)
    arguments(text)
    is_whole(text)
    path_completions(text)
    for each in completions(text, lambda: ("fontes",)):
        assert each.text.startswith("/")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_is_found_by_its_beginning_and_parsed(command) -> None:
    assert command.name in [each.text.strip("/ ") for each in completions(f"/{command.name[:2]}", tuple)]
    assert parsed(f"/{command.name} x")[0] is command


def test_what_stands_behind_a_command_completes_too() -> None:
    assert [each.text for each in completions("/web o", tuple)] == ["/web on", "/web off"]
    assert [each.text for each in completions("/theme fontes-l", lambda: ("fontes", "fontes-light"))] == [
        "/theme fontes-light"
    ]


def test_paths_complete_with_their_blanks_quoted(tmp_path: Path) -> None:
    (tmp_path / "my notes").mkdir()
    (tmp_path / "mine.txt").touch()
    (tmp_path / ".hidden").touch()
    assert [each.shown for each in path_completions(f"/add {tmp_path}/")] == ["mine.txt", "my notes/"]
    assert [each.text for each in path_completions(f"/add {tmp_path}/my")] == [f"/add '{tmp_path}/my notes/'"]
    assert [each.shown for each in path_completions(f"/docs {tmp_path}/.h")] == [".hidden"]


async def test_typing_a_slash_offers_commands_which_tab_takes_and_enter_runs(chat) -> None:
    await chat.write("/sit")
    await chat.until(lambda: "search the web on these hosts alone" in chat.shown())
    await chat.press("tab")
    assert chat.app.write_area.text == "/site "
    await chat.write("docs.example.org")
    await chat.press("enter")
    assert chat.app.session.sites == ("docs.example.org",)
    assert "on docs.example.org" in chat.shown()


async def test_the_arrows_choose_among_completions(chat) -> None:
    await chat.write("/web ")
    await chat.press("down", "enter")
    assert chat.app.session.scope.web is False


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("/nope", "there is no such command"), ("/web maybe", "is none of on, off and auto"),
        ("/since yesterday", "is no date"), ("/export pdf", "is none of text, md"), ("/export", "no answer yet"),
        ("/ledger", "there is no answer yet"), ("/theme none", "there is none named"), ("/add", "it takes PATH_OR_URL"),
        ("/resume", "no answer of this conversation was stopped"),
    ],
)  # fmt: skip
async def test_a_command_that_cannot_be_run_stays_and_says_why(chat, text: str, says: str) -> None:
    chat.app.write_area.write(text)
    await chat.press("escape", "enter")
    await chat.until(lambda: says in " ".join(chat.shown().split()))
    assert chat.app.write_area.text == text


async def test_commands_switch_what_questions_are_asked_from(chat, tmp_path: Path) -> None:
    for text in ("/web on", "/since 2024-05", "/docs -", "/theme fontes-contrast"):
        assert await chat.app.does.run(text)
    assert chat.app.session.scope.web is True
    assert chat.app.session.since == date(2024, 5, 1)
    assert chat.app.session.scope.docs == ()
    assert chat.app.theme == "fontes-contrast"


async def test_the_conversation_is_written_to_a_file_and_never_over_another(chat, tmp_path: Path) -> None:
    await chat.ask("Who built the Orvay lighthouse?")
    for _ in range(2):
        assert await chat.app.does.run("/export md")
    files = sorted(tmp_path.glob("who-built-the-orvay-lighthouse*.md"))
    assert len(files) == 2
    assert "James Calder" in files[0].read_text()
    for format in ("text", "json", "html", "bibtex", "ris", "csl"):
        assert await chat.app.does.run(f"/export {format} {tmp_path}/out.{format}")
        assert (tmp_path / f"out.{format}").stat().st_size


async def test_a_file_is_added_from_the_chat_and_asked(chat, tmp_path: Path) -> None:
    (tmp_path / "skerrow.txt").write_text("The Skerrow lighthouse was built in 1820 by Ann Pell.")
    assert await chat.app.does.run(f"/add {tmp_path}/skerrow.txt")
    await chat.until(lambda: chat.app.session.at_hand.pages == 1)
    assert await chat.app.does.run("/docs -")
    await chat.ask("Who built the Skerrow lighthouse?")
    assert "Ann Pell" in chat.app.turns[0].answer.text


async def test_a_model_that_cannot_be_is_refused_and_the_chat_goes_on(chat) -> None:
    assert not await chat.app.does.run("/verify nobody")
    await chat.ask("Who built the Orvay lighthouse?")
    assert chat.app.turns[0].answer.status == "answered"


async def test_screens_open_over_an_answer_and_close_again(chat) -> None:
    await chat.ask("Who built the Orvay lighthouse?")
    for text in ("/open", "/sources", "/ledger", "/help"):
        assert await chat.app.does.run(text)
        await chat.until(lambda: len(chat.app.screen_stack) == 2)
        await chat.press("escape")
        await chat.until(lambda: len(chat.app.screen_stack) == 1)


async def test_a_conversation_erased_while_it_is_open_leaves_an_empty_one(chat) -> None:
    await chat.ask("Who built the Orvay lighthouse?")
    erased = chat.app.session.conversation
    await chat.press("ctrl+o")
    await chat.until(lambda: len(chat.app.screen_stack) == 2)
    await chat.pilot.pause(0.2)
    await chat.press("ctrl+d")
    await chat.until(lambda: len(chat.app.screen_stack) == 3)
    await chat.press("y")
    await chat.until(lambda: len(chat.app.screen_stack) == 2)
    await chat.press("escape")
    await chat.until(lambda: chat.app.session.conversation != erased)
    assistant = await chat.app.session.service.assistant()
    assert await assistant.conversations.list() == ()
    assert not chat.app.turns
