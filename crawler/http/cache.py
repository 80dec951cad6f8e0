"""The HTTP cache: RFC 9111 by hishel, in one SQLite file.

A cache that cannot be read or written is no reason to lose a page.
"""

import logging
import re
import sqlite3
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
from hishel import AsyncBaseStorage, AsyncSqliteStorage, CacheOptions, Entry, Headers, Request, Response
from hishel.httpx import AsyncCacheTransport

from ..forgetting import CACHE_FILE

_MOST_BYTES = 1 << 30
_BROKEN = (sqlite3.Error, OSError, RuntimeError)  # the last is hishel's, for a file that is none of its own
_NO_AGE = re.compile(r"""\bmax-age\b(?!\s*=\s*(?:\d+|"\d+")\s*(?:,|$))[^,]*""", re.IGNORECASE | re.ASCII)
_log = logging.getLogger(__name__)


class CacheLost(Exception):
    """An answer that the cache had can no longer be read from it."""


def cached(transport: httpx.AsyncBaseTransport, folder: Path) -> httpx.AsyncBaseTransport:
    """The transport behind a private cache in `folder` that keeps to RFC 9111: freshness, validators, Vary.

    The body of an answer may raise CacheLost.
    """
    storage = _Storage(folder / CACHE_FILE)
    return AsyncCacheTransport(
        _Dated(transport), storage=storage, rfc=CacheOptions(shared=False, supported_methods=["GET"])
    )


class _Dated(httpx.AsyncBaseTransport):
    """Puts an answer's age into its `Date`: hishel (2.0) knows no other sign of age, and takes none for new for ever.

    RFC 9111 §4.2.3: an answer is as old as its `Age` says, or its `Date`, which for want of one is the present (RFC
    9110 §6.6.1). §4.2.1: one whose `max-age` is no number is stale.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._transport.handle_async_request(request)
        headers, now = response.headers, int(time.time())
        dated, age = _seconds(headers.get("date", "")), headers.get("age", "0")
        made = min(now if dated is None else dated, now - (int(age[:9]) if age.isascii() and age.isdigit() else 0))
        if made != dated:
            expires = _seconds(headers.get("expires", ""))
            if expires is not None:  # what counts is how long after its `Date` (§4.2.1)
                headers["Expires"] = formatdate(expires + made - (now if dated is None else dated), usegmt=True)
            headers["Date"] = formatdate(made, usegmt=True)
        if _NO_AGE.search(headers.get("cache-control", "")):
            headers["Cache-Control"] = _NO_AGE.sub("max-age=0", headers["cache-control"])
        return response

    async def aclose(self) -> None:
        await self._transport.aclose()


def _seconds(date: str) -> int | None:
    try:
        return int(parsedate_to_datetime(date).timestamp())
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


class _Storage(AsyncBaseStorage):
    """hishel's storage, which gets over failures to store one answer; with any other this is a cache of nothing.

    hishel logs each failure with its traceback; here one line says the first.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path, self._is_usable, self._has_said = path, True, False
        self._inner = AsyncSqliteStorage(database_path=path, max_size=_MOST_BYTES)
        _Complaints.of_hishel().listeners.append(self._say)

    async def create_entry(self, request: Request, response: Response, key: str, **limits: Any) -> Entry:
        if self._is_usable:
            try:
                return await self._inner.create_entry(request, response, key, **limits)
            except _BROKEN as error:
                self._give_up(error)
        return Entry(id=uuid.uuid4(), request=request, response=response)

    async def get_entries(self, key: str) -> list[Entry]:
        if not self._is_usable:
            return []
        try:
            found = await self._inner.get_entries(key)
        except _BROKEN as error:
            self._give_up(error)
            return []
        return [replace(entry, response=replace(entry.response, stream=self._parts(entry))) for entry in found]

    async def update_headers(self, id: uuid.UUID, headers: Headers) -> None:
        try:
            await self._inner.update_headers(id, headers)
        except _BROKEN as error:
            self._give_up(error)

    async def remove_entry(self, id: uuid.UUID) -> None:
        try:
            await self._inner.remove_entry(id)
        except _BROKEN as error:
            self._give_up(error)

    async def close(self) -> None:
        _Complaints.of_hishel().listeners.remove(self._say)
        await self._inner.close()

    async def _parts(self, entry: Entry) -> AsyncIterator[bytes]:
        stream = entry.response.stream
        assert isinstance(stream, AsyncIterator)
        try:
            async for part in stream:
                yield part
        except _BROKEN as error:
            self._give_up(error)
            raise CacheLost(str(error)) from error

    def _give_up(self, error: BaseException) -> None:
        self._is_usable = False
        self._say(error)

    def _say(self, error: BaseException) -> None:
        if not self._has_said:
            self._has_said = True
            # Not the error itself: who keeps the record would keep the cursors in its frames, and these the file, open.
            _log.warning("the HTTP cache %s cannot be used (%s); pages are asked for again", self._path, str(error))


class _Complaints(logging.Handler):
    """Takes what hishel logs to the storages that are open, instead of to the program's log."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.listeners: list[Any] = []

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        for listener in self.listeners:
            listener(error or RuntimeError(record.getMessage()))

    @classmethod
    def of_hishel(cls) -> "_Complaints":
        logger = logging.getLogger("hishel")
        logger.propagate = False
        found = next((handler for handler in logger.handlers if isinstance(handler, cls)), None)
        if found is None:
            found = cls()
            logger.addHandler(found)
        return found
