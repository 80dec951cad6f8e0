"""Stack Exchange, questions and answers by site: api.stackexchange.com/docs/advanced-search, /docs/throttle."""

import re
import time
from datetime import UTC, date, datetime, timedelta

from ..api import Api, Ask, Params, Part
from ..connection import Key
from ..errors import KeyRefused, LimitReached, QuotaSpent, ServiceDown
from ..filters import ANY, Filters
from ..found import Batch, Found
from ..hit import Hit
from ..keywords import keywords
from ..refusals import Refusal
from ..terms import Terms
from ..wire import Body, Results, Text, When

URL = "https://api.stackexchange.com/2.3/search/advanced"
TERMS = Terms(min_interval_s=0.1, daily=300)  # requests a day from one address without a key; with one, 10,000
_SETTING = "FONTES_STACKEXCHANGE_KEY"
_MOST = 50
_AGAIN_IN = re.compile(r"available in (\d{1,9}) second")
_LONG_S = 600


class _Question(Body):
    link: str
    title: Text = ""
    body: Text = ""
    creation_date: When = None


class _Answer(Body):
    items: Results[_Question]
    has_more: bool = False
    backoff: int = 0


class StackExchange:
    """Questions of one site, by its name in the API (`stackoverflow`, `superuser`, `math`, `unix`)."""

    name = "stackexchange"
    honours = frozenset({"since", "until"})

    def __init__(self, key: str = "", *, site: str = "stackoverflow", url: str = URL, terms: Terms = TERMS) -> None:
        where = Key(value=key, setting=_SETTING, param="key", required=False) if key else None
        self._api, self._site, self._url = Api(self.name, terms, key=where, judge=_judge, max_query=240), site, url
        self._resume_at = float("-inf")

    async def search(self, query: str, *, limit: int = 10, filters: Filters = ANY) -> tuple[Hit, ...]:
        """As the socket says.

        Raises:
            LimitReached: also while it wants to be left alone, as an earlier answer said (`backoff`).
        """

        async def page(ask: Ask, part: Part) -> Batch:
            wait_s = self._resume_at - time.monotonic()
            if wait_s > 0:
                raise ask.error(LimitReached, f"it asked to be left alone for another {wait_s:.0f} s", wait_s)
            wanted: Params = {
                "q": " ".join(keywords(ask.text)),
                "site": self._site,
                "page": part.number + 1,
                "pagesize": part.count,
                "order": "desc",
                "sort": "relevance",
                "filter": "withbody",
                "fromdate": _seconds(filters.since) if filters.since else None,
                "todate": _seconds(filters.until + timedelta(days=1)) - 1 if filters.until else None,
            }
            answer = await ask.get(self._url, wanted, _Answer)
            if answer.backoff > 0:
                self._resume_at = time.monotonic() + answer.backoff
            return Batch(found=tuple(map(_found, answer.items)), more=answer.has_more and answer.backoff <= 0)

        return await self._api.collect(query, page, limit=limit, per_page=_MOST)


def _seconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def _found(question: _Question) -> Found:
    return Found(url=question.link, title=question.title, snippet=question.body, published=question.creation_date)


def _judge(status: int, text: str) -> Refusal | None:
    """Its errors are mostly 400s, with a number and a name of their own in the body."""
    if "throttle_violation" in text:
        again = _AGAIN_IN.search(text)
        if again and int(again[1]) > _LONG_S:
            why = f"the day's requests are used up; more in {int(again[1])} s, or set {_SETTING} to a key (free)"
            return QuotaSpent, why
        return LimitReached, f"too many questions (HTTP {status}); it will be asked again later"
    if status == 400 and "key" in text and "doesn't match a known application" in text:
        return KeyRefused, f"it does not know the key (HTTP 400); check {_SETTING}"
    if status == 400 and "temporarily_unavailable" in text:
        return ServiceDown, "it is out of service for now (temporarily_unavailable); try again later"
    return None
