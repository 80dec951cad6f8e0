"""Turn what was typed into what is searched for."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ...crawler import clean
from ...retrievers.served.errors import ServedError
from ..account import ran
from ..deps import Deps
from ..errors import BadQuestion, BudgetExceeded
from ..language import language_of
from ..memory import sum_up, told
from ..models.believed import believed, standing_alone
from ..models.chat import Chat
from ..models.understanding import FollowUp, read_question
from ..questions.contrary import contrary
from ..questions.expansion import expansions, keywords
from ..questions.follow_ups import ask_back, standalone
from ..questions.freshness import wants_fresh
from ..questions.intents import intent_of
from ..questions.named_addresses import Named, named_addresses
from ..questions.places import place_of
from ..questions.sub_questions import sub_questions
from ..questions.time_window import time_window
from ..questions.whole_source import asks_for_whole_source
from ..state import Memory, Query, State, Update

_QUOTED = re.compile(r'"([^"\n]{2,200})"|“([^”\n]{2,200})”|«([^»\n]{2,200})»|„([^“”\n]{2,200})[“”]')


async def understand(state: State, deps: Deps) -> Update:
    """Read the question by rules: its language, what it names, what kind it is, and how else it can be worded.

    Reads `question`, `memory`, `sources`, `urls`, `tags` and `query`, which stands if it came with a plan. Writes
    `query`. What the question takes from earlier turns is written out. Where there is a router, a model reads the
    question, too: it fills what the rules left open, as far as it can be believed; when it fails, or is too slow, the
    rules' reading stands and the trace says why.

    Raises:
        BadQuestion: nothing is asked, or it is longer than `deps.limits.question` characters.
    """
    if state.query is not None:
        return {}
    has_sources = bool(state.sources or state.urls or state.tags)
    rules = understood(
        state.question,
        today=deps.today(),
        longest=deps.limits.question,
        has_sources=has_sources,
        turns=[(earlier.question, earlier.answer) for earlier in state.memory.turns],
        subjects=state.memory.subjects,
    )
    if deps.router is None:
        ran("understand", "rules")
        return {"query": rules}
    if ask_back(rules.text) and not state.memory.turns:
        ran("understand", "rules", "the question names nothing")
        return {"query": rules}
    try:
        memory = await _summed_up(state, deps, deps.router)
        query, refused = await read_with(
            deps.router,
            rules,
            today=deps.today(),
            longest=deps.limits.question,
            has_sources=has_sources,
            turns=told(memory),
        )
    except (ServedError, BudgetExceeded) as error:
        ran("understand", "rules", error.why)
        return {"query": rules}
    ran("understand", f"model {deps.router.name}", f"by rules: {'; '.join(refused)}" if refused else "")
    return {"query": query}


async def _summed_up(state: State, deps: Deps, router: Chat) -> Memory:
    """The memory with a summary of its turns that are in none; it is kept for the questions to come."""
    memory = state.memory
    if not memory.pending:
        return memory
    summary = await sum_up(router, memory)
    if not summary:
        ran("understand", "rules", "the model's summary of the conversation was not believed")
        return memory
    await deps.index.store.summarise(state.conversation, summary, memory.upto)
    return replace(memory, summary=summary, pending=())


async def read_with(
    router: Chat,
    rules: Query,
    *,
    today: date,
    longest: int,
    has_sources: bool = False,
    turns: Sequence[tuple[str, str]] = (),
) -> tuple[Query, tuple[str, ...]]:
    """The query as rules and model together read it, and the fields in which the model was not believed.

    Raises:
        ServedError: no reply that can be read, or none in time.
        BudgetExceeded: the run may not spend that much.
    """
    reply = await read_question(router, rules, today=today, turns=turns)
    refused: tuple[str, ...] = ()
    if isinstance(reply, FollowUp):
        typed = named_addresses(_on_one_line(rules.original)).text
        alone = standing_alone(
            reply.standalone, typed, turns, quoted=rules.quoted, language=rules.language, longest=longest
        )
        if alone:  # read again, for all that the rules read was of another wording
            again = understood(alone, today=today, longest=longest, has_sources=has_sources)
            rules = replace(
                again, original=rules.original, quoted=rules.quoted, urls=rules.urls, sites=rules.sites,
                is_whole=rules.is_whole or again.is_whole,
            )  # fmt: skip
        elif reply.standalone:
            refused = ("standalone",)
    query, more = believed(reply, rules, today=today, is_named=has_sources or bool(rules.urls))
    return query, (*refused, *more)


def understood(
    question: str,
    *,
    today: date,
    longest: int,
    has_sources: bool = False,
    turns: Sequence[tuple[str, str]] = (),
    subjects: Sequence[str] = (),
) -> Query:
    """The query in `question`, by rules.

    `has_sources`: files or addresses are named beside it. `turns` are the earlier (question, answer) of its
    conversation, `subjects` what those before were about, the latest first.

    Raises:
        BadQuestion: nothing is asked, or it is longer than `longest` characters.
    """
    text = typed(question, longest)
    named = named_addresses(text)
    asked = standalone(named.text, turns, subjects=subjects) if turns else named.text
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
        is_whole=_is_whole(asked, named, has_sources=has_sources),
    )


def typed(question: str, longest: int) -> str:
    """The question on one line, without controls.

    Raises:
        BadQuestion: nothing is asked, or it is longer than `longest` characters.
    """
    text = _on_one_line(question)
    if not any(char.isalnum() for char in text):
        raise BadQuestion("the question", 'it holds no word; ask something like: fontes ask "Who built the tower?"')
    if len(text) > longest:
        raise BadQuestion(
            "the question",
            f"it has {len(text):,} characters, at most {longest:,} can be asked; put long text into a file and name it"
            " with --docs",
        )
    return text


def _is_whole(asked: str, named: Named, *, has_sources: bool) -> bool:
    is_address_alone = bool(named.urls) and asked in (*named.urls, *(url.partition("://")[2] for url in named.urls))
    return is_address_alone or asks_for_whole_source(asked, is_named=has_sources or bool(named.urls))


def _on_one_line(text: str) -> str:
    return " ".join(clean(text).split())
