"""One GET: through cache, turn and network, its body bounded, tried again where the failure may pass."""

import asyncio
import contextlib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

import httpx
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_any,
    retry_if_exception_type,
    retry_if_result,
    stop_after_attempt,
)
from tenacity.wait import wait_random_exponential

from ..._version import __version__
from ..errors import BlockedURL, FetchError, Unreachable
from ..guard import Guard
from ..policy import CrawlPolicy
from ..politeness import Hosts
from ..url import host_key
from .body import ACCEPT_ENCODING, decoded
from .cache import CacheLost, cached
from .failures import TRANSPORT_ERRORS, meaning
from .network import Network
from .polite import EXTENSION, PoliteTransport, Terms

ACCEPT = "text/html,application/xhtml+xml,application/pdf;q=0.9,text/plain;q=0.8,text/*;q=0.7,*/*;q=0.1"
_MAY_PASS = frozenset({429, 500, 502, 503, 504})
_ERROR_BODY_BYTES = 65_536  # read so that the connection stays of use; nothing is made of it
_ERROR_BODY_S = 2.0
_BACKOFF = wait_random_exponential(multiplier=0.5, max=8)

HeadCheck = Callable[[int, httpx.Headers], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An answer of the web: its status, headers, and body: decompressed, maybe cut, and b"" unless the status is 2xx.

    `seconds` counts from the request being wanted, waiting for the turn included.
    """

    url: str
    status: int
    headers: httpx.Headers
    body: bytes
    from_cache: bool
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Want:
    """What `Fetcher.get` was asked for."""

    url: str
    check: HeadCheck | None
    max_bytes: int
    cut: bool
    counted: bool


class Fetcher:
    """GETs one URL at a time of a host; neither follows redirects nor asks robots.txt, that is its caller's.

    Use as `async with`. `tls` is the context for HTTPS, by default the system's rules with Mozilla's certificates.
    """

    def __init__(self, policy: CrawlPolicy, guard: Guard, hosts: Hosts, *, tls: ssl.SSLContext | None = None) -> None:
        self._policy, self._guard, self._hosts, self._tls = policy, guard, hosts, tls
        self._network: httpx.AsyncBaseTransport
        self._cache: httpx.AsyncBaseTransport
        self._headers = {
            "User-Agent": user_agent(policy),
            "Accept": ACCEPT,
            "Accept-Encoding": ACCEPT_ENCODING,
            "Accept-Language": "en;q=0.8,*;q=0.5",
        }

    async def __aenter__(self) -> "Fetcher":
        network = PoliteTransport(Network(self._guard, self._policy, tls=self._tls), self._hosts, self._policy)
        self._network = network
        self._cache = cached(network, self._policy.cache_dir) if self._policy.cache_dir else network
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._cache.aclose()  # closes what lies below, too

    async def get(
        self,
        url: str,
        *,
        check: HeadCheck | None = None,
        max_bytes: int | None = None,
        cut: bool = False,
        counted: bool = True,
        use_cache: bool = True,
    ) -> Fetched:
        """The answer to one GET, whatever its status; 429, 5xx and failures of the network are tried again.

        `check` sees status and headers before the body is read, and may raise. `cut` takes the first `max_bytes` of a
        larger body instead of raising. What is not `counted` waits for no gap (robots.txt).

        Raises:
            BlockedURL: the name leads to an address that is not asked, or the URL is too long.
            FetchError: "network", "timeout", "too_large", "unreadable" or "budget".
        """
        started = monotonic()
        attempts = AsyncRetrying(
            stop=stop_after_attempt(self._policy.attempts),
            wait=_BACKOFF,
            retry=retry_any(retry_if_exception_type(Unreachable), retry_if_result(self._is_worth_another)),
            retry_error_callback=_last_outcome,
        )
        want = _Want(url=url, check=check, max_bytes=max_bytes or self._policy.max_bytes, cut=cut, counted=counted)

        async def once() -> Fetched:
            if use_cache:
                try:
                    return await self._once(want, self._cache, started)
                except CacheLost:
                    pass
            return await self._once(want, self._network, started)

        fetched: Fetched = await attempts(once)
        return fetched

    def _is_worth_another(self, fetched: Fetched) -> bool:
        return fetched.status in _MAY_PASS and self._hosts.wait_s(host_key(fetched.url)) <= self._policy.max_wait_s

    async def _once(self, want: _Want, transport: httpx.AsyncBaseTransport, started: float) -> Fetched:
        url = want.url
        terms = Terms(max_bytes=want.max_bytes, counted=want.counted)
        try:
            request = httpx.Request("GET", url, headers=self._headers, extensions={EXTENSION: terms})
        except (httpx.InvalidURL, UnicodeError) as error:
            raise BlockedURL(url, f"it cannot be asked for ({error})") from error
        try:
            try:
                response = await transport.handle_async_request(request)
                try:
                    if want.check is not None:
                        want.check(response.status_code, response.headers)
                    body = await (_drained(response) if response.status_code >= 300 else _body(response, want))
                finally:
                    await response.aclose()
            finally:
                await terms.let_go()
        except TRANSPORT_ERRORS as error:
            raise meaning(url, error) from error
        cache = response.extensions.get("caching") or {}
        return Fetched(
            url=url,
            status=response.status_code,
            headers=response.headers,
            body=body,
            from_cache=bool(cache.get("from_cache")),
            seconds=monotonic() - started,
        )


def user_agent(policy: CrawlPolicy) -> str:
    """What sites see: the robots token with the version, and how to reach the person who runs it."""
    contact = "".join(c for c in policy.contact if c.isprintable() and c.isascii() and c not in "()")
    return f"{policy.agent}/{__version__}" + (f" (+{contact})" if contact else "")


async def _body(response: httpx.Response, want: _Want) -> bytes:
    declared = response.headers.get("content-length", "")
    if not want.cut and declared.isascii() and declared.isdigit() and int(declared[:18]) > want.max_bytes:
        raise FetchError(want.url, "too_large", f"it has {int(declared[:18]):,} bytes; the limit is {want.max_bytes:,}")
    encoding = response.headers.get("content-encoding", "")
    pieces = decoded(response.aiter_raw(), url=want.url, encoding=encoding, max_bytes=want.max_bytes, cut=want.cut)
    return b"".join([piece async for piece in pieces])


async def _drained(response: httpx.Response) -> bytes:
    """Nothing; whatever the body of an error or redirect is like, its head is what counts."""
    total = 0
    with contextlib.suppress(FetchError, TimeoutError, *TRANSPORT_ERRORS):
        async with asyncio.timeout(_ERROR_BODY_S):
            async for part in response.aiter_raw():
                total += len(part)
                if total > _ERROR_BODY_BYTES:
                    break
    return b""


def _last_outcome(state: RetryCallState) -> Fetched:
    """When attempts are used up: the last answer, or the last failure itself, not tenacity's."""
    assert state.outcome is not None
    fetched: Fetched = state.outcome.result()
    return fetched
