"""A corruption changes the one fact that it names, and nothing else."""

import random
import re

import pytest
from fontes.agent.verifiers.reading.terms import numbers
from fontes.evals.corruptions import Around, corruptions, name_places, names_of
from fontes.evals.one_change import MONTHS, WEEKDAYS
from hypothesis import given
from hypothesis import strategies as st

SENTENCE = (
    "In May 2019, Anna Weber of Siemens Energy said that not all of the 1,250 turbines near Hamburg may run before "
    "Ruth Klein is able to test twelve of them."
)
NAMES = ("Maria Lopez", "Boston", "General Electric")
VOCABULARY = """In 2019 the 12 Anna Weber was not often sold to 1,250 large Berlin on May 5, men, more than three
(reportedly) “Ruth Klein” 45% $3.5 U.S. cannot some . and"""
WORDS = st.lists(st.sampled_from(VOCABULARY.split()), max_size=40)


def around(sentence: str) -> Around:
    return Around(evidence=sentence, names=NAMES)


def test_each_kind_that_a_sentence_allows_is_made_once() -> None:
    made = list(corruptions(SENTENCE, around(SENTENCE), random.Random(1)))

    kinds = [each.kind for each in made]
    assert len(kinds) == len(set(kinds))
    assert {"number", "date", "name", "negation", "opposite", "scope", "swap"} <= set(kinds)


@given(words=WORDS, seed=st.integers(0, 50))
def test_only_the_named_place_changes(words: list[str], seed: int) -> None:
    sentence = " ".join(words)
    for made in corruptions(sentence, around(sentence), random.Random(seed)):
        end = made.start + len(made.was)
        assert sentence[made.start : end] == made.was != made.now
        assert made.text == sentence[: made.start] + made.now + sentence[end:]


@given(words=WORDS, seed=st.integers(0, 50))
def test_a_changed_number_is_one_that_the_evidence_lacks(words: list[str], seed: int) -> None:
    sentence = " ".join(words)
    held = {value for values in numbers(sentence).values() for value in values}
    for made in corruptions(sentence, around(sentence), random.Random(seed)):
        if made.kind == "number":
            assert not held & {value for values in numbers(made.now).values() for value in values}


@pytest.mark.parametrize("seed", range(20))
def test_each_kind_changes_what_its_name_says(seed: int) -> None:
    for made in corruptions(SENTENCE, around(SENTENCE), random.Random(seed)):
        if made.kind == "number":
            assert made.was in ("1,250", "twelve")
            assert numbers(made.now)
        elif made.kind == "date":
            assert made.was in ("2019", "May")
            assert made.now in MONTHS or re.fullmatch(r"\d{4}", made.now)
        elif made.kind == "name":
            assert made.was in names_of([SENTENCE])
            assert made.now in NAMES
        elif made.kind == "swap":
            assert sorted(re.findall(r"\w+", made.was)) == sorted(re.findall(r"\w+", made.now))


def test_a_number_keeps_its_notation() -> None:
    sentence = "The plant employs 12,500 people."

    for seed in range(30):
        (made,) = [
            each for each in corruptions(sentence, around(sentence), random.Random(seed)) if each.kind == "number"
        ]
        assert re.fullmatch(r"\d{1,3}(,\d{3})+", made.now)


def test_a_year_is_a_date_and_no_number() -> None:
    kinds = {each.kind for each in corruptions("It opened in 1987.", around(""), random.Random(0))}

    assert kinds == {"date"}


def test_names_are_found_with_their_places() -> None:
    assert name_places("The firm sued Bank of America in New York.") == [(14, "Bank of America"), (33, "New York")]
    assert WEEKDAYS[0] not in names_of(["They met on Monday."])
