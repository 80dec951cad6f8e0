"""Replies in JSON: asked for by a schema, read with patience, and asked for once more where they cannot be read."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from ...retrievers.served.errors import BadReply, PromptTooLong, ReplyCut
from .chat import Chat, ChatRequest, Message
from .tokens import most_prompt_tokens

T = TypeVar("T", bound=BaseModel)

_WHAT = "the model's reply"
_FENCE = re.compile(r"```[A-Za-z]*[ \t\r]*\n(.*?)```", re.DOTALL)
_OPENING = re.compile(r"[{\[]")
_MOST_STARTS = 40
_MOST_SHOWN = 2_000  # characters of a bad reply that go back with the request to mend it
_MOST_MISTAKES = 5
_TEMPLATE_TOKENS = 64  # what a chat template sets around up to four messages


def json_of(text: str) -> object:
    """The JSON value in a model's reply: all of it, or the longest object or list within words and code fences.

    Raises:
        BadReply: there is none, a key comes twice in an object, or a number is none (NaN, Infinity).
    """
    fenced = _FENCE.search(text)
    for whole in (text, fenced[1] if fenced else ""):
        if whole.strip():
            try:
                return _decoder.decode(whole.strip())
            except (ValueError, RecursionError):
                pass  # with words around it, perhaps
    return _longest_value(text)


def schema_of(reply: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema of a reply, strict: every property required, and no others."""
    schema: dict[str, Any] = _strict(reply.model_json_schema())
    return schema


async def structured(chat: Chat, messages: Sequence[Message], reply: type[T], *, max_tokens: int) -> T:
    """A reply of the given type. A bad one goes back once, with what was wrong with it, if that fits.

    Raises:
        BadReply: the second is no better.
        PromptTooLong: the context has no room for question and reply; nothing was sent.
        ServedError, BudgetExceeded: as `Chat.stream`.
    """
    schema = schema_of(reply)
    asked = tuple(messages)
    known = await chat.capabilities()
    if not known.obeys_schema:
        asked = _described(asked, schema)
    if not await _fits(chat, asked, max_tokens, known.context):
        raise PromptTooLong(chat.name, f"its context has no room for the question and a reply of {max_tokens} tokens")
    request = ChatRequest(messages=asked, schema=schema, schema_name=reply.__name__, max_tokens=max_tokens)
    text, wrong = await _text(chat, request)
    if not wrong:
        try:
            return _read(text, reply)
        except BadReply as error:
            wrong = error.why
    asked = (*asked, *_mending(text, wrong))
    if not await _fits(chat, asked, max_tokens, known.context):
        raise BadReply(chat.name, wrong)
    again = ChatRequest(messages=asked, schema=schema, schema_name=reply.__name__, max_tokens=max_tokens)
    text, wrong = await _text(chat, again)
    if wrong:
        raise BadReply(chat.name, wrong)
    try:
        return _read(text, reply)
    except BadReply as error:
        raise BadReply(chat.name, error.why) from error


async def _fits(chat: Chat, messages: Sequence[Message], max_tokens: int, context: int | None) -> bool:
    """Whether prompt and reply fit the context; the server is asked to count only where the bound leaves a doubt."""
    texts = [message.content for message in messages]
    if context is None or most_prompt_tokens(texts) + max_tokens <= context:
        return True
    return await chat.count("\n".join(texts)) + _TEMPLATE_TOKENS + max_tokens <= context


async def _text(chat: Chat, request: ChatRequest) -> tuple[str, str]:
    """What came, and what was wrong with it if the server said so."""
    text = ""
    try:
        async with aclosing(chat.stream(request)) as stream:  # type: ignore[type-var]
            async for piece in stream:
                text += piece
    except ReplyCut:
        return text, f"it was cut at {request.max_tokens} tokens and must be shorter"
    except BadReply as error:
        return text, error.why
    return text, ""


def _read(text: str, reply: type[T]) -> T:
    value = json_of(text)
    try:
        return reply.model_validate(value)
    except ValidationError as error:
        mistakes = [
            f"{'.'.join(map(str, mistake['loc'])) or 'it'}: {mistake['msg']}"
            for mistake in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        raise BadReply(_WHAT, "; ".join(mistakes[:_MOST_MISTAKES])) from None
    except RecursionError:
        raise BadReply(_WHAT, "it is nested too deeply") from None


def _described(messages: tuple[Message, ...], schema: Mapping[str, Any]) -> tuple[Message, ...]:
    """The schema in words, at the end of the last message: many chat templates want the speakers to alternate."""
    last = messages[-1]
    words = f"Reply with one JSON object that keeps to this JSON Schema, and with nothing else:\n{json.dumps(schema)}"
    return (*messages[:-1], Message(role=last.role, content=f"{last.content}\n\n{words}"))


def _mending(text: str, wrong: str) -> tuple[Message, ...]:
    """What came and what was wrong with it, as data."""
    said = json.dumps({"reply": text[:_MOST_SHOWN], "error": wrong[:_MOST_SHOWN]}, ensure_ascii=False)
    words = f"That reply could not be used:\n{said}\nWrite it again, as the JSON object that was asked for."
    return Message(role="assistant", content=text[:_MOST_SHOWN].strip() or "…"), Message(role="user", content=words)


def _longest_value(text: str) -> object:
    found: tuple[int, object] | None = None
    twice: _KeyTwice | None = None
    at = 0
    for _ in range(_MOST_STARTS):
        opening = _OPENING.search(text, at)
        if opening is None:
            break
        try:
            value, end = _decoder.raw_decode(text, opening.start())
        except _KeyTwice as error:
            twice = error
            at = opening.end()
        except (ValueError, RecursionError):
            at = opening.end()
        else:
            if found is None or end - opening.start() > found[0]:
                found = end - opening.start(), value
            at = end
    if twice is not None:
        raise BadReply(_WHAT, str(twice)) from None
    if found is None:
        raise BadReply(_WHAT, "there is no JSON object in it")
    return found[1]


class _KeyTwice(ValueError):
    """A key comes twice: which of the values was meant?"""


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        again = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise _KeyTwice(f"the key {again[:80]!r} comes twice")
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number in JSON")


_decoder = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_number, strict=False)


def _strict(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {name: _strict(value) for name, value in schema.items() if name not in ("title", "default")}
    if isinstance(properties := schema.get("properties"), dict):
        kept["properties"] = {name: _strict(value) for name, value in properties.items()}
        kept["required"] = list(properties)
        kept["additionalProperties"] = False
    return kept
