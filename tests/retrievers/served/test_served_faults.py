"""Whatever a server does instead of replying is named, in the words of somebody who can mend it."""

import asyncio
import gzip
import json
import logging
import socket
import time
import traceback
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from aiohttp import web
from fontes.retrievers import (
    BadReply,
    Endpoint,
    PromptTooLong,
    ServedError,
    ServerBusy,
    ServerDown,
    ServerRefused,
    ServerStalled,
)

KEY = "sk-not-to-be-seen"
HTML = {"Content-Type": "text/html"}
PAGE = b"<!doctype html><html><title>It works!</title></html>"

Ask = Callable[[Endpoint], Awaitable[object]]


async def post(endpoint: Endpoint) -> object:
    return await endpoint.post("embeddings", {"input": ["a"]})


async def chat(endpoint: Endpoint) -> object:
    async with endpoint.turn():
        return await endpoint.client.chat.completions.create(
            model="m", messages=[{"role": "user", "content": "Hello"}], max_tokens=5
        )


async def stream(endpoint: Endpoint) -> object:
    async with endpoint.turn():
        pieces = await endpoint.client.chat.completions.create(
            model="m", messages=[{"role": "user", "content": "Hello"}], max_tokens=5, stream=True
        )
        return [piece async for piece in pieces]


@pytest.fixture(params=[post, chat, stream])
def ask(request: pytest.FixtureRequest) -> Ask:
    return request.param  # type: ignore[no-any-return]


async def failure(ask: Ask, endpoint: Endpoint) -> ServedError:
    with pytest.raises(ServedError) as raised:
        await ask(endpoint)
    assert raised.value.what == endpoint.url
    return raised.value


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (401, {"error": "Unauthorized"}, ServerRefused, "it refuses the key (HTTP 401: Unauthorized)"),
        (403, {"detail": "not yours"}, ServerRefused, "it refuses the key (HTTP 403: not yours)"),
        (404, {"error": {"message": "The model `m` does not exist."}}, ServerRefused, "The model `m` does not exist"),
        (404, PAGE, ServerRefused, "nothing at this address (HTTP 404)"),
        (400, {"error": {"message": "unknown field"}}, ServerRefused, "does not take the request (HTTP 400: unknown"),
        (422, {"detail": [{"loc": ["body", "x"], "msg": "No"}]}, ServerRefused, "(HTTP 422: x: No)"),
        (429, {"message": "slow down"}, ServerBusy, "it asks to wait (HTTP 429: slow down)"),
        (429, {"error": {"code": "insufficient_quota"}}, ServerRefused, "no quota left"),
        (500, {"error": {"message": "CUDA out of memory"}}, ServerDown, "failed on its side (HTTP 500: CUDA out of"),
        (503, b"upstream connect error", ServerDown, "(HTTP 503: upstream connect error)"),
        (302, b"", ServerRefused, "it redirects elsewhere, which is not followed (HTTP 302)"),
    ],
)
async def test_a_refusal_says_what_the_server_said(
    ask: Ask, opened: Any, serve: Any, says: Any, once: Any, status: int, body: Any, kind: type, words: str
) -> None:
    handler = says(body, status=status, headers={"Location": "http://127.0.0.1:9/v1"} if status == 302 else None)
    endpoint = opened(await serve(handler), key=KEY, seconds_left=once)
    error = await failure(ask, endpoint)
    assert type(error) is kind
    assert words in str(error)
    assert len(handler.asked) == 1


async def test_without_a_key_the_message_says_that_one_is_wanted(opened: Any, serve: Any, says: Any) -> None:
    error = await failure(post, opened(await serve(says({}, status=401))))
    assert "it wants a key, and none is set" in str(error)


@pytest.mark.parametrize("status", [429, 503])
async def test_a_time_to_wait_is_read_in_both_forms(ask: Ask, opened: Any, serve: Any, says: Any, status: int) -> None:
    for value in ("40", format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)):
        handler = says({}, status=status, headers={"Retry-After": value})
        error = await failure(ask, opened(await serve(handler), seconds_left=lambda: 35.0))
        assert isinstance(error, ServerBusy)
        assert 38 < error.retry_after_s <= 40
        assert len(handler.asked) == 1, "there is no time for another"


async def test_a_prompt_that_is_too_long_is_told_with_the_limit(ask: Ask, opened: Any, serve: Any, says: Any) -> None:
    body = {"error": {"message": "This model's maximum context length is 512 tokens. However, you sent 600."}}
    error = await failure(ask, opened(await serve(says(body, status=400))))
    assert isinstance(error, PromptTooLong)
    assert error.limit == 512


async def test_nothing_that_listens_is_a_server_that_is_down(ask: Ask, opened: Any, once: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    error = await failure(ask, opened(f"http://127.0.0.1:{port}/v1", seconds_left=once))
    assert type(error) is ServerDown
    assert "it cannot be reached" in str(error)
    assert "fontes doctor" in str(error)


async def test_a_web_page_with_200_is_no_reply(ask: Ask, opened: Any, serve: Any, says: Any) -> None:
    error = await failure(ask, opened(await serve(says(PAGE, headers=HTML))))
    assert isinstance(error, BadReply)
    assert "a web page came" in str(error)


@pytest.mark.parametrize("ask", [post, chat], indirect=True)
@pytest.mark.parametrize("body", [PAGE, b"", b"hello", b"{", b"[" * 100_000, b"\xff\xfe"])
async def test_what_is_not_json_is_no_reply(ask: Ask, opened: Any, serve: Any, says: Any, body: bytes) -> None:
    for type_ in ("application/json", "text/plain"):
        error = await failure(ask, opened(await serve(says(body, headers={"Content-Type": type_}))))
        assert isinstance(error, BadReply)


async def test_events_that_are_no_json_are_no_reply(opened: Any, serve: Any, says: Any) -> None:
    handler = says(b"data: {nonsense\n\n", headers={"Content-Type": "text/event-stream"})
    assert isinstance(await failure(stream, opened(await serve(handler))), BadReply)


@pytest.mark.parametrize(("code", "kind"), [(400, ServerRefused), (500, ServerDown), ("server_error", ServerDown)])
async def test_an_error_within_a_stream_is_read_like_a_status(
    opened: Any, serve: Any, says: Any, code: object, kind: type
) -> None:
    event = {"error": {"message": "the engine died", "code": code}}
    body = f"data: {json.dumps(event)}\n\n".encode()
    error = await failure(stream, opened(await serve(says(body, headers={"Content-Type": "text/event-stream"}))))
    assert type(error) is kind
    assert "the engine died" in str(error)


@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize("packed", [False, True])
async def test_a_reply_beyond_the_limit_is_not_read_to_its_end(
    ask: Ask, opened: Any, serve: Any, says: Any, status: int, packed: bool
) -> None:
    large = b'"' + b"a" * 10_000_001
    if packed:
        large = gzip.compress(b" " * 200_000_000, 1)
        assert len(large) < 1_000_000
    handler = says(large, status=status, headers={"Content-Encoding": "gzip"} if packed else None)
    started = time.process_time()
    error = await failure(ask, opened(await serve(handler)))
    assert isinstance(error, BadReply)
    assert "larger than 10,000,000 bytes" in str(error)
    assert time.process_time() - started < 2


async def test_a_compressed_reply_is_read(opened: Any, serve: Any, says: Any) -> None:
    headers = {"Content-Encoding": "gzip"}
    assert await opened(await serve(says(gzip.compress(b'{"a": 1}'), headers=headers))).get("models") == {"a": 1}
    for body, encoding in ((b"no gzip", "gzip"), (b"{}", "br")):
        url = await serve(says(body, headers={"Content-Encoding": encoding}))
        assert isinstance(await failure(post, opened(url)), BadReply)


async def test_a_reply_that_is_cut_is_a_server_that_hung_up(ask: Ask, opened: Any, serve: Any, once: Any) -> None:
    async def cuts(request: web.BaseRequest) -> web.StreamResponse:
        await request.read()
        response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b'data: {"choi')
        assert request.transport is not None
        request.transport.close()
        return response

    error = await failure(ask, opened(await serve(cuts), seconds_left=once))
    assert type(error) is ServerDown
    assert "hung up" in str(error)


@pytest.mark.parametrize("after", [b"", b"data: "])
async def test_a_reply_that_stalls_is_not_waited_for(
    ask: Ask, opened: Any, serve: Any, once: Any, after: bytes
) -> None:
    async def stalls(request: web.BaseRequest) -> web.StreamResponse:
        await request.read()
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        if after:
            await response.prepare(request)
            await response.write(after)
        await asyncio.get_running_loop().create_future()
        return response

    error = await failure(ask, opened(await serve(stalls), first_reply_s=0.1, seconds_left=once))
    assert type(error) is ServerStalled


async def test_a_reply_that_drips_is_not_waited_for_either(opened: Any, serve: Any, once: Any) -> None:
    async def drips(request: web.BaseRequest) -> web.StreamResponse:
        await request.read()
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b" ")
            await asyncio.sleep(0.01)

    error = await failure(post, opened(await serve(drips), first_reply_s=0.2, seconds_left=once))
    assert type(error) is ServerStalled


async def test_the_key_is_in_no_error_and_no_log(
    ask: Ask, opened: Any, serve: Any, says: Any, once: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    body = {"error": {"message": f"Incorrect API key provided: {KEY}"}}
    handler = says(body, status=401)
    endpoint = opened(await serve(handler), key=KEY)
    error = await failure(ask, endpoint)
    assert handler.asked[0].headers["Authorization"] == f"Bearer {KEY}"
    logging.getLogger("test").error("it failed", exc_info=error)
    shown = "".join(traceback.format_exception(error))
    assert "Incorrect API key provided: …" in str(error)
    for text in (str(error), repr(error), repr(error.args), shown, caplog.text, repr(endpoint)):
        assert KEY not in text


async def test_a_user_and_password_in_the_address_are_sent_and_not_shown(
    opened: Any, serve: Any, says: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    handler = says({}, status=404)
    url = await serve(handler)
    endpoint = opened(url.replace("//", "//me:p%40ss@"))
    assert endpoint.url == url
    error = await failure(post, endpoint)
    assert handler.asked[0].headers["Authorization"] == "Basic bWU6cEBzcw=="
    assert "ss" not in str(error).replace("address", "")
    assert "p%40ss" not in caplog.text
    assert "p@ss" not in caplog.text


async def test_the_environment_adds_nothing_to_a_request(
    ask: Ask, opened: Any, serve: Any, says: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, "not-for-this-server")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Mine: not-for-this-server")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    handler = says({}, status=404)
    await failure(ask, opened(await serve(handler)))
    sent = handler.asked[0].headers
    assert "not-for-this-server" not in str(sent)
    assert "Authorization" not in sent
    assert sent["User-Agent"].startswith("Fontes/")
    assert not [name for name in sent if name.lower().startswith("x-")]
