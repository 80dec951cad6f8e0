"""The settings of models: where they are served, by role, and how much may be asked of them."""

import re
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

Role = Literal["model", "router", "judge", "embed", "rerank"]
"""Who serves what; a role's settings begin with its name, and "model" writes."""

_NOBODY = SecretStr("")
_USER = re.compile(r"(?<=://)[^/@\s]*@")


def without_user(value: object) -> object:
    """The value of a setting as it is shown: an address without the user and password that it may hold."""
    return _USER.sub("…@", value) if isinstance(value, str) else value


class ModelSettings(BaseSettings):
    """What `Settings` holds for served models; read and explained there.

    A role without a URL of its own is played by the model at `model_url`; embeddings and reranking by the packaged
    models.
    """

    model_url: str = Field(
        default="",
        description="base URL of an OpenAI-compatible server, such as http://127.0.0.1:8000/v1; empty: answers quote",
    )
    model: str = Field(default="", description="name of the model that writes; empty: the first one served")
    model_key: SecretStr = Field(default=_NOBODY, description="key for the server at model_url")
    router: Literal["auto", "rules"] = Field(
        default="auto",
        description="who understands and routes questions: `auto` a model where there is one, or `rules`",
    )
    router_url: str = Field(default="", description="base URL of the model that understands questions")
    router_model: str = Field(default="", description="its name")
    router_key: SecretStr = Field(default=_NOBODY, description="its key")
    judge_url: str = Field(default="", description="base URL of the model that judges claims, for the verifier `judge`")
    judge_model: str = Field(default="", description="its name")
    judge_key: SecretStr = Field(default=_NOBODY, description="its key")
    embed_url: str = Field(
        default="", description="base URL of a server of embeddings (/v1/embeddings), instead of the packaged model"
    )
    embed_model: str = Field(default="", description="its model's name, which vectors are kept under")
    embed_key: SecretStr = Field(default=_NOBODY, description="its key")
    embed_query_prefix: str = Field(default="", description="what its model wants before a question")
    embed_passage_prefix: str = Field(default="", description="what its model wants before a passage")
    rerank_url: str = Field(
        default="", description="base URL of a reranking server (/rerank or /score), instead of the packaged model"
    )
    rerank_model: str = Field(default="", description="its model's name; empty: the first one served")
    rerank_key: SecretStr = Field(default=_NOBODY, description="its key")
    model_context: int | None = Field(
        default=None, ge=512, description="context length in tokens, where the server does not say it, or says it wrong"
    )
    model_concurrency: int = Field(
        default=8, ge=1, le=1024, description="requests to one model server at a time; the rest wait for their turn"
    )
    first_token_s: float = Field(default=30.0, gt=0, description="seconds that a reply's first token is waited for")
    between_tokens_s: float = Field(default=15.0, gt=0, description="seconds that each further token is waited for")
    prompt_tokens: int = Field(default=2_300, ge=300, description="tokens of a prompt for drafting, at most")
    reply_tokens: int = Field(default=700, ge=64, description="tokens of a drafted reply, at most")
    price_in: float = Field(default=0.0, ge=0, description="price of a million prompt tokens, for the budget of money")
    price_out: float = Field(default=0.0, ge=0, description="price of a million tokens written")
    tokens: int | None = Field(default=None, ge=1, description="tokens that one question may cost; empty: no limit")
    money: float | None = Field(default=None, gt=0, description="money that one question may cost, by the prices above")
    rounds: int = Field(
        default=1, ge=0, le=5, description="rounds of repair: more searches for what the sources did not support"
    )
