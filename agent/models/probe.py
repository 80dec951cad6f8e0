"""What a model server can do: asked once with a request or two that cost next to nothing."""

import json
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from ...crawler import utc_now
from ...retrievers.served.endpoint import Endpoint
from ...retrievers.served.errors import BadReply, ServedError, ServerBusy, ServerDown, ServerRefused, ServerStalled
from .chat import Capabilities
from .dialect import Dialect
from .exchange import Exchange
from .known_models import Probed
from .reasoning import WithoutReasoning
from .tokens import TOKENIZER_S, Tokenizer

UNTRIED = "it could not be tried"
NO_SCHEMAS = "it does not obey JSON schemas: replies are asked for in words, and repaired once"
SCHEMAS_UNSEEN = "whether it obeys JSON schemas did not show, for it reasons first; it is taken to"
NO_STREAM = "it does not stream: sentences come all at once"
REASONS = "it reasons before it replies: the reasoning is not shown, but costs time and tokens"
NO_TOKENIZER = "it does not count tokens: they are bounded from above, so less evidence fits"
NO_CONTEXT = "it does not say its context length: prompts are kept to the FONTES_PROMPT_TOKENS alone"

_WORD = "heliotrope"
# The only reply that keeps to it; nothing in the prompt suggests it.
_SCHEMA = {
    "type": "object",
    "properties": {"word": {"type": "string", "enum": [_WORD]}},
    "required": ["word"],
    "additionalProperties": False,
}
_RIGHT = json.dumps({"word": _WORD}, separators=(",", ":"))
_PROMPT = "Say hello."
_TOKENS = 16
_PATIENCE_S = 10.0
_CONTEXTS = ("max_model_len", "context_length", "context_window", "max_context_length")
_MOST_NAMED = 200


async def served_models(endpoint: Endpoint) -> tuple[str, ...]:
    """The names of the models that a server says it serves.

    Raises:
        ServedError: it cannot be asked, or names none in the documented format.
    """
    return tuple(await endpoint.served())


async def probe(endpoint: Endpoint, dialect: Dialect | None = None) -> Probed:
    """What the model of `endpoint` can do. About 60 tokens, on nobody's account.

    What the server does not show is taken for granted, and `notes` say so; then `checked` is "", for it should not be
    kept.

    Raises:
        ServedError: it is down, or no model server, or refuses the key or the model's name.
    """
    listed = await _listed(endpoint)
    model = await endpoint.model()
    seen = await _seen(endpoint, model, listed, dialect or Dialect())
    tokenizer, opens, counted_context = await _tokenizer(endpoint, model)
    context = next((int(n) for n in (_context(listed.get(model, {})), counted_context) if n), None)
    capabilities = Capabilities(
        model=model,
        models=tuple(listed)[:_MOST_NAMED],
        context=context,
        obeys_schema=seen.obeys is not False,
        streams=seen.streams,
        reasons=seen.reasons or opens,
        counts_tokens=bool(tokenizer),
        notes=tuple(_notes(seen, tokenizer, opens=opens, context=context)),
        checked=utc_now() if seen.is_whole else "",
    )
    return Probed(capabilities=capabilities, tokenizer=tokenizer, opens_reasoning=opens)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What a short chat showed. `obeys` None: it did not show whether a schema is kept to."""

    obeys: bool | None = None
    streams: bool = True
    reasons: bool = False
    is_whole: bool = True
    failed: str = ""


async def _listed(endpoint: Endpoint) -> Mapping[str, Mapping[str, Any]]:
    try:
        return await endpoint.served()
    except BadReply:
        return {}
    except ServerRefused as error:
        if "HTTP 404" in error.why or "HTTP 405" in error.why:
            return {}  # not every server lists its models; the chat will show whether there is one
        raise


def _context(row: Mapping[str, Any]) -> int | None:
    return next((row[name] for name in _CONTEXTS if type(row.get(name)) is int and row[name] > 0), None)


async def _seen(endpoint: Endpoint, model: str, listed: Mapping[str, object], dialect: Dialect) -> _Seen:
    try:
        try:
            return await _chat(endpoint, model, dialect, schema=True)
        except ServerRefused:  # the schema, or everything
            seen = await _chat(endpoint, model, dialect, schema=False)
            return _Seen(obeys=False, streams=seen.streams, reasons=seen.reasons)
    except ServerRefused as error:
        if listed and model not in listed:
            names = ", ".join(list(listed)[:8])
            raise ServerRefused(endpoint.url, f"it has no model {model!r}; it serves {names}") from error
        raise
    except (ServerDown, ServerBusy, BadReply) as error:
        if not listed:
            raise  # nothing there has spoken as a model server does
        return _Seen(is_whole=False, failed=error.why)


async def _chat(endpoint: Endpoint, model: str, dialect: Dialect, *, schema: bool) -> _Seen:
    held = {"type": "json_schema", "json_schema": {"name": "word", "schema": _SCHEMA, "strict": True}}
    body = {
        "model": model,
        "messages": [{"role": "user", "content": _PROMPT}],
        "max_tokens": _TOKENS,
        "temperature": 0.0,
        "stream": True,
        **({"response_format": held} if schema else {}),
    }
    while True:
        try:
            return await _shown(endpoint, dialect.spoken(body), is_json=schema)
        except ServerRefused as error:
            if not dialect.learns(error.why, dialect.spoken(body)):
                raise


async def _shown(endpoint: Endpoint, body: Mapping[str, Any], *, is_json: bool) -> _Seen:
    exchange = Exchange(endpoint, first_token_s=_PATIENCE_S, between_tokens_s=_PATIENCE_S, max_reply_chars=2_000)
    stripped = WithoutReasoning(is_json=is_json)
    text = ""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(endpoint.turn())
        await exchange.open(stack, body)
        while (piece := await exchange.next_text()) is not None:
            text += stripped.feed(piece)
    text += stripped.close(is_cut=exchange.finish == "length")
    reasons = exchange.reasons or stripped.seen
    return _Seen(obeys=_obeys(text, reasons=reasons), streams=exchange.streamed, reasons=reasons)


def _obeys(text: str, *, reasons: bool) -> bool | None:
    """Whether a reply keeps to the schema; a right beginning will do, for blanks may have used up the tokens."""
    said = "".join(text.split())
    if not said:
        return None if reasons else False
    return _RIGHT.startswith(said)


async def _tokenizer(endpoint: Endpoint, model: str) -> tuple[Tokenizer, bool, int | None]:
    """How it counts, whether its chat template ends within reasoning, and the context length if it tells."""
    messages = [{"role": "user", "content": _PROMPT}]
    asked = {"model": model, "messages": messages, "add_generation_prompt": True, "return_token_strs": True}
    try:
        match await endpoint.aside("/tokenize", asked, within_s=TOKENIZER_S):
            case {"count": int(count)} as rest if count > 0:
                strings = rest.get("token_strs")
                tail = "".join(map(str, strings[-12:])) if isinstance(strings, list) else ""
                context = _context(rest)
                return "prompt", tail.rfind("<think>") > tail.rfind("</think>"), context
            case _:
                pass
    except ServerStalled:
        return "", False, None
    except ServedError:
        pass  # no tokenizer of vLLM's kind; perhaps of llama.cpp's
    try:
        match await endpoint.aside("/tokenize", {"content": _PROMPT}, within_s=TOKENIZER_S):
            case {"tokens": [_, *_]}:
                return "content", False, None
            case _:
                return "", False, None
    except ServedError:
        return "", False, None


def _notes(seen: _Seen, tokenizer: Tokenizer, *, opens: bool, context: int | None) -> list[str]:
    said = {
        f"{UNTRIED} ({seen.failed}); it is taken to stream and to obey schemas": seen.failed,
        NO_SCHEMAS: seen.obeys is False,
        SCHEMAS_UNSEEN: seen.obeys is None and not seen.failed,
        NO_STREAM: not seen.streams,
        REASONS: seen.reasons or opens,
        NO_TOKENIZER: not tokenizer,
        NO_CONTEXT: context is None,
    }
    return [note for note, holds in said.items() if holds]
