"""What a run was begun with, kept beside its question: killed before its first checkpoint, it begins anew from it."""

import json
from dataclasses import asdict, fields
from functools import cache
from typing import TYPE_CHECKING, Any

from ..retrievers import Store
from .errors import UnknownRun
from .state import STATE_VERSION, State

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from .checkpoints import Checkpoints


def begun_with(state: State) -> str:
    """All that the state says, as JSON; what is as it always begins is left out."""
    said = {field.name: getattr(state, field.name) for field in fields(state)}
    begins = {field.name: field.default for field in fields(state) if field.name != "version"}
    kept = {name for name, value in said.items() if name not in begins or value != begins[name]}
    return json.dumps({name: value for name, value in asdict(state).items() if name in kept}, ensure_ascii=False)


async def left_off(run: str, store: Store, checkpoints: "Checkpoints") -> tuple[State, bool]:
    """Where a run goes on, and whether that is a checkpoint: without one it begins anew, with all it was asked with.

    Raises:
        UnknownRun: there is no such run, it has come to its end, or another version of Fontes began it.
    """
    known = await store.run(run)
    if known is None:
        raise UnknownRun(f"run {run}", "there is no such run")
    if left := await checkpoints.state(run):
        return left, True
    if kept := await store.asked(run):
        await checkpoints.forget(run)  # of a first one only a part may have been written
        return _state(run, kept), False
    if known[1] == "running":
        raise UnknownRun(f"run {run}", "it ended before its first step, and an older Fontes kept its question alone")
    raise UnknownRun(f"run {run}", "it has come to its end: nothing is left to go on with")


def _state(run: str, kept: str) -> State:
    from pydantic import ValidationError

    try:
        if json.loads(kept).get("version") != STATE_VERSION:
            raise UnknownRun(f"run {run}", "another version of Fontes began it")
        begun: State = _states().validate_json(kept)
    except (ValidationError, ValueError, AttributeError) as error:
        raise UnknownRun(f"run {run}", "what it was begun with cannot be read any more") from error
    return begun


@cache
def _states() -> "TypeAdapter[Any]":
    from pydantic import TypeAdapter

    return TypeAdapter(State)
