"""Chat completions, as the openai client and plain HTTP see them."""

import json

import pytest
from fontes.agent.models.scripted import Asked, Reply, ScriptedServer, ToolCall, Unscripted, quoting
from fontes.agent.models.scripted.tokens import split
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openai import AuthenticationError, BadRequestError, InternalServerError, NotFoundError

MESSAGES = [{"role": "user", "content": "When was the lighthouse built?"}]
SAID = "It was built in 1854 — by James Calder, “the elder”."


def says(asked: Asked) -> Reply:
    """Always the same, after some thought."""
    return Reply(SAID, reasoning="Let me think.")


async def test_a_reply_comes_whole_with_its_reasoning_and_its_usage(openai_of) -> None:
    async with ScriptedServer(says) as server:
        reply = await openai_of(server).chat.completions.create(model="scripted", messages=MESSAGES)
    message = reply.choices[0].message
    assert (message.content, message.reasoning, reply.choices[0].finish_reason) == (SAID, "Let me think.", "stop")
    assert reply.usage.completion_tokens == len(split(SAID)) + len(split("Let me think."))
    assert reply.usage.prompt_tokens == server.chats[0].prompt_tokens > len(split(MESSAGES[0]["content"]))
    assert server.chats[0].tokens_sent == reply.usage.completion_tokens


async def test_a_stream_gives_role_pieces_finish_and_the_usage_that_was_asked_for(openai_of) -> None:
    async with ScriptedServer(says) as server:
        stream = await openai_of(server).chat.completions.create(
            model="scripted", messages=MESSAGES, stream=True, stream_options={"include_usage": True}
        )
        chunks = [chunk async for chunk in stream]
    assert chunks[0].choices[0].delta.role == "assistant"
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks[:-1]) == SAID
    assert [chunk.choices[0].finish_reason for chunk in chunks[-3:-1]] == [None, "stop"]
    assert (chunks[-1].choices, chunks[-1].usage.completion_tokens) == ([], server.chats[0].tokens_sent)


async def test_no_usage_is_streamed_unless_it_is_asked_for(events_of, asking) -> None:
    async with ScriptedServer(says) as server:
        events = await events_of(server, asking())
    assert events[-1] == "[DONE]"
    assert not any("usage" in json.loads(event) for event in events[:-1])


async def test_tokens_can_come_several_to_an_event_and_reasoning_under_its_older_name(
    events_of, asking, content_of
) -> None:
    async with ScriptedServer(says, tokens_per_event=8, reasoning_field="reasoning_content") as server:
        events = await events_of(server, asking())
    assert content_of(events) == SAID
    assert content_of(events, "reasoning_content") == "Let me think."
    assert len(events) < len(split(SAID)) / 2


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300), per_event=st.integers(1, 9))
async def test_the_pieces_of_a_stream_are_the_reply(events_of, asking, content_of, text: str, per_event: int) -> None:
    async with ScriptedServer(lambda _: Reply(text), tokens_per_event=per_event) as server:
        assert content_of(await events_of(server, asking())) == text


async def test_the_limit_of_tokens_cuts_the_reply(openai_of, events_of, asking, content_of) -> None:
    async with ScriptedServer(says) as server:
        client = openai_of(server)
        reply = await client.chat.completions.create(model="scripted", messages=MESSAGES, max_completion_tokens=7)
        events = await events_of(server, asking(max_tokens=7))
    head = "".join(split(SAID)[:3])
    assert (reply.choices[0].message.content, reply.choices[0].finish_reason) == (head, "length")
    assert (content_of(events), '"finish_reason":"length"' in events[-2]) == (head, True)
    assert reply.usage.completion_tokens == 7


async def test_tools_can_be_asked_for(openai_of) -> None:
    def calls(_: Asked) -> Reply:
        return Reply("", tools=(ToolCall("open_url", '{"url": "http://x.test"}'),), finish="tool_calls")

    async with ScriptedServer(calls) as server:
        reply = await openai_of(server).chat.completions.create(model="scripted", messages=MESSAGES)
    assert reply.choices[0].message.tool_calls[0].function.name == "open_url"


async def test_a_wrong_model_is_not_found_and_its_name_is_told(openai_of) -> None:
    async with ScriptedServer(model=("one", "two")) as server:
        client = openai_of(server)
        assert [model.id async for model in client.models.list()] == ["one", "two"]
        with pytest.raises(NotFoundError, match="The model `three` does not exist"):
            await client.chat.completions.create(model="three", messages=MESSAGES)


async def test_a_wrong_key_is_refused_where_a_key_is_set(openai_of, session) -> None:
    async with ScriptedServer(key="right") as server:
        with pytest.raises(AuthenticationError):
            await openai_of(server, "wrong").models.list()
        assert (await openai_of(server, "right").models.list()).data
        async with session.get(server.url.removesuffix("/v1") + "/health") as health:
            assert health.status == 200


async def test_a_prompt_over_the_context_is_refused_with_its_length(openai_of, asking) -> None:
    async with ScriptedServer(context=100) as server:
        client = openai_of(server)
        with pytest.raises(BadRequestError) as caught:
            await client.chat.completions.create(
                model="scripted", messages=[{"role": "user", "content": "word " * 200}]
            )
        with pytest.raises(BadRequestError, match="max_tokens=101 cannot be greater than max_model_len=100"):
            await client.chat.completions.create(model="scripted", messages=MESSAGES, max_tokens=101)
    assert "maximum context length is 100 tokens. However, your prompt contains at least 101 " in str(caught.value)
    assert caught.value.body["code"] == 400


async def test_a_reply_gets_what_the_prompt_leaves_of_the_context(openai_of) -> None:
    async with ScriptedServer(lambda _: Reply("word " * 200), context=100) as server:
        reply = await openai_of(server).chat.completions.create(model="scripted", messages=MESSAGES, max_tokens=99)
    assert reply.usage.total_tokens == 100
    assert reply.choices[0].finish_reason == "length"


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b"{}", b'{"messages": []}', b'{"messages": [1]}', b'{"messages": [{"role": "user", "content": 1}]}',
     b'{"messages": [{"role": "user", "content": "x"}], "max_tokens": 0}',
     b'{"messages": [{"role": "user", "content": "x"}], "response_format": {"type": "json_schema"}}'],
)  # fmt: skip
async def test_a_malformed_body_is_a_400_in_json(session, body: bytes) -> None:
    async with ScriptedServer() as server, session.post(f"{server.url}/chat/completions", data=body) as response:
        assert response.status == 400
        assert (await response.json())["error"]["code"] == 400


async def test_content_may_come_in_parts_and_from_roles_of_any_name(openai_of) -> None:
    async with ScriptedServer(lambda asked: Reply(f"{asked.last}|{asked.text}")) as server:
        reply = await openai_of(server).chat.completions.create(
            model="scripted",
            messages=[
                {"role": "developer", "content": "Be brief."},
                {"role": "user", "content": [{"type": "text", "text": "How "}, {"type": "text", "text": "tall?"}]},
            ],
        )
    assert reply.choices[0].message.content == "How tall?|Be brief.\n\nHow tall?"


async def test_the_unscripted_is_a_500_and_fails_the_block(openai_of) -> None:
    def nothing(asked: Asked) -> Reply:
        raise Unscripted(f"nobody scripted {asked.last!r}")

    with pytest.raises(Unscripted, match="nobody scripted"):
        async with ScriptedServer(nothing) as server:
            with pytest.raises(InternalServerError, match="nobody scripted"):
                await openai_of(server).chat.completions.create(model="scripted", messages=MESSAGES)


async def test_a_failure_of_the_block_keeps_the_unscripted_as_a_note(openai_of) -> None:
    def nothing(_: Asked) -> Reply:
        raise Unscripted("nobody scripted it")

    with pytest.raises(InternalServerError) as caught:
        async with ScriptedServer(nothing) as server:
            await openai_of(server).chat.completions.create(model="scripted", messages=MESSAGES)
    assert "nobody scripted it" in caught.value.__notes__[0]


async def test_a_schema_without_a_choice_is_obeyed_without_the_responder(openai_of) -> None:
    only = {
        "type": "object", "properties": {"ok": {"enum": ["yes"]}, "n": {"const": 3}}, "required": ["ok", "n"],
        "additionalProperties": False,
    }  # fmt: skip
    form = {"type": "json_schema", "json_schema": {"name": "probe", "schema": only}}

    async def asked_of(server: ScriptedServer) -> str:
        client = openai_of(server)
        reply = await client.chat.completions.create(model="scripted", messages=MESSAGES, response_format=form)
        return reply.choices[0].message.content

    async with ScriptedServer(says) as server:
        assert json.loads(await asked_of(server)) == {"ok": "yes", "n": 3}
    async with ScriptedServer(says, obeys_schema=False) as server:
        assert await asked_of(server) == SAID
    assert server.chats[0].schema is None


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("structured_outputs", {"json": {"type": "object", "properties": {}}}, "{}"),
        ("structured_outputs", {"choice": ["yes"]}, '"yes"'),
        ("guided_choice", ["yes"], "NO ANSWER"),
    ],
)
async def test_structured_outputs_hold_and_guided_fields_do_not(session, asking, field, value, text) -> None:
    async with (
        ScriptedServer(quoting) as server,
        session.post(f"{server.url}/chat/completions", json=asking(**{field: value})) as response,
    ):
        assert (await response.json())["choices"][0]["message"]["content"] == text


async def test_paths_that_are_not_there_are_404_in_json(session) -> None:
    async with ScriptedServer(tokenizer=False, embeddings=None, rerank=False) as server:
        root = server.url.removesuffix("/v1")
        for path in ("/tokenize", "/v1/embeddings", "/rerank", "/score", "/nowhere"):
            async with session.post(root + path, json={}) as response:
                assert (response.status, await response.json()) == (404, {"detail": "Not Found"})
        async with session.get(root + "/nowhere") as response:
            assert response.status == 404
        async with session.get(root + "/v1/chat/completions") as response:
            assert (response.status, await response.json()) == (405, {"detail": "Method Not Allowed"})
        assert [asked.path for asked in server.requests][-2] == "/nowhere"
