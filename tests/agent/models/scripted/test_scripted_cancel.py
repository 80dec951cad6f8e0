"""A client that goes: the server notices, and stops."""

import asyncio

import pytest
from fontes.agent.models.scripted import Reply, ScriptedServer

LONG = "and so on " * 1_000


@pytest.mark.parametrize("is_stream", [False, True])
async def test_generation_stops_when_the_client_goes(openai_of, asking, is_stream: bool) -> None:
    async with ScriptedServer(lambda _: Reply(LONG), tokens_per_s=200) as server:
        call = asyncio.create_task(
            openai_of(server).chat.completions.create(**asking(stream=is_stream, max_tokens=4_000))
        )
        asked = await server.arrival()
        assert not asked.ended.is_set()
        if is_stream:
            stream = await call
            pieces = [(await anext(stream)).choices[0].delta.content for _ in range(4)]
            assert "".join(pieces) == "and so on"
            await stream.close()
        else:
            assert server.metrics.running == 1
            call.cancel()
        await asyncio.wait_for(asked.ended.wait(), 5)
    assert asked.cancelled
    assert asked.tokens_sent < 400
    assert (server.metrics.finished["abort"], server.metrics.running) == (1, 0)
    assert server.metrics.generated_tokens == asked.tokens_sent


async def test_a_reply_that_was_read_to_its_end_is_not_cancelled(openai_of, asking) -> None:
    async with ScriptedServer(lambda _: Reply("Yes.")) as server:
        client = openai_of(server)
        async for _ in await client.chat.completions.create(**asking(), stream=True):
            pass
        await client.close()
        await server.chats[0].ended.wait()
    assert not server.chats[0].cancelled
    assert server.metrics.finished == {"stop": 1, "length": 0, "abort": 0, "error": 0}


async def test_tokens_come_at_their_pace(openai_of, asking) -> None:
    loop = asyncio.get_running_loop()
    times: list[float] = []
    async with ScriptedServer(lambda _: Reply("a b c d e"), first_token_s=0.1, tokens_per_s=50) as server:
        started = loop.time()
        async for _ in await openai_of(server).chat.completions.create(**asking(), stream=True):
            times += [loop.time() - started]
        whole = await openai_of(server).chat.completions.create(**asking())
        taken = loop.time() - started - times[-1]
    assert times[0] >= 0.1
    assert times[-1] >= 0.1 + 5 * 0.02
    assert (taken >= 0.1 + 4 * 0.02, whole.usage.completion_tokens) == (True, 5)


async def test_a_reply_may_have_a_delay_of_its_own(openai_of, asking) -> None:
    loop = asyncio.get_running_loop()
    async with ScriptedServer(lambda _: Reply("a", delay_s=0.1)) as server:
        started = loop.time()
        await openai_of(server).chat.completions.create(**asking())
        assert loop.time() - started >= 0.1


async def test_a_thousand_requests_over_a_hundred_connections_are_answered(session, asking) -> None:
    async with ScriptedServer(lambda asked: Reply(asked.last), first_token_s=0.01) as server:

        async def one(number: int) -> bool:
            async with session.post(f"{server.url}/chat/completions", json=asking(str(number))) as response:
                return (await response.json())["choices"][0]["message"]["content"] == str(number)

        assert all(await asyncio.gather(*map(one, range(1_000))))
    assert len(server.chats) == 1_000
