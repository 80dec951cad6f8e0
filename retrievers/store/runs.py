"""What was asked: runs, the pages they read and cite, what they skipped, and the verdicts they reached.

The agent's own types do not exist here: answers and verdicts are JSON that this room only keeps.
"""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from ...crawler import SKIP_REASONS, Skipped, SkipReason, utc_now


def begin(db: sqlite3.Connection, run: str, question: str, *, asked: str = "") -> None:
    """Note that a run has started; nothing if it is there already (a resumed run).

    `asked` is all that it was begun with, as the agent writes it, so that it can be begun again from there.
    """
    db.execute(
        "INSERT OR IGNORE INTO runs (id, question, status, started, asked) VALUES (?, ?, 'running', ?, ?)",
        (run, question, utc_now(), asked),
    )


def asked(db: sqlite3.Connection, run: str) -> str:
    """What a run was begun with; "" when it has come to its end, or is unknown."""
    row = db.execute("SELECT asked FROM runs WHERE id = ?", (run,)).fetchone()
    return str(row[0]) if row else ""


def finish(
    db: sqlite3.Connection, run: str, status: str, answer: str, cited: Iterable[tuple[str, str]], *, is_whole: bool
) -> bool:
    """Keep the answer (JSON) and hold on to the pages it cites, as (page hash, source).

    False, and nothing kept, when the run was erased in the meantime. A whole run lets go of what it merely read and of
    what it was begun with; one that was cut short keeps both, for it may be resumed. A cited page that another process
    has purged in the meantime is passed over.
    """
    done = db.execute(
        "UPDATE runs SET status = ?, answer = ?, finished = ? WHERE id = ?", (status, answer, utc_now(), run)
    )
    if not done.rowcount:
        return False
    if is_whole:
        db.execute("DELETE FROM run_pages WHERE run = ? AND NOT cited", (run,))
        db.execute("UPDATE runs SET asked = '' WHERE id = ?", (run,))
    db.executemany(
        "INSERT INTO run_pages (run, page_hash, source, cited) SELECT ?, hash, ?, 1 FROM pages WHERE hash = ?"
        " ON CONFLICT (run, page_hash, source) DO UPDATE SET cited = 1",
        [(run, source, page_hash) for page_hash, source in cited],
    )
    return True


def drop(db: sqlite3.Connection, run: str) -> None:
    """Forget a run and let go of the pages it read. Its question stays in its conversation, as one not answered."""
    db.execute("UPDATE turns SET status = 'abstained' WHERE run = ? AND status = 'running'", (run,))
    db.execute("DELETE FROM skipped WHERE run = ?", (run,))
    db.execute("DELETE FROM runs WHERE id = ?", (run,))


def unfinished(db: sqlite3.Connection, *, before: str) -> list[str]:
    """The runs that began before that moment (ISO 8601, UTC) and never ended."""
    return [row[0] for row in db.execute("SELECT id FROM runs WHERE finished = '' AND started < ?", (before,))]


def unknown(db: sqlite3.Connection, runs: Iterable[str]) -> list[str]:
    """Those of `runs` that the store does not know, or no longer."""
    return [run for run in runs if not db.execute("SELECT 1 FROM runs WHERE id = ?", (run,)).fetchone()]


def get(db: sqlite3.Connection, run: str) -> tuple[str, str, str] | None:
    """(question, status, answer as JSON) of a run; None when it is unknown."""
    row: tuple[str, str, str] | None = db.execute(
        "SELECT question, status, answer FROM runs WHERE id = ?", (run,)
    ).fetchone()
    return row


def read_by(db: sqlite3.Connection, run: str, pages: Iterable[tuple[str, str]]) -> set[str]:
    """Note that `run` reads these pages, as (page hash, source): the scope of its own sources.

    Returns the sources noted; another process may have purged the page of one in the meantime, or erased the run.
    """
    noted: set[str] = set()
    for page_hash, source in pages:
        db.execute(
            "INSERT INTO run_pages (run, page_hash, source, cited) SELECT runs.id, hash, ?, 0 FROM pages, runs"
            " WHERE hash = ? AND runs.id = ? ON CONFLICT (run, page_hash, source) DO NOTHING",
            (source, page_hash, run),
        )
        if db.execute("SELECT 1 FROM pages WHERE hash = ?", (page_hash,)).fetchone():
            noted.add(source)
    return noted


def scope(db: sqlite3.Connection, run: str) -> list[tuple[str, str]]:
    """The pages that `run` read itself, as (page hash, source), by source."""
    return db.execute("SELECT page_hash, source FROM run_pages WHERE run = ? ORDER BY source", (run,)).fetchall()


def skip(db: sqlite3.Connection, run: str, skipped: Iterable[Skipped]) -> None:
    """Enter what was not read into the ledger of `run` ("" for the lasting index); nothing if the run was erased."""
    if not _is_kept(db, run):
        return
    db.executemany(
        "INSERT OR REPLACE INTO skipped (run, source, reason, detail) VALUES (?, ?, ?, ?)",
        [(run, entry.source, entry.reason, entry.detail) for entry in skipped],
    )


def _is_kept(db: sqlite3.Connection, run: str) -> bool:
    """Whether there is somebody to keep something for: what an erased run finds out is not kept."""
    return not run or db.execute("SELECT 1 FROM runs WHERE id = ?", (run,)).fetchone() is not None


def skipped(db: sqlite3.Connection, run: str) -> tuple[Skipped, ...]:
    """What `run` did not read, and why, by source."""
    rows = db.execute("SELECT source, reason, detail FROM skipped WHERE run = ? ORDER BY source", (run,))
    reasons: dict[str, SkipReason] = {reason: reason for reason in SKIP_REASONS}
    return tuple(Skipped(source=source, reason=reasons[reason], detail=detail) for source, reason, detail in rows)


def put_verdicts(db: sqlite3.Connection, found: Mapping[str, str], run: str) -> None:
    """Keep verdicts (JSON), each under the hash of claim, evidence and verifier; `run`, which reached them, takes
    them along when it is erased.

    They quote what they rest on. Whoever else used one has it made again. Nothing is kept for a run that was erased.
    """
    if not _is_kept(db, run):
        return
    now = utc_now()
    rows = [(key, verdict, now, run) for key, verdict in found.items()]
    db.executemany("INSERT OR REPLACE INTO verdicts VALUES (?, ?, ?, ?)", rows)


def verdicts(db: sqlite3.Connection, keys: Sequence[str]) -> dict[str, str]:
    """Those of the verdicts that are known."""
    marks = ",".join("?" * len(keys))
    return dict(db.execute(f"SELECT key, verdict FROM verdicts WHERE key IN ({marks})", list(keys)).fetchall())
