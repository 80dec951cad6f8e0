"""Model servers that run on this machine: where they usually listen, and what they serve."""

import asyncio
from dataclasses import dataclass

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

PORTS = {8000: "vLLM", 8080: "llama.cpp", 11434: "Ollama", 1234: "LM Studio"}
_TIMEOUT_S = 1.0
_MAX_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelServer:
    """An OpenAI-compatible server: its base URL, what usually listens on that port, and the models it names."""

    url: str
    usually: str
    models: tuple[str, ...]


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str


class _Models(BaseModel):
    model_config = ConfigDict(extra="ignore")

    data: list[_Model]


async def local_model_servers(ports: dict[int, str] | None = None) -> tuple[ModelServer, ...]:
    """Those that answer `/v1/models` on loopback within a second; what answers otherwise is no model server."""
    async with httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=False, follow_redirects=False) as client:
        asked = (ports or PORTS).items()
        found = await asyncio.gather(*(_ask(client, f"http://127.0.0.1:{port}/v1", name) for port, name in asked))
    return tuple(server for server in found if server)


async def _ask(client: httpx.AsyncClient, url: str, usually: str) -> ModelServer | None:
    """The server at `url`; None when nothing there speaks the protocol."""
    try:
        async with asyncio.timeout(_TIMEOUT_S * 2), client.stream("GET", f"{url}/models") as response:
            if response.status_code != httpx.codes.OK:
                return None
            body = b""
            async for part in response.aiter_bytes():
                body += part
                if len(body) > _MAX_BYTES:
                    return None
        served = _Models.model_validate_json(body)
    except (httpx.HTTPError, TimeoutError, ValidationError):
        return None
    return ModelServer(url=url, usually=usually, models=tuple(model.id for model in served.data))
