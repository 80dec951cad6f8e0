"""Turn what was typed into what is searched for."""

import re
from collections.abc import Sequence
from datetime import date

from ...crawler import clean
from ..deps import Deps
from ..errors import BadQuestion
from ..language import language_of
from ..questions.contrary import contrary
from ..questions.expansion import expansions, keywords
from ..questions.follow_ups import standalone
from ..questions.freshness import wants_fresh
from ..questions.intents import intent_of
from ..questions.named_addresses import named_addresses
from ..questions.places import place_of
from ..questions.sub_questions import sub_questions
from ..questions.time_window import time_window
from ..state import Query, State, Update

_QUOTED = re.compile(r'"([^"\n]{2,200})"|“([^”\n]{2,200})”|«([^»\n]{2,200})»|„([^“”\n]{2,200})[“”]')


async def understand(state: State, deps: Deps) -> Update:
    """Read the question by rules: its language, what it names, what kind it is, and how else it can be worded.

    Reads `question`. Writes `query`.

    Raises:
        BadQuestion: nothing is asked, or it is longer than `deps.limits.question` characters.
    """
    return {"query": understood(state.question, today=deps.today(), longest=deps.limits.question)}


def understood(question: str, *, today: date, longest: int, turns: Sequence[tuple[str, str]] = ()) -> Query:
    """The query in `question`; `turns` are the earlier (question, answer) of its conversation.

    Raises:
        BadQuestion: nothing is asked, or it is longer than `longest` characters.
    """
    text = " ".join(clean(question).split())
    if not any(char.isalnum() for char in text):
        raise BadQuestion("the question", 'it holds no word; ask something like: fontes ask "Who built the tower?"')
    if len(text) > longest:
        raise BadQuestion(
            "the question",
            f"it has {len(text):,} characters, at most {longest:,} can be asked; put long text into a file and name it"
            " with --docs",
        )
    named = named_addresses(text)
    asked = standalone(named.text, turns) if turns else named.text
    language = language_of(asked)
    intent = intent_of(asked, has_url=bool(named.urls))
    since, until = time_window(asked, today)
    return Query(
        text=asked,
        original=question if len(question) <= 2 * longest else text,  # not when it is mostly blank
        language=language,
        intent=intent,
        quoted=tuple(dict.fromkeys(next(filter(None, groups)).strip() for groups in _QUOTED.findall(asked))),
        since=since,
        until=until,
        fresh=wants_fresh(asked, language, since, until, today),
        place=place_of(asked, language),
        urls=named.urls,
        sites=named.sites,
        sub_questions=sub_questions(asked, language) if intent != "claim" else (),
        expansions=expansions(asked, language, since, until),
        contrary=contrary(keywords(asked, language), language) if intent == "claim" else "",
    )
