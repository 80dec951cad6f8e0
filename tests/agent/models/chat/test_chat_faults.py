"""What servers do wrong, each as an error that says what it is; what came before it stands."""

import asyncio

import pytest
from fontes.agent.account import Account, paying
from fontes.agent.budget import Allowance, Budget
from fontes.agent.models.scripted import Asked, Fault, Reply, ScriptedServer, ToolCall
from fontes.retrievers.served.errors import (
    BadReply,
    PromptTooLong,
    ReplyCut,
    ServedError,
    ServerBusy,
    ServerDown,
    ServerRefused,
    ServerStalled,
)

SALT = "Salt comes from rivers, and from vents in the sea floor."


async def collected(chat, request) -> tuple[str, ServedError | None]:
    text = ""
    try:
        async for piece in chat.stream(request):
            text += piece
    except ServedError as error:
        return text, error
    return text, None


@pytest.mark.parametrize(
    ("fault", "kind", "why"),
    [
        (Fault("refuse", status=401), ServerRefused, "it wants a key, and none is set"),
        (Fault("refuse", status=403), ServerRefused, "key"),
        (Fault("refuse", status=404), ServerRefused, "no such model, or nothing at this address"),
        (Fault("refuse", status=429, headers={"Retry-After": "100"}), ServerBusy, "it asks to wait"),
        (Fault("refuse", status=400, body="what is this?"), ServerRefused, "what is this?"),
        (Fault("html"), BadReply, "a web page came"),
        (Fault("not_json"), BadReply, "what it sent is no chat completion"),
        (Fault("garbage"), BadReply, "what it sent is no chat completion"),
        (Fault("empty_choices"), BadReply, "the reply is empty"),
        (Fault("null_content"), BadReply, "the reply is empty"),
        (Fault("tool_call"), BadReply, "called a tool, which nobody offered"),
        (Fault("think_unclosed"), BadReply, "reasoned and did not come to a reply"),
        (Fault("huge", megabytes=1), BadReply, "its reply has more than 400,000 characters"),
        (Fault("huge", megabytes=12), BadReply, "its reply"),
    ],
    ids=lambda value: value.kind + str(value.status or "") if isinstance(value, Fault) else "",
)
async def test_a_reply_that_is_none_is_an_error_that_says_why(fault, kind, why: str, chat_at, asking) -> None:
    async with ScriptedServer(lambda _: Reply(SALT if fault.kind != "tool_call" else "", fault=fault)) as server:
        text, error = await collected(chat_at(server.url), asking())
        assert len(server.chats) == 1, "the same would come again"
    assert isinstance(error, kind)
    assert why in str(error)
    assert server.url in str(error)
    assert len(text) <= 400_000


async def test_a_server_that_fails_is_tried_again_and_then_down(chat_at, asking) -> None:
    async with ScriptedServer(lambda _: Reply(fault=Fault("refuse", status=500))) as server:
        text, error = await collected(chat_at(server.url), asking())
        assert len(server.chats) > 1
    assert (text, type(error)) == ("", ServerDown)
    assert "HTTP 500" in str(error)


async def test_a_busy_server_is_waited_for(chat_at, asking) -> None:
    faults = iter([Fault("refuse", status=429, headers={"Retry-After": "0"}), Fault("refuse", status=500), None])
    async with ScriptedServer(lambda _: Reply(SALT, fault=next(faults))) as server:
        assert await collected(chat_at(server.url), asking()) == (SALT, None)


async def test_nothing_is_tried_again_beyond_the_end_of_the_run(chat_at, asking) -> None:
    over = Account(budget=Budget(Allowance()), tell=lambda _: None, ends=0.0)
    async with ScriptedServer(lambda _: Reply(SALT)) as server:
        with paying(over):
            text, error = await collected(chat_at(server.url), asking())
    assert (text, type(error)) == ("", ServerStalled)


async def test_where_nobody_listens_the_server_is_down(chat_at, asking) -> None:
    async with ScriptedServer() as server:
        pass
    text, error = await collected(chat_at(server.url, model="scripted"), asking())
    assert (text, type(error)) == ("", ServerDown)
    assert "cannot be reached" in str(error)


async def test_a_path_that_leads_nowhere_is_refused(chat_at, asking) -> None:
    async with ScriptedServer() as server:
        _, error = await collected(chat_at(server.url + "/v2", model="scripted"), asking())
    assert isinstance(error, ServerRefused)


async def test_an_unknown_model_is_refused(chat_at, asking) -> None:
    async with ScriptedServer(lambda _: Reply(SALT)) as server:
        _, error = await collected(chat_at(server.url, model="gpt-0"), asking())
    assert isinstance(error, ServerRefused)
    assert "gpt-0" in str(error)


async def test_a_wrong_key_is_refused_and_not_shown(chat_at, asking) -> None:
    async with ScriptedServer(lambda _: Reply(SALT), key="sesame") as server:
        _, error = await collected(chat_at(server.url, key="open-barley", model="scripted"), asking())
    assert isinstance(error, ServerRefused)
    assert "it refuses the key" in str(error)
    assert "barley" not in repr(error)


async def test_a_cut_stream_is_not_begun_anew_once_something_came(chat_at, asking) -> None:
    async with ScriptedServer(lambda _: Reply(SALT, fault=Fault("cut", after=4))) as server:
        text, error = await collected(chat_at(server.url), asking())
        assert len(server.chats) == 1
    assert SALT.startswith(text)
    assert text
    assert type(error) is ServerDown
    assert "hung up" in str(error)


async def test_a_stream_that_is_cut_before_the_first_token_is_begun_anew(chat_at, asking) -> None:
    faults = iter([Fault("cut"), None])
    async with ScriptedServer(lambda _: Reply(SALT, fault=next(faults))) as server:
        assert await collected(chat_at(server.url), asking()) == (SALT, None)


async def test_a_first_token_is_not_waited_for_without_end(chat_at, asking) -> None:
    async with ScriptedServer(lambda _: Reply(SALT, fault=Fault("stall"))) as server:
        text, error = await collected(chat_at(server.url, first_token_s=0.1), asking())
        for asked in server.chats:
            await asked.ended.wait()
        assert [asked.cancelled for asked in server.chats] == [True, True], "tried once more, not oftener"
    assert (text, type(error)) == ("", ServerStalled)
    assert "a first token within 0.1 s" in str(error)


async def test_nor_is_another_one(chat_at, asking) -> None:
    async with ScriptedServer(lambda _: Reply(SALT, fault=Fault("stall", after=4))) as server:
        text, error = await collected(chat_at(server.url, between_tokens_s=0.1), asking())
        await server.chats[0].ended.wait()
        assert server.chats[0].cancelled
    assert SALT.startswith(text)
    assert text
    assert isinstance(error, ServerStalled)
    assert "another token within 0.1 s" in str(error)


async def test_a_reader_who_takes_long_is_not_the_servers_fault(chat_at, asking) -> None:
    got = ""
    async with ScriptedServer(lambda _: Reply(SALT), tokens_per_s=50) as server:
        async for piece in chat_at(server.url, between_tokens_s=0.2).stream(asking()):
            got += piece
            if got == piece:
                await asyncio.sleep(0.3)  # longer than a token is waited for
    assert got == SALT


@pytest.mark.parametrize("kind", ["garbage", "not_json", "cut"])
async def test_what_came_before_stands(kind, chat_at, asking) -> None:
    async with ScriptedServer(lambda _: Reply(SALT, fault=Fault(kind, after=6))) as server:
        text, error = await collected(chat_at(server.url), asking())
    assert SALT.startswith(text)
    assert len(text) > 10
    assert isinstance(error, ServerDown if kind == "cut" else BadReply)


async def test_a_right_reply_under_a_wrong_content_type_is_read(chat_at, asking) -> None:
    async with ScriptedServer(lambda _: Reply(SALT, fault=Fault("wrong_content_type"))) as server:
        assert await collected(chat_at(server.url), asking()) == (SALT, None)


async def test_a_tool_call_beside_a_reply_is_passed_over(chat_at, asking) -> None:
    async with ScriptedServer(lambda _: Reply(SALT, tools=(ToolCall("open_url"),))) as server:
        assert await collected(chat_at(server.url), asking()) == (SALT, None)


async def test_reasoning_that_uses_up_the_tokens_is_a_cut_reply(chat_at, asking) -> None:
    async with ScriptedServer(lambda _: Reply(SALT, reasoning="rivers " * 50)) as server:
        text, error = await collected(chat_at(server.url), asking(max_tokens=20))
    assert (text, type(error)) == ("", ReplyCut)
    assert "before its reply began" in str(error)


async def test_a_filter_that_ends_the_reply_cuts_it(chat_at, asking) -> None:
    async with ScriptedServer(lambda _: Reply(SALT, finish="content_filter")) as server:
        text, error = await collected(chat_at(server.url), asking())
    assert (text, type(error)) == (SALT, ReplyCut)


async def test_a_context_that_is_smaller_than_was_said_is_remembered(tmp_path, chat_at, asking) -> None:
    cache = tmp_path / "models.json"

    def respond(asked: Asked) -> Reply:
        return Reply(SALT, fault=Fault("lying_context", after=300))

    async with ScriptedServer(respond, context=8_192) as server:
        chat = chat_at(server.url, cache=cache)
        assert (await chat.capabilities()).context == 8_192
        _, error = await collected(chat, asking("salt " * 600))
        assert isinstance(error, PromptTooLong)
        assert error.limit == 300
        assert (await chat.capabilities()).context == 300
        again = await chat_at(server.url, cache=cache).capabilities()
    assert again.context == 300
    assert "300 tokens, as it said when a prompt was too long" in " ".join(again.notes)


async def test_a_context_that_is_set_counts_more_than_what_the_server_says(chat_at, asking) -> None:
    async with ScriptedServer(context=8_192) as server:
        assert (await chat_at(server.url, context=4_000).capabilities()).context == 4_000
