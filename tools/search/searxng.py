"""SearXNG, a metasearch engine that one can run oneself: docs.searxng.org/dev/search_api.html."""

from datetime import UTC, datetime

from pydantic import Field

from ..api import Api, Ask, Params, Part
from ..errors import BadAnswer, KeyMissing, ServiceDown
from ..filters import ANY, Filters, age_days
from ..found import Batch, Found
from ..hit import Hit
from ..refusals import Refusal, looks_like_captcha
from ..terms import Terms
from ..wire import Body, Results, Text, When

TERMS = Terms()
_SETTING = "FONTES_SEARXNG_URL"
_RANGES = ((1, "day"), (7, "week"), (31, "month"), (366, "year"))
_FULL = 10  # results of one engine on a page; an instance gives those of all that answered
_SAFE = {"off": 0, "moderate": 1, "strict": 2}


class _Result(Body):
    url: str
    title: Text = ""
    content: Text = ""
    publishedDate: When = None  # noqa: N815 the wire's name


class _Answer(Body):
    results: Results[_Result]
    unresponsive_engines: list[object] = Field(default_factory=list)


class Searxng:
    """An instance of SearXNG at `url`. Time ranges are ages there, so the last day of a window is not honoured."""

    name = "searxng"
    honours = frozenset({"since", "language", "safe"})

    def __init__(self, url: str, *, terms: Terms = TERMS) -> None:
        self._api, self._url = Api(self.name, terms, judge=_judge), url.rstrip("/").removesuffix("/search")

    async def search(self, query: str, *, limit: int = 10, filters: Filters = ANY) -> tuple[Hit, ...]:
        """As the socket says.

        Raises:
            ServiceDown: also when nothing was found and engines behind the instance failed: it is no answer.
            KeyMissing: no instance is set.
        """
        if not self._url:
            raise KeyMissing(self.name, query, f"the address of an instance is not set; set {_SETTING}")

        async def page(ask: Ask, part: Part) -> Batch:
            wanted: Params = {
                "q": filters.in_query(ask.text),
                "format": "json",
                "pageno": part.number + 1,
                "categories": "general",
                "language": filters.language or "all",
                "safesearch": _SAFE[filters.safe],
                "time_range": _range(filters),
            }
            answer = await ask.get(f"{self._url}/search", wanted, _Answer)
            if not answer.results and answer.unresponsive_engines and not part.number:
                engines = ", ".join(map(_engine, answer.unresponsive_engines[:8]))
                raise ask.error(ServiceDown, f"none of its engines found anything, and some failed ({engines})")
            return Batch(
                found=tuple(
                    Found(url=each.url, title=each.title, snippet=each.content, published=each.publishedDate)
                    for each in answer.results
                ),
                more=len(answer.results) >= _FULL,
            )

        return await self._api.collect(query, page, limit=limit, per_page=limit)


def _range(filters: Filters) -> str | None:
    days = age_days(filters, datetime.now(UTC).date())
    return next((name for most, name in _RANGES if days <= most), None) if days else None


def _engine(failed: object) -> str:
    return ": ".join(map(str, failed)) if isinstance(failed, list) else str(failed)


def _judge(status: int, text: str) -> Refusal | None:
    """An instance that does not offer JSON answers 403, whatever is asked of it in JSON."""
    if status == 403 and not looks_like_captcha(text):
        why = (
            "it refuses to answer in JSON (HTTP 403); in its settings.yml set search: formats: [html, json]"
            f" and restart it, or set {_SETTING} to another instance"
        )
        return BadAnswer, why
    return None
