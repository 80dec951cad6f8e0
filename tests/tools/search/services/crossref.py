"""Crossref's REST API: api.crossref.org/swagger-ui, its metadata format github.com/CrossRef/rest-api-doc."""

from datetime import date

from fontes.tools import Filters
from fontes.tools.search.crossref import Crossref

DATED = True
FILTERED = [
    (
        Filters(since=date(2024, 1, 2), until=date(2024, 3, 4)),
        {"filter": "from-pub-date:2024-01-02,until-pub-date:2024-03-04", "mailto": "a@b.example"},
    ),
]


def make(url, terms):
    return Crossref(email="a@b.example", url=f"{url}/works", terms=terms)


def answer(asked, entries):
    start, count = int(asked.params["offset"]), int(asked.params["rows"])
    return {
        "status": "ok", "message-type": "work-list", "message-version": "1.0.0",
        "message": {
            "facets": {}, "total-results": len(entries), "items-per-page": count,
            "query": {"start-index": start, "search-terms": None},
            "items": [
                {
                    "URL": each.url, "title": [each.title], "abstract": f"<jats:p>{each.snippet}</jats:p>",
                    "issued": {"date-parts": [[*map(int, each.published.split("-"))] if each.published else [None]]},
                }
                for each in entries[start : start + count]
            ],
        },
    }  # fmt: skip
