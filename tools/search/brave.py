"""Brave Search API, an index of its own: api-dashboard.search.brave.com/app/documentation/web-search."""

from ..api import Api, Ask, Params, Part
from ..connection import Key
from ..errors import KeyRefused, QuotaSpent
from ..filters import ANY, Filters
from ..found import Batch, Found
from ..hit import Hit
from ..refusals import Refusal
from ..terms import Terms
from ..wire import Body, Results, Text, When

URL = "https://api.search.brave.com/res/v1/web/search"
TERMS = Terms(min_interval_s=1.0)  # the smallest plan's rate
_SETTING = "FONTES_BRAVE_KEY"
_MOST, _LAST_OFFSET = 20, 9
_MAX_QUERY, _MAX_WORDS = 320, 40  # of 400 and 50, the rest is left to `site:` operators
_LISTED_COUNTRIES = """AR AU AT BE BR CA CL DK FI FR DE GR HK IN ID IT JP KR MY MX NL NZ NO CN PL PT PH RU SA ZA ES SE
    CH TW TR GB US"""
_LISTED_LANGUAGES = """ar eu bn bg ca hr cs da nl en et fi fr gl de el gu he hi hu is it kn ko lv lt ms ml mr nb pl pa
    ro ru sr sk sl es sv ta te th tr uk vi"""
# A country or language that it does not list is refused as an error, so it is not sent.
_COUNTRIES = frozenset(_LISTED_COUNTRIES.split())
_LANGUAGES = {code: code for code in _LISTED_LANGUAGES.split()} | {
    "ja": "jp", "zh": "zh-hans", "pt": "pt-pt", "no": "nb",
}  # fmt: skip


class _Result(Body):
    url: str
    title: Text = ""
    description: Text = ""
    page_age: When = None
    age: When = None


class _Web(Body):
    results: Results[_Result]


class _Query(Body):
    more_results_available: bool = False


class _Answer(Body):
    query: _Query
    web: _Web | None = None


class Brave:
    """Brave's own index. Its pages of results are numbered, the tenth being the last."""

    name = "brave"
    honours = frozenset({"since", "until", "language", "country", "safe", "sites", "not_sites"})

    def __init__(self, key: str, *, url: str = URL, terms: Terms = TERMS) -> None:
        where = Key(value=key, setting=_SETTING, header="X-Subscription-Token")
        self._api, self._url = Api(self.name, terms, key=where, judge=_judge, max_query=_MAX_QUERY), url

    async def search(self, query: str, *, limit: int = 10, filters: Filters = ANY) -> tuple[Hit, ...]:
        """As the socket says; freshness goes by the day on which Brave first saw a page."""

        async def page(ask: Ask, part: Part) -> Batch:
            words = " ".join(ask.text.split()[:_MAX_WORDS])
            wanted: Params = {
                "q": filters.in_query(words),
                "count": part.count,
                "offset": part.number,
                "result_filter": "web",
                "text_decorations": "false",
                "safesearch": filters.safe,
                "freshness": _freshness(filters),
                "country": filters.country if filters.country in _COUNTRIES else None,
                "search_lang": _LANGUAGES.get(filters.language),
            }
            answer = await ask.get(self._url, wanted, _Answer)
            found = tuple(
                Found(url=each.url, title=each.title, snippet=each.description, published=each.page_age or each.age)
                for each in (answer.web.results if answer.web else ())
            )
            return Batch(found=found, more=answer.query.more_results_available and part.number < _LAST_OFFSET)

        return await self._api.collect(query, page, limit=limit, per_page=_MOST)


def _freshness(filters: Filters) -> str | None:
    if not filters.since and not filters.until:
        return None
    return f"{filters.since or '1970-01-01'}to{filters.until or '2100-01-01'}"


def _judge(status: int, text: str) -> Refusal | None:
    """A wrong key is a 422 here, and a spent month a 429, each with its code in the body."""
    if "SUBSCRIPTION_TOKEN_INVALID" in text:
        return KeyRefused, f"it does not know the key (HTTP {status}); check {_SETTING}"
    if "QUOTA_LIMITED" in text:
        return QuotaSpent, f"the plan's searches of this month are used up (HTTP {status}); raise the plan, or wait"
    return None
