"""SearXNG: docs.searxng.org/dev/search_api.html; the fields of a result are those of its `MainResult` as JSON."""

from datetime import UTC, date, datetime, timedelta

from fontes.tools import Filters
from fontes.tools.search.searxng import Searxng

DATED = True
PER_PAGE = 10
FILTERED = [
    (Filters(since=datetime.now(UTC).date()), {"time_range": "day"}),
    (Filters(since=datetime.now(UTC).date() - timedelta(days=20)), {"time_range": "month"}),
    (Filters(since=date(2001, 1, 1)), {"time_range": None}),
    (Filters(language="de", safe="strict"), {"language": "de", "safesearch": "2", "format": "json"}),
]


def make(url, terms):
    return Searxng(url, terms=terms)


def answer(asked, entries):
    assert asked.path.endswith("/search")
    assert asked.params["format"] == "json"
    start = (int(asked.params["pageno"]) - 1) * PER_PAGE
    return {
        "query": asked.params["q"], "number_of_results": 0,
        "results": [
            {
                "url": each.url, "title": each.title, "content": each.snippet, "thumbnail": None, "engine": "bing",
                "template": "default.html", "parsed_url": ["https", "a.example", "/", "", "", ""], "img_src": "",
                "priority": "", "engines": ["bing"], "positions": [1], "score": 1.0, "category": "general",
                "publishedDate": f"{each.published}T08:30:00" if each.published else None,
            }
            for each in entries[start : start + PER_PAGE]
        ],
        "answers": [], "corrections": [], "infoboxes": [], "suggestions": ["high tide"], "unresponsive_engines": [],
    }  # fmt: skip
