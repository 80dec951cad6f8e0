"""What servers send of a chat completion, whole or in chunks: validated, and reduced to what is used."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypedDict


class _Piece(TypedDict, total=False):
    text: str


class _Text(TypedDict, total=False):
    content: str | list[_Piece] | None  # some send the parts that requests may have
    reasoning: object
    reasoning_content: object
    tool_calls: object
    function_call: object
    refusal: object


class _Choice(TypedDict, total=False):
    index: int | None
    delta: _Text | None
    message: _Text | None
    finish_reason: object


class _Chunk(TypedDict, total=False):
    choices: list[_Choice] | None
    usage: object
    error: object


_MOST_TOKENS = 100_000_000  # of one call; more would be the end of any budget
_NO_CHOICE: _Choice = {}
_CHUNK = TypeAdapter(_Chunk)  # dictionaries take a sixth of the time of models, and a chunk comes with every token


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """Tokens of a call as the server counts them; None where it does not, or counts what cannot be."""

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
        chunk = _CHUNK.validate_json(data)
    except ValidationError as error:
        raise ValueError(error.errors()[0]["msg"]) from None
    choice = _NO_CHOICE
    for each in chunk.get("choices") or ():
        if not each.get("index"):
            choice = each
            break
    said: _Text = choice.get("delta") or choice.get("message") or {}
    return Part(
        text=_text(said.get("content")),
        # some send it under both names
        aside=max(_length(said.get("reasoning")), _length(said.get("reasoning_content"))),
        calls_tool=bool(said.get("tool_calls") or said.get("function_call")),
        refuses=bool(said.get("refusal")),
        finish=finish if isinstance(finish := choice.get("finish_reason"), str) else "",
        used=_used(chunk.get("usage")),
        error=chunk.get("error"),
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
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_TOKENS else None


def _text(content: str | list[_Piece] | None) -> str:
    if isinstance(content, list):
        return "".join(piece.get("text", "") for piece in content)
    return content or ""


def _length(value: object) -> int:
    return len(value) if isinstance(value, str) else 0
