"""Chats with scripted servers."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

import pytest
from aiohttp import web
from fontes.agent.models.chat import ChatRequest, Message
from fontes.agent.models.openai_compatible import OpenAICompatible
from fontes.retrievers.served.endpoint import Endpoint

MakeChat = Callable[..., OpenAICompatible]


@pytest.fixture
async def chat_at() -> AsyncIterator[MakeChat]:
    """`chat_at(url, key="", model="", **of_the_chat)`: a chat over an endpoint of its own, closed at the end."""
    async with AsyncExitStack() as stack:

        def make(url: str, *, key: str = "", model: str = "", **rest: object) -> OpenAICompatible:
            endpoint = Endpoint(url, key=key, model=model)
            stack.push_async_callback(endpoint.aclose)
            return OpenAICompatible(endpoint, **{"first_token_s": 5.0, "between_tokens_s": 5.0, **rest})

        yield make


@pytest.fixture
def asking() -> Callable[..., ChatRequest]:
    """`asking("…", max_tokens=100)`: a request of one message."""

    def make(text: str = "Why is the sea salty?", **rest: object) -> ChatRequest:
        return ChatRequest(messages=(Message(role="user", content=text),), **rest)

    return make


Answering = Callable[..., AbstractAsyncContextManager[str]]


@pytest.fixture
def answering() -> Answering:
    """`async with answering(handle) as url`: a server of one handler, for what no vLLM would say; its base URL."""

    @asynccontextmanager
    async def serve(handle: Callable[[web.BaseRequest], object]) -> AsyncIterator[str]:
        runner = web.ServerRunner(web.Server(handle))
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
        finally:
            await runner.cleanup()

    return serve


@pytest.fixture
async def endpoint_at() -> AsyncIterator[Callable[[str], Endpoint]]:
    """`endpoint_at(url)`: an endpoint, closed at the end."""
    async with AsyncExitStack() as stack:

        def make(url: str) -> Endpoint:
            endpoint = Endpoint(url)
            stack.push_async_callback(endpoint.aclose)
            return endpoint

        yield make
