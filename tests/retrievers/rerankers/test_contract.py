"""What every reranker promises, asked of each plug; served ones by a scripted server, and by vLLM if there is one."""

from collections.abc import AsyncIterator

import pytest
from fontes.agent.models.scripted import Fault, ScriptedServer
from fontes.retrievers import Endpoint
from fontes.retrievers.rerankers import Reranker
from fontes.retrievers.rerankers.minilm import MiniLM
from fontes.retrievers.rerankers.served import ServedReranker


@pytest.fixture(scope="module")
def packaged() -> Reranker:
    return MiniLM()


_PLUGS = ["packaged", "served by /rerank", "served by /score", pytest.param("served by vLLM", marks=pytest.mark.vllm)]


@pytest.fixture(params=_PLUGS)
async def reranker(request: pytest.FixtureRequest) -> AsyncIterator[Reranker]:
    if request.param == "packaged":
        plug: Reranker = request.getfixturevalue("packaged")
        yield plug
        return
    if request.param == "served by vLLM":
        real = ServedReranker(Endpoint(request.getfixturevalue("vllm_rerank_url"), first_reply_s=180))
        yield real
        await real.aclose()
        return
    missing = {"/v1/rerank": Fault("refuse", status=404), "/rerank": Fault("refuse", status=404)}
    async with ScriptedServer(faults=missing if "score" in request.param else None) as server:
        served = ServedReranker(Endpoint(server.url))
        yield served
        await served.aclose()


async def test_an_answer_scores_above_what_is_near_and_that_above_what_is_not(reranker: Reranker) -> None:
    answer, near, far = await reranker.score(
        "What is the capital of France?", ["Paris is France's capital.", "France borders Spain.", "Cats sleep all day."]
    )
    assert answer > near > far


async def test_the_same_pair_scores_the_same_beside_any_others(reranker: Reranker) -> None:
    texts = [f"Passage {n}: {'the tide rises ' * n}" for n in range(12)]
    together = await reranker.score("tide", texts)
    # vLLM puts pairs together as they come, and 4e-6 of a logit have shown it.
    same = pytest.approx(together, abs=1e-3 if isinstance(reranker, ServedReranker) else 0, rel=0)
    assert await reranker.score("tide", texts) == same
    assert await reranker.score("tide", [texts[5]]) == pytest.approx((together[5],), abs=same.abs, rel=0)


@pytest.mark.parametrize("query", ["", " ", "\x00", "word " * 20_000, "." * 100_000, "日" * 20_000])
async def test_any_query_and_any_text_have_a_score(reranker: Reranker, query: str) -> None:
    scores = await reranker.score(query, ["", "\x07", "x " * 50_000, "plain"])
    assert len(scores) == 4
    assert all(type(score) is float for score in scores)


async def test_no_texts_have_no_scores(reranker: Reranker) -> None:
    assert await reranker.score("tide", []) == ()


async def test_a_long_query_leaves_room_for_the_passage(reranker: Reranker) -> None:
    query = "Where is Paris, the city of lights and of many words? " * 200
    near, far = await reranker.score(query, ["Paris lies on the Seine, in France.", "Yeast ferments sugar."])
    assert near > far
