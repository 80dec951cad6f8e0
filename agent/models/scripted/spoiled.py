"""What a fault makes of a model's text, and of the answer it goes out in."""

import json
import random
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .faults import Fault
from .refusals import by_fault
from .reply import Reply, ToolCall
from .wire import EVENTS, JSON, Answer

UNKNOWN_LABEL = "S999"
_LABEL = re.compile(r"\bS\d+\b")
_FILLER = "and so on and on and so forth, "
_GARBAGE_BYTES = 2_000
_HTML = (
    "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head>"
    "<body><h1>502 Bad Gateway</h1><p>The upstream did not answer.</p></body></html>\n"
)
_NO_JSON = "The model is resting. Please come back later."
_UNWANTED = ToolCall("open_url", '{"url": "http://unwanted.test/"}')


def spoiled_reply(reply: Reply, schema: Mapping[str, Any] | None) -> Reply:
    """The reply as its fault makes the model write it."""
    match reply.fault:
        case None:
            return reply
        case Fault(kind="think_unclosed"):
            return replace(reply, text=f"<think>\nFirst, what is asked here? {reply.text}")
        case Fault(kind="code_fence"):
            return replace(reply, text=f"```json\n{reply.text}\n```")
        case Fault(kind="duplicate_keys"):
            return replace(reply, text=_with_keys_twice(reply.text))
        case Fault(kind="bad_label"):
            return replace(reply, text=_with_unknown_labels(reply.text, schema))
        case Fault(kind="huge", megabytes=megabytes):
            missing = int(megabytes * 1_000_000) - len(reply.text)
            return replace(reply, text=reply.text + _FILLER * max(0, -(-missing // len(_FILLER))))
        case Fault(kind="tool_call"):
            return replace(reply, tools=reply.tools or (_UNWANTED,), finish="tool_calls")
        case Fault(kind="no_usage"):
            return replace(reply, usage=False)
        case _:
            return reply


def spoiled_answer(answer: Answer, fault: Fault | None) -> Answer:
    """The answer as a fault of the server, or of what lies before it, lets it out.

    Raises:
        Refused: it is refused.
    """
    match fault:
        case None:
            return answer
        case Fault(kind="refuse", body=body, headers=headers):
            status = fault.status or 500
            if not body or not body.lstrip().startswith("{"):
                raise by_fault(status, body, headers)
            return Answer(status=status, headers=headers, pieces=((0, body.encode()),))
        case Fault(kind="html"):
            page = (fault.body or _HTML).encode()
            return Answer(status=fault.status or 200, type="text/html; charset=utf-8", pieces=((0, page),))
        case Fault(kind="cut" | "stall" as ends, after=after, seconds=seconds):
            return answer.broken_off(ends, after, seconds)
        case Fault(kind="not_json"):
            return _instead(answer, (fault.body or _NO_JSON).encode(), fault.after)
        case Fault(kind="garbage"):
            return _instead(answer, random.Random(fault.after).randbytes(_GARBAGE_BYTES), fault.after)
        case Fault(kind="wrong_content_type"):
            return replace(answer, type="text/plain; charset=utf-8")
        case _:
            return answer


def _instead(answer: Answer, body: bytes, after: int) -> Answer:
    """These bytes in place of the answer's body; in a stream as an event in place of what comes after some tokens."""
    if not answer.is_stream:
        return Answer(type=JSON, pieces=((0, body),))
    kept = [(made, piece) for made, piece in answer.pieces if made <= after]
    return Answer(type=EVENTS, is_stream=True, pieces=[*kept, (after, b"data: " + body + b"\n\n")])


def _with_keys_twice(text: str) -> str:
    try:
        return _twice(json.loads(text))
    except json.JSONDecodeError:
        return text


def _twice(value: object) -> str:
    if isinstance(value, dict):
        once = [f"{json.dumps(key)}: {_twice(held)}" for key, held in value.items()]
        again = [f"{json.dumps(key)}: {json.dumps(type(held)())}" for key, held in value.items() if held is not None]
        return "{" + ", ".join((*once, *again)) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_twice, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _with_unknown_labels(text: str, schema: Mapping[str, Any] | None) -> str:
    for word in sorted(_enum_words(schema), key=len, reverse=True):
        text = text.replace(json.dumps(word, ensure_ascii=False), f'"{UNKNOWN_LABEL}"')
    return _LABEL.sub(UNKNOWN_LABEL, text)


def _enum_words(schema: object) -> set[str]:
    if isinstance(schema, list):
        return set().union(*map(_enum_words, schema))
    if not isinstance(schema, Mapping):
        return set()
    own = schema.get("enum")
    words = {word for word in own if isinstance(word, str)} if isinstance(own, list) else set()
    return words.union(*(_enum_words(held) for held in schema.values() if isinstance(held, (Mapping, list))))
