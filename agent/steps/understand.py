"""Turn what was typed into what is searched for."""

import re

from ...crawler import clean
from ..deps import Deps
from ..errors import BadQuestion
from ..language import language_of
from ..state import Intent, Query, State, Update
from ..time_window import time_window

_QUOTED = re.compile(r'"([^"\n]{2,200})"|“([^”\n]{2,200})”|«([^»\n]{2,200})»|„([^“”\n]{2,200})[“”]')
_INTENTS: tuple[tuple[Intent, re.Pattern[str]], ...] = (
    ("comparison", re.compile(r"\b(?:compare|versus|vs\.?|differences? between|better than|differ)\b", re.IGNORECASE)),
    ("how_to", re.compile(r"^\s*how (?:do|can|should|would) (?:i|we|you|one)\b|^\s*how to\b", re.IGNORECASE)),
    ("list", re.compile(r"^\s*(?:list|name|which|what are|give me)\b.*\b(?:all|the|\w+s)\b", re.IGNORECASE)),
)
_ASKS = re.compile(
    r"^\s*(?:who|whom|whose|what|when|where|why|how|which|is|are|was|were|do|does|did|can|could|should|would|will|has|have|had"
    r"|list|name|give|tell|explain|describe|compare|define|find|show|summari[sz]e)\b",
    re.IGNORECASE,
)


async def understand(state: State, deps: Deps) -> Update:
    """Read the question by rules: its language, its quoted terms, the time it names, what kind it is.

    Reads `question`. Writes `query`.

    Raises:
        BadQuestion: nothing is asked, or it is longer than `deps.limits.question` characters.
    """
    text = " ".join(clean(state.question).split())
    if not any(char.isalnum() for char in text):
        raise BadQuestion("the question", 'it holds no word; ask something like: fontes ask "Who built the tower?"')
    if len(text) > deps.limits.question:
        raise BadQuestion(
            "the question",
            f"it has {len(text):,} characters, at most {deps.limits.question:,} can be asked; put long text into a file"
            " and name it with --docs",
        )
    since, until = time_window(text, deps.today())
    query = Query(
        text=text,
        original=state.question if len(state.question) <= 2 * deps.limits.question else text,
        language=language_of(text),
        intent=_intent(text),
        quoted=tuple(dict.fromkeys(next(filter(None, groups)).strip() for groups in _QUOTED.findall(text))),
        since=since,
        until=until,
    )
    return {"query": query}


def _intent(text: str) -> Intent:
    for intent, pattern in _INTENTS:
        if pattern.search(text):
            return intent
    is_statement = not text.endswith("?") and not _ASKS.match(text) and len(text.split()) >= 6
    return "claim" if is_statement and text[:1].isupper() else "fact"
