"""The database file: its tables, how it is opened, and what SQLite's errors mean to a person."""

import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import zstandard

from ..errors import StoreBusy, StoreCorrupt, StoreError, StoreFull, StoreReadOnly
from .private import make_private, make_private_file

SCHEMA_VERSION = 4
APPLICATION_ID = 0x466F6E74  # "Font", shown by file(1)
BUSY_TIMEOUT_S = 15.0
_LOG_INDEX_BYTES = 65_536
ERASED = "erased"
"""In `meta`: what was erased may still stand in the bytes of the file, or in its log."""

# `touched` counts up with every change of a conversation: clocks jump. A turn's position counts from 1, without gaps.
# A turn holds its question and answer itself, for a run that was never finished is let go after a while.
_CONVERSATIONS = """
CREATE INDEX verdicts_by_run ON verdicts (run) WHERE run > '';
CREATE TABLE conversations (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, created TEXT NOT NULL, updated TEXT NOT NULL, touched INTEGER NOT NULL,
    summary TEXT NOT NULL DEFAULT '', summarised INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX conversations_by_touch ON conversations (touched);
CREATE TABLE turns (
    id INTEGER PRIMARY KEY, conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    position INTEGER NOT NULL, run TEXT NOT NULL UNIQUE, question TEXT NOT NULL, at TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'running', standalone TEXT NOT NULL DEFAULT '', text TEXT NOT NULL DEFAULT '',
    UNIQUE (conversation, position)
)
"""

# Of lasting sources only; `store.tags` keeps it so.
_TAGS = """
CREATE TABLE tags (tag TEXT NOT NULL, source TEXT NOT NULL, PRIMARY KEY (tag, source)) WITHOUT ROWID;
CREATE INDEX tags_by_source ON tags (source)
"""

# `pages.generation` is 0 until a page enters the lasting index, then the number of the change that last moved it
# in or out. An index that has applied changes up to G asks for the pages with a greater generation and is current.
# `lasting_pages` is for counting them, which every question does: 0.7 instead of 90 ms at 100,000 pages.
# In tables without rowid the key's columns come first: SQLite 3.40's quick_check misreads others as NULL.
TABLES = (
    """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE pages (
    hash TEXT PRIMARY KEY, text BLOB NOT NULL, length INTEGER NOT NULL, title TEXT NOT NULL, language TEXT NOT NULL,
    extractor TEXT NOT NULL, blocks BLOB NOT NULL, lasting INTEGER NOT NULL DEFAULT 0,
    generation INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX pages_by_generation ON pages (generation) WHERE generation > 0;
CREATE INDEX lasting_pages ON pages (lasting) WHERE lasting;
CREATE TABLE sightings (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, page_hash TEXT NOT NULL REFERENCES pages (hash) ON DELETE CASCADE,
    title TEXT NOT NULL, published TEXT NOT NULL, author TEXT NOT NULL, fetched TEXT NOT NULL,
    body_hash TEXT NOT NULL, size INTEGER NOT NULL, modified_ns INTEGER NOT NULL, lasting INTEGER NOT NULL,
    about TEXT NOT NULL DEFAULT '', UNIQUE (source, page_hash)
);
CREATE UNIQUE INDEX one_lasting_sighting ON sightings (source) WHERE lasting;
CREATE INDEX sightings_by_page ON sightings (page_hash);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY, page_hash TEXT NOT NULL REFERENCES pages (hash) ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL, headings TEXT NOT NULL, page_number INTEGER
);
CREATE INDEX passages_by_page ON passages (page_hash, start);
CREATE TABLE models (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, dimensions INTEGER NOT NULL);
CREATE TABLE vectors (
    row INTEGER PRIMARY KEY AUTOINCREMENT, passage INTEGER NOT NULL REFERENCES passages (id) ON DELETE CASCADE,
    model INTEGER NOT NULL REFERENCES models (id), vector BLOB NOT NULL, UNIQUE (passage, model)
);
CREATE TABLE verdicts (
    key TEXT PRIMARY KEY, verdict TEXT NOT NULL, at TEXT NOT NULL, run TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE runs (
    id TEXT PRIMARY KEY, question TEXT NOT NULL, status TEXT NOT NULL, started TEXT NOT NULL,
    finished TEXT NOT NULL DEFAULT '', answer TEXT NOT NULL DEFAULT '', asked TEXT NOT NULL DEFAULT ''
);
CREATE TABLE run_pages (
    run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE, page_hash TEXT NOT NULL REFERENCES pages (hash),
    source TEXT NOT NULL, cited INTEGER NOT NULL, PRIMARY KEY (run, page_hash, source)
) WITHOUT ROWID;
CREATE INDEX run_pages_by_page ON run_pages (page_hash);
CREATE TABLE skipped (
    run TEXT NOT NULL, source TEXT NOT NULL, reason TEXT NOT NULL, detail TEXT NOT NULL,
    PRIMARY KEY (run, source)
) WITHOUT ROWID;
"""
    + _CONVERSATIONS
    + ";"
    + _TAGS
)

# From the version that is its key to the next
MIGRATIONS = {
    1: """
ALTER TABLE sightings ADD COLUMN about TEXT NOT NULL DEFAULT '';
CREATE INDEX IF NOT EXISTS lasting_pages ON pages (lasting) WHERE lasting
""",
    2: f"""
ALTER TABLE verdicts ADD COLUMN run TEXT NOT NULL DEFAULT '';
{_CONVERSATIONS}
""",
    3: f"""
ALTER TABLE runs ADD COLUMN asked TEXT NOT NULL DEFAULT '';
{_TAGS}
""",
}


@contextmanager
def store_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite says about `path` into what a person can act upon.

    Raises:
        StoreError: the subclass that fits SQLite's result code.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise _meaning(path, error) from error
    except zstandard.ZstdError as error:
        raise StoreCorrupt(str(path), f"a page's text cannot be read back ({error})") from error


def _meaning(path: Path, error: sqlite3.Error) -> StoreError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # absent on errors that Python's module raises itself
    directory = path.parent
    match code:
        case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_CANTOPEN if _is_full(directory):
            return StoreFull(str(directory), "no space is left on the disk")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return StoreReadOnly(str(directory), f"the data directory cannot be written ({error})")
        case sqlite3.SQLITE_FULL:
            return StoreFull(str(directory), "no space is left on the disk")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreBusy(str(path), "another process is writing to it")
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return StoreCorrupt(str(path), f"the database cannot be read ({error})")
        case sqlite3.SQLITE_IOERR:
            return StoreError(str(path), f"reading or writing the disk failed ({error})")
        case _:
            return StoreError(str(path), str(error))


def _is_full(directory: Path) -> bool:
    """Whether there is no room for the index of the write-ahead log: SQLite calls that an I/O error (SHMSIZE)."""
    try:
        disk = os.statvfs(directory)
    except OSError:
        return False
    return disk.f_bavail * disk.f_frsize < _LOG_INDEX_BYTES


def connect(path: Path) -> sqlite3.Connection:
    """Open, and if need be create, the database at `path`.

    The connection is in autocommit mode: transactions are begun by the caller.

    Raises:
        StoreError: the file or its directory cannot be used, or another version of Fontes made it.
    """
    try:
        make_private(path)
    except OSError as error:
        raise StoreReadOnly(str(path.parent), f"the data directory cannot be made ({error.strerror})") from error
    if not os.access(path.parent, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise StoreReadOnly(str(path.parent), "the data directory cannot be written")
    make_private_file(path)
    with store_errors(path):
        # One thread at a time uses it (Store's own), but not always the one that opened it.
        db = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
        try:
            _prepare(db, path)
        except BaseException:
            db.close()
            raise
    return db


def _use_wal(db: sqlite3.Connection) -> None:
    """Switch to WAL. For this one statement SQLite does not wait for another process that is doing the same."""
    give_up = monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > give_up:
                raise
        sleep(0.02)  # in the store's own thread


def _prepare(db: sqlite3.Connection, path: Path) -> None:
    _use_wal(db)
    db.execute("PRAGMA synchronous = FULL")  # acknowledged means on the disk
    db.execute("PRAGMA foreign_keys = ON")
    # Always, not while erasing alone: a row that is rewritten leaves its older form in the page it stood in. What
    # this does not reach, `conversations.trimmed` does.
    db.execute("PRAGMA secure_delete = ON").fetchall()
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version == SCHEMA_VERSION:
        return
    db.execute("BEGIN IMMEDIATE")  # two processes may open a new database at once: the second finds it made
    try:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version == 0 and not db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            for statement in TABLES.split(";"):
                db.execute(statement)
            db.execute("INSERT INTO meta VALUES ('store_id', ?), ('generation', '0')", (uuid.uuid4().hex,))
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        elif version in MIGRATIONS:
            for older in range(version, SCHEMA_VERSION):
                for statement in MIGRATIONS[older].split(";"):
                    db.execute(statement)
            db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        elif version != SCHEMA_VERSION:
            raise StoreCorrupt(str(path), f"it has schema {version}, this Fontes reads schema {SCHEMA_VERSION}")
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:  # a full disk may have rolled back by itself
            db.execute("ROLLBACK")
        raise
