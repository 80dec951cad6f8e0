"""An honest model: it answers with the sentences of its evidence that share most words with the question."""

import json
import re
from functools import lru_cache
from typing import Any

from ..prompts import NO_ANSWER
from ..quotable import holds_address
from .asked import Asked
from .evidence import passages, question
from .pooling import words
from .reply import Reply
from .schema import minimal

_MOST_SENTENCES = 3
_FEWEST_WORDS = 4
# A sentence is worth quoting if it holds this share of the question's words.
_LEAST_SHARE = 0.2
_SENTENCE = re.compile(r"[^\n.!?。！？]+(?:[.!?](?=\S)[^\n.!?。！？]*)*[.!?。！？]*[\"'”’)\]]*")
_EMPTY_WORDS = frozenset(
    words(
        "a an and are as at be by did do does for from had has have how in is it its of on or that the their there this"
        " to was were what when where which who whom whose why will with"
    )
)


def quoting(asked: Asked) -> Reply:
    """Quote the best sentences, verbatim, each with its label; none if no sentence holds the question's words.

    Held to the drafting schema it replies in that, held to another one with its smallest instance; in free text with a
    sentence a line, `[S1]` behind it.
    """
    if asked.schema is not None and not is_drafting(asked.schema):
        return Reply(json.dumps(minimal(asked.schema), ensure_ascii=False))
    found = best_sentences(asked)[: _most(asked.schema)]
    if asked.schema is None:
        text = "\n".join(f"{' '.join(sentence.split())} [{label}]" for label, sentence in found)
        return Reply(text or NO_ANSWER)
    drafted = [{"text": " ".join(text.split()), "labels": [label], "quote": text} for label, text in found]
    return Reply(json.dumps({"sentences": drafted}, ensure_ascii=False))


def is_drafting(schema: Any) -> bool:
    """True for the schema that a draft is held to: an object with `sentences`."""
    return "sentences" in schema.get("properties", {})


def _most(schema: Any) -> int:
    held: dict[str, int] = {} if schema is None else schema["properties"]["sentences"]
    return min(_MOST_SENTENCES, held.get("maxItems", _MOST_SENTENCES))


def best_sentences(asked: Asked) -> list[tuple[str, str]]:
    """(label, sentence) of those that answer best, best first; equal ones in the order of the evidence."""
    wanted = frozenset(words(question(asked.messages))) - _EMPTY_WORDS
    if not wanted:
        return []
    scored: list[tuple[float, str, str]] = []
    seen: set[str] = set()
    for label, text in passages(asked.messages).items():
        for sentence, held in sentences(text):
            share = len(wanted & held) / len(wanted)
            if share >= _LEAST_SHARE and sentence not in seen:
                seen.add(sentence)
                scored.append((share, label, sentence))
    scored.sort(key=lambda row: -row[0])
    return [(label, sentence) for _, label, sentence in scored[:_MOST_SENTENCES]]


@lru_cache(maxsize=16_384)
def sentences(text: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """The sentences of a passage, verbatim, with their words; without those that hold an address or markup."""
    found: list[tuple[str, frozenset[str]]] = []
    for match in _SENTENCE.finditer(text):
        sentence = match.group().strip()
        held = words(sentence)
        if len(held) >= _FEWEST_WORDS and not holds_address(sentence):
            found.append((sentence, frozenset(held)))
    return tuple(found)
