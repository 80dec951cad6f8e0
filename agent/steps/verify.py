"""Await the verdict on every drafted sentence."""

from ..deps import Deps
from ..state import State, Update
from .rerank import evidence


async def verify(state: State, deps: Deps) -> Update:
    """Await the verdicts of all sentences; what was checked while the draft went on is not checked again.

    Reads `sentences` and `selected`. Writes `checked`, in reading order.

    Raises:
        VerifierError: the verifier reached no verdict.
        StoreError: the pages could not be read back.
    """
    if state.sentences:  # after a resume nobody has said yet what else was found
        deps.consider(await evidence(state.selected, state, deps))
    checked = await deps.checker.results(state.sentences)
    if deps.is_durable:
        await deps.keep()
    return {"checked": checked}
