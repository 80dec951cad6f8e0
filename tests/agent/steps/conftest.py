"""A router that says what a test tells it to."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from fontes.agent.models.openai_compatible import OpenAICompatible
from fontes.agent.models.scripted import Asked, Reply, ScriptedServer
from fontes.retrievers.served.endpoint import Endpoint

Routing = tuple[OpenAICompatible, ScriptedServer]


@pytest.fixture
async def routing() -> AsyncIterator[Callable[..., Awaitable[Routing]]]:
    """`await routing(responder, **of_the_server)`: a chat with a server of its own, and that server."""
    async with AsyncExitStack() as stack:

        async def start(responder: Callable[[Asked], Reply], **of_the_server: object) -> Routing:
            server = await stack.enter_async_context(ScriptedServer(responder, **of_the_server))
            endpoint = Endpoint(server.url)
            stack.push_async_callback(endpoint.aclose)
            return OpenAICompatible(endpoint), server

        yield start
