"""Custom Search JSON API: developers.google.com/custom-search/v1/reference/rest/v1/Search, errors as of google.rpc."""

from datetime import UTC, date, datetime

from fontes.tools import Filters
from fontes.tools.search.google import Google

KEY = "AIza-secret/key+2"
DATED = True
REFUSED = (
    400,
    {
        "error": {
            "code": 400, "message": "API key not valid. Please pass a valid API key.", "status": "INVALID_ARGUMENT",
            "errors": [{"message": "API key not valid.", "domain": "global", "reason": "badRequest"}],
            "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}],
        }
    },
)  # fmt: skip
SPENT = (
    429,
    {
        "error": {
            "code": 429, "status": "RESOURCE_EXHAUSTED",
            "message": "Quota exceeded for quota metric 'Queries' and limit 'Queries per day' of service "
            "'customsearch.googleapis.com' for consumer 'project_number:1'.",
            "errors": [{"message": "Quota exceeded", "domain": "global", "reason": "rateLimitExceeded"}],
        }
    },
)  # fmt: skip
FILTERED = [
    (Filters(since=datetime.now(UTC).date()), {"dateRestrict": "d1", "sort": None}),
    (
        Filters(since=date(2024, 1, 2), until=date(2024, 3, 4)),
        {"sort": "date:r:20240102:20240304", "dateRestrict": None},
    ),
    (Filters(until=date(2024, 3, 4)), {"sort": "date:r::20240304"}),
    (Filters(language="zh", country="DE", safe="strict"), {"lr": "lang_zh-CN", "cr": "countryDE", "safe": "active"}),
    (Filters(safe="off"), {"safe": "off", "lr": None, "cr": None, "cx": "engine"}),
    (Filters(sites=("a.org",), not_sites=("c.org",)), {"q": "tides site:a.org -site:c.org"}),
]


def make(url, terms):
    return Google(KEY, cx="engine", url=f"{url}/customsearch/v1", terms=terms)


def carried(asked):
    return asked.headers["x-goog-api-key"]


def answer(asked, entries):
    count, start = int(asked.params["num"]), int(asked.params["start"])
    assert 1 <= count <= 10
    assert start + count <= 101
    request = {"title": "Google Custom Search", "totalResults": str(len(entries)), "searchTerms": asked.params["q"]}
    body = {
        "kind": "customsearch#search", "url": {"type": "application/json", "template": "…"},
        "queries": {"request": [request | {"count": count, "startIndex": start}]},
        "context": {"title": "web"},
        "searchInformation": {"searchTime": 0.2, "totalResults": str(len(entries))},
    }  # fmt: skip
    if len(entries) >= start + count:
        body["queries"]["nextPage"] = [request | {"count": count, "startIndex": start + count}]
    if shown := entries[start - 1 : start - 1 + count]:
        body["items"] = [
            {
                "kind": "customsearch#result", "title": each.title, "htmlTitle": f"<b>{each.title}</b>",
                "link": each.url, "displayLink": "a.example",
                "snippet": f"Mar 4, 2024 ... {each.snippet}" if each.published else each.snippet,
                "htmlSnippet": each.snippet, "formattedUrl": each.url,
                "pagemap": {"metatags": [{"viewport": "width=device-width"}], "cse_image": [{"src": "x"}]},
            }
            for each in shown
        ]  # fmt: skip
    return body
