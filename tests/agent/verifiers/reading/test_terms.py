"""How words and numbers are read."""

import pytest
from fontes.agent.verifiers.reading.terms import is_negation, numbers, stem, words


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("2.4 million people", {"2400000"}),
        ("$2.4bn", {"2400000000"}),
        ("5 m deep", {"5"}),
        ("1,000.50", {"1000.5"}),
        ("1.000", {"1", "1000"}),
        ("on 05/11/2020", {"5", "11", "2020"}),
        ("the 1990s", {"1990s"}),
        ("the 21st", {"21", "#21"}),
        ("twenty-five of two hundred", {"25", "200"}),
        ("one hundred million", {"100000000"}),
        ("the third man", {"#3"}),
        ("an F16 and a B2B deal", set()),
        ("10 000 (narrow space: 10\u202f000)", {"10", "0", "10000"}),
    ],
)
def test_numbers_are_read_by_value(text: str, values: set[str]) -> None:
    assert set().union(*numbers(text).values()) == values


def test_words_of_scripts_without_spaces_are_pairs_of_characters() -> None:
    assert words("東京は晴れ") == ["東京", "京は", "は晴", "晴れ"]


@pytest.mark.parametrize(
    ("one", "other"), [("increases", "increased"), ("running", "runs"), ("King’s", "king"), ("cities", "city")]
)
def test_forms_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_negations_are_known_in_their_forms() -> None:
    assert all(map(is_negation, ("not", "never", "didn't", "isn’t", "n't", "nicht", "jamais")))
    assert not is_negation("note")
