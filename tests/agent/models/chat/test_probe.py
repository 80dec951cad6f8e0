"""A model server is asked once what it can do; what it does not show is taken for granted, and said."""

import asyncio
import json

import pytest
from aiohttp import web
from fontes.agent.models.known_models import KnownModels
from fontes.agent.models.probe import probe, served_models
from fontes.agent.models.scripted import Asked, Fault, Reply, ScriptedServer
from fontes.agent.models.tokens import TokenCounter, most_tokens
from fontes.retrievers.served.errors import BadReply, ServerDown, ServerRefused

SALT = "Salt comes from rivers, and from vents in the sea floor."


def hello(_: Asked) -> Reply:
    return Reply("Hello!")


def paths(server: ScriptedServer) -> list[str]:
    return [asked.path for asked in server.requests]


async def test_a_server_with_everything_has_nothing_to_be_noted(chat_at) -> None:
    async with ScriptedServer(hello, model=("small", "large"), context=4_096) as server:
        found = await chat_at(server.url, model="large").capabilities()
    assert (found.model, found.models, found.context) == ("large", ("small", "large"), 4_096)
    assert found.obeys_schema
    assert found.streams
    assert found.counts_tokens
    assert not found.reasons
    assert found.notes == ()


async def test_it_costs_two_requests_and_a_chat_of_a_few_tokens(chat_at) -> None:
    async with ScriptedServer(hello) as server:
        await chat_at(server.url, model="scripted").capabilities()
        assert paths(server) == ["/v1/models", "/v1/chat/completions", "/tokenize"]
        (chat,) = server.chats
    assert chat.body["max_tokens"] <= 16
    assert chat.prompt_tokens < 40


async def test_many_at_once_probe_once(chat_at) -> None:
    async with ScriptedServer(hello) as server:
        chat = chat_at(server.url)
        await asyncio.gather(*(chat.capabilities() for _ in range(20)))
        assert len(server.chats) == 1


async def test_the_outcome_is_kept_between_processes_and_asked_anew_where_that_is_wanted(tmp_path, chat_at) -> None:
    cache = tmp_path / "home" / "models.json"
    async with ScriptedServer(hello) as server:
        first = await chat_at(server.url, model="scripted", cache=cache).capabilities()
        before = len(server.requests)
        assert await chat_at(server.url, model="scripted", cache=cache).capabilities() == first
        assert len(server.requests) == before
        await chat_at(server.url, model="scripted", cache=cache).capabilities(is_fresh=True)
        assert len(server.chats) == 2
    assert "sesame" not in cache.read_text()


async def test_a_server_that_takes_no_notice_of_schemas_is_found_out(chat_at) -> None:
    async with ScriptedServer(hello, obeys_schema=False) as server:
        found = await chat_at(server.url).capabilities()
    assert not found.obeys_schema
    assert found.notes == ("it does not obey JSON schemas: replies are asked for in words, and repaired once",)


async def test_a_server_that_refuses_schemas_is_asked_without(chat_at, asking) -> None:
    def respond(asked: Asked) -> Reply:
        is_held = "response_format" in asked.body
        return Reply("Hello!", fault=Fault("refuse", status=400, body="no response_format here") if is_held else None)

    async with ScriptedServer(respond, obeys_schema=False) as server:
        chat = chat_at(server.url)
        assert not (await chat.capabilities()).obeys_schema
        assert [piece async for piece in chat.stream(asking(schema={"type": "object"}))]
        assert len(server.chats) == 3


async def test_a_context_that_is_not_said_and_a_tokenizer_that_is_not_there_are_noted(chat_at) -> None:
    listed = Fault("not_json", body='{"data": [{"id": "scripted"}]}')
    async with ScriptedServer(hello, tokenizer=False, faults={"/v1/models": listed}) as server:
        chat = chat_at(server.url)
        found = await chat.capabilities()
        assert await chat.count(SALT) == most_tokens(SALT)
    assert (found.context, found.counts_tokens) == (None, False)
    assert [note.partition(":")[0] for note in found.notes] == [
        "it does not count tokens",
        "it does not say its context length",
    ]


@pytest.mark.parametrize("fault", [Fault("refuse", status=404), Fault("html"), Fault("not_json")])
async def test_a_server_that_lists_no_models_is_used_all_the_same(fault: Fault, chat_at) -> None:
    async with ScriptedServer(hello, faults={"/v1/models": fault}) as server:
        found = await chat_at(server.url, model="scripted").capabilities()
    assert (found.models, found.obeys_schema, found.context) == ((), True, 8_192)


async def test_a_model_that_is_not_served_is_refused_with_those_that_are(chat_at) -> None:
    async with ScriptedServer(hello, model=("small", "large")) as server:
        with pytest.raises(ServerRefused, match=r"it has no model 'medium'; it serves small, large"):
            await chat_at(server.url, model="medium").capabilities()


async def test_a_wrong_key_is_refused(chat_at) -> None:
    async with ScriptedServer(hello, key="sesame") as server:
        with pytest.raises(ServerRefused, match="it refuses the key"):
            await chat_at(server.url, key="barley", model="scripted").capabilities()


async def test_a_server_that_is_down_is_down(chat_at) -> None:
    async with ScriptedServer(hello) as server:
        pass
    chat = chat_at(server.url, model="scripted")
    with pytest.raises(ServerDown):
        await chat.capabilities()
    assert await chat.count(SALT) == most_tokens(SALT)


@pytest.mark.parametrize("kind", ["empty_choices", "null_content", "not_json", "cut"])
async def test_what_does_not_show_is_taken_for_granted_and_not_kept(kind: str, endpoint_at) -> None:
    async with ScriptedServer(lambda _: Reply(SALT), faults={"/v1/chat/completions": Fault(kind)}) as server:
        endpoint = endpoint_at(server.url)
        found = (await probe(endpoint)).capabilities
    if kind in ("not_json", "cut"):
        assert (found.obeys_schema, found.streams, found.checked) == (True, True, "")
        assert "it could not be tried" in found.notes[0]
    else:
        assert not found.obeys_schema


async def test_reasoning_before_the_reply_is_seen(chat_at) -> None:
    async with ScriptedServer(lambda _: Reply("Hello!", reasoning="Hm. " * 40), obeys_schema=False) as server:
        found = await chat_at(server.url).capabilities()
    assert found.reasons
    assert found.obeys_schema
    assert "it reasons first" in found.notes[0]


@pytest.mark.parametrize("kind", ["html", "not_json", "refuse"])
async def test_a_list_that_is_none_is_an_error_to_who_wants_it(kind: str, endpoint_at) -> None:
    status = 404 if kind == "refuse" else 0
    async with ScriptedServer(hello, faults={"/v1/models": Fault(kind, status=status)}) as server:
        endpoint = endpoint_at(server.url)
        with pytest.raises((BadReply, ServerRefused)):
            await served_models(endpoint)


async def test_the_models_served_are_named(endpoint_at) -> None:
    async with ScriptedServer(hello, model=("small", "large")) as server:
        endpoint = endpoint_at(server.url)
        assert await served_models(endpoint) == ("small", "large")


async def test_each_text_is_counted_by_the_server_once(chat_at) -> None:
    async with ScriptedServer(hello) as server:
        chat = chat_at(server.url)
        counts = [await chat.count(text) for text in (SALT, SALT, "", SALT + SALT)]
        assert paths(server).count("/tokenize") == 3, "one of the probe, one of each text"
    assert counts[0] == counts[1] < counts[3]
    assert counts[2] == 0


async def test_only_the_latest_counts_are_kept(endpoint_at) -> None:
    async with ScriptedServer(hello) as server:
        endpoint = endpoint_at(server.url)
        counter = TokenCounter(endpoint, tokenizer="prompt", most=2)
        for text in ("one", "two", "one", "three", "one", "two"):
            await counter.count(text)
        assert paths(server).count("/tokenize") == 4


@pytest.mark.parametrize(("fault", "again"), [(Fault("refuse", status=404), False), (Fault("html"), False)])
async def test_a_tokenizer_that_goes_away_is_replaced_by_the_bound(fault: Fault, again: bool, chat_at) -> None:
    async with ScriptedServer(hello) as server:
        chat = chat_at(server.url)
        await chat.capabilities()
        server.faults["/tokenize"] = fault
        assert await chat.count(SALT) == most_tokens(SALT)
        before = len(server.requests)
        assert await chat.count("More salt.") == most_tokens("More salt.")
        assert (len(server.requests) > before) is again


async def test_the_tokenizer_of_llama_cpp_is_known_too(answering, endpoint_at) -> None:
    asked: list[dict[str, object]] = []

    async def handle(request: web.BaseRequest) -> web.Response:
        if request.path == "/tokenize":
            asked.append(await request.json())
            return web.json_response({"tokens": list(range(len(asked[-1].get("content", ""))))})
        if request.path == "/v1/models":
            return web.json_response({"data": [{"id": "local.gguf"}]})
        return web.json_response({"choices": [{"message": {"content": "Hello!"}, "finish_reason": "stop"}]})

    async with answering(handle) as url:
        endpoint = endpoint_at(url)
        found = await probe(endpoint)
        assert await TokenCounter(endpoint, tokenizer=found.tokenizer).count(SALT) == len(SALT)
    assert found.tokenizer == "content"
    assert not found.capabilities.streams
    assert "it does not stream" in " ".join(found.capabilities.notes)
    assert asked[-1] == {"add_special": False, "content": SALT}


async def test_a_template_that_opens_reasoning_is_seen_in_its_tokens(endpoint_at) -> None:
    strings = ["<", "assistant", ">", "<think", ">", "\n"]
    counted = json.dumps({"count": 6, "max_model_len": 8_192, "tokens": [1], "token_strs": strings})
    async with ScriptedServer(hello, faults={"/tokenize": Fault("not_json", body=counted)}) as server:
        endpoint = endpoint_at(server.url)
        found = await probe(endpoint)
    assert found.opens_reasoning
    assert found.capabilities.reasons


async def test_what_is_kept_is_kept_by_url_and_model(tmp_path, endpoint_at) -> None:
    known = KnownModels(tmp_path / "models.json")
    async with ScriptedServer(hello) as server:
        endpoint = endpoint_at(server.url)
        found = await probe(endpoint)
    known.put("http://a/v1", "small", found)
    known.put("http://b/v1", "small", found)
    assert known.get("http://a/v1", "small") == found
    assert known.get("http://a/v1", "large") is None
