"""Tavily Search: docs.tavily.com/documentation/api-reference/endpoint/search."""

from datetime import date

from fontes.tools import Filters
from fontes.tools.search.tavily import Tavily

KEY = "tvly-secret+key"
DATED = True
MOST = 20
REFUSED = (401, {"detail": {"error": "Unauthorized: missing or invalid API key."}})
SPENT = (432, {"detail": {"error": "This request exceeds your plan's set usage limit. Please upgrade your plan."}})
FILTERED = [
    (
        Filters(since=date(2024, 1, 2), until=date(2024, 3, 4)),
        {"start_date": "2024-01-02", "end_date": "2024-03-04", "include_domains": None},
    ),
    (
        Filters(sites=("a.org", "b.org"), not_sites=("c.org",)),
        {"include_domains": ["a.org", "b.org"], "exclude_domains": ["c.org"], "query": "tides", "start_date": None},
    ),
]


def make(url, terms):
    return Tavily(KEY, url=f"{url}/search", terms=terms)


def carried(asked):
    scheme, _, key = asked.headers["authorization"].partition(" ")
    assert scheme == "Bearer"
    return key


def answer(asked, entries):
    assert asked.method == "POST"
    assert asked.headers["content-type"] == "application/json"
    assert 1 <= asked.sent["max_results"] <= 20
    return {
        "query": asked.sent["query"], "follow_up_questions": None, "answer": None, "images": [],
        "results": [
            {"title": each.title, "url": each.url, "content": each.snippet, "score": 0.81, "raw_content": None}
            | ({"published_date": "Mon, 04 Mar 2024 08:00:00 GMT"} if each.published else {})
            for each in entries[: asked.sent["max_results"]]
        ],
        "response_time": 1.67, "request_id": "123e4567-e89b-12d3-a456-426614174111",
    }  # fmt: skip
