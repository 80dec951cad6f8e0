from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from fontes.agent.account import Account, paying
from fontes.agent.budget import Allowance, Budget
from fontes.agent.errors import SettingError
from fontes.agent.models.extractive import Extractive
from fontes.agent.models.model_writer import ModelWriter
from fontes.agent.models.scripted import Fault, ScriptedServer
from fontes.agent.served_models import endpoint_of
from fontes.agent.settings import Settings
from fontes.retrievers import ServedError


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


URL = "http://127.0.0.1:9/v1"


async def test_without_a_server_no_role_is_played_and_the_writer_quotes(home: Path) -> None:
    settings = Settings(home=home)
    models = settings.build_models()
    assert (models.writer, models.router, models.judge) == (None, None, None)
    assert isinstance(settings.build_writer(settings.build_index(), models.writer), Extractive)


async def test_roles_without_a_server_of_their_own_share_the_writers(home: Path) -> None:
    models = Settings(home=home, model_url=URL).build_models()
    assert models.writer is not None
    assert models.writer is models.router is models.judge
    await models.aclose()


async def test_a_role_with_a_server_of_its_own_uses_that(home: Path) -> None:
    models = Settings(home=home, model_url=URL, judge_url="http://127.0.0.1:10/v1", router="rules").build_models()
    assert models.judge is not models.writer
    assert models.router is None
    await models.aclose()


async def test_a_model_writes_and_its_fallback_quotes(home: Path) -> None:
    settings = Settings(home=home, model_url=URL)
    models = settings.build_models()
    assert isinstance(settings.build_writer(settings.build_index(), models.writer), ModelWriter)
    await models.aclose()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"model_url": "ftp://models.test/v1"}, "model_url"),
        ({"model_url": URL, "model_key": "two words"}, "model_url"),
        ({"model_url": URL, "judge_url": "nonsense"}, "judge_url"),
    ],
)
def test_an_address_that_is_none_is_an_error_that_names_the_setting(home: Path, values: Any, said: str) -> None:
    models = Settings(home=home, **values).build_models()
    with pytest.raises(SettingError, match=said) as raised:
        _ = models.writer, models.judge
    assert "two words" not in str(raised.value)


def test_an_embedding_server_needs_the_name_of_its_model(home: Path) -> None:
    with pytest.raises(SettingError, match="embed_model"):
        Settings(home=home, embed_url=URL).build_embedder()
    embedder = Settings(home=home, embed_url=URL, embed_model="e5", embed_query_prefix="query: ").build_embedder()
    assert embedder is not None
    assert embedder.name.startswith("served/e5/")


def test_a_reranking_server_takes_the_place_of_the_packaged_model(home: Path) -> None:
    reranker = Settings(home=home, rerank_url=URL, rerank_model="ce").build_reranker()
    assert reranker is not None
    assert "ce" in reranker.name


def test_a_password_in_an_address_is_not_shown(home: Path) -> None:
    settings = Settings(home=home, model_url="http://me:secret@models.test/v1")
    assert "secret" not in settings.origin("model_url")
    with pytest.raises(SettingError) as raised:
        Settings(home=home, embed_url="http://me:secret@models.test/v1").build_embedder()
    assert "secret" not in str(raised.value)


async def test_a_reranker_that_hangs_costs_a_question_a_part_of_its_time(home: Path) -> None:
    hangs = {"/v1/rerank": Fault("stall")}
    async with ScriptedServer(faults=hangs) as server:
        endpoint = endpoint_of(Settings(home=home, rerank_url=server.url, rerank_model="m"), "rerank")
        started = monotonic()
        with (
            paying(Account(budget=Budget(Allowance()), tell=lambda _: None, ends=started + 6.0)),
            pytest.raises(ServedError, match="the time there was for its reply is over"),
        ):
            await endpoint.post("rerank", {"model": "scripted", "query": "Who?", "documents": ["Ann."]})
        left_s = started + 6.0 - monotonic()
        await endpoint.aclose()
    assert left_s > 2.0
