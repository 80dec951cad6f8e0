"""Pairs that look like a contradiction and are none, conflicts in a word, and how a conflict is put into words."""

import pytest
from fontes.agent.verifiers.sources.contradiction import Contradiction, Statement, contradictions

PLACES = ("/home/anna/notes/a.txt", "https://b.example/page?id=1")


def found(one: str, other: str, *, dates: tuple[str, str] = ("", "")) -> list[Contradiction]:
    told = [
        Statement(text=text, source=source, published=date)
        for source, text, date in zip(PLACES, (one, other), dates, strict=True)
    ]
    return list(contradictions(one, told))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Odra stadium held 30,000 spectators before it was rebuilt.",
         "Since it was rebuilt the Odra stadium holds 45,000 spectators."),
        ("Lomerin reduces the risk of stroke in men.", "Lomerin does not reduce the risk of stroke in women."),
        ("Work on the Corbel bridge began in 1930.", "The Corbel bridge was opened in 1934."),
        ("The Solsiden bridge is 284 metres long.", "The Solsiden bridge is 22 metres wide."),
        ("Trellis Bank expects a profit of $80 million for 2021.",
         "Trellis Bank made a profit of $57 million in 2021."),
        ("The Vanta X will cost 20,000 euros.", "The Vanta X costs 23,000 euros."),
        ("The first edition of Grey Harbour has 310 pages.", "The second edition of Grey Harbour has 342 pages."),
        ("Turnout in Velden was 48 per cent in the north.", "Turnout in Velden was 61 per cent in the south."),
    ],
)  # fmt: skip
def test_what_is_told_of_two_things_or_times_is_no_conflict(one: str, other: str) -> None:
    assert found(one, other) == []


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("Sales of the Vanta X rose in May.", "Sales of the Vanta X fell in May.", "polarity"),
        ("Judge Marsh upheld the ban on trawling.", "Judge Marsh overturned the ban on trawling.", "polarity"),
        ("The trial showed that zoralin was safe.", "The trial showed that zoralin was unsafe.", "polarity"),
        ("The capital of Sorland is Vestby.", "The capital of Sorland is Nordby.", "name"),
        ("Peter Lund heads Trellis Bank.", "Trellis Bank is led by Anna Voss.", "name"),
        ("Ellen Shaw is the author of Grey Harbour.", "Grey Harbour was written by Miriam Holt.", "name"),
    ],
)
def test_one_word_can_be_the_conflict(one: str, other: str, kind: str) -> None:
    assert [each.kind for each in found(one, other)] == [kind]


def test_wages_and_fees_change_over_time() -> None:
    (change,) = found(
        "The minimum wage in Sorland is 9.20 euros.",
        "The minimum wage in Sorland is 12.50 euros.",
        dates=("2014-01-01", "2023-01-01"),
    )
    assert change.is_change


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Lund Museum has 512 employees.", "The Lund Museum has 640 employees."),
        ("Lomerin reduces the risk of stroke.", "Lomerin does not reduce the risk of stroke."),
        ("The tower of Lund leans.", "Reports that the tower of Lund leans are false."),
    ],
)
def test_the_explanation_names_values_and_days_and_leaves_the_sources_to_the_page(one: str, other: str) -> None:
    for each in found(one, other, dates=("2001-01-01", "2002-02-02")):
        assert each.older.value in each.explanation
        assert each.newer.value in each.explanation
        assert not any(place in each.explanation for place in PLACES)
    assert found(one, other)


def test_a_day_without_a_year_beside_it_takes_no_year_back() -> None:
    told = "The Orvay light was automated in 1991. The last keeper left on 30 June of that year."
    [conflict] = found(told, "The Orvay light was automated in 1989.")
    assert (conflict.kind, {conflict.older.value, conflict.newer.value}) == ("date", {"1989", "1991"})


def test_the_end_of_a_passage_is_compared_as_well_as_its_beginning() -> None:
    filling = " ".join(f"The tower of the Orvay light has {n} windows on floor {n}." for n in range(2, 11))
    [conflict] = found("The Orvay light was automated in 1991.", f"{filling} The Orvay light was automated in 1989.")
    assert conflict.kind == "date"
