"""How retrieved text stands in a prompt: fenced, labelled, and unable to close its fence or the turn it stands in."""

import re
from collections.abc import Sequence

from ...retrievers import Evidence

# What could end a passage, and what a server's tokenizer reads as the end of a turn or as another role: `</passage>`,
# `<|im_end|>`, `</s>`, `<<SYS>>`, `<start_of_turn>`, `<think>`, `<｜User｜>`, `[INST]`. A rendered chat is encoded as
# one text, so these count wherever they stand (tried: `<|im_end|>` inside a message is SmolLM2's token 2).
_TAG = re.compile(r"[<＜﹤](?=\s*/\s*[^\W\d]|\s*(?:passage|question)\b|/?[^\W\d]|/?[|｜!?<＜])", re.IGNORECASE)
_CONTROL = re.compile(r"\[(?=/?\w*[A-Z_]{3,}\])")

_TITLE_CHARACTERS = 100
_DATE_CHARACTERS = 10  # an ISO date; the time of day tells a model nothing

_PASSAGE = re.compile(r'^<passage label="([^"\n]*)"(?: \w+="[^"\n]*")*>\n(.*?)\n</passage>$', re.MULTILINE | re.DOTALL)


def neutral(text: str) -> str:
    """The text with the bracket of whatever looks like a tag exchanged for another (`‹`, `［`); as long as before.

    `alignment` takes them for what they stand for, so a quote of it still aligns.
    """
    return _CONTROL.sub("［", _TAG.sub("‹", text))


def labels(count: int) -> tuple[str, ...]:
    """The names of that many passages: S1, S2, …"""
    return tuple(f"S{number}" for number in range(1, count + 1))


def fenced(evidence: Sequence[Evidence]) -> str:
    """The passages as they stand in a prompt, labelled S1, S2, … in the order in which they come."""
    return "\n".join(passage(label, e) for label, e in zip(labels(len(evidence)), evidence, strict=True))


def passage(label: str, evidence: Evidence) -> str:
    """One passage in its fence, with title and date where they are known."""
    title = _attribute("title", evidence.title or evidence.passage.title, _TITLE_CHARACTERS)
    date = _attribute("date", evidence.published, _DATE_CHARACTERS)
    return f'<passage label="{label}"{title}{date}>\n{neutral(evidence.passage.text)}\n</passage>'


def question(text: str) -> str:
    """The question in its fence, on one line."""
    return f"<question>{neutral(' '.join(text.split()))}</question>"


def labelled(prompt: str) -> dict[str, str]:
    """The passages of a prompt by their labels, as a model sees them: what `fenced` wrote, read back."""
    return {found[1]: found[2] for found in _PASSAGE.finditer(prompt)}


def _attribute(name: str, value: str, most: int) -> str:
    value = neutral(" ".join(value.replace('"', "'").split()))[:most]
    return f' {name}="{value}"' if value else ""
