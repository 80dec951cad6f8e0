"""Tags: short words that a person gives to lasting sources, so that a question can be asked of some of them alone."""

import json
import sqlite3
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import BadTag
from .schema import ERASED

MOST_CHARACTERS = 64
_BESIDE_LETTERS = "-_./"

_WITH_ANY = (
    "SELECT s.page_hash FROM tags t JOIN sightings s ON s.source = t.source WHERE s.lasting"
    " AND t.tag IN (SELECT value FROM json_each(?))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A tag, and how many sources of the lasting index carry it."""

    name: str
    sources: int


def normal_tag(text: str) -> str:
    """The tag as it is kept and compared: trimmed, case folded, NFC.

    Raises:
        BadTag: it is empty, too long, or holds a character that a tag may not hold.
    """
    tag = _folded(_folded(text.strip()))  # folding can undo NFC, and NFC make what folds again
    if not tag:
        raise BadTag("a tag", "it is empty")
    if len(tag) > MOST_CHARACTERS:
        raise BadTag(f"tag “{tag[:20]}…”", f"it has {len(tag):,} characters")
    if not _is_letter(tag[0]) or unicodedata.category(tag[0])[0] == "M":
        raise BadTag(f"tag “{text.strip()}”", "it does not begin with a letter or digit")
    if wrong := next((char for char in tag if not _is_letter(char) and char not in _BESIDE_LETTERS), ""):
        named = "a space" if wrong.isspace() else f"“{wrong}”"
        raise BadTag(f"tag “{text.strip()}”", f"it holds {named}")
    return tag


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def _is_letter(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN"  # the marks are vowels in many scripts


def put(db: sqlite3.Connection, sources: Iterable[str], tags: Sequence[str]) -> int:
    """Give each of the lasting sources all of the tags (normal ones); returns how many sources got one they had not."""
    given = 0
    for source in sources:
        new = 0
        for tag in tags:
            new += db.execute(
                "INSERT OR IGNORE INTO tags (tag, source) SELECT ?, source FROM sightings WHERE source = ? AND lasting",
                (tag, source),
            ).rowcount
        given += new > 0
    if given:
        _moved(db)
    return given


def take(db: sqlite3.Connection, tags: Sequence[str], sources: Iterable[str] | None) -> int:
    """Take the tags (normal ones) from these sources, or from all with None; returns how many sources lost one."""
    held = [each for tag in tags for each in _carrying(db, tag)]
    wanted = set(held) if sources is None else set(sources) & set(held)
    for source in wanted:
        db.executemany("DELETE FROM tags WHERE tag = ? AND source = ?", [(tag, source) for tag in tags])
    if wanted:
        _moved(db)
        _erased(db)
    return len(wanted)


def _carrying(db: sqlite3.Connection, tag: str) -> list[str]:
    return [row[0] for row in db.execute("SELECT source FROM tags WHERE tag = ?", (tag,))]


def source_left(db: sqlite3.Connection, source: str, *, for_good: bool) -> None:
    """A source let go of its page: its tags stand for its next one, or are gone with it if it left `for_good`."""
    if not db.execute("SELECT 1 FROM tags WHERE source = ? LIMIT 1", (source,)).fetchone():
        return
    if for_good:
        db.execute("DELETE FROM tags WHERE source = ?", (source,))
        _erased(db)
    _moved(db)


def _moved(db: sqlite3.Connection) -> None:
    """Note that a tag stands for other pages than before; `stamp` is another one from now on."""
    db.execute(
        "INSERT INTO meta VALUES ('tagging', '1')"
        " ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)"
    )


def _erased(db: sqlite3.Connection) -> None:
    """What a person calls things is theirs: `conversations.trimmed` removes the last traces from the file."""
    db.execute("INSERT OR REPLACE INTO meta VALUES (?, '1')", (ERASED,))


def stamp(db: sqlite3.Connection) -> int:
    """A number that is another one whenever a tag stands for other pages."""
    row = db.execute("SELECT value FROM meta WHERE key = 'tagging'").fetchone()
    return int(row[0]) if row else 0


def known(db: sqlite3.Connection) -> tuple[Tag, ...]:
    """Every tag, by name."""
    rows = db.execute("SELECT tag, count(*) FROM tags GROUP BY tag ORDER BY tag")
    return tuple(Tag(name=name, sources=sources) for name, sources in rows)


def of_sources(db: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    """The tags of every source that has one, by name."""
    found: dict[str, list[str]] = {}
    for source, tag in db.execute("SELECT source, tag FROM tags ORDER BY tag"):
        found.setdefault(source, []).append(tag)
    return {source: tuple(tags) for source, tags in found.items()}


def sources(db: sqlite3.Connection, tags: Sequence[str]) -> set[str]:
    """The sources that carry any of the tags (normal ones)."""
    return {source for tag in tags for source in _carrying(db, tag)}


def passages(db: sqlite3.Connection, tags: Sequence[str]) -> NDArray[np.int64]:
    """The ids of the passages whose page a lasting source with any of the tags holds: ascending, each once."""
    rows = db.execute(f"SELECT id FROM passages WHERE page_hash IN ({_WITH_ANY})", (_listed(tags),))
    return np.sort(np.fromiter((row[0] for row in rows), dtype=np.int64))


def pages(db: sqlite3.Connection, tags: Sequence[str]) -> list[str]:
    """The pages that lasting sources with any of the tags hold, in the order of these sources, each once."""
    rows = db.execute(f"{_WITH_ANY} ORDER BY s.source", (_listed(tags),))
    return list(dict.fromkeys(row[0] for row in rows))


def _listed(tags: Sequence[str]) -> str:
    return json.dumps(list(tags), ensure_ascii=False)
