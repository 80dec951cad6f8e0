"""Checkpoints of runs, so that what was finished before an interruption is not done again."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from dataclasses import fields
from pathlib import Path

import aiosqlite
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from ..retrievers import StoreBusy, StoreCorrupt, store_errors
from .errors import UnknownRun
from .state import HELD, STATE_VERSION, State

_BUSY_TIMEOUT_S = 15.0


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

    async def state(self, run: str) -> State | None:
        """The state in which `run` was interrupted; None when it left no checkpoint.

        Raises:
            UnknownRun: another version of the state left it.
            StoreError: the file cannot be read.
        """
        with store_errors(self.path):
            found = await self.saver.aget_tuple({"configurable": {"thread_id": run}})
        values = found.checkpoint["channel_values"] if found else {}
        if "version" not in values:  # none, or that of the input alone: killed before the first step was begun
            return None
        if values["version"] != STATE_VERSION:
            raise UnknownRun(f"run {run}", "another version of Fontes began it")
        return State(**{field.name: values[field.name] for field in fields(State) if field.name in values})

    async def forget(self, run: str) -> None:
        """Delete what is kept of `run`.

        Raises:
            StoreError: the file cannot be written.
        """
        with store_errors(self.path):
            await self.saver.adelete_thread(run)

    async def runs(self) -> tuple[str, ...]:
        """The runs that left a checkpoint.

        Raises:
            StoreError: the file cannot be read.
        """
        with store_errors(self.path):
            async with self.saver.lock, self.saver.conn.execute("SELECT DISTINCT thread_id FROM checkpoints") as rows:
                return tuple([row[0] async for row in rows])

    async def compact(self, *, wait_s: float = _BUSY_TIMEOUT_S) -> bool:
        """Rewrite the file without what was forgotten; False if another process has it in use for that long.

        Raises:
            StoreError: the file cannot be written.
        """
        _aside(self.path).unlink(missing_ok=True)
        try:
            with store_errors(self.path):
                return await asyncio.to_thread(_compacted, self.path, wait_s)
        except StoreBusy:
            return False


def _compacted(path: Path, wait_s: float) -> bool:
    """On a connection of its own: on the saver's, a statement of a run may be under way.

    Rewritten, for what SQLite moves within a file leaves copies that `secure_delete` does not know.
    """
    with closing(sqlite3.connect(path, timeout=wait_s, isolation_level=None)) as database:
        database.execute("VACUUM")
        return bool(database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)


def _aside(path: Path) -> Path:
    """Where a damaged file is set aside."""
    return path.with_name(f"{path.name}.damaged")


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
            aside = _aside(path)
            path.replace(aside)
            for companion in ("-wal", "-shm"):
                path.with_name(path.name + companion).unlink(missing_ok=True)
            saver = await _open(path, stack)
            note = f"{path.name} was damaged and is now {aside.name}: questions interrupted before cannot be resumed"
        yield Checkpoints(saver, path, note)


async def _open(path: Path, stack: AsyncExitStack) -> AsyncSqliteSaver:
    with suppress(OSError):  # what is in the way is told when it is opened
        path.touch(mode=0o600)  # it holds what was asked
    with store_errors(path):
        connection = await stack.enter_async_context(aiosqlite.connect(path))
        try:
            await connection.execute(f"PRAGMA busy_timeout = {int(_BUSY_TIMEOUT_S * 1000)}")
            await connection.execute("PRAGMA secure_delete = ON")  # they hold what was asked and quoted
            # With WAL a killed process loses nothing; a power cut may lose the last steps, which are then done again.
            await connection.execute("PRAGMA synchronous = NORMAL")
            saver = AsyncSqliteSaver(connection, serde=serializer())
            await saver.setup()  # now, not within the first run: a file that is no database is said at once
        except BaseException:
            await connection.close()
            raise
    return saver
