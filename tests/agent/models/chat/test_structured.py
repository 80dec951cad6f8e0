"""JSON is read out of what models write, and asked for once more where it cannot be."""

import json
from collections.abc import Callable
from contextlib import suppress

import pytest
from fontes.agent.models.chat import Message
from fontes.agent.models.scripted import Asked, Fault, Reply, ScriptedServer
from fontes.agent.models.structured import json_of, schema_of, structured
from fontes.retrievers.served.errors import BadReply, ServerDown
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

ASKED = (Message(role="system", content="You route."), Message(role="user", content="Where to?"))


class Part(BaseModel):
    text: str
    weight: int = 1


class Route(BaseModel):
    name: str
    parts: list[Part] = []
    default: str | None = None


RIGHT = '{"name": "web", "parts": [], "default": null}'
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1}', {"a": 1}),
        ('```json\n{"a": 1}\n```', {"a": 1}),
        ('```\n{"a": "```"}\n```', {"a": "```"}),
        ('Here you are:\n\n{"a": 1}\n\nAnything else?', {"a": 1}),
        ('As [1] says: {"a": [1, 2]}', {"a": [1, 2]}),
        ('{"a": "two\nlines"}', {"a": "two\nlines"}),
        ("[]", []),
        (" 3 ", 3),
    ],
)
def test_json_is_found_in_words_and_fences(text: str, value: object) -> None:
    assert json_of(text) == value


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "there is no JSON object in it"),
        ("I would rather not.", "there is no JSON object in it"),
        ('{"a": 1', "there is no JSON object in it"),
        ('{"a": 1, "b": 2, "a": 3}', "the key 'a' comes twice"),
        ('Well: {"x": {"a": 1, "a": 1}} {"b": 1}', "the key 'a' comes twice"),
        ('{"a": NaN}', "there is no JSON object in it"),
        ("[" * 100_000, "there is no JSON object in it"),
        ('{"a": ' + "9" * 10_000 + "}", "there is no JSON object in it"),
        ("```" + "\n" * 100_000, "there is no JSON object in it"),
    ],
)
def test_what_is_no_json_is_a_bad_reply_that_says_why(text: str, why: str) -> None:
    with pytest.raises(BadReply) as caught:
        json_of(text)
    assert str(caught.value) == f"the model's reply: {why}"


@given(text=st.one_of(st.text(), st.text(alphabet='{}[]",:` \n\\1aeE-.')))
def test_nothing_but_a_bad_reply_is_raised(text: str) -> None:
    with suppress(BadReply):
        json_of(text)


@given(value=values, before=st.text(alphabet="ab .\n"), after=st.text(alphabet="ab .\n"))
def test_what_was_written_is_read(value: object, before: str, after: str) -> None:
    assert json_of(json.dumps(value)) == value
    assert json_of(f"{before}{json.dumps({'it': value})}{after}") == {"it": value}


def test_a_schema_requires_every_property_and_admits_no_others() -> None:
    schema = schema_of(Route)
    assert schema["required"] == ["name", "parts", "default"]
    assert schema["additionalProperties"] is schema["$defs"]["Part"]["additionalProperties"] is False
    assert "default" in schema["properties"], "a property may be called what a keyword is called"
    assert "default" not in schema["properties"]["parts"]


def says(*replies: str | Reply) -> Callable[[Asked], Reply]:
    rest = iter(replies)

    def respond(asked: Asked) -> Reply:
        reply = next(rest)
        return reply if isinstance(reply, Reply) else Reply(reply)

    return respond


async def test_a_reply_of_the_type_is_asked_for_by_its_schema(chat_at) -> None:
    async with ScriptedServer(says(RIGHT)) as server:
        assert await structured(chat_at(server.url), ASKED, Route, max_tokens=100) == Route(name="web")
    assert server.chats[-1].schema == schema_of(Route)
    assert server.chats[-1].messages == ASKED


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (Reply("The web, I think."), "there is no JSON object in it"),
        (Reply('{"name": 7, "parts": [{"text": null}]}'), "name: Input should be a valid string; parts.0.text:"),
        (Reply(RIGHT, fault=Fault("duplicate_keys")), "the key 'name' comes twice"),
        (Reply(RIGHT, fault=Fault("null_content")), "the reply is empty"),
        (Reply(json.dumps({"name": "web " * 200})), "it was cut at 100 tokens and must be shorter"),
        (Reply(RIGHT, fault=Fault("tool_call")), "called a tool"),
    ],
    ids=["words", "types", "twice", "null", "cut", "tool"],
)
async def test_a_bad_reply_goes_back_once_with_what_was_wrong(bad: Reply, why: str, chat_at) -> None:
    async with ScriptedServer(says(bad, RIGHT)) as server:
        assert await structured(chat_at(server.url), ASKED, Route, max_tokens=100) == Route(name="web")
    again = server.chats[-1].messages
    assert again[: len(ASKED)] == ASKED, "what came first stays first: the server has it in its cache"
    assert [message.role for message in again] == ["system", "user", "assistant", "user"]
    assert why in again[-1].content


async def test_a_code_fence_needs_no_second_try(chat_at) -> None:
    async with ScriptedServer(lambda _: Reply(RIGHT, fault=Fault("code_fence"))) as server:
        assert await structured(chat_at(server.url), ASKED, Route, max_tokens=100) == Route(name="web")
    assert len(server.chats) == 2, "the probe, and one question"


async def test_a_second_bad_reply_is_the_last(chat_at) -> None:
    async with ScriptedServer(says("No.", "No!")) as server:
        with pytest.raises(BadReply, match="there is no JSON object in it"):
            await structured(chat_at(server.url), ASKED, Route, max_tokens=100)
    assert len(server.chats) == 3


async def test_a_server_without_schemas_is_told_the_schema_in_words(chat_at) -> None:
    async with ScriptedServer(says("Hello!", RIGHT), obeys_schema=False) as server:
        assert await structured(chat_at(server.url), ASKED, Route, max_tokens=100) == Route(name="web")
    last = server.chats[-1]
    assert "response_format" not in last.body
    assert [message.role for message in last.messages] == ["system", "user"]
    assert json.dumps(schema_of(Route)) in last.messages[-1].content


async def test_a_server_that_is_down_is_no_bad_reply(chat_at) -> None:
    async with ScriptedServer() as server:
        chat = chat_at(server.url)
        await chat.capabilities()
    with pytest.raises(ServerDown):
        await structured(chat, ASKED, Route, max_tokens=100)
