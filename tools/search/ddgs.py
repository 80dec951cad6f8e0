"""The keyless default: web search engines asked as a browser would, through the package `ddgs`.

Its engines are called one by one, not through its `DDGS().text()`: that puts encyclopaedias first whatever the engine's
order, reports a refusal as "No results found", and reads a proxy from the environment.
"""

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from math import ceil
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from ddgs.base import BaseSearchEngine
from ddgs.engines import ENGINES
from ddgs.exceptions import DDGSException, RatelimitException, TimeoutException
from ddgs.results import TextResult
from lxml.etree import LxmlError

from ..connection import Failed
from ..errors import BadAnswer, LimitReached, SearchError, ServiceDown
from ..filters import ANY, Filters, age_days
from ..found import Found, to_hits
from ..hit import Hit
from ..plain import one_line
from ..refusals import looks_like_captcha
from ..terms import Terms
from ..turns import Turns
from . import MOST

TERMS = Terms(min_interval_s=1.0, deadline_s=15.0)
BACKENDS = ("duckduckgo", "brave", "mojeek", "yahoo")
_HONOURED = {
    "duckduckgo": {"since", "until"},
    "brave": {"since", "safe"},
    "mojeek": {"safe"},
    "yahoo": {"since"},
    "startpage": {"since", "safe"},
}
_RANGES = ((1, "d"), (7, "w"), (31, "m"), (366, "y"))
_SAFE = {"off": "off", "moderate": "moderate", "strict": "on"}
# Where the country that a language is first asked for in has another code; else both are the same (`de-de`).
_COUNTRIES = {"en": "us", "ja": "jp", "zh": "cn", "ko": "kr", "sv": "se", "da": "dk", "cs": "cz", "el": "gr",
              "uk": "ua", "he": "il", "ar": "xa", "et": "ee", "vi": "vn", "hi": "in", "nb": "no"}  # fmt: skip
_MAX_QUERY = 400
_MAX_PAGES = 5
_FULL = 7  # results on the shortest page that has a next one (Yahoo's)
_REFUSING = frozenset({202, 401, 403, 418, 429})  # 202 is DuckDuckGo's page that asks to prove that one is human


_UNREACHED = {
    "dns": "its name cannot be looked up: no network?",
    "name resolution": "its name cannot be looked up: no network?",
    "timed out": "no connection in time",
    "certificate": "its certificate is not accepted",
    "refused": "the connection was refused",
    "proxy": "the proxy does not let us through",
}
_WHY_CHARACTERS = 80


class _Exact(TextResult):
    """A result whose address is left as it was: ddgs decodes it, and a `%20` or `%2F` then names another page."""

    _normalizers: ClassVar = {name: change for name, change in TextResult._normalizers.items() if name != "href"}


class Ddgs:
    """Search engines by name (`backends`), in this order: the next is asked when one refuses, fails or finds nothing.

    One query at a time. `proxy` is a URL (http, https, socks5h); without it the HTTP client of ddgs goes through the
    one that the environment names (HTTPS_PROXY), which cannot be turned off. `verify` is False for no check of
    certificates, or the path of a PEM file of the authorities to trust.

    Raises:
        ValueError: a backend is not one of those known; the message lists them.
    """

    name = "ddgs"

    def __init__(
        self, *, backends: Sequence[str] = BACKENDS, proxy: str = "", verify: bool | str = True, terms: Terms = TERMS
    ) -> None:
        unknown = set(backends) - set(_HONOURED)
        if unknown or not backends:
            raise ValueError(f"backends: {', '.join(sorted(unknown)) or 'none'}; known: {', '.join(_HONOURED)}")
        self.honours = frozenset(set.intersection(*(_HONOURED[name] for name in backends)))
        self._backends, self._proxy, self._verify, self._terms = tuple(backends), proxy, verify, terms
        self._turns = Turns(self.name, terms)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ddgs")

    async def search(self, query: str, *, limit: int = 10, filters: Filters = ANY) -> tuple[Hit, ...]:
        """As the socket says; how many hits a page has is the engine's affair.

        Raises:
            LimitReached: every backend refused, or some did and the others failed.
            ServiceDown, BadAnswer: every backend failed.
        """
        limit, text = min(limit, MOST), one_line(query, _MAX_QUERY)
        if limit < 1 or not text:
            return ()
        failures: dict[str, Failed] = {}
        try:
            async with asyncio.timeout(self._terms.deadline_s):
                for backend in self._backends:
                    try:
                        if hits := await self._asked(backend, filters.in_query(text), limit, filters):
                            return hits
                    except Failed as failed:
                        failures[backend] = failed
        except TimeoutError as error:
            why = f"no answer within {self._terms.deadline_s:g} s{_reasons(failures)}; try again later"
            raise ServiceDown(self.name, query, why) from error
        if len(failures) < len(self._backends):
            return ()
        raise self._error(query, failures)

    async def _asked(self, backend: str, text: str, limit: int, filters: Filters) -> tuple[Hit, ...]:
        found: list[Found] = []
        hits: tuple[Hit, ...] = ()
        for number in range(1, _MAX_PAGES + 1):
            try:
                batch = await self._page(backend, text, number, filters)
            except Failed:
                if not hits:
                    raise
                break
            found += batch
            before, hits = len(hits), to_hits(found, self.name, self._terms, datetime.now(UTC))
            if len(hits) >= limit or len(hits) == before or len(batch) < _FULL:
                break
        return hits[:limit]

    async def _page(self, backend: str, text: str, number: int, filters: Filters) -> list[Found]:
        await self._turns.take()
        given_up = threading.Event()
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, self._read, backend, text, number, filters, given_up)
        finally:
            given_up.set()  # a query that nobody waits for any more is not sent when its turn comes

    def _read(self, backend: str, text: str, number: int, filters: Filters, given_up: threading.Event) -> list[Found]:
        """One page of results, on the thread."""
        if given_up.is_set():
            return []
        try:
            engine = _engine(backend, self._proxy or None, ceil(self._terms.deadline_s / 2), self._verify)
            payload = engine.build_payload(
                query=text,
                region=_region(backend, filters),
                safesearch=_SAFE[filters.safe],
                timelimit=_timelimit(backend, filters),
                page=number,
            )
            carrying = "params" if engine.search_method == "GET" else "data"
            answer = engine.http_client.request(engine.search_method, engine.search_url, **{carrying: payload})
            if answer.status_code != 200:
                raise _refused(answer.status_code)
            return _found(engine, answer.text)
        except RatelimitException as error:
            raise _refused(429) from error
        except TimeoutException as error:
            raise Failed(ServiceDown, "no answer in time") from error
        except DDGSException as error:
            raise Failed(ServiceDown, f"cannot be reached ({_why(str(error))})") from error

    def _error(self, query: str, failures: dict[str, Failed]) -> SearchError:
        kinds = [failed.kind for failed in failures.values()]
        why = f"no backend gave an answer{_reasons(failures)}; wait, or set another provider in FONTES_SEARCH"
        if len(set(kinds)) == 1 and kinds[0] is not LimitReached:
            return kinds[0](self.name, query, why)
        if LimitReached in kinds:
            waits = [failed.retry_after_s for failed in failures.values() if failed.retry_after_s is not None]
            return LimitReached(self.name, query, why, min(waits, default=None))
        return ServiceDown(self.name, query, why)


def _engine(backend: str, proxy: str | None, timeout_s: int, verify: bool | str) -> BaseSearchEngine[Any]:
    exact = type(backend, (ENGINES["text"][backend],), {"result_type": _Exact})
    engine: BaseSearchEngine[Any] = exact(proxy=proxy, timeout=timeout_s, verify=verify)
    return engine


def _found(engine: BaseSearchEngine[Any], page: str) -> list[Found]:
    """The results on a page.

    Raises:
        Failed: it is a captcha, or nothing that the engine's reader can take apart.
    """
    try:
        results = engine.post_extract_results(engine.extract_results(page))
    except (LxmlError, ValueError, LookupError, AttributeError, TypeError) as error:  # what its readers let out
        raise Failed(BadAnswer, f"its page cannot be read ({type(error).__name__})") from error
    if not results and looks_like_captcha(page):
        raise Failed(BadAnswer, "it shows a captcha")
    return [Found(url=_target(each.href), title=each.title, snippet=each.body) for each in results]


def _why(raw: str) -> str:
    """What its HTTP client says, in words; the client's own beginning where no rule knows it."""
    said = raw.casefold()
    for sign, words in _UNREACHED.items():
        if sign in said:
            return words
    return raw if len(raw) <= _WHY_CHARACTERS else f"{raw[:_WHY_CHARACTERS]}…"


def _target(href: str) -> str:
    """Where a result leads; DuckDuckGo's own redirects name it in `uddg`."""
    if "duckduckgo.com/l/?" in href[:40]:
        return parse_qs(urlsplit(href).query).get("uddg", [""])[0]
    return href


def _refused(status: int) -> Failed:
    if status in _REFUSING:
        return Failed(LimitReached, f"it turns us away (HTTP {status})")
    if status >= 500:
        return Failed(ServiceDown, f"it failed on its side (HTTP {status})")
    return Failed(BadAnswer, f"it did not take the question (HTTP {status})")


def _region(backend: str, filters: Filters) -> str:
    """Country and language as ddgs writes them; `wt-wt` is DuckDuckGo's word for all regions."""
    if not filters.country and not filters.language:
        return "wt-wt" if backend == "duckduckgo" else "us-en"
    language = filters.language or "en"
    return f"{filters.country.lower() or _COUNTRIES.get(language, language)}-{language}"


def _timelimit(backend: str, filters: Filters) -> str | None:
    """The least age that reaches back to `since`; DuckDuckGo takes a range of days."""
    today = datetime.now(UTC).date()
    if backend == "duckduckgo" and (filters.since or filters.until):
        return f"{filters.since or '1990-01-01'}..{filters.until or today}"
    days = age_days(filters, today)
    return next((code for most, code in _RANGES if days <= most), None) if days else None


def _reasons(failures: dict[str, Failed]) -> str:
    return (
        " (" + "; ".join(f"{backend}: {failed.why}" for backend, failed in failures.items()) + ")" if failures else ""
    )
