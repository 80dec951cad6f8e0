"""A quote is found where its words stand, and only there."""

import re
import time
from collections.abc import Sequence

import pytest
from fontes.agent.models.alignment import align, normal_form
from hypothesis import given
from hypothesis import strategies as st

TEXT = (
    "The tower – 68 m high – was “finished”\nin 1854.  It’s the oldest of the coast, they say; others name Riga. "
    "Its keeper lived beside it for forty years."
)


def found(quote: str, text: str = TEXT) -> list[str]:
    return [text[start:end] for start, end in align(quote, text)]


@pytest.mark.parametrize(
    ("quote", "stretches"),
    [
        ("Its keeper lived beside it", ["Its keeper lived beside it"]),
        ("its keeper lived beside it", ["Its keeper lived beside it"]),
        ("Oldest of the coast", ["oldest of the coast"]),
        ('The tower - 68 m high - was "finished" in 1854.', ["The tower – 68 m high – was “finished”\nin 1854"]),
        ("It's   the oldest\tof the coast", ["It’s the oldest of the coast"]),
        ("“It's the oldest of the coast!”", ["It’s the oldest of the coast"]),
        ("The tower … in 1854", ["The tower", "in 1854"]),
        ("The tower [...] in 1854. […] forty years", ["The tower", "in 1854", "forty years"]),
        ("…the oldest of the coast...", ["the oldest of the coast"]),
    ],
)
def test_a_quote_is_found_in_another_spelling_of_its_marks(quote: str, stretches: list[str]) -> None:
    assert found(quote) == stretches


@pytest.mark.parametrize(
    "quote",
    [
        "The tower was finished in 1855",
        "in 1854 … The tower",
        "The tower … in 1999",
        "The … tower … 68 … m … high",
        "ower – 68 m hig",
        "Its Keeper lived beside it",
        "",
        "…",
        "— “” .",
    ],
    ids=["figure", "order", "half", "collage", "cut words", "case inside", "empty", "ellipsis", "marks"],
)
def test_other_words_are_not_found(quote: str) -> None:
    assert found(quote) == []


def test_of_several_places_the_nearest_is_taken_else_the_first() -> None:
    text = "It was built in 1854. The other tower is new. It was built in 1854."
    assert align("It was built in 1854", text) == ((0, 20),)
    assert align("It was built in 1854", text, near=40) == ((46, 66),)


def test_the_parts_of_a_quote_are_taken_in_their_order() -> None:
    text = "in 1854 it rained. The tower was built in 1854. In 1854 it rained."
    assert align("The tower … in 1854", text) == ((19, 28), (39, 46))


words = st.lists(st.sampled_from(["Tower", "tower", "1854", "the", "“old”", "it’s", "–", "é", "…", "‹b›"]), min_size=1)


def forms(spans: Sequence[tuple[int, int]], text: str) -> list[str]:
    return [normal_form(text[start:end]) for start, end in spans]


def parts(quote: str) -> list[str]:
    return [form for part in re.split(r"[\[(]?(?:\.{3,}|…)[\])]?", quote) if (form := normal_form(part))]


@given(
    text=st.one_of(st.text(), words.map(" ".join)), quote=st.one_of(st.text(), words.map(" ".join)), near=st.integers()
)
def test_whatever_is_asked_a_stretch_has_the_words_of_the_quote(text: str, quote: str, near: int) -> None:
    spans = align(quote, text, near=near)
    assert list(spans) == sorted(spans)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert not spans or forms(spans, text) in ([normal_form(quote)], parts(quote))


@given(before=words, quoted=words, after=words, space=st.sampled_from([" ", "\n", "  "]))
def test_what_stands_in_a_text_is_found_in_it(
    before: list[str], quoted: list[str], after: list[str], space: str
) -> None:
    text = space.join((*before, *quoted, *after))
    quote = " ".join(quoted)
    spans = align(quote, text)
    assert not any(c.isalnum() for c in quote) or forms(spans, text) in ([normal_form(quote)], parts(quote))


def test_long_texts_take_time_in_proportion() -> None:
    def seconds(count: int) -> float:
        text = "the tower of the coast " * count
        began = time.process_time()
        align("the tower of the coast " * 20 + "…" + "no such words", text)
        return time.process_time() - began

    assert min(seconds(8_000) for _ in range(3)) < 40 * max(0.001, min(seconds(800) for _ in range(3)))
