"""`fontes doctor` tells of every role who plays it, what it can do, and what is done without it."""

import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from fontes.agent import local_models
from fontes.agent.cli.doctor_models import model_findings
from fontes.agent.cli.findings import Finding
from fontes.agent.models.scripted import Asked, Fault, Reply, ScriptedServer
from fontes.agent.settings import Settings

SettingsWith = Callable[..., Settings]


@pytest.fixture
def settings_with(tmp_path: Path, bare_environment: pytest.MonkeyPatch) -> SettingsWith:
    """Settings with nothing but what is given; no model server is looked for."""
    bare_environment.setattr(local_models, "PORTS", {1: "nobody"})
    return lambda **values: Settings(home=tmp_path / "home", **values)


def hello(_: Asked) -> Reply:
    return Reply("Hello!")


def of(what: str, findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.what == what]


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def test_a_writer_that_can_everything_has_one_line(settings_with: SettingsWith) -> None:
    async with ScriptedServer(hello, model=("small", "large"), context=4_096) as server:
        findings = await model_findings(settings_with(model_url=server.url, model="small"))
    (writer,) = of("writer", findings)
    assert writer.state == "ok"
    facts = "small: reads 4,096 tokens, obeys JSON schemas, streams, counts tokens; also served: large"
    assert writer.detail.startswith(f"{facts} ({server.url}, in ")
    assert not of("model servers", findings), "who has one is not told of others"


async def test_what_is_missing_is_said_with_what_is_done_instead_and_what_mends_it(settings_with: SettingsWith) -> None:
    listed = Fault("not_json", body='{"data": [{"id": "scripted"}]}')
    async with ScriptedServer(hello, obeys_schema=False, tokenizer=False, faults={"/v1/models": listed}) as server:
        writer, *notes = of("writer", await model_findings(settings_with(model_url=server.url)))
    assert writer.detail.startswith("scripted: streams (")
    assert {note.state for note in notes} == {"note"}
    assert [(note.detail.partition(":")[0], bool(note.remedy)) for note in notes] == [
        ("it does not obey JSON schemas", True),
        ("it does not count tokens", True),
        ("it does not say its context length", True),
    ]


async def test_the_model_is_asked_afresh(settings_with: SettingsWith) -> None:
    async with ScriptedServer(hello) as server:
        settings = settings_with(model_url=server.url)
        await model_findings(settings)
        await model_findings(settings)
        assert len(server.chats) == 2


@pytest.mark.parametrize(
    ("values", "why", "remedy"),
    [
        ({"model_key": "barley"}, "it refuses the key", "set FONTES_MODEL_KEY to a key that it takes"),
        ({"model_key": ""}, "it wants a key, and none is set", "set FONTES_MODEL_KEY to a key that it takes"),
        (
            {"model_key": "sesame", "model": "medium"},
            "it has no model 'medium'; it serves small, large",
            "set FONTES_MODEL to a model that it serves, or correct FONTES_MODEL_URL",
        ),
    ],
    ids=["wrong key", "no key", "wrong model"],
)
async def test_a_writer_that_refuses_is_a_warning_with_its_remedy(
    values: dict[str, str], why: str, remedy: str, settings_with: SettingsWith
) -> None:
    async with ScriptedServer(hello, model=("small", "large"), key="sesame") as server:
        (writer,) = of("writer", await model_findings(settings_with(model_url=server.url, **values)))
    assert writer.state == "warning"
    assert why in writer.detail
    assert "until then answers are sentences of your sources, quoted" in writer.detail
    assert writer.remedy == remedy
    assert "barley" not in repr(writer)


@pytest.mark.parametrize(
    ("url", "why", "remedy"),
    [
        ("http://127.0.0.1:{port}/v1", "cannot be reached", "start it, or correct FONTES_MODEL_URL"),
        (
            "localhost:8000",
            "it has the form http://HOST:PORT/v1",
            "check FONTES_MODEL_URL; it is the address up to /v1",
        ),
    ],
)
async def test_an_address_without_a_server_is_a_warning(
    url: str, why: str, remedy: str, settings_with: SettingsWith, closed_port: int
) -> None:
    settings = settings_with(model_url=url.format(port=closed_port))
    (writer,) = of("writer", await model_findings(settings))
    assert (writer.state, writer.remedy) == ("warning", remedy)
    assert why in writer.detail


async def test_a_password_in_an_address_is_not_shown(settings_with: SettingsWith, closed_port: int) -> None:
    settings = settings_with(model_url=f"http://me:barley@127.0.0.1:{closed_port}/v1")
    (writer,) = of("writer", await model_findings(settings))
    assert "barley" not in repr(writer)


@pytest.mark.parametrize("model", ["", "scripted"])
async def test_a_page_in_the_place_of_a_server_is_a_warning(model: str, settings_with: SettingsWith) -> None:
    faults = dict.fromkeys(("/v1/models", "/v1/chat/completions", "/tokenize"), Fault("html"))
    async with ScriptedServer(hello, faults=faults) as server:
        (writer,) = of("writer", await model_findings(settings_with(model_url=server.url, model=model)))
    assert writer.state == "warning"
    assert "a web page came, not a model's reply" in writer.detail


async def test_a_server_that_could_not_be_tried_is_a_warning(settings_with: SettingsWith) -> None:
    async with ScriptedServer(hello, faults={"/v1/chat/completions": Fault("cut")}) as server:
        (untried,) = of("writer", await model_findings(settings_with(model_url=server.url)))
    assert untried.state == "warning"
    assert "it is taken to stream and to obey schemas" in untried.detail


async def test_every_role_with_a_server_of_its_own_is_asked(settings_with: SettingsWith) -> None:
    async with (
        ScriptedServer(hello, model="router") as router,
        ScriptedServer(hello, model="judge") as judge,
        ScriptedServer(hello, model="pooling", embeddings=48) as pooling,
    ):
        settings = settings_with(
            router_url=router.url, judge_url=judge.url, embed_url=pooling.url, embed_model="pooling",
            rerank_url=pooling.url, rerank_model="pooling",
        )  # fmt: skip
        findings = await model_findings(settings)
    assert {finding.what: finding.state for finding in findings} == dict.fromkeys(
        ("writer", "router", "judge", "embeddings", "reranker"), "ok"
    ) | {"model servers": "note"}
    assert of("embeddings", findings)[0].detail.startswith(f"pooling: vectors of 48 numbers ({pooling.url}, in ")
    assert of("reranker", findings)[0].detail.startswith("pooling: an answer scores ")
    assert of("writer", findings)[0].detail == "extractive: answers are sentences of your sources, quoted"


async def test_a_server_of_embeddings_that_has_none_is_a_warning(settings_with: SettingsWith) -> None:
    async with ScriptedServer(hello, embeddings=None, rerank=False) as server:
        settings = settings_with(embed_url=server.url, embed_model="scripted", rerank_url=server.url)
        findings = await model_findings(settings)
    (embeddings,), (reranker,) = of("embeddings", findings), of("reranker", findings)
    assert embeddings.state == reranker.state == "warning"
    assert "until then questions are matched by words alone" in embeddings.detail
    assert "until then passages are not reranked" in reranker.detail


async def test_embeddings_without_a_name_are_a_warning_that_names_the_model(settings_with: SettingsWith) -> None:
    async with ScriptedServer(hello, model="pooling", embeddings=48) as server:
        (embeddings,) = of("embeddings", await model_findings(settings_with(embed_url=server.url)))
    assert (embeddings.state, embeddings.remedy) == ("warning", "set FONTES_EMBED_MODEL to it")
    assert embeddings.detail.startswith("pooling: vectors of 48 numbers")


def test_a_model_server_that_is_down_does_not_make_questions_impossible(
    fontes, quick: None, closed_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FONTES_MODEL_URL", f"http://127.0.0.1:{closed_port}/v1")
    result = fontes("doctor", "--json")
    assert result.code == 0
    (writer,) = (finding for finding in json.loads(result.out) if finding["what"] == "writer")
    assert writer["state"] == "warning"
