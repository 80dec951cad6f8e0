"""HN Search: hn.algolia.com/api (`/api/v1/search`)."""

from datetime import date

from fontes.tools import Filters
from fontes.tools.search.hacker_news import HackerNews

DATED = True
FILTERED = [
    (
        Filters(since=date(2024, 1, 2), until=date(2024, 3, 4)),
        {"numericFilters": "created_at_i>=1704153600,created_at_i<1709596800", "query": "tides", "tags": "story"},
    ),
    (Filters(language="de"), {"numericFilters": None}),
]


def make(url, terms):
    return HackerNews(url=f"{url}/api/v1/search", terms=terms)


def answer(asked, entries):
    number, count = int(asked.params["page"]), int(asked.params["hitsPerPage"])
    return {
        "exhaustive": {"nbHits": True, "typo": True}, "exhaustiveNbHits": True, "hitsPerPage": count,
        "nbHits": len(entries), "nbPages": -(-len(entries) // count), "page": number, "query": asked.params["query"],
        "hits": [
            {
                "_highlightResult": {"title": {"matchLevel": "full", "value": f"<em>{each.title}</em>"}},
                "_tags": ["story", "author_a", "story_1"], "author": "a", "points": 7, "num_comments": 3,
                "created_at": f"{each.published}T16:20:40Z" if each.published else None, "created_at_i": 1709569240,
                "objectID": "1" if each.url.startswith("https") else "", "title": each.title, "url": each.url,
                "story_text": each.snippet, "updated_at": "2024-09-20T16:00:00Z",
            }
            for each in entries[number * count : (number + 1) * count]
        ],
    }  # fmt: skip
