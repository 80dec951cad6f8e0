"""Conversations: turns that are kept, found again, renamed, and erased when they are deleted."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..crawler import clean
from ..retrievers import Store, StoreBusy, StoreError
from .answer import Answer
from .errors import BadQuestion, UnknownConversation
from .kept_answers import from_json
from .state import Status

if TYPE_CHECKING:  # LangGraph takes half a second to import
    from .checkpoints import Checkpoints

_TITLE_CHARACTERS = 120
_ID_CHARACTERS = 100
_GLANCE_S = 0.2
_STATUSES: dict[str, Status] = {
    "running": "running", "answered": "answered", "partial": "partial", "abstained": "abstained",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One question of a conversation and what became of it.

    `run` is the id of its run, `question` is as it was typed, `at` when (ISO 8601, UTC). `text` is the answer's text
    with its marks, "" while there is none. "running": it goes on, or was interrupted and `Assistant.resume` goes on
    with it; it refuses what was killed before its first checkpoint, which can be asked again only, in its own place
    with `replaces`. So can an abstained turn without a kept answer, which was never finished.
    """

    run: str
    question: str
    status: Status
    text: str
    at: str


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
    """The conversations of one data directory. Other processes may write to the same ones at the same time.

    `abandon` ends those of some runs that go on in this process.
    """

    def __init__(
        self,
        store: Store,
        checkpoints: "Checkpoints",
        *,
        abandon: Callable[[Sequence[str]], Awaitable[None]],
        new_id: Callable[[], str],
    ) -> None:
        self._store, self._checkpoints, self._abandon, self._new_id = store, checkpoints, abandon, new_id

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
        """Erase it: turns, runs, answers, verdicts, ledgers, checkpoints, and pages that nothing else holds on to.

        What of it goes on is ended first. Afterwards neither the store nor the checkpoints hold a word of it in any
        byte; what the HTTP cache has of public pages, and what a disk or a backup keeps, is not reached. Nothing
        happens when there is none of that id, or none any more.

        Raises:
            StoreError: it is deleted, but its last traces cannot be removed from the files: another process keeps them
                in use (`StoreBusy`), or the disk has no room to write them anew (`StoreFull`). They go the next time
                that something is deleted, or the data directory is opened or closed.
        """
        if await self._store.conversation(id) is None and not await self._store.is_untrimmed():
            return
        await self._abandon([turn.run for turn in await self.turns(id)])
        await self._forget(await self._store.erase_conversation(id))
        if not await self._checkpoints.compact() or not await self._store.trim():
            raise StoreBusy(str(self._store.path), "what was deleted is gone, but another process is still reading it")

    async def turns(self, id: str, *, last: int | None = None) -> tuple[Turn, ...]:
        """Its turns in order, or the `last` of them; () when there is no such conversation."""
        rows = await self._store.turns(id, last=last)
        return tuple(
            Turn(run=run, question=question, status=_STATUSES[status], text=text, at=at)
            for _, run, question, _, status, text, at in rows
        )

    async def answer(self, run: str) -> Answer | None:
        """The answer of a run as it was given, with its evidence; None when none is kept.

        Raises:
            UnknownRun: what is kept cannot be read.
        """
        known = await self._store.run(run)
        return from_json(known[2]) if known and known[2] else None

    async def begin(self, conversation: str, run: str, question: str, *, replaces: str = "") -> None:
        """Write a turn, before its run begins; with `replaces`, in the place of that run's and all later ones.

        The last traces of these go from the files with `finish_erasing`: nobody waits for it with a question.
        """
        if replaces:
            turns = [turn.run for turn in await self.turns(conversation)]
            await self._abandon(turns[turns.index(replaces) :] if replaces in turns else [])
        await self._forget(await self._store.begin_turn(conversation, run, question, replaces=replaces))

    async def finish_erasing(self) -> None:
        """Remove what an erasure has left behind, runs of which only checkpoints exist among it.

        What cannot be removed now, because the files are in use or the disk is full, is tried again the next time.
        """
        with suppress(StoreError):
            await self._forget(await self._store.unknown_runs(await self._checkpoints.runs()))
            if await self._store.is_untrimmed() and await self._checkpoints.compact(wait_s=_GLANCE_S):
                await self._store.trim(wait_s=_GLANCE_S)

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


def _conversation(id_: str, title: str, created: str, updated: str, turns: int) -> Conversation:
    line = _one_line(title)
    short = line if len(line) <= _TITLE_CHARACTERS else f"{line[: _TITLE_CHARACTERS - 1].rstrip()}…"
    return Conversation(id=id_, title=short, created=created, updated=updated, turns=turns)


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())
