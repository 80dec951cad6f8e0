from pathlib import Path

from fontes.evals.datasets import read_all, read_wice


def test_the_sets_have_the_sizes_their_readme_states(shared_data: Path) -> None:
    sizes = {s.name: (len(s.pages), len(s.asked)) for s in read_all(shared_data)}
    assert sizes == {"wice": (230, 214), "clapnq": (198, 199), "scifact": (865, 101), "chroma_spans": (2, 132)}


def test_what_is_relevant_is_among_the_pages_and_spans_lie_inside_them(shared_data: Path) -> None:
    for searched in read_all(shared_data):
        texts = {page.hash: page.text for page in searched.pages}
        for asked in searched.asked:
            assert asked.pages <= texts.keys()
            for page_hash, start, end in (span for group in asked.spans for span in group):
                assert texts[page_hash][start:end].strip()


def test_a_span_is_the_sentence_it_should_be(shared_data: Path) -> None:
    wice = read_wice(shared_data)
    (asked,) = (a for a in wice.asked if a.id == "dev02986")
    texts = {page.hash: page.text for page in wice.pages}
    quotes = [texts[page_hash][start:end] for page_hash, start, end in asked.spans[0]]
    assert len(quotes) == 2
    assert all("\n" not in quote for quote in quotes)
