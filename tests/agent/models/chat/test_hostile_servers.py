"""Servers that mean no good, or speak HTTP in ways that no scripted one does: bytes as they are."""

import asyncio
import json
from base64 import b64encode

import pytest
from fontes.agent.models.tokens import TokenCounter
from fontes.agent.models.tokens import most_tokens as bound
from fontes.retrievers.served.endpoint import Endpoint
from fontes.retrievers.served.errors import BadReply, ServedError, ServerRefused

SALT = "Salt comes from rivers."
KEY = "sk-4711-barley"
CHAT = "/v1/chat/completions"


def said(body: bytes | object, *, status: str = "200 OK", kind: str = "application/json", more: str = "") -> bytes:
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nConnection: close\r\n{more}\r\n".encode() + sent


def chunk(text: object = None, finish: object = None, **more: object) -> dict[str, object]:
    return {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish, **more}]}


def streamed(*chunks: object, before: bytes = b"") -> bytes:
    events = b"".join(b"data: " + json.dumps(each).encode() + b"\n\n" for each in chunks)
    return said(before + events + b"data: [DONE]\n\n", kind="text/event-stream")


def models(*rows: object) -> dict[str, bytes]:
    return {"/v1/models": said({"data": rows})}


ONE = models({"id": "m", "max_model_len": 8_192})
WHOLE = {"choices": [{"message": {"content": SALT}, "finish_reason": "stop"}]}
GOOD = streamed(chunk(SALT), chunk("", "stop"))


async def read(chat, request) -> tuple[str, ServedError | None]:
    text = ""
    try:
        async for piece in chat.stream(request):
            text += piece
    except ServedError as error:
        return text, error
    return text, None


@pytest.mark.parametrize(
    "reply",
    [
        streamed(chunk(SALT, "stop"), before=b"\xef\xbb\xbf"),
        streamed(chunk(SALT, "stop"), before=b": good morning\r\n\r\n"),
        said(b"\xef\xbb\xbf" + json.dumps(WHOLE).encode()),
        said(b"\n \n" + json.dumps(WHOLE).encode()),
        streamed(chunk([{"type": "text", "text": SALT}, {"type": "image"}], "stop")),
        streamed(chunk(SALT, "stop", index=None)),
        streamed(chunk(SALT, 3)),
        streamed({"choices": [{"delta": None}]}, chunk(SALT, "stop")),
        GOOD.replace(b"HTTP/1.1", b"HTTP/1.0").replace(b"data: ", b"id: 7\ndata:"),
    ],
    ids=["mark", "comment", "mark in one piece", "blanks", "parts", "no index", "odd finish", "no delta", "1.0"],
)
async def test_what_can_be_read_is_read(reply: bytes, speaking, chat_at, asking) -> None:
    async with speaking({**ONE, CHAT: reply}) as (url, _):
        assert await read(chat_at(url), asking()) == (SALT, None)


async def test_bytes_may_come_one_at_a_time(speaking, chat_at, asking) -> None:
    head, _, body = streamed(chunk("Sal"), chunk("z—日本"), chunk("", "stop")).partition(b"\r\n\r\n")
    whole = head + b"\r\n\r\n\xef\xbb\xbf" + body.replace(b"\n", b"\r\n")

    async def dribbled(writer: asyncio.StreamWriter) -> None:
        for at in range(len(whole)):
            writer.write(whole[at : at + 1])
            await writer.drain()
            await asyncio.sleep(0)

    async with speaking({**ONE, CHAT: dribbled}) as (url, _):
        assert await read(chat_at(url), asking()) == ("Salz—日本", None)


def error(words: str, **more: object) -> dict[str, object]:
    return {"error": {"message": words, **more}}


@pytest.mark.parametrize(
    "reply",
    [
        said(error(f"no such key: {KEY}"), status="401 Unauthorized"),
        said(error(f"no such key: {KEY.upper()}"), status="400 Bad Request"),
        said(error("no such key: " + "\u200b".join(KEY)), status="400 Bad Request"),
        said(error(f"no such key: {KEY}", code=401)),
        said({"error": f"no such key: {KEY}"}),
        streamed(error(f"no such key: {KEY}", code=401)),
        streamed(chunk("Salt"), error(f"no such key: {KEY}", code=400)),
        f"HTTP/1.1 400 {KEY}\r\nConnection: close\r\n\r\n".encode(),
        f"HTTP/1.1 {KEY}\r\n\r\n".encode(),
        said(b"", status="302 Found", more=f"Location: http://127.0.0.1:9/?key={KEY}\r\n"),
    ],
    ids=["401", "capitals", "hidden", "200", "plain", "stream", "later", "reason", "status line", "location"],
)
async def test_a_key_that_a_server_repeats_is_shown_nowhere(reply: bytes, speaking, chat_at, asking, caplog) -> None:
    caplog.set_level("INFO")
    async with speaking({**ONE, CHAT: reply}) as (url, _):
        _, failed = await read(chat_at(url, key=KEY), asking())
    assert failed is not None
    shown = f"{failed} {failed!r} {failed.__cause__!r} {caplog.text}"
    assert KEY not in shown
    assert KEY.upper() not in shown


async def test_nor_is_the_password_of_an_address(speaking, chat_at, asking) -> None:
    sent = b64encode(b"ann:open-barley").decode()
    reply = said(error(f"ann may not enter with open-barley, nor with {sent}"), status="403 Forbidden")
    async with speaking({**ONE, CHAT: reply}) as (url, heard):
        _, failed = await read(chat_at(url.replace("//", "//ann:open-barley@")), asking())
        assert f"Basic {sent}".encode() in heard[-1]
    assert "ann may not enter with …, nor with …" in str(failed)


async def test_nobody_is_redirected_with_a_key_or_without(speaking, chat_at, asking) -> None:
    async with speaking({CHAT: GOOD, **ONE}) as (elsewhere, heard):
        for status in (301, 302, 307, 308):
            away = said(b"", status=f"{status} Away", more=f"Location: {elsewhere}/chat/completions\r\n")
            async with speaking({**ONE, CHAT: away}) as (url, _):
                text, failed = await read(chat_at(url, key=KEY), asking())
            assert (text, type(failed)) == ("", ServerRefused)
        assert not heard


_UNFIT = [{"id": "m\ud800"}, {"id": "m\x1b[31m"}, {"id": "m\nn"}, {"id": "m" * 9_999}, {"id": ""}, {"id": None}, 7]


async def test_names_that_cannot_be_asked_for_are_passed_over(speaking, chat_at, asking) -> None:
    async with speaking({**models(*_UNFIT, {"id": KEY}, {"id": "fit"}), CHAT: GOOD}) as (url, _):
        assert (await chat_at(url, key=KEY).capabilities()).models == ("fit",)
    async with speaking({**models(*_UNFIT), CHAT: GOOD}) as (url, _):
        _, failed = await read(chat_at(url), asking())
    assert isinstance(failed, BadReply)
    assert "it names no model that it serves" in str(failed)


@pytest.mark.parametrize("name", ["m\udcff", "m\x1b[31m", "m\nn", " m"])
def test_such_a_name_cannot_be_set(name: str) -> None:
    with pytest.raises(ServerRefused, match="the model's name"):
        Endpoint("http://127.0.0.1:9/v1", model=name)


async def test_of_ten_thousand_models_the_last_one_is_known_too(speaking, chat_at) -> None:
    rows = [{"id": f"m{n}", "max_model_len": 1_000 + n} for n in range(10_000)]
    async with speaking({**models(*rows, {"id": "m9999", "max_model_len": 5}), CHAT: GOOD}) as (url, _):
        found = await chat_at(url, model="m9999").capabilities()
    assert found.context == 10_999
    assert len(found.models) <= 200


async def test_a_tokenizer_that_fails_takes_the_model_from_nobody(speaking, chat_at, asking) -> None:
    answers = {**ONE, CHAT: GOOD, "/tokenize": said({}, status="500 Oh")}
    async with speaking(answers) as (url, heard):
        chat = chat_at(url)
        for _ in range(3):
            assert not (await chat.capabilities(is_fresh=True)).counts_tokens
        assert await read(chat, asking()) == (SALT, None)
        assert sum(b" /tokenize " in each for each in heard) == 6, "two forms, each asked for once"


async def test_a_tokenizer_that_hangs_is_left_alone_for_a_while(speaking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fontes.agent.models.tokens.TOKENIZER_S", 0.05)
    hangs = asyncio.Event()

    async def hang(_: asyncio.StreamWriter) -> None:
        await hangs.wait()

    async with speaking({**ONE, "/tokenize": hang}) as (url, heard):
        endpoint = Endpoint(url, model="m")
        counter = TokenCounter(endpoint, tokenizer="prompt")
        assert [await counter.count(text) for text in ("one", "two", "three")] == [*map(bound, ("one", "two", "three"))]
        assert len(heard) == 1
        assert counter.tokenizer == "prompt"
        await endpoint.aclose()


@pytest.mark.parametrize("count", [0, 1, -1, 10**12, True, "7", None, 2.5])
async def test_a_count_that_cannot_be_is_not_believed(count: object, speaking) -> None:
    text = SALT * 20
    async with speaking({"/tokenize": said({"count": count})}) as (url, _):
        endpoint = Endpoint(url, model="m")
        assert await TokenCounter(endpoint, tokenizer="prompt").count(text) == bound(text)
        await endpoint.aclose()


async def test_what_is_asked_aside_says_nothing_of_the_server(speaking) -> None:
    async with speaking({"/v1/fails": said({}, status="500 Oh"), "/aside": said({})}) as (url, heard):
        endpoint = Endpoint(url, model="m")
        with pytest.raises(ServedError, match="HTTP 500"):
            await endpoint.post("fails", {})
        assert await endpoint.aside("/aside", {}, within_s=5.0) == {}
        with pytest.raises(ServedError, match="HTTP 500"):
            await endpoint.post("fails", {})
        assert len(heard) == 4 + 1 + 1, "the fifth failure in a row: the tokenizer's reply was no sign of life"
        with pytest.raises(ServedError, match="several times in a row"):
            await endpoint.post("fails", {})
        with pytest.raises(ServedError, match="several times in a row"):
            await endpoint.aside("/aside", {}, within_s=5.0)
        await endpoint.aclose()
