"""Titles and snippets become plain text, whatever a service or a page puts into them."""

import pytest
from fontes.tools.plain import one_line, plain_text, snippet_text, title_text
from hypothesis import example, given
from hypothesis import strategies as st

MARKUP = st.lists(
    st.sampled_from(
        ["<b>", "</b>", "<script>", "</script>", "<!--", "-->", "&lt;", "&amp;", "&gt;", "<", ">", "<img src=x ", "/>",
         "<![CDATA[", "]]>", "<?php", "&#x1b;", "\x1b[2J", "\u202e", "x", " ", "é", "&", ";", "<style>", "<a href='"]
    ),
    max_size=30,
).map("".join)  # fmt: skip


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("a <b>bold</b> word", "a bold word"),
        ("the <span class='searchmatch'>tide</span>", "the tide"),
        ("R&amp;D &#8211; caf&eacute;", "R&D – café"),
        ("one<br>two</p><p>three", "one two three"),
        ("a <script>alert(1)</script>b", "a b"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;after", "after"),
        ("&amp;lt;b&amp;gt;twice", "twice"),
        ("<script>: The Script element", ": The Script element"),
        ("<!-- hidden -->seen", "seen"),
        ("vector<int> and List<String>", "vector<int> and List<String>"),
        ("#include <stdio.h>", "#include <stdio.h>"),
        ("a < b and c > d", "a < b and c > d"),
        ("<x onclick=evil()>text", "text"),
        ("\x1b]8;;http://evil\x07link\x1b]8;;\x07", "link"),
        ("\u202egnp.exe\u202c zero\u200bwidth", "gnp.exe zerowidth"),
        (" many \n\t lines\r\n", "many lines"),
    ],
)
def test_markup_and_controls_go_and_text_stays(written: str, plain: str) -> None:
    assert plain_text(written) == plain


@given(text=st.one_of(st.text(), MARKUP))
@example("<<script>script>alert(1)<</script>/script>")
@example("&amp;amp;amp;amp;amp;lt;b&amp;amp;amp;amp;amp;gt;")
@example("<svg><script>x</svg>")
def test_no_text_keeps_controls_or_elements(text: str) -> None:
    plain = plain_text(text)
    assert not any(tag in plain.casefold() for tag in ("<script>", "<b>", "<img src=x />", "<style>"))
    assert all(sign.isprintable() or sign == " " or ord(sign) > 0x2FF for sign in plain)
    assert plain == " ".join(plain.split())


@given(text=st.text(min_size=200, max_size=3000))
def test_titles_and_snippets_are_bounded(text: str) -> None:
    assert len(title_text(text * 9)) <= 300
    assert len(snippet_text(text * 9)) <= 1000


def test_a_cut_falls_between_words_and_shows() -> None:
    title = title_text("word " * 100)
    assert title.endswith("word…")
    assert title_text("x" * 400) == "x" * 299 + "…"


def test_a_huge_title_takes_no_time() -> None:
    assert title_text("<" * 5_000_000)
    assert title_text("<a " * 2_000_000) is not None


@given(query=st.text(), most=st.integers(1, 50))
def test_a_query_is_one_line_of_its_length(query: str, most: int) -> None:
    line = one_line(query, most)
    assert len(line) <= most
    assert "\n" not in line
    assert line == line.strip()


def test_a_long_query_is_cut_between_words() -> None:
    assert one_line("high  tides\ntoday", 11) == "high tides"
    assert one_line("hightidestoday", 4) == "high"
