"""Dates as they are written, and when a source bears one out."""

import pytest
from fontes.agent.verifiers.reading.dates import bears_out, conflict, dates
from hypothesis import given
from hypothesis import strategies as st

WRITTEN = st.text(alphabet="0123456789 .,-–/'’sthJanuaryMay年月日", max_size=60)


@pytest.mark.parametrize(
    "text",
    [
        "21 March 2019",
        "March 21, 2019",
        "2019-03-21",
        "21.3.2019",
        "3/21/2019",
        "the 21st of March, 2019",
        "21 de marzo de 2019",
        "23 марта 2019".replace("23", "21"),
        "2019年3月21日",
        "21 Mar. 2019",
    ],
)
def test_one_day_is_read_in_its_many_forms(text: str) -> None:
    (found,) = dates(text)
    assert (found.first_year, found.last_year, found.month, found.day) == (2019, 2019, 3, 21)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("the 1990s", [(1990, 1999)]),
        ("the nineties", [(1990, 1999)]),
        ("the 19th century", [(1801, 1900)]),
        ("1914–18", [(1914, 1914), (1918, 1918)]),
        ("from 1999 to 2007", [(1999, 1999), (2007, 2007)]),
        ("the 2011-12 season", [(2011, 2011), (2012, 2012)]),
        ("2,000 people in 1200", [(1200, 1200)]),
    ],
)
def test_years_and_spans_of_years_are_read(text: str, years: list[tuple[int, int]]) -> None:
    assert [(found.first_year, found.last_year) for found in dates(text)] == years


def test_both_days_of_two_are_read() -> None:
    assert [(found.text, found.day) for found in dates("July 4-6, 2012")] == [("July 4", 4), ("6, 2012", 6)]
    assert [(found.text, found.day) for found in dates("12 and 13 June 1999")] == [("12", 12), ("13 June 1999", 13)]


def test_a_date_in_figures_that_has_two_readings_keeps_both() -> None:
    assert {(found.month, found.day) for found in dates("3/5/2023")} == {(3, 5), (5, 3)}


def test_words_that_are_also_months_are_months_where_they_must_be() -> None:
    assert [found.text for found in dates("He may march in March, and in May.")] == ["March", "May"]


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("2019", "21 March 2019"),
        ("the 1990s", "1994"),
        ("March 2019", "2019-03-21"),
        ("Thursday", "21 March 2019"),
    ],
)
def test_what_is_told_more_exactly_bears_out_what_is_told_less_so(said: str, held: str) -> None:
    assert bears_out(dates(said)[0], dates(held)[0])
    assert not bears_out(dates(held)[0], dates(said)[0])


@pytest.mark.parametrize(
    ("one", "other"), [("21 March 2019", "21 April 2019"), ("1994", "1995"), ("Monday", "Tuesday")]
)
def test_dates_conflict_in_what_both_tell(one: str, other: str) -> None:
    assert conflict(dates(one)[0], dates(other)[0])
    assert not conflict(dates(one)[0], dates(one)[0])


def test_dates_that_tell_different_things_do_not_conflict() -> None:
    assert not conflict(dates("in March")[0], dates("2019")[0])


@given(st.one_of(WRITTEN, st.text(max_size=60)))
def test_any_text_is_read_and_each_date_stands_where_it_says_and_bears_itself_out(text: str) -> None:
    for found in dates(text):
        assert text[found.start : found.end] == found.text
        assert bears_out(found, found)
