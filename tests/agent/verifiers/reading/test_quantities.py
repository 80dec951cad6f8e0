"""Numbers with their units, how exact they are, and when a source bears one out."""

import pytest
from fontes.agent.verifiers.reading.quantities import agree, quantities
from hypothesis import given
from hypothesis import strategies as st

FIGURES = st.text(alphabet="0123456789.,%$€ kmtbhfahalfpound'\"-–½²٣:pmabout", max_size=60)


def bears_out(said: str, held: str) -> bool:
    return any(agree(mine, theirs) for mine in quantities(said) for theirs in quantities(held))


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("2.4 million", "2,398,145"),
        ("two million", "2,000,000"),
        ("10 km", "6.2 miles"),
        ("178 cm", "5 feet 10 inches"),
        ("68 %", "67.8 per cent"),
        ("about 1,200", "1,180"),
        ("about 2,400,000", "2,380,000"),
        ("more than 1,000", "1,043"),
        ("24 months", "two years"),
        ("50%", "half of the"),
        ("12 kg", "26.5 lb"),
        ("20 °C", "68 °F"),
        ("4:45 pm", "16:45"),
        ("$5m", "5 million dollars"),
        ("150 minutes", "2 hours 30 minutes"),
        ("324 metres", "| height (m) | 324 |"),
        ("one hundred and five", "105"),
    ],
)
def test_a_source_bears_out_the_same_amount_in_another_form(said: str, held: str) -> None:
    assert bears_out(said, held)


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("1,200", "1,250"),
        ("2.3 million", "2.4 million"),
        ("3 million", "3.4 million"),
        ("67.8 %", "68 %"),
        ("68 metres", "68 feet"),
        ("21 °C", "68 °F"),
        ("$5 million", "€5 million"),
        ("more than 1,000", "2,043"),
        ("5 million", "fewer than 5 million"),
        ("5 days", "5 kg"),
    ],
)
def test_a_source_does_not_bear_out_another_amount(said: str, held: str) -> None:
    assert not bears_out(said, held)


def test_marks_of_citation_are_no_quantities() -> None:
    assert not quantities("It rose [3], [12, 14].")


def test_numbers_told_without_a_number_are_known_as_such() -> None:
    assert [(q.text, q.is_word) for q in quantities("both of the two")] == [("both", True), ("two", False)]


@given(st.one_of(FIGURES, st.text(max_size=60)))
def test_any_text_is_read_and_each_quantity_stands_where_it_says(text: str) -> None:
    for quantity in quantities(text):
        assert text[quantity.start : quantity.end] == quantity.text
        assert quantity.readings


@given(FIGURES)
def test_every_quantity_that_is_not_less_than_something_bears_itself_out(text: str) -> None:
    assert all(agree(quantity, quantity) for quantity in quantities(text))


def test_a_number_of_four_hundred_digits_is_read() -> None:
    assert not bears_out(f"about {'1' * 400}", "12")
