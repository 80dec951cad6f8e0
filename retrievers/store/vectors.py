"""Vectors as blobs: the truth that every nearest-neighbour index is derived from."""

import sqlite3
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ..embedders import Vectors32

_BATCH = 500


def model_id(db: sqlite3.Connection, name: str, dimensions: int) -> int:
    """The number of an embedding model in this store, given on first use."""
    db.execute("INSERT OR IGNORE INTO models (name, dimensions) VALUES (?, ?)", (name, dimensions))
    return known_model(db, name)[0]


def known_model(db: sqlite3.Connection, name: str) -> tuple[int, int]:
    """The number of an embedding model in this store and the length of its vectors; (0, 0) when it has none yet."""
    row: tuple[int, int] | None = db.execute("SELECT id, dimensions FROM models WHERE name = ?", (name,)).fetchone()
    return row or (0, 0)


def put(db: sqlite3.Connection, model: int, ids: Sequence[int], vectors: Vectors32) -> None:
    """Store one vector a passage as float16: half the size, and cosines move by less than 1e-3.

    A passage that was removed in the meantime is passed over.
    """
    blobs = vectors.astype("<f2")
    db.executemany(
        "INSERT OR REPLACE INTO vectors (passage, model, vector) SELECT id, ?, ? FROM passages WHERE id = ?",
        [(model, row.tobytes(), id_) for id_, row in zip(ids, blobs, strict=True)],
    )


def get(db: sqlite3.Connection, model: int, ids: Sequence[int]) -> tuple[list[int], Vectors32]:
    """The ids that have a vector, and their vectors as rows."""
    rows: list[tuple[int, bytes]] = []
    for at in range(0, len(ids), _BATCH):
        batch = ids[at : at + _BATCH]
        marks = ",".join("?" * len(batch))
        rows += db.execute(
            f"SELECT passage, vector FROM vectors WHERE model = ? AND passage IN ({marks})", (model, *batch)
        )
    return [row[0] for row in rows], _matrix([row[1] for row in rows])


def missing(db: sqlite3.Connection, model: int, *, limit: int) -> list[int]:
    """Passages of the lasting index without a vector of this model, in the order they came."""
    rows = db.execute(
        "SELECT p.id FROM pages g JOIN passages p ON p.page_hash = g.hash WHERE g.lasting AND NOT EXISTS"
        " (SELECT 1 FROM vectors v WHERE v.passage = p.id AND v.model = ?) ORDER BY g.generation, p.start LIMIT ?",
        (model, limit),
    )
    return [row[0] for row in rows]


def counts(db: sqlite3.Connection, model: int) -> tuple[int, int]:
    """How many passages the lasting index has, and how many of them have a vector of this model."""
    row: tuple[int, int] = db.execute(
        "SELECT count(*), count(v.row) FROM pages g JOIN passages p ON p.page_hash = g.hash"
        " LEFT JOIN vectors v ON v.passage = p.id AND v.model = ? WHERE g.lasting",
        (model,),
    ).fetchone()
    return row


def last_row(db: sqlite3.Connection, model: int) -> int:
    """The number of the newest vector of this model; 0 when there is none."""
    number: int = db.execute("SELECT coalesce(max(row), 0) FROM vectors WHERE model = ?", (model,)).fetchone()[0]
    return number


def after(db: sqlite3.Connection, model: int, row: int, *, limit: int) -> tuple[int, list[int], Vectors32]:
    """At most `limit` lasting vectors newer than number `row`: (number of the newest, passage ids, vectors)."""
    rows = db.execute(
        "SELECT v.row, v.passage, v.vector FROM vectors v JOIN passages p ON p.id = v.passage"
        " JOIN pages g ON g.hash = p.page_hash WHERE v.model = ? AND v.row > ? AND g.lasting ORDER BY v.row LIMIT ?",
        (model, row, limit),
    ).fetchall()
    return (rows[-1][0] if rows else row), [r[1] for r in rows], _matrix([r[2] for r in rows])


def batches(db: sqlite3.Connection, model: int, size: int = 4096) -> Iterator[tuple[list[int], Vectors32]]:
    """All lasting vectors of a model, in batches, so that memory stays flat."""
    row = 0
    while True:
        row, ids, vectors = after(db, model, row, limit=size)
        if not ids:
            return
        yield ids, vectors


def _matrix(blobs: Sequence[bytes]) -> Vectors32:
    if not blobs:
        return np.zeros((0, 0), dtype=np.float32)
    halves: NDArray[np.float16] = np.frombuffer(b"".join(blobs), dtype="<f2")
    return halves.reshape(len(blobs), -1).astype(np.float32)


def followed(db: sqlite3.Connection, index: str) -> int:
    """How far the nearest-neighbour index of that name has followed: the number of the newest vector it was given."""
    row = db.execute("SELECT value FROM meta WHERE key = ?", (f"vectors:{index}",)).fetchone()
    return int(row[0]) if row else 0


def follow(db: sqlite3.Connection, index: str, row: int) -> None:
    """Note how far that index has followed."""
    db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (f"vectors:{index}", str(row)))
