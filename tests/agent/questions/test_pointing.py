"""A follow-up takes from earlier turns what it points to, and a question that stands alone is left alone."""

import pytest
from fontes.agent.questions.follow_ups import standalone
from hypothesis import given
from hypothesis import strategies as st

TURNS = [("Who built the Orvay lighthouse?", "The Orvay lighthouse was built in 1854 by James Calder.")]


@pytest.mark.parametrize(
    "question",
    [
        "Who was Ada Lovelace and when was she born?",
        "What is the population of Norway this year?",
        "What did NASA announce about its budget?",
        "When did the committee publish their report?",
        "Can cats see their own colour?",
        "If a tower leans, why does it not fall?",
        "Is it true that whales sleep?",
        "What time is it in Tokyo?",
        "Why is it important to vote?",
        "How long does it take to fly to Mars?",
        "How long did it take to build the tower?",
        "Does it hurt when a bee loses its sting?",
        "Is it raining in Oslo?",
        "Thanks! Who was James Calder?",
    ],
)
def test_a_question_that_stands_alone_is_left_as_it_is(question: str) -> None:
    assert standalone(question, TURNS) == question


@pytest.mark.parametrize(
    ("question", "alone"),
    [
        ("How tall is it?", "How tall is the Orvay lighthouse?"),
        ("Where does its name come from?", "Where does the Orvay lighthouse’s name come from?"),
        ("How long did it take to build?", "How long did the Orvay lighthouse take to build?"),
        ("Was it designed to float?", "Was the Orvay lighthouse designed to float?"),
        ("When is it open for visitors?", "When is the Orvay lighthouse open for visitors?"),
        ("What does the mayor say about it?", "What does the mayor say about the Orvay lighthouse?"),
        ("How does this work?", "How does the Orvay lighthouse work?"),
        ("and its keeper?", "Who built the Orvay lighthouse – the Orvay lighthouse’s keeper?"),
        ("But why?", "Who built the Orvay lighthouse – why?"),
        ("What about the Stennick lighthouse?", "Who built the Stennick lighthouse?"),
    ],
)
def test_what_a_follow_up_points_to_is_written_out(question: str, alone: str) -> None:
    assert standalone(question, TURNS) == alone


def test_he_and_she_are_persons_and_stand_for_the_one_that_was_named() -> None:
    assert standalone("What happened to his brother?", TURNS) == "What happened to James Calder’s brother?"
    asked = [("When did Mary Hale become keeper?", "In 1902."), ("What did she earn?", "")]
    assert standalone("Where was she born?", asked[:1]) == "Where was Mary Hale born?"


def test_what_the_last_turns_do_not_name_is_taken_from_what_earlier_ones_were_about() -> None:
    assert standalone("How tall is it?", [("why?", "")], subjects=("the Orvay lighthouse",)) == (
        "How tall is the Orvay lighthouse?"
    )


@given(st.text(max_size=200), st.lists(st.tuples(st.text(max_size=80), st.text(max_size=80)), min_size=1, max_size=3))
def test_any_question_after_any_turns_is_a_text_again(question: str, turns: list[tuple[str, str]]) -> None:
    assert isinstance(standalone(question, turns), str)
