"""A chat through an OpenAI-compatible API: what is sent, what comes out, and what it costs the run."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
from aiohttp import web
from fontes.agent.account import Account, paying
from fontes.agent.budget import Allowance, Budget
from fontes.agent.errors import BudgetExceeded
from fontes.agent.models.scripted import Asked, Fault, Reply, ScriptedServer
from fontes.retrievers.served.errors import BadReply, ReplyCut, ServerDown, ServerRefused

SALT = "Salt comes from rivers, and from vents in the sea floor."
SCHEMA = {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}


def account(**allowance: object) -> Account:
    return Account(budget=Budget(Allowance(**allowance)), tell=lambda _: None)


async def pieces(stream: AsyncIterator[str]) -> list[str]:
    return [piece async for piece in stream]


async def test_a_reply_comes_in_pieces_without_its_reasoning(chat_at, asking) -> None:
    said = Reply(f"<think>Vents?</think>\n{SALT}", reasoning="Rivers?")
    async with ScriptedServer(lambda _: said, tokens_per_s=200) as server:
        got = await pieces(chat_at(server.url).stream(asking()))
    assert "".join(got) == SALT
    assert len(got) > 5


async def test_what_is_sent_is_what_servers_document(chat_at, asking) -> None:
    async with ScriptedServer(lambda _: Reply('{"text": "Salt."}'), key="sesame") as server:
        chat = chat_at(server.url, key="sesame")
        await pieces(chat.stream(asking("Why?", schema=SCHEMA, schema_name="draft", max_tokens=77)))
        body = server.chats[-1].body
    assert body == {
        "model": "scripted",
        "messages": [{"role": "user", "content": "Why?"}],
        "max_tokens": 77,
        "temperature": 0.0,
        "seed": 0,
        "stream": True,
        "stream_options": {"include_usage": True},
        "response_format": {"type": "json_schema", "json_schema": {"name": "draft", "schema": SCHEMA, "strict": True}},
    }
    assert chat.name == "scripted"
    assert "sesame" not in repr(chat._endpoint)


async def test_without_a_seed_none_is_sent(chat_at, asking) -> None:
    async with ScriptedServer(lambda _: Reply(SALT)) as server:
        await pieces(chat_at(server.url).stream(asking(seed=None)))
        assert "seed" not in server.chats[-1].body


@pytest.mark.parametrize(
    ("field", "refusal", "instead"),
    [
        (
            "max_tokens",
            "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
            "max_completion_tokens",
        ),
        ("temperature", "Unsupported value: 'temperature' does not support 0.0 with this model.", None),
        ("seed", "Extra inputs are not permitted: seed", None),
        ("stream_options", "unknown field `stream_options`", None),
    ],
)
async def test_a_field_that_is_refused_is_left_out_from_then_on(
    field: str, refusal: str, instead: str | None, chat_at, asking
) -> None:
    def respond(asked: Asked) -> Reply:
        error = json.dumps({"error": {"message": refusal, "param": field}})
        return Reply(SALT, fault=Fault("refuse", status=400, body=error) if field in asked.body else None)

    async with ScriptedServer(respond) as server:
        chat = chat_at(server.url)
        assert "".join(await pieces(chat.stream(asking(max_tokens=50)))) == SALT
        assert "".join(await pieces(chat.stream(asking(max_tokens=50)))) == SALT
        assert [field in asked.body for asked in server.chats] == [True, False, False]
        if instead:
            assert server.chats[-1].body[instead] == 50


async def test_another_refusal_is_final(chat_at, asking) -> None:
    error = '{"error": {"message": "temperature must be between 0 and 2"}}'
    async with ScriptedServer(lambda _: Reply(fault=Fault("refuse", status=400, body=error))) as server:
        with pytest.raises(ServerRefused, match="temperature must be between"):
            await pieces(chat_at(server.url).stream(asking()))
        assert len(server.chats) == 1


def events(*chunks: object) -> bytes:
    return b"".join(b"data: " + (c if isinstance(c, bytes) else json.dumps(c).encode()) + b"\n\n" for c in chunks)


def chunk(text: str, finish: str | None = None) -> dict[str, object]:
    return {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}]}


async def test_a_server_that_does_not_stream_is_read_all_the_same(answering, chat_at, asking) -> None:
    async def handle(_: web.BaseRequest) -> web.Response:
        return web.json_response({"choices": [{"message": {"content": SALT}, "finish_reason": "stop"}]})

    async with answering(handle) as url:
        assert await pieces(chat_at(url, model="m").stream(asking())) == [SALT]


@pytest.mark.parametrize(
    "body",
    [
        events(chunk("Salt."), chunk("", "stop"), b"[DONE]"),
        events(chunk("Salt."), chunk("", "stop")),
        events(chunk("Salt."), b"[DONE]"),
        events(chunk("Salt.", "stop"), b"[DONE]").rstrip(),
        b": waiting\n\n: waiting\r\n\r\n" + events(chunk("Salt.", "stop")).replace(b"\n", b"\r\n"),
        events(
            {"choices": []}, {"choices": None}, chunk("Salt."), {"usage": {"prompt_tokens": "x"}}, chunk("", "stop")
        ),
        events(chunk("Salt."), {"choices": [{"index": 1, "delta": {"content": "Not this."}}]}, chunk("", "stop")),
    ],
    ids=["usual", "no done", "no finish", "no last line end", "comments, CRLF", "odd chunks", "second choice"],
)
async def test_streams_end_in_more_than_one_way(body: bytes, answering, chat_at, asking) -> None:
    async def handle(_: web.BaseRequest) -> web.Response:
        return web.Response(body=body, content_type="text/event-stream")

    async with answering(handle) as url:
        assert await pieces(chat_at(url, model="m").stream(asking())) == ["Salt."]


async def test_an_error_in_the_midst_of_a_stream_ends_it(answering, chat_at, asking) -> None:
    async def handle(_: web.BaseRequest) -> web.Response:
        body = events(chunk("Salt "), {"error": {"message": "the engine died", "code": 500}}, b"[DONE]")
        return web.Response(body=body, content_type="text/event-stream")

    async with answering(handle) as url:
        got = ""
        with pytest.raises(ServerDown, match="the engine died"):
            async for piece in chat_at(url, model="m").stream(asking()):
                got += piece
    assert got == "Salt "


async def test_a_connection_that_breaks_after_the_finish_reason_breaks_nothing(answering, chat_at, asking) -> None:
    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(events(chunk("Salt."), chunk("", "stop")))
        assert request.transport
        request.transport.close()
        return response

    async with answering(handle) as url:
        assert await pieces(chat_at(url, model="m").stream(asking())) == ["Salt."]


async def test_reasoning_whose_start_the_template_sets_is_learnt_from_the_first_reply(chat_at, asking) -> None:
    said = Reply(f"Rivers, perhaps.</think>{SALT}")
    async with ScriptedServer(lambda _: said, tokenizer=False, tokens_per_s=200) as server:
        chat = chat_at(server.url)
        await chat.capabilities()
        with pytest.raises(BadReply, match="reasoning that was not marked"):
            await pieces(chat.stream(asking()))
        assert "".join(await pieces(chat.stream(asking()))) == SALT


async def test_leaving_a_stream_tells_the_server_to_stop(chat_at, asking) -> None:
    async with ScriptedServer(lambda _: Reply("salt " * 2_000), tokens_per_s=200) as server:
        async with aclosing(chat_at(server.url).stream(asking(max_tokens=4_000))) as stream:
            assert await anext(stream) == "salt"
        await asyncio.wait_for(server.chats[0].ended.wait(), 5)
        assert server.chats[0].cancelled
        assert server.chats[0].tokens_sent < 200


async def test_a_cancelled_question_stops_the_server_and_is_booked(chat_at, asking) -> None:
    paid = account()
    async with ScriptedServer(lambda _: Reply(SALT), first_token_s=60) as server:

        async def ask() -> None:
            with paying(paid):
                await pieces(chat_at(server.url, first_token_s=60.0).stream(asking()))

        task = asyncio.create_task(ask())
        asked = await server.arrival()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(asked.ended.wait(), 5)
        assert asked.cancelled
    assert paid.calls == 1
    assert paid.budget.spent("tokens") == paid.prompt_tokens >= asked.prompt_tokens
    assert paid.budget._reserved["tokens"] == 0


async def test_a_call_is_booked_as_the_server_counts_it(chat_at, asking) -> None:
    paid = account(tokens=10_000, money=1.0)
    async with ScriptedServer(lambda _: Reply(SALT)) as server:
        chat = chat_at(server.url, price_in=2.0, price_out=8.0)
        with paying(paid):
            await pieces(chat.stream(asking("salt " * 200)))
            await pieces(chat.stream(asking("salt " * 200)))
        prompt, completion = server.chats[0].prompt_tokens, server.chats[0].tokens_sent
    assert (paid.calls, paid.prompt_tokens, paid.completion_tokens) == (2, 2 * prompt, paid.completion_tokens)
    assert 0 < paid.completion_tokens <= 2 * completion
    assert paid.cached_tokens > 0
    assert paid.budget.spent("tokens") == paid.prompt_tokens + paid.completion_tokens
    spent = (paid.prompt_tokens * 2.0 + paid.completion_tokens * 8.0) / 1_000_000
    assert paid.budget.spent("money") == pytest.approx(spent)


@pytest.mark.parametrize("kind", ["no_usage", "negative_tokens"])
async def test_where_the_server_does_not_count_it_is_estimated(kind: str, chat_at, asking) -> None:
    paid = account(tokens=10_000)
    async with ScriptedServer(lambda _: Reply(SALT, fault=Fault(kind))) as server:
        with paying(paid):
            await pieces(chat_at(server.url).stream(asking()))
        assert server.chats[0].prompt_tokens <= paid.prompt_tokens < 200
        assert 10 <= paid.completion_tokens <= 30
        assert paid.budget.spent("tokens") == paid.prompt_tokens + paid.completion_tokens


@pytest.mark.parametrize("allowance", [{"tokens": 300}, {"money": 0.000_001}])
async def test_what_the_budget_does_not_hold_is_not_asked(allowance: dict[str, float], chat_at, asking) -> None:
    paid = account(**allowance)
    async with ScriptedServer(lambda _: Reply(SALT)) as server:
        with paying(paid), pytest.raises(BudgetExceeded):
            await pieces(chat_at(server.url, price_in=1.0, price_out=1.0).stream(asking(max_tokens=400)))
        assert not server.chats
    assert paid.calls == 0
    assert not any(paid.budget._reserved.values())


async def test_a_call_that_never_reached_the_model_costs_nothing(chat_at, asking) -> None:
    paid = account(tokens=10_000)
    async with ScriptedServer(lambda _: Reply(fault=Fault("refuse", status=401))) as server:
        with paying(paid), pytest.raises(ServerRefused):
            await pieces(chat_at(server.url).stream(asking()))
    assert (paid.calls, paid.budget.spent("tokens"), paid.budget.left("tokens")) == (0, 0, 10_000)


async def test_a_model_that_reasons_gets_room_for_it(chat_at, asking) -> None:
    async with ScriptedServer(lambda _: Reply(SALT, reasoning="rivers " * 200), obeys_schema=False) as server:
        chat = chat_at(server.url)
        assert (await chat.capabilities()).reasons
        assert "".join(await pieces(chat.stream(asking(max_tokens=100)))) == SALT
        assert server.chats[-1].body["max_tokens"] == 100 + 4_096


async def test_a_cut_reply_keeps_what_came(chat_at, asking) -> None:
    got = ""
    async with ScriptedServer(lambda _: Reply(SALT)) as server:
        with pytest.raises(ReplyCut, match="limit of tokens before the end"):
            async for piece in chat_at(server.url).stream(asking(max_tokens=4)):
                got += piece
    assert SALT.startswith(got)
    assert got
