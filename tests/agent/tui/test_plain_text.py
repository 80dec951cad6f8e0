"""Text for a terminal holds nothing that it would obey, hide, or draw outside of its cells."""

import unicodedata

import pytest
from fontes.agent.tui.plain_text import one_line, safe
from hypothesis import given
from hypothesis import strategies as st

# Rather controls than letters: any text at all seldom holds one.
HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cc", "Cf", "Co", "Mn", "Me", "Zl", "Zp", "Zs"]),
        st.sampled_from("\x1b\x9b\x9d[]0;m\\\x07\u0301\u200d\ufe0f "),
    )
)
ARABIC_NUMBER_SIGN = "\u0600"


@given(HOSTILE)
def test_no_control_format_or_private_character_is_left(text: str) -> None:
    for character in safe(text):
        category = unicodedata.category(character)
        assert category not in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp") or character == "\n"
        assert category != "Cf" or character in "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2" + (
            "\U000110bd\U000110cd"
        )


@given(HOSTILE)
def test_making_it_safe_twice_changes_nothing(text: str) -> None:
    assert safe(safe(text)) == safe(text)
    assert one_line(one_line(text)) == one_line(text)


@given(HOSTILE)
def test_no_character_carries_more_than_four_marks_and_none_stands_on_nothing(text: str) -> None:
    marks = 5
    for character in safe(text):
        is_mark = unicodedata.category(character) in ("Mn", "Me") and character > "\u02ff"
        marks = marks + 1 if is_mark else 0
        assert marks <= 4, "a mark at the start, after a space, or a fifth one"
        if character in " \n":
            marks = 4


@given(HOSTILE)
def test_one_line_is_one_line_without_space_around_it(text: str) -> None:
    line = one_line(text)
    assert "\n" not in line
    assert line == line.strip()
    assert "  " not in line


@given(st.text(st.characters(categories=["Lu", "Ll", "Nd", "Po", "Sm"], max_codepoint=0x17F)))
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert safe(composed) == composed


@pytest.mark.parametrize(
    "text",
    [
        "Ναι, 41 μέτρα – “so”, £5 · naïve",
        "שָׁלוֹם עֲלֵיכֶם",
        "नमस्ते दुनिया",
        "ไม่เป็นไร",
        "漢字かな交じり文\u3000全角",
        "한국어",
        "x² + y² ≤ 1 → ∞",
        f"{ARABIC_NUMBER_SIGN}١٢٣",
    ],
)
def test_scripts_of_the_world_stay_as_they_are(text: str) -> None:
    assert safe(text) == text


def test_what_a_terminal_would_obey_goes_with_its_parameters() -> None:
    assert one_line("\x1b]0;title\x07a\x1b[31mb\x9b2Jc\u202ed\u200be") == "abcde"


def test_markup_is_text_like_any_other() -> None:
    assert safe("[red]x[/red] [@click=app.quit]y[/]") == "[red]x[/red] [@click=app.quit]y[/]"
