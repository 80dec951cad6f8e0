"""A SearXNG instance over the pages: its search API (https://docs.searxng.org/dev/search_api.html), one engine."""

import asyncio
import json
from collections.abc import Mapping
from datetime import date, timedelta
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from .search import Found, PageSearch, published_on
from .wire import Answer

ENGINE = "localweb"
_A_PAGE = 10
_LAST_PAGE = 1_000
_RANGES = {"day": 1, "week": 7, "month": 31, "year": 366}
_JSON = "application/json"
_NO_PAGE = "<!doctype html><title>{0}</title><h1>{0}</h1>"


def parameters(target: str) -> dict[str, str]:
    """The query's parameters, the last of each name; what is no query has none."""
    try:
        return dict(parse_qsl(target.partition("?")[2], keep_blank_values=True, max_num_fields=100))
    except ValueError:
        return {}


class SearxNG:
    """The endpoint. Without `speaks_json` it answers JSON with 403, as most public instances do.

    `today` is what `time_range` counts back from; None is the day of the request.
    """

    def __init__(self, search: PageSearch, *, speaks_json: bool, today: date | None) -> None:
        self._search, self._speaks_json, self._today = search, speaks_json, today

    async def answer(self, asked: Mapping[str, str]) -> Answer:
        """The answer to a search with these parameters."""
        form = asked.get("format", "html")
        query, number = asked.get("q", "").strip(), asked.get("pageno", "1")
        if form != "html" and not (form == "json" and self._speaks_json):
            return Answer(status=403, body=_NO_PAGE.format("403 Forbidden").encode())
        if not query or not (number.isascii() and number.isdecimal() and 1 <= int(number[:9]) <= _LAST_PAGE):
            why = "Invalid value for parameter pageno" if query else "No query"
            return _error(400, why) if form == "json" else Answer(status=400, body=_NO_PAGE.format(why).encode())
        if asked.get("time_range", "") not in ("", *_RANGES):
            return _error(400, "Invalid value for parameter time_range")
        language = asked.get("language", "").partition("-")[0].lower()
        first = (int(number) - 1) * _A_PAGE
        total, found = await asyncio.to_thread(
            self._search.find, query, first=first, limit=_A_PAGE,
            language="" if language in ("all", "auto") else language, since=self._since(asked),
        )  # fmt: skip
        return json_answer(query, total, first, found) if form == "json" else html_answer(query, found)

    def _since(self, asked: Mapping[str, str]) -> date | None:
        days = _RANGES.get(asked.get("time_range", ""))
        today = self._today or date.today()  # noqa: DTZ011 - a calendar day, as the asker counts it
        return today - timedelta(days=days) if days else None


def json_answer(
    query: str, total: int, first: int, found: tuple[Found, ...], *, unresponsive: tuple[tuple[str, str], ...] = ()
) -> Answer:
    """Results in the shape of SearXNG's JSON; `first` is how many stood on the pages before."""
    value = {
        "query": query, "number_of_results": total,
        "results": [_result(rank, each) for rank, each in enumerate(found, start=first + 1)],
        "answers": [], "corrections": [], "infoboxes": [], "suggestions": [],
        "unresponsive_engines": [list(pair) for pair in unresponsive],
    }  # fmt: skip
    return Answer(type=_JSON, body=json.dumps(value, ensure_ascii=False).encode(errors="replace"))


def html_answer(query: str, found: tuple[Found, ...] = ()) -> Answer:
    """The same as a web page."""
    rows = "".join(
        f'<article class="result"><h3><a href="{escape(each.page.url)}">{escape(each.page.title or each.page.url)}</a>'
        f"</h3><p>{escape(each.snippet)}</p></article>\n"
        for each in found
    )
    page = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(query)} - LocalWeb</title></head>'
        f"<body><main>{rows or '<p>No results were found.</p>'}</main></body></html>\n"
    )
    return Answer(body=page.encode(errors="replace"))


def _result(rank: int, found: Found) -> dict[str, Any]:
    page = found.page
    day = published_on(page)
    return {
        "url": page.url, "title": page.title or page.url, "content": found.snippet,
        "publishedDate": f"{day.isoformat()}T00:00:00" if day else None,
        "engine": ENGINE, "engines": [ENGINE], "positions": [rank], "score": round(found.score, 4),
        "category": "general", "template": "default.html", "parsed_url": [*urlsplit(page.url)[:3], "", "", ""],
        "thumbnail": "", "img_src": "",
    }  # fmt: skip


def _error(status: int, why: str) -> Answer:
    return Answer(status=status, type=_JSON, body=json.dumps({"error": why}).encode())
