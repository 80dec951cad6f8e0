"""Conversations: turns that are kept, found again, renamed, and erased when they are deleted."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Literal

from ..crawler import clean, forget_cached
from ..retrievers import Store, StoreBusy, StoreError, store_errors
from .answer import Answer
from .errors import BadQuestion, UnknownConversation
from .going_on import GoingOn
from .kept_answers import from_json
from .kept_beside import erase_beside
from .state import Status

if TYPE_CHECKING:  # LangGraph takes half a second to import
    from .checkpoints import Checkpoints

_TITLE_CHARACTERS = 120
_ID_CHARACTERS = 100
_BUSY_S = 15.0
_GLANCE_S = 0.2
_ENDS_WITHIN_S = 5.0  # a run elsewhere looks twice a second whether it was erased
_POLL_S = 0.1
Who = Literal["", "here", "elsewhere"]
_STATUSES: dict[str, Status] = {
    "running": "running", "answered": "answered", "partial": "partial", "abstained": "abstained",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One question of a conversation and what became of it.

    `run` is the id of its run, `question` is as it was typed, `at` when (ISO 8601, UTC). `text` is the answer's text
    with its marks, "" while there is none. `goes_on` tells who is answering it at this moment: "here", this assistant,
    "elsewhere", another one, mostly of another process, or nobody. "running" with nobody was interrupted
    (`is_stopped`): `Assistant.resume` goes on with it. An abstained turn without a kept answer was never finished and
    can be asked again only, in its own place with `replaces`.
    """

    run: str
    question: str
    status: Status
    text: str
    at: str
    goes_on: Who = ""

    @property
    def is_stopped(self) -> bool:
        """Whether it was begun, and neither ended nor goes on."""
        return self.status == "running" and not self.goes_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """Questions asked in a row.

    `title` is the person's, else the first question, on one line of at most 120 characters; "" without either.
    `created` and `updated` are ISO 8601 in UTC, `turns` is their number.
    """

    id: str
    title: str
    created: str
    updated: str
    turns: int


class Conversations:
    """The conversations of one data directory. Other processes may write to the same ones at the same time."""

    def __init__(
        self,
        store: Store,
        checkpoints: "Checkpoints",
        *,
        going_on: GoingOn,
        home: Path,
        new_id: Callable[[], str],
    ) -> None:
        self._store, self._checkpoints, self._going_on, self._new_id = store, checkpoints, going_on, new_id
        self._home = home

    async def start(self, title: str = "") -> Conversation:
        """Make a conversation without turns."""
        id_ = self._new_id()
        await self._store.start_conversation(id_, _one_line(title))
        return await self._known(id_)

    async def list(self, search: str = "", *, limit: int = 200) -> tuple[Conversation, ...]:
        """At most `limit` conversations, the one last used first; with `search`, those that hold it.

        It is looked for, as it is written and in any case, in titles, questions and answers.
        """
        rows = await self._store.conversations(_one_line(search), limit=limit)
        return tuple(_conversation(*row) for row in rows)

    async def rename(self, id: str, title: str) -> None:
        """Give it a title; "" for its first question again.

        Raises:
            UnknownConversation: there is none of that id.
        """
        if not await self._store.rename_conversation(id, _one_line(title)):
            raise UnknownConversation(f"conversation {id}", "there is no such conversation")

    async def delete(self, id: str) -> None:
        """Erase it: turns, runs, answers, verdicts, ledgers, checkpoints, pastes, and pages that nothing else holds.

        What of it goes on is ended: first here, and elsewhere when that run finds within a second that its turn is
        gone; nothing that it finds out from then on is kept. Afterwards no file of the data directory holds a word of
        it in any byte, and the HTTP cache has copies only of pages that the store holds. The rules of sites
        (robots.txt) stay; what a disk or a backup keeps is not reached. Nothing happens when there is none of that id,
        or none any more.

        Raises:
            StoreError: it is deleted, but its last traces cannot be removed from the files: another process keeps them
                in use or still answers a question of it (`StoreBusy`), or the disk has no room to write them anew
                (`StoreFull`). They go the next time that something is deleted, or the data directory is opened or
                closed.
        """
        if await self._store.conversation(id) is None and not await self._store.is_untrimmed():
            return
        await self._going_on.abandon([row[1] for row in await self._store.turns(id)])
        runs = await self._store.erase_conversation(id)
        erase_beside(self._home, id)
        if not await self._have_ended(runs):
            raise StoreBusy(str(self._store.path), "it is deleted, but another process still answers a question of it")
        await self._forget(await self._store.unknown_runs(await self._checkpoints.runs()))
        if not await self._trim(wait_s=_BUSY_S):
            raise StoreBusy(str(self._store.path), "what was deleted is gone, but another process is still reading it")

    async def _trim(self, *, wait_s: float) -> bool:
        """Remove the last traces; from the store at the end, for it knows that they are due."""
        await self._store.purge(applied=0)  # of pages that an erased run stored while it was
        return (
            await self._checkpoints.compact(wait_s=wait_s)
            and await self._forget_cached(wait_s)
            and await self._store.trim(wait_s=wait_s)
        )

    async def _forget_cached(self, wait_s: float) -> bool:
        folder, held = self._home / "http", await self._store.addresses()
        with store_errors(folder / "http.db"):
            return await asyncio.to_thread(forget_cached, folder, but=held, wait_s=wait_s)

    async def _have_ended(self, runs: Collection[str]) -> bool:
        """Wait until nobody answers these any more; False if somebody still does after some seconds."""
        give_up = monotonic() + _ENDS_WITHIN_S
        while not self._going_on.held.elsewhere().isdisjoint(runs):
            if monotonic() >= give_up:
                return False
            await asyncio.sleep(_POLL_S)
        return True

    async def turns(self, id: str, *, last: int | None = None) -> tuple[Turn, ...]:
        """Its turns in order, or the `last` of them; () when there is no such conversation."""
        rows = await self._store.turns(id, last=last)
        going_on = self._who_goes_on()
        if any(row[4] == "running" and row[1] not in going_on for row in rows):  # it may have ended in between
            now = {row[1]: row for row in await self._store.turns(id, last=last)}
            rows = [now[row[1]] for row in rows if row[1] in now]
        return tuple(_turn(row, going_on) for row in rows)

    async def turn(self, run: str) -> Turn | None:
        """The turn of a run as it is now; None when it has none, or was erased."""
        going_on = self._who_goes_on()
        row = await self._store.turn(run)
        return _turn(row, going_on) if row else None

    def _who_goes_on(self) -> dict[str, Who]:
        held = self._going_on.held
        elsewhere: Mapping[str, Who] = dict.fromkeys(held.elsewhere(), "elsewhere")
        here: Mapping[str, Who] = dict.fromkeys(held.here, "here")
        return {**elsewhere, **here}

    async def answer(self, run: str) -> Answer | None:
        """The answer of a run as it was given, with its evidence; None when none is kept.

        Raises:
            UnknownRun: what is kept cannot be read.
        """
        known = await self._store.run(run)
        return from_json(known[2]) if known and known[2] else None

    async def begin(self, conversation: str, run: str, question: str, *, replaces: str = "", asked: str = "") -> None:
        """Write a turn, before its run begins; with `replaces`, in the place of that run's and all later ones.

        `asked` is what the run is begun with. Those replaced are ended, elsewhere as in `delete`; their last traces go
        from the files with `finish_erasing`: nobody waits for it with a question.
        """
        if replaces:
            turns = [row[1] for row in await self._store.turns(conversation)]
            await self._going_on.abandon(turns[turns.index(replaces) :] if replaces in turns else [])
        await self._forget(await self._store.begin_turn(conversation, run, question, replaces=replaces, asked=asked))

    async def finish_erasing(self) -> None:
        """Remove what an erasure has left behind, runs of which only checkpoints exist among it.

        What cannot be removed now, because the files are in use or the disk is full, is tried again the next time.
        """
        with suppress(StoreError):
            left = await self._store.unknown_runs(await self._checkpoints.runs())
            await self._forget(left)
            if left or await self._store.is_untrimmed():
                await self._trim(wait_s=_GLANCE_S)

    async def _forget(self, runs: Sequence[str]) -> None:
        if not runs:
            return
        left = set(await self._checkpoints.runs())  # most have none: forgetting is a commit each
        for run in runs:
            if run in left:
                await self._checkpoints.forget(run)

    async def _known(self, id_: str) -> Conversation:
        row = await self._store.conversation(id_)
        if row is None:
            raise UnknownConversation(f"conversation {id_}", "there is no such conversation")
        return _conversation(*row)


def conversation_id(given: str) -> str:
    """The id of a conversation as a person may give it.

    Raises:
        BadQuestion: it is longer than 100 characters, or holds what no line shows.
    """
    if given != _one_line(given) or len(given) > _ID_CHARACTERS:
        raise BadQuestion("the conversation's id", f"it is one line of at most {_ID_CHARACTERS} characters")
    return given


def _turn(row: tuple[int, str, str, str, str, str, str], going_on: Mapping[str, Who]) -> Turn:
    _, run, question, _, status, text, at = row
    return Turn(run=run, question=question, status=_STATUSES[status], text=text, at=at, goes_on=going_on.get(run, ""))


def _conversation(id_: str, title: str, created: str, updated: str, turns: int) -> Conversation:
    line = _one_line(title)
    short = line if len(line) <= _TITLE_CHARACTERS else f"{line[: _TITLE_CHARACTERS - 1].rstrip()}…"
    return Conversation(id=id_, title=short, created=created, updated=updated, turns=turns)


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())
