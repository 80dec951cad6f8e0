"""The scripted server answers as a real vLLM does: the same statuses, the same fields in the same places."""

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx2
import pytest
from fontes.agent.models.scripted import Reply, ScriptedServer

pytestmark = pytest.mark.vllm

Body = Mapping[str, object] | str | None

ASKED = {"messages": [{"role": "user", "content": "Say hello."}], "max_tokens": 6}
PAIRS = {"query": "capital of France", "documents": ["Paris is the capital.", "Cats sleep."]}
CHATS: dict[str, tuple[str, str, Body]] = {
    "models": ("GET", "/v1/models", None),
    "a chat": ("POST", "/v1/chat/completions", ASKED),
    "a chat held to a schema": ("POST", "/v1/chat/completions", {**ASKED, "structured_outputs": {"choice": ["yes"]}}),
    "another model": ("POST", "/v1/chat/completions", {**ASKED, "model": "no-such-model"}),
    "no messages": ("POST", "/v1/chat/completions", {}),
    "no JSON": ("POST", "/v1/chat/completions", "{"),
    "no object": ("POST", "/v1/chat/completions", "[]"),
    "a reply of no tokens": ("POST", "/v1/chat/completions", {**ASKED, "max_tokens": 0}),
    "too long a reply": ("POST", "/v1/chat/completions", {**ASKED, "max_tokens": 10**7}),
    "too long a prompt": ("POST", "/v1/chat/completions", {"messages": [{"role": "user", "content": "word " * 10**5}]}),
    "the wrong method": ("GET", "/v1/chat/completions", None),
    "the other wrong method": ("POST", "/v1/models", {}),
    "no such path": ("GET", "/v1/nothing", None),
    "nothing to post to": ("POST", "/v1/nothing", {}),
    "tokens of a text": ("POST", "/tokenize", {"prompt": "Hello there"}),
    "tokens of a chat": ("POST", "/tokenize", {"messages": ASKED["messages"], "return_token_strs": True}),
    "a text of tokens": ("POST", "/detokenize", {"tokens": [1, 2]}),
}
EMBEDDINGS: dict[str, tuple[str, str, Body]] = {
    "embeddings": ("POST", "/v1/embeddings", {"input": ["a", "b"], "encoding_format": "float"}),
    "nothing to embed": ("POST", "/v1/embeddings", {"input": []}),
    "too long a text": ("POST", "/v1/embeddings", {"input": "word " * 500}),
    "too long a text, cut": ("POST", "/v1/embeddings", {"input": "word " * 500, "truncate_prompt_tokens": -1}),
}
RANKINGS: dict[str, tuple[str, str, Body]] = {
    "a ranking": ("POST", "/rerank", PAIRS),
    "the best of it": ("POST", "/v1/rerank", {**PAIRS, "top_n": 1}),
    "nothing to rank for": ("POST", "/rerank", {"documents": ["a"]}),
    "scores": ("POST", "/score", {"text_1": "capital of France", "text_2": ["Paris is the capital.", "Cats sleep."]}),
    "uneven pairs": ("POST", "/score", {"text_1": ["a", "b", "c"], "text_2": ["a", "b"]}),
}


@pytest.fixture
async def double() -> AsyncIterator[str]:
    """The base URL of a scripted server."""
    async with ScriptedServer(lambda _: Reply("Hello there, and welcome to all of you."), context=256) as server:
        yield server.url


def unlike(real: Any, double: Any, at: str = "") -> list[str]:
    """The places at which one has a name that the other has not; below nothing (null, an empty list) is no name."""
    if isinstance(real, dict) and isinstance(double, dict):
        lacking = [f"{at}.{name}: vLLM alone" for name in real.keys() - double.keys()]
        added = [f"{at}.{name}: the double alone" for name in double.keys() - real.keys()]
        both = [unlike(real[name], double[name], f"{at}.{name}") for name in real.keys() & double.keys()]
        return [*lacking, *added, *(place for places in both for place in places)]
    if isinstance(real, list) and isinstance(double, list) and real and double:
        return unlike(real[0], double[0], f"{at}[0]")
    return []


async def answer(base: str, method: str, path: str, body: Body) -> tuple[int, Any]:
    """Status and JSON of what a server says; the model that it serves is named where none is."""
    root = base.removesuffix("/v1")
    async with httpx2.AsyncClient(trust_env=False, timeout=120) as http:
        if isinstance(body, Mapping):
            model = (await http.get(f"{base}/models")).json()["data"][0]["id"]
            body = json.dumps({"model": model, **body})
        headers = {"content-type": "application/json"} if body is not None else {}
        reply = await http.request(method, root + path, content=body, headers=headers)
    return reply.status_code, reply.json()


async def compare(real_url: str, double_url: str, request: tuple[str, str, Body]) -> None:
    """Ask both, and find what they say alike."""
    real, double = await answer(real_url, *request), await answer(double_url, *request)
    assert double[0] == real[0], (real, double)
    assert not unlike(real[1], double[1])
    if real[0] != 200 and "error" in real[1]:
        assert {**real[1]["error"], "message": ""} == {**double[1]["error"], "message": ""}


@pytest.mark.parametrize("request_", CHATS.values(), ids=CHATS.keys())
async def test_chats_and_refusals_look_the_same(vllm_url: str, double: str, request_: tuple[str, str, Body]) -> None:
    await compare(vllm_url, double, request_)


@pytest.mark.parametrize("request_", EMBEDDINGS.values(), ids=EMBEDDINGS.keys())
async def test_embeddings_look_the_same(vllm_pooling_url: str, double: str, request_: tuple[str, str, Body]) -> None:
    await compare(vllm_pooling_url, double, request_)


@pytest.mark.parametrize("request_", RANKINGS.values(), ids=RANKINGS.keys())
async def test_rankings_look_the_same(vllm_rerank_url: str, double: str, request_: tuple[str, str, Body]) -> None:
    await compare(vllm_rerank_url, double, request_)


async def test_a_stream_begins_goes_on_and_ends_the_same(vllm_url: str, double: str) -> None:
    said: list[list[Any]] = []
    for base in (vllm_url, double):
        async with httpx2.AsyncClient(trust_env=False, timeout=120) as http:
            model = (await http.get(f"{base}/models")).json()["data"][0]["id"]
            body = {"model": model, **ASKED, "stream": True, "stream_options": {"include_usage": True}}
            reply = await http.post(
                f"{base}/chat/completions", json={**body, "structured_outputs": {"choice": ["yes"]}}
            )
        *events, done, rest = reply.text.split("\n\n")
        assert (done, rest) == ("data: [DONE]", "")
        assert reply.headers["content-type"].startswith("text/event-stream")
        chunks = [json.loads(event.removeprefix("data: ")) for event in events]
        said.append([chunks[0], chunks[1], chunks[-2], chunks[-1]])
    for real, double_ in zip(*said, strict=True):
        assert not unlike(real, double_)
    assert [real["choices"][0]["finish_reason"] for real in said[0][:3]] == [None, None, "stop"]


async def test_both_show_the_same_figures(vllm_url: str, double: str) -> None:
    named: list[set[str]] = []
    for base in (vllm_url, double):
        async with httpx2.AsyncClient(trust_env=False, timeout=120) as http:
            lines = (await http.get(f"{base.removesuffix('/v1')}/metrics")).text.splitlines()
        named.append({line.split("{")[0] for line in lines if line.startswith("vllm:")})
    assert named[1] <= named[0]
