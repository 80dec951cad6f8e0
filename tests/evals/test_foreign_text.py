"""Sentences and marks of answers as other systems write them."""

import pytest
from fontes.evals.case import ForeignCitation
from fontes.evals.foreign_marks import own_citations
from fontes.evals.foreign_text import is_refusal, marked_sentences
from hypothesis import given
from hypothesis import strategies as st


def read(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.text, each.marks) for each in marked_sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It was lit in 1871 [1].", [("It was lit in 1871.", ("1",))]),
        ("It was lit. [1] It burns oil.[2][3]", [("It was lit.", ("1",)), ("It burns oil.", ("2", "3"))]),
        ("It was lit [1, 3] and sold [2-4].", [("It was lit and sold.", ("1", "3", "2", "4"))]),
        ("It was lit[^1].\n\n[^1]: https://x.test", [("It was lit.", ("1",))]),
        ("It was lit【1†source】.", [("It was lit.", ("1",))]),
        ("It was lit [1](https://x.test/a).", [("It was lit.", ("1",))]),
        ("- It was lit [1]\n- It burns oil [2]", [("It was lit", ("1",)), ("It burns oil", ("2",))]),
        ("It was lit.\n[2] It burns oil.", [("It was lit.", ()), ("It burns oil.", ("2",))]),
        ("## History\n\nIt was **lit** in [2024].", [("It was lit in [2024].", ())]),
        ("It was lit [01].\n\nSources:\n[1] A page. [2] Another.", [("It was lit.", ("1",))]),
        ("**Sources**\nIt was lit.", [("It was lit.", ())]),
        ("", []),
        ("[1]", []),
        ("The years [1-200] were dark.", [("The years were dark.", ("1", "200"))]),
    ],
)
def test_each_sentence_gets_its_marks(text: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    assert read(text) == expected


CITED = (
    ForeignCitation(mark="1", source="https://www.x.test/a_b/"),
    ForeignCitation(mark="2", source="http://y.test/c#top"),
    ForeignCitation(mark="12"),
    ForeignCitation(mark="Smith 2020"),
    ForeignCitation(mark="doc-a"),
)
A = "https://x.test/a_b"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It was lit.¹ It burns oil.²", [("It was lit.", ("1",)), ("It burns oil.", ("2",))]),
        ("It was lit¹² by Anna.", [("It was lit by Anna.", ("12",))]),
        ("It was lit¹,² by Anna.", [("It was lit by Anna.", ("1", "2"))]),
        ("It covers 20 m² or 3 km².", [("It covers 20 m² or 3 km².", ())]),
        ("It was lit [1] on 10⁻² acres.²", [("It was lit on 10⁻² acres.²", ("1",))]),
        ("It was lit³.", [("It was lit³.", ())]),
        ("It was lit<sup>1</sup>.", [("It was lit.", ("1",))]),
        ("It was lit<sup>[1, 2]</sup>.", [("It was lit.", ("1", "2"))]),
        ("It was lit (Smith 2020).", [("It was lit.", ("Smith 2020",))]),
        ("It was lit (Smith, 2020; doc-a).", [("It was lit.", ("Smith 2020", "doc-a"))]),
        ("It was lit (Jones 2021) [DOC-A].", [("It was lit (Jones 2021).", ("doc-a",))]),
        (f"It was lit ([x.test]({A})).", [("It was lit.", ("1",))]),
        (f"[The light]({A}) burns oil.", [("The light burns oil.", ("1",))]),
        (f"It was lit, see {A}.", [("It was lit, see.", ("1",))]),
        (f"It was lit (as {A}) says.", [("It was lit (as) says.", ("1",))]),
        ("It was lit <https://y.test/c>.", [("It was lit.", ("2",))]),
        ("It was lit (https://z.test/d).", [("It was lit.", ("https://z.test/d",))]),
        ("Ships use [2] lamps[12](https://q.test/r).", [("Ships use lamps.", ("2", "12"))]),
    ],
)
def test_marks_are_found_by_the_citations_that_they_stand_for(text: str, expected: list[object]) -> None:
    assert [(each.text, each.marks) for each in marked_sentences(text, CITED)] == expected


def test_addresses_that_stand_in_the_answer_alone_are_citations() -> None:
    text = (
        f"It was lit [1]. It burns oil ({A}), see https://z.test/q.\n\n[1]: https://w.test/\n[2] A page, http://v.test"
    )
    found = own_citations(text, (ForeignCitation(mark="7", source=A),))
    assert [(each.mark, each.source) for each in found] == [
        ("1", "https://w.test/"), ("2", "http://v.test"), ("https://z.test/q", "https://z.test/q"),
    ]  # fmt: skip


@given(st.text(), st.lists(st.builds(ForeignCitation, mark=st.text(), source=st.text()), max_size=4))
def test_any_text_can_be_read_with_any_citations(text: str, citations: list[ForeignCitation]) -> None:
    for each in marked_sentences(text, citations):
        assert any(map(str.isalnum, each.text))
    assert all(each.source in text for each in own_citations(text, citations))


@given(
    st.lists(
        st.sampled_from(["It was lit", ". ", "[1]", "[2, 3]", " ", "\n", "- ", "【4】", "Sources:", "a_b*c*", "?"]),
        max_size=20,
    )
)
def test_no_word_is_lost_and_no_mark_is_made_up(parts: list[str]) -> None:
    text = "".join(parts)
    found = marked_sentences(text)
    assert all(mark in text for each in found for mark in each.marks)
    if "Sources" not in text:
        assert sum(each.text.count("lit") for each in found) == text.count("lit")


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    for each in marked_sentences(text):
        assert any(map(str.isalnum, each.text))


@pytest.mark.parametrize(
    "text",
    [
        "", "  \n", "I don't know.", "I’m sorry", "I could not find anything.", "The provided documents do not say.",
        "There is no information about it.", "Unanswerable", "I am unable to answer [1].",
    ],
)  # fmt: skip
def test_what_says_that_it_has_no_answer_is_one(text: str) -> None:
    assert is_refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "In 1871.",
        "No, it was lit in 1871.",
        "The documents say 1871.",
        "Unknown Pleasures is an album.",
        "I could not find the day. It was 1871 [1].",
    ],
)
def test_what_answers_is_no_refusal(text: str) -> None:
    assert not is_refusal(text)
