"""Proper names, and in which forms another text holds them."""

import pytest
from fontes.agent.verifiers.reading.names import Held, may_be_one, names
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Joe Medwick was part of a gang in St. Louis.", ["Joe Medwick", "Louis"]),
        ("Scientists can only speculate about it.", []),
        ("Germany's economy grew.", ["Germany's"]),
        ("Benso was a freemason.", ["Benso"]),
        ("He met J. R. R. Tolkien in May on a Tuesday.", ["J. R. R. Tolkien"]),
        ("It is at the University of the Andes in Bogotá.", ["University of the Andes", "Bogotá"]),
        ("The World Health Organization (WHO) said so.", ["World Health Organization"]),
    ],
)
def test_names_are_runs_of_capitalised_words(text: str, found: list[str]) -> None:
    assert [name.text for name in names(text)] == found


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("by Pyotr Tchaikovsky", "Оперу написал Пётр Чайковский."),
        ("by Pyotr Tchaikovsky", "composed by Petr Čajkovskij"),
        ("by Gorbachev", "Gorbatschow war da"),
        ("met Muhammad Ali", "met Mohammed Ali"),
        ("in Italy", "the Italian town"),
        ("the French", "in France"),
        ("the World Health Organization", "says the WHO"),
        ("the WHO", "says the World Health Organization"),
        ("in the United States", "the U.S. has"),
        ("by John Smith", "Smith said"),
        ("by J. Smith", "John Smith said"),
        ("by Müller", "Mueller said"),
    ],
)
def test_a_name_is_held_in_another_form(said: str, held: str) -> None:
    assert all(not Held([held]).missing(name) for name in names(said))


@pytest.mark.parametrize(
    ("said", "held", "missing"),
    [
        ("by John Smith", "Peter Smith said", ("John",)),
        ("in North Korea", "in South Korea", ("North",)),
        ("by Anders Andersen", "by Anders Anderson", ("Andersen",)),
        ("in Austria", "in Australia", ("Austria",)),
        ("in Paris", "in London", ("Paris",)),
    ],
)
def test_another_name_is_not_taken_for_it(said: str, held: str, missing: tuple[str, ...]) -> None:
    assert [Held([held]).missing(name) for name in names(said)] == [missing]


@given(st.text(alphabet="AbcDé .'’-&(ЯшČ\n", max_size=60))
def test_a_text_holds_its_own_names_where_they_stand(text: str) -> None:
    for name in names(text):
        assert text[name.start : name.end] == name.text
        assert not Held([text]).missing(name)


@pytest.mark.parametrize("other", ["Berg", "A. Berg", "Anna Berg-Nord"])
def test_a_surname_an_initial_and_a_longer_name_may_be_the_same(other: str) -> None:
    one, two = (names(f"It was {text}.")[0] for text in ("Anna Berg", other))
    assert may_be_one(one, two)
    assert may_be_one(two, one)


def test_an_acronym_may_be_its_long_form_and_another_surname_is_somebody_else() -> None:
    acronym, long, berg, nord = (
        names(f"It was {text}.")[0]
        for text in ("UNHRC", "United Nations Human Rights Council", "Anna Berg", "Anna Nord")
    )
    assert may_be_one(acronym, long)
    assert not may_be_one(berg, nord)
