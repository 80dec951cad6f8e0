"""Keeps what sites' own files said, over the end of the process: a small SQLite file, or memory alone."""

import asyncio
import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

_TABLE = """
CREATE TABLE IF NOT EXISTS kept (
    site TEXT NOT NULL, name TEXT NOT NULL, body BLOB NOT NULL, has_rules INTEGER NOT NULL, at REAL NOT NULL,
    unreachable_since REAL NOT NULL, PRIMARY KEY (site, name)
) WITHOUT ROWID
"""
_BUSY_S = 2.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A site's file as last read: its bytes, if it had any rules; when (epoch, s); and since when it is unreachable.

    `unreachable_since` is 0 for a site that answered last time.
    """

    body: bytes
    has_rules: bool
    at: float
    unreachable_since: float = 0.0


class Shelf:
    """What is kept of each site, by name of the file; with `folder` None nothing outlives this object.

    A file that cannot be read or written costs memory of the past, no page: it is said once in the log, and the rules
    are asked for again.
    """

    def __init__(self, folder: Path | None) -> None:
        self._path = folder / "sites.db" if folder else None
        self._db: sqlite3.Connection | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="fontes-shelf")

    async def get(self, site: str, name: str) -> Kept | None:
        """What was kept, None if nothing was."""
        row = await self._run(
            "SELECT body, has_rules, at, unreachable_since FROM kept WHERE site = ? AND name = ?", (site, name)
        )
        return Kept(body=row[0], has_rules=bool(row[1]), at=row[2], unreachable_since=row[3]) if row else None

    async def put(self, site: str, name: str, kept: Kept) -> None:
        """Keep this instead of what was kept."""
        await self._run(
            "INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?, ?, ?)",
            (site, name, kept.body, kept.has_rules, kept.at, kept.unreachable_since),
        )

    async def aclose(self) -> None:
        """Close the file."""
        if self._db is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._db.close)
        self._thread.shutdown(wait=False)

    async def _run(self, statement: str, values: tuple[object, ...]) -> "tuple[bytes, int, float, float] | None":
        if self._path is None:
            return None
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._run_here, statement, values)

    def _run_here(self, statement: str, values: tuple[object, ...]) -> "tuple[bytes, int, float, float] | None":
        assert self._path is not None
        try:
            if self._db is None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._db = sqlite3.connect(self._path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = NORMAL")
                self._db.execute(_TABLE)
            row: tuple[bytes, int, float, float] | None = self._db.execute(statement, values).fetchone()
        except (sqlite3.Error, OSError) as error:
            _log.warning("%s cannot be used (%s): robots.txt files are asked for again each time", self._path, error)
            self._path = None
            return None
        return row
