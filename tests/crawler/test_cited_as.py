"""How a page says that its work is cited."""

from fontes.crawler import extract
from fontes.crawler.formats.cited_as import cited_as
from fontes.crawler.formats.declared import declared
from hypothesis import given
from hypothesis import strategies as st
from lxml import html


def said(*metas: tuple[str, str]) -> dict[str, str]:
    tree = html.document_fromstring("<html><head></head><body><p>x</p></body></html>")
    for name, content in metas:
        tree.head.append(html.Element("meta", name=name, content=content))
    return dict(cited_as(declared(tree, "https://a.test/")))


def test_a_doi_is_read_however_it_is_written() -> None:
    for written in ("10.5555/Otter.1", "doi:10.5555/otter.1", "https://doi.org/10.5555/OTTER.1", " 10.5555/otter.1 "):
        assert said(("citation_doi", written)) == {"citation.doi": "10.5555/otter.1"}


def test_what_is_no_doi_is_left_out_and_the_next_one_read() -> None:
    assert said(("citation_doi", "none")) == {}
    assert said(("citation_doi", "none"), ("prism.doi", "10.5555/x")) == {"citation.doi": "10.5555/x"}


def test_the_journal_is_on_one_line() -> None:
    assert said(("citation_journal_title", "Island\n  Ecology")) == {"citation.journal": "Island Ecology"}


def test_both_are_facts_of_the_page() -> None:
    body = (
        b'<html><head><title>Otters</title><meta name="citation_doi" content="10.5555/otter.1">'
        b'<meta name="citation_journal_title" content="Island Ecology"></head><body><article><h1>Otters</h1><p>In the'
        b" winter of 2020 we counted 41 otters on the northern shore of Orvay.</p></article></body>"
    )
    facts = extract(body, url="https://a.test/otters", content_type="text/html").sightings[0].facts
    assert facts == (("citation.doi", "10.5555/otter.1"), ("citation.journal", "Island Ecology"))


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=300))
def test_anything_may_stand_there(content: str) -> None:
    found = said(("citation_doi", content), ("citation_journal_title", content))
    assert all(value and len(value) <= 200 and "\n" not in value for value in found.values())
