"""A setting's value comes from where it should, and a bad one is named with its origin and what is allowed."""

from pathlib import Path

import pytest
from fontes.agent.errors import SettingError
from fontes.agent.settings import Settings, config_file
from fontes.agent.verifiers.lexical import Lexical
from fontes.retrievers.embedders.bge import BgeSmall
from fontes.tools.search.recorded import Recorded


@pytest.fixture
def file(tmp_path: Path, bare_environment: pytest.MonkeyPatch) -> Path:
    """The settings file that FONTES_CONFIG names; to be written by the test."""
    path = tmp_path / "own.toml"
    path.touch()
    bare_environment.setenv("FONTES_CONFIG", str(path))
    return path


@pytest.fixture
def plug(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module that can be imported and holds a plug: `its name:Class`."""
    (tmp_path / "plug_of_ones_own.py").write_text(
        "class Silent:\n    name = 'silent/1'\n\n    async def check(self, claim, evidence):\n        return None\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    return "plug_of_ones_own:Silent"


# Where values come from


def test_a_value_comes_from_the_argument_then_the_environment_then_the_file_then_the_default(
    file: Path, bare_environment: pytest.MonkeyPatch
) -> None:
    file.write_text("sentences = 4\nrerank = 4\nevidence = 4\n")
    bare_environment.setenv("FONTES_RERANK", "5")
    bare_environment.setenv("fontes_evidence", "5")
    settings = Settings(evidence=6)
    assert (settings.sentences, settings.rerank, settings.evidence, settings.seconds) == (4, 5, 6, 120.0)
    origins = settings.origins()
    assert origins["sentences"] == str(file)
    assert origins["rerank"] == "FONTES_RERANK"
    assert origins["evidence"] == "argument"
    assert origins["seconds"] == "default"


def test_an_argument_that_equals_the_variable_is_still_an_argument(bare_environment: pytest.MonkeyPatch) -> None:
    bare_environment.setenv("FONTES_RERANK", "5")
    assert Settings(rerank=5).origins()["rerank"] == "argument"


def test_every_setting_has_an_origin_and_a_description(file: Path) -> None:
    settings = Settings()
    assert settings.origins() == dict.fromkeys(Settings.model_fields, "default")
    for name, field in Settings.model_fields.items():
        assert field.description, name


def test_a_message_about_a_setting_names_its_value_and_origin(bare_environment: pytest.MonkeyPatch) -> None:
    bare_environment.setenv("FONTES_VERIFIER", "mine")
    assert Settings().origin("verifier") == "verifier = 'mine' (FONTES_VERIFIER)"


def test_the_file_is_the_one_named_else_the_one_in_the_users_configuration(
    tmp_path: Path, bare_environment: pytest.MonkeyPatch
) -> None:
    assert config_file().name == "fontes.toml"
    assert config_file().is_relative_to(tmp_path)
    config_file().parent.mkdir(parents=True)
    config_file().write_text("seconds = 7\n")
    assert Settings().seconds == 7
    bare_environment.setenv("FONTES_CONFIG", "~/elsewhere.toml")
    assert config_file() == Path.home() / "elsewhere.toml"


def test_a_settings_file_in_the_folder_one_stands_in_is_not_read(
    tmp_path: Path, bare_environment: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fontes.toml").write_text('verifier = "plugs:Mine"\nnonsense = 1\n')
    (tmp_path / ".env").write_text("FONTES_VERIFIER=plugs:Mine\n")
    bare_environment.chdir(tmp_path)
    assert Settings().verifier == "default"


def test_an_empty_variable_counts_as_none(file: Path, bare_environment: pytest.MonkeyPatch) -> None:
    file.write_text("sentences = 4\n")
    for name in ("HOME", "MODELS", "SECONDS", "SENTENCES", "SEARCH"):
        bare_environment.setenv(f"FONTES_{name}", "")
    settings = Settings()
    assert settings.home != Path()
    assert (settings.models, settings.sentences, settings.search) == (None, 4, ("ddgs",))
    assert settings.origins()["sentences"] == str(file)


def test_a_path_may_start_at_the_persons_home(file: Path, bare_environment: pytest.MonkeyPatch) -> None:
    file.write_text('home = "~/fontes"\n')
    bare_environment.setenv("FONTES_MODELS", "~/models")
    settings = Settings(recorded="~/searches.jsonl")
    assert settings.home == Path.home() / "fontes"
    assert settings.models == Path.home() / "models"
    assert settings.recorded == Path.home() / "searches.jsonl"
    with pytest.raises(SettingError, match=r"home = '~nobody-here/x' \(argument\)"):
        Settings(home="~nobody-here/x")


@pytest.mark.parametrize("written", ["recorded,tavily", " recorded , tavily ,"])
def test_search_providers_are_separated_by_commas(written: str, bare_environment: pytest.MonkeyPatch) -> None:
    bare_environment.setenv("FONTES_SEARCH", written)
    assert Settings().search == ("recorded", "tavily")


def test_search_providers_may_be_a_list_in_the_file(file: Path) -> None:
    file.write_text('search = ["recorded"]\n')
    assert Settings().search == ("recorded",)


def test_settings_do_not_change_afterwards() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().seconds = 1  # type: ignore[misc]


def test_steps_and_runs_get_what_is_set(bare_environment: pytest.MonkeyPatch) -> None:
    settings = Settings(rerank=2, evidence=3, relevance=0.25, seconds=9, max_file_mb=7, workers=3)
    limits = settings.limits()
    assert (limits.rerank, limits.evidence, limits.relevance) == (2, 3, 0.25)
    assert settings.allowance().seconds == 9
    policy = settings.build_reader().policy
    assert (policy.max_bytes, policy.workers) == (7_000_000, 3)


# What is refused


def test_an_unknown_key_in_the_file_is_named_with_the_known_ones(file: Path) -> None:
    file.write_text("sentense = 3\n")
    with pytest.raises(
        SettingError, match=r"sentense = 3 \(.*own\.toml\): there is no such setting; known: .*sentences"
    ):
        Settings()


def test_an_unknown_argument_is_named_with_the_known_ones(bare_environment: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingError, match=r"sentense = 3 \(argument\): there is no such setting; known: .*sentences"):
        Settings(sentense=3)


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("sentences", "many", "valid integer"),
        ("sentences", "0", "greater than or equal to 1"),
        ("relevance", "1.5", "less than or equal to 1"),
        ("seconds", "-1", "greater than 0"),
        ("workers", "1000", "less than or equal to 64"),
    ],
)
def test_a_bad_value_is_named_with_where_it_came_from_and_what_is_allowed(
    name: str, value: str, why: str, file: Path, bare_environment: pytest.MonkeyPatch
) -> None:
    file.write_text(f"{name} = {value!r}\n")
    with pytest.raises(SettingError, match=rf"{name} = '{value}' \(.*own\.toml\): .*{why}.*`fontes config`"):
        Settings()
    with pytest.raises(SettingError, match=rf"\(argument\): .*{why}"):
        Settings(**{name: value})
    bare_environment.setenv(f"FONTES_{name.upper()}", value)
    with pytest.raises(SettingError, match=rf"{name} = '{value}' \(FONTES_{name.upper()}\): .*{why}"):
        Settings()


def test_a_named_file_that_is_not_there_is_an_error(tmp_path: Path, bare_environment: pytest.MonkeyPatch) -> None:
    bare_environment.setenv("FONTES_CONFIG", str(tmp_path / "gone.toml"))
    with pytest.raises(SettingError, match=r"FONTES_CONFIG \(environment\) = .*gone\.toml: there is no such file"):
        Settings()


@pytest.mark.parametrize("body", [b"seconds = \n", b"\xff\xfe = 1", b"[" * 50])
def test_a_file_that_is_no_toml_is_named(body: bytes, file: Path) -> None:
    file.write_bytes(body)
    with pytest.raises(SettingError, match=r"own\.toml: it is not valid TOML"):
        Settings()


# Plugs


@pytest.mark.parametrize("kind", ["embedder", "reranker", "vectors", "verifier"])
@pytest.mark.parametrize(
    ("named", "why"),
    [
        ("nonsense", r"not known; one of .*, or package\.module:Class"),
        ("no_such_package.module:Class", "cannot be imported: No module named"),
        ("json:NoSuchClass", "cannot be imported: .*NoSuchClass"),
        (":Class", "cannot be imported"),
        (".relative:Class", "cannot be imported"),
        ("pathlib:Path", "it has no method `.*`, so it is no "),
        ("types:SimpleNamespace", "it has no method `.*`, so it is no "),
        ("asyncio:Task", "cannot be made without arguments"),
    ],
)
def test_a_name_that_is_no_plug_is_refused_with_its_setting(
    kind: str, named: str, why: str, bare_environment: pytest.MonkeyPatch
) -> None:
    bare_environment.setenv(f"FONTES_{kind.upper()}", named)
    settings = Settings()
    with pytest.raises(SettingError, match=rf"{kind} = '{named}' \(FONTES_{kind.upper()}\): {why}"):
        getattr(settings, f"build_{kind}")(*([BgeSmall()] if kind == "vectors" else []))


def test_a_class_of_ones_own_is_a_plug(plug: str) -> None:
    verifier = Settings(verifier=plug).build_verifier()
    assert verifier.name == "silent/1"


def test_known_names_build_their_plugs(tmp_path: Path, bare_environment: pytest.MonkeyPatch) -> None:
    settings = Settings(home=tmp_path)
    assert isinstance(settings.build_verifier(), Lexical)
    embedder = settings.build_embedder()
    assert isinstance(embedder, BgeSmall)
    assert settings.build_vectors(embedder) is None
    off = Settings(home=tmp_path, embedder="none", reranker="none")
    assert (off.build_embedder(), off.build_reranker()) == (None, None)


def test_without_model_files_the_index_searches_by_words_and_says_so(
    tmp_path: Path, bare_environment: pytest.MonkeyPatch
) -> None:
    for folder in ("bge_small_en", "reranker_en"):
        (tmp_path / folder).mkdir()  # a folder of that name comes before the wheel, and this one is empty
    index = Settings(home=tmp_path / "home", models=tmp_path).build_index()
    assert (index.dense, index.reranker) == (None, None)
    assert "searched by words alone, for want of an embedding model" in index.notes[0]
    assert "not reranked, for want of a cross-encoder" in index.notes[1]


def test_a_search_provider_is_built_when_one_is_named(tmp_path: Path, bare_environment: pytest.MonkeyPatch) -> None:
    recording = tmp_path / "searches.jsonl"
    assert isinstance(Settings(search=["recorded"], recorded=recording).build_search(), Recorded)
    for wrong, why in (
        (Settings(search=[]), r"search = \(\) \(argument\): no provider is named; known: ddgs, searxng"),
        (Settings(search=["recorded"]), r"recorded = None \(default\): the provider `recorded` needs the file"),
        (Settings(search=["nonsense"]), r"search = \('nonsense',\) \(argument\): not known; one of ddgs, searxng"),
        (Settings(search=["ddgs", "x:Y"]), "cannot be imported"),
        (Settings(search=["pathlib:Path"]), "it has no method `search`"),
    ):
        with pytest.raises(SettingError, match=why):
            wrong.build_search()


def test_nothing_is_written_by_reading_settings(tmp_path: Path, bare_environment: pytest.MonkeyPatch) -> None:
    Settings().origins()
    assert list(tmp_path.iterdir()) == []


def test_a_wanted_share_of_wrong_answers_sets_the_threshold_or_is_refused(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, wrong_at_most=0.2)
    assert 0 < settings.limits(settings.build_index()).relevance < 1
    strict = Settings(home=tmp_path, wrong_at_most=0.1)
    assert strict.limits(strict.build_index()).relevance > settings.limits(settings.build_index()).relevance
    with pytest.raises(SettingError, match=r"wrong_at_most = 0\.001 .*cannot be shown"):
        Settings(home=tmp_path, wrong_at_most=0.001).limits()
