"""Serper: the requests and answers shown at serper.dev/playground."""

from datetime import date

from fontes.tools import Filters
from fontes.tools.search.serper import Serper

KEY = "serper-secret/key+3"
DATED = True
REFUSED = (403, {"message": "Unauthorized.", "statusCode": 403})
SPENT = (400, {"message": "Not enough credits", "statusCode": 400})
FILTERED = [
    (Filters(since=date(2024, 1, 2), until=date(2024, 3, 4)), {"tbs": "cdr:1,cd_min:1/2/2024,cd_max:3/4/2024"}),
    (Filters(since=date(2024, 1, 2)), {"tbs": "cdr:1,cd_min:1/2/2024,cd_max:"}),
    (Filters(country="GB", language="en"), {"gl": "gb", "hl": "en", "tbs": None}),
    (Filters(sites=("a.org", "b.org"), not_sites=("c.org",)), {"q": "tides (site:a.org OR site:b.org) -site:c.org"}),
]


def make(url, terms):
    return Serper(KEY, url=f"{url}/search", terms=terms)


def carried(asked):
    return asked.headers["x-api-key"]


def answer(asked, entries):
    assert asked.method == "POST"
    start = (asked.sent["page"] - 1) * asked.sent["num"]
    return {
        "searchParameters": {"q": asked.sent["q"], "type": "search", "num": 10, "engine": "google"},
        "organic": [
            {"title": each.title, "link": each.url, "snippet": each.snippet, "position": place}
            | ({"date": "Mar 4, 2024"} if each.published else {})
            for place, each in enumerate(entries[start : start + asked.sent["num"]], start=1)
        ],
        "peopleAlsoAsk": [{"question": "?", "snippet": "s", "title": "t", "link": "https://paa.example/"}],
        "relatedSearches": [{"query": "q"}],
        "credits": 1,
    }
