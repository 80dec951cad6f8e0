"""Chats with scripted servers."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress

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


Spoken = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]
Speaking = Callable[..., AbstractAsyncContextManager[tuple[str, list[bytes]]]]


@pytest.fixture
def speaking() -> Speaking:
    """`async with speaking({"/v1/models": b"…", …}) as (url, heard)`: bytes as they are, by the path asked for.

    What has no answer of its own gets a 404. `heard` are the requests; each reply ends its connection.
    """

    @asynccontextmanager
    async def serve(answers: Mapping[str, Spoken]) -> AsyncIterator[tuple[str, list[bytes]]]:
        heard: list[bytes] = []
        tasks: set[asyncio.Task[None]] = set()

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: (\d+)", head)
            heard.append(head + await reader.readexactly(int(length[1]) if length else 0))
            said = answers.get(head.split()[1].decode(), b"HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n")
            if isinstance(said, bytes):
                writer.write(said)
            else:
                await said(writer)
            await writer.drain()

        async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            tasks.add(task := asyncio.current_task())  # type: ignore[arg-type]
            try:
                with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                    await answer(reader, writer)
            finally:
                writer.close()
                tasks.discard(task)  # type: ignore[arg-type]

        server = await asyncio.start_server(one, "127.0.0.1", 0)
        try:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", heard
        finally:
            server.close()
            for task in tuple(tasks):
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    return serve
