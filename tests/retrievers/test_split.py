from pathlib import Path
from time import perf_counter

import pytest
from fontes.crawler import Block, Page, text_hash
from fontes.evals.datasets import read_wice
from fontes.retrievers.split import TARGET, split
from hypothesis import given
from hypothesis import strategies as st

MOST = int(1.5 * TARGET)


def page_of(*parts: tuple[str, str, tuple[str, ...]], language: str = "en") -> Page:
    """A page of (kind, text, heading path) blocks, one a line."""
    blocks: list[Block] = []
    at = 0
    for kind, text, path in parts:
        blocks.append(Block(start=at, end=at + len(text), kind=kind, heading_path=path))  # type: ignore[arg-type]
        at += len(text) + 1
    text = "\n".join(text for _, text, _ in parts)
    return Page(text=text, hash=text_hash(text), title="T", blocks=tuple(blocks), language=language)


def plain(text: str) -> Page:
    return Page(text=text, hash=text_hash(text))


def prose(words: int) -> str:
    return " ".join(f"Sentence {n} says something of its own." for n in range(words // 7 + 1))


_BLOCK = st.tuples(
    st.sampled_from(["heading", "paragraph", "list", "table", "code", "quote"]),
    st.text(min_size=1, max_size=200) | st.integers(1, 600).map(prose) | st.integers(1, 9_000).map(lambda n: "x" * n),
    st.sampled_from([(), ("A",), ("A", "B"), ("C",)]),
)


@given(parts=st.lists(_BLOCK, max_size=8), covered=st.booleans())
def test_passages_are_exact_ordered_bounded_and_hold_all_text(
    parts: list[tuple[str, str, tuple[str, ...]]], covered: bool
) -> None:
    page = page_of(*parts)
    if not covered:  # as when an extractor leaves stretches outside its blocks
        page = Page(text=page.text, hash=page.hash, blocks=page.blocks[::2])
    at = 0
    for passage in split(page):
        assert at <= passage.start < passage.end
        assert page.text[passage.start : passage.end] == passage.text == passage.text.strip()
        assert not page.text[at : passage.start].strip()
        assert len(passage.text) <= MOST
        at = passage.end
    assert not page.text[at:].strip()


def test_a_blank_page_has_no_passages() -> None:
    assert split(plain("")) == split(plain(" \n\t\n")) == ()


def test_a_single_sentence_of_a_whole_book_is_cut_at_clauses_or_spaces() -> None:
    book = "and so, it went on; " * 2_500
    passages = split(plain(book))
    assert all(len(p.text) <= MOST for p in passages)
    assert {p.text[-1] for p in passages[:-1]} <= {",", ";"}
    assert all(len(p.text) <= MOST for p in split(plain("x" * 50_000)))


def test_a_passage_ends_with_a_sentence() -> None:
    assert all(p.text.endswith(".") for p in split(plain(prose(3_000))))


def test_sizes_are_even_and_near_the_target() -> None:
    sizes = [len(p.text) for p in split(plain(prose(3_000)))]
    assert min(sizes) > 0.7 * TARGET
    assert max(sizes) < 1.3 * TARGET


def test_a_new_top_level_section_starts_a_passage() -> None:
    page = page_of(
        ("heading", "Cats", ()), ("paragraph", prose(40), ("Cats",)),
        ("heading", "Dogs", ()), ("paragraph", prose(40), ("Dogs",)),
    )  # fmt: skip
    first, second = split(page)
    assert first.text.startswith("Cats")
    assert second.text.startswith("Dogs")


def test_tiny_sections_are_merged() -> None:
    parts = [part for n in range(6) for part in (("heading", f"Q{n}", ()), ("paragraph", "Yes, it is.", (f"Q{n}",)))]
    (passage,) = split(page_of(*parts))
    assert passage.heading_path == ()


def test_the_heading_path_is_what_all_parts_share() -> None:
    page = page_of(
        ("paragraph", prose(60), ("A", "B")), ("heading", "C", ("A",)), ("paragraph", prose(20), ("A", "C")),
        ("heading", "D", ("A",)), ("paragraph", prose(100), ("A", "D")),
    )  # fmt: skip
    for passage in split(page):
        assert passage.heading_path[:1] == ("A",)
        assert "\nC\n" not in passage.text or passage.heading_path == ("A",)


def test_a_heading_does_not_end_a_passage() -> None:
    parts = [
        part for n in range(12) for part in (("heading", f"H{n}", ("A",)), ("paragraph", prose(90), ("A", f"H{n}")))
    ]
    assert not any(p.text.split("\n")[-1].startswith("H") for p in split(page_of(*parts)))


def test_table_rows_stay_whole() -> None:
    rows = [f"Row {n} | Dr. {n} Who. Yes. | " + "cell " * 20 for n in range(60)]
    page = page_of(("table", "\n".join(rows), ()))
    assert [line.strip() for p in split(page) for line in p.text.split("\n")] == [row.strip() for row in rows]


def test_the_page_number_is_that_of_the_first_block() -> None:
    text = prose(200) + "\n" + prose(200)
    middle = text.index("\n")
    blocks = (Block(start=0, end=middle, page_number=3), Block(start=middle + 1, end=len(text), page_number=4))
    numbers = [p.page_number for p in split(Page(text=text, hash=text_hash(text), blocks=blocks))]
    assert numbers == sorted(n or 0 for n in numbers)
    assert set(numbers) == {3, 4}


def test_splitting_the_same_page_twice_gives_the_same_ids() -> None:
    page = plain(prose(2_000))
    assert split(page) == split(page)
    assert len({p.id for p in split(page)}) == len(split(page))


@pytest.mark.slow
@pytest.mark.parametrize("piece", [" ", "x", "日本語。", "a. ", "\n", "|\t", "word "])
def test_a_million_characters_of_anything_are_split_in_seconds(piece: str) -> None:
    began = perf_counter()
    split(plain((piece * 1_000_000)[:1_000_000] + "."))
    assert perf_counter() - began < 10


def test_real_pages_are_split_at_speed(shared_data: Path) -> None:
    pages = read_wice(shared_data).pages
    began = perf_counter()
    passages = [passage for page in pages for passage in split(page)]
    assert len(pages) / (perf_counter() - began) > 100  # measured: 1,700 on an idle machine
    assert all(len(p.text) <= MOST for p in passages)
