"""One case put to an assistant: its answer, what was found for it, and how long each step took."""

import asyncio
import json
import uuid
from collections import Counter
from collections.abc import Sequence
from itertools import takewhile
from urllib.parse import urlsplit

from ..agent.assistant import Assistant, Options
from ..agent.run import Run
from ..agent.state import Candidate
from ..agent.wire import to_json
from .answer_json import asserted, citations_of
from .case import Case
from .result import Failure, Json, Result, Retrieved

MOST_RETRIEVED = 20
"""Passages that are kept of what was found for a case."""

# Skipped for these reasons, a page was not asked for.
_NOT_ASKED = frozenset({"robots", "blocked_address", "budget", "cancelled", "opt_out"})


async def ask(assistant: Assistant, case: Case, *, cell: str, attempt: int, patience_s: float) -> Result:
    """The result of a case, without judgements and scores; whatever goes wrong is its `error`.

    After `patience_s` seconds an assistant that does not come to an end is given up. Being cancelled is no result.
    """
    try:
        async with asyncio.timeout(patience_s):
            return await _asked(assistant, case, cell, attempt)
    except TimeoutError:
        failure = Failure(kind="TimeoutError", detail=f"no answer after {patience_s:g} s, though its own time was over")
    except Exception as error:  # noqa: BLE001 - plugs are anybody's: what ends one case must not end the others
        failure = Failure(kind=type(error).__name__, detail=str(error))
    return Result(cell=cell, case=case.id, attempt=attempt, error=failure)


async def _asked(assistant: Assistant, case: Case, cell: str, attempt: int) -> Result:
    options: Options = {"web": True} if case.web else {"web": False} if case.documents else {}
    if case.day:
        options["as_of"] = case.day
    if case.conversation:
        options["conversation"] = await _told(assistant, case.conversation)
    run = await assistant.start(case.question, **options)
    stages: dict[str, float] = {}
    try:
        async for event in run.events():
            if event.kind == "step_finished" and isinstance(event.value, float):
                stages[event.step] = stages.get(event.step, 0.0) + event.value
        answer: Json = json.loads(to_json(await run.answer()))
    except asyncio.CancelledError:
        await run.abandon()
        raise
    retrieved = await _retrieved(assistant, run)
    return Result(
        cell=cell,
        case=case.id,
        attempt=attempt,
        answer=answer,
        stages={step: round(seconds, 6) for step, seconds in stages.items()},
        retrieved=retrieved,
        requests=_requests(answer),
        pages=await _pages(assistant, answer, retrieved),
    )


async def _told(assistant: Assistant, turns: Sequence[tuple[str, str]]) -> str:
    """A new conversation in which the earlier turns stand as if they had been asked here; its id."""
    conversation, store = f"case-{_new_id()}", assistant.index.store
    for place, (role, text) in enumerate(turns):
        if role != "user":
            continue
        replies = takewhile(lambda turn: turn[0] != "user", turns[place + 1 :])
        reply = " ".join(said for _, said in replies)
        run = _new_id()
        await store.begin_turn(conversation, run, text)
        await store.finish_run(run, status="answered" if reply else "abstained", answer="", cited=(), text=reply)
    return conversation


def _new_id() -> str:
    return uuid.uuid4().hex[:12]


async def _retrieved(assistant: Assistant, run: Run) -> tuple[Retrieved, ...]:
    """What the writer was given, best first, then what else was found."""
    chosen = {each.passage for each in run.state.selected}
    rest = (each for each in run.state.candidates if each.passage not in chosen)
    kept: Sequence[Candidate] = (*run.state.selected, *rest)[:MOST_RETRIEVED]
    found = await assistant.index.evidence([(each.passage, each.score, ()) for each in kept], run=run.id)
    return tuple(
        Retrieved(
            source=each.source,
            page_hash=each.passage.page_hash,
            start=each.passage.start,
            end=each.passage.end,
            score=each.score,
            selected=each.passage.id in chosen,
        )
        for each in found
    )


async def _pages(assistant: Assistant, answer: Json, retrieved: Sequence[Retrieved]) -> dict[str, str]:
    """The texts of the pages that the answer was written from, or cites."""
    wanted = {each.page_hash for each in retrieved if each.selected}
    wanted |= {each["page_hash"] for sentence in asserted(answer) for each in citations_of(answer, sentence)}
    return await assistant.index.store.texts(sorted(wanted))


def _requests(answer: Json) -> dict[str, int]:
    """How many pages each host was asked for, by the ledger; robots.txt and redirects are not in it."""
    ledger = answer["ledger"]
    asked = [*ledger["read"], *(each["source"] for each in ledger["skipped"] if each["reason"] not in _NOT_ASKED)]
    hosts = (urlsplit(source).hostname for source in asked if source.startswith(("http://", "https://")))
    return dict(Counter(host for host in hosts if host))
