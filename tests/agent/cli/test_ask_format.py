"""`fontes ask --format` and `--conversation`: an answer as a file, and as a turn."""

import json
from pathlib import Path

import bibtexparser
import jsonschema
import pytest
import rispy
from bibtexparser.bparser import BibTexParser
from fontes.agent.wire import AnswerOut

pytestmark = pytest.mark.usefixtures("quick")

FERRY = "When does the ferry leave?"


@pytest.fixture
def asked(fontes, notes: Path):
    """`asked(*arguments)`: the question about the ferry, put to the notes."""
    return lambda *arguments: fontes("ask", FERRY, "--docs", notes, *arguments)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("format", "opening"),
    [
        ("text", "The ferry leaves at nine every morning. [1]"),
        ("md", f"# {FERRY}\n\nThe ferry leaves at nine every morning.[^1]"),
        ("html", "<!DOCTYPE html>"),
        ("bibtex", "@misc{"),
        ("ris", "TY  - GEN\r\n"),
        ("csl", "["),
        ("json", "{"),
    ],
)
def test_an_answer_is_printed_in_the_format_asked_for_and_nothing_beside_it(asked, format: str, opening: str) -> None:
    result = asked("--format", format)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith(opening)
    assert "ferry.md" in result.out


@pytest.mark.slow
def test_json_is_another_word_for_the_format_json(asked) -> None:
    values = [
        json.loads(asked(*how).out) for how in (("--json",), ("--format", "json"), ("--json", "--format", "json"))
    ]
    jsonschema.validate(values[1], AnswerOut.model_json_schema())
    assert len({value["text"] for value in values}) == 1
    assert [value["status"] for value in values] == ["answered"] * 3


def test_what_is_printed_for_a_reference_manager_can_be_read_by_one(asked, notes: Path) -> None:
    (entry,) = rispy.loads(asked("--format", "ris").out)
    assert (entry["title"], entry["year"]) == ("The ferry", "2024")
    found = bibtexparser.loads(asked("--format", "bibtex").out, parser=BibTexParser(common_strings=True))
    assert [each["year"] for each in found.entries] == ["2024"]
    (item,) = json.loads(asked("--format", "csl").out)
    assert item["archive_location"] == str(notes / "ferry.md")


@pytest.mark.parametrize(("format", "out"), [("bibtex", "% no source is cited: nothing was answered\n"), ("ris", ""),
                                             ("csl", "[]\n")])  # fmt: skip
def test_without_an_answer_a_list_of_sources_is_empty_and_says_why(fontes, notes: Path, format: str, out: str) -> None:
    result = fontes("ask", "Who painted the Sistine Chapel?", "--docs", notes, "--format", format)
    assert (result.code, result.out) == (4, out)
    assert "the sources do not answer this question" in result.err


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--format", "docx"), "'docx' is none of text, md, json, html, bibtex, ris, csl"),
        (("--format", "md", "--json"), "--json asks for another one than md"),
        (("--format", "html", "--plan"), "a plan is text or json"),
        (("--conversation", "two\nlines"), "one line of at most 100 characters"),
    ],
)
def test_what_does_not_go_together_is_said_before_anything_is_asked(asked, home: Path, arguments, why: str) -> None:
    result = asked(*arguments)
    assert result.code == 2
    assert why in " ".join(result.err.split())


def test_a_question_of_a_conversation_is_read_with_the_turns_before_it(fontes, notes: Path) -> None:
    fontes("ask", "When was the tower finished?", "--docs", notes, "--conversation", "tower")
    follow_up = fontes("ask", "What is it built of?", "--docs", notes, "--conversation", "tower", "--json")
    assert follow_up.code == 0, follow_up.err
    assert json.loads(follow_up.out)["question"] == "What is the tower built of?"
    alone = json.loads(fontes("ask", "What is it built of?", "--docs", notes, "--json").out)
    assert alone["question"] == "What is it built of?"


@pytest.mark.slow
def test_control_characters_reach_no_exported_file(fontes, tmp_path: Path) -> None:
    folder = tmp_path / "evil"
    folder.mkdir()
    (folder / "tide\x1b]0;owned\x07\u202etable.txt").write_text("High tide\x1b[31m is at\x9b2J six o'clock.\n")
    for format in ("text", "md", "html", "json", "bibtex", "ris", "csl"):
        result = fontes("ask", "When is high tide?", "--docs", folder, "--format", format)
        assert not set("\x1b\x07\x9b\u202e") & set(result.out + result.err), format
        assert result.out
