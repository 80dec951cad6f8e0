"""Scripts: which row is played, how often, and what is wrong with a script."""

import json
from pathlib import Path

import pytest
from fontes.agent.models.chat import Message
from fontes.agent.models.scripted import Asked, Fault, Reply, ScriptedServer, Unscripted, script
from fontes.agent.models.scripted.faults import KINDS
from openai import InternalServerError


def asked(text: str) -> Asked:
    """A chat of one message."""
    return Asked(path="/v1/chat/completions", headers={}, messages=(Message(role="user", content=text),))


def test_the_first_row_that_fits_the_last_message_is_played() -> None:
    play = script(
        [
            '{"when": "(?i)lighthouse", "reply": {"sentences": []}, "delay_s": 0.5}',
            "",
            '{"when": "^Who", "reply": "Mary Hale.", "reasoning": "Hm.", "finish": "length"}',
            '{"reply": "No idea."}',
        ]
    )
    assert play(asked("The Lighthouse?")) == Reply('{"sentences": []}', delay_s=0.5)
    assert play(asked("Who built it?")) == Reply("Mary Hale.", reasoning="Hm.", finish="length")
    assert play(asked("Why?")) == Reply("No idea.")


def test_a_row_can_be_used_up() -> None:
    play = script(['{"reply": "first", "times": 2}', '{"reply": "then"}'])
    assert [play(asked("x")).text for _ in range(4)] == ["first", "first", "then", "then"]


def test_a_fault_is_named_or_described() -> None:
    play = script(
        [
            '{"when": "a", "fault": "html"}',
            '{"when": "b", "fault": {"kind": "refuse", "status": 429, "headers": {"Retry-After": "1"}}}',
        ]
    )
    assert play(asked("a")).fault == Fault("html")
    assert play(asked("b")).fault == Fault("refuse", status=429, headers={"Retry-After": "1"})


@pytest.mark.parametrize("kind", KINDS)
def test_every_fault_can_be_scripted(kind: str) -> None:
    assert script([json.dumps({"fault": kind})])(asked("x")).fault == Fault(kind)


def test_what_no_row_is_for_is_named() -> None:
    with pytest.raises(Unscripted, match="no row of the script is for: 'And the second\\?'"):
        script(['{"when": "first", "reply": "x"}'])(asked("And the second?"))


@pytest.mark.parametrize(
    "line",
    ["{", "[]", '{"answer": "x"}', '{"when": "("}', '{"fault": "tired"}', '{"times": 0}', '{"fault": {"after": 1}}'],
)
def test_a_row_that_is_none_is_told_by_its_line(line: str) -> None:
    with pytest.raises(ValueError, match="line 2 of the script"):
        script(['{"reply": "x"}', line])


async def test_a_script_is_played_from_its_file_and_its_end_is_loud(openai_of, asking, tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    path.write_text('{"when": "lighthouse", "reply": "In 1854.", "times": 1}\n', encoding="utf-8")
    with pytest.raises(Unscripted):
        async with ScriptedServer(script(path)) as server:
            create = openai_of(server).chat.completions.create
            assert (await create(**asking())).choices[0].message.content == "In 1854."
            with pytest.raises(InternalServerError, match="no row of the script"):
                await create(**asking())
