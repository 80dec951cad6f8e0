"""What every embedder promises, asked of each plug; a served one by a scripted server, and by vLLM if there is one."""

import asyncio
from collections.abc import AsyncIterator
from time import monotonic

import numpy as np
import pytest
from fontes.agent.models.scripted import ScriptedServer
from fontes.retrievers import Endpoint
from fontes.retrievers.embedders import Embedder
from fontes.retrievers.embedders.bge import BgeSmall
from fontes.retrievers.embedders.served import ServedEmbedder

_ODD = ["", " ", "\x00\x07\u200b", "x" * 100_000, "日本" * 50_000, "a. " * 30_000, "plain"]


@pytest.fixture(scope="module")
def packaged() -> Embedder:
    return BgeSmall()


@pytest.fixture(params=["packaged", "served", pytest.param("served by vLLM", marks=pytest.mark.vllm)])
async def embedder(request: pytest.FixtureRequest) -> AsyncIterator[Embedder]:
    if request.param == "packaged":
        plug: Embedder = request.getfixturevalue("packaged")
        yield plug
        return
    if request.param == "served by vLLM":
        real = await ServedEmbedder.at(Endpoint(request.getfixturevalue("vllm_pooling_url"), first_reply_s=180))
        yield real
        await real.aclose()
        return
    async with ScriptedServer(model="words") as server:
        served = ServedEmbedder(Endpoint(server.url, model="words"), query_prefix="query: ", passage_prefix="passage: ")
        yield served
        await served.aclose()


async def test_rows_are_unit_vectors_of_the_promised_shape_whatever_the_text(embedder: Embedder) -> None:
    rows = await embedder.embed_passages(_ODD)
    assert rows.shape == (len(_ODD), embedder.dimensions)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    for text in _ODD:
        query = await embedder.embed_query(text)
        assert query.shape == (embedder.dimensions,)
        assert query.dtype == np.float32
        assert abs(float(np.linalg.norm(query)) - 1) < 1e-5


async def test_no_texts_make_no_rows(embedder: Embedder) -> None:
    assert (await embedder.embed_passages([])).shape == (0, embedder.dimensions)


async def test_order_is_kept_and_a_vector_does_not_depend_on_its_neighbours(embedder: Embedder) -> None:
    texts = [f"Passage {n} is about {'tides ' * n}" for n in range(20)]
    together = await embedder.embed_passages(texts)
    for number in (0, 7, 19):
        assert np.array_equal((await embedder.embed_passages([texts[number]]))[0], together[number])


async def test_a_question_is_nearest_to_its_answer(embedder: Embedder) -> None:
    rows = await embedder.embed_passages(
        ["Cats sleep most of the day.", "Paris is the capital of France.", "Stocks fell."]
    )
    assert int(np.argmax(rows @ await embedder.embed_query("What is France's capital?"))) == 1


async def test_the_loop_stays_free(embedder: Embedder) -> None:
    await embedder.embed_query("loaded")
    running = asyncio.create_task(asyncio.wait_for(embedder.embed_passages(["word " * 400] * 24), 60))
    started, turns = monotonic(), 0
    while not running.done():
        await asyncio.sleep(0.005)
        turns += 1
    assert monotonic() - started < 0.1 * turns
    assert len(running.result()) == 24


async def test_a_query_does_not_wait_for_a_corpus(embedder: Embedder) -> None:
    corpus = asyncio.create_task(embedder.embed_passages(["word " * 400] * 320))
    await asyncio.sleep(0)
    await embedder.embed_query("quick")
    assert not corpus.done()
    corpus.cancel()
    with pytest.raises(asyncio.CancelledError):
        await corpus
