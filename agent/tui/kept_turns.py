"""Turns of a kept conversation, as they are shown: all of their texts at once, the answers as they come into view."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..errors import UnknownRun
from .turn import ShownTurn, TurnState

if TYPE_CHECKING:
    from ..assistant import Assistant
    from ..conversations import Turn

_NEVER_FINISHED = "it was never finished, and can only be asked again"
LOOK_AGAIN_S = 1.5
"""From one look at what another window is answering to the next: two reads of some microseconds each."""


async def kept_turns(assistant: "Assistant", conversation: str, going_on: Mapping[str, ShownTurn]) -> list[ShownTurn]:
    """The turns of a conversation in order; those `going_on` here, by their run, are the very same objects.

    Raises:
        StoreError: the database cannot be read.
    """
    turns = await assistant.conversations.turns(conversation)
    return [going_on.get(turn.run) or _shown(turn) for turn in turns]


async def load_answers(assistant: "Assistant", turns: Sequence[ShownTurn]) -> None:
    """Read the kept answers that these turns do not have yet.

    Raises:
        StoreError: the database cannot be read.
    """
    for turn in turns:
        if turn.state != "ended" or turn.answer is not None:
            continue
        try:
            turn.answer = await assistant.conversations.answer(turn.run)
        except UnknownRun as error:
            turn.fail(str(error))
            continue
        if turn.answer is None:
            turn.fail(_NEVER_FINISHED)
        turn.change()


async def look_again(assistant: "Assistant", turns: Sequence[ShownTurn]) -> list[ShownTurn]:
    """Bring those of the turns that were being answered elsewhere up to now; the ones that no longer are.

    Raises:
        StoreError: the database cannot be read.
    """
    changed: list[ShownTurn] = []
    for turn in [turn for turn in turns if turn.state == "elsewhere"]:
        now = await assistant.conversations.turn(turn.run)
        if now is not None and now.goes_on:
            continue
        if now is None:
            turn.fail("it was erased in another window")
        else:
            turn.state, turn.kept, turn.answer = _state(now), now.text, None
            turn.change()
        changed.append(turn)
    await load_answers(assistant, changed)
    return changed


def _shown(turn: "Turn") -> ShownTurn:
    return ShownTurn(question=turn.question, run=turn.run, state=_state(turn), kept=turn.text, at=turn.at)


def _state(turn: "Turn") -> TurnState:
    if turn.goes_on:  # "here" is one of this very service, which `kept_turns` was not told of: it is being ended
        return "elsewhere"
    return "stopped" if turn.is_stopped else "ended"
