"""What /metrics shows, /health and /version, and the prefix cache behind it."""

from fontes.agent.models.scripted import Reply, ScriptedServer
from fontes.agent.models.scripted.metrics import BLOCK_TOKENS, PrefixCache
from fontes.agent.models.scripted.tokens import split
from hypothesis import given
from hypothesis import strategies as st


async def shown(session, server: ScriptedServer) -> dict[str, float]:
    """/metrics, read."""
    async with session.get(f"{server.url.removesuffix('/v1')}/metrics") as response:
        text = await response.text()
    rows = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
    assert all('model_name="scripted"' in name for name, _ in rows)
    return {name: float(value) for name, value in rows}


async def test_metrics_count_under_the_names_of_vllm(session, openai_of, asking) -> None:
    long = "The evidence stands first. " * 100
    async with ScriptedServer(lambda _: Reply("It does.")) as server:
        client = openai_of(server)
        first = await client.chat.completions.create(**asking(f"{long}What is asked?"))
        second = await client.chat.completions.create(**asking(f"{long}And what else?", max_tokens=1))
        metrics = await shown(session, server)
    labels = '{engine="0",model_name="scripted"}'
    prompt_tokens = first.usage.prompt_tokens + second.usage.prompt_tokens
    cached = second.usage.prompt_tokens_details.cached_tokens
    assert (first.usage.prompt_tokens_details.cached_tokens, cached) == (0, len(split(long)) // 128 * 128)
    assert metrics[f"vllm:num_requests_running{labels}"] == 0
    assert metrics[f"vllm:prompt_tokens_total{labels}"] == prompt_tokens
    assert metrics[f"vllm:prompt_tokens_cached_total{labels}"] == cached
    assert metrics[f"vllm:prefix_cache_queries_total{labels}"] == prompt_tokens
    assert metrics[f"vllm:prefix_cache_hits_total{labels}"] == cached
    assert metrics[f"vllm:generation_tokens_total{labels}"] == 3 + 1
    success = 'vllm:request_success_total{engine="0",model_name="scripted",finished_reason="%s"}'
    assert (metrics[success % "stop"], metrics[success % "length"]) == (1, 1)


async def test_health_and_version_answer(session) -> None:
    async with ScriptedServer() as server:
        root = server.url.removesuffix("/v1")
        async with session.get(f"{root}/health") as response:
            assert (response.status, await response.read()) == (200, b"")
        async with session.get(f"{root}/version") as response:
            assert set(await response.json()) == {"version"}


def test_a_prompt_that_is_all_there_computes_its_last_block_again() -> None:
    cache = PrefixCache()
    prompt = ["x"] * (2 * BLOCK_TOKENS)
    assert (cache.take(prompt), cache.take(prompt)) == (0, BLOCK_TOKENS)


@given(common=st.integers(0, 600), first=st.integers(0, 300), second=st.integers(1, 300))
def test_what_is_cached_is_the_full_blocks_of_the_common_beginning(common: int, first: int, second: int) -> None:
    cache = PrefixCache()
    beginning = [f"t{i}" for i in range(common)]
    cache.take([*beginning, *["a"] * first])
    assert cache.take([*beginning, *["b"] * second]) == common // BLOCK_TOKENS * BLOCK_TOKENS
