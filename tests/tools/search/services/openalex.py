"""OpenAlex: developers.openalex.org/api-reference/works, /api-reference/errors and /guides/searching."""

from datetime import date

from fontes.tools import Filters
from fontes.tools.search.openalex import OpenAlex

KEY = "openalex/key+4="
KEY_OPTIONAL = True
DATED = True
SPENT = (
    429,
    {
        "error": "Rate limit exceeded",
        "message": "Insufficient budget. This request costs $0.001 but you only have $0 remaining. "
        "Resets at midnight UTC.",
    },
)
FILTERED = [
    (
        Filters(since=date(2024, 1, 2), until=date(2024, 3, 4), language="de"),
        {"filter": "from_publication_date:2024-01-02,to_publication_date:2024-03-04,language:de", "search": "tides"},
    ),
    (Filters(until=date(2024, 3, 4)), {"filter": "to_publication_date:2024-03-04"}),
    (Filters(country="DE"), {"filter": None}),
]


def make(url, terms):
    return OpenAlex(KEY, url=f"{url}/works", terms=terms)


def carried(asked):
    return asked.params["api_key"]


def answer(asked, entries):
    number, count = int(asked.params["page"]), int(asked.params["per_page"])
    assert 1 <= count <= 100
    return {
        "meta": {"count": len(entries), "db_response_time_ms": 40, "page": number, "per_page": count},
        "results": [
            {
                "doi": None, "display_name": each.title, "publication_date": each.published or None,
                "primary_location": {
                    "is_oa": False, "landing_page_url": each.url, "pdf_url": None, "license": None, "version": None,
                },
                "best_oa_location": None,
                "abstract_inverted_index": _inverted(each.snippet),
            }
            for each in entries[(number - 1) * count : number * count]
        ],
        "group_by": [],
    }  # fmt: skip


def _inverted(text):
    places = {}
    for place, word in enumerate(text.split(" ")):
        places.setdefault(word, []).append(place)
    return places
