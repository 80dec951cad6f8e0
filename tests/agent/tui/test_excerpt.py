"""The paragraph of a quote is the stored one, and the quote in it the one that was checked."""

from dataclasses import replace

from fontes.agent.state import Citation
from fontes.agent.tui.pages import excerpt
from fontes.crawler import Block, Page, text_hash
from hypothesis import given
from hypothesis import strategies as st


def page(text: str, *blocks: Block) -> Page:
    return Page(text=text, hash=text_hash(text), blocks=blocks)


def cite(text: str, start: int, end: int) -> Citation:
    return Citation(page_hash=text_hash(text), start=start, end=end, quote=text[start:end], source="a.txt")


@given(st.text(alphabet="ab .\n", min_size=1, max_size=3_000), st.data())
def test_the_three_parts_are_a_stretch_of_the_page_with_the_span_in_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = excerpt(page(text), cite(text, start, end))
    assert found.is_verbatim
    assert found.span == text[start:end]
    low = start - len(found.before)
    assert text[low : low + len(found.before + found.span + found.after)] == found.before + found.span + found.after
    assert "\n" not in found.before + found.after
    assert len(found.before) <= 400
    assert len(found.after) <= 300
    assert found.cut_before == (low > 0 and text[low - 1] != "\n")


def test_a_quote_that_the_page_does_not_hold_at_its_place_is_told_and_shown_as_kept() -> None:
    text = "One. Two. Three."
    for start, end in ((5, 9), (-11, -7), (0, 0), (14, 99)):
        wrong = replace(cite(text, 5, 9), start=start, end=end, quote="Tw0.")
        found = excerpt(page(text), wrong)
        assert (found.is_verbatim, found.before, found.span, found.after) == (False, "", "Tw0.", "")


def test_a_long_paragraph_is_cut_between_words_and_its_headings_are_named() -> None:
    text = "History\n" + "word " * 400 + "HERE " + "word " * 400
    start = text.index("HERE")
    blocks = (Block(start=0, end=7, kind="heading"), Block(start=8, end=len(text), heading_path=("History", "Early")))
    found = excerpt(page(text, *blocks), cite(text, start, start + 4))
    assert found.heading_path == ("History", "Early")
    assert (found.cut_before, found.cut_after) == (True, True)
    assert found.before.startswith("word ")
    assert found.after.endswith(" word")
