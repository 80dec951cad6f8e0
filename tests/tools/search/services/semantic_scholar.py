"""Semantic Scholar's Academic Graph API: api.semanticscholar.org/api-docs/graph, `/paper/search`."""

from datetime import date

from fontes.tools import Filters
from fontes.tools.search.semantic_scholar import SemanticScholar

KEY = "s2-secret/key+5"
KEY_OPTIONAL = True
DATED = True
REFUSED = (403, {"message": "Forbidden"})
FILTERED = [
    (
        Filters(since=date(2024, 1, 2), until=date(2024, 3, 4)),
        {"publicationDateOrYear": "2024-01-02:2024-03-04", "query": "tides"},
    ),
    (Filters(since=date(2024, 1, 2)), {"publicationDateOrYear": "2024-01-02:"}),
]


def make(url, terms):
    return SemanticScholar(KEY, url=f"{url}/graph/v1/paper/search", terms=terms)


def carried(asked):
    return asked.headers["x-api-key"]


def answer(asked, entries):
    start, count = int(asked.params["offset"]), int(asked.params["limit"])
    assert count <= 100
    if not entries:
        return {"total": 0, "offset": 0}
    body = {
        "total": len(entries), "offset": start,
        "data": [
            {
                "paperId": f"{number:040x}", "externalIds": {"CorpusId": number}, "url": each.url, "title": each.title,
                "abstract": each.snippet, "year": int(each.published[:4]) if each.published else None,
                "publicationDate": each.published or None, "openAccessPdf": None,
            }
            for number, each in enumerate(entries[start : start + count])
        ],
    }  # fmt: skip
    if len(entries) > start + count:
        body["next"] = start + count
    return body
