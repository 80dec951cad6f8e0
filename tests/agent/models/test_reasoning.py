"""Reasoning is taken out of a reply, in however many pieces it comes."""

import re
from itertools import pairwise

import pytest
from fontes.agent.models.reasoning import WithoutReasoning, without_reasoning
from hypothesis import example, given
from hypothesis import strategies as st

MARKS = ["<think>", "</think>", "<THINK>", "</Think>", "[think]", "[/think]", "<thinking>", "</thinking>"]
texts = st.lists(st.sampled_from([*MARKS, "<", "</thi", "nk>", " ", "\n", "a", "{", "[1]", "b c"]), max_size=14).map(
    "".join
)


def in_pieces(text: str, cuts: list[int], **how: bool) -> str:
    stripped = WithoutReasoning(**how)
    at = sorted({min(cut, len(text)) for cut in cuts} | {0, len(text)})
    out = "".join(stripped.feed(text[start:end]) for start, end in pairwise(at))
    out += stripped.close()
    return out[stripped.withdrawn :]


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("Salt comes from rivers.", "Salt comes from rivers."),
        ("<think>Rivers?</think>\n\nSalt comes from rivers.", "Salt comes from rivers."),
        ("<THINK>Rivers?</Think>Salt.", "Salt."),
        ("Rivers, I suppose.\n</think>\nSalt.", "Salt."),
        ("Salt <think>or sand?</think>comes.", "Salt comes."),
        ("<think>a<think>b</think>c</think>Salt.", "Salt."),
        ("<think>The mark <think> is asked about.</think>Salt.", "Salt."),
        ("<think>It never ends.", ""),
        ("Salt. <think>It never ends.", "Salt. "),
        ("<think></think>Salt.", "Salt."),
        ("[THINK]Rivers?[/THINK]Salt.", "Salt."),
        ("◁think▷Rivers?◁/think▷Salt.", "Salt."),
        ("1 < 2 and <thin ice>", "1 < 2 and <thin ice>"),
        ("Salt <thi", "Salt <thi"),
        ("", ""),
    ],
)
def test_what_is_reasoning_goes_and_the_reply_stays(text: str, reply: str) -> None:
    assert without_reasoning(text) == reply


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ('{"text": "It writes <think> first."}', '{"text": "It writes <think> first."}'),
        ('<think>So: {"a"</think> {"text": "</think>"}', '{"text": "</think>"}'),
        ('So.</think>\n[{"text": "<think>"}]', '[{"text": "<think>"}]'),
        ('Here it is: {"a": 1}', 'Here it is: {"a": 1}'),
    ],
)
def test_within_json_a_mark_is_text(text: str, reply: str) -> None:
    assert without_reasoning(text, is_json=True) == reply


@pytest.mark.parametrize(
    ("text", "is_json", "reply"),
    [
        ("Rivers?</think>Salt.", False, "Salt."),
        ("<think>Rivers?</think>Salt.", False, "Salt."),
        ("Rivers, and so on", False, ""),
        ('\n{"a": "b"}', True, '{"a": "b"}'),
        ('Rivers {"x"}</think>{"a": "b"}', True, '{"a": "b"}'),
    ],
)
def test_a_template_may_have_set_the_start(text: str, is_json: bool, reply: str) -> None:
    stripped = WithoutReasoning(opens_inside=True, is_json=is_json)
    assert stripped.feed(text) + stripped.close() == reply
    assert stripped.withdrawn == 0


def test_what_was_given_out_before_an_end_without_start_is_withdrawn() -> None:
    stripped = WithoutReasoning()
    out = stripped.feed("Rivers? ") + stripped.feed("Yes.</thi") + stripped.feed("nk>Salt.") + stripped.close()
    assert out[stripped.withdrawn :] == "Salt."
    assert stripped.seen


def test_a_model_that_was_stopped_within_nested_reasoning_has_said_nothing() -> None:
    stripped = WithoutReasoning()
    assert stripped.feed("<think>a<think>b</think>c") + stripped.close(is_cut=True) == ""


@given(text=texts, cuts=st.lists(st.integers(0, 90), max_size=12), opens=st.booleans(), is_json=st.booleans())
@example(text="<think><think></think>b c", cuts=[], opens=False, is_json=False)
@example(text="[think]a[/think]b", cuts=list(range(20)), opens=False, is_json=True)
def test_the_outcome_does_not_depend_on_the_pieces(text: str, cuts: list[int], opens: bool, is_json: bool) -> None:
    how = {"opens_inside": opens, "is_json": is_json}
    assert in_pieces(text, cuts, **how) == in_pieces(text, [], **how)
    assert in_pieces(text, list(range(len(text))), **how) == in_pieces(text, [], **how)


@given(before=texts, after=st.text(alphabet="ab {}[]<\n", max_size=20))
def test_nothing_before_the_last_end_is_left_when_nothing_opened(before: str, after: str) -> None:
    thought = re.sub(r"[<\[]think(ing)?[>\]]", "", before, flags=re.IGNORECASE)
    assert without_reasoning(f"{thought}</think>{after}") == after.lstrip()


@given(text=st.text(max_size=200))
def test_text_without_marks_is_left_as_it_is(text: str) -> None:
    assert without_reasoning(text.replace("think", "")) == text.replace("think", "").lstrip()
