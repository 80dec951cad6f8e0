"""Sentences and marks of answers as other systems write them."""

import pytest
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
