"""Each format says the same: what was asked, what stands on what, and honestly that nothing was found."""

import json
from collections.abc import Callable

import jsonschema
import pytest
import rispy
from fontes.agent.answer import Answer
from fontes.agent.errors import BadQuestion
from fontes.agent.export import FORMATS, citation_text, exported
from fontes.agent.export.markdown import escaped
from fontes.agent.export.references import web_address
from fontes.agent.kept_answers import from_json
from fontes.agent.wire import AnswerOut
from lxml import html as html_parser

AnswerOf = Callable[..., Answer]

A, B, FILE = "https://a.test/one", "https://www.b.test/two?x=1&y=2", "/home/ada/notes/tower_1.txt"
READABLE = ("text", "md", "html")

_DATE = {
    "type": "object",
    "required": ["date-parts"],
    "additionalProperties": False,
    "properties": {
        "date-parts": {
            "type": "array", "minItems": 1, "maxItems": 2,
            "items": {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "integer"}},
        }
    },
}  # fmt: skip
_NAME = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"family": {"type": "string"}, "given": {"type": "string"}, "literal": {"type": "string"}},
}
# The part of citation-style-language/schema csl-data.json that is used here.
CSL = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["type", "id"],
        "additionalProperties": False,
        "properties": {
            "id": {"type": "string"}, "type": {"enum": ["webpage", "document", "article-journal"]},
            "title": {"type": "string"},
            "author": {"type": "array", "items": _NAME}, "container-title": {"type": "string"}, "issued": _DATE,
            "accessed": _DATE, "URL": {"type": "string"}, "archive_location": {"type": "string"},
            "DOI": {"type": "string"}, "note": {"type": "string"},
        },
    },
}  # fmt: skip


def text_of(page: str) -> str:
    return " ".join(html_parser.document_fromstring(page).xpath("//body")[0].text_content().split())


@pytest.mark.parametrize("format", FORMATS)
def test_each_source_stands_once_however_often_it_is_cited(answer_of: AnswerOf, format: str) -> None:
    answers = [answer_of(A, A, B, text="It was lit."), answer_of(B, A, text="It was lit again.")]
    text = exported(answers, format)
    match format:
        case "text":
            assert text.count("\n[1] ") == text.count("\n[2] ") == 1
            assert "It was lit again. [2]" in text
        case "md":
            assert text.count("[^1]: ") == text.count("[^2]: ") == 1
            assert "It was lit again.[^2]" in text
        case "html":
            page = html_parser.document_fromstring(text)
            assert page.xpath("//ol[@class='sources']/li/@id") == ["source-1", "source-2"]
            assert {target[1:] for target in page.xpath("//a/@href") if target[0] == "#"} == {"source-1", "source-2"}
        case "bibtex":
            assert text.count("@misc{") == 2
        case "ris":
            assert [entry["urls"] for entry in rispy.loads(text)] == [[A], [B]]
        case "csl":
            assert [item["URL"] for item in json.loads(text)] == [A, B]
        case "json":
            assert [from_json(json.dumps(one)) for one in json.loads(text)["answers"]] == answers


def test_json_of_one_answer_is_the_documented_value(answer_of: AnswerOf) -> None:
    answer = answer_of(A, note="Zoë said \u202e\x1b[31m")
    value = exported([answer], "json")
    jsonschema.validate(json.loads(value), AnswerOut.model_json_schema())
    assert from_json(value) == answer, "nothing is lost, what is invisible is written out"


def test_csl_json_is_of_its_schemas_shape(answer_of: AnswerOf) -> None:
    author = "Ada Lovelace; de la Cruz, Juan; The Orvay Council; Ludwig van Beethoven"
    items = json.loads(exported([answer_of(A, FILE, author=author, published="2024-05")], "csl"))
    jsonschema.validate(items, CSL)
    assert items[0]["author"] == [
        {"family": "Lovelace", "given": "Ada"},
        {"family": "de la Cruz", "given": "Juan"},
        {"literal": "The Orvay Council"},
        {"family": "van Beethoven", "given": "Ludwig"},
    ]
    assert (items[0]["issued"], items[0]["type"]) == ({"date-parts": [[2024, 5]]}, "webpage")
    assert (items[1]["type"], items[1]["archive_location"]) == ("document", FILE)


def test_ris_is_read_with_its_dates_people_and_quotes(answer_of: AnswerOf) -> None:
    (entry,) = rispy.loads(exported([answer_of(A, author="Ada Lovelace; WHO", site="Lights", published="2024")], "ris"))
    assert (entry["type_of_reference"], entry["title"], entry["year"]) == ("ELEC", "The Orvay light", "2024")
    assert entry["authors"] == ["Lovelace, Ada", "WHO"]
    assert (entry["date"], entry["access_date"]) == ("2024///", "2026/03/04/")
    assert entry["notes"] == ["“It was built in 1854.”"]


def test_bibtex_keys_are_told_apart(answer_of: AnswerOf) -> None:
    text = exported([answer_of(A, B, FILE, author="Zoë Ångström")], "bibtex")
    assert [line for line in text.splitlines() if line.startswith("@")] == [
        "@misc{angstrom2024orvay,", "@misc{angstrom2024orvayx2,", "@misc{angstrom2024orvayx3,",
    ]  # fmt: skip
    assert "url = {https://www.b.test/two?x=1&y=2}" in text
    assert r"file = {/home/ada/notes/tower\_1.txt}" in text
    assert "month = may" in text


@pytest.mark.parametrize("format", [*READABLE, "bibtex", "ris", "csl"])
def test_a_retraction_is_said_wherever_a_source_is_named(answer_of: AnswerOf, format: str) -> None:
    text = exported([answer_of(A, notice="RETRACTED: The Orvay light", seen_author="Ada Lovelace")], format)
    assert "retraction of 2025-02-03: “RETRACTED" in (text_of(text) if format == "html" else text.replace("\\", ""))
    assert "Lovelace" in text, "the author is known from the page alone"
    if format in READABLE:
        assert "a.test (scholarly)" in text.replace("\\", "")


@pytest.mark.parametrize("format", READABLE)
def test_an_abstention_says_what_was_tried(answer_of: AnswerOf, format: str) -> None:
    text = exported([answer_of(reason="the year does not stand in any source")], format)
    shown = text_of(text) if format == "html" else text.replace("\\", "")
    assert "Not answered: no sentence could be checked against a source that answers this" in shown
    assert "the year does not stand in any source" in shown
    assert "your own documents: 3 found" in shown
    assert "read 1, skipped 1" in shown
    assert "Sources" not in shown.replace("Sources disagree", "")


@pytest.mark.parametrize("format", READABLE)
def test_a_question_that_was_asked_back_is_not_said_to_be_without_sources(format: str) -> None:
    text = exported([Answer(status="abstained", question="Why?", run="r", notes=("What do you mean?",))], format)
    assert "What do you mean?" in text
    assert "no sentence could be checked" not in text


@pytest.mark.parametrize(("format", "empty"), [("bibtex", "% no source is cited: nothing was answered\n"), ("ris", ""),
                                               ("csl", "[]\n")])  # fmt: skip
def test_an_abstention_has_no_sources_to_list(answer_of: AnswerOf, format: str, empty: str) -> None:
    assert exported([answer_of()], format) == empty


@pytest.mark.parametrize("format", READABLE)
def test_both_sides_of_a_contradiction_are_shown(answer_of: AnswerOf, format: str) -> None:
    shown = exported([answer_of(A, value="")], format)
    assert "Sources disagree" in shown
    assert "1854" in shown
    assert "1855" in shown
    assert "2024" in shown


def test_an_unknown_format_is_named_with_those_there_are(answer_of: AnswerOf) -> None:
    with pytest.raises(BadQuestion, match="format 'docx': it is one of text, md, json, html, bibtex, ris, csl"):
        exported([answer_of(A)], "docx")


def test_a_citation_is_one_line(answer_of: AnswerOf) -> None:
    (group,) = answer_of(A, author="Ada Lovelace", site="Lights", quote="It was\nbuilt\x1b[31m in 1854.").sources
    assert citation_text(group[0]) == (
        "“It was built in 1854.” — Ada Lovelace. The Orvay light. Lights. 2024-05-01. https://a.test/one"
        " (accessed 2026-03-04)"
    )


def test_nothing_at_all_can_be_exported() -> None:
    for format in FORMATS:
        assert isinstance(exported([], format), str)


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ('https://a.test/a b>c"é', "https://a.test/a%20b%3Ec%22%C3%A9"),
        ("http://a.test/%7Eada?q=1#part", "http://a.test/%7Eada?q=1#part"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("https://", ""),
        ("https://[::1", ""),
        ("/home/ada/notes.txt", ""),
    ],
)
def test_only_an_address_of_the_web_is_written_as_one_and_in_ascii(source: str, address: str) -> None:
    assert web_address(source) == address


def test_markdown_makes_no_link_of_an_address_in_a_text() -> None:
    assert escaped("see https://evil.test or www.evil.test") == r"see https\://evil.test or www\.evil.test"
