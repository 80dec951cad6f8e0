"""What two sources contradict each other in, and what only looks as if they did."""

import random

import pytest
from fontes.agent.verifiers.sources.contradiction import Contradiction, Statement, contradictions
from hypothesis import given, settings
from hypothesis import strategies as st


def between(
    one: str, other: str, *, dates: tuple[str, str] = ("", ""), titles: tuple[str, str] = ("", "")
) -> list[Contradiction]:
    statements = [
        Statement(text=text, source=f"https://{name}.example/", title=title, published=date)
        for name, text, title, date in zip("ab", (one, other), titles, dates, strict=True)
    ]
    return list(contradictions(one, statements))


CONFLICTS = [
    (
        "number",
        "The Lund Museum has 512 employees.",
        "According to its report, the Lund Museum has 640 employees.",
        {"512", "640"},
    ),
    (
        "number",
        "The bridge over the Ume river is 1,210 metres long.",
        "The bridge over the Ume river is 0.9 miles long.",
        {"1,210 metres", "0.9 miles"},
    ),
    (
        "number",
        "Some 40 per cent of voters in Lund supported the plan.",
        "The plan was supported by 55% of voters in Lund.",
        {"40 per cent", "55%"},
    ),
    (
        "number",
        "At least 200 soldiers died in the battle of Lund.",
        "The battle of Lund left 120 soldiers dead.",
        {"200", "120"},
    ),
    (
        "number",
        "Berg paid $3.5 million for the Lund brewery.",
        "The Lund brewery cost Berg, who paid $7 million for it, dearly.",
        {"$3.5 million", "$7 million"},
    ),
    (
        "date",
        "The Lund Museum was founded in 1989 by local painters.",
        "Local painters founded the Lund Museum in 1991.",
        {"1989", "1991"},
    ),
    (
        "date",
        "Anna Berg was born on 3 May 1950 in Oslo.",
        "Born in Oslo on May 5, 1950, Anna Berg became a painter.",
        {"3 May 1950", "May 5, 1950"},
    ),
    ("date", "The treaty was signed on 3 May in Lund.", "In Lund, the treaty was signed on 7 May.", {"3 May", "7 May"}),
    (
        "name",
        "Penicillin was discovered by Alexander Fleming in 1928.",
        "Louis Pasteur discovered penicillin in 1928.",
        {"Alexander Fleming", "Louis Pasteur"},
    ),
    (
        "name",
        "The painter Anna Berg was born in Oslo.",
        "Anna Berg, a painter, was born in Lisbon.",
        {"Oslo", "Lisbon"},
    ),
    (
        "polarity",
        "The vaccine was approved by the Swedish agency for children.",
        "The vaccine was not approved by the Swedish agency for children.",
        None,
    ),
    (
        "polarity",
        "Taxes in the city of Lund increased sharply after the vote.",
        "Taxes in the city of Lund decreased sharply after the vote.",
        {"increased", "decreased"},
    ),
    (
        "polarity",
        "The mayor of Lund took bribes from the brewery.",
        "It is not true that the mayor of Lund took bribes from the brewery.",
        {"stated", "denied"},
    ),
]


@pytest.mark.parametrize(("kind", "one", "other", "values"), CONFLICTS)
def test_sources_that_cannot_both_be_right_are_told_with_both_values(
    kind: str, one: str, other: str, values: set[str] | None
) -> None:
    found = between(one, other)
    assert [each.kind for each in found] == [kind]
    assert values is None or {found[0].older.value, found[0].newer.value} == values
    assert not found[0].is_change


NONE = {
    "other entities": ("The Lund Museum has 512 employees.", "The Oslo Museum has 640 employees."),
    "other things are counted": ("The Lund Museum has 512 employees.", "The Lund Museum has 640 paintings."),
    "other attributes": ("The Lund Museum was founded in 1989.", "The Lund Museum was renovated in 1991."),
    "other years": ("In 2019 the Lund Museum sold 512 tickets.", "In 2020 the Lund Museum sold 640 tickets."),
    "other seasons": (
        "In his second season Berg scored 12 goals for Lund.",
        "In his third season Berg scored 20 goals for Lund.",
    ),
    "rounded": ("The Lund Museum has 512 employees.", "The Lund Museum has about 500 employees."),
    "rounded in words": ("The Lund Museum has 2,398,145 visitors.", "The Lund Museum has 2.4 million visitors."),
    "a bound": ("The Lund Museum has 512 employees.", "The Lund Museum has more than 500 employees."),
    "a range": ("The Lund Museum has 512 employees.", "The Lund Museum has 500–600 employees."),
    "converted": ("The road to Lund is 42.2 km long.", "The road to Lund is 26.2 miles long."),
    "a part": ("The Lund Museum has 12 rooms.", "The Lund Museum has opened 3 of the 12 rooms."),
    "others among them": (
        "The fire in Lund killed 12 people.",
        "The fire in Lund killed 12 people, including 5 children.",
    ),
    "a rate": ("The Lund brewery sells 500 bottles a day.", "The Lund brewery sells 180,000 bottles a year."),
    "less exact": ("Anna Berg was born on 3 May 1950 in Oslo.", "Anna Berg was born in 1950 in Oslo."),
    "told in words": ("The Lund Museum has twelve rooms.", "The Lund Museum has 12 rooms."),
    "another format": ("The treaty was signed in Lund on 3 May 2012.", "The treaty was signed in Lund on 2012-05-03."),
    "a surname": ("Penicillin was discovered by Alexander Fleming.", "Fleming discovered penicillin."),
    "a town and its country": ("Anna Berg was born in Oslo.", "Anna Berg was born in Norway."),
    "what many can do": ("Anna Berg scored in the final of Lund.", "Carl Nord scored in the final of Lund."),
    "two deeds": ("The film Lund was directed by Anna Berg.", "The film Lund was produced by Carl Nord."),
    "supposed": (
        "The Lund Museum has 512 employees.",
        "If the Lund Museum had 640 employees, it would need a canteen.",
    ),
    "alleged": ("The mayor of Lund did not take bribes.", "The mayor of Lund allegedly took bribes."),
    "asked": ("The Lund Museum has 512 employees.", "Does the Lund Museum have 640 employees?"),
    "planned": ("The Lund Museum has 512 employees.", "The Lund Museum plans to have 640 employees."),
    "told to deny it": (
        "The Lund Museum was founded in 1989.",
        "Claims that the Lund Museum was founded in 1991 are false.",
    ),
    "denied and put right": (
        "The Lund Museum was founded in 1989.",
        "The report that the Lund Museum was founded in 1991 is wrong; it was founded in 1989.",
    ),
    "two negations": ("Taxes in Lund did not increase after the vote.", "Taxes in Lund decreased after the vote."),
    "not only": ("The Lund Museum shows paintings of Berg.", "The Lund Museum not only shows paintings of Berg."),
    "rows of a table": ("1989 | Lund | 12 | 45 | 3.2", "1991 | Lund | 17 | 40 | 3.9"),
    "items of a list": ("- Lund: 12\n- Oslo: 45", "- Lund: 17\n- Oslo: 40"),
    "another language": ("The Lund Museum has 512 employees.", "Das Museum hat seit 1991 genau 640 Angestellte."),
    "what has both": ("Carl was born in 1961, Jerry in 1941.", "Jerry was born in 1941. Carl was born in 1961."),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("one", "other"), NONE.values(), ids=NONE.keys())
def test_what_only_looks_like_a_conflict_is_none(one: str, other: str) -> None:
    assert [each.explanation for each in between(one, other) if not each.is_change] == []


def test_a_pronoun_of_another_page_is_somebody_else() -> None:
    one, other = "He was born in 1956 in a small town.", "He was born in 1962 in a small town."
    assert between(one, other, titles=("Tom Hanks - Wikipedia", "Tom Hanks | Biography"))
    assert not between(one, other, titles=("Tom Hanks - Wikipedia", "Brad Pitt | Biography"))


def test_an_older_figure_beside_a_newer_one_is_a_change() -> None:
    one, other = "Lund has a population of 94,000 inhabitants.", "Lund has a population of 121,000 inhabitants."
    (found,) = between(one, other, dates=("2021-03-01", "2003-05-01"))
    assert found.is_change
    assert (found.older.value, found.older.as_of, found.newer.as_of) == ("121,000", "2003-05-01", "2021-03-01")
    assert found.explanation.startswith("changed over time: “121,000” as of 2003-05-01")


def test_the_time_that_a_sentence_states_comes_before_that_of_its_page() -> None:
    one = "As of March 2003, Lund had a population of 94,000 inhabitants."
    other = "As of June 2021, Lund had a population of 121,000 inhabitants."
    assert [each.is_change for each in between(one, other, dates=("2022-01-01", "2022-01-01"))] in ([], [True])


def test_what_happened_once_does_not_change_with_the_years() -> None:
    one, other = "The Lund Museum was founded in 1989.", "The Lund Museum was founded in 1991."
    (found,) = between(one, other, dates=("2001-01-01", "2021-01-01"))
    assert not found.is_change
    assert "2001-01-01" in found.explanation


def test_the_toll_of_a_recent_event_changes_that_of_an_old_one_does_not() -> None:
    one, other = "The fire in Lund killed 12 people.", "The fire in Lund killed 15 people."
    assert [e.is_change for e in between(one, other, dates=("2020-05-01", "2020-05-03"))] == [True]
    assert [e.is_change for e in between(one, other, dates=("2010-05-01", "2020-05-03"))] == [False]


def test_quotes_stand_where_they_say() -> None:
    text = "Visit us. The Lund Museum has 640 employees."
    statements = [
        Statement(text="The Lund Museum has 512 employees.", source="a"),
        Statement(text=text, source="b", page_hash="h", start=100, end=100 + len(text)),
    ]
    (found,) = contradictions("The Lund Museum has 512 employees.", statements)
    side = found.newer
    assert text[side.start - 100 : side.end - 100] == side.quote == "The Lund Museum has 640 employees."


def test_one_page_does_not_contradict_itself() -> None:
    told = [
        Statement(text=t, source="a")
        for t in ("The Lund Museum has 512 employees.", "The Lund Museum has 640 employees.")
    ]
    assert not contradictions(told[0].text, told)


def test_statements_about_something_else_than_the_claim_are_left_out() -> None:
    told = [Statement(text=f"The Lund Museum has {n} employees.", source=str(n)) for n in (512, 640)]
    assert not contradictions("Penicillin was discovered by Fleming.", told)


SENTENCES = sorted({text for _, one, other, _ in CONFLICTS for text in (one, other)})


def _kinds(found: tuple[Contradiction, ...]) -> set[tuple[str, frozenset[str]]]:
    return {(each.kind, frozenset((each.older.value, each.newer.value))) for each in found}


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(SENTENCES), st.sampled_from(SENTENCES))
def test_which_of_two_comes_first_changes_nothing(one: str, other: str) -> None:
    told = [Statement(text=one, source="a"), Statement(text=other, source="b")]
    claim = f"{one} {other}"
    assert _kinds(contradictions(claim, told)) == _kinds(contradictions(claim, told[::-1]))


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(SENTENCES) | st.text(max_size=200))
def test_nothing_contradicts_itself(text: str) -> None:
    assert not contradictions(text, [Statement(text=text, source="a"), Statement(text=text, source="b")])


@settings(deadline=None, max_examples=40)
@given(st.randoms(use_true_random=False))
def test_the_order_of_many_statements_changes_nothing(draw: random.Random) -> None:
    told = [Statement(text=text, source=str(number)) for number, text in enumerate(SENTENCES)]
    claim = "The Lund Museum was founded in 1989 and has 512 employees."
    before = _kinds(contradictions(claim, told))
    draw.shuffle(told)
    assert _kinds(contradictions(claim, told)) == before


@settings(deadline=None, max_examples=40)
@given(st.lists(st.text(max_size=120), max_size=4))
def test_any_text_is_read(texts: list[str]) -> None:
    contradictions(" ".join(texts), [Statement(text=text, source=str(n)) for n, text in enumerate(texts)])


def test_a_statement_of_five_thousand_words_is_read_in_part() -> None:
    long = "The Lund Museum has 640 employees. " + "word " * 5000
    assert between("The Lund Museum has 512 employees.", long)
