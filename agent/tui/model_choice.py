"""The model that a chat lets write from now on: asked a word or two before anything is changed."""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from ...retrievers import ServerStalled
from ..models.openai_compatible import OpenAICompatible
from ..served_models import endpoint_of
from ..settings import Settings

_PATIENCE_S = 20.0


async def chosen_model(given: Mapping[str, Any], changes: Mapping[str, Any], url: str, name: str) -> dict[str, Any]:
    """What of the settings is to be changed so that the model `name` at `url` writes; "" for the first one served.

    `given` are the settings that the chat was begun with, `changes` those that it has now. The key that is set is for
    the server that is set: no other one is sent it.

    Raises:
        SettingError: that is no address.
        ServedError: nothing answers there as a model server does, or it has no such model.
    """
    first = Settings(**given)
    key = first.model_key if _server(first.model_url) == _server(url) else SecretStr("")
    changed = {"model_url": url, "model": name, "model_key": key}
    settings = Settings(**{**changes, **changed})
    endpoint = endpoint_of(settings, "model")
    async with aclosing(endpoint):
        chat = OpenAICompatible(endpoint, context=settings.model_context, cache=settings.home / "models.json")
        try:
            async with asyncio.timeout(_PATIENCE_S):
                able = await chat.capabilities(is_fresh=True)
        except TimeoutError as error:
            raise ServerStalled(endpoint.url, f"it did not say a word within {_PATIENCE_S:g} s") from error
    return changed | {"model": able.model}


def _server(url: str) -> tuple[str, str]:
    parts = urlsplit(url.strip())
    return parts.scheme.lower(), parts.netloc.rpartition("@")[2].lower()
