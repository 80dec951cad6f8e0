"""HTTP to one configured service: no proxy from the environment, no other host, no more bytes than agreed.

The key is added below the client: httpx writes the addresses that it asks to its log, keys in queries included.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import certifi
import httpx

from .._version import __version__
from .errors import BadAnswer, SearchError, ServiceDown
from .terms import Terms

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_REDIRECTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A service's key, and where it goes in a request.

    Attributes:
        value: "" where none is set.
        setting: the variable that holds it, for messages (`FONTES_BRAVE_KEY`).
        header, param: the header, or the query parameter, that carries it.
        prefix: what stands before it there (`Bearer `).
        required: whether the service answers nobody without one.
    """

    value: str = field(repr=False)
    setting: str
    header: str = ""
    param: str = ""
    prefix: str = ""
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer that came to its end; `body` is decompressed."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8-sig", "replace")


class Failed(Exception):
    """Why a request gave no usable reply; `passing` when the same request may succeed in a moment.

    `status` is HTTP's, None where no reply came.
    """

    def __init__(
        self,
        kind: type[SearchError],
        why: str,
        *,
        retry_after_s: float | None = None,
        passing: bool = False,
        status: int | None = None,
    ) -> None:
        super().__init__(kind, why)
        self.status = status
        self.kind, self.why, self.retry_after_s, self.passing = kind, why, retry_after_s, passing


class Shared:
    """A client for all searches under way on one event loop; `turn` parts their requests."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client, self.turn, self.users = client, asyncio.Lock(), 0


class Connection:
    """Opens a client with the first search on a loop and closes it with the last: nothing stays open unseen."""

    def __init__(self, terms: Terms, key: Key | None) -> None:
        self._terms, self._key = terms, key
        self._shared: WeakKeyDictionary[asyncio.AbstractEventLoop, Shared] = WeakKeyDictionary()

    @asynccontextmanager
    async def shared(self) -> AsyncIterator[Shared]:
        """The client of this loop, while at least one search uses it."""
        loop = asyncio.get_running_loop()
        if (shared := self._shared.get(loop)) is None:
            shared = self._shared[loop] = Shared(self._client())
        shared.users += 1
        try:
            yield shared
        finally:
            shared.users -= 1
            if not shared.users:
                del self._shared[loop]
                await shared.client.aclose()

    def _client(self) -> httpx.AsyncClient:
        contact = self._terms.contact.encode("ascii", "ignore").decode()
        agent = f"Fontes/{__version__}" + (f" (+{contact})" if contact.isprintable() and contact else "")
        return httpx.AsyncClient(
            transport=_Keyed(httpx.AsyncHTTPTransport(verify=_tls()), self._key),
            headers={"User-Agent": agent, "Accept-Encoding": "gzip"},  # brotli's and zstd's bombs are larger
            timeout=self._terms.deadline_s,
            trust_env=False,
        )


async def fetch(
    client: httpx.AsyncClient, method: str, url: str, *, params: Mapping[str, Any], json: Any, max_bytes: int
) -> Reply:
    """One request, its redirects within the same host followed.

    Raises:
        Failed: no reply: no connection, too slow, too large, or it leads elsewhere.
    """
    try:
        request = client.build_request(method, url, params=params, json=json)
        for _ in range(1 + _MAX_REDIRECTS):
            reply, following = await _send(client, request, max_bytes)
            if following is None:
                return reply
            request = _same_host(request, following)
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise Failed(ServiceDown, f"its address is no web address ({error}); check its URL in the settings") from error
    except httpx.TimeoutException as error:
        raise Failed(ServiceDown, "it did not answer in time") from error
    except httpx.TransportError as error:
        why = f"it cannot be reached ({str(error) or type(error).__name__}); check the network and its URL"
        raise Failed(ServiceDown, why, passing=True) from error
    except httpx.DecodingError as error:
        raise Failed(BadAnswer, "its answer cannot be decompressed") from error
    raise Failed(BadAnswer, f"it redirects more than {_MAX_REDIRECTS} times; check the URL that is configured")


async def _send(
    client: httpx.AsyncClient, request: httpx.Request, max_bytes: int
) -> tuple[Reply, httpx.Request | None]:
    response = await client.send(request, stream=True)
    try:
        body = bytearray()
        async for part in response.aiter_bytes():
            body += part
            if len(body) > max_bytes:
                raise Failed(BadAnswer, f"its answer is larger than {max_bytes:,} bytes")
    finally:
        await response.aclose()
    following = response.next_request if response.status_code in _REDIRECTS else None
    return Reply(status=response.status_code, headers=response.headers, body=bytes(body)), following


def _same_host(request: httpx.Request, following: httpx.Request) -> httpx.Request:
    """The redirect, if it stays: another host, or plain text after TLS, would be shown the query and the key."""
    old, new = request.url, following.url
    upgraded = (old.scheme, new.scheme) == ("http", "https") and old.port is None and new.port is None
    same = (old.scheme, old.port) == (new.scheme, new.port) or upgraded
    if old.host != new.host or not same or following.method != request.method:
        raise Failed(BadAnswer, f"it redirects to {new.host}, which is not followed; check the URL that is configured")
    return following


class _Keyed(httpx.AsyncBaseTransport):
    def __init__(self, inner: httpx.AsyncHTTPTransport, key: Key | None) -> None:
        self._inner, self._key = inner, key

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        key = self._key
        if key is None or not key.value:
            return await self._inner.handle_async_request(request)
        headers = httpx.Headers(request.headers)
        url = request.url
        if key.header:
            headers[key.header] = key.prefix + key.value
        if key.param:
            url = url.copy_set_param(key.param, key.prefix + key.value)
        stream, extensions = request.stream, request.extensions
        keyed = httpx.Request(request.method, url, headers=headers, stream=stream, extensions=extensions)
        return await self._inner.handle_async_request(keyed)

    async def aclose(self) -> None:
        await self._inner.aclose()


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())  # takes 16 ms
