"""A server that keeps failing is left alone, and taken back with its first reply."""

import asyncio
from typing import Any

import pytest
from aiohttp import web
from fontes.retrievers import BadReply, Endpoint, ServedError, ServerBusy, ServerDown, ServerRefused
from fontes.retrievers.served.breaker import Breaker
from hypothesis import given
from hypothesis import strategies as st


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def ask(endpoint: Endpoint) -> None:
    """One request, without a second try."""
    async with endpoint.turn():
        await endpoint.client.models.list()


async def fails(endpoint: Endpoint, kind: type[ServedError]) -> str:
    with pytest.raises(ServedError) as raised:
        await ask(endpoint)
    assert type(raised.value) is kind
    return str(raised.value)


async def test_it_opens_after_five_failures_and_asks_again_after_the_rest(
    opened: Any, serve: Any, clock: Clock
) -> None:
    asked, status = 0, 500

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal asked
        asked += 1
        return web.json_response({"data": []}, status=status)

    endpoint = opened(await serve(handler), breaker=Breaker(clock=clock))
    for _ in range(5):
        await fails(endpoint, ServerDown)
    assert asked == 5
    assert "is asked again in 15 s" in await fails(endpoint, ServerDown)
    assert asked == 5, "it is left alone"
    clock.now += 14.9
    await fails(endpoint, ServerDown)
    assert asked == 5
    clock.now += 0.2
    await fails(endpoint, ServerDown)
    assert asked == 6, "one trial"
    await fails(endpoint, ServerDown)
    assert asked == 6, "which failed"
    clock.now += 15.1
    status = 200
    await ask(endpoint)
    await ask(endpoint)


async def test_no_retry_follows_when_it_has_opened(opened: Any, serve: Any, says: Any, clock: Clock) -> None:
    handler = says({}, status=500)
    endpoint = opened(await serve(handler), breaker=Breaker(failures=2, clock=clock))
    with pytest.raises(ServerDown, match="on its side"):
        await endpoint.get("models")
    assert len(handler.asked) == 2


@pytest.mark.parametrize(
    ("status", "kind"), [(401, ServerRefused), (404, ServerRefused), (200, BadReply), (429, ServerBusy)]
)
async def test_a_server_that_answers_is_not_down(
    opened: Any, serve: Any, says: Any, clock: Clock, status: int, kind: type[ServedError]
) -> None:
    handler = says(b"no JSON", status=status, headers={"Retry-After": "60"})
    endpoint = opened(await serve(handler), breaker=Breaker(failures=2, clock=clock))
    for _ in range(5):
        await fails(endpoint, kind)
    assert len(handler.asked) == 5


async def test_of_many_that_wait_one_makes_the_trial(opened: Any, serve: Any, clock: Clock) -> None:
    asked = 0
    go = asyncio.Event()

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal asked
        asked += 1
        await go.wait()
        return web.json_response({})

    breaker = Breaker(failures=1, clock=clock)
    endpoint = opened(await serve(handler), breaker=breaker)
    breaker.failed()
    clock.now += 15
    trial, *others = [asyncio.create_task(endpoint.get("models")) for _ in range(5)]
    done, _ = await asyncio.wait(others)
    assert all(isinstance(task.exception(), ServerDown) for task in done)
    go.set()
    assert await trial == {}
    assert asked == 1


async def test_a_trial_that_is_cancelled_keeps_nobody_out(opened: Any, serve: Any, clock: Clock) -> None:
    arrived = asyncio.Event()
    waits = True

    async def handler(request: web.BaseRequest) -> web.StreamResponse:
        arrived.set()
        if waits:
            await asyncio.get_running_loop().create_future()
        return web.json_response({})

    breaker = Breaker(failures=1, clock=clock)
    endpoint = opened(await serve(handler), breaker=breaker)
    breaker.failed()
    clock.now += 15
    trial = asyncio.create_task(endpoint.get("models"))
    await arrived.wait()
    trial.cancel()
    with pytest.raises(asyncio.CancelledError):
        await trial
    waits = False
    clock.now += 15
    assert await endpoint.get("models") == {}


@given(st.lists(st.sampled_from(["failed", "succeeded", "admits", "later"]), max_size=60))
def test_it_never_stays_shut(steps: list[str]) -> None:
    clock = Clock()
    breaker = Breaker(failures=3, rest_s=15, clock=clock)
    for step in steps:
        if step == "later":
            clock.now += 5
        else:
            getattr(breaker, step)()
        assert 0 <= breaker.rests_s() <= 15
    clock.now += 15
    assert breaker.admits()
    breaker.succeeded()
    assert breaker.admits()
