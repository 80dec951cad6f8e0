"""Below the HTTP client: what is sent along, and how much of a reply is let through."""

import ssl
import urllib.request
import zlib
from collections.abc import AsyncIterator

import httpx2

from ..._version import __version__
from .errors import BadReply, ServerRefused

# The rest is openai's: its version, the machine's, and what its environment variables add.
_SENT = ("host", "accept", "connection", "content-type", "content-length", "transfer-encoding")
_NOT_KEPT = ("content-encoding", "content-length", "content-type")  # the length is that of the compressed bytes
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


class Capped(httpx2.AsyncBaseTransport):
    """Sends few headers, the key among them, and reads at most `max_bytes` of a reply, counted after decompression.

    The key is added here, below the client: no request that an exception or a log holds has it.

    Raises:
        BadReply: from the reply's body too, when more comes, or what cannot be decompressed, or a web page.
    """

    def __init__(self, what: str, inner: httpx2.AsyncBaseTransport, *, authorization: str, max_bytes: int) -> None:
        self._what, self._inner, self._authorization, self._max_bytes = what, inner, authorization, max_bytes

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        headers = {name: request.headers[name] for name in _SENT if name in request.headers}
        headers |= {"accept-encoding": "identity", "user-agent": f"Fontes/{__version__}"}
        if self._authorization:
            headers["authorization"] = self._authorization
        sent = httpx2.Request(
            request.method, request.url, headers=headers, stream=request.stream, extensions=request.extensions
        )
        response = await self._inner.handle_async_request(sent)
        type_ = response.headers.get("content-type", "").lower()
        if response.is_success and "text/html" in type_:
            await response.aclose()
            raise BadReply(self._what, "a web page came, not a model's reply; check the address")
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        body = _Body(self._what, response, encoding=encoding, most=self._max_bytes)
        kept = [(name, value) for name, value in response.headers.multi_items() if name.lower() not in _NOT_KEPT]
        # openai would hand out the text of a reply that calls itself something else, and not look into it.
        kept.append(("content-type", type_ if "event-stream" in type_ else "application/json"))
        # The reason beside the status is any text, and httpx2 logs it.
        extensions = {name: value for name, value in response.extensions.items() if name != "reason_phrase"}
        return httpx2.Response(response.status_code, headers=kept, stream=body, extensions=extensions)

    async def aclose(self) -> None:
        await self._inner.aclose()


class _Body(httpx2.AsyncByteStream):
    """A reply's body without its compression, up to `most` bytes."""

    def __init__(self, what: str, response: httpx2.Response, *, encoding: str, most: int) -> None:
        self._what, self._response, self._encoding, self._most = what, response, encoding, most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        stream = self._response.stream
        assert isinstance(stream, httpx2.AsyncByteStream)
        inflate = self._inflate()
        left = self._most
        async for part in stream:
            try:  # bounded: a bomb is a thousand times its size
                whole = inflate.decompress(part, left + 1) if inflate else part
            except zlib.error:
                raise BadReply(self._what, "its reply cannot be decompressed") from None
            left -= len(whole)
            if left < 0:
                raise BadReply(self._what, f"its reply is larger than {self._most:,} bytes")
            yield whole

    def _inflate(self) -> "zlib._Decompress | None":
        if self._encoding in ("", "identity"):
            return None
        if self._encoding not in ("gzip", "x-gzip", "deflate"):
            raise BadReply(self._what, "its reply is compressed, which was not asked for")
        return zlib.decompressobj(_GZIP_OR_ZLIB)

    async def aclose(self) -> None:
        await self._response.aclose()


def transport(url: str) -> httpx2.AsyncHTTPTransport:
    """The connections to a server: a local one directly, another by the proxy that the machine is set to use.

    Raises:
        ServerRefused: that proxy is not one of HTTP.
    """
    address = httpx2.URL(url)
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=20)
    if not is_loopback(address.host):
        return httpx2.AsyncHTTPTransport(limits=limits, proxy=_proxy(url, address))
    # Loading the certificates takes 16 ms, and a server without TLS has no use for them.
    verify = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if address.scheme == "http" else True
    return httpx2.AsyncHTTPTransport(verify=verify, limits=limits)


def is_loopback(host: str) -> bool:
    """Whether a URL's host is this machine."""
    return host in ("localhost", "::1", "0.0.0.0") or host.endswith(".localhost") or host.startswith("127.")  # noqa: S104 (asked, not bound)


def _proxy(what: str, address: httpx2.URL) -> str | None:
    proxies = urllib.request.getproxies()
    proxy = proxies.get(address.scheme) or proxies.get("all")
    if not proxy or urllib.request.proxy_bypass(address.host):
        return None
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    if not proxy.startswith(("http://", "https://")):
        raise ServerRefused(what, "the proxy that this machine is set to use is not one of HTTP; add it to no_proxy")
    return proxy
