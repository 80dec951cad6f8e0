"""Connections to checked addresses only: a name is resolved, every answer checked, and that very address connected to.

The one place that opens sockets. Plain HTTP goes over aiohttp (a fifth of httpcore's CPU time a request), HTTPS over
httpcore, which speaks HTTP/2. Both ask the guard for addresses instead of a resolver, so no second, unchecked answer
of a name server can come in between (DNS rebinding).
"""

import socket
import ssl
from collections.abc import AsyncIterator, Iterable
from functools import cache
from typing import Any

import aiohttp
import certifi
import httpcore
import httpx
from aiohttp.abc import AbstractResolver, ResolveResult
from httpcore._backends.auto import AutoBackend
from yarl import URL

from ..guard import Guard
from ..policy import CrawlPolicy

_KEEPALIVE_S = 5.0  # an idle connection to each of a thousand hosts would use up a process's sockets
_MAX_HEADER_BYTES = 32_768
_MAX_HEADERS = 256


class Network(httpx.AsyncBaseTransport):
    """An httpx transport without redirects, cookies, proxies or an environment."""

    def __init__(self, guard: Guard, policy: CrawlPolicy, *, tls: ssl.SSLContext | None = None) -> None:
        self._plain = _HTTP1(guard, policy)
        self._secure = _HTTP2(guard, policy, tls or _default_tls())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        transport = self._secure if request.url.scheme == "https" else self._plain
        return await transport.handle_async_request(request)

    async def aclose(self) -> None:
        await self._plain.aclose()
        await self._secure.aclose()


@cache
def _default_tls() -> ssl.SSLContext:
    """The system's rules with Mozilla's certificates; 16 ms to read, so once a process."""
    return ssl.create_default_context(cafile=certifi.where())


class _HTTP1(httpx.AsyncBaseTransport):
    """Plain HTTP over aiohttp, which asks for the URL letter by letter as it was judged."""

    def __init__(self, guard: Guard, policy: CrawlPolicy) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=_CheckedResolver(guard), use_dns_cache=False, limit=0, keepalive_timeout=_KEEPALIVE_S
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding"),
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=policy.connect_s),
            max_line_size=_MAX_HEADER_BYTES,
            max_field_size=_MAX_HEADER_BYTES,
            max_headers=_MAX_HEADERS,
            trust_env=False,
        )
        # Else aiohttp itself repeats a request that a kept connection was closed upon: at once, in the host's gap.
        self._session._retry_connection = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._session.get(
            URL(str(request.url), encoded=True), headers=request.headers.multi_items(), allow_redirects=False
        )
        return httpx.Response(answer.status, headers=list(answer.raw_headers), stream=_PlainStream(answer))

    async def aclose(self) -> None:
        await self._session.close()


class _PlainStream(httpx.AsyncByteStream):
    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._answer.content.iter_any():
            yield part

    async def aclose(self) -> None:
        self._answer.release()  # closes the connection, if the body was not read to its end
        await self._answer.wait_for_close()


class _CheckedResolver(AbstractResolver):
    """What aiohttp asks for the addresses of a name (not for addresses in a URL: the guard judged those before)."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard

    async def resolve(self, host: str, port: int = 0, family: Any = socket.AF_INET) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=number,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address, number in await self._guard.addresses(host, port)
        ]

    async def close(self) -> None:
        """Nothing is held."""


class _CheckedBackend(httpcore.AsyncNetworkBackend):
    """httpcore's own sockets, to addresses that the guard gave."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._inner = AutoBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        failed: Exception = httpcore.ConnectError(f"{host} has no address")
        for address, number in await self._guard.addresses(host, port):
            try:
                return await self._inner.connect_tcp(address, number, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        raise httpcore.UnsupportedProtocol("Unix sockets are not asked")

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


class _HTTP2(httpx.AsyncBaseTransport):
    """HTTPS over httpcore: HTTP/2 where the server offers it, else HTTP/1.1."""

    def __init__(self, guard: Guard, policy: CrawlPolicy, tls: ssl.SSLContext) -> None:
        self._timeout = {"connect": policy.connect_s, "read": None, "write": policy.first_byte_s, "pool": None}
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            http1=True,
            http2=True,
            max_connections=None,
            max_keepalive_connections=100,
            keepalive_expiry=_KEEPALIVE_S,
            network_backend=_CheckedBackend(guard),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            extensions={"timeout": self._timeout},
        )
        answer = await self._pool.handle_async_request(asked)
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Stream(answer),
            extensions=answer.extensions,
        )

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Stream(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._answer.aiter_stream():
            yield part

    async def aclose(self) -> None:
        await self._answer.aclose()
