"""Requests to a service counted by the day, so that a budget holds across runs and processes."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS requests (provider TEXT PRIMARY KEY, day INTEGER NOT NULL, count INTEGER NOT NULL)"
)
_BUSY_S = 5.0


def utc_today() -> date:
    """The day by which services and budgets count."""
    return datetime.now(UTC).date()


class DailyCount:
    """Counts the requests to one provider in `searches.db` of a folder, or in this object without a folder.

    Days are UTC. A clock that goes back gives no new requests: they go on counting for the later day. Only when it was
    more than a day ahead, so that it must have been wrong, does the count move back to today, and is kept.
    """

    def __init__(self, provider: str, folder: Path | None, *, today: Callable[[], date] = utc_today) -> None:
        self._provider, self._folder, self._today = provider, folder, today
        self._day, self._count = 0, 0

    def take(self, most: int) -> bool:
        """Count one more request, unless `most` were made today; whether it was counted. It may wait for the disk.

        Raises:
            OSError: the folder or its file cannot be written.
        """
        if self._folder is None:
            state = _spend(self._day, self._count, self._today().toordinal(), most)
            if state:
                self._day, self._count = state
            return state is not None
        try:
            return self._take_in(self._folder, most)
        except sqlite3.Error as error:
            raise OSError(f"{self._folder / 'searches.db'}: {error}") from error

    def _take_in(self, folder: Path, most: int) -> bool:
        folder.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(folder / "searches.db", timeout=_BUSY_S, isolation_level=None)
        try:
            db.execute(_SCHEMA)
            db.execute("BEGIN IMMEDIATE")
            row = db.execute("SELECT day, count FROM requests WHERE provider = ?", (self._provider,)).fetchone()
            day, count = row or (0, 0)
            state = _spend(day, count, self._today().toordinal(), most)
            if state:
                db.execute("INSERT OR REPLACE INTO requests VALUES (?, ?, ?)", (self._provider, *state))
            db.execute("COMMIT")
        finally:
            db.close()
        return state is not None


def _spend(day: int, count: int, today: int, most: int) -> tuple[int, int] | None:
    """The day and count after one more request; None when there may be none."""
    if today > day:
        count = 0
    if today >= day or day - today > 1:
        day = today
    return (day, count + 1) if count < most else None
