"""Embeddings, rerank and score in vLLM's shapes."""

import base64
import math
import struct

import pytest
from fontes.agent.models.scripted import ScriptedServer
from fontes.agent.models.scripted.pooling import embedded, score
from hypothesis import given
from hypothesis import strategies as st

QUERY = "When was the lighthouse built?"
TEXTS = ["Whale oil burns with a bright flame.", "The lighthouse was built in 1854.", "A house by the sea."]


def cosine(one: list[float], other: list[float]) -> float:
    """Of two vectors of length 1."""
    return sum(a * b for a, b in zip(one, other, strict=True))


@given(text=st.text(st.characters(), max_size=200), dimensions=st.integers(1, 64))
def test_a_vector_has_length_1_whatever_the_text(text: str, dimensions: int) -> None:
    assert math.isclose(cosine(embedded(text, dimensions), embedded(text, dimensions)), 1.0)


@given(query=st.text(max_size=100), text=st.text(max_size=200))
def test_a_score_lies_between_0_and_1(query: str, text: str) -> None:
    assert 0.0 <= score(query, text) <= 1.0


async def test_similar_texts_have_near_embeddings(openai_of) -> None:
    async with ScriptedServer(embeddings=256) as server:
        reply = await openai_of(server).embeddings.create(
            model="scripted", input=[QUERY, *TEXTS], encoding_format="float"
        )
    query, *vectors = [row.embedding for row in reply.data]
    near = [cosine(query, vector) for vector in vectors]
    assert (len(query), max(near)) == (256, near[1])
    assert near[0] < 0.2 < near[1]
    assert reply.usage.prompt_tokens > 0


async def test_embeddings_come_in_base64_and_of_token_ids_too(openai_of, session) -> None:
    async with ScriptedServer(embeddings=8) as server:
        client = openai_of(server)
        packed = await client.embeddings.create(model="scripted", input=QUERY)  # the client asks for base64 itself
        async with session.post(f"{server.url.removesuffix('/v1')}/tokenize", json={"prompt": QUERY}) as response:
            ids = (await response.json())["tokens"]
        for tokens in (ids, [ids]):
            body = {"input": tokens, "encoding_format": "base64"}
            async with session.post(f"{server.url}/embeddings", json=body) as response:
                raw = base64.b64decode((await response.json())["data"][0]["embedding"])
                assert list(struct.unpack("<8f", raw)) == pytest.approx(packed.data[0].embedding)


@pytest.mark.parametrize("path", ["/rerank", "/v1/rerank", "/v2/rerank"])
async def test_rerank_gives_the_best_first_with_its_index(session, path: str) -> None:
    async with ScriptedServer() as server:
        root = server.url.removesuffix("/v1")
        body = {"model": "scripted", "query": QUERY, "documents": TEXTS}
        async with session.post(root + path, json=body) as response:
            everything = await response.json()
        async with session.post(root + path, json={**body, "top_n": 1}) as response:
            best = await response.json()
    assert everything["results"][0]["index"] == 1
    assert sorted(row["index"] for row in everything["results"]) == [0, 1, 2]
    assert best["results"] == everything["results"][:1]
    assert best["results"][0]["document"]["text"] == TEXTS[1]
    assert 0 < best["results"][0]["relevance_score"] <= 1


@pytest.mark.parametrize("path", ["/score", "/v1/score"])
@pytest.mark.parametrize("names", [("text_1", "text_2"), ("queries", "documents")])
async def test_score_keeps_the_order_of_the_pairs(session, path: str, names: tuple[str, str]) -> None:
    async with ScriptedServer() as server:
        body = dict(zip(names, (QUERY, TEXTS), strict=True))
        async with session.post(server.url.removesuffix("/v1") + path, json=body) as response:
            data = (await response.json())["data"]
    assert [row["index"] for row in data] == [0, 1, 2]
    assert max(data, key=lambda row: row["score"])["index"] == 1


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/embeddings", {}),
        ("/v1/embeddings", {"input": []}),
        ("/v1/embeddings", {"input": [[0]]}),
        ("/v1/embeddings", {"input": [1.5]}),
        ("/v1/embeddings", {"input": "x", "dimensions": 3}),
        ("/v1/embeddings", {"input": "long " * 200}),
        ("/rerank", {"query": "x"}),
        ("/rerank", {"query": "x", "documents": ["long " * 200]}),
        ("/score", {"text_1": "x"}),
        ("/score", {"text_1": ["x", "y"], "text_2": ["x", "y", "z"]}),
    ],
)
async def test_what_cannot_be_read_is_a_400(session, path: str, body: dict[str, object]) -> None:
    async with (
        ScriptedServer(context=100) as server,
        session.post(server.url.removesuffix("/v1") + path, json=body) as response,
    ):
        assert (response.status, (await response.json())["error"]["code"]) == (400, 400)
