"""The file that a crawl's state is kept in, so that it goes on where it was when the process was killed."""

import hashlib
import json
import os
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ..url import canonical, host_key

SCHEMA_VERSION = 1
APPLICATION_ID = 0x466F6E63  # "Fonc"

# `urls.state`: what is to be done with an address. "other name": another one redirected to it.
WAITING, TAKEN, DONE, OTHER_NAME = range(4)

_TABLES = f"""
CREATE TABLE crawl (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE urls (
    id INTEGER PRIMARY KEY, canonical TEXT NOT NULL UNIQUE, url TEXT NOT NULL, host TEXT NOT NULL,
    depth INTEGER NOT NULL, found_on TEXT NOT NULL, state INTEGER NOT NULL DEFAULT {WAITING}
);
CREATE INDEX urls_waiting ON urls (depth, id, host) WHERE state = {WAITING};
CREATE TABLE ledger (
    id INTEGER PRIMARY KEY REFERENCES urls (id), final_url TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL,
    detail TEXT NOT NULL, title TEXT NOT NULL, language TEXT NOT NULL, published TEXT NOT NULL, words INTEGER NOT NULL,
    quality REAL, seconds REAL NOT NULL, bytes INTEGER NOT NULL, at TEXT NOT NULL
);
CREATE TABLE texts (hash TEXT PRIMARY KEY, url TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE signatures (id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, signature BLOB NOT NULL);
"""


def state_file(folder: Path, start: str, asked: Mapping[str, object]) -> Path:
    """The file in `folder` for the crawl that begins at `start` with these arguments (anything JSON can hold).

    Raises:
        BlockedURL: the start is no address of the web.
    """
    start = canonical(start)
    host = re.sub(r"[^\w.-]", "_", host_key(start))[:80]
    key = hashlib.sha256(json.dumps({**asked, "start": start}, sort_keys=True).encode()).hexdigest()[:12]
    return folder / f"{host}-{key}.db"


class CrawlStateError(Exception):
    """The file of a crawl's state cannot be used: which, why, and what the person can do."""

    def __init__(self, path: str, why: str, hint: str = "") -> None:
        super().__init__(path, why, hint)  # the same arguments, so that it survives pickling
        self.path, self.why, self.hint = path, why, hint

    def __str__(self) -> str:
        return f"{self.path}: {self.why}" + (f". {self.hint}" if self.hint else "")


@contextmanager
def state_errors(path: Path | None) -> Iterator[None]:
    """Turn what SQLite says about the file into what a person can act upon.

    Raises:
        CrawlStateError: always in place of SQLite's error.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise _meaning(path, error) from error


def _meaning(path: Path | None, error: sqlite3.Error) -> CrawlStateError:
    name = str(path or "the crawl's state in memory")
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_FULL:
            return CrawlStateError(
                name, "no space is left on the disk",
                "What was written before is kept: free some space and run the command again",
            )  # fmt: skip
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return CrawlStateError(name, f"it cannot be written ({error})", "Make its folder writable")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return CrawlStateError(name, "another process is on this crawl", "Wait for it, or end it")
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return CrawlStateError(
                name, f"it is damaged, or no file of ours ({error})", "Delete it to begin the crawl anew"
            )
        case _:
            return CrawlStateError(name, str(error))


def open_state(path: Path | None) -> sqlite3.Connection:
    """Open, and if need be create, the file; None keeps the state in memory. It is held until it is closed.

    The connection is in autocommit mode, and any thread may use it, one at a time.

    Raises:
        CrawlStateError: the file cannot be used, or another process uses it.
    """
    if path is not None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CrawlStateError(str(path.parent), f"the folder cannot be made ({error.strerror})") from error
    with state_errors(path):
        db = sqlite3.connect(path or ":memory:", timeout=1, isolation_level=None, check_same_thread=False)
        try:
            _prepare(db, path)
        except BaseException:
            db.close()
            raise
    return db


def _prepare(db: sqlite3.Connection, path: Path | None) -> None:
    # Two processes on one crawl would ask everything twice. The lock goes with the process, however it ends.
    db.execute("PRAGMA locking_mode = EXCLUSIVE")
    db.execute("PRAGMA journal_mode = WAL")
    # kill -9 loses no commit; a power cut may lose the last seconds, which costs asking those pages again
    db.execute("PRAGMA synchronous = NORMAL")
    with transaction(db):
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version == 0 and not db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            for statement in _TABLES.split(";"):
                db.execute(statement)
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        elif version != SCHEMA_VERSION or db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise CrawlStateError(
                str(path), "it is no crawl's state, or that of another version", "Delete it to begin the crawl anew"
            )


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All of the block's changes, or none."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # a full disk may have rolled back by itself
            db.execute("ROLLBACK")
        raise


def remove_state(path: Path) -> None:
    """Forget a crawl: its file and what SQLite keeps beside it."""
    for name in (path, Path(f"{os.fspath(path)}-wal"), Path(f"{os.fspath(path)}-shm")):
        name.unlink(missing_ok=True)
