"""What it means that a model server gave no reply, as an error that says what to do."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import httpx2

from ...crawler import clean, retry_after_s
from .errors import (
    BadReply,
    PromptTooLong,
    ServedError,
    ServerBusy,
    ServerDown,
    ServerRefused,
    ServerStalled,
)

_SAID = 300
_READ = 20_000  # characters of an error's body that are looked at
_TOO_LONG = re.compile(
    r"context.?(?:length|size|window)|max context|max(?:imum)? model length|longer than the maximum|input is too large"
    r"|less than \d+ tokens|tokens?.{0,40}must be <= \d|max(?:imum)? (?:input|prompt|sequence|allowed) length"
    r"|(?:input|prompt) token(?: count|s) exceeds?|prompt is too long",
    re.IGNORECASE,
)
# As vLLM, llama.cpp (a field beside the message), Hugging Face's servers and OpenAI word it.
_LIMITS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"context.?(?:length|size|window)?[^\d.]{0,40}?(\d{1,9}) tokens",
        r"(?:model|input|prompt|sequence) length[^\d.]{0,20}(\d{1,9})\b",
        r'"n_ctx"\s*:\s*(\d{1,9})\b',
        r"less than (\d{1,9}) tokens",
        r"tokens.{0,60}must be <= (\d{1,9})\b",
        r"(?:limit|maximum)[^.\d]{0,40}(\d{1,9})\b",
    )
)


def meaning(what: str, error: BaseException, *, secrets: Sequence[str] = ()) -> ServedError | None:
    """What an exception of openai, httpx2 or the reading of a reply means; None for what is none of these.

    `what` names the server. `secrets`, what the request proved itself with, are taken out of what the server said,
    should it repeat them.
    """
    if isinstance(error, ServedError):
        return error
    if isinstance(error, httpx2.ConnectTimeout):
        return ServerStalled(what, "it cannot be reached: no connection in time")
    if isinstance(error, (TimeoutError, httpx2.TimeoutException)):
        return ServerStalled(what, "it did not answer in time")
    if isinstance(error, (httpx2.UnsupportedProtocol, httpx2.InvalidURL)):
        return ServerRefused(what, "this is no web address")
    if isinstance(error, httpx2.ConnectError):
        return ServerDown(what, f"it cannot be reached{_after(str(error), secrets)}")
    if isinstance(error, (httpx2.DecodingError, json.JSONDecodeError, UnicodeDecodeError, RecursionError)):
        return BadReply(what, "its reply cannot be read as JSON")
    if isinstance(error, httpx2.HTTPError):
        return ServerDown(what, f"it hung up before the end of its reply{_after(str(error), secrets)}")
    if isinstance(error, httpx2.StreamError):
        return ServerDown(what, "the connection was closed before the end of its reply")
    if type(error).__module__.partition(".")[0] == "openai":
        return _of_openai(what, error, secrets)
    return None


def of_status(
    what: str, status: int, headers: Mapping[str, str], text: str, *, secrets: Sequence[str] = ()
) -> ServedError:
    """What a status other than 2xx means; `text` is the body, in any shape, `secrets` as in `meaning`."""
    said = _said(text, secrets)
    told = f"(HTTP {status}{said})"
    wait_s = retry_after_s(headers.get("retry-after", "")) or 0.0
    match status:
        case 400 | 409 | 413 | 422 | 500 if _TOO_LONG.search(text[:_READ]):  # 500 is llama.cpp's
            return PromptTooLong(what, f"the prompt is too long for the model {told}", _limit(text[:_READ]))
        case 401 | 403:
            why = "it refuses the key" if secrets else "it wants a key, and none is set"
            return ServerRefused(what, f"{why} {told}")
        case 404 | 405:
            return ServerRefused(what, f"it has no such model, or nothing at this address {told}")
        case 429 if "insufficient_quota" in text[:_READ]:
            return ServerRefused(what, f"the account has no quota left {told}")
        case 429 | 425:
            return ServerBusy(what, f"it asks to wait {told}", wait_s)
        case 503 if wait_s:
            return ServerBusy(what, f"it asks to wait {told}", wait_s)
        case 408:
            return ServerStalled(what, f"it gave up waiting {told}")
        case _ if 300 <= status < 400:
            return ServerRefused(
                what, f"it redirects elsewhere, which is not followed (HTTP {status}); check the address"
            )
        case 400 | 402 | 409 | 413 | 422 | 501:
            return ServerRefused(what, f"it does not take the request {told}")
        case _ if 400 <= status < 500:
            return ServerRefused(what, f"it refuses {told}")
        case _ if status >= 500:
            return ServerDown(what, f"it failed on its side {told}")
        case _:
            return BadReply(what, f"its reply is none {told}")


def _of_openai(what: str, error: BaseException, secrets: Sequence[str]) -> ServedError | None:
    import openai  # it is loaded: the error is one of its own

    match error:
        case openai.APIResponseValidationError():
            return BadReply(what, "its reply is not in the documented format")
        case openai.APIStatusError():
            return of_status(what, error.status_code, error.response.headers, error.response.text, secrets=secrets)
        case openai.APIConnectionError():
            cause = error.__cause__
            meant = meaning(what, cause, secrets=secrets) if cause is not None else None
            return meant or ServerDown(what, "it cannot be reached")
        case openai.APIError():  # an error within a stream, after the status 200
            text = json.dumps({"error": error.body}, default=str)
            code = int(error.code) if error.code and error.code.isascii() and error.code.isdecimal() else 500
            return of_status(what, code if 400 <= code < 600 else 500, {}, text, secrets=secrets)
        case openai.OpenAIError():
            return BadReply(what, "its reply is not in the documented format")
        case _:
            return None


def _limit(text: str) -> int | None:
    """The context length in tokens that a refusal names."""
    for pattern in _LIMITS:
        if (found := pattern.search(text)) and int(found[1]):
            return int(found[1])
    return None


def _said(text: str, secrets: Sequence[str]) -> str:
    """The server's own words after a colon, on one short line; "" for a web page or nothing."""
    text = text[:_READ].strip()
    if text.startswith("<"):
        return ""
    try:
        words = next(_messages(json.loads(text)), "")
    except (ValueError, RecursionError):
        words = text
    return _after(words, secrets)


def _messages(body: Any) -> Iterator[str]:
    """Texts under the names that servers use for them, outermost first."""
    if isinstance(body, str) and body.strip():
        yield body
    elif isinstance(body, list):
        for each in body[:1]:
            yield from _messages(each)
    elif isinstance(body, dict):
        if isinstance(field := body.get("loc"), list):  # which field of the request pydantic dislikes
            yield f"{'.'.join(map(str, field[1:]))}: {body.get('msg', '')}"
        for name in ("message", "msg", "detail", "error"):
            yield from _messages(body.get(name))


def _after(words: str, secrets: Sequence[str]) -> str:
    words = " ".join(clean(words[:_READ]).split())
    for secret in secrets:
        words = re.sub(re.escape(secret), "…", words, flags=re.IGNORECASE)
    if len(words) > _SAID:
        words = words[: _SAID - 1] + "…"
    return f": {words.rstrip('.')}" if words else ""
