"""Which names are told apart by a number, and whether a text holds them."""

import pytest
from fontes.agent.questions.designations import designations
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("How much does the Lathe 7300 weigh?", ["Lathe 7300"]),
        ("When did the Boeing 797 first fly?", ["Boeing 797"]),
        ("What does Regulation 2031/9 ask of bakers?", ["Regulation 2031/9"]),
        ("How long is the A380?", ["A380"]),
        ("Who flew MH370, and is Python 3.13 out?", ["Python 3.13", "MH370"]),
    ],
)
def test_a_name_with_its_number_is_a_designation(question: str, found: list[str]) -> None:
    assert [each.text for each in designations(question)] == found


@pytest.mark.parametrize(
    "question",
    [
        "Is Lake Orr 47 metres deep?",
        "What happened in May 1944 and on 12 June 1988?",
        "Who won the Euro 2024?",
        "Was Apollo 11 a success?",
        "Did Orme pay 8.4 million crowns?",
        "Did Harker build 640 boats?",
    ],
)
def test_quantities_dates_and_small_numbers_are_none(question: str) -> None:
    assert designations(question) == ()


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("The Lathe 7300 weighs a ton.", True),
        ("The 7300, unlike the 7200, is green.", True),
        ("It made 7,300 bowls, of 73001 and of 1.7300.", False),
        ("The Lathe 7200 weighs a ton.", False),
    ],
)
def test_its_number_stands_in_a_text_by_itself(text: str, *, stands: bool) -> None:
    assert designations("How heavy is the Lathe 7300?")[0].stands_in(text) is stands


def test_a_hyphen_or_a_space_makes_no_other_code() -> None:
    code = designations("Who flew the MH370?")[0]
    assert code.stands_in("Flight MH 370 was lost.")
    assert code.stands_in("Flight mh-370 was lost.")


@given(st.text(max_size=60))
def test_a_designation_stands_in_its_own_question(question: str) -> None:
    assert all(each.number in question for each in designations(question))
