"""Whatever the model server does, a question ends: in time, with an answer that is honest about who wrote it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from fontes.agent.answer import Answer
from fontes.agent.assistant import Assistant
from fontes.agent.models.scripted import Asked, Fault, Reply, ScriptedServer, quoting
from fontes.agent.models.scripted.faults import KINDS
from fontes.agent.settings import Settings
from fontes.crawler import Page, Sighting, text_hash, utc_now

QUESTION = "Who built the Orvay lighthouse?"
BUILT = "The Orvay lighthouse was built in 1854 by James Calder."
TEXT = f"{BUILT} Its lamp burned whale oil until 1871. " + "The keepers wrote down every storm and every ship. " * 40
FALLBACK = "written without a model: quotes only"
_SECONDS = 20.0

Asking = Callable[..., Awaitable[Answer]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the reader is told of the draft."""

    by: str
    detail: str
    notes: str


def outcome(answer: Answer) -> Outcome:
    [*_, draft] = [ran for ran in answer.trace if ran.step == "draft"]
    return Outcome(by=draft.by, detail=draft.detail, notes=" | ".join(answer.notes))


@pytest.fixture
async def ask(settings: Settings) -> Asking:
    """`await ask(url, …)`: the answer of an assistant with a short patience; more settings by name."""

    async def one(url: str, **more: object) -> Answer:
        values: dict[str, object] = {
            "embedder": "none", "reranker": "none", "workers": 1, "web": False, "router": "rules",
            "first_token_s": 0.4, "between_tokens_s": 0.4, "seconds": _SECONDS, "model_url": url,
        }  # fmt: skip
        async with Assistant(Settings(home=settings.home, **(values | more))) as fontes:
            seen = Sighting(source="/library/orvay.txt", fetched=utc_now(), title="orvay.txt")
            page = Page(text=TEXT, hash=text_hash(TEXT), title="orvay.txt", language="en", sightings=(seen,))
            await fontes.index.add([page])
            answer = await fontes.ask(QUESTION)
        check(answer)
        return answer

    return one


def check(answer: Answer) -> None:
    """What holds of every answer."""
    assert answer.status in ("answered", "partial", "abstained")
    assert answer.usage.seconds < _SECONDS + 1
    assert min(answer.usage.prompt_tokens, answer.usage.completion_tokens, answer.usage.cached_tokens) >= 0
    for checked in answer.asserted:
        assert all(claim.verdict.label == "supported" and claim.citations for claim in checked.claims)
        assert all(c.quote == TEXT[c.start : c.end] for claim in checked.claims for c in claim.citations)
    told = outcome(answer)
    assert told.by.startswith("model") or FALLBACK in told.notes, "a fallback is said"


def failing(fault: Fault) -> Callable[[Asked], Reply]:
    return lambda asked: Reply(quoting(asked).text, fault=fault)


_SLOW_TO_TEST = ("slow", "refuse")
_HARMLESS = ("wrong_content_type", "no_usage", "negative_tokens", "code_fence", "duplicate_keys", "huge", "slow")


@pytest.mark.parametrize("kind", [pytest.param(k, marks=pytest.mark.slow) if k in _SLOW_TO_TEST else k for k in KINDS])
async def test_a_question_ends_well_whatever_is_wrong_with_every_reply(ask: Asking, kind: str) -> None:
    fault = Fault(kind, after=300 if kind == "lying_context" else 5, seconds=0.05 if kind == "slow" else 0.0)  # type: ignore[arg-type]
    async with ScriptedServer(failing(fault)) as server:
        answer = await ask(server.url, router="auto")
    assert answer.status == "answered"
    assert answer.asserted[0].sentence.text == BUILT
    if kind in _HARMLESS:
        assert outcome(answer).by == "model scripted"


_TRIED_AGAIN = [pytest.param(status, marks=pytest.mark.slow) for status in (429, 500, 503)]


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 413, 422, *_TRIED_AGAIN])
async def test_a_refusal_is_answered_by_quotes_and_names_its_reason(ask: Asking, status: int) -> None:
    async with ScriptedServer(failing(Fault("refuse", status=status, headers={"Retry-After": "0"}))) as server:
        answer = await ask(server.url)
    told = outcome(answer)
    assert told.by == "extractive"
    assert str(status) in told.detail
    assert server.url in told.notes
    assert answer.asserted[0].sentence.text == BUILT


async def test_a_server_that_is_not_there_costs_a_moment_and_a_note(ask: Asking) -> None:
    answer = await ask("http://127.0.0.1:9")
    assert answer.usage.seconds < 5
    assert "http://127.0.0.1:9/v1: it cannot be reached" in outcome(answer).notes


async def test_a_wrong_path_is_answered_by_quotes(ask: Asking) -> None:
    async with ScriptedServer() as server:
        answer = await ask(server.url.replace("/v1", "/api/v3"))
    assert outcome(answer).by == "extractive"
    assert "404" in outcome(answer).detail


async def test_a_wrong_model_is_named_with_those_that_are_served(ask: Asking) -> None:
    async with ScriptedServer(model=("small", "large")) as server:
        answer = await ask(server.url, model="huge")
    told = outcome(answer)
    assert told.by == "extractive"
    assert "'huge'" in told.notes
    assert "small, large" in told.notes


async def test_a_wrong_key_is_said_and_not_shown(ask: Asking) -> None:
    async with ScriptedServer(key="right") as server:
        answer = await ask(server.url, model_key="wr0ng-one")
    assert "401" in outcome(answer).notes
    assert "wr0ng" not in outcome(answer).notes


@pytest.mark.slow
async def test_what_speaks_another_protocol_is_answered_by_quotes(ask: Asking) -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP ready\r\n")
        await writer.drain()
        writer.close()

    deaf = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with deaf:
        answer = await ask(f"http://127.0.0.1:{deaf.sockets[0].getsockname()[1]}/v1")
    assert outcome(answer).by == "extractive"


async def test_a_reply_of_ten_megabytes_is_not_read_to_its_end(ask: Asking) -> None:
    prose = Fault("huge", megabytes=10)
    async with ScriptedServer(lambda _: Reply("Once upon a time, ", fault=prose), obeys_schema=False) as server:
        answer = await ask(server.url)
        longest = max(asked.tokens_sent for asked in server.chats)
    assert outcome(answer).by == "extractive"
    assert "characters" in outcome(answer).notes or "could not be used" in outcome(answer).notes
    assert longest < 3_000_000


@pytest.mark.parametrize("path", ["/v1/models", "/tokenize"])
@pytest.mark.parametrize("kind", ["refuse", "html", "garbage", "not_json", pytest.param("cut", marks=pytest.mark.slow)])
async def test_what_fails_beside_the_chat_does_not_fail_the_question(ask: Asking, path: str, kind: str) -> None:
    async with ScriptedServer(faults={path: Fault(kind, status=404)}) as server:  # type: ignore[arg-type]
        answer = await ask(server.url, model="scripted")
    assert answer.status == "answered"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n",
        "null",
        "[]",
        "{}",
        '{"sentences": null}',
        '{"sentences": [1, null, [], {"text": 5}]}',
        '{"sentences": [{"text": "It is so.", "labels": ["S999"], "quote": "It is so."}]}',
        '{"sentences": [{"text": "It is so.", "labels": [], "quote": ""}]}',
        "<think>What is asked here? It never says.",
        "I would rather not say.",
        '{"sentences": ' + "[" * 5_000,
        "\x00\x01\x02\ud800",
    ],
    ids=range(13),
)  # fmt: skip
async def test_a_reply_that_is_no_draft_asserts_nothing_of_its_own(ask: Asking, text: str) -> None:
    async with ScriptedServer(lambda _: Reply(text)) as server:
        answer = await ask(server.url)
    assert {checked.sentence.text for checked in answer.asserted} <= {
        sentence.strip() for sentence in TEXT.replace(". ", ".\n").splitlines()
    }


async def test_a_model_too_slow_for_the_time_of_the_question_leaves_it_to_quotes(ask: Asking) -> None:
    async with ScriptedServer(tokens_per_s=4.0) as server:
        answer = await ask(server.url, seconds=2.0)
    assert answer.status == "answered"
    assert not answer.cut_short
    assert outcome(answer).by == "extractive"
    assert "it wrote no sentence in the time of the question" in outcome(answer).notes


async def test_a_tokenizer_that_hangs_is_given_up_and_the_bound_counts(
    ask: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fontes.agent.served_models._ASIDE_S", 0.1)
    async with ScriptedServer(faults={"/tokenize": Fault("stall")}) as server:
        answer = await ask(server.url)
        counts = [asked for asked in server.requests if asked.path == "/tokenize"]
    assert outcome(answer).by == "model scripted"
    assert len(counts) <= 4, "tried in two forms, each twice"


async def test_a_server_that_hangs_before_it_names_its_models_is_given_up(
    ask: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fontes.agent.served_models._ASIDE_S", 0.1)
    async with ScriptedServer(faults={"/v1/models": Fault("stall")}) as server:
        answer = await ask(server.url)
    assert outcome(answer).by == "extractive"
    assert answer.usage.seconds < 5


async def test_reasoning_is_shown_nowhere(ask: Asking) -> None:
    def says(asked: Asked) -> Reply:
        return Reply(f"<think>The secret is 4711.</think>{quoting(asked).text}", reasoning="It is 4711, too.")

    async with ScriptedServer(says) as server:
        answer = await ask(server.url)
    assert outcome(answer).by == "model scripted"
    assert "4711" not in repr(answer)


@pytest.mark.parametrize("obeys_schema", [True, False], ids=["schema", "words"])
@pytest.mark.parametrize("responder", [quoting, lambda _: Reply("Let me think. " * 200)], ids=["quoting", "rambling"])
@pytest.mark.parametrize("context", [512, 900, 1_400])
async def test_no_request_is_longer_than_the_context(
    ask: Asking, context: int, responder: Callable[[Asked], Reply], obeys_schema: bool
) -> None:
    async with ScriptedServer(responder, context=context, obeys_schema=obeys_schema) as server:
        await ask(server.url, router="auto")
        lengths = [asked.prompt_tokens + asked.body["max_tokens"] for asked in server.chats]
    assert max(lengths) <= context


async def test_a_context_that_was_lied_about_is_learnt_from_the_first_refusal(ask: Asking) -> None:
    async with ScriptedServer(context=1_100, claims=32_000) as server:
        answer = await ask(server.url)
        too_long = [asked for asked in server.chats if asked.prompt_tokens > 1_100]
    assert outcome(answer).by == "model scripted"
    assert len(too_long) <= 1


async def test_a_server_that_failed_often_is_left_alone_for_a_while(settings: Settings) -> None:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(ScriptedServer(failing(Fault("refuse", status=500))))
        values: dict[str, object] = {
            "embedder": "none",
            "reranker": "none",
            "workers": 1,
            "web": False,
            "router": "rules",
        }
        fontes = await stack.enter_async_context(
            Assistant(Settings(home=settings.home, model_url=server.url, **values))
        )
        seen = Sighting(source="/library/orvay.txt", fetched=utc_now(), title="orvay.txt")
        await fontes.index.add([Page(text=TEXT, hash=text_hash(TEXT), title="", language="en", sightings=(seen,))])
        for _ in range(3):
            answer = await fontes.ask(QUESTION)
            assert answer.status == "answered"
        count = len(server.chats)
        answer = await fontes.ask(QUESTION)
        assert len(server.chats) == count, "not asked"
        assert "several times in a row" in outcome(answer).notes
