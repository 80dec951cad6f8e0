"""Checkpoints of runs, so that what was finished before an interruption is not done again."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import fields
from pathlib import Path

import aiosqlite
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from ..retrievers import StoreCorrupt, store_errors
from .errors import UnknownRun
from .state import HELD, STATE_VERSION, State


def serializer() -> JsonPlusSerializer:
    """A serialiser that reads back the types of `agent.state` and no others."""
    return JsonPlusSerializer(allowed_msgpack_modules=list(HELD))


class Checkpoints:
    """The checkpoints of one data directory; a run's thread id is its run id.

    `note` says what became of a damaged file, "" when there was none.
    """

    def __init__(self, saver: AsyncSqliteSaver, path: Path, note: str = "") -> None:
        self.saver = saver
        self.path = path
        self.note = note

    async def state(self, run: str) -> State:
        """The state in which `run` was interrupted.

        Raises:
            UnknownRun: it left no checkpoint, or another version of the state did.
        """
        found = await self.saver.aget_tuple({"configurable": {"thread_id": run}})
        if found is None:
            raise UnknownRun(f"run {run}", "it left no checkpoint")
        values = found.checkpoint["channel_values"]
        if values.get("version") != STATE_VERSION:
            raise UnknownRun(f"run {run}", "another version of Fontes began it")
        return State(**{field.name: values[field.name] for field in fields(State) if field.name in values})

    async def forget(self, run: str) -> None:
        """Delete what is kept of `run`.

        Raises:
            StoreError: the file cannot be written.
        """
        with store_errors(self.path):
            await self.saver.adelete_thread(run)


@asynccontextmanager
async def open_checkpoints(path: Path) -> AsyncIterator[Checkpoints]:
    """The checkpoints in the SQLite file at `path`, made when it is not there.

    A damaged file is set aside under another name and a new one begun: it holds interrupted questions only, and they
    must not be in the way of new ones.

    Raises:
        StoreError: the file cannot be used.
    """
    async with AsyncExitStack() as stack:
        try:
            saver = await _open(path, stack)
            note = ""
        except StoreCorrupt:
            aside = path.with_name(f"{path.name}.damaged")
            path.replace(aside)
            for companion in ("-wal", "-shm"):
                path.with_name(path.name + companion).unlink(missing_ok=True)
            saver = await _open(path, stack)
            note = f"{path.name} was damaged and is now {aside.name}: questions interrupted before cannot be resumed"
        yield Checkpoints(saver, path, note)


async def _open(path: Path, stack: AsyncExitStack) -> AsyncSqliteSaver:
    with store_errors(path):
        connection = await stack.enter_async_context(aiosqlite.connect(path))
        try:
            await connection.execute("PRAGMA busy_timeout = 15000")
            # With WAL a killed process loses nothing; a power cut may lose the last steps, which are then done again.
            await connection.execute("PRAGMA synchronous = NORMAL")
            saver = AsyncSqliteSaver(connection, serde=serializer())
            await saver.setup()  # now, not within the first run: a file that is no database is said at once
        except BaseException:
            await connection.close()
            raise
    return saver
