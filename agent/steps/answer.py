"""Say how the question ended."""

from ..deps import Deps
from ..state import State, Status, Update


async def answer(state: State, deps: Deps) -> Update:
    """Decide between answered, partial and abstained, and note what the reader must know.

    Reads `query`, `plan`, `checked` and `sentences`. Writes `status` and `notes`. Answered: every sub-question (the
    question itself when it has none) has an asserted sentence, and nothing that was drafted is still unchecked. A
    question that cannot be understood ends with the question back, as a note.
    """
    query = state.understood
    if state.plan is not None and state.plan.ask_back:
        return {"status": "abstained", "notes": (*state.notes, state.plan.ask_back)}
    covered = {checked.sentence.question for checked in state.checked if checked.asserted}
    asked = set(range(max(1, len(query.sub_questions))))
    complete = asked <= covered and len(state.checked) == len(state.sentences)
    status: Status = "answered" if complete else "partial" if covered else "abstained"
    return {"status": status, "notes": (*state.notes, *_age_note(state))}


def _age_note(state: State) -> tuple[str, ...]:
    """A question about a time, answered from sources older than that time, is told so."""
    since = state.understood.since
    dates = [claim.as_of for checked in state.checked if checked.asserted for claim in checked.claims if claim.as_of]
    if since and dates and max(dates) < since:
        return (f"the question asks about {since} or later; the newest cited source is dated {max(dates)[:10]}",)
    return ()
