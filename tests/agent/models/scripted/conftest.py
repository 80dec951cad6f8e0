"""Clients of a scripted server: the openai library, and plain HTTP."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
from fontes.agent.models.scripted import ScriptedServer
from openai import AsyncOpenAI


@pytest.fixture
async def openai_of() -> AsyncIterator[Callable[[ScriptedServer], AsyncOpenAI]]:
    """The openai client of a server, without retries."""
    made: list[AsyncOpenAI] = []

    def make(server: ScriptedServer, key: str = "none") -> AsyncOpenAI:
        made.append(AsyncOpenAI(base_url=server.url, api_key=key, max_retries=0, timeout=10))
        return made[-1]

    yield make
    for client in made:
        await client.close()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Plain HTTP."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
        yield session


@pytest.fixture
def asking() -> Callable[..., dict[str, object]]:
    """The body of a chat request of one message."""

    def body(text: str = "When was the lighthouse built?", **more: object) -> dict[str, object]:
        return {"model": "scripted", "messages": [{"role": "user", "content": text}], **more}

    return body


@pytest.fixture
def events_of(session: aiohttp.ClientSession) -> Callable[..., Awaitable[list[str]]]:
    """The data of the events of a streamed chat, as they came."""

    async def events(server: ScriptedServer, body: dict[str, object]) -> list[str]:
        async with session.post(f"{server.url}/chat/completions", json={**body, "stream": True}) as response:
            text = (await response.read()).decode()
        rows = text.split("\n\n")
        assert rows.pop() == ""
        assert all(row.startswith("data: ") for row in rows)
        return [row.removeprefix("data: ") for row in rows]

    return events


@pytest.fixture
def content_of() -> Callable[..., str]:
    """The text that a stream's events make up."""

    def content(events: list[str], name: str = "content") -> str:
        assert events[-1] == "[DONE]"
        deltas = [choice["delta"] for event in events[:-1] for choice in json.loads(event)["choices"]]
        return "".join(delta.get(name) or "" for delta in deltas)

    return content
