"""What a crawl has found, what it has asked for, and what it has still to ask, in a file that outlives the process."""

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from ..errors import BlockedURL
from ..url import canonical, host_key, without_fragment
from .ledger import LedgerRow
from .scope import Scope
from .state import DONE, OTHER_NAME, TAKEN, WAITING, CrawlStateError, open_state, state_errors, transaction

# Addresses beyond the limit are kept, so that a crawl can go on with a greater one; but not without end.
_KEPT_PER_ASKED = 20
_MOST_URL = 8_192


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address that was given out to be asked. `depth` is the number of links from the start."""

    id: int
    url: str
    host: str
    depth: int
    found_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Addresses by what became of them. `asked` are those given out, in earlier processes too; `skipped` is by reason,
    `waiting_by_host` of those still to ask. What the limit will leave unasked is among the waiting."""

    found: int = 0
    asked: int = 0
    waiting: int = 0
    read: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)
    waiting_by_host: Mapping[str, int] = field(default_factory=dict)


class Frontier:
    """The addresses of one crawl, each once by its canonical form, given out breadth first.

    Every method is one transaction: a process that is killed leaves the state before it or after it. What was given
    out and not finished then is given out again. Blocking, and to be used by one thread at a time; `counts` may be
    read by any.

    `path` is the file, None for a crawl that lives in memory only. `depth` is the most links from the start, `limit`
    how many addresses are given out at most, over all processes that worked on this file.

    Raises:
        CrawlStateError: the file cannot be used: no space, no permission, another process, damage. Every method may.
    """

    def __init__(self, path: Path | None, scope: Scope, *, depth: int, limit: int) -> None:
        if depth < 0 or limit < 1:
            raise ValueError(f"depth must not be negative and limit must be positive: {depth}, {limit}")
        self._path, self._scope, self._depth, self._limit = path, scope, depth, limit
        self._db = open_state(path)
        self._waiting: Counter[str] = Counter()
        self._skipped: Counter[str] = Counter()
        self._found = self._asked = self._read = 0
        try:
            with self._change() as db:
                db.execute("UPDATE urls SET state = ? WHERE state = ?", (WAITING, TAKEN))
            self._count()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file; whatever was given out and not finished waits for the next who opens it."""
        with state_errors(self._path):
            self._db.close()

    @property
    def counts(self) -> Counts:
        """The numbers at this moment."""
        waiting = {host: count for host, count in dict(self._waiting).items() if count}
        return Counts(
            found=self._found, asked=self._asked, waiting=sum(waiting.values()), read=self._read,
            skipped=dict(self._skipped), waiting_by_host=waiting,
        )  # fmt: skip

    def add(self, urls: Iterable[str], *, depth: int, found_on: str = "") -> int:
        """Keep the addresses that belong to the crawl and are new; returns how many were.

        One that waits already and is now found nearer to the start moves up.
        """
        if depth > self._depth:
            return 0
        rows: dict[str, _Row] = {}
        for url in urls:
            if len(url) <= _MOST_URL and (row := self._row(url, depth, found_on)):
                rows.setdefault(row[0], row)
        new: list[_Row] = []
        room = self._limit * _KEPT_PER_ASKED - self._found
        with self._change() as db:
            for row in rows.values():
                if len(new) < room and self._insert(db, row):
                    new.append(row)
        self._found += len(new)
        self._waiting.update(row[2] for row in new)
        return len(new)

    def add_start(self, url: str) -> None:
        """Keep the address that the crawl begins with, whatever the patterns say."""
        row = self._row(url, 0, "", anywhere=True)
        with self._change() as db:
            is_new = row is not None and self._insert(db, row)
        if row is not None and is_new:
            self._found += 1
            self._waiting[row[2]] += 1

    def take(self, busy: Collection[str] = ()) -> Address | None:
        """The next address to ask, nearest to the start first, and of those the one found first.

        `busy` are hosts that are to be left alone now. None if nothing waits, or all that waits is on them, or the
        limit is reached.
        """
        if self._asked >= self._limit or not any(count and host not in busy for host, count in self._waiting.items()):
            return None
        with self._change() as db:
            row = db.execute(
                "SELECT id, url, host, depth, found_on FROM urls INDEXED BY urls_waiting"
                f" WHERE state = {WAITING} AND host NOT IN ({', '.join('?' * len(busy))})"
                " ORDER BY depth, id LIMIT 1",
                tuple(busy),
            ).fetchone()
            if row is None:
                raise CrawlStateError(str(self._path), "what waits is not what was counted")
            db.execute("UPDATE urls SET state = ? WHERE id = ?", (TAKEN, row[0]))
        self._waiting[row[2]] -= 1
        self._asked += 1
        return Address(id=row[0], url=row[1], host=row[2], depth=row[3], found_on=row[4])

    def finish(self, address: Address, row: LedgerRow) -> None:
        """Write down what became of an address that was given out."""
        values = (
            address.id, row.final_url, row.outcome, row.reason, row.detail, row.title, row.language, row.published,
            row.words, row.quality, row.seconds, row.bytes, row.at,
        )  # fmt: skip
        with self._change() as db:
            db.execute(f"INSERT OR REPLACE INTO ledger VALUES ({', '.join('?' * len(values))})", values)
            db.execute("UPDATE urls SET state = ? WHERE id = ?", (DONE, address.id))
        self._read += row.outcome == "read"
        if row.reason:
            self._skipped[row.reason] += 1

    def reached(self, urls: Iterable[str], *, found_on: str) -> None:
        """Note other names of an address that was asked (its redirects' targets): they need not be asked again."""
        gone: list[str] = []
        with self._change() as db:
            for url in urls:
                if not (row := self._row(url, 0, found_on, anywhere=True)):
                    continue
                if self._insert(db, row, state=OTHER_NAME):
                    continue
                changed = "UPDATE urls SET state = ? WHERE canonical = ? AND state = ?"
                if db.execute(changed, (OTHER_NAME, row[0], WAITING)).rowcount:
                    gone.append(row[2])
        self._waiting.subtract(gone)
        self._found -= len(gone)

    def first_with(self, text_hash: str, url: str) -> str:
        """The address under which this text was met first: `url`, if there was none before."""
        with self._change() as db:
            db.execute("INSERT OR IGNORE INTO texts VALUES (?, ?)", (text_hash, url))
            return str(db.execute("SELECT url FROM texts WHERE hash = ?", (text_hash,)).fetchone()[0])

    def remember_signature(self, signature: bytes, url: str) -> None:
        """Keep the signature of the text at `url` (`NearDuplicates.signature`)."""
        with self._change() as db:
            db.execute("INSERT OR IGNORE INTO signatures (url, signature) VALUES (?, ?)", (url, signature))

    def signatures(self, most: int) -> list[tuple[bytes, str]]:
        """The signatures kept and their addresses, oldest first; of more than `most` the youngest."""
        with state_errors(self._path):
            rows = self._db.execute("SELECT signature, url FROM signatures ORDER BY id DESC LIMIT ?", (most,))
            return rows.fetchall()[::-1]

    def note(self, name: str, value: object) -> None:
        """Keep something about the whole crawl (anything JSON can hold)."""
        with self._change() as db:
            db.execute("INSERT OR REPLACE INTO crawl VALUES (?, ?)", (name, json.dumps(value)))

    def noted(self, name: str) -> object:
        """What was kept under this name, None if nothing was."""
        with state_errors(self._path):
            row = self._db.execute("SELECT value FROM crawl WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else None

    def ledger(self) -> Iterator[LedgerRow]:
        """What became of every address so far, in the order in which they were found."""
        names = "final_url, outcome, reason, detail, title, language, published, words, quality, seconds, bytes, at"
        with state_errors(self._path):
            query = f"SELECT url, depth, found_on, {names} FROM ledger JOIN urls USING (id) ORDER BY id"
            for row in self._db.execute(query):
                yield LedgerRow(**dict(zip(("url", "depth", "found_on", *names.split(", ")), row, strict=True)))

    def _row(self, url: str, depth: int, found_on: str, *, anywhere: bool = False) -> "_Row | None":
        if (spellings := _spellings(url)) is None or not (anywhere or self._scope.admits(spellings[0])):
            return None
        return *spellings, depth, found_on

    def _insert(self, db: sqlite3.Connection, row: "_Row", state: int = WAITING) -> bool:
        """Whether the address is new."""
        insert = "INSERT OR IGNORE INTO urls (canonical, url, host, depth, found_on, state) VALUES (?, ?, ?, ?, ?, ?)"
        if db.execute(insert, (*row, state)).rowcount:
            return True
        if state == WAITING:
            key, _, _, depth, found_on = row
            db.execute(
                f"UPDATE urls SET depth = ?, found_on = ? WHERE canonical = ? AND state = {WAITING} AND depth > ?",
                (depth, found_on, key, depth),
            )
        return False

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        with state_errors(self._path), transaction(self._db):
            yield self._db

    def _count(self) -> None:
        with state_errors(self._path):
            waiting = "SELECT host, count(*) FROM urls WHERE state = ? GROUP BY host"
            self._waiting = Counter(dict(self._db.execute(waiting, (WAITING,)).fetchall()))
            skipped = "SELECT reason, count(*) FROM ledger WHERE outcome = 'skipped' GROUP BY reason"
            self._skipped = Counter(dict(self._db.execute(skipped).fetchall()))
            self._read = self._one("SELECT count(*) FROM ledger WHERE outcome = 'read'")
            self._asked = self._one(f"SELECT count(*) FROM urls WHERE state = {DONE}")
            self._found = self._one(f"SELECT count(*) FROM urls WHERE state <> {OTHER_NAME}")

    def _one(self, query: str) -> int:
        return int(self._db.execute(query).fetchone()[0])


@lru_cache(maxsize=8_192)  # a menu stands on every page of a site
def _spellings(url: str) -> tuple[str, str, str] | None:
    """Canonical form, what is asked for, and host; None if it is no address of the web."""
    try:
        key = canonical(url)
        return key, without_fragment(url), host_key(key)
    except BlockedURL:
        return None


_Row = tuple[str, str, str, int, str]  # canonical, url, host, depth, found_on
