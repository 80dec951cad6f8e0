"""E-utilities: www.ncbi.nlm.nih.gov/books/NBK25499 (ESearch, EFetch), articles as of the PubMed DTD (pubmed_250101)."""

from datetime import date
from xml.sax.saxutils import escape

from fontes.crawler import clean
from fontes.tools import Filters
from fontes.tools.search.pubmed import PubMed

KEY = "ncbi/secret+6"
KEY_OPTIONAL = True
DATED = True
ASKS = 2
REFUSED = (400, {"error": "API key invalid", "api-key": KEY, "type": "api", "status": "unknown"})
FILTERED = [
    (
        Filters(since=date(2024, 1, 2), until=date(2024, 3, 4)),
        {
            "datetype": "pdat",
            "mindate": "2024/01/02",
            "maxdate": "2024/03/04",
            "tool": "fontes",
            "email": "a@b.example",
        },
    ),
    (Filters(since=date(2024, 1, 2)), {"mindate": "2024/01/02", "maxdate": "3000/12/31"}),
    (Filters(language="de"), {"term": "(tides) AND ger[la]", "datetype": None}),
]


def make(url, terms):
    return PubMed(KEY, email="a@b.example", url=f"{url}/entrez/eutils", terms=terms)


def carried(asked):
    return asked.params["api_key"]


def address(number):
    return f"https://pubmed.ncbi.nlm.nih.gov/{100 + number}/"


def answer(asked, entries):
    if asked.path.endswith("efetch.fcgi"):
        numbers = [int(pmid) - 100 for pmid in asked.params["id"].split(",")]
        return f"""<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN"
  "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">
<PubmedArticleSet>{"".join(_article(number, entries[number]) for number in reversed(numbers))}</PubmedArticleSet>"""
    start, count = int(asked.params["retstart"]), int(asked.params["retmax"])
    return {
        "header": {"type": "esearch", "version": "0.3"},
        "esearchresult": {
            "count": str(len(entries)), "retmax": str(count), "retstart": str(start),
            "idlist": [str(100 + number) for number in range(len(entries))[start : start + count]],
            "translationset": [], "querytranslation": '"tide"[MeSH Terms] OR "tides"[All Fields]',
        },
    }  # fmt: skip


def _article(number, each):
    year, month, day = each.published.split("-") if each.published else ("", "", "")
    dated = (
        f'<ArticleDate DateType="Electronic"><Year>{year}</Year><Month>{month}</Month><Day>{day}</Day></ArticleDate>'
        if each.published
        else ""
    )
    return f"""
<PubmedArticle><MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{100 + number}</PMID>
<Article PubModel="Print"><Journal><ISSN IssnType="Print">0000-0000</ISSN>
<JournalIssue CitedMedium="Print"><Volume>1</Volume></JournalIssue>
<Title>Journal</Title></Journal><ArticleTitle>{_plain(each.title)}</ArticleTitle>
<Abstract><AbstractText>{_plain(each.snippet)}</AbstractText></Abstract>{dated}</Article></MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="pubmed">1</ArticleId></ArticleIdList></PubmedData>
</PubmedArticle>"""


def _plain(text):
    """XML 1.0 has no place for control characters."""
    return escape(clean(text))
