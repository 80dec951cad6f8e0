"""Passages by id or page, and the evidence they make."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..passage import Evidence, Passage
from . import pages

_SLAB = 64  # pages whose passages are in memory at once while they are streamed
_BATCH = 500  # SQLite's default bound on variables is 32,766; small batches keep statements cached


def _rows(
    db: sqlite3.Connection, column: str, keys: Sequence[object], condition: str = ""
) -> Iterator[tuple[int, str, int, int, str, int | None, str]]:
    for at in range(0, len(keys), _BATCH):
        batch = keys[at : at + _BATCH]
        marks = ",".join("?" * len(batch))
        yield from db.execute(
            "SELECT p.id, p.page_hash, p.start, p.end, p.headings, p.page_number, g.title FROM passages p"
            f" JOIN pages g ON g.hash = p.page_hash WHERE {column} IN ({marks}) {condition}"
            " ORDER BY p.page_hash, p.start",
            batch,
        )


def _passages(
    db: sqlite3.Connection, rows: Iterator[tuple[int, str, int, int, str, int | None, str]]
) -> Iterator[Passage]:
    held, text = "", ""
    for id_, page_hash, start, end, headings, number, title in rows:
        if page_hash != held:  # rows come page by page, so each text is decompressed once
            held, text = page_hash, pages.text(db, page_hash) or ""
        yield Passage(
            id=id_, page_hash=page_hash, start=start, end=end, text=text[start:end], title=title,
            heading_path=tuple(json.loads(headings)), page_number=number,
        )  # fmt: skip


def of_pages(db: sqlite3.Connection, hashes: Sequence[str]) -> list[Passage]:
    """The passages of these pages, page by page and in reading order."""
    return list(_passages(db, _rows(db, "p.page_hash", hashes)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What an index has to apply to stand at `generation`: passages to add (read once, as a stream), ids to remove."""

    generation: int
    adds: Iterator[Passage]
    removes: tuple[int, ...]


def changes(db: sqlite3.Connection, *, after: int) -> Changes:
    """What moved in or out of the lasting index later than change number `after`."""
    generation = pages.generation(db)
    moved = pages.changes(db, after=after)
    inside = [page_hash for page_hash, lasting in moved if lasting]
    outside = [page_hash for page_hash, lasting in moved if not lasting]
    return Changes(generation=generation, adds=_stream(db, inside), removes=tuple(_ids_of_pages(db, outside)))


def _stream(db: sqlite3.Connection, hashes: Sequence[str]) -> Iterator[Passage]:
    for at in range(0, len(hashes), _SLAB):
        yield from of_pages(db, hashes[at : at + _SLAB])


def _ids_of_pages(db: sqlite3.Connection, hashes: Sequence[str]) -> Iterator[int]:
    for at in range(0, len(hashes), _BATCH):
        batch = hashes[at : at + _BATCH]
        marks = ",".join("?" * len(batch))
        yield from (row[0] for row in db.execute(f"SELECT id FROM passages WHERE page_hash IN ({marks})", batch))


def by_id(db: sqlite3.Connection, ids: Sequence[int]) -> dict[int, Passage]:
    """The passages with these ids; unknown ids are left out."""
    return {passage.id: passage for passage in _passages(db, _rows(db, "p.id", ids))}


def lasting(db: sqlite3.Connection, ids: Sequence[int]) -> set[int]:
    """Those of `ids` that the lasting index holds now: a derived index may return others."""
    return {row[0] for row in _rows(db, "p.id", ids, "AND g.lasting")}


def evidence(db: sqlite3.Connection, ids: Sequence[int], run: str, tags: Sequence[str] = ()) -> dict[int, Evidence]:
    """The passages with the sighting that a reader should be shown.

    For the pages that `run` read itself, the source it read them at; else a lasting sighting, one with any of `tags`
    first; else the newest.
    """
    found = by_id(db, ids)
    seen: Mapping[str, tuple[str, str, str, str, str, str]] = {
        page_hash: _sighting(db, page_hash, run, tags) for page_hash in {p.page_hash for p in found.values()}
    }
    return {
        id_: Evidence(
            passage=passage,
            source=seen[passage.page_hash][0],
            title=seen[passage.page_hash][1],
            published=seen[passage.page_hash][2],
            fetched=seen[passage.page_hash][3],
            author=seen[passage.page_hash][4],
            site=pages.site(seen[passage.page_hash][5]),
        )
        for id_, passage in found.items()
    }


def _sighting(
    db: sqlite3.Connection, page_hash: str, run: str, tags: Sequence[str]
) -> tuple[str, str, str, str, str, str]:
    row: tuple[str, str, str, str, str, str] = db.execute(
        "SELECT s.source, s.title, s.published, s.fetched, s.author, s.about FROM sightings s LEFT JOIN run_pages r"
        " ON r.page_hash = s.page_hash AND r.source = s.source AND r.run = ?"
        " WHERE s.page_hash = ? ORDER BY r.run IS NULL, s.lasting DESC, (SELECT count(*) FROM tags t"
        "  WHERE t.source = s.source AND t.tag IN (SELECT value FROM json_each(?))) = 0, s.fetched DESC, s.source"
        " LIMIT 1",
        (run, page_hash, json.dumps(list(tags))),
    ).fetchone()
    return row
