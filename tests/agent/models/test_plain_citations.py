"""Sentences with labels behind them are read from plain text, line by line."""

from itertools import pairwise

import pytest
from fontes.agent.models.drafted import Drafted
from fontes.agent.models.plain_citations import PlainReply
from hypothesis import given
from hypothesis import strategies as st

LABELS = ("S1", "S2", "S3")
TOWER = "The tower is 68 m high."


def read(text: str, most: int = 6) -> tuple[list[Drafted], PlainReply]:
    reply = PlainReply(LABELS, most)
    return [*reply.feed(text), *reply.close()], reply


@pytest.mark.parametrize(
    ("line", "labels"),
    [
        ("The tower is 68 m high. [S1][S2]", ("S1", "S2")),
        ("The tower is 68 m high [S1].", ("S1",)),
        ("- The tower is 68 m high. (S1)", ("S1",)),
        ("* **The tower** is `68 m` high. 【S1】【S3】", ("S1", "S3")),
        ("1. The tower is 68 m high. [s1, S2]", ("S1", "S2")),
        ("> _The tower is 68 m high._ [S1 and S2]", ("S1", "S2")),
        ("## The tower is 68 m high. [passages S1; S2]", ("S1", "S2")),
        ("The tower is 68 m high. [S1] [S9]", ("S1",)),
        ("Sure! Here it is. The tower is 68 m high. [S1]", ("S1",)),
    ],
)
def test_a_line_gives_its_last_sentence_without_marks(line: str, labels: tuple[str, ...]) -> None:
    assert read(line)[0] == [Drafted(text=TOWER, labels=labels)]


def test_several_sentences_of_a_line_have_each_their_labels() -> None:
    found, reply = read("The tower is 68 m high [S1]. It was built in 1854 [S2]. Nobody cites this.")
    assert [(d.text, d.labels) for d in found] == [(TOWER, ("S1",)), ("It was built in 1854.", ("S2",))]
    assert reply.dropped["without a known label"] == 1


@pytest.mark.parametrize("text", ["The tower is high.", "The tower is high. [S9]", "[S1]", "", "It is (as said) high."])
def test_what_names_no_passage_is_no_sentence(text: str) -> None:
    found, reply = read(text)
    assert not found
    assert not reply.is_empty


def test_a_sum_is_not_taken_for_emphasis() -> None:
    assert read("It is 2*3*4 long, and snake_case_names stay. [S1]")[0][0].text == (
        "It is 2*3*4 long, and snake_case_names stay."
    )


@pytest.mark.parametrize("text", ["NO ANSWER", "No answer.", "**NO ANSWER**\n"])
def test_the_agreed_words_say_that_there_is_no_answer(text: str) -> None:
    assert read(text)[1].is_empty


def test_a_line_leaves_when_it_ends() -> None:
    reply = PlainReply(LABELS, 6)
    assert reply.feed(f"{TOWER} [S") == []
    assert reply.feed("1]") == []
    assert reply.feed("\nAnd") == [Drafted(text=TOWER, labels=("S1",))]


def test_no_more_are_taken_than_were_asked_for_and_none_that_is_too_long() -> None:
    found, reply = read(f"{TOWER} [S1]\n" * 3, most=2)
    assert len(found) == 2
    assert reply.is_full
    found, reply = read("word " * 200 + "[S1]\n" + "word " * 500 + "[S1]")
    assert not found
    assert reply.dropped["too long"] == 2


lines = st.lists(
    st.one_of(st.just(f"{TOWER} [S1]"), st.just("- It is old (S2)."), st.text(alphabet="ab [S1]().*\n", max_size=30)),
    max_size=6,
).map("\n".join)


@given(text=lines, cuts=st.lists(st.integers(0, 200), max_size=8))
def test_any_way_of_cutting_a_reply_gives_the_same_lines(text: str, cuts: list[int]) -> None:
    whole, once = read(text)
    pieces = PlainReply(LABELS, 6)
    places = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    found = [d for a, b in pairwise(places) for d in pieces.feed(text[a:b])]
    assert [*found, *pieces.close()] == whole
    assert pieces.dropped == once.dropped


@given(text=st.text())
def test_any_text_gives_known_labels_or_nothing(text: str) -> None:
    assert all(d.text.strip() and set(d.labels) <= set(LABELS) for d in read(f"{text} [S1]\n{text}")[0])


@pytest.mark.parametrize(
    "line",
    [
        '{"sentences": [{"text": "James built it.", "labels": ["S1",]}]}',
        " [{'text': 'James built it.', 'labels': ['S1']}]",
    ],
)
def test_json_that_was_not_asked_for_is_no_sentence(line: str) -> None:
    reply = PlainReply(("S1",), 5)
    assert reply.feed(f"{line}\n") == []
    assert reply.dropped["JSON that cannot be read"] == 1
    [sentence] = reply.feed('"Text" is what James wrote. [S1]\n')
    assert sentence.labels == ("S1",)
