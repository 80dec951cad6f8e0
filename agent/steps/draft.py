"""Write the answer, sentence by sentence, from the evidence."""

from collections.abc import Iterable
from dataclasses import replace

from ..deps import Deps
from ..models.candidates import stems
from ..state import Sentence, State, Update
from .rerank import evidence

# Of the content words of two sentences, the share in common at which the later one says nothing new.
_SAME = 0.75


async def draft(state: State, deps: Deps) -> Update:
    """Have the writer draft, each sub-question on its own, and hand each sentence to the checker once it is closed.

    Reads `query`, `selected` and, in a round of repair, `sentences`, `checked` and `drafted_from`. Writes `sentences`
    in reading order, `drafted_from`, `gain`, and what the reader must know of the writer. A round of repair drafts only
    if it brought new passages, only what is still without a supported sentence, and keeps what was drafted before.

    Raises:
        WriterError: the writer could not go on.
    """
    query = state.understood
    chosen = await evidence(state.selected, state, deps) if state.selected else []
    new = {found.passage.id for found in chosen} - set(state.drafted_from)
    said = list(state.sentences)
    deps.consider(chosen)
    for number, text in _open_questions(state) if new else ():
        asserted = [checked.sentence for checked in state.checked if checked.asserted]
        async for drafted in deps.writer.write(replace(query, text=text, sub_questions=()), chosen):
            sentence = replace(drafted, question=number, before=said[-1].text if said else "")
            if _is_said(sentence, asserted):
                continue
            deps.checker.submit(sentence)
            deps.emit("sentence", "draft", sentence)
            said.append(sentence)
    if deps.is_durable:
        await deps.keep()
    notes = (*state.notes, deps.writer.note) if deps.writer.note else state.notes
    return {
        "sentences": tuple(dict.fromkeys(said)),
        "drafted_from": (*state.drafted_from, *(found.passage.id for found in chosen if found.passage.id in new)),
        "gain": len(new),
        "notes": tuple(dict.fromkeys(notes)),
    }


def _open_questions(state: State) -> tuple[tuple[int, str], ...]:
    """The sub-questions to draft for, with their numbers: all at first, then those without an asserted sentence."""
    every = tuple(enumerate(state.understood.sub_questions or (state.understood.text,)))
    if not state.rounds:
        return every
    covered = {checked.sentence.question for checked in state.checked if checked.asserted}
    return tuple(each for each in every if each[0] not in covered) or every


def _is_said(sentence: Sentence, asserted: Iterable[Sentence]) -> bool:
    held = stems(sentence.text)
    return any(len(held & other) >= _SAME * len(held | other) for other in (stems(said.text) for said in asserted))
