"""Tags in the chat: chosen, completed, shown, kept to when a question is asked again or gone on with."""

from pathlib import Path

import pytest
from fontes.agent.tui.commands import COMMANDS, completions, is_whole, with_tags

KNOWN = ("east", "lights", "west/skerry")


@pytest.mark.parametrize(
    ("rest", "apart"),
    [
        ("notes #law", ("notes", ("law",))),
        ("'my notes' a.txt #law #Tax-2024 ", ("'my notes' a.txt", ("law", "Tax-2024"))),
        ("https://a.example/page#part", ("https://a.example/page#part", ())),
        ("notes#1.txt", ("notes#1.txt", ())),
        ("#law", ("", ("law",))),
        ("notes #law more", ("notes #law more", ())),
        ("", ("", ())),
    ],
)
def test_tags_behind_a_path_are_told_from_it(rest: str, apart: tuple[str, tuple[str, ...]]) -> None:
    assert with_tags(rest) == apart


def test_a_file_whose_name_looks_like_a_tag_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "issue #8").write_text("x")
    assert with_tags(f"{tmp_path}/issue #8") == (f"{tmp_path}/issue #8", ())


def test_the_known_tags_are_offered_one_after_the_other() -> None:
    def offered(text: str) -> list[str]:
        return [each.text for each in completions(text, tuple, lambda: KNOWN)]

    assert offered("/tag ") == ["/tag east", "/tag lights", "/tag west/skerry"]
    assert offered("/tag li") == ["/tag lights"]
    assert offered("/tag east w") == ["/tag east west/skerry"]
    assert offered("/tag east ") == ["/tag east lights", "/tag east west/skerry"]
    assert offered("/tag east") == []
    assert is_whole("/tag east lights")
    assert is_whole("/tag -")
    assert "tag" in [command.name for command in COMMANDS]


def answered(chat) -> str:
    """The text of the last answer."""
    turn = chat.app.turns[-1]
    assert turn.answer is not None, turn.error
    return str(turn.answer.text)


async def added(chat, docs: Path) -> None:
    """Both files in the index, each with a tag of its own, and no other restriction."""
    for name, tag in (("orvay", "East"), ("stennick", "west")):
        assert await chat.app.does.run(f"/add {docs}/{name}.txt #{tag}")
        await chat.until(lambda tag=tag: tag.casefold() in chat.app.session.at_hand.known_tags)
    assert await chat.app.does.run("/docs -")


async def test_questions_keep_to_the_tags_also_when_they_are_changed_and_asked_again(chat, docs: Path) -> None:
    await added(chat, docs)
    await chat.write("/tag we")
    await chat.press("tab", "enter")
    await chat.until(lambda: chat.app.session.scope.tags == ("west",))
    assert "#west" in chat.shown()
    await chat.ask("Who built the Orvay lighthouse?")
    assert "Calder" not in answered(chat)
    await chat.press("up", "enter")  # changes the last question and asks it again
    await chat.until(lambda: chat.app.turns and chat.app.turns[-1].answer is not None)
    await chat.idle()
    assert len(chat.app.turns) == 1
    assert chat.app.turns[0].scope.tags == ("west",)
    assert "Calder" not in answered(chat)
    assert await chat.app.does.run("/tag -")
    await chat.ask("Who built the Orvay lighthouse?")
    assert "Calder" in answered(chat)
    assert {each.source for each in chat.app.turns[-1].answer.seen} == {str(docs / "orvay.txt")}


async def test_an_unknown_tag_is_said_with_the_known_ones_and_changes_nothing(chat, docs: Path) -> None:
    await added(chat, docs)
    assert await chat.app.does.run("/tag east west")
    assert not await chat.app.does.run("/tag eats")
    await chat.until(lambda: any("known are east, west" in each.message for each in chat.app._notifications))
    assert chat.app.session.scope.tags == ("east", "west")


async def test_a_tag_is_switched_in_the_sources_screen(chat, docs: Path) -> None:
    await added(chat, docs)
    await chat.press("ctrl+s")
    await chat.until(lambda: "#east  1 source" in chat.shown())
    await chat.press("enter")
    await chat.until(lambda: "● #east" in chat.shown())
    await chat.press("escape")
    await chat.until(lambda: chat.app.session.scope.tags == ("east",))
    await chat.ask("Who built the Stennick lighthouse?")
    assert "Hale" not in answered(chat)


async def test_a_tag_that_was_taken_away_meanwhile_is_an_answer_that_says_so(chat, docs: Path) -> None:
    await added(chat, docs)
    assert await chat.app.does.run("/tag east")
    assistant = await chat.app.session.service.assistant()
    await assistant.index.store.untag(None, ["east"])
    await chat.ask("Who built the Orvay lighthouse?")
    assert chat.app.turns[-1].state == "failed"
    assert "known are west" in chat.app.turns[-1].error
