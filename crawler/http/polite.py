"""Every request that reaches the network waits for its turn, and has its time and its bytes counted."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

import httpx

from ..errors import BlockedURL, FetchError
from ..policy import CrawlPolicy
from ..politeness import Hosts, Turn
from ..retry_after import retry_after_s
from ..url import host_key, parse

_LISTEN_S = 0.25
EXTENSION = "fontes"
"""Where in a request's extensions its `Terms` are."""


@dataclass(slots=True, kw_only=True)
class Terms:
    """What one request may cost, and the answer that it holds at this moment.

    One that is not `counted` (robots.txt) waits for no gap and begins none. `max_bytes` is for the body as it comes,
    that is, compressed.
    """

    max_bytes: int
    counted: bool = True
    held: "_TurnStream | None" = None

    async def let_go(self) -> None:
        """Close the answer and end its turn; safe to repeat.

        Whoever asks does this at the end, too: what lies between may lose an answer when it is cancelled.
        """
        if self.held is not None:
            await self.held.aclose()


class PoliteTransport(httpx.AsyncBaseTransport):
    """Stands below the cache, so that what the cache answers costs no turn.

    The turn ends when the answer's stream is closed. Raises FetchError: "timeout" when the head or the body takes too
    long, "too_large" when more bytes come than a body may have (as they come, that is, compressed).
    """

    def __init__(self, network: httpx.AsyncBaseTransport, hosts: Hosts, policy: CrawlPolicy) -> None:
        self._network, self._hosts, self._policy = network, hosts, policy
        self._leaving: set[asyncio.Task[None]] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url, policy = str(request.url), self._policy
        terms: Terms = request.extensions[EXTENSION]
        await terms.let_go()  # a 304 that fits nothing in the cache is asked again
        turn = await self._hosts.turn(host_key(url), counted=terms.counted)
        deadline = asyncio.get_running_loop().time() + policy.total_s
        head_s = min(policy.first_byte_s, policy.total_s)
        asking = asyncio.create_task(self._network.handle_async_request(request))
        try:
            async with asyncio.timeout(head_s):
                response = await asyncio.shield(asking)
        except TimeoutError as error:
            turn.answered(monotonic() - turn.started)
            await self._leave(url, asking, turn, listen_s=0.0)
            raise FetchError(url, "timeout", f"no answer within {head_s:g} s") from error
        except asyncio.CancelledError:
            leaving = asyncio.create_task(self._leave(url, asking, turn, listen_s=_LISTEN_S))
            self._leaving.add(leaving)
            leaving.add_done_callback(self._leaving.discard)
            raise
        except BaseException:
            turn.end()
            raise
        turn.answered(monotonic() - turn.started)
        self._heed(url, response)
        stream = response.stream
        assert isinstance(stream, httpx.AsyncByteStream)
        terms.held = _TurnStream(url, stream, turn, deadline, policy.total_s, terms.max_bytes)
        return httpx.Response(response.status_code, headers=response.headers, stream=terms.held)

    def _heed(self, url: str, response: httpx.Response) -> None:
        """Hold the host back for as long as it asks for (RFC 9110 §10.2.3: 503 and 3xx; RFC 6585 §4: 429)."""
        seconds = retry_after_s(response.headers.get("retry-after", "")) if response.status_code >= 300 else None
        if not seconds:
            return
        self._hosts.hold(host_key(url), seconds)
        if response.status_code < 400 and (location := response.headers.get("location")):
            with suppress(BlockedURL):  # a redirect may ask for a pause before its target, on another host
                self._hosts.hold(host_key(parse(location, url)), seconds)

    async def _leave(self, url: str, asking: "asyncio.Task[httpx.Response]", turn: Turn, *, listen_s: float) -> None:
        """Close a request that is given up and end its turn, after listening for a moment.

        Who gave it up is free at once; a `Retry-After` that was on its way already would be broken unheard.
        """
        try:
            await asyncio.wait([asking], timeout=listen_s)
            if not asking.done():
                asking.cancel()
                await asyncio.wait([asking])
            if not asking.cancelled() and asking.exception() is None:
                self._heed(url, asking.result())
                await asking.result().aclose()
        finally:
            asking.cancel()
            turn.end()

    async def aclose(self) -> None:
        for leaving in self._leaving:
            leaving.cancel()
        await asyncio.gather(*self._leaving, return_exceptions=True)
        await asyncio.sleep(0)  # what they gave up sees that it is cancelled
        await self._network.aclose()


class _TurnStream(httpx.AsyncByteStream):
    """A body as it comes; closing it ends the turn."""

    def __init__(
        self, url: str, stream: httpx.AsyncByteStream, turn: Turn, deadline: float, total_s: float, max_bytes: int
    ) -> None:
        self._url, self._stream, self._turn = url, stream, turn
        self._deadline, self._total_s, self._max_bytes = deadline, total_s, max_bytes

    async def __aiter__(self) -> AsyncIterator[bytes]:
        total = 0
        parts = aiter(self._stream)
        while total <= self._max_bytes:
            try:
                async with asyncio.timeout_at(self._deadline):  # not around the yield: PEP 789
                    part = await anext(parts)
            except StopAsyncIteration:
                self._turn.is_whole = True
                return
            except TimeoutError as error:
                detail = f"not all there after {self._total_s:g} s ({total:,} bytes were)"
                raise FetchError(self._url, "timeout", detail) from error
            total += len(part)
            yield part
        raise FetchError(self._url, "too_large", f"it is larger than {self._max_bytes:,} bytes")

    async def aclose(self) -> None:
        try:
            await self._stream.aclose()
        finally:
            self._turn.end()
