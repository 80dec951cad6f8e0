"""Settings: read once from the environment and one file, and the only place that builds plugs.

A value comes from, in this order: an argument, the environment, the settings file, the default. The file is
`fontes.toml` in the user's configuration directory, or the one named by FONTES_CONFIG. A `fontes.toml` in the current
directory is not read: a folder that one merely stands in must not decide what is run. An empty variable counts as
none.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs
from pydantic import Field, PrivateAttr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from ..crawler import ReadPolicy, Workers
from ..retrievers import Embedder, Index, ModelMissing, Reranker, Vectors
from ..tools import Search
from .answerability import level_with, threshold_for
from .budget import Allowance
from .deps import Limits
from .errors import SettingError
from .model_settings import ModelSettings, without_user
from .models import Writer
from .models.chat import Chat
from .plugs import plug_named
from .providers import PROVIDERS, build
from .verifiers import Verifier
from .web_settings import WebSettings

if TYPE_CHECKING:
    from ..crawler import Crawler
    from ..tools import FanOut
    from .served_models import ServedModels

_VECTORS = ("exact", "chroma")
_HITS_A_DOMAIN = 4


def config_file() -> Path:
    """The settings file: FONTES_CONFIG, else `fontes.toml` in the user's configuration directory."""
    named = os.environ.get("FONTES_CONFIG", "")
    return Path(named).expanduser() if named else Path(platformdirs.user_config_dir("fontes")) / "fontes.toml"


def unknown_variables() -> tuple[str, ...]:
    """FONTES_ variables in the environment that name no setting: most likely misspelt."""
    known = {f"FONTES_{name.upper()}" for name in Settings.model_fields} | {"FONTES_CONFIG", "FONTES_DEBUG"}
    return tuple(sorted(key for key in os.environ if key.startswith("FONTES_") and key not in known))


class Settings(ModelSettings, WebSettings):
    """Everything that can be set. A field's name is its key in `fontes.toml`, with FONTES_ before it its variable.

    Raises:
        SettingError: a value is not allowed; the message names the setting, where it came from and what is allowed.
    """

    model_config = SettingsConfigDict(
        env_prefix="FONTES_", env_ignore_empty=True, extra="forbid", frozen=True, validate_default=False
    )

    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("fontes")), description="the data directory"
    )
    models: Path | None = Field(
        default=None, description="folder with embedder and reranker files, looked at before the packaged ones"
    )
    embedder: str = Field(
        default="default", description="`default` (bge-small-en), `none`, or package.module:Class of an Embedder"
    )
    reranker: str = Field(
        default="default", description="`default` (MiniLM cross-encoder), `none`, or package.module:Class of a Reranker"
    )
    vectors: str = Field(
        default="exact", description="nearest-neighbour index: `exact`, `chroma`, or package.module:Class of a Vectors"
    )
    verifier: str = Field(
        default="default",
        description="`default` (lexical), `judge` (a model), `nli` or `entailment` (a folder each), or"
        " package.module:Class of a Verifier",
    )
    nli: Path | None = Field(default=None, description="folder of an ONNX entailment model, for `nli` and `entailment`")
    seconds: float = Field(default=120.0, gt=0, description="wall time of one question, in seconds")
    questions: int = Field(default=16, ge=1, description="questions answered at a time; others wait for their turn")
    rerank: int = Field(default=8, ge=1, le=50, description="passages that the cross-encoder scores, about 60 ms each")
    evidence: int | None = Field(
        default=None, ge=1, le=50, description="passages handed to the writer; empty: 8, and 12 when a model writes"
    )
    sentences: int = Field(default=3, ge=1, le=20, description="sentences of an extractive answer")
    relevance: float = Field(
        default=0.5, ge=0, le=1,
        description="least probability of answering at which a sentence is asserted; .5 keeps nine in ten answers",
    )  # fmt: skip
    wrong_at_most: float | None = Field(
        default=None,
        gt=0,
        lt=1,
        description="share of answers that may be wrong, in place of relevance; see docs/figures",
    )
    max_file_mb: int = Field(default=50, ge=1, le=2000, description="largest file that is read, in MB")
    workers: int = Field(
        default_factory=lambda: min(os.cpu_count() or 1, 4), ge=1, le=64, description="reading processes"
    )

    _given: frozenset[str] = PrivateAttr(default=frozenset())

    @field_validator(
        "models", "recorded", "nli", "evidence", "wrong_at_most", "model_context", "tokens", "money", mode="before"
    )
    @classmethod
    def _nothing(cls, value: object) -> object:
        """An empty text is no number and no path; taken as one it would be the current directory."""
        return None if value == "" else value

    @field_validator("home", mode="before")
    @classmethod
    def _somewhere(cls, value: object) -> object:
        if value == "":
            raise ValueError("a directory is needed")
        return value

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise self._explained(error, values) from error
        self._given = frozenset(values)

    @field_validator("home", "models", "recorded", "nli")
    @classmethod
    def _expanded(cls, path: Path | None) -> Path | None:
        try:
            return path and path.expanduser()
        except RuntimeError as error:  # ~nobody
            raise ValueError(str(error)) from error

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then the file."""
        file = config_file()
        if os.environ.get("FONTES_CONFIG") and not file.is_file():
            raise SettingError(f"FONTES_CONFIG (environment) = {file}", "there is no such file")
        try:
            return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, file)
        except ValueError as error:  # tomllib's error is one
            raise SettingError(str(file), f"it is not valid TOML: {error}") from error

    # The plugs. Each is imported inside its branch: an extra is needed only by who chose it.

    def build_embedder(self) -> Embedder | None:
        """The embedder, or None when it is set to `none`.

        Raises:
            ModelMissing: the default's files are not there.
            SettingError: the name is no embedder.
        """
        match self.embedder:
            case "none":
                return None
            case "default" if self.embed_url:
                from ..retrievers.embedders.served import ServedEmbedder
                from .served_models import endpoint_of

                return ServedEmbedder(
                    endpoint_of(self, "embed"),
                    query_prefix=self.embed_query_prefix,
                    passage_prefix=self.embed_passage_prefix,
                )
            case "default":
                from ..retrievers.embedders.bge import BgeSmall

                return BgeSmall(self.models)
            case named:
                embedder: Embedder = self._plug("embedder", named, ("default", "none"), method="embed_passages")
                return embedder

    def build_reranker(self) -> Reranker | None:
        """The reranker, or None when it is set to `none`.

        Raises:
            ModelMissing: the default's files are not there.
            SettingError: the name is no reranker.
        """
        match self.reranker:
            case "none":
                return None
            case "default" if self.rerank_url:
                from ..retrievers.rerankers.served import ServedReranker
                from .served_models import endpoint_of

                return ServedReranker(endpoint_of(self, "rerank"))
            case "default":
                from ..retrievers.rerankers.minilm import MiniLM

                return MiniLM(self.models)
            case named:
                reranker: Reranker = self._plug("reranker", named, ("default", "none"), method="score")
                return reranker

    def build_vectors(self, embedder: Embedder) -> Vectors | None:
        """The nearest-neighbour plug; None for exact search over the file that the index keeps itself.

        Raises:
            SettingError: the name is no plug.
        """
        match self.vectors:
            case "exact":
                return None
            case "chroma":
                from ..retrievers.vectors.chroma import Chroma
                from ..retrievers.vectors.stamp import slug

                return Chroma(path=self.home / "chroma", collection=slug(embedder.name))
            case named:
                vectors: Vectors = self._plug("vectors", named, _VECTORS, method="query")
                return vectors

    def build_index(self) -> Index:
        """The index over `home`; without model files it searches by words alone and says so in its notes."""
        notes: list[str] = []
        embedder: Embedder | None = None
        reranker: Reranker | None = None
        try:
            embedder = self.build_embedder()
        except ModelMissing as error:
            notes.append(f"searched by words alone, for want of an embedding model: {error}")
        try:
            reranker = self.build_reranker()
        except ModelMissing as error:
            notes.append(f"not reranked, for want of a cross-encoder: {error}")
        vectors = self.build_vectors(embedder) if embedder else None
        return Index(self.home, embedder=embedder, reranker=reranker, vectors=vectors, notes=notes)

    def build_models(self) -> "ServedModels":
        """The language models of the roles; to be closed."""
        from .served_models import ServedModels

        return ServedModels(self)

    def build_writer(self, index: Index, model: Chat | None = None) -> Writer:
        """The writer: `model`, or without one sentences of the sources, scored with the index's own models."""
        from .models.extractive import Extractive

        quoting = Extractive(index.dense.embedder if index.dense else None, index.reranker, sentences=self.sentences)
        if model is None:
            return quoting
        from .models.model_writer import ModelWriter

        return ModelWriter(model, quoting, most_prompt_tokens=self.prompt_tokens, max_reply_tokens=self.reply_tokens)

    def build_verifier(self, judge: Chat | None = None) -> Verifier:
        """The verifier; `judge` is the model for the verifier `judge`, by default the one of its role.

        Raises:
            SettingError: the name is no verifier, or what it needs is not set.
        """
        from .verifier_choice import VERIFIERS, verifier_of

        if judge is None and self.verifier == "judge":
            judge = self.build_models().judge
        verifier: Verifier = verifier_of(self, judge) or self._plug(
            "verifier", self.verifier, VERIFIERS, method="check"
        )
        return verifier

    def build_search(self) -> Search:
        """The search providers named in `search`: one alone, or several as one.

        Raises:
            SettingError: none is named, or a name is no provider.
        """
        providers = self._providers()
        return providers[0] if len(providers) == 1 else self.build_fan_out()

    def build_fan_out(self) -> "FanOut":
        """The search providers named in `search`, as one that also tells what each of them answered.

        Raises:
            SettingError: as `build_search`.
        """
        from ..tools import FanOut

        try:
            return FanOut(
                self._providers(), allow=self.allow_domains, deny=self.deny_domains, per_domain=_HITS_A_DOMAIN
            )
        except ValueError as error:
            raise SettingError(self.origin("allow_domains"), str(error)) from error

    def _providers(self) -> "tuple[Search, ...]":
        if not self.search:
            raise SettingError(self.origin("search"), "no provider is named; known: " + ", ".join(PROVIDERS))
        return tuple(
            build(name, self) or self._plug("search", name, PROVIDERS, method="search") for name in self.search
        )

    def build_reader(self) -> Workers:
        """The worker processes that read files."""
        return Workers(ReadPolicy(max_bytes=self.max_file_mb * 1_000_000, workers=self.workers))

    def build_crawler(self, workers: Workers | None = None, *, well_known_tdm: bool = True) -> "Crawler":
        """The crawler; with `workers`, pages are taken apart in these processes instead of its own.

        Without `well_known_tdm` a site's file of TDM reservations is not asked for (its headers and metas count all the
        same): it costs the first page of a site another pause, which a person who waits for an answer would feel.

        Raises:
            SettingError: `allow_hosts`, `resolve` or `obey` cannot be read.
        """
        from ..crawler import Crawler
        from .crawl_policy import crawl_policy

        try:
            return Crawler(crawl_policy(self, well_known_tdm=well_known_tdm), workers=workers)
        except ValueError as error:
            name = str(error).partition(":")[0]
            known = name in ("allow_hosts", "resolve", "obey")
            raise SettingError(self.origin(name) if known else "the crawler", str(error)) from error

    def limits(self, index: Index | None = None) -> Limits:
        """How much each step takes along; what `wrong_at_most` asks for goes by the models of `index`.

        Raises:
            SettingError: the calibration cannot show so little risk.
        """
        evidence = self.evidence or (12 if self.model_url else 8)  # a model's prompt is packed from them
        relevance = self.relevance
        if self.wrong_at_most is not None:
            embedder = index.dense.embedder.name if index and index.dense else None
            level = level_with(index.reranker.name if index and index.reranker else None, embedder)
            relevance = threshold_for(self.wrong_at_most, level=level)
            if relevance >= 1:
                raise SettingError(self.origin("wrong_at_most"), "so little risk cannot be shown; .1 can be")
        return Limits(rerank=self.rerank, evidence=evidence, relevance=relevance, rounds=self.rounds)

    def allowance(self) -> Allowance:
        """What one run may spend."""
        return Allowance(seconds=self.seconds, tokens=self.tokens, money=self.money, rounds=self.rounds)

    # Where a value came from

    def origin(self, name: str) -> str:
        """The setting's name, value and where it came from, for messages."""
        return f"{name} = {without_user(getattr(self, name))!r} ({self.origins()[name]})"

    def origins(self) -> dict[str, str]:
        """Where each value came from: `argument`, a variable's name, the file's path, or `default`."""
        found: dict[str, str] = {}
        for name in type(self).model_fields:
            if name in self._given:
                found[name] = "argument"
            elif name not in self.model_fields_set:
                found[name] = "default"
            else:
                found[name] = _variable(name) or str(config_file())
        return found

    def _plug(self, setting: str, named: str, known: Sequence[str], *, method: str) -> Any:
        return plug_named(named, origin=self.origin(setting), setting=setting, known=known, method=method)

    @classmethod
    def _explained(cls, error: ValidationError, values: dict[str, Any]) -> SettingError:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        origin = "argument" if name in values else _variable(name) or str(config_file())
        if first["type"] == "extra_forbidden":
            why = "there is no such setting; known: " + ", ".join(sorted(cls.model_fields))
        else:
            why = first["msg"][0].lower() + first["msg"][1:]
        shown = "…" if name.endswith("_key") else repr(without_user(first.get("input")))  # a key is shown to nobody
        return SettingError(f"{name} = {shown} ({origin})", why)


def _variable(name: str) -> str:
    """The environment variable that sets `name`; "" when there is none."""
    variable = f"FONTES_{name.upper()}"
    return variable if any(key.upper() == variable and value for key, value in os.environ.items()) else ""
