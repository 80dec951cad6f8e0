"""Pages, where they were seen, and which of them the lasting index holds."""

import json
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

import zstandard

from ...crawler import Block, Page, Sighting
from ..passage import Passage
from . import tags


class _Zstd(threading.local):
    """One thread's own: zstandard's objects must not be shared, and every open store has a thread of its own."""

    def __init__(self) -> None:
        # With a checksum, a flipped bit is an error, and never another quote.
        packer = zstandard.ZstdCompressor(level=6, write_checksum=True)
        self.compress, self.decompress = packer.compress, zstandard.ZstdDecompressor().decompress


_ZSTD = _Zstd()

SIGHTING = "source, title, published, author, fetched, body_hash, size, modified_ns, about"
# What a web page says of itself beside that; kept as one JSON object, "" when it says nothing
_ABOUT = ("modified", "site", "canonical", "licence", "twins", "signals", "facts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A lasting source as `fontes sources` lists it: `length` in code points, `passages`/`vectors` are counts.

    `tags` are in the order of the alphabet.
    """

    sighting: Sighting
    page_hash: str
    length: int
    passages: int
    vectors: int
    tags: tuple[str, ...] = ()


def generation(db: sqlite3.Connection) -> int:
    """The number of the last change to the lasting index."""
    return int(db.execute("SELECT value FROM meta WHERE key = 'generation'").fetchone()[0])


def put(db: sqlite3.Connection, page: Page, passages: Sequence[Passage], *, lasting: bool) -> None:
    """Store a page, its passages and its sightings; with `lasting` they replace what the sources held before."""
    if not db.execute("SELECT 1 FROM pages WHERE hash = ?", (page.hash,)).fetchone():
        _insert(db, page, passages)
    for sighting in page.sightings:
        _see(db, page.hash, sighting, lasting=lasting)


def _insert(db: sqlite3.Connection, page: Page, passages: Sequence[Passage]) -> None:
    blocks = json.dumps([list(asdict(block).values()) for block in page.blocks], separators=(",", ":"))
    db.execute(
        "INSERT INTO pages (hash, text, length, title, language, extractor, blocks) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            page.hash,
            _ZSTD.compress(page.text.encode()),
            len(page.text),
            page.title,
            page.language,
            page.extractor,
            _ZSTD.compress(blocks.encode()),
        ),
    )
    db.executemany(
        "INSERT INTO passages (id, page_hash, start, end, headings, page_number) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (p.id, p.page_hash, p.start, p.end, json.dumps(p.heading_path, ensure_ascii=False), p.page_number)
            for p in passages
        ],
    )


def _see(db: sqlite3.Connection, page_hash: str, seen: Sighting, *, lasting: bool) -> None:
    if lasting:
        retire(db, [seen.source], but=page_hash)
    db.execute(
        f"INSERT INTO sightings (page_hash, lasting, {SIGHTING}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (source, page_hash) DO UPDATE SET"
        " lasting = max(lasting, excluded.lasting), title = excluded.title,"
        " published = excluded.published, author = excluded.author, fetched = excluded.fetched,"
        " body_hash = excluded.body_hash, size = excluded.size, modified_ns = excluded.modified_ns,"
        " about = excluded.about",
        (
            page_hash, lasting, seen.source, seen.title, seen.published, seen.author, seen.fetched,
            seen.body_hash, seen.size, seen.modified_ns, _about(seen),
        ),
    )  # fmt: skip
    if lasting:
        _move(db, page_hash, lasting=True)


def adopt(db: sqlite3.Connection, pairs: Iterable[tuple[str, str]]) -> set[str]:
    """Take stored pages, as (source, page hash), into the lasting index: `add` need not read what a question read.

    Returns the sources that are in it now; another process may have purged the page of one in the meantime.
    """
    adopted: set[str] = set()
    for source, page_hash in pairs:
        if db.execute("SELECT 1 FROM pages WHERE hash = ?", (page_hash,)).fetchone():
            retire(db, [source], but=page_hash)
            db.execute("UPDATE sightings SET lasting = 1 WHERE source = ? AND page_hash = ?", (source, page_hash))
            _move(db, page_hash, lasting=True)
            adopted.add(source)
    return adopted


def _move(db: sqlite3.Connection, page_hash: str, *, lasting: bool) -> None:
    """Take a page into the lasting index or out of it, as one numbered change; nothing if it is there already."""
    if db.execute("SELECT lasting FROM pages WHERE hash = ?", (page_hash,)).fetchone()[0] == lasting:
        return
    number = generation(db) + 1
    db.execute("UPDATE pages SET lasting = ?, generation = ? WHERE hash = ?", (lasting, number, page_hash))
    db.execute("UPDATE meta SET value = ? WHERE key = 'generation'", (str(number),))
    if lasting:  # vectors from its time outside get new numbers, or those who follow the numbers would never see them
        db.execute(
            "INSERT OR REPLACE INTO vectors (passage, model, vector) SELECT v.passage, v.model, v.vector"
            " FROM vectors v JOIN passages p ON p.id = v.passage WHERE p.page_hash = ?",
            (page_hash,),
        )


def retire(db: sqlite3.Connection, sources: Iterable[str], *, but: str = "") -> int:
    """Take `sources` out of the lasting index, save where they show the page `but`. Returns how many it held.

    Their tags go with them; with `but` a source is only to show another page, and keeps them.
    """
    retired = 0
    for source in sources:
        for (page_hash,) in db.execute(
            "SELECT page_hash FROM sightings WHERE source = ? AND lasting AND page_hash != ?", (source, but)
        ).fetchall():
            db.execute("UPDATE sightings SET lasting = 0 WHERE source = ? AND page_hash = ?", (source, page_hash))
            tags.source_left(db, source, for_good=not but)
            retired += 1
            if not db.execute("SELECT 1 FROM sightings WHERE page_hash = ? AND lasting", (page_hash,)).fetchone():
                _move(db, page_hash, lasting=False)
    return retired


def purge(db: sqlite3.Connection, *, applied: int) -> int:
    """Delete the pages that nobody needs: outside the lasting index, in no kept run. Returns how many.

    A page whose removal the derived indexes have not applied yet (generation above `applied`) stays until they have.
    """
    return db.execute(
        "DELETE FROM pages WHERE NOT lasting AND generation <= ?"
        " AND NOT EXISTS (SELECT 1 FROM run_pages WHERE page_hash = pages.hash)",
        (applied,),
    ).rowcount


def addresses(db: sqlite3.Connection) -> set[str]:
    """The addresses that pages were read at, or that a kept ledger names, and nothing that is a path."""
    named = "SELECT source FROM sightings UNION SELECT source FROM run_pages UNION SELECT source FROM skipped"
    return {row[0] for row in db.execute(f"SELECT source FROM ({named}) WHERE source LIKE 'http%://%'")}


def page(db: sqlite3.Connection, page_hash: str) -> Page | None:
    """The page with all its sightings, newest first; None when it is not in the store."""
    row = db.execute(
        "SELECT text, title, blocks, language, extractor FROM pages WHERE hash = ?", (page_hash,)
    ).fetchone()
    if row is None:
        return None
    blocks = json.loads(_ZSTD.decompress(row[2]))
    seen = db.execute(
        f"SELECT {SIGHTING} FROM sightings WHERE page_hash = ? ORDER BY fetched DESC, id DESC", (page_hash,)
    )
    return Page(
        text=_ZSTD.decompress(row[0]).decode(),
        hash=page_hash,
        title=row[1],
        blocks=tuple(
            Block(start=b[0], end=b[1], kind=b[2], heading_path=tuple(b[3]), page_number=b[4]) for b in blocks
        ),
        language=row[3],
        extractor=row[4],
        sightings=tuple(_sighting(values) for values in seen),
    )


def _about(seen: Sighting) -> str:
    said = {name: value for name in _ABOUT if (value := getattr(seen, name))}
    return json.dumps(said, ensure_ascii=False) if said else ""


def site(about: str) -> str:
    """The site's name in what is kept of what a page says of itself; "" when it gives none."""
    return str(json.loads(about).get("site", "")) if about else ""


def _sighting(values: tuple[str, str, str, str, str, str, int, int, str]) -> Sighting:
    source, title, published, author, fetched, body_hash, size, modified_ns, about = values
    said = json.loads(about) if about else {}
    return Sighting(
        source=source, title=title, published=published, author=author, fetched=fetched,
        body_hash=body_hash, size=size, modified_ns=modified_ns,
        modified=said.get("modified", ""), site=said.get("site", ""), canonical=said.get("canonical", ""),
        licence=said.get("licence", ""), twins=tuple(said.get("twins", ())), signals=tuple(said.get("signals", ())),
        facts=tuple((name, value) for name, value in said.get("facts", ())),
    )  # fmt: skip


def count(db: sqlite3.Connection) -> int:
    """How many pages are lasting."""
    return int(db.execute("SELECT count(*) FROM pages WHERE lasting").fetchone()[0])


def text(db: sqlite3.Connection, page_hash: str) -> str | None:
    """The text of a page, or None when it is not in the store."""
    row = db.execute("SELECT text FROM pages WHERE hash = ?", (page_hash,)).fetchone()
    return None if row is None else _ZSTD.decompress(row[0]).decode()


def unchanged(db: sqlite3.Connection, source: str, *, size: int, modified_ns: int) -> tuple[str, bool] | None:
    """The page hash that `source` held when it had this size and time, and whether it is in the lasting index."""
    row = db.execute(
        "SELECT page_hash, lasting FROM sightings WHERE source = ? AND size = ? AND modified_ns = ?"
        " ORDER BY lasting DESC, id DESC LIMIT 1",
        (source, size, modified_ns),
    ).fetchone()
    return None if row is None else (row[0], bool(row[1]))


def source_names(db: sqlite3.Connection) -> set[str]:
    """The sources of the lasting index, by name alone."""
    return {row[0] for row in db.execute("SELECT source FROM sightings WHERE lasting")}


def sources(db: sqlite3.Connection) -> tuple[Source, ...]:
    """Every source of the lasting index, by name."""
    rows = db.execute(
        f"SELECT {SIGHTING}, page_hash, (SELECT length FROM pages WHERE hash = page_hash),"
        " (SELECT count(*) FROM passages p WHERE p.page_hash = s.page_hash),"
        " (SELECT count(DISTINCT v.passage) FROM vectors v JOIN passages p ON p.id = v.passage"
        "  WHERE p.page_hash = s.page_hash)"
        " FROM sightings s WHERE lasting ORDER BY source"
    )
    tagged = tags.of_sources(db)
    return tuple(
        Source(
            sighting=_sighting(r[:9]), page_hash=r[9], length=r[10], passages=r[11], vectors=r[12],
            tags=tagged.get(r[0], ()),
        )
        for r in rows
    )  # fmt: skip


def changes(db: sqlite3.Connection, *, after: int) -> list[tuple[str, bool]]:
    """The pages that changes later than number `after` moved: (hash, is it in the lasting index now)."""
    rows = db.execute("SELECT hash, lasting FROM pages WHERE generation > ? ORDER BY generation", (after,))
    return [(page_hash, bool(lasting)) for page_hash, lasting in rows]
