"""A server on loopback that answers as a test says, and endpoints that are closed with it."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from aiohttp import web
from fontes.retrievers import Endpoint

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
Serve = Callable[[Handler], Awaitable[str]]
Open = Callable[..., Endpoint]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Starts a server for a handler; gives its base URL."""
    async with AsyncExitStack() as stack:

        async def start(handler: Handler) -> str:
            server = web.Server(handler, handler_cancellation=True, access_log=None)
            runner = web.ServerRunner(server, shutdown_timeout=0.1)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            return f"http://127.0.0.1:{runner.addresses[0][1]}/v1"

        yield start


@pytest.fixture
async def opened() -> AsyncIterator[Open]:
    """Makes endpoints."""
    endpoints: list[Endpoint] = []

    def make(url: str, **options: Any) -> Endpoint:
        endpoints.append(Endpoint(url, **options))
        return endpoints[-1]

    yield make
    for endpoint in endpoints:
        await endpoint.aclose()


@pytest.fixture
def once() -> Callable[[], float | None]:
    """The seconds left to somebody who has time for one request and for none after it."""
    left = iter([30.0])
    return lambda: next(left, 0.0)


@pytest.fixture
def says() -> Callable[..., Handler]:
    """A handler that answers the same to everything; counts what it was asked in its `asked`."""

    def make(body: object = None, *, status: int = 200, headers: dict[str, str] | None = None) -> Handler:
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()

        async def handler(request: web.BaseRequest) -> web.StreamResponse:
            await request.read()
            asked.append(request)
            told = {"Content-Type": "application/json", **(headers or {})}
            return web.Response(status=status, body=sent, headers=told)

        asked: list[web.BaseRequest] = []
        handler.asked = asked  # type: ignore[attr-defined]
        return handler

    return make
