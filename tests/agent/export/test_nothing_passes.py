"""Whatever sources say, exported files hold text: no control, no markup, no entry and no link that is not ours."""

import json
import re
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import bibtexparser
import pytest
import rispy
from bibtexparser.bparser import BibTexParser
from fontes.agent.answer import Answer
from fontes.agent.export import FORMATS, exported
from fontes.agent.export.markdown import escaped
from fontes.agent.export.references import one_line
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html as html_parser
from markdown_it import MarkdownIt

AnswerOf = Callable[..., Answer]

UNSEEN = re.compile(
    "[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)
SAID = ("title", "author", "site", "quote", "notice", "note", "withheld", "value", "error", "detail", "asked", "text")
ADDRESS = "https://a.test/page"
ODD = st.characters(codec="utf-8") | st.sampled_from("\x1b\x9b\u202e\u200b\\{}[]()<>#%&_*`$|~^@!:.\r\n\t\"'=")
ANY_TEXT = st.text(ODD, max_size=60)


def files_of(*answers: Answer, title: str = "") -> dict[str, str]:
    return {format: exported(answers, format, title=title) for format in FORMATS}


def hold(files: dict[str, str], *, count: int) -> None:
    """What must be true of every exported answer with so many sources."""
    for format, text in files.items():
        assert not UNSEEN.search(text), format
        assert "\r" not in text.replace("\r\n", "") if format == "ris" else "\r" not in text
    hold_bibtex(files["bibtex"], count)
    assert len(rispy.loads(files["ris"])) == count
    assert len(json.loads(files["csl"])) == count
    json.loads(files["json"])
    hold_html(files["html"])
    hold_markdown(files["md"])


def hold_bibtex(text: str, count: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # its own use of pyparsing
        found = bibtexparser.loads(text, parser=BibTexParser(common_strings=True, ignore_nonstandard_types=False))
    assert len(found.entries) == len(found.entries_dict) == count
    assert {entry["ENTRYTYPE"] for entry in found.entries} <= {"misc"}
    assert not found.preambles
    assert all(re.fullmatch(r"[a-z0-9]+", entry["ID"]) for entry in found.entries)
    depth = 0
    for char in text:
        depth += (char == "{") - (char == "}")
        assert depth >= 0
    assert depth == 0


def hold_html(text: str) -> None:
    tree = html_parser.document_fromstring(text)
    assert not tree.xpath("//script|//img|//iframe|//object|//link|//form|//base|//svg|//video|//audio")
    assert len(tree.xpath("//style")) == len(tree.xpath("//title")) == 1
    for element in tree.iter():
        assert not [name for name in element.attrib if name.startswith("on") or name in ("src", "style")]
    for target in tree.xpath("//a/@href"):
        assert target.startswith(("#source-", "http://", "https://")), target


def hold_markdown(text: str) -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(text)
    kinds = {token.type for token in tokens} | {child.type for token in tokens for child in token.children or ()}
    assert not kinds & {"html_block", "html_inline", "image", "code_inline", "code_block", "fence", "table_open", "hr"}
    links = [child.attrs["href"] for token in tokens for child in token.children or () if child.type == "link_open"]
    assert all(str(link).startswith(ADDRESS) for link in links)


def test_no_format_lets_a_hostile_text_be_more_than_text(answer_of: AnswerOf, hostile: Sequence[str]) -> None:
    for each in (str, "x{}".format):  # as a line begins with it, and as it follows a word
        texts = list(map(each, hostile))
        answers = [answer_of(f"{ADDRESS}/{n}", **dict.fromkeys(SAID, text)) for n, text in enumerate(texts)]
        hold(files_of(*answers, title=" ".join(texts)), count=len(texts))
        hold(files_of(*(answer_of(reason=text, note=text, asked=text) for text in texts)), count=0)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(SAID, ANY_TEXT)), ANY_TEXT)
def test_no_format_lets_any_text_be_more_than_text(answer_of: AnswerOf, said: dict[str, str], title: str) -> None:
    hold(files_of(answer_of(ADDRESS, **said), title=title), count=1)


@settings(max_examples=15, deadline=None)
@given(ANY_TEXT)
def test_no_source_becomes_an_address_that_runs_or_leaves_its_place(answer_of: AnswerOf, source: str) -> None:
    for address in (source, f"https://a.test/{source}", f"javascript:{source}", f"data:text/html,{source}"):
        files = files_of(answer_of(address))
        for format, text in files.items():
            assert not UNSEEN.search(text), format
        hold_bibtex(files["bibtex"], 1)
        hold_html(files["html"])
        assert len(rispy.loads(files["ris"])) == 1


@pytest.mark.slow
def test_no_attack_on_language_models_or_readers_is_more_than_text(answer_of: AnswerOf, shared_data: Path) -> None:
    attacks: list[str] = []
    for file in sorted((shared_data / "attacks").rglob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            attacks += [value for value in json.loads(line).values() if isinstance(value, str)]
    assert len(attacks) > 500
    parts = [attacks[at : at + len(SAID)] for at in range(0, len(attacks), len(SAID))]
    answers = [answer_of(f"{ADDRESS}/{n}", **dict(zip(SAID, part, strict=False))) for n, part in enumerate(parts)]
    hold(files_of(*answers), count=len(parts))


@given(ANY_TEXT.map(one_line).filter(bool))
def test_an_escaped_line_is_read_by_markdown_as_it_stands(text: str) -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(escaped(text))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    children = tokens[1].children or []
    assert {child.type for child in children} <= {"text", "text_special"}
    assert "".join(child.content for child in children) == text


@pytest.mark.parametrize("format", FORMATS)
def test_an_exported_file_ends_with_a_line_end(answer_of: AnswerOf, format: str) -> None:
    assert exported([answer_of(ADDRESS)], format).endswith("\n")
