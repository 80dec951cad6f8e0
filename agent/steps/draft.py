"""Write the answer, sentence by sentence, from the evidence."""

from ..deps import Deps
from ..state import Sentence, State, Update
from .rerank import evidence


async def draft(state: State, deps: Deps) -> Update:
    """Have the writer draft, and hand each sentence to the checker as soon as it is closed.

    Reads `query` and `selected`. Writes `sentences` in reading order and what the reader must know of the writer.

    Raises:
        WriterError: the writer could not go on.
    """
    sentences: list[Sentence] = []
    if state.selected:
        async for sentence in deps.writer.write(state.understood, await evidence(state.selected, state, deps)):
            deps.checker.submit(sentence)
            deps.emit("sentence", "draft", sentence)
            sentences.append(sentence)
    notes = (*state.notes, deps.writer.note) if deps.writer.note else state.notes
    return {"sentences": tuple(sentences), "notes": tuple(dict.fromkeys(notes))}
