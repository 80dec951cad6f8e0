"""Tags from the command line: given, listed, asked, taken away."""

import json
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # a dozen commands each


def test_sources_are_tagged_as_they_are_added_unchanged_ones_too(fontes, notes: Path, quick: None) -> None:
    assert fontes("add", notes, "--tag", "Coast").code == 0
    assert "3 unchanged" in fontes("add", notes, "--tag", "draft", "--tag", "coast").out
    assert fontes("tag").out == fontes("tag", "list").out == "coast\t3 sources\ndraft\t3 sources\n"
    assert json.loads(fontes("tag", "--json").out)[1] == {"name": "draft", "sources": 3}
    assert json.loads(fontes("sources", "--json").out)[0]["tags"] == ["coast", "draft"]
    assert "3 sources, 2 tags, checked" in fontes("doctor").out


def test_a_bad_tag_is_refused_before_anything_is_read(fontes, notes: Path, quick: None) -> None:
    result = fontes("add", notes, "--tag", "two words")
    assert result.code == 2
    assert "tag “two words”: it holds a space. A tag is one word of at most 64 characters" in result.err
    assert "the index is empty" in fontes("sources").err


def test_sources_and_folders_are_tagged_and_untagged(fontes, notes: Path, quick: None) -> None:
    fontes("add", notes)
    assert fontes("tag", "add", "coast", notes / "seals.html", notes / "ferry.md").out == "2 sources tagged coast\n"
    assert fontes("tag", "add", "all", notes).out == "3 sources tagged all\n"
    assert fontes("tag", "add", "all", notes).out == "nothing to change: all of them carry all\n"
    assert fontes("tag", "remove", "coast", notes / "ferry.md").out == "coast taken from 1 source\n"
    listed = fontes("sources", "--tag", "coast").out.splitlines()
    assert [line.split("\t")[2] for line in listed] == ["all coast"]
    assert len(fontes("sources", "--tag", "coast", "--tag", "all").out.splitlines()) == 3
    assert fontes("tag", "remove", "all").out == "all taken from 3 sources\n"
    assert fontes("tag").out == "coast\t1 source\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("tag", "add", "coast"), "name what is to carry “coast”"),
        (("tag", "add"), "it is missing"),
        (("tag", "list", "coast"), "`list` takes no name"),
        (("tag", "add", "coast", "nowhere.txt"), "nowhere.txt: it is not in the index"),
        (("tag", "remove", "cost"), "no source of the index carries it; known are coast, west"),
        (("sources", "--tag", "cost"), "known are coast, west"),
        (("search", "granite", "--tag", "cost"), "known are coast, west"),
        (("remove", "--tag", "cost"), "known are coast, west"),
        (("ask", "Who built the tower?", "--tag", "cost"), "known are coast, west"),
        (("search", "granite", "--tag", "west", "--web"), "pages of the web carry no tags"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said(fontes, notes: Path, quick: None, arguments: tuple[str, ...], says: str) -> None:
    fontes("add", notes, "--tag", "west", "--tag", "coast")
    result = fontes(*arguments)
    assert result.code == 2
    assert says in " ".join(result.err.split()).replace("│ ", "")


def test_questions_and_searches_find_what_is_tagged_alone(fontes, notes: Path, quick: None) -> None:
    fontes("add", notes)
    fontes("tag", "add", "animals", notes / "seals.html")
    assert fontes("search", "ferry leaves", "--tag", "animals").code == 4
    assert fontes("search", "grey seals", "--tag", "animals").code == 0
    asked = fontes("ask", "When do grey seals give birth?", "--tag", "Animals", "--json")
    assert {each["source"] for each in json.loads(asked.out)["sources"]} == {str(notes / "seals.html")}
    assert fontes("ask", "When does the ferry leave?", "--tag", "animals").code == 4
    plan = fontes("ask", "When does the ferry leave?", "--tag", "animals", "--plan").out
    assert "tagged" in plan
    assert "the question is restricted to the sources tagged animals" in " ".join(plan.split())
    assert json.loads(fontes("ask", "When?", "--tag", "animals", "--plan", "--json").out)["tags"] == ["animals"]


def test_what_carries_a_tag_is_removed_with_it(fontes, notes: Path, quick: None, home: Path) -> None:
    fontes("add", notes)
    fontes("tag", "add", "zwietracht", notes / "seals.html", notes / "ferry.md")
    assert len(fontes("remove", "--tag", "zwietracht").out.splitlines()) == 2
    assert [Path(line.split("\t")[0]).name for line in fontes("sources").out.splitlines()] == ["tower.txt"]
    assert fontes("tag").err.startswith("there are no tags yet")
    assert not [file for file in home.glob("fontes.db*") if b"zwietracht" in file.read_bytes()]
