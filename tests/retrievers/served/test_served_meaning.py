"""Refusals are read by their status and words; whatever a server sends, reading it does not fail."""

import json
import pickle

import httpx2
import openai
import pytest
from fontes.retrievers import BadReply, PromptTooLong, ServedError, ServerBusy, ServerDown, ServerRefused, ServerStalled
from fontes.retrievers.served.meaning import meaning, of_status
from hypothesis import given
from hypothesis import strategies as st

URL = "http://127.0.0.1:8000/v1"
_TEXT = st.text() | st.sampled_from(
    ["maximum context length is ", " tokens", "<html>", '{"error": ', "key-1", "\ud800", "\x1b[31m"]
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | _TEXT,
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["error", "message", "detail", "loc", "msg"]), inner)
    ),
)


@pytest.mark.parametrize(
    ("words", "limit"),
    [
        ("This model's maximum context length is 8192 tokens. However, you requested 9000 tokens", 8192),
        ("'max_tokens' is too large: 10000. This model's maximum context length is 8192 tokens and your", 8192),
        ("You passed 9001 input tokens and requested 100 output tokens. However, the model's context length is only"
         " 8192 tokens, resulting in a maximum input length of 8092 tokens.", 8192),
        ("max context 8192 tokens, the prompt had at least 8193", 8192),
        ("The decoder prompt (length 9000) is longer than the maximum model length of 8192. Make sure", 8192),
        ("`inputs` must have less than 512 tokens. Given: 600", 512),
        ("`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000 `inputs` tokens", 4096),
        ("prompt is too long: 210000 tokens > 200000 maximum", None),
        ("Input tokens exceed the configured limit of 272000 tokens.", 272_000),
        ("the request exceeds the available context size. try increasing the context size", None),
        ("the input length exceeds the context length", None),
    ],
)  # fmt: skip
def test_a_prompt_that_is_too_long_is_told_by_its_words(words: str, limit: int | None) -> None:
    error = of_status(URL, 400, {}, json.dumps({"error": {"message": words}}))
    assert isinstance(error, PromptTooLong)
    assert error.limit == limit


def test_llama_cpp_names_its_context_in_a_field_and_fails_with_500() -> None:
    body = {"error": {"code": 400, "message": "the request exceeds the available context size", "n_ctx": 4096}}
    told = of_status(URL, 400, {}, json.dumps(body))
    assert isinstance(told, PromptTooLong)
    assert told.limit == 4096
    body = {"error": {"code": 500, "message": "input is too large to process. increase the physical batch size"}}
    assert isinstance(of_status(URL, 500, {}, json.dumps(body)), PromptTooLong)


@given(
    status=st.integers(0, 1_000),
    headers=st.dictionaries(st.sampled_from(["retry-after", "location"]), st.text()),
    text=st.text() | _JSON.map(json.dumps),
    key=st.sampled_from(["", "key-1"]),
)
def test_any_status_and_any_body_is_one_printable_line(
    status: int, headers: dict[str, str], text: str, key: str
) -> None:
    error = of_status(URL, status, headers, text, secrets=(key,) if key else ())
    assert isinstance(error, ServedError)
    assert not set(str(error)) & {"\n", "\r", "\x1b", "\x00", "\u2028", "\u202e"}
    assert str(error).encode()
    assert len(error.why) < 500
    assert not key or key not in str(error)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


@given(status=st.integers(300, 999), text=_JSON.map(json.dumps) | st.text())
def test_any_error_of_openai_is_one_of_ours(status: int, text: str) -> None:
    request = httpx2.Request("POST", URL)
    response = httpx2.Response(status, text=text, request=request)
    for error in (
        openai.APIStatusError("no", response=response, body=None),
        openai.APIError(text, request, body={"code": text, "message": text}),
        openai.APIError(text, request, body=text),
    ):
        assert isinstance(meaning(URL, error), ServedError)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx2.ConnectError("[Errno 111] refused"), ServerDown),
        (httpx2.ConnectTimeout("slow"), ServerStalled),
        (httpx2.ReadTimeout("slow"), ServerStalled),
        (TimeoutError(), ServerStalled),
        (httpx2.RemoteProtocolError("peer closed"), ServerDown),
        (httpx2.ReadError(""), ServerDown),
        (httpx2.UnsupportedProtocol("ftp"), ServerRefused),
        (httpx2.InvalidURL("no"), ServerRefused),
        (httpx2.DecodingError("gzip"), BadReply),
        (httpx2.StreamClosed(), ServerDown),
        (json.JSONDecodeError("no", "{", 1), BadReply),
        (openai.APITimeoutError(httpx2.Request("GET", URL)), ServerStalled),
        (openai.APIConnectionError(request=httpx2.Request("GET", URL)), ServerDown),
        (ServerBusy(URL, "later", 3.0), ServerBusy),
    ],
)
def test_what_the_connection_does_has_a_name(error: Exception, kind: type[ServedError]) -> None:
    if isinstance(error, openai.APITimeoutError):
        error.__cause__ = httpx2.ReadTimeout("slow")
    assert type(meaning(URL, error)) is kind


@pytest.mark.parametrize("error", [ValueError("ours"), KeyError("ours"), ZeroDivisionError()])
def test_a_mistake_of_our_own_is_nobody_elses(error: Exception) -> None:
    assert meaning(URL, error) is None
