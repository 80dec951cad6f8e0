"""Turns of a kept conversation, as they are shown: all of their texts at once, the answers as they come into view."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..errors import UnknownRun
from .turn import ShownTurn, TurnState

if TYPE_CHECKING:
    from ..assistant import Assistant
    from ..conversations import Turn

_NEVER_FINISHED = "it was never finished, and can only be asked again"


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


def _shown(turn: "Turn") -> ShownTurn:
    state: TurnState = "stopped" if turn.status == "running" else "ended"
    return ShownTurn(question=turn.question, run=turn.run, state=state, kept=turn.text, at=turn.at)
