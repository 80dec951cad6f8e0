"""Chats with the real vLLM, and what it counts."""

import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack

import httpx2
import pytest
from fontes.agent.account import Account, paying
from fontes.agent.budget import Allowance, Budget
from fontes.agent.models.openai_compatible import OpenAICompatible
from fontes.retrievers import Endpoint

_PATIENCE_S = 180.0  # its cores may be busy with other things
_METRIC = re.compile(r"^vllm:(?P<name>\w+)\{(?P<labels>.*)\} (?P<value>\S+)$", re.MULTILINE)

Counts = Counter[str]


@pytest.fixture
async def endpoint_to() -> AsyncIterator[Callable[..., Endpoint]]:
    """`endpoint_to(url, **of_the_endpoint)`: closed at the end."""
    async with AsyncExitStack() as stack:

        def make(url: str, **rest: object) -> Endpoint:
            endpoint = Endpoint(url, **{"first_reply_s": _PATIENCE_S, **rest})
            stack.push_async_callback(endpoint.aclose)
            return endpoint

        yield make


@pytest.fixture
def endpoint(endpoint_to: Callable[..., Endpoint], vllm_url: str) -> Endpoint:
    """The chat server."""
    return endpoint_to(vllm_url)


@pytest.fixture
def chat_of() -> Callable[..., OpenAICompatible]:
    """`chat_of(endpoint, **of_the_chat)`: with the patience that a small machine takes."""

    def make(endpoint: Endpoint, **rest: object) -> OpenAICompatible:
        return OpenAICompatible(endpoint, **{"first_token_s": _PATIENCE_S, "between_tokens_s": _PATIENCE_S, **rest})

    return make


@pytest.fixture
def chat(endpoint: Endpoint, chat_of: Callable[..., OpenAICompatible]) -> OpenAICompatible:
    """The model of the chat server."""
    return chat_of(endpoint)


@pytest.fixture
def account() -> Iterator[Account]:
    """Who pays within the test."""
    made = Account(budget=Budget(Allowance()), tell=lambda _: None)
    with paying(made):
        yield made


@pytest.fixture
async def counts(endpoint: Endpoint) -> AsyncIterator[Callable[[], Awaitable[Counts]]]:
    """`await counts()`: the figures of `/metrics` by name without `vllm:`, summed over their labels."""
    async with httpx2.AsyncClient(trust_env=False, timeout=_PATIENCE_S) as http:

        async def read() -> Counts:
            found: Counts = Counter()
            for row in _METRIC.finditer((await http.get(f"{endpoint.root}/metrics")).text):
                found[row["name"]] += float(row["value"])
            return found

        yield read
