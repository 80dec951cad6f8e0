"""What servers send of a chat completion, whole or in chunks: validated, and reduced to what is used."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, ValidationError


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Text(_Wire):
    content: str | None = None
    reasoning: object = None
    reasoning_content: object = None
    tool_calls: object = None
    function_call: object = None
    refusal: object = None


class _Choice(_Wire):
    index: int = 0
    delta: _Text | None = None
    message: _Text | None = None
    finish_reason: str | None = None


class _Chunk(_Wire):
    choices: list[_Choice] | None = None
    usage: object = None
    error: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """Tokens of a call as the server counts them; None where it does not, or counts below 0."""

    prompt: int | None = None
    completion: int | None = None
    cached: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one chunk, or a whole reply, says.

    `aside` counts the characters of reasoning, which is not kept. `finish` is "" before the end. `error` is what the
    server put in the place of a reply.
    """

    text: str = ""
    aside: int = 0
    calls_tool: bool = False
    refuses: bool = False
    finish: str = ""
    used: Used | None = None
    error: object = None


def part_of(data: bytes) -> Part:
    """One chunk of a stream, or the body of a reply in one piece.

    Raises:
        ValueError: it is not JSON, or no chat completion.
    """
    try:
        chunk = _Chunk.model_validate_json(data)
    except ValidationError as error:
        raise ValueError(error.errors()[0]["msg"]) from None
    choice = next((choice for choice in chunk.choices or () if choice.index == 0), None)
    said = (choice and (choice.delta or choice.message)) or _Text()
    return Part(
        text=said.content or "",
        aside=max(_length(said.reasoning), _length(said.reasoning_content)),  # some send it under both names
        calls_tool=bool(said.tool_calls or said.function_call),
        refuses=bool(said.refusal),
        finish=(choice and choice.finish_reason) or "",
        used=_used(chunk.usage),
        error=chunk.error,
    )


def _used(usage: object) -> Used | None:
    if not isinstance(usage, Mapping):
        return None
    details = usage.get("prompt_tokens_details")
    cached = details.get("cached_tokens") if isinstance(details, Mapping) else None
    return Used(
        prompt=_count(usage.get("prompt_tokens")),
        completion=_count(usage.get("completion_tokens")),
        cached=_count(cached) or 0,
    )


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _length(value: object) -> int:
    return len(value) if isinstance(value, str) else 0
