"""Forgetting of the HTTP cache: what nobody holds on to any more goes from every byte of its file."""

import sqlite3
from collections.abc import Collection, Iterable
from contextlib import closing
from pathlib import Path

CACHE_FILE = "http.db"


def forget_cached(folder: Path, *, but: Collection[str], wait_s: float) -> bool:
    """Remove every answer but those of the addresses `but`, and write the file anew, so that no byte of it is left.

    A redirect that leads to such an address, or that one of them is, stays with it. What parts of a page were asked for
    beside it, and what was fetched for nobody who kept it, goes: a cache that lacks it asks again. A file that is no
    cache is deleted. False if another process has it in use for `wait_s` seconds; then it is finished the next time.

    Raises:
        sqlite3.Error: it cannot be written anew, mostly because the disk has no room for a second one.
    """
    path = folder / CACHE_FILE
    if not path.exists():
        return True
    try:
        with closing(sqlite3.connect(path, timeout=wait_s, isolation_level=None)) as db:
            return _forgotten(db, but)
    except sqlite3.DatabaseError as error:
        match getattr(error, "sqlite_errorcode", 0) & 0xFF:
            case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
                return False
            case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
                for each in (path, *(path.with_name(f"{CACHE_FILE}{end}") for end in ("-wal", "-shm"))):
                    each.unlink(missing_ok=True)
                return True
        raise


def _forgotten(db: sqlite3.Connection, but: Collection[str]) -> bool:
    """`user_version`, of no use to hishel, is 1 from the removal until its last traces are gone, over a kill too."""
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'entries'").fetchone():
        return True
    gone = _others(db.execute("SELECT id, data FROM entries"), but)
    if gone:
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("BEGIN IMMEDIATE")
        db.executemany("DELETE FROM entries WHERE id = ?", [(each,) for each in gone])
        db.execute("PRAGMA user_version = 1")
        db.execute("COMMIT")
    freed = db.execute("SELECT freelist_count FROM pragma_freelist_count()").fetchone()[0]
    if not freed and not db.execute("PRAGMA user_version").fetchone()[0]:
        return True
    db.execute("VACUUM")
    is_busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if not is_busy:
        db.execute("PRAGMA user_version = 0")
    return not is_busy


def _others(rows: Iterable[tuple[bytes, bytes]], but: Collection[str]) -> list[bytes]:
    """The ids of the entries of other addresses, redirects to and from the kept ones not among them."""
    from hishel._core._storages._packing import unpack  # late, as httpx: both take a while to import

    kept = {_plain(url) for url in but}
    urls: dict[bytes, str] = {}
    leads: dict[str, str] = {}
    for id_, data in rows:
        request, response = unpack(bytes(data))
        urls[id_] = url = _plain(request.url)
        if 300 <= response.status_code < 400 and (location := response.headers.get("location")):
            leads[url] = _plain(location, base=url)
    grows = True
    while grows:
        before = len(kept)
        kept |= {leads[url] for url in kept if url in leads} | {url for url, onward in leads.items() if onward in kept}
        grows = len(kept) > before
    return [id_ for id_, url in urls.items() if url not in kept]


def _plain(url: str, *, base: str = "") -> str:
    """As the cache writes addresses; what is none stands for itself."""
    import httpx

    try:
        found = httpx.URL(base).join(url) if base else httpx.URL(url)
        return str(found.copy_with(fragment=None))
    except (httpx.InvalidURL, UnicodeError, ValueError):
        return url
