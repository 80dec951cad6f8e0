"""Chat completions: the body that asks for one, and the answer, whole or as a stream of events."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, get_args

from ..chat import Message, Speaker
from . import tokens
from .asked import Asked
from .refusals import malformed, too_few_asked, too_long, too_many_asked
from .reply import Reply
from .wire import EVENTS, Answer

_ROLES = frozenset(get_args(Speaker))
DONE = b"data: [DONE]\n\n"

# What vLLM has places for and leaves empty, unless it is asked for more.
_UNUSED_OF_MESSAGE = dict.fromkeys(("refusal", "annotations", "audio", "function_call"))
_UNUSED_OF_CHOICE = dict.fromkeys(("token_ids", "routed_experts"))
_UNUSED = dict.fromkeys(
    ("prompt_logprobs", "prompt_token_ids", "prompt_text", "kv_transfer_params", "ec_transfer_params", "metrics")
)
_SERVER = {"system_fingerprint": "vllm-0.32.0-scripted"}


def to_json(value: object) -> bytes:
    """Compact JSON in UTF-8; half a surrogate pair stands as an escape."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def messages_of(body: Mapping[str, Any]) -> tuple[Message, ...]:
    """The conversation; a content of parts is their texts put together, an unknown role counts as the user's.

    Raises:
        Refused: there is none, or it has another shape.
    """
    rows = body.get("messages")
    if not isinstance(rows, list) or not rows:
        raise malformed("Field required", "messages")
    found: list[Message] = []
    for row in rows:
        if not isinstance(row, dict) or not isinstance(row.get("role"), str):
            raise malformed("a message is an object with a role", "messages")
        content = row.get("content") or ""
        if isinstance(content, list):
            content = "".join(part["text"] for part in content if isinstance(part, dict) and "text" in part)
        if not isinstance(content, str):
            raise malformed("a content is a text or a list of parts", "messages")
        found.append(Message(role=row["role"] if row["role"] in _ROLES else "user", content=content))
    return tuple(found)


def schema_of(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What the reply is held to, by `response_format` or by `structured_outputs`; None if by nothing.

    A `choice` of texts is an enum here. `guided_json` and its like are nothing, as with vLLM since 0.12.
    """
    structured = body.get("structured_outputs")
    if isinstance(structured, dict):
        if isinstance(held := structured.get("json"), dict):
            return held
        if isinstance(choice := structured.get("choice"), list):
            return {"enum": choice}
    form = body.get("response_format")
    if not isinstance(form, dict) or form.get("type") != "json_schema":
        return None
    named = form.get("json_schema")
    held = named.get("schema") if isinstance(named, dict) else None
    if not isinstance(held, dict):
        raise malformed("json_schema has no schema", "response_format")
    return held


def limit_of(body: Mapping[str, Any], prompt_tokens: int, context: int) -> int:
    """The tokens that the reply may have: those asked for, and no more than fit.

    Raises:
        Refused: the prompt does not fit, or the reply never could.
    """
    name = "max_completion_tokens" if body.get("max_completion_tokens") is not None else "max_tokens"
    wanted = body.get(name)
    if wanted is not None and (not isinstance(wanted, int) or wanted < 1):
        raise too_few_asked(name, wanted)
    if wanted is not None and wanted > context:
        raise too_many_asked(name, wanted, context)
    if prompt_tokens > context:
        raise too_long(context)
    return min(context - prompt_tokens, context if wanted is None else wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A reply as it was generated: cut at the limit of tokens, in tokens.

    `number` counts the server's replies. `per_event` is how many tokens go into one event of a stream.
    """

    number: int
    model: str
    reply: Reply
    reasoning: Sequence[str]
    content: Sequence[str] | None
    prompt_tokens: int
    cached_tokens: int
    was_cut: bool
    reasoning_field: str
    per_event: int

    @property
    def count(self) -> int:
        """Generated tokens."""
        return len(self.reasoning) + len(self.content or ())

    @property
    def finish(self) -> str:
        """Why it ended."""
        return "length" if self.was_cut else self.reply.finish

    @property
    def usage(self) -> dict[str, Any]:
        """Token counts in vLLM's shape."""
        sign = -1 if self.reply.fault and self.reply.fault.kind == "negative_tokens" else 1
        prompt, made = sign * self.prompt_tokens, sign * self.count
        return {
            "prompt_tokens": prompt,
            "total_tokens": prompt + made,
            "completion_tokens": made,
            "prompt_tokens_details": {"cached_tokens": sign * self.cached_tokens, "created_cache_tokens": 0},
        }

    def head(self, kind: Literal["chat.completion", "chat.completion.chunk"]) -> dict[str, Any]:
        """What every body and event begins with."""
        return {"id": f"chatcmpl-{self.number:08d}", "object": kind, "created": int(time.time()), "model": self.model}


def written(
    asked: Asked, reply: Reply, limit: int, *, number: int, model: str, cached_tokens: int, reasoning_field: str,
    per_event: int,
) -> Written:  # fmt: skip
    """Cut a reply into tokens, as many as it may have."""
    fault = reply.fault.kind if reply.fault else ""
    reasoning = tokens.split(reply.reasoning)
    content = _pieces_of(reply.text) if fault == "huge" else tokens.split(reply.text)
    was_cut = len(reasoning) + len(content) > limit and fault != "huge"
    if was_cut:
        reasoning = reasoning[:limit]
        content = content[: limit - len(reasoning)]
    return Written(
        number=number,
        model=model,
        reply=reply,
        reasoning=reasoning,
        content=None if fault in {"null_content", "tool_call"} else content,
        prompt_tokens=asked.prompt_tokens,
        cached_tokens=cached_tokens,
        was_cut=was_cut,
        reasoning_field=reasoning_field,
        per_event=per_event,
    )


def whole(turn: Written) -> Answer:
    """The reply in one piece."""
    message: dict[str, Any] = {
        "role": "assistant",
        "content": None if turn.content is None else "".join(turn.content),
        **_UNUSED_OF_MESSAGE,
        turn.reasoning_field: "".join(turn.reasoning) or None,
    }
    if turn.reply.tools:
        message["tool_calls"] = _calls(turn.reply)
    ended = {"logprobs": None, "finish_reason": turn.finish, "stop_reason": None}
    choice = {"index": 0, "message": message, **ended, **_UNUSED_OF_CHOICE}
    body = {**turn.head("chat.completion"), "choices": [choice], "service_tier": None, **_SERVER, **_UNUSED}
    if turn.reply.fault and turn.reply.fault.kind == "empty_choices":
        body["choices"] = []
    if turn.reply.usage:
        details = {**turn.usage["prompt_tokens_details"], "multimodal_tokens": None}
        body["usage"] = {**turn.usage, "prompt_tokens_details": details, "completion_tokens_details": None}
    return Answer(pieces=((turn.count, to_json(body)),), finish=turn.finish, tokens=turn.count)


def streamed(turn: Written, body: Mapping[str, Any]) -> Answer:
    """The reply as server-sent events: the role, the tokens, the finish reason, the usage if asked for, `[DONE]`.

    The end takes a token's time of its own: that of the end mark, which a real model generates too.
    """
    head = to_json(turn.head("chat.completion.chunk"))[:-1]
    if turn.reply.fault and turn.reply.fault.kind == "empty_choices":
        pieces = [(1, b"data: " + head + b',"choices":[]}\n\n'), (1, DONE)]
        return Answer(type=EVENTS, is_stream=True, pieces=pieces, finish=turn.finish, tokens=turn.count)
    before = b"data: " + head + b',"choices":[{"index":0,"delta":'
    after = b',"logprobs":null,"finish_reason":null,"token_ids":null}]}\n\n'
    start = {"role": "assistant", "content": None if turn.content is None else ""}
    first = b',"logprobs":null,"finish_reason":null}],"prompt_token_ids":null,"prompt_text":null}\n\n'
    pieces = [(1, before + to_json(start) + first)]
    made = 0
    for name, texts in ((turn.reasoning_field, turn.reasoning), ("content", turn.content or ())):
        opened = before + b'{"' + name.encode() + b'":'
        rest = iter(texts)
        while part := tuple(islice(rest, turn.per_event)):
            made += len(part)
            pieces.append((made, opened + to_json("".join(part)) + b"}" + after))
    if turn.reply.tools:
        calls = [{"index": i, **call} for i, call in enumerate(_calls(turn.reply))]
        pieces.append((made, before + to_json({"tool_calls": calls}) + after))
    end = before + b'{"content":""},"logprobs":null,"finish_reason":' + to_json(turn.finish)
    pieces.append((made + 1, end + b',"stop_reason":null,"token_ids":null}]}\n\n'))
    options = body.get("stream_options")
    if isinstance(options, dict) and options.get("include_usage") and turn.reply.usage:
        fingerprint = b"," + to_json(_SERVER)[1:] + b"\n\n"
        pieces.append((made + 1, b"data: " + head + b',"choices":[],"usage":' + to_json(turn.usage) + fingerprint))
    pieces.append((made + 1, DONE))
    return Answer(type=EVENTS, is_stream=True, pieces=pieces, finish=turn.finish, tokens=turn.count)


def _calls(reply: Reply) -> list[dict[str, Any]]:
    return [
        {"id": f"chatcmpl-tool-{i}", "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
        for i, call in enumerate(reply.tools)
    ]


_HUGE_PIECE = 16_384


def _pieces_of(text: str) -> list[str]:
    """A huge text is not worth counting in tokens."""
    return [text[i : i + _HUGE_PIECE] for i in range(0, len(text), _HUGE_PIECE)]
