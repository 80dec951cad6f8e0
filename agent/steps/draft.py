"""Write the answer, sentence by sentence, from the evidence."""

from dataclasses import replace

from ..deps import Deps
from ..state import Sentence, State, Update
from .rerank import evidence


async def draft(state: State, deps: Deps) -> Update:
    """Have the writer draft, each sub-question on its own, and hand each sentence to the checker once it is closed.

    Reads `query` and `selected`. Writes `sentences` in reading order and what the reader must know of the writer.

    Raises:
        WriterError: the writer could not go on.
    """
    sentences: list[Sentence] = []
    query = state.understood
    chosen = await evidence(state.selected, state, deps) if state.selected else []
    for number, text in enumerate(query.sub_questions or (query.text,) if chosen else ()):
        async for drafted in deps.writer.write(replace(query, text=text, sub_questions=()), chosen):
            sentence = replace(drafted, question=number)
            deps.checker.submit(sentence)
            deps.emit("sentence", "draft", sentence)
            sentences.append(sentence)
    notes = (*state.notes, deps.writer.note) if deps.writer.note else state.notes
    return {"sentences": tuple(sentences), "notes": tuple(dict.fromkeys(notes))}
