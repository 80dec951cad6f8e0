"""Conversations and their turns: what was asked in a row, what became of it, and its erasure.

A turn is written with its run, before that begins, in one transaction; it holds question and answer itself, so that
thousands are listed without reading an answer's JSON, and a question outlives the run that was to answer it.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from ...crawler import utc_now
from . import pages
from .schema import ERASED

ConversationRow = tuple[str, str, str, str, int]
"""(id, title, created, updated, number of turns); times are ISO 8601 in UTC."""
TurnRow = tuple[int, str, str, str, str, str, str]
"""(position, run, question, question standing alone, status, text of the answer, when it was asked)."""

_TURN = "position, run, question, standalone, status, text, at"
_TOUCH = "(SELECT coalesce(max(touched), 0) + 1 FROM conversations)"


def start(db: sqlite3.Connection, conversation: str, title: str) -> None:
    """Make a conversation; nothing if it is there already."""
    now = utc_now()
    db.execute(
        f"INSERT OR IGNORE INTO conversations (id, title, created, updated, touched) VALUES (?, ?, ?, ?, {_TOUCH})",
        (conversation, title, now, now),
    )


def begin_turn(
    db: sqlite3.Connection, conversation: str, run: str, question: str, *, replaces: str = "", asked: str = ""
) -> list[str]:
    """Write a turn and its run, after the last turn or in the place of `replaces`; makes the conversation if need be.

    `asked` is as in `runs.begin`. Returns the runs that were dropped with the turns replaced: that one and all later
    ones.
    """
    start(db, conversation, "")
    dropped = _cut(db, conversation, replaces) if replaces else []
    now = utc_now()
    db.execute(
        "INSERT INTO runs (id, question, status, started, asked) VALUES (?, ?, 'running', ?, ?)",
        (run, question, now, asked),
    )
    db.execute(
        "INSERT INTO turns (conversation, position, run, question, at) VALUES (?, 1 +"
        " (SELECT coalesce(max(position), 0) FROM turns WHERE conversation = ?), ?, ?, ?)",
        (conversation, conversation, run, question, now),
    )
    _touch(db, conversation)
    return dropped


def finish_turn(db: sqlite3.Connection, run: str, *, status: str, standalone: str, text: str) -> None:
    """Enter what became of the turn of `run`; nothing if it has none."""
    db.execute("UPDATE turns SET status = ?, standalone = ?, text = ? WHERE run = ?", (status, standalone, text, run))
    for (conversation,) in db.execute("SELECT conversation FROM turns WHERE run = ?", (run,)).fetchall():
        _touch(db, conversation)


def _touch(db: sqlite3.Connection, conversation: str) -> None:
    db.execute(f"UPDATE conversations SET updated = ?, touched = {_TOUCH} WHERE id = ?", (utc_now(), conversation))


def rename(db: sqlite3.Connection, conversation: str, title: str) -> bool:
    """Give a conversation a title; False when there is none of that id."""
    return db.execute("UPDATE conversations SET title = ? WHERE id = ?", (title, conversation)).rowcount > 0


def get(db: sqlite3.Connection, conversation: str) -> ConversationRow | None:
    """One conversation; None when there is none of that id."""
    row: ConversationRow | None = db.execute(f"{_SELECT} WHERE id = ?", (conversation,)).fetchone()
    return row


_SELECT = (
    "SELECT id, CASE title WHEN '' THEN coalesce((SELECT question FROM turns WHERE conversation = c.id"
    " AND position = 1), '') ELSE title END, created, updated,"
    " (SELECT coalesce(max(position), 0) FROM turns WHERE conversation = c.id) FROM conversations c"
)


def listed(db: sqlite3.Connection, search: str, *, limit: int) -> list[ConversationRow]:
    """At most `limit` conversations, the one last used first; with `search`, those that hold it, in any case."""
    if not search:
        return db.execute(f"{_SELECT} ORDER BY touched DESC LIMIT ?", (limit,)).fetchall()
    db.create_function("folded", 1, str.casefold, deterministic=True)  # SQLite's own knows ASCII alone
    return db.execute(
        f"{_SELECT} WHERE instr(folded(title), :text) OR EXISTS (SELECT 1 FROM turns WHERE conversation = c.id"
        " AND (instr(folded(question), :text) OR instr(folded(text), :text))) ORDER BY touched DESC LIMIT :limit",
        {"text": search.casefold(), "limit": limit},
    ).fetchall()


def turns(db: sqlite3.Connection, conversation: str, *, last: int | None = None, before: str = "") -> list[TurnRow]:
    """The turns in order, or the `last` of them; with `before`, those ahead of the turn of that run."""
    rows: list[TurnRow] = db.execute(
        f"SELECT {_TURN} FROM turns WHERE conversation = ? AND position < coalesce("
        " (SELECT position FROM turns WHERE conversation = ? AND run = ?), 9e18) ORDER BY position DESC LIMIT ?",
        (conversation, conversation, before, -1 if last is None else last),
    ).fetchall()
    return rows[::-1]


def turn(db: sqlite3.Connection, run: str) -> TurnRow | None:
    """The turn of a run; None when it has none, or no longer."""
    row: TurnRow | None = db.execute(f"SELECT {_TURN} FROM turns WHERE run = ?", (run,)).fetchone()
    return row


def summary(db: sqlite3.Connection, conversation: str) -> tuple[str, int]:
    """The summary that is kept, and how many turns from the first on it sums up; ("", 0) without one."""
    row: tuple[str, int] | None = db.execute(
        "SELECT summary, summarised FROM conversations WHERE id = ?", (conversation,)
    ).fetchone()
    return row or ("", 0)


def summarise(db: sqlite3.Connection, conversation: str, text: str, upto: int) -> None:
    """Keep a summary of the first `upto` turns, unless so many are no longer there or more are summed up already."""
    db.execute(
        "UPDATE conversations SET summary = ?, summarised = ? WHERE id = ? AND summarised < ?"
        " AND ? <= (SELECT coalesce(max(position), 0) FROM turns WHERE conversation = conversations.id)",
        (text, upto, conversation, upto, upto),
    )


def _cut(db: sqlite3.Connection, conversation: str, run: str) -> list[str]:
    """Drop the turn of `run` and all later ones with their runs; returns these. Nothing if it is no turn of this."""
    rows = db.execute(
        "SELECT run, position FROM turns WHERE conversation = ? AND position >="
        " (SELECT position FROM turns WHERE conversation = ? AND run = ?) ORDER BY position",
        (conversation, conversation, run),
    ).fetchall()
    if not rows:
        return []
    first = rows[0][1]
    db.execute("DELETE FROM turns WHERE conversation = ? AND position >= ?", (conversation, first))
    db.execute(
        "UPDATE conversations SET summary = '', summarised = 0 WHERE id = ? AND summarised >= ?", (conversation, first)
    )
    runs = [row[0] for row in rows]
    erase_runs(db, runs)
    return runs


def erase(db: sqlite3.Connection, conversation: str) -> list[str]:
    """Delete a conversation with all that was asked, found and answered in it; returns its runs.

    The file keeps no trace of it after `trimmed`.
    """
    runs = [row[0] for row in db.execute("SELECT run FROM turns WHERE conversation = ?", (conversation,))]
    db.execute("DELETE FROM conversations WHERE id = ?", (conversation,))
    erase_runs(db, runs)
    return runs


def erase_runs(db: sqlite3.Connection, runs: Sequence[str]) -> None:
    """Delete runs with their answers, ledgers and verdicts, and the pages that nothing holds on to any more.

    A page that was in the lasting index before is purged once the derived indexes have let go of it.
    """
    for run in runs:
        for table, column in (("skipped", "run"), ("verdicts", "run"), ("runs", "id")):
            db.execute(f"DELETE FROM {table} WHERE {column} = ?", (run,))
    pages.purge(db, applied=0)
    db.execute("INSERT OR REPLACE INTO meta VALUES (?, '1')", (ERASED,))


def is_untrimmed(db: sqlite3.Connection) -> bool:
    """Whether something was erased of which the file, or its write-ahead log, may still hold a trace."""
    return db.execute("SELECT 1 FROM meta WHERE key = ?", (ERASED,)).fetchone() is not None


def trimmed(path: Path, *, wait_s: float) -> bool:
    """Write the file anew without what was erased, and empty the log, in which the rows stand as they were.

    SQLite's `secure_delete` does not suffice: where it moved a row from one page of the file to another, the gaps of
    the first keep a copy that it forgets (3.40: in 12 of 12 files that 30 to 130 turns had gone through).
    On a connection of its own, so that reading goes on. False if another process uses the file after `wait_s` seconds.
    """
    with closing(sqlite3.connect(path, timeout=wait_s, isolation_level=None)) as db:
        db.execute("VACUUM")
        is_busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if not is_busy:
            db.execute("DELETE FROM meta WHERE key = ?", (ERASED,))
    return not is_busy
