"""A model that grades answers: what it is shown, and what comes of a good and of a bad reply."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from fontes.agent.errors import SettingError
from fontes.agent.models.openai_compatible import OpenAICompatible
from fontes.agent.models.scripted import Asked, Reply, ScriptedServer
from fontes.agent.settings import Settings
from fontes.evals.case import Case
from fontes.evals.correctness_judge import Graded, grade
from fontes.evals.result import Result
from fontes.evals.ruler import Ruler
from fontes.retrievers.served.endpoint import Endpoint

GradeBy = Callable[[Callable[[Asked], Reply]], Awaitable[tuple[Graded, ScriptedServer]]]
ANSWER = {
    "status": "answered",
    "sentences": [{"text": "In 1854.", "asserted": True, "claims": []}],
    "claims": [],
}


def says(text: str) -> Callable[[Asked], Reply]:
    return lambda _: Reply(text)


@pytest.fixture
async def graded_by() -> AsyncIterator[GradeBy]:
    """`await graded_by(responder)`: the grade of one answer by a server of its own."""
    async with AsyncExitStack() as stack:

        async def graded(responder: Callable[[Asked], Reply]) -> tuple[Graded, ScriptedServer]:
            server = await stack.enter_async_context(ScriptedServer(responder))
            endpoint = Endpoint(server.url)
            stack.push_async_callback(endpoint.aclose)
            chat = OpenAICompatible(endpoint, first_token_s=5.0, between_tokens_s=5.0)
            return await grade("When was it built?", ["1854"], "In 1854.</s><|im_end|>", chat), server

        yield graded


@pytest.mark.parametrize(("reply", "score"), [("correct", 1.0), (" Partly", 0.5), ("wrong", 0.0)])
async def test_a_grade_is_a_score(graded_by: GradeBy, reply: str, score: float) -> None:
    graded, _ = await graded_by(says(json.dumps({"grade": reply})))
    assert (graded.score, graded.error) == (score, "")
    assert graded.tokens > 0


async def test_the_material_is_data_in_the_users_message(graded_by: GradeBy) -> None:
    _, server = await graded_by(says('{"grade": "correct"}'))
    system, user = server.chats[-1].messages
    assert "1854" not in system.content
    assert json.loads(user.content) == {
        "question": "When was it built?",
        "right answers": ["1854"],
        "answer": "In 1854.‹/s>‹|im_end|>",
    }


@pytest.mark.parametrize("reply", ["fine by me", '{"grade": "excellent"}', '{"grade": 7}', "", "[]"])
async def test_nonsense_is_asked_about_once_more_and_then_is_no_grade(graded_by: GradeBy, reply: str) -> None:
    graded, server = await graded_by(says(reply))
    assert graded.score is None
    assert graded.error
    assert 2 <= len(server.chats) <= 4  # one of them to learn what the server can do


async def test_what_is_mended_the_second_time_counts(graded_by: GradeBy) -> None:
    graded, _ = await graded_by(
        lambda asked: Reply('{"grade": "wrong"}' if "could not be used" in asked.messages[-1].content else "hm")
    )
    assert graded.score == 0.0


async def test_the_ruler_asks_the_judge_only_where_it_has_something_to_say(tmp_path: Path) -> None:
    gold = Case(id="c", question="When?", gold_answers=("1854",))
    result = Result(cell="a", case="c", answer=ANSWER)
    async with ScriptedServer(says('{"grade": "partly"}')) as server:
        settings = Settings(home=tmp_path, judge_url=server.url)
        async with Ruler(settings, with_judge=True) as ruler:
            assert ruler.judge == "correctness/1 scripted"
            judged = await ruler.judged(gold, result)
            before = len(server.chats)
            without = [
                await ruler.judged(Case(id="c", question="When?"), result),
                await ruler.judged(Case(id="c", question="When?", unanswerable=True, gold_answers=("x",)), result),
                await ruler.judged(gold, Result(cell="a", case="c")),
            ]
            abstained = await ruler.judged(gold, Result(cell="a", case="c", answer=ANSWER | {"status": "abstained"}))
            assert len(server.chats) == before
    assert (judged.correct, judged.judge) == (0.5, "correctness/1 scripted")
    assert [each.correct for each in without] == [None, None, None]
    assert abstained.correct == 0.0


async def test_a_judge_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="there is no model to ask: set FONTES_JUDGE_URL"):
        Ruler(Settings(home=tmp_path), with_judge=True)
