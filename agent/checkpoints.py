"""Checkpoints of runs, so that what was finished before an interruption is not done again."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import fields
from pathlib import Path

import aiosqlite
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from ..retrievers import StoreError
from .errors import UnknownRun
from .state import HELD, STATE_VERSION, State


def serializer() -> JsonPlusSerializer:
    """A serialiser that reads back the types of `agent.state` and no others."""
    return JsonPlusSerializer(allowed_msgpack_modules=list(HELD))


class Checkpoints:
    """The checkpoints of one data directory; a run's thread id is its run id."""

    def __init__(self, saver: AsyncSqliteSaver) -> None:
        self.saver = saver

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
        """Delete what is kept of `run`."""
        await self.saver.adelete_thread(run)


@asynccontextmanager
async def open_checkpoints(path: Path) -> AsyncIterator[Checkpoints]:
    """The checkpoints in the SQLite file at `path`, made when it is not there.

    Raises:
        StoreError: the file cannot be used.
    """
    async with AsyncExitStack() as stack:
        try:
            connection = await stack.enter_async_context(aiosqlite.connect(path))
            await connection.execute("PRAGMA busy_timeout = 15000")
            saver = AsyncSqliteSaver(connection, serde=serializer())
            await saver.setup()  # now, not within the first run: a file that is no database is said at once
        except sqlite3.Error as error:
            why = f"the checkpoints cannot be used ({error}); move the file away, it holds interrupted questions only"
            raise StoreError(str(path), why) from error
        yield Checkpoints(saver)
