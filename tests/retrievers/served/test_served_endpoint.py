"""Requests take turns, are tried again where that may help, and end when nobody waits for them."""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest
from aiohttp import web
from fontes.retrievers import BadReply, Endpoint, ServedError, ServerBusy, ServerDown, ServerRefused, ServerStalled

Handler = Callable[[web.BaseRequest], Any]


class Replies:
    """A handler that sends what it is given, one after the other, and the last one for good."""

    def __init__(self, *replies: tuple[int, dict[str, str], object]) -> None:
        self._replies = list(replies)
        self.at: list[float] = []
        self.paths: list[str] = []

    async def __call__(self, request: web.BaseRequest) -> web.StreamResponse:
        await request.read()
        self.at.append(monotonic())
        self.paths.append(request.path)
        status, headers, body = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        return web.json_response(body, status=status, headers=headers)


FINE = (200, {}, {"fine": True})


async def test_a_server_that_recovers_is_asked_again(opened: Any, serve: Any) -> None:
    for status in (503, 429):
        replies = Replies((status, {}, {}), FINE)
        assert await opened(await serve(replies)).get("models") == {"fine": True}
        assert len(replies.at) == 2


async def test_a_time_to_wait_is_kept(opened: Any, serve: Any) -> None:
    replies = Replies((429, {"Retry-After": "0.5"}, {}), FINE)
    assert await opened(await serve(replies)).get("models") == {"fine": True}
    first, second = replies.at
    assert 0.5 <= second - first < 5


async def test_a_time_to_wait_that_is_too_long_is_told_instead(opened: Any, serve: Any) -> None:
    replies = Replies((429, {"Retry-After": "3600"}, {}))
    with pytest.raises(ServerBusy) as raised:
        await opened(await serve(replies)).get("models")
    assert raised.value.retry_after_s == 3600
    assert len(replies.at) == 1


async def test_it_gives_up_after_four_tries(opened: Any, serve: Any) -> None:
    replies = Replies((500, {}, {}))
    with pytest.raises(ServerDown):
        await opened(await serve(replies)).get("models")
    assert len(replies.at) == 4


async def test_it_stops_at_the_seconds_left(opened: Any, serve: Any) -> None:
    replies = Replies((500, {}, {}))
    ends = monotonic() + 0.3
    with pytest.raises(ServerDown):
        await opened(await serve(replies), seconds_left=lambda: max(0.0, ends - monotonic())).get("models")
    assert monotonic() < ends + 0.2
    assert len(replies.at) < 4


async def test_a_request_under_way_stops_at_the_seconds_left_too(opened: Any, serve: Any) -> None:
    asked = 0

    async def stalls(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal asked
        asked += 1
        await asyncio.get_running_loop().create_future()
        return web.Response()

    with pytest.raises(ServerStalled, match="the time there was for its reply is over"):
        await opened(await serve(stalls), seconds_left=lambda: 0.1).get("models")
    assert asked == 1


async def test_what_has_stalled_is_tried_once_more_and_not_oftener(opened: Any, serve: Any) -> None:
    asked = 0

    async def stalls(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal asked
        asked += 1
        await asyncio.get_running_loop().create_future()
        return web.Response()

    with pytest.raises(ServerStalled):
        await opened(await serve(stalls), first_reply_s=0.1).get("models")
    assert asked == 2


async def test_a_refusal_is_not_tried_again(opened: Any, serve: Any) -> None:
    for status, kind in ((401, ServerRefused), (404, ServerRefused), (400, ServerRefused)):
        replies = Replies((status, {}, {}))
        with pytest.raises(kind):
            await opened(await serve(replies)).get("models")
        assert len(replies.at) == 1


async def test_at_most_so_many_are_under_way_at_once(opened: Any, serve: Any) -> None:
    now = most = 0
    full, go = asyncio.Event(), asyncio.Event()

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal now, most
        now += 1
        most = max(most, now)
        if now == 3:
            full.set()
        await go.wait()
        now -= 1
        return web.json_response({})

    endpoint = opened(await serve(handler), concurrency=3)
    tasks = [asyncio.create_task(endpoint.get("models")) for _ in range(10)]
    await full.wait()
    tasks[-1].cancel()  # waits for its turn
    with pytest.raises(asyncio.CancelledError):
        await tasks.pop()
    go.set()
    await asyncio.gather(*tasks)
    assert most == 3


@pytest.mark.parametrize("streams", [False, True])
async def test_the_server_sees_it_when_nobody_waits_any_more(opened: Any, serve: Any, streams: bool) -> None:
    arrived, gone = asyncio.Event(), asyncio.Event()

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        await request.read()
        try:
            response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
            if streams:
                await response.prepare(request)
                await response.write(b'data: {"choices": []}\n\n')
            arrived.set()
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            gone.set()
            raise
        return response

    endpoint = opened(await serve(handler), concurrency=1)

    async def ask() -> None:
        if not streams:
            await endpoint.post("embeddings", {})
            return
        async with endpoint.turn():
            pieces = await endpoint.client.chat.completions.create(
                model="m", messages=[{"role": "user", "content": "Hello"}], stream=True
            )
            async with pieces:
                async for _ in pieces:
                    pass

    task = asyncio.create_task(ask())
    await arrived.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(5):
        await gone.wait()
    async with asyncio.timeout(5), endpoint.turn():
        pass  # the slot is free again


async def test_paths_are_under_the_base_or_under_the_root(opened: Any, serve: Any) -> None:
    replies = Replies(FINE)
    url = await serve(replies)
    endpoint = opened(url)
    await endpoint.get("models")
    await endpoint.post("/tokenize", {})
    await opened(url.removesuffix("/v1")).get("models")
    await opened(f"{url}/").get("models")
    assert replies.paths == ["/v1/models", "/tokenize", "/v1/models", "/v1/models"]


@pytest.mark.parametrize(
    ("url", "shown", "root"),
    [
        ("http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1", "http://127.0.0.1:8000"),
        (" https://models.example/openai/v1/ ", "https://models.example/openai/v1", "https://models.example/openai"),
        ("http://[::1]:8000", "http://[::1]:8000/v1", "http://[::1]:8000"),
        ("https://me:secret@models.example/api?key=secret", "https://models.example/api", "https://models.example/api"),
    ],
)
def test_an_address_is_shown_without_secrets(url: str, shown: str, root: str) -> None:
    endpoint = Endpoint(url)
    assert (endpoint.url, endpoint.root) == (shown, root)


@pytest.mark.parametrize("url", ["", "localhost:8000", "ftp://a/v1", "http://", "http://a:b/v1", "http://[/v1", "/v1"])
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(ServerRefused, match="it has the form http://HOST:PORT/v1"):
        Endpoint(url)


@pytest.mark.parametrize("key", ["sk 1", "sk\n1", "schlüssel"])
def test_a_key_that_cannot_be_one_is_refused_unseen(key: str) -> None:
    with pytest.raises(ServerRefused) as raised:
        Endpoint("http://127.0.0.1:8000/v1", key=key)
    assert key not in str(raised.value)


async def test_the_first_model_served_is_asked_for_once(opened: Any, serve: Any) -> None:
    replies = Replies((200, {}, {"data": [{"id": "one"}, {"id": "two"}]}))
    url = await serve(replies)
    endpoint = opened(url)
    assert endpoint.model_name == ""
    assert [await endpoint.model(), await endpoint.model(), endpoint.model_name] == ["one"] * 3
    assert len(replies.at) == 1
    assert await opened(url, model="mine").model() == "mine"
    for body in ({}, {"data": []}, {"data": [{"id": 3}]}, [], None):
        with pytest.raises(BadReply, match="names no model"):
            await opened(await serve(Replies((200, {}, body)))).model()


@pytest.mark.parametrize(
    ("usage", "spent"),
    [
        ({"prompt_tokens": 7, "completion_tokens": 2}, [(7, 2)]),
        ({"total_tokens": 7}, [(7, 0)]),
        ({"prompt_tokens": -7, "completion_tokens": "2"}, [(0, 0)]),
        ({}, [(0, 0)]),
        (None, []),
        ("much", []),
    ],
)
async def test_tokens_are_told_to_whoever_pays(opened: Any, serve: Any, usage: Any, spent: list[Any]) -> None:
    told: list[tuple[int, int]] = []
    url = await serve(Replies((200, {}, {"usage": usage})))
    await opened(url, spent=lambda prompt, completion: told.append((prompt, completion))).post("embeddings", {})
    assert told == spent


@pytest.mark.parametrize("proxy", ["HTTPS_PROXY", "ALL_PROXY"])
async def test_a_server_elsewhere_is_asked_by_the_proxy(
    opened: Any, serve: Any, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    told: list[str] = []

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        told.append(f"{request.method} {request.path_qs}")
        return web.Response(status=403)

    url = (await serve(handler)).removesuffix("/v1")
    monkeypatch.setenv(proxy, url.removeprefix("http://"))
    with pytest.raises(ServerDown):
        await opened("https://models.example/v1", seconds_left=iter([30.0, 0.0]).__next__).get("models")
    assert told
    monkeypatch.setenv(proxy, "socks5://127.0.0.1:9")
    with pytest.raises(ServerRefused, match="not one of HTTP"):
        await opened("https://models.example/v1").get("models")


async def test_a_mistake_within_a_turn_is_passed_on(opened: Any) -> None:
    with pytest.raises(ZeroDivisionError):
        async with opened("http://127.0.0.1:9/v1").turn():
            raise ZeroDivisionError


async def test_a_closed_endpoint_opens_again(opened: Any, serve: Any) -> None:
    endpoint = opened(await serve(Replies(FINE)))
    for _ in range(2):
        assert await endpoint.get("models") == {"fine": True}
        assert endpoint.client is endpoint.client
        await endpoint.aclose()
    await endpoint.aclose()


def test_an_endpoint_serves_one_loop_after_another() -> None:
    endpoint = Endpoint("http://127.0.0.1:9/v1", concurrency=1)

    async def crowd() -> None:
        async def fail() -> None:
            with pytest.raises(ServedError):
                async with endpoint.turn():
                    await asyncio.sleep(0)
                    raise TimeoutError

        await asyncio.gather(*(fail() for _ in range(3)))
        await endpoint.aclose()

    asyncio.run(crowd())
    asyncio.run(crowd())
