"""GDELT DOC 2.0: blog.gdeltproject.org/gdelt-doc-2-0-api-debuts, mode ArtList as JSON."""

from datetime import date

from fontes.tools import Filters
from fontes.tools.search.gdelt import Gdelt

DATED = True
SNIPPET = ""
FILTERED = [
    (
        Filters(since=date(2024, 1, 2), until=date(2024, 3, 4)),
        {"startdatetime": "20240102000000", "enddatetime": "20240304235959", "query": "tides", "mode": "artlist"},
    ),
    (
        Filters(language="de", country="DE"),
        {"query": "tides sourcelang:german sourcecountry:GM", "startdatetime": None},
    ),
    (
        Filters(sites=("a.org", "b.org"), not_sites=("c.org",)),
        {"query": "tides (domain:a.org OR domain:b.org) -domainis:c.org"},
    ),
]


def make(url, terms):
    return Gdelt(url=f"{url}/api/v2/doc/doc", terms=terms)


def answer(asked, entries):
    assert 1 <= int(asked.params["maxrecords"]) <= 250
    if not entries:
        return {}
    return {
        "articles": [
            {
                "url": each.url, "url_mobile": "", "title": each.title, "socialimage": "https://a.example/i.jpg",
                "domain": "a.example", "language": "English", "sourcecountry": "United States",
            } | ({"seendate": f"{each.published.replace('-', '')}T081500Z"} if each.published else {})
            for each in entries[: int(asked.params["maxrecords"])]
        ]
    }  # fmt: skip
