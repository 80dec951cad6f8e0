"""What arXiv, PubMed, OpenAlex, Semantic Scholar and Crossref do in ways of their own."""

from typing import Any

import pytest
from fontes.tools import BadAnswer, Filters, LimitReached, QuotaSpent, SearchError, Terms
from fontes.tools.search.arxiv import Arxiv
from fontes.tools.search.crossref import Crossref
from fontes.tools.search.openalex import OpenAlex
from fontes.tools.search.pubmed import PubMed
from fontes.tools.search.semantic_scholar import SemanticScholar

FEED = '<feed xmlns="http://www.w3.org/2005/Atom">{}</feed>'
FAST = Terms()


async def failure(search: Any) -> SearchError:
    with pytest.raises(SearchError) as failed:
        await search.search("tides")
    return failed.value


async def test_arxiv_errors_in_a_feed_are_errors(server: Any) -> None:
    error = (
        "<entry><id>http://arxiv.org/api/errors#incorrect_id_format_for_x</id><title>Error</title>"
        "<summary>incorrect id format for x</summary></entry>"
    )
    server.answer = lambda asked: server.reply(FEED.format(error), kind="application/atom+xml")
    failed = await failure(Arxiv(url=server.url, terms=FAST))
    assert isinstance(failed, BadAnswer)
    assert "incorrect id format for x" in str(failed)


async def test_arxiv_says_in_words_that_it_was_asked_too_often(server: Any) -> None:
    server.answer = lambda asked: server.reply("Rate exceeded.", kind="text/plain")
    assert isinstance(await failure(Arxiv(url=server.url, terms=FAST)), LimitReached)


async def test_arxiv_hits_are_abstract_pages_over_tls(server: Any) -> None:
    entry = (
        "<entry><id>http://arxiv.org/abs/2403.00001v2</id><title>On\n  Tides</title><summary>Moon &amp; sea.</summary>"
        "<published>2024-03-01T09:00:00Z</published></entry>"
    )
    server.answer = lambda asked: server.reply(FEED.format(entry), kind="application/atom+xml")
    (hit,) = await Arxiv(url=server.url, terms=FAST).search("tides")
    assert (hit.url, hit.title, hit.snippet) == ("https://arxiv.org/abs/2403.00001v2", "On Tides", "Moon & sea.")
    assert hit.published == "2024-03-01"


async def test_arxiv_is_asked_for_phrases_and_for_any_of_the_words(server: Any) -> None:
    server.answer = lambda asked: server.reply(FEED.format(""), kind="application/atom+xml")
    await Arxiv(url=server.url, terms=FAST).search('How does "dark matter" shape x-ray halos?')
    assert server.log[0].params["search_query"] == 'all:"dark matter" OR all:shape OR all:"x-ray" OR all:halos'


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY e "boom">',
        '<!ENTITY a "boom"><!ENTITY b "&a;&a;&a;"><!ENTITY e "&b;&b;&b;">',
        '<!ENTITY e SYSTEM "{secret}">',
        '<!ENTITY % p SYSTEM "{secret}"> %p; <!ENTITY e "">',
    ],
)
async def test_entities_of_a_document_are_not_expanded(server: Any, declared: str, tmp_path: Any) -> None:
    secret = tmp_path / "secret"
    secret.write_text("boom")
    document = (
        f"<!DOCTYPE feed [{declared.format(secret=secret.as_uri())}]>"
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>https://a.example/1</id>'
        "<title>T &e; &amp; &#233;</title></entry></feed>"
    )
    server.answer = lambda asked: server.reply(document, kind="application/atom+xml")
    (hit,) = await Arxiv(url=server.url, terms=FAST).search("tides")
    assert "boom" not in hit.title
    assert hit.title.startswith("T ")
    assert hit.title.endswith("& é")


def article(published: str, abstract: str = "", pmid: int = 7) -> str:
    return (
        f"<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><Article><Journal><JournalIssue>"
        f"{published}</JournalIssue></Journal><ArticleTitle>On <i>E. coli</i></ArticleTitle>"
        f"<Abstract>{abstract}</Abstract></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
    )


def pubmed(server: Any, fetched: str, ids: tuple[str, ...] = ("7",)) -> PubMed:
    found = {"esearchresult": {"count": str(len(ids)), "idlist": list(ids)}}
    server.answer = lambda asked: server.reply(fetched if "efetch" in asked.path else found)
    return PubMed(url=server.url, terms=FAST)


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("<PubDate><Year>2024</Year><Month>Mar</Month><Day>4</Day></PubDate>", "2024-03-04"),
        ("<PubDate><Year>2024</Year><Month>03</Month></PubDate>", "2024-03"),
        ("<PubDate><Year>2024</Year></PubDate>", "2024"),
        ("<PubDate><MedlineDate>2019 Nov-Dec</MedlineDate></PubDate>", "2019"),
        ("<PubDate><Year>2018</Year><Season>Spring</Season></PubDate>", "2018"),
        ("<PubDate/>", ""),
        ("", ""),
    ],
)
async def test_pubmed_reads_every_way_to_write_a_date(server: Any, written: str, published: str) -> None:
    (hit,) = await pubmed(server, article(written)).search("tides")
    assert (hit.published, hit.title) == (published, "On E. coli")


async def test_pubmed_snippets_are_abstracts_with_their_labels(server: Any) -> None:
    parts = '<AbstractText Label="METHODS">We <b>looked</b>.</AbstractText><AbstractText>And saw.</AbstractText>'
    (hit,) = await pubmed(server, article("", parts)).search("tides")
    assert hit.snippet == "Methods: We looked. And saw."


async def test_pubmed_numbers_that_are_none_are_not_asked_for(server: Any) -> None:
    assert await pubmed(server, article(""), ("../x", "7&db=gene", "7")).search("tides")
    assert server.log[1].params["id"] == "7"


async def test_pubmed_errors_in_an_answer_are_errors(server: Any) -> None:
    server.answer = lambda asked: {"esearchresult": {"ERROR": "Search Backend failed: try later"}}
    failed = await failure(PubMed(url=server.url, terms=FAST))
    assert isinstance(failed, BadAnswer)
    assert "Search Backend failed" in str(failed)


async def test_openalex_puts_an_abstract_together_and_prefers_the_open_copy(server: Any) -> None:
    work = {
        "doi": "https://doi.org/10.1/x", "display_name": "T", "publication_date": "2024-05-01",
        "primary_location": {"landing_page_url": "https://paid.example/x"},
        "best_oa_location": {"landing_page_url": "https://open.example/x"},
        "abstract_inverted_index": {"the": [0, 3], "moon": [1], "pulls": [2], "sea": [4]},
    }  # fmt: skip
    bare = {"doi": "https://doi.org/10.1/y", "display_name": None, "primary_location": None}
    server.answer = lambda asked: {"meta": {"count": 2}, "results": [work, bare]}
    hits = await OpenAlex(url=server.url, terms=FAST).search("tides")
    assert [hit.url for hit in hits] == ["https://open.example/x", "https://doi.org/10.1/y"]
    assert hits[0].snippet == "the moon pulls the sea"


async def test_openalex_means_too_fast_by_a_403(server: Any) -> None:
    server.answer = lambda asked: server.reply({"error": "Rate limit exceeded"}, status=403)
    assert isinstance(await failure(OpenAlex("k", url=server.url, terms=FAST)), LimitReached)


async def test_openalex_without_a_key_says_that_a_free_one_helps(server: Any) -> None:
    server.answer = lambda asked: server.reply({"message": "Insufficient budget."}, status=429)
    failed = await failure(OpenAlex(url=server.url, terms=FAST))
    assert isinstance(failed, QuotaSpent)
    assert "FONTES_OPENALEX_KEY" in str(failed)


@pytest.mark.parametrize(
    ("paper", "url"),
    [
        ({"externalIds": {"ArXiv": "2403.00001"}}, "https://arxiv.org/abs/2403.00001"),
        ({"externalIds": {"PubMedCentral": "123"}}, "https://pmc.ncbi.nlm.nih.gov/articles/PMC123/"),
        ({"openAccessPdf": {"url": "https://a.example/x.pdf", "status": "GREEN"}}, "https://a.example/x.pdf"),
        ({"openAccessPdf": {"url": ""}}, "https://www.semanticscholar.org/paper/1"),
    ],
)
async def test_semantic_scholar_hits_lead_to_where_a_paper_can_be_read(server: Any, paper: Any, url: str) -> None:
    found = {"title": "T", "url": "https://www.semanticscholar.org/paper/1", "year": 2024} | paper
    server.answer = lambda asked: {"total": 1, "offset": 0, "data": [found]}
    (hit,) = await SemanticScholar(url=server.url, terms=FAST).search("x-ray tides")
    assert (hit.url, hit.published) == (url, "2024")
    assert server.log[0].params["query"] == "x ray tides"


@pytest.mark.parametrize(
    ("parts", "published"),
    [([[2024, 3, 4]], "2024-03-04"), ([[2024, 3]], "2024-03"), ([[2024]], "2024"), ([[None]], ""), ([], ""),
     ([[2024, 13]], ""), ([[1, 2, 3, 4]], ""), ([[10**30]], "")],
)  # fmt: skip
async def test_crossref_dates_have_one_to_three_parts(server: Any, parts: Any, published: str) -> None:
    work = {"URL": "http://dx.doi.org/10.1/x", "title": ["T"], "issued": {"date-parts": parts}}
    server.answer = lambda asked: {"message": {"total-results": 1, "items": [work]}}
    (hit,) = await Crossref(url=server.url, terms=FAST).search("tides", filters=Filters())
    assert (hit.url, hit.published) == ("https://doi.org/10.1/x", published)
