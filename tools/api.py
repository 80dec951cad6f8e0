"""How providers ask their services: on their terms, page by page, with typed errors, and no key in sight."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import quote, quote_plus

from pydantic import BaseModel, ValidationError
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random

from ..crawler import retry_after_s
from .connection import Connection, Failed, Key, Reply, Shared, fetch
from .errors import BadAnswer, KeyMissing, KeyRefused, LimitReached, SearchError, ServiceDown
from .found import Batch, Found, to_hits
from .hit import Hit
from .later import tell
from .plain import one_line
from .refusals import Judge, refusal, web_page
from .search import MOST
from .terms import Terms
from .turns import Turns

B = TypeVar("B", bound=BaseModel)
Params = Mapping[str, str | int | None]
"""Query parameters; those that are None or "" are not sent."""
_RETRY_WAIT_S = (0.1, 0.4)
_MAX_PAGES = 8
_NOT_FOUND = 404
_MAX_FOUND = 4 * MOST  # more on one page are not looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which page of results is wanted: the `number`th (from 0), `count` results from number `start` (from 0) on."""

    number: int
    start: int
    count: int


class Api:
    """One service: its limits, its key, how its refusals are read.

    `judge` reads a refusal where the service means something else by it than HTTP does; `max_query` is the longest
    query that it takes, in characters.
    """

    def __init__(
        self, provider: str, terms: Terms, *, key: Key | None = None, judge: Judge | None = None, max_query: int = 400
    ) -> None:
        self.provider, self.terms, self.key, self.judge = provider, terms, key, judge
        self._max_query = max_query
        self._connection = Connection(terms, key)
        self._turns = Turns(provider, terms)

    async def collect(
        self, query: str, page: Callable[["Ask", Part], Awaitable[Batch]], *, limit: int, per_page: int
    ) -> tuple[Hit, ...]:
        """Hits from as many pages as `limit` needs, of at most `per_page` results each.

        A page after the first that fails ends the search with what was found before it; `later` tells of it.

        Raises:
            SearchError: no usable answer.
        """
        limit, text = min(limit, MOST), one_line(query, self._max_query)
        if limit < 1 or not text:
            return ()
        self._check_key(query)
        hits: tuple[Hit, ...] = ()
        try:
            async with asyncio.timeout(self.terms.deadline_s), self._connection.shared() as shared:
                ask, found = Ask(self, shared, query=query, text=text), list[Found]()
                for number in range(_MAX_PAGES):
                    count = min(limit, per_page)
                    batch = await page(ask, Part(number=number, start=number * count, count=count))
                    found += batch.found[:_MAX_FOUND]
                    before, hits = len(hits), to_hits(found, self.provider, self.terms, datetime.now(UTC))
                    if not batch.more or len(hits) >= limit or (len(hits) == before and number):
                        break
        except TimeoutError as error:
            why = f"no answer within {self.terms.deadline_s:g} s; try again, or use another provider"
            late = ServiceDown(self.provider, query, why)
            if not hits:
                raise late from error
            tell(late)
        except SearchError as error:
            if not hits:
                raise
            tell(error)
        return hits[:limit]

    async def document(self, name: str, url: str, params: Params) -> str | None:
        """The one document of that `name` (for messages), as it was sent; None when the service has none.

        Raises:
            SearchError: no usable answer.
        """
        self._check_key(name)
        given = {key: value for key, value in params.items() if value not in (None, "")}
        try:
            async with asyncio.timeout(self.terms.deadline_s), self._connection.shared() as shared:
                return (await self.send(shared, "GET", url, params=given, json=None)).text
        except TimeoutError as error:
            raise self.error(ServiceDown, name, f"no answer within {self.terms.deadline_s:g} s") from error
        except Failed as failed:
            if failed.status == _NOT_FOUND:
                return None
            raise self.error(failed.kind, name, failed.why, failed.retry_after_s) from failed

    async def send(self, shared: Shared, method: str, url: str, *, params: Mapping[str, Any], json: Any) -> Reply:
        """One counted request in its turn, made once more when it failed in a way that may pass.

        Raises:
            Failed: no reply, or a refusal.
        """
        retrying = AsyncRetrying(
            stop=stop_after_attempt(2),
            wait=wait_random(*_RETRY_WAIT_S),
            retry=retry_if_exception(lambda error: isinstance(error, Failed) and error.passing),
            reraise=True,
        )
        async for attempt in retrying:
            with attempt:
                async with shared.turn:
                    await self._turns.take()
                    reply = await fetch(
                        shared.client, method, url, params=params, json=json, max_bytes=self.terms.max_bytes
                    )
                if reply.status >= 300:
                    raise self._refused(reply)
                return reply
        raise AssertionError("tenacity raises the last failure")

    def error(self, kind: type[SearchError], query: str, why: str, retry_after_s: float | None = None) -> SearchError:
        """An error of this provider, with no key in its words."""
        if kind is LimitReached:
            return LimitReached(self.provider, query, self._without_key(why), retry_after_s)
        return kind(self.provider, query, self._without_key(why))

    def _without_key(self, text: str) -> str:
        if self.key and self.key.value:
            for spelling in {self.key.value, quote(self.key.value, safe=""), quote_plus(self.key.value)}:
                text = text.replace(spelling, "…")
        return text

    def _check_key(self, query: str) -> None:
        key = self.key
        if key is None:
            return
        if key.required and not key.value:
            raise KeyMissing(self.provider, query, f"it needs a key, and none is set; set {key.setting}")
        if not (key.value.isascii() and key.value.isprintable()) or " " in key.value:
            why = f"{key.setting} holds signs that no key has (spaces, line ends, letters beyond ASCII); copy it again"
            raise KeyRefused(self.provider, query, why)

    def _refused(self, reply: Reply) -> Failed:
        text, wait_s = self._without_key(reply.text), retry_after_s(reply.headers.get("retry-after", ""))
        judged = self.judge(reply.status, text) if self.judge else None
        kind, why = judged or refusal(reply.status, text, setting=self.key.setting if self.key else "")
        passing = judged is None and reply.status >= 500 and wait_s is None
        return Failed(kind, why, retry_after_s=wait_s, passing=passing, status=reply.status)


class Ask:
    """One search of one service: `text` is the query as it is sent, on one line and within the service's length."""

    def __init__(self, api: Api, shared: Shared, *, query: str, text: str) -> None:
        self._api, self._shared, self._query, self.text = api, shared, query, text

    async def get(self, url: str, params: Params, model: type[B]) -> B:
        """GET, the answer read as `model`.

        Raises:
            SearchError: refused, failed, or of another shape.
        """
        return self._read((await self._send("GET", url, params=params)).body, model)

    async def post(self, url: str, json: Mapping[str, Any], model: type[B]) -> B:
        """POST with a JSON body, of which fields that are None, "" or empty are left out; else as `get`."""
        sent = {name: value for name, value in json.items() if value not in (None, "", [], ())}
        return self._read((await self._send("POST", url, json=sent)).body, model)

    async def get_text(self, url: str, params: Params) -> str:
        """GET of an answer that is not JSON, as UTF-8."""
        return (await self._send("GET", url, params=params)).text

    def error(self, kind: type[SearchError], why: str, retry_after_s: float | None = None) -> SearchError:
        """An error to raise, for what a service says in the body of an answer."""
        return self._api.error(kind, self._query, why, retry_after_s)

    async def _send(self, method: str, url: str, *, params: Params | None = None, json: Any = None) -> Reply:
        given = {name: value for name, value in (params or {}).items() if value not in (None, "")}
        try:
            return await self._api.send(self._shared, method, url, params=given, json=json)
        except Failed as failed:
            raise self.error(failed.kind, failed.why, failed.retry_after_s) from failed

    def _read(self, body: bytes, model: type[B]) -> B:
        body = body.removeprefix(b"\xef\xbb\xbf").strip()
        if body.startswith(b"<"):
            raise self.error(*web_page(body.decode("utf-8", "replace")))
        try:
            return model.model_validate_json(body)
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            where = ".".join(map(str, first["loc"])) or "the whole"
            why = f"its answer is not in the documented format ({where}: {first['msg']}); it may have changed"
            raise self.error(BadAnswer, why) from None  # the cause holds the body, which may repeat the key
