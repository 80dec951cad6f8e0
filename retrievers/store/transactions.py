"""One SQLite file, used from one thread of its own so that the event loop never waits on a disk."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Concatenate, ParamSpec, Self, TypeVar

from . import schema

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Transactions:
    """Reads and writes of `fontes.db`, one after the other; each write is one transaction.

    When its coroutine returns, it is on the disk. Other processes may write at the same time; each waits for the other,
    up to `schema.BUSY_TIMEOUT_S`.
    """

    def __init__(self, data_dir: Path) -> None:
        self.path = data_dir / "fontes.db"
        self.id = ""
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="fontes-store")
        self._db: sqlite3.Connection | None = None

    async def __aenter__(self) -> Self:
        """Open the database, making it if it is not there.

        Raises:
            StoreError: it cannot be used; the subclass says why.
        """
        try:
            self._db = await asyncio.get_running_loop().run_in_executor(self._thread, schema.connect, self.path)
            self.id = await self._read(_store_id)
        except BaseException:
            await self.__aexit__(None, None, None)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._db is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._db.close)
            self._db = None
        self._thread.shutdown(wait=False)

    async def _read(
        self, query: Callable[Concatenate[sqlite3.Connection, _P], _T], *args: _P.args, **kwargs: _P.kwargs
    ) -> _T:
        db = self._connection()

        def run() -> _T:
            with schema.store_errors(self.path):
                return query(db, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._thread, run)

    async def _write(
        self, change: Callable[Concatenate[sqlite3.Connection, _P], _T], *args: _P.args, **kwargs: _P.kwargs
    ) -> _T:
        db = self._connection()

        def run() -> _T:
            with schema.store_errors(self.path):
                db.execute("BEGIN IMMEDIATE")
                try:
                    done = change(db, *args, **kwargs)
                    db.execute("COMMIT")
                except BaseException:
                    if db.in_transaction:  # a full disk may have rolled back by itself
                        db.execute("ROLLBACK")
                    raise
                return done

        # Shielded: a cancelled caller must not leave the thread between BEGIN and COMMIT unobserved.
        return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._thread, run))

    def _connection(self) -> sqlite3.Connection:
        if self._db is None:
            raise RuntimeError("the store is used outside of its `async with`")
        return self._db


def _store_id(db: sqlite3.Connection) -> str:
    value: str = db.execute("SELECT value FROM meta WHERE key = 'store_id'").fetchone()[0]
    return value
