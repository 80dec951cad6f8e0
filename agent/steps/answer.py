"""Say how the question ended, and why."""

from ..abstention import decide
from ..deps import Deps
from ..state import State, Update
from .rerank import evidence


async def answer(state: State, deps: Deps) -> Update:
    """Decide between answered, partial and abstained, and note what the reader must know.

    Reads `query`, `plan`, `as_of`, `since`, `checked`, `sentences` and `selected`. Writes `status`, `reasons` (what
    is missing, where something is) and `notes`; see `abstention.decide`. A question that cannot be understood ends with
    the question back, as a note.
    """
    query = state.understood
    if state.plan is not None and state.plan.ask_back:
        return {"status": "abstained", "notes": (*state.notes, state.plan.ask_back)}
    found = await evidence(state.selected, state, deps) if state.selected else []
    decision = decide(query, state.checked, found, drafted=len(state.sentences), threshold=deps.limits.relevance)
    return {
        "status": decision.status,
        "reasons": decision.reasons,
        "notes": (*state.notes, *_age_note(state), *_undated_note(state)),
    }


def _age_note(state: State) -> tuple[str, ...]:
    """A question about a time, answered from sources older than that time, is told so."""
    since = state.understood.since
    dates = [claim.as_of for checked in state.checked if checked.asserted for claim in checked.claims if claim.as_of]
    if since and dates and max(dates) < since:
        return (f"the question asks about {since} or later; the newest cited source is dated {max(dates)[:10]}",)
    return ()


def _undated_note(state: State) -> tuple[str, ...]:
    """A question asked as on an earlier day, or since a day, answered from pages of no known date, is told so."""
    if not (state.as_of or state.since):
        return ()
    asserted = [claim for checked in state.checked if checked.asserted for claim in checked.claims]
    undated = dict.fromkeys(c.source for claim in asserted for c in claim.citations if not c.published)
    kind = " or ".join(filter(None, ("later" if state.as_of else "", "older" if state.since else "")))
    return (f"no date is known of, so that it may be {kind}: {', '.join(undated)}",) if undated else ()
