import time
import unicodedata

import pytest
from fontes.crawler import clean
from hypothesis import given
from hypothesis import strategies as st

any_text = st.text(st.characters(exclude_categories=()))


@given(any_text)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(any_text)
def test_nothing_stays_that_a_terminal_obeys_or_an_encoder_refuses(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert not any(unicodedata.category(char) == "Cc" for char in cleaned if char != "\n")
    assert not any(unicodedata.bidirectional(char) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
                   for char in cleaned)  # fmt: skip


@given(st.text(st.sampled_from("\x1b\x9b\x9d\x9c\x07[]0;m\\ a\r\n(")))
def test_escape_sequences_within_each_other_are_cleaned_once_and_for_all(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert not set(clean(text)) & set("\x1b\x9b\x9d\x9c\x07\r")


def test_escape_sequences_without_end_take_no_time() -> None:
    started = time.monotonic()
    for piece in ("\x1b]", "\x9d", "\x1b[1;", "\x9b1;", "\x1bP0"):
        clean(piece * 200_000)
    assert time.monotonic() - started < 5


@given(st.text(st.sampled_from("abc äß漢字\n.,")))
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\r\nb\rc\n", "a\nb\nc\n"),
        ("a\fb\vc\x85d\u2028e", "a\nb\nc\nd\ne"),
        ("a\tb", "a b"),
        ("a\x00b\x1b[31mc\x9b", "abc"),
        ("\x1b[1;31mred\x1b[0m, \x9b32mgreen\x9bm", "red, greenm"),
        ("\x1b]0;the title\x07a \x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\ \x9d0;b\x9cc", "a link c"),
        ("\x1b(B\x1b[mplain\x1b[2", "plain"),
        ("\x1b]0;without an end\nnext", "]0;without an end\nnext"),
        ("\x1b\x1b[31m[31mx", "[31mx"),
        ("\x9bHello", "Hello"),
        ("pass\u200bword \u202egnp.exe\u202c", "password gnp.exe"),
        ("co\u00adoperate", "cooperate"),
        ("hidden\U000e0041\U000e0042", "hidden"),
        ("e\u0301", "é"),
        ("\ud800x", "x"),
        ("नमस्ते ❤️", "नमस्ते ❤️"),
    ],
)
def test_each_kind_of_character_gets_its_due(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned
