"""What servers send of a chat completion is reduced to what is used, whatever else it holds."""

import json

import pytest
from fontes.agent.models.chat_wire import Part, Used, part_of
from hypothesis import given
from hypothesis import strategies as st

NAMES = st.sampled_from(
    ["choices", "delta", "message", "content", "index", "finish_reason", "usage", "prompt_tokens", "error", "reasoning"]
)
chunks = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("chunk", "part"),
    [
        ({"choices": [{"index": 0, "delta": {"content": "Salt"}}]}, Part(text="Salt")),
        ({"choices": [{"message": {"content": "Salt"}, "finish_reason": "stop"}]}, Part(text="Salt", finish="stop")),
        ({"choices": [{"delta": {"role": "assistant", "content": None}}]}, Part()),
        ({"choices": [{"delta": {"reasoning": "Hm", "reasoning_content": "Hm"}}]}, Part(aside=2)),
        ({"choices": [{"delta": {"tool_calls": [{"index": 0}]}}]}, Part(calls_tool=True)),
        ({"choices": [{"delta": {"refusal": "No."}}]}, Part(refuses=True)),
        ({"usage": {"prompt_tokens": 7, "completion_tokens": 2}}, Part(used=Used(prompt=7, completion=2))),
        ({"usage": {"prompt_tokens": -7, "completion_tokens": "2"}}, Part(used=Used())),
        ({"usage": {"prompt_tokens_details": {"cached_tokens": 4}}}, Part(used=Used(cached=4))),
        ({"error": {"message": "died"}}, Part(error={"message": "died"})),
        ({"choices": None, "usage": None}, Part()),
    ],
)  # fmt: skip
def test_a_chunk_says_what_it_says(chunk: object, part: Part) -> None:
    assert part_of(json.dumps(chunk).encode()) == part


@pytest.mark.parametrize("data", [b"", b"null", b"[]", b"resting", b"\xff", b'{"choices": 1}', b"[" * 100_000])
def test_what_is_no_chat_completion_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        part_of(data)


@given(data=st.one_of(st.binary(max_size=80), chunks.map(lambda chunk: json.dumps(chunk).encode())))
def test_anything_else_is_a_value_error_and_tokens_are_never_below_nothing(data: bytes) -> None:
    try:
        part = part_of(data)
    except ValueError:
        return
    if part.used:
        assert min(part.used.prompt or 0, part.used.completion or 0, part.used.cached) >= 0
