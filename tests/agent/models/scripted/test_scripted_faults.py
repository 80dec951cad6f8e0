"""Every fault: what a client gets to see of it, whole and streamed."""

import asyncio
import json

import aiohttp
import pytest
from fontes.agent.models.scripted import Asked, Fault, Reply, ScriptedServer, ToolCall
from fontes.agent.models.scripted.faults import AT_ANY_PATH, KINDS
from fontes.agent.models.scripted.tokens import split
from openai import (
    APIConnectionError,
    APITimeoutError,
    BadRequestError,
    InternalServerError,
    RateLimitError,
)

DRAFT = '{"sentences": [{"text": "It was built in 1854.", "labels": ["S1"], "quote": "built in 1854"}]}'
SCHEMA = {"properties": {"sentences": {"items": {"properties": {"labels": {"items": {"enum": ["S1", "so-so"]}}}}}}}


def failing(kind: str, text: str = DRAFT, **more: object) -> ScriptedServer:
    """A server whose every reply has the fault."""
    return ScriptedServer(lambda _: Reply(text, fault=Fault(kind, **more)))


async def whole(openai_of, asking, server: ScriptedServer) -> object:
    """The reply in one piece."""
    async with server:
        return await openai_of(server).chat.completions.create(**asking())


@pytest.mark.parametrize("is_stream", [False, True])
async def test_a_refusal_has_its_status_its_headers_and_a_json_error(session, asking, is_stream: bool) -> None:
    async with (
        failing("refuse", status=429, headers={"Retry-After": "2"}, body="Slow down") as server,
        session.post(f"{server.url}/chat/completions", json=asking(stream=is_stream)) as response,
    ):
        assert (response.status, response.headers["Retry-After"]) == (429, "2")
        assert (await response.json())["error"]["message"] == "Slow down"


@pytest.mark.parametrize(
    ("status", "kind"), [(0, InternalServerError), (503, InternalServerError), (429, RateLimitError)]
)
async def test_the_openai_client_knows_refusals_by_their_status(openai_of, asking, status: int, kind: type) -> None:
    with pytest.raises(kind):
        await whole(openai_of, asking, failing("refuse", status=status))


async def test_a_refusal_may_bring_its_own_json(session, asking) -> None:
    async with (
        failing("refuse", status=409, body='{"detail": "no"}') as server,
        session.post(f"{server.url}/chat/completions", json=asking()) as response,
    ):
        assert (response.status, await response.json()) == (409, {"detail": "no"})


@pytest.mark.parametrize("is_stream", [False, True])
async def test_html_is_a_page_with_status_200(session, asking, is_stream: bool) -> None:
    async with (
        failing("html") as server,
        session.post(f"{server.url}/chat/completions", json=asking(stream=is_stream)) as response,
    ):
        assert (response.status, response.content_type) == (200, "text/html")
        assert "<html>" in await response.text()


async def test_a_cut_stream_ends_after_its_tokens_without_a_finish(openai_of, asking) -> None:
    pieces: list[str] = []
    async with failing("cut", after=4) as server:
        with pytest.raises(APIConnectionError):
            async for chunk in await openai_of(server).chat.completions.create(**asking(), stream=True):
                pieces.append(chunk.choices[0].delta.content)
                assert chunk.choices[0].finish_reason is None
        await server.chats[0].ended.wait()
    assert "".join(pieces) == "".join(split(DRAFT)[:4])
    assert (server.chats[0].tokens_sent, server.metrics.running) == (4, 0)


async def test_a_whole_reply_that_is_cut_lacks_its_second_half(session, asking) -> None:
    async with failing("cut") as server, session.post(f"{server.url}/chat/completions", json=asking()) as response:
        with pytest.raises(aiohttp.ClientPayloadError):
            await response.read()


@pytest.mark.parametrize("after", [0, 3])
async def test_a_stalled_stream_says_its_tokens_and_then_nothing(openai_of, asking, after: int) -> None:
    pieces: list[str] = []
    async with failing("stall", after=after) as server:
        client = openai_of(server).with_options(timeout=0.2)
        with pytest.raises(APITimeoutError):
            async for chunk in await client.chat.completions.create(**asking(), stream=True):
                pieces += [chunk.choices[0].delta.content]
        await server.chats[0].ended.wait()
        assert server.chats[0].cancelled
    assert "".join(pieces) == "".join(split(DRAFT)[:after])


async def test_a_stalled_whole_reply_never_comes(openai_of, asking) -> None:
    async with failing("stall") as server:
        with pytest.raises(APITimeoutError):
            await openai_of(server).with_options(timeout=0.2).chat.completions.create(**asking())
        await server.chats[0].ended.wait()
    assert server.chats[0].cancelled


async def test_a_stall_of_some_seconds_goes_on_after_them(events_of, asking, content_of) -> None:
    async with failing("stall", after=2, seconds=0.05) as server:
        assert content_of(await events_of(server, asking())) == DRAFT


async def test_the_end_of_the_server_ends_a_stall_and_that_is_no_cancelling(session, asking) -> None:
    async with failing("stall") as server:
        asking_task = asyncio.create_task(session.post(f"{server.url}/chat/completions", json=asking()))
        await server.arrival()
    with pytest.raises(aiohttp.ClientError):
        await asking_task
    assert server.chats[0].ended.is_set()
    assert not server.chats[0].cancelled


async def test_slow_takes_its_seconds_for_each_token(events_of, asking, content_of) -> None:
    loop = asyncio.get_running_loop()
    async with failing("slow", text="one two three", seconds=0.03) as server:
        started = loop.time()
        assert content_of(await events_of(server, asking())) == "one two three"
        assert loop.time() - started >= 4 * 0.03  # the end mark is a token too


async def test_choices_can_be_empty(openai_of, asking, events_of) -> None:
    async with failing("empty_choices") as server:
        assert (await openai_of(server).chat.completions.create(**asking())).choices == []
        events = await events_of(server, asking())
    assert [json.loads(event)["choices"] for event in events[:-1]] == [[]]


async def test_content_can_be_null(openai_of, asking, events_of, content_of) -> None:
    async with failing("null_content") as server:
        reply = await openai_of(server).chat.completions.create(**asking())
        events = await events_of(server, asking())
    assert reply.choices[0].message.content is None
    assert content_of(events) == ""


async def test_a_tool_nobody_offered_is_called(openai_of, asking, events_of) -> None:
    async with failing("tool_call") as server:
        choice = (await openai_of(server).chat.completions.create(**asking())).choices[0]
        events = await events_of(server, asking())
    assert (choice.message.content, choice.finish_reason) == (None, "tool_calls")
    assert choice.message.tool_calls[0].function.name == "open_url"
    assert any("tool_calls" in event and "open_url" in event for event in events)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("think_unclosed", f"<think>\nFirst, what is asked here? {DRAFT}"),
        ("code_fence", f"```json\n{DRAFT}\n```"),
        ("bad_label", DRAFT.replace("S1", "S999")),
    ],
)
async def test_the_text_is_spoiled_alike_whole_and_streamed(
    openai_of, asking, events_of, content_of, kind, text
) -> None:
    async with failing(kind) as server:
        reply = await openai_of(server).chat.completions.create(**asking())
        assert content_of(await events_of(server, asking())) == reply.choices[0].message.content == text


async def test_words_of_an_enum_become_labels_that_nobody_offered(openai_of, asking) -> None:
    form = {"type": "json_schema", "json_schema": {"name": "reply", "schema": SCHEMA}}
    async with failing("bad_label", text='["so-so"]') as server:
        reply = await openai_of(server).chat.completions.create(**asking(response_format=form))
    assert reply.choices[0].message.content == '["S999"]'


async def test_keys_can_come_twice_with_the_second_value_empty(openai_of, asking) -> None:
    reply = await whole(openai_of, asking, failing("duplicate_keys"))
    pairs = json.loads(reply.choices[0].message.content, object_pairs_hook=list)
    assert [key for key, _ in pairs] == ["sentences", "sentences"]
    assert pairs[1][1] == []
    assert [key for key, _ in pairs[0][1][0]] == ["text", "labels", "quote"] * 2


async def test_text_that_is_no_json_keeps_its_keys(openai_of, asking) -> None:
    reply = await whole(openai_of, asking, failing("duplicate_keys", text="plain"))
    assert reply.choices[0].message.content == "plain"


async def test_huge_is_of_its_megabytes_whatever_the_limit_of_tokens(openai_of, asking, events_of, content_of) -> None:
    async with failing("huge", megabytes=1.5) as server:
        reply = await openai_of(server).chat.completions.create(**asking(max_tokens=5))
        streamed = content_of(await events_of(server, asking(max_tokens=5)))
    assert reply.choices[0].message.content == streamed
    assert streamed.startswith(DRAFT)
    assert 1_500_000 <= len(streamed) < 1_500_100


async def test_token_counts_can_be_negative_or_missing(openai_of, asking, events_of) -> None:
    usage = (await whole(openai_of, asking, failing("negative_tokens"))).usage
    assert max(usage.prompt_tokens, usage.completion_tokens, usage.total_tokens) < 0
    assert (await whole(openai_of, asking, failing("no_usage"))).usage is None
    async with failing("no_usage") as server:
        events = await events_of(server, asking(stream_options={"include_usage": True}))
    assert not any("usage" in json.loads(event) for event in events[:-1])


@pytest.mark.parametrize("kind", ["not_json", "garbage"])
async def test_what_comes_is_no_json(session, asking, kind: str) -> None:
    async with failing(kind, after=2) as server:
        async with session.post(f"{server.url}/chat/completions", json=asking()) as response:
            assert (response.status, response.content_type) == (200, "application/json")
            with pytest.raises(ValueError, match=r"codec|Expecting"):
                json.loads(await response.read())
        async with session.post(f"{server.url}/chat/completions", json=asking(stream=True)) as response:
            events = (await response.read()).split(b"\n\n")
    head = [json.loads(event.removeprefix(b"data: ")) for event in events[:3]]
    assert [row["choices"][0]["delta"]["content"] for row in head] == ["", *split(DRAFT)[:2]]
    with pytest.raises(ValueError, match=r"codec|Expecting"):
        json.loads(b"".join(events[3:]).removeprefix(b"data: "))


async def test_the_content_type_can_be_wrong(session, asking) -> None:
    async with failing("wrong_content_type") as server:
        for is_stream in (False, True):
            async with session.post(f"{server.url}/chat/completions", json=asking(stream=is_stream)) as response:
                assert response.content_type == "text/plain"
                assert b"chat.completion" in await response.read()


async def test_a_context_is_claimed_that_is_not_there(openai_of, asking) -> None:
    server = ScriptedServer(lambda _: Reply("x", fault=Fault("lying_context", after=50)), claims=131_072)
    async with server:
        client = openai_of(server)
        assert (await client.models.list()).data[0].max_model_len == 131_072
        assert (await client.chat.completions.create(**asking())).choices[0].message.content == "x"
        with pytest.raises(BadRequestError, match="maximum context length is 50 tokens"):
            await client.chat.completions.create(**asking("word " * 60))


@pytest.mark.parametrize("kind", sorted(AT_ANY_PATH - {"stall", "cut", "slow"}))
async def test_paths_fail_by_themselves_and_only_while_told_to(session, kind: str) -> None:
    async with ScriptedServer() as server:
        server.faults["/v1/models"] = Fault(kind, status=404)
        async with session.get(f"{server.url}/models") as response:
            spoiled = (response.status, response.content_type, await response.read())
        del server.faults["/v1/models"]
        async with session.get(f"{server.url}/models") as response:
            assert (response.status, response.content_type, await response.read()) != spoiled


async def test_a_fault_of_the_chat_path_strikes_every_reply(openai_of, asking) -> None:
    with pytest.raises(InternalServerError):
        await whole(openai_of, asking, ScriptedServer(faults={"/v1/chat/completions": Fault("refuse")}))


async def test_a_fault_of_chats_is_none_of_another_path(session) -> None:
    with pytest.raises(ValueError, match="huge is a fault of chats"):
        async with (
            ScriptedServer(faults={"/v1/models": Fault("huge")}) as server,
            session.get(f"{server.url}/models") as response,
        ):
            assert response.status == 500


def test_an_unknown_fault_names_those_there_are() -> None:
    with pytest.raises(ValueError, match="'tired' is no fault; there are bad_label, code_fence"):
        Fault("tired")  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
async def test_no_fault_is_a_failure_of_the_server_itself(session, asking, kind: str, caplog) -> None:
    def says(asked: Asked) -> Reply:
        fault = Fault(kind, after=1, seconds=0.002, megabytes=0.1)
        return Reply(DRAFT, reasoning="Hm.", tools=(ToolCall("look"),), fault=fault)

    async with ScriptedServer(says) as server:
        for is_stream in (False, True):
            try:
                async with session.post(f"{server.url}/chat/completions", json=asking(stream=is_stream)) as response:
                    await response.read()
            except aiohttp.ClientPayloadError:
                assert kind == "cut"
        await asyncio.gather(*(asked.ended.wait() for asked in server.chats))
        assert server.metrics.running == 0
    assert not caplog.records


def test_every_fault_is_described() -> None:
    assert all(f"\n    {kind} " in (Fault.__doc__ or "") for kind in KINDS)
