"""Brave Search API: /app/documentation/web-search/{query,responses,codes} at api-dashboard.search.brave.com."""

from datetime import date

from fontes.tools import Filters
from fontes.tools.search.brave import Brave

KEY = "BSA-secret/key+1"
DATED = True
REFUSED = (
    422,
    {
        "type": "ErrorResponse",
        "error": {
            "id": "0f", "status": 422, "code": "SUBSCRIPTION_TOKEN_INVALID",
            "detail": "The provided subscription token is invalid.", "meta": {"component": "authentication"},
        },
        "time": 1732000000,
    },
)  # fmt: skip
SPENT = (
    429,
    {
        "type": "ErrorResponse",
        "error": {
            "id": "1f", "status": 429, "code": "QUOTA_LIMITED", "detail": "Request quota limit exceeded for plan.",
            "meta": {"plan": "Free", "quota_limit": 2000, "quota_current": 2000},
        },
    },
)  # fmt: skip
FILTERED = [
    (Filters(since=date(2024, 1, 2), until=date(2024, 3, 4)), {"freshness": "2024-01-02to2024-03-04"}),
    (
        Filters(language="ja", country="JP", safe="strict"),
        {"search_lang": "jp", "country": "JP", "safesearch": "strict"},
    ),
    (Filters(sites=("a.org", "b.org"), not_sites=("c.org",)), {"q": "tides (site:a.org OR site:b.org) -site:c.org"}),
]


def make(url, terms):
    return Brave(KEY, url=f"{url}/res/v1/web/search", terms=terms)


def carried(asked):
    return asked.headers["x-subscription-token"]


def answer(asked, entries):
    count, offset = int(asked.params["count"]), int(asked.params["offset"])
    assert count <= 20
    assert offset <= 9
    shown = entries[offset * count : (offset + 1) * count]
    body = {
        "type": "search",
        "query": {
            "original": asked.params["q"], "show_strict_warning": False, "is_navigational": False, "country": "us",
            "more_results_available": len(entries) > (offset + 1) * count,
        },
        "mixed": {"type": "mixed", "main": [{"type": "web", "index": 0, "all": False}]},
    }  # fmt: skip
    if shown:
        body["web"] = {
            "type": "search",
            "family_friendly": True,
            "results": [
                {
                    "title": each.title, "url": each.url, "is_source_local": False, "is_source_both": False,
                    "description": each.snippet, "profile": {"name": "N", "url": each.url, "long_name": "n"},
                    "language": "en", "family_friendly": True, "type": "search_result", "subtype": "generic",
                    "meta_url": {"scheme": "https", "netloc": "n", "hostname": "n", "favicon": "f", "path": "p"},
                } | ({"age": "March 4, 2024", "page_age": f"{each.published}T07:30:00"} if each.published else {})
                for each in shown
            ],
        }  # fmt: skip
    return body
