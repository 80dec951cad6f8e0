"""MediaWiki's Action API, formatversion 2: www.mediawiki.org/wiki/API:Search, API:Info, API:Query (generators)."""

from fontes.tools import Filters
from fontes.tools.search.mediawiki import MediaWiki

DATED = False
FILTERED = [(Filters(language="de"), {"path": "/de/w/api.php"})]


def make(url, terms):
    return MediaWiki(url=url + "/{language}/w/api.php", terms=terms)


def answer(asked, entries):
    assert asked.params["srsearch"] == asked.params["gsrsearch"]
    start, count = int(asked.params["gsroffset"]), int(asked.params["gsrlimit"])
    assert count <= 50
    shown = list(enumerate(entries))[start : start + count]
    if not shown:
        return {"batchcomplete": True, "query": {"searchinfo": {"totalhits": 0}, "search": []}}
    body = {
        "batchcomplete": True,
        "query": {
            "searchinfo": {"totalhits": len(entries)},
            "search": [{"ns": 0, "title": each.title, "pageid": 100 + n, "snippet": each.snippet} for n, each in shown],
            # the generator gives pages in the order of their numbers, `index` is the order of the search
            "pages": [
                {
                    "pageid": 100 + n, "ns": 0, "title": each.title, "index": n + 1, "contentmodel": "wikitext",
                    "pagelanguage": "en", "touched": "2024-05-01T08:00:00Z", "lastrevid": 9, "length": 4711,
                    "fullurl": each.url, "editurl": f"{each.url}?action=edit", "canonicalurl": each.url,
                }
                for n, each in reversed(shown)
            ],
        },
    }  # fmt: skip
    if len(entries) > start + count:
        body["continue"] = {"gsroffset": start + count, "sroffset": start + count, "continue": "gsroffset||"}
    return body
