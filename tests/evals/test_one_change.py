"""What the makers of false sentences have in common."""

from random import Random

import pytest
from fontes.evals.corruptions import plain_corruptions
from fontes.evals.one_change import as_written, changed_at, opposites_of
from fontes.evals.other_numbers import added, clearly_other, far, near, other, swapped
from hypothesis import given
from hypothesis import strategies as st

FIGURES = st.one_of(
    st.integers(1, 10**12).map(str),
    st.integers(1000, 10**12).map("{:,}".format),
    st.floats(0.1, 9_999).map("{:.2f}".format),
)


@given(before=st.text(max_size=20), was=st.text(max_size=5), after=st.text(max_size=20), now=st.text(max_size=5))
def test_a_change_is_in_its_place_alone(before: str, was: str, after: str, now: str) -> None:
    made = changed_at("name", before + was + after, len(before), was, now)
    assert made.text == before + now + after
    assert (made.start, made.was, made.now) == (len(before), was, now)


@pytest.mark.parametrize(
    ("was", "digits", "written"),
    [("1,234", "2345", "2,345"), ("12.5", "130", "13.0"), ("1,234", "99", "99"), ("1,000", "1000000", "1000,000")],
)
def test_digits_are_written_with_the_separators_that_were_there(was: str, digits: str, written: str) -> None:
    assert as_written(was, digits) == written


@given(was=FIGURES, seed=st.integers(0, 99))
def test_another_number_is_a_number_in_digits(was: str, seed: int) -> None:
    for way in (other, clearly_other, near, far, swapped):
        now = way(was, Random(seed))
        assert now.replace(",", "").replace(".", "").isdecimal()
    assert clearly_other(was, Random(seed)) != was


@pytest.mark.parametrize("word", ["two", "Seven", "twenty"])
def test_a_word_is_replaced_by_a_word_in_its_case(word: str) -> None:
    for way in (other, near, far):
        now = way(word, Random(1))
        assert now.isalpha()
        assert now[0].isupper() == word[0].isupper()


def test_an_amount_is_added_and_never_below_one() -> None:
    assert added("1,999", 2) == "2,001"
    assert added("5", -9) == "1"


def test_unclear_words_have_no_opposite() -> None:
    assert opposites_of("before") == []
    assert "decrease" in opposites_of("increase")


def test_a_plain_corruption_is_made_of_negation_opposite_and_number() -> None:
    made = list(plain_corruptions("The price was set to increase by 12.", Random(1)))
    assert len(made) == 3
    assert made[0] == "The price was not set to increase by 12."
    assert any(f"to {word} by" in made[1] for word in opposites_of("increase"))
    assert made[2].startswith("The price was set to increase by 1")
    assert next(plain_corruptions("It is not open.", Random(1))) == "It is open."
