"""The evidence and the question of a prompt, as a model reads them."""

import re
from collections.abc import Iterable
from functools import lru_cache

from .. import fence
from ..chat import Message

_QUESTION = re.compile(r"<question>\s*(.*?)\s*</question>", re.DOTALL)
_PASSAGE = re.compile(r"^<passage .*?^</passage>$", re.DOTALL | re.MULTILINE)


def passages(messages: Iterable[Message]) -> dict[str, str]:
    """The text of each labelled passage in what the user said, in the prompt's order."""
    return dict(_read("\n".join(m.content for m in messages if m.role == "user")))


@lru_cache(maxsize=1_024)
def _read(prompt: str) -> tuple[tuple[str, str], ...]:
    return tuple(fence.labelled(prompt).items())


def question(messages: Iterable[Message]) -> str:
    """The question: what stands in `<question>`, else the last message of the user without its passages."""
    last = next((m.content for m in reversed(tuple(messages)) if m.role == "user"), "")
    found = _QUESTION.findall(last)
    return str(found[-1]) if found else _PASSAGE.sub(" ", last).strip()
