"""The quantities and days of a sentence by which it is compared with another."""

from datetime import date

import pytest
from fontes.agent.verifiers.reading.amounts import amounts
from fontes.agent.verifiers.reading.days import dated, days
from fontes.agent.verifiers.reading.terms import Words
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "dimension", "low", "high"),
    [
        ("It has 512 employees.", "", 512, 512),
        ("It has 1,200 employees.", "", 1200, 1200),
        ("It has twenty-five rooms.", "", 25, 25),
        ("It has 2.4 million visitors.", "", 2.4e6, 2.4e6),
        ("It has at least 500 rooms.", "", 500, float("inf")),
        ("It has up to 500 rooms.", "", float("-inf"), 500),
        ("It has 500 to 600 rooms.", "", 500, 600),
        ("It is 42.2 km long.", "length", 42200, 42200),
        ("It covers 3 square kilometres.", "area", 3e6, 3e6),
        ("It cost $5m.", "usd", 5e6, 5e6),
        ("It cost 5 million euros.", "eur", 5e6, 5e6),
        ("It grew by 12.5 per cent.", "share", 0.125, 0.125),
        ("At 86 °F it melts.", "temperature", 30, 30),
        ("A 25-year-old man came.", "age", 25, 25),
        ("He came, aged 25.", "age", 25, 25),
        ("It was the third album.", "rank", 3, 3),
        ("It was the 21st album.", "rank", 21, 21),
        ("Apollo 11 landed.", "label", 11, 11),
        ("In chapter 3, he dies.", "label", 3, 3),
        ("Lund won 3–2 there.", "score", 3002, 3002),
    ],
)
def test_a_quantity_is_read_with_unit_and_bounds(text: str, dimension: str, low: float, high: float) -> None:
    (found,) = amounts(Words(text))
    assert (found.dimension, found.low, found.high) == (dimension, pytest.approx(low), pytest.approx(high))


@pytest.mark.parametrize(
    "text",
    [
        "The F16 and 3D films.",
        "At 10:45 it rang.",
        "It was 1.200 then.",
        f"It has {'1' * 400} rooms.",
        "One came first.",
    ],
)
def test_what_is_no_quantity_or_may_be_two_is_left_out(text: str) -> None:
    assert amounts(Words(text)) == ()


def test_what_is_counted_and_how_is_read_from_the_words_around() -> None:
    rate, part, rough = (
        amounts(Words(text))[0]
        for text in ("It sells 500 bottles per day.", "It sold 3 of the 12 houses.", "About 500 people came.")
    )
    assert (rate.rate, part.is_part, rough.is_about) == ("day", True, True)
    assert rate.things == ("bottl",)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("On 3 May 2012 it opened.", date(2012, 5, 3), date(2012, 5, 3)),
        ("On May 3rd, 2012 it opened.", date(2012, 5, 3), date(2012, 5, 3)),
        ("On 2012-05-03 it opened.", date(2012, 5, 3), date(2012, 5, 3)),
        ("In May 2012 it opened.", date(2012, 5, 1), date(2012, 5, 31)),
        ("In 2012 it opened.", date(2012, 1, 1), date(2012, 12, 31)),
        ("Am 3. Mai 2012 war es.", date(2012, 5, 3), date(2012, 5, 3)),
        ("In the 1990s it opened.", date(1990, 1, 1), date(1999, 12, 31)),
    ],
)
def test_days_are_read_in_the_formats_of_prose(text: str, first: date, last: date) -> None:
    (day,) = days(dated(text))
    assert day.days == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "On 3/5/2023 it was.",
        "About 2000 km away.",
        "He saw Blade Runner 2049.",
        "In the 19th century it stood.",
        "It opened in May.",
        "It opens on Monday.",
    ],
)
def test_what_may_be_two_days_or_none_and_what_is_too_vague_is_no_day(text: str) -> None:
    assert days(dated(text)) == ()


def test_a_day_that_its_month_does_not_have_and_one_without_a_year_have_no_place_in_the_calendar() -> None:
    assert [
        day.days for text in ("On 31 February 2012 it opened.", "On 3 May it opened.") for day in days(dated(text))
    ] == [
        None,
        None,
    ]


@settings(deadline=None)
@given(st.text(max_size=300))
def test_values_stand_where_they_say(text: str) -> None:
    words = Words(text)
    for value in (*amounts(words), *days(dated(text))):
        assert text[value.start : value.end].startswith(value.text[:1])
        assert 0 <= value.start < value.end <= len(text)


PIECES = st.sampled_from(
    [
        "12",
        "1,200",
        "$5",
        "km",
        "%",
        "–",
        "to",
        "May",
        "2012",
        "the",
        "Berg",
        "third",
        "at least",
        "per day",
        "3.5",
        "(",
        ",",
    ]
)


@settings(deadline=None)
@given(
    st.lists(
        PIECES,
        max_size=14,
    )
)
def test_any_mixture_of_figures_and_units_is_read(pieces: list[str]) -> None:
    words = Words(" ".join(pieces))
    for amount in amounts(words):
        assert amount.low <= amount.high
