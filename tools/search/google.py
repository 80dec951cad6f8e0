"""Google Programmable Search: developers.google.com/custom-search/v1/reference/rest/v1/cse/list."""

import re
from datetime import UTC, date, datetime

from pydantic import Field

from ..api import Api, Ask, Part
from ..connection import Key
from ..errors import KeyMissing, KeyRefused, QuotaSpent
from ..filters import ANY, Filters, age_days
from ..found import Batch, Found
from ..hit import Hit
from ..refusals import Refusal
from ..terms import Terms
from ..wire import Body, Results, Text, When

URL = "https://customsearch.googleapis.com/customsearch/v1"
TERMS = Terms(daily=100)  # free of charge; more is billed by the thousand
_SETTING, _ENGINE_SETTING = "FONTES_GOOGLE_KEY", "FONTES_GOOGLE_CX"
_MOST, _LAST = 10, 100
_LANGUAGES = {"zh": "zh-CN", "he": "iw"}
# Results of which Google knows the day begin with it: `Mar 4, 2025 ... `, `3 days ago ... `.
_DAY_BEFORE = re.compile(r"\s*((?:[A-Z][a-z]{2} \d{1,2}, \d{4})|(?:\d+ (?:hour|day)s? ago))\s+(?:\.\.\.|…)\s*")


class _PageMap(Body):
    metatags: list[dict[str, When]] = Field(default_factory=list)


class _Item(Body):
    link: str
    title: Text = ""
    snippet: Text = ""
    pagemap: _PageMap | None = None


class _Queries(Body):
    nextPage: list[object] = Field(default_factory=list)  # noqa: N815 the wire's name


class _Answer(Body):
    queries: _Queries
    items: Results[_Item] = Field(default_factory=list)


class Google:
    """A Programmable Search Engine of the person's own (`cx`), over the whole web or the sites that it lists."""

    name = "google"
    honours = frozenset({"since", "until", "language", "country", "safe", "sites", "not_sites"})

    def __init__(self, key: str, *, cx: str, url: str = URL, terms: Terms = TERMS) -> None:
        where = Key(value=key, setting=_SETTING, header="X-Goog-Api-Key")
        self._api, self._cx, self._url = Api(self.name, terms, key=where, judge=_judge, max_query=1_500), cx, url

    async def search(self, query: str, *, limit: int = 10, filters: Filters = ANY) -> tuple[Hit, ...]:
        """As the socket says.

        Raises:
            KeyMissing: besides the key, the engine's id is not set.
        """
        if not self._cx:
            raise KeyMissing(self.name, query, f"the id of a search engine (cx) is not set; set {_ENGINE_SETTING}")

        async def page(ask: Ask, part: Part) -> Batch:
            answer = await ask.get(self._url, self._wanted(ask.text, part, filters), _Answer)
            more = bool(answer.queries.nextPage) and part.start + 2 * part.count <= _LAST
            return Batch(found=tuple(map(_found, answer.items)), more=more)

        return await self._api.collect(query, page, limit=limit, per_page=_MOST)

    def _wanted(self, text: str, part: Part, filters: Filters) -> dict[str, str | int | None]:
        since, until = filters.since, filters.until
        days = age_days(filters, datetime.now(UTC).date())
        return {
            "cx": self._cx,
            "q": filters.in_query(text),
            "num": part.count,
            "start": part.start + 1,
            "safe": "off" if filters.safe == "off" else "active",
            "lr": f"lang_{_LANGUAGES.get(filters.language, filters.language)}" if filters.language else None,
            "cr": f"country{filters.country}" if filters.country else None,
            "dateRestrict": f"d{days}" if days and not until else None,
            "sort": f"date:r:{_digits(since)}:{_digits(until)}" if until else None,
        }


def _digits(day: date | None) -> str:
    return f"{day:%Y%m%d}" if day else ""


def _found(item: _Item) -> Found:
    dated = _DAY_BEFORE.match(item.snippet)
    tags = item.pagemap.metatags[0] if item.pagemap and item.pagemap.metatags else {}
    return Found(
        url=item.link,
        title=item.title,
        snippet=item.snippet[dated.end() :] if dated else item.snippet,
        published=tags.get("article:published_time") or (dated[1] if dated else None),
    )


def _judge(status: int, text: str) -> Refusal | None:
    """A wrong key is a 400 here, and a spent day a 403 or 429."""
    if "API_KEY_INVALID" in text or "API key not valid" in text:
        return KeyRefused, f"it does not know the key (HTTP {status}); check {_SETTING}"
    if "dailyLimitExceeded" in text or "per day" in text:
        return (
            QuotaSpent,
            f"the day's searches are used up (HTTP {status}); wait until midnight in California, or pay for more",
        )
    return None
