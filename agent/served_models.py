"""The language models of the roles, as the settings name them: made when first asked for, closed together."""

from functools import cached_property

from pydantic import SecretStr

from ..retrievers import Endpoint, ServedError
from .account import current_account
from .errors import SettingError
from .model_settings import Role
from .models.chat import Chat
from .settings import Settings

# What is asked of a model that chats beside its chats (its name, counts of tokens) takes milliseconds: a server that
# hangs is found out early. A batch of passages may take a while on a CPU.
_ASIDE_S, _POOLING_S = 10.0, 60.0

# Of the time of a question, what one that embeds or ranks may take: without it answers are found by words alone.
_POOLING_SHARE = 1 / 6


def endpoint_of(settings: Settings, role: Role) -> Endpoint:
    """The server that plays `role`; tokens it counts, outside of chats, are booked on the run that is going on.

    Raises:
        SettingError: its address or key is none, or an embedding model has no name to keep vectors under.
    """
    url, model, key = _named(settings, role)
    if role == "embed" and not model:
        raise SettingError(settings.origin("embed_model"), "with embed_url it is needed: vectors are kept under it")
    is_pooling = role in ("embed", "rerank")
    try:
        return Endpoint(
            url,
            key=key.get_secret_value(),
            model=model,
            concurrency=settings.model_concurrency,
            first_reply_s=_POOLING_S if is_pooling else _ASIDE_S,
            spent=_book,
            seconds_left=_share_left if is_pooling else _seconds_left,
        )
    except ServedError as error:
        raise SettingError(settings.origin(f"{role}_url"), str(error)) from error


def _named(settings: Settings, role: Role) -> tuple[str, str, SecretStr]:
    """The role's URL, model and key."""
    match role:
        case "model":
            return settings.model_url, settings.model, settings.model_key
        case "router":
            return settings.router_url, settings.router_model, settings.router_key
        case "judge":
            return settings.judge_url, settings.judge_model, settings.judge_key
        case "embed":
            return settings.embed_url, settings.embed_model, settings.embed_key
        case "rerank":
            return settings.rerank_url, settings.rerank_model, settings.rerank_key


def _book(prompt_tokens: int, completion_tokens: int) -> None:
    if account := current_account():
        account.add(prompt_tokens=prompt_tokens, completion_tokens=completion_tokens)


def _seconds_left() -> float | None:
    account = current_account()
    return account.seconds_left() if account else None


def _share_left() -> float | None:
    left = _seconds_left()
    return None if left is None else left * _POOLING_SHARE


class ServedModels:
    """Writer, router and judge; None for a role that no model plays.

    Roles at the same address with the same model and key share one chat: its circuit breaker, its number of requests at
    a time, what is known of the model.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._chats: dict[tuple[str, str, str], Chat] = {}
        self._endpoints: list[Endpoint] = []

    @cached_property
    def writer(self) -> Chat | None:
        """The model that drafts."""
        return self._chat("model")

    @cached_property
    def router(self) -> Chat | None:
        """The model that understands and routes questions."""
        if self._settings.router == "rules":
            return None
        return self._chat("router") or self.writer

    @cached_property
    def judge(self) -> Chat | None:
        """The model that judges claims."""
        return self._chat("judge") or self.writer

    async def aclose(self) -> None:
        """Close what was opened."""
        for endpoint in self._endpoints:
            await endpoint.aclose()

    def _chat(self, role: Role) -> Chat | None:
        chosen = self._settings
        url, model, key = _named(chosen, role)
        same = (url, model, key.get_secret_value())
        if url and same not in self._chats:
            from .models.openai_compatible import OpenAICompatible

            endpoint = endpoint_of(chosen, role)
            self._endpoints.append(endpoint)
            self._chats[same] = OpenAICompatible(
                endpoint,
                context=chosen.model_context,
                first_token_s=chosen.first_token_s,
                between_tokens_s=chosen.between_tokens_s,
                price_in=chosen.price_in,
                price_out=chosen.price_out,
                cache=chosen.home / "models.json",
            )
        return self._chats.get(same)
