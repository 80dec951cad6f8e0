"""The whole river with a real vLLM: the command line, its answers' citations, and a server that dies."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2
import jsonschema
import pytest
from fontes.agent.wire import AnswerOut
from fontes.retrievers import Store

pytestmark = pytest.mark.vllm

ROOT = Path(__file__).resolve().parents[2]
LIGHTHOUSES = ROOT / "examples" / "lighthouses"
MAIN = [sys.executable, "-c", "from fontes.agent.cli import main; main()"]
QUESTION = "Why was Stennick Head Light built?"
ENDED = (0, 3, 4)  # answered, in part, not at all

Counts = Callable[[], Awaitable[dict[str, float]]]


@pytest.fixture
def environment(tmp_path: Path, vllm_url: str) -> dict[str, str]:
    """A data directory of its own, the server, and patience for a small machine."""
    mine = {key: value for key, value in os.environ.items() if not key.startswith("FONTES_")}
    return mine | {
        "FONTES_HOME": str(tmp_path / "home"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "FONTES_WEB": "0",
        "FONTES_MODEL_URL": vllm_url,
        "FONTES_SECONDS": "400",
        "FONTES_FIRST_TOKEN_S": "180",
        "FONTES_BETWEEN_TOKENS_S": "60",
        "FONTES_REPLY_TOKENS": "160",
    }


@pytest.fixture
def readers(vllm_pooling_url: str, vllm_rerank_url: str) -> dict[str, str]:
    """Embeddings and reranking by vLLM too."""
    [model] = httpx2.get(f"{vllm_pooling_url}/models", trust_env=False).json()["data"]
    return {
        "FONTES_EMBED_URL": vllm_pooling_url,
        "FONTES_EMBED_MODEL": model["id"],
        "FONTES_RERANK_URL": vllm_rerank_url,
    }


def ask(environment: dict[str, str], *arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the answer of `fontes ask --json`."""
    command = [*MAIN, "ask", QUESTION, "--docs", str(LIGHTHOUSES), "--json", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=500)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


async def check(answer: dict[str, Any], home: str) -> None:
    """It keeps to the documented schema, and each citation to its page."""
    jsonschema.validate(answer, AnswerOut.model_json_schema())
    async with Store(Path(home)) as store:
        for claim in answer["claims"]:
            for citation in claim["citations"]:
                page = await store.page(citation["page_hash"])
                assert page is not None
                assert page.text[citation["start"] : citation["end"]] == citation["quote"]
    for sentence in answer["sentences"]:
        if sentence["asserted"]:
            assert all(answer["claims"][claim]["verdict"] == "supported" for claim in sentence["claims"])


async def test_a_question_goes_through_with_citations_that_hold(
    environment: dict[str, str], readers: dict[str, str]
) -> None:
    code, answer = ask(environment | readers)
    assert code in ENDED
    assert code == {"answered": 0, "partial": 3, "abstained": 4}[answer["status"]]
    await check(answer, environment["FONTES_HOME"])
    model = json.loads((Path(environment["FONTES_HOME"]) / "models.json").read_text())
    [name] = [known["capabilities"]["model"] for known in model.values()]
    drafts = [row for row in answer["trace"] if row["step"] == "draft"]
    assert drafts
    assert all(name in row["by"] or row["detail"] for row in drafts), "the model drafted, or the trace says why not"
    assert answer["usage"]["prompt_tokens"] > 0


def test_the_doctor_knows_the_models(environment: dict[str, str], readers: dict[str, str]) -> None:
    done = subprocess.run(
        [*MAIN, "doctor", "--json"], env=environment | readers, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    found = {finding["what"]: finding for finding in json.loads(done.stdout)}
    assert found["writer"]["state"] == "ok"
    for said in ("reads", "obeys JSON schemas", "streams", "counts tokens"):
        assert said in found["writer"]["detail"]
    assert found["embeddings"]["state"] == "ok"
    assert "numbers" in found["embeddings"]["detail"]
    assert found["reranker"]["state"] == "ok"


def test_the_doctor_names_a_model_that_is_not_served(environment: dict[str, str]) -> None:
    done = subprocess.run(
        [*MAIN, "doctor", "--json"],
        env=environment | {"FONTES_MODEL": "no-such-model"},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    [writer] = [finding for finding in json.loads(done.stdout) if finding["what"] == "writer"]
    assert writer["state"] == "warning"
    assert "no-such-model" in writer["detail"]
    assert "FONTES_MODEL" in writer["remedy"]


def test_a_model_that_is_not_served_leaves_the_answer_to_the_quotes(environment: dict[str, str]) -> None:
    code, answer = ask(environment | {"FONTES_MODEL": "no-such-model"})
    assert code in ENDED
    assert any("no-such-model" in note for note in answer["notes"])
    assert [row["by"] for row in answer["trace"] if row["step"] == "draft"] == ["extractive"]
    assert answer["claims"]


@pytest.fixture
def doomed(vllm_folder: Path, vllm_url: str) -> int:
    """The process of the chat server; skipped where it is not the tests' own."""
    if os.environ.get("FONTES_TEST_VLLM_URL"):
        pytest.skip("the server of FONTES_TEST_VLLM_URL is not the tests' own")
    running = json.loads((vllm_folder / "run" / "chat.json").read_text())
    return int(running["pid"])


async def test_a_server_that_dies_in_the_midst_of_an_answer_is_named_and_the_run_ends_well(
    environment: dict[str, str], doomed: int, counts: Counts, vllm_url: str
) -> None:
    begun = (await counts())["generation_tokens_total"]
    command = [*MAIN, "ask", QUESTION, "--docs", str(LIGHTHOUSES), "--json"]
    asked = await asyncio.create_subprocess_exec(
        *command, env=environment | {"FONTES_ROUTER": "rules"}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    while (await counts())["generation_tokens_total"] < begun + 32:  # more than the probe writes: it drafts
        assert asked.returncode is None, "it ended before it drafted"
        await asyncio.sleep(0.05)
    os.killpg(doomed, signal.SIGKILL)
    out, err = await asked.communicate()
    assert asked.returncode in ENDED, err
    answer = json.loads(out)
    await check(answer, environment["FONTES_HOME"])
    [draft] = [row for row in answer["trace"] if row["step"] == "draft"]
    assert draft["detail"]
    assert any(vllm_url in note for note in answer["notes"])
    assert answer["claims"], "what was verified stands, or else the sources are quoted"
