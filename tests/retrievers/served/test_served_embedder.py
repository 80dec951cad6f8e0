"""Vectors of a server: checked, in the order of the texts, and never of two models under one name."""

import asyncio
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from aiohttp import web
from fontes.agent.models.scripted import Fault, ScriptedServer
from fontes.crawler import extract
from fontes.retrievers import EmbedError, Endpoint, Index
from fontes.retrievers.embedders import Learner
from fontes.retrievers.embedders.served import ServedEmbedder
from fontes.retrievers.served.pooling import BATCH
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


class Vectors:
    """A handler that answers with (index, 1) for each text, changed by `spoil`; keeps the bodies it was sent."""

    def __init__(self, spoil: Callable[[list[dict[str, Any]]], object] = lambda rows: {"data": rows}) -> None:
        self.bodies: list[dict[str, Any]] = []
        self._spoil = spoil

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        self.bodies.append(await request.json())
        rows = [{"index": i, "embedding": [float(len(text)), 1.0]} for i, text in enumerate(self.bodies[-1]["input"])]
        body = self._spoil(rows)
        return web.Response(body=json.dumps(body), headers={"Content-Type": "application/json"})


@pytest.fixture
def embedder(serve: Any, opened: Any) -> Any:
    """Makes the embedder of a server with this handler."""

    async def make(handler: Any, **options: Any) -> ServedEmbedder:
        return ServedEmbedder(opened(await serve(handler), model="m"), **options)

    return make


async def test_rows_are_put_in_the_order_of_the_texts(embedder: Any) -> None:
    plug = await embedder(Vectors(lambda rows: {"data": rows[::-1], "object": "list"}))
    rows = await plug.embed_passages(["a" * n for n in (3, 1, 2)])
    assert np.allclose(rows[:, 0] / rows[:, 1], [3, 1, 2])


async def test_many_texts_go_in_bounded_batches_two_at_a_time(embedder: Any) -> None:
    vectors = Vectors()
    now = most = 0

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0)
        reply = await vectors(request)
        now -= 1
        return reply

    plug = await embedder(handler)
    rows = await plug.embed_passages(["a" * n for n in range(1, 201)])
    assert np.allclose(rows[:, 0] / rows[:, 1], np.arange(1, 201))
    assert max(len(body["input"]) for body in vectors.bodies) == BATCH
    assert len(vectors.bodies) == math.ceil(200 / BATCH)
    assert most <= 2


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda rows: rows[0], "not in the documented format"),
        (lambda rows: {"data": {}}, "not in the documented format"),
        (lambda rows: "vectors", "not in the documented format"),
        (lambda rows: {"data": rows[:-1]}, "1 rows for 2 texts"),
        (lambda rows: {"data": [*rows, {**rows[0], "index": 2}]}, "3 rows for 2 texts"),
        (lambda rows: {"data": [rows[0], rows[0]]}, "or another's"),
        (lambda rows: {"data": [rows[0], {**rows[1], "index": 7}]}, "names others"),
        (lambda rows: {"data": [rows[0], {**rows[1], "index": True}]}, "or another's"),
        (lambda rows: {"data": [{"embedding": [1.0]}, {"embedding": [1.0]}]}, "no index"),
        (lambda rows: {"data": [rows[0], {"index": 1}]}, "has no embedding"),
        (lambda rows: {"data": [rows[0], {"index": 1, "embedding": []}]}, "no list of numbers"),
        (lambda rows: {"data": [rows[0], {"index": 1, "embedding": "AAAA"}]}, "no list of numbers"),
        (lambda rows: {"data": [rows[0], {"index": 1, "embedding": [None, 1.0]}]}, "no list of numbers"),
        (lambda rows: {"data": [rows[0], {"index": 1, "embedding": [True, 1.0]}]}, "no list of numbers"),
        (lambda rows: {"data": [rows[0], {"index": 1, "embedding": [[1.0], [2.0]]}]}, "no list of numbers"),
        (lambda rows: {"data": [rows[0], {"index": 1, "embedding": [math.nan, 1.0]}]}, "is zero, or has numbers"),
        (lambda rows: {"data": [rows[0], {"index": 1, "embedding": [math.inf, 1.0]}]}, "is zero, or has numbers"),
        (lambda rows: {"data": [rows[0], {"index": 1, "embedding": [0, 0]}]}, "is zero, or has numbers"),
        (lambda rows: {"data": [rows[0], {"index": 1, "embedding": [10**400, 1]}]}, "numbers that are none"),
        (lambda rows: {"data": [rows[0], {"index": 1, "embedding": [1.0, 2.0, 3.0]}]}, "3 numbers and the others 2"),
    ],
)
async def test_a_reply_that_is_not_one_vector_a_text_is_an_error(embedder: Any, spoil: Any, why: str) -> None:
    plug = await embedder(Vectors(spoil))
    with pytest.raises(EmbedError, match=why):
        await plug.embed_passages(["a", "b"])


async def test_vectors_are_normalised_however_long_they_are(embedder: Any) -> None:
    for scale in (1e-30, 5, 1e30):
        plug = await embedder(Vectors(lambda rows, s=scale: {"data": [{"index": 0, "embedding": [3 * s, 4 * s]}]}))
        assert np.allclose(await plug.embed_query("a"), [0.6, 0.8])


async def test_queries_and_passages_get_what_the_model_wants_before_them(embedder: Any) -> None:
    vectors = Vectors()
    plug = await embedder(vectors, query_prefix="query: ", passage_prefix="passage: ")
    await plug.embed_query("a")
    await plug.embed_passages(["b"])
    assert [body["input"] for body in vectors.bodies] == [["query: a"], ["passage: b"]]
    assert {body["model"] for body in vectors.bodies} == {"m"}


async def test_the_name_holds_the_model_and_the_form_of_its_input(embedder: Any, opened: Any) -> None:
    names = {
        (await embedder(Vectors(), **form)).name
        for form in ({}, {"query_prefix": "q"}, {"passage_prefix": "q"}, {"query_prefix": "q", "passage_prefix": "q"})
    }
    assert len(names) == 4
    assert "served/m" in names
    with pytest.raises(EmbedError, match="its model must be named"):
        ServedEmbedder(opened("http://127.0.0.1:9/v1"))


async def test_an_endpoint_without_a_name_is_asked_for_it(opened: Any) -> None:
    async with ScriptedServer(model="words", embeddings=16) as server:
        plug = await ServedEmbedder.at(opened(server.url))
        assert (plug.name, plug.dimensions) == ("served/words", 16)
        server.faults["/v1/models"] = Fault("html")
        with pytest.raises(EmbedError, match="a web page came"):
            await ServedEmbedder.at(opened(server.url))
    assert isinstance(plug, Learner)


async def test_a_server_that_cuts_is_asked_to_and_one_that_cannot_is_asked_once(embedder: Any) -> None:
    vectors = Vectors()

    async def strict(request: web.BaseRequest) -> web.StreamResponse:
        if "truncate_prompt_tokens" in await request.json():
            vectors.bodies.append({})
            error = {"error": {"message": "Unrecognized request argument supplied: truncate_prompt_tokens"}}
            return web.json_response(error, status=400)
        return await vectors(request)

    plug = await embedder(vectors)
    await plug.embed_query("a")
    assert vectors.bodies.pop()["truncate_prompt_tokens"] == -1
    plug = await embedder(strict)
    for text in ("a", "b"):
        await plug.embed_query(text)
    assert [body.get("input") for body in vectors.bodies] == [None, ["a"], ["b"]]


@pytest.mark.parametrize("limit", [" of 8 tokens", ""])
async def test_a_text_that_is_too_long_is_shortened_whatever_is_beside_it(embedder: Any, limit: str) -> None:
    seen: list[str] = []

    async def refuses(request: web.BaseRequest) -> web.StreamResponse:
        texts = (await request.json())["input"]
        if max(map(len, texts)) > 20:
            words = f"This is beyond the context length{limit}"
            return web.json_response({"error": {"message": words}}, status=400)
        seen.extend(texts)
        rows = [{"index": i, "embedding": [float(len(text)), 1.0]} for i, text in enumerate(texts)]
        return web.json_response({"data": rows})

    plug = await embedder(refuses)
    long = "x" * 1_000
    together = await plug.embed_passages(["short", long, "brief", "small"])
    alone = await plug.embed_passages([long])
    assert np.array_equal(together[1], alone[0])
    assert {"short", "brief", "small"} <= set(seen)
    assert 8 <= max(map(len, seen)) <= 20
    assert all(long.startswith(text) for text in seen if text.startswith("x"))


async def test_a_model_that_takes_nothing_is_an_error(embedder: Any, says: Any) -> None:
    plug = await embedder(says({"error": {"message": "maximum context length is 0 tokens"}}, status=400))
    with pytest.raises(EmbedError, match="too long for the model"):
        await plug.embed_query("a" * 50)


async def test_a_refusal_is_an_error_of_the_embedder(embedder: Any, says: Any) -> None:
    plug = await embedder(says({"error": {"message": "CUDA out of memory"}}, status=501))
    with pytest.raises(EmbedError, match=r"http://127.0.0.1:\d+/v1: .*CUDA out of memory"):
        await plug.embed_passages(["a"] * 100)


async def test_an_empty_text_is_sent_as_a_space(embedder: Any) -> None:
    vectors = Vectors()
    await (await embedder(vectors)).embed_passages(["", " "])
    assert vectors.bodies[0]["input"] == [" ", " "]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["data", "index", "embedding"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(replies=st.lists(_JSON, min_size=3, max_size=10))
def test_any_reply_is_a_vector_or_an_error(replies: list[object]) -> None:
    async def ask() -> None:
        left = list(replies)

        def spoil(rows: list[dict[str, Any]]) -> object:
            return left.pop()

        server = web.Server(Vectors(spoil))
        runner = web.ServerRunner(server)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        plug = ServedEmbedder(Endpoint(f"http://127.0.0.1:{runner.addresses[0][1]}", model="m"))
        for _ in replies:
            try:
                row = await plug.embed_query("a")
            except EmbedError:
                continue
            assert math.isclose(float(np.linalg.norm(row)), 1, abs_tol=1e-5)
        await plug.aclose()
        await runner.cleanup()

    asyncio.run(ask())


async def test_an_index_learns_the_dimensions_and_remembers_them(opened: Any, tmp_path: Path) -> None:
    page = extract(b"The tide rises twice a day in most harbours of the Atlantic.", content_type="text/plain")
    async with ScriptedServer(model="words", embeddings=16) as server:
        plug = ServedEmbedder(opened(server.url, model="words"))
        async with Index.open(tmp_path, embedder=plug, reranker=None) as index:
            await index.add([page])
            found = await index.search("When does the tide rise?")
            assert found[0].stage("dense") is not None
        asked = len(server.requests)
        plug = ServedEmbedder(opened(server.url, model="words"))
        async with Index.open(tmp_path, embedder=plug, reranker=None) as index:
            assert index.dense is not None
            assert await index.dense.counts() == (1, 1)
            assert len(server.requests) == asked, "it is in the store"
            assert plug.dimensions == 16
    async with ScriptedServer(model="words", embeddings=24) as server:
        plug = ServedEmbedder(opened(server.url, model="words"))
        async with Index.open(tmp_path, embedder=plug, reranker=None) as index:
            with pytest.raises(EmbedError, match="24 numbers and the others 16; is another model served"):
                await index.search("When does the tide rise?")
