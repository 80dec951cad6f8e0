"""Scores of a server: one for each text, in order, and on one scale whatever the service's own."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from aiohttp import web
from fontes.agent.models.scripted import Fault, ScriptedServer
from fontes.retrievers import RerankError
from fontes.retrievers.rerankers.served import ServedReranker

Spoil = Callable[[list[dict[str, Any]]], object]


class Scores:
    """A handler that answers `/rerank` with a score by each text, worst first, changed by `spoil`."""

    def __init__(self, score: Callable[[str], float], spoil: Spoil = lambda rows: {"results": rows}) -> None:
        self._score, self._spoil = score, spoil
        self.bodies: list[dict[str, Any]] = []

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await request.json()
        self.bodies.append(body)
        rows = [{"index": i, "relevance_score": self._score(text)} for i, text in enumerate(body["documents"])]
        rows.sort(key=lambda row: float(row["relevance_score"]))
        is_probe = "France" in body["query"]
        return web.json_response({"results": rows} if is_probe else self._spoil(rows))


def probability(text: str) -> float:
    return {"sure": 1.0, "likely": 0.9, "even": 0.5, "no": 0.0}.get(text, 0.99 if "Paris" in text else 0.01)


def logit(text: str) -> float:
    return {"sure": 9.5, "likely": 0.9, "even": 0.5, "no": -11.0}.get(text, 8.0 if "Paris" in text else -10.5)


@pytest.fixture
def reranker(serve: Any, opened: Any) -> Any:
    """Makes the reranker of a server with this handler."""

    async def make(handler: Any) -> ServedReranker:
        return ServedReranker(opened(await serve(handler), model="m"))

    return make


async def test_probabilities_become_logits_in_the_order_of_the_texts(reranker: Any) -> None:
    plug = await reranker(Scores(probability))
    even, no, sure, likely = await plug.score("q", ["even", "no", "sure", "likely"])
    assert even == 0
    assert likely == pytest.approx(math.log(9))
    assert (sure, no) == (pytest.approx(11.51, abs=0.01), pytest.approx(-11.51, abs=0.01))


async def test_logits_are_passed_on_even_where_they_could_be_probabilities(reranker: Any) -> None:
    plug = await reranker(Scores(logit))
    assert await plug.score("q", ["likely", "even"]) == (0.9, 0.5)
    assert await plug.score("q", ["no"]) == (-11.0,)


async def test_the_scale_is_asked_for_once(reranker: Any) -> None:
    scores = Scores(probability)
    plug = await reranker(scores)
    for _ in range(3):
        await plug.score("q", ["even"])
    assert len(scores.bodies) == 4
    assert scores.bodies[-1] == {
        "model": "m",
        "query": "q",
        "documents": ["even"],
        "top_n": 1,
        "truncate_prompt_tokens": -1,
    }


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda rows: rows, "not in the documented format"),
        (lambda rows: {"data": rows}, "not in the documented format"),
        (lambda rows: {"results": rows[:1]}, "1 rows for 2 texts"),
        (lambda rows: {"results": [rows[0], rows[0]]}, "or another's"),
        (lambda rows: {"results": [rows[0], {**rows[1], "index": 2}]}, "names others"),
        (lambda rows: {"results": [rows[0], {**rows[1], "index": -1}]}, "names others"),
        (lambda rows: {"results": [rows[0], {**rows[1], "index": "1"}]}, "or another's"),
        (lambda rows: {"results": [rows[0], {"index": 0}]}, "has no relevance_score"),
        (lambda rows: {"results": [{**row, "relevance_score": None} for row in rows]}, "where a number belongs"),
        (lambda rows: {"results": [{**row, "relevance_score": "0.5"} for row in rows]}, "where a number belongs"),
        (lambda rows: {"results": [{**row, "relevance_score": math.nan} for row in rows]}, "where a number belongs"),
        (lambda rows: {"results": [{**row, "relevance_score": 10**400} for row in rows]}, "where a number belongs"),
        (lambda rows: {"results": [{**row, "relevance_score": True} for row in rows]}, "where a number belongs"),
    ],
)
async def test_a_reply_that_is_not_one_score_a_text_is_an_error(reranker: Any, spoil: Spoil, why: str) -> None:
    plug = await reranker(Scores(probability, spoil))
    with pytest.raises(RerankError, match=why):
        await plug.score("q", ["even", "no"])


@pytest.mark.parametrize(
    ("missing", "path"),
    [
        ((), "/v1/rerank"),
        (("/v1/rerank",), "/rerank"),
        (("/v1/rerank", "/rerank"), "/score"),
    ],
)
async def test_the_address_that_answers_is_found_once(opened: Any, missing: Sequence[str], path: str) -> None:
    faults = {missed: Fault("refuse", status=404) for missed in missing}
    async with ScriptedServer(faults=faults) as server:
        plug = ServedReranker(opened(server.url, model="scripted"))
        near, far = await plug.score("tides of the sea", ["The sea has tides.", "Bread rises."])
        assert near > far
        asked = [request.path for request in server.requests]
        await plug.score("tides", ["The sea has tides."])
    assert asked == [*missing, path, path]
    assert [request.path for request in server.requests[len(asked) :]] == [path]


@pytest.mark.parametrize(
    ("status", "words"), [(401, "it wants a key"), (404, "no such model, or nothing at this address")]
)
async def test_a_server_without_reranking_says_so(opened: Any, status: int, words: str) -> None:
    paths = ("/v1/rerank", "/rerank", "/score")
    async with ScriptedServer(faults={path: Fault("refuse", status=status) for path in paths}) as server:
        plug = ServedReranker(opened(server.url, model="scripted"))
        with pytest.raises(RerankError, match=words):
            await plug.score("tides", ["The sea has tides."])


async def test_a_long_query_is_cut_before_it_leaves_no_room(reranker: Any) -> None:
    scores = Scores(probability)
    plug = await reranker(scores)
    await plug.score("word " * 5_000, ["even", ""])
    assert len(scores.bodies[-1]["query"]) == 1_000
    assert scores.bodies[-1]["documents"] == ["even", " "]


async def test_the_name_is_the_models_or_else_the_servers(opened: Any) -> None:
    assert ServedReranker(opened("http://127.0.0.1:9/v1", model="m")).name == "served/m"
    assert ServedReranker(opened("http://u:p@127.0.0.1:9/v1")).name == "served/http://127.0.0.1:9/v1"
