"""The store: one SQLite file that holds everything that cannot be derived again."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ...crawler import Page, Skipped
from ..embedders import Vectors32
from ..errors import StoreBusy
from ..passage import Evidence, Passage
from . import conversations, pages, passages, runs, schema, tags, vectors
from .conversations import ConversationRow, TurnRow
from .pages import Source
from .passages import Changes
from .tags import Tag, normal_tag
from .transactions import Transactions

__all__ = ["Changes", "Source", "Store", "Tag", "normal_tag"]


class Store(Transactions):
    """`fontes.db` of a data directory; see `Transactions` for what holds of every read and write."""

    # Pages

    async def put(self, batch: Sequence[tuple[Page, Sequence[Passage]]], *, lasting: bool, run: str = "") -> None:
        """Store pages with their passages and sightings, all or none.

        `lasting` pages join the lasting index and replace what their sources held before; others are kept for `run`.
        """

        def change(db: sqlite3.Connection) -> None:
            for page, parts in batch:
                pages.put(db, page, parts, lasting=lasting)
                if run:
                    runs.read_by(db, run, [(page.hash, seen.source) for seen in page.sightings])

        await self._write(change)

    async def page(self, page_hash: str) -> Page | None:
        """The page with all its sightings, newest first; None when it is not in the store."""
        return await self._read(pages.page, page_hash)

    async def texts(self, hashes: Iterable[str]) -> dict[str, str]:
        """The texts of those of the pages that are in the store."""
        wanted = list(hashes)

        def query(db: sqlite3.Connection) -> dict[str, str]:
            found = {page_hash: pages.text(db, page_hash) for page_hash in wanted}
            return {page_hash: text for page_hash, text in found.items() if text is not None}

        return await self._read(query)

    async def unchanged(self, stats: Sequence[tuple[str, int, int]]) -> dict[str, tuple[str, bool]]:
        """By source, of (source, size, modified_ns): the page it held when it looked so, and if that is lasting."""

        def query(db: sqlite3.Connection) -> dict[str, tuple[str, bool]]:
            found = {
                source: pages.unchanged(db, source, size=size, modified_ns=modified_ns)
                for source, size, modified_ns in stats
            }
            return {source: hit for source, hit in found.items() if hit is not None}

        return await self._read(query)

    async def sources(self) -> tuple[Source, ...]:
        """Every source of the lasting index, by name."""
        return await self._read(pages.sources)

    async def page_count(self) -> int:
        """How many pages the lasting index holds."""
        return await self._read(pages.count)

    async def source_names(self) -> set[str]:
        """The sources of the lasting index, by name alone."""
        return await self._read(pages.source_names)

    async def retire(self, sources: Sequence[str]) -> int:
        """Take sources out of the lasting index, and their tags away; returns how many of them it held."""
        return await self._write(pages.retire, sources)

    async def purge(self, *, applied: int) -> int:
        """Delete pages that neither the lasting index nor a kept run needs; see `pages.purge`."""
        return await self._write(pages.purge, applied=applied)

    async def addresses(self) -> set[str]:
        """The addresses that the pages of the store were read at, or that a kept ledger names."""
        return await self._read(pages.addresses)

    async def generation(self) -> int:
        """The number of the last change to the lasting index."""
        return await self._read(pages.generation)

    async def export_changes(self, after: int, write: Callable[[Changes], None]) -> None:
        """Hand what changed later than change `after` to `write`, in the store's thread, passages streamed."""
        await self._read(lambda db: write(passages.changes(db, after=after)))

    # Tags, all of them normal ones: see `normal_tag`

    async def tags(self) -> tuple[Tag, ...]:
        """Every tag of the lasting index, by name, with how many sources carry it."""
        return await self._read(tags.known)

    async def tag(self, sources: Iterable[str], names: Sequence[str]) -> int:
        """Give lasting sources tags; returns how many got one that they had not. Other sources are passed over."""
        return await self._write(tags.put, list(sources), names)

    async def untag(self, sources: Iterable[str] | None, names: Sequence[str]) -> int:
        """Take tags from sources, None: from all; returns how many lost one. `trim` removes the last traces."""
        return await self._write(tags.take, names, None if sources is None else list(sources))

    async def tagged_sources(self, names: Sequence[str]) -> set[str]:
        """The sources that carry any of these tags."""
        return await self._read(tags.sources, names)

    async def tagged_pages(self, names: Sequence[str]) -> list[str]:
        """The hashes of the pages of these sources, in the order of the sources' names, each once."""
        return await self._read(tags.pages, names)

    async def tagged_passages(self, names: Sequence[str], *, known: int = -1) -> tuple[int, NDArray[np.int64] | None]:
        """(stamp, ids of the passages of these pages, ascending); no ids when the stamp is still the `known` one."""

        def query(db: sqlite3.Connection) -> tuple[int, NDArray[np.int64] | None]:
            stamp = tags.stamp(db)
            return stamp, None if stamp == known else tags.passages(db, names)

        return await self._read(query)

    # Passages

    async def passages_of(self, hashes: Sequence[str]) -> list[Passage]:
        """The passages of these pages, page by page and in reading order."""
        return await self._read(passages.of_pages, hashes)

    async def passages(self, ids: Sequence[int]) -> dict[int, Passage]:
        """The passages with these ids; unknown ids are left out."""
        return await self._read(passages.by_id, ids)

    async def lasting(self, ids: Sequence[int]) -> set[int]:
        """Those of `ids` that the lasting index holds now."""
        return await self._read(passages.lasting, ids)

    async def evidence(self, ids: Sequence[int], *, run: str = "", tags: Sequence[str] = ()) -> dict[int, Evidence]:
        """Passages with the sighting to show for them; see `passages.evidence`."""
        return await self._read(passages.evidence, ids, run, tags)

    # Vectors

    async def known_model(self, name: str) -> tuple[int, int]:
        """The number of an embedding model in this store and the length of its vectors; (0, 0) for a new one."""
        return await self._read(vectors.known_model, name)

    async def model_id(self, name: str, dimensions: int) -> int:
        """The number of an embedding model in this store, given on first use."""
        known, _ = await self.known_model(name)  # a search writes nothing where nothing is new
        return known or await self._write(vectors.model_id, name, dimensions)

    async def put_vectors(self, model: int, ids: Sequence[int], rows: Vectors32) -> None:
        """Store one vector for each passage."""
        await self._write(vectors.put, model, ids, rows)

    async def vectors(self, model: int, ids: Sequence[int]) -> tuple[list[int], Vectors32]:
        """The ids that have a vector, and their vectors as rows."""
        return await self._read(vectors.get, model, ids)

    async def without_vector(self, model: int, *, limit: int) -> list[int]:
        """Passages of the lasting index that have no vector yet, in the order they came."""
        return await self._read(vectors.missing, model, limit=limit)

    async def vector_counts(self, model: int) -> tuple[int, int]:
        """How many passages the lasting index has, and how many of them have a vector."""
        return await self._read(vectors.counts, model)

    async def last_vector(self, model: int) -> int:
        """The number of the newest vector; 0 when there is none."""
        return await self._read(vectors.last_row, model)

    async def vectors_after(self, model: int, row: int, *, limit: int) -> tuple[int, list[int], Vectors32]:
        """Lasting vectors newer than number `row`: (number of the newest, passage ids, vectors)."""
        return await self._read(vectors.after, model, row, limit=limit)

    async def export_vectors(self, model: int, write: Callable[[Iterator[tuple[list[int], Vectors32]]], None]) -> None:
        """Hand all lasting vectors of a model to `write`, batch by batch, in the store's thread."""
        await self._read(lambda db: write(vectors.batches(db, model)))

    async def followed(self, index: str) -> int:
        """The number of the newest vector that the nearest-neighbour index of that name was given."""
        return await self._read(vectors.followed, index)

    async def follow(self, index: str, row: int) -> None:
        """Note how far that index has followed."""
        await self._write(vectors.follow, index, row)

    async def adopt(self, pairs: Sequence[tuple[str, str]]) -> set[str]:
        """Take stored pages, as (source, page hash), into the lasting index; returns the sources now in it."""
        return await self._write(pages.adopt, pairs)

    # Runs

    async def begin_run(self, run: str, question: str, *, asked: str = "") -> None:
        """Note that a run has started, and what it was begun with; see `runs.begin`."""
        await self._write(runs.begin, run, question, asked=asked)

    async def asked(self, run: str) -> str:
        """What a run was begun with; "" when it has come to its end, or is unknown."""
        return await self._read(runs.asked, run)

    async def finish_run(
        self,
        run: str,
        *,
        status: str,
        answer: str,
        cited: Iterable[tuple[str, str]],
        is_whole: bool = True,
        standalone: str = "",
        text: str = "",
    ) -> bool:
        """Keep the answer (JSON) and hold on to the pages it cites, as (page hash, source); see `runs.finish`.

        `standalone` (the question as it was understood) and `text` are entered into the run's turn, where it has one.
        False when the run was erased in the meantime: nothing of it is kept.
        """
        pages_cited = list(cited)

        def change(db: sqlite3.Connection) -> bool:
            is_kept = runs.finish(db, run, status, answer, pages_cited, is_whole=is_whole)
            if is_kept:
                conversations.finish_turn(db, run, status=status, standalone=standalone, text=text)
            else:  # what it did since then is erased, too
                conversations.erase_runs(db, [run])
            return is_kept

        return await self._write(change)

    async def drop_run(self, run: str) -> None:
        """Forget a run and let go of the pages it read."""
        await self._write(runs.drop, run)

    async def unfinished_runs(self, *, before: str) -> list[str]:
        """The runs that began before that moment (ISO 8601, UTC) and never ended."""
        return await self._read(runs.unfinished, before=before)

    async def unknown_runs(self, some: Iterable[str]) -> list[str]:
        """Those of some runs that the store does not know, or no longer."""
        return await self._read(runs.unknown, list(some))

    async def run(self, run: str) -> tuple[str, str, str] | None:
        """(question, status, answer as JSON) of a run; None when it is unknown."""
        return await self._read(runs.get, run)

    async def read_by(self, run: str, read: Sequence[tuple[str, str]]) -> set[str]:
        """Note that `run` reads these stored pages, as (page hash, source); returns the sources noted."""
        return await self._write(runs.read_by, run, read)

    async def scope(self, run: str) -> list[tuple[str, str]]:
        """The pages that `run` read itself, as (page hash, source), by source."""
        return await self._read(runs.scope, run)

    async def skip(self, skipped: Iterable[Skipped], *, run: str = "") -> None:
        """Enter what was not read into the ledger of `run`; "" is the lasting index's own."""
        await self._write(runs.skip, run, list(skipped))

    async def skipped(self, run: str = "") -> tuple[Skipped, ...]:
        """What `run` did not read, and why, by source."""
        return await self._read(runs.skipped, run)

    async def put_verdicts(self, found: Mapping[str, str], *, run: str = "") -> None:
        """Keep verdicts (JSON), each under the hash of claim, evidence and verifier, until `run` is erased."""
        await self._write(runs.put_verdicts, dict(found), run)

    async def verdicts(self, keys: Sequence[str]) -> dict[str, str]:
        """Those of the verdicts that are known, as JSON by key."""
        return await self._read(runs.verdicts, keys)

    # Conversations

    async def start_conversation(self, conversation: str, title: str = "") -> None:
        """Make a conversation; nothing if it is there already."""
        await self._write(conversations.start, conversation, title)

    async def begin_turn(
        self, conversation: str, run: str, question: str, *, replaces: str = "", asked: str = ""
    ) -> list[str]:
        """Write a turn and its run before that begins; see `conversations.begin_turn`. Returns the runs dropped."""
        return await self._write(conversations.begin_turn, conversation, run, question, replaces=replaces, asked=asked)

    async def conversation(self, conversation: str) -> ConversationRow | None:
        """One conversation; None when there is none of that id."""
        return await self._read(conversations.get, conversation)

    async def conversations(self, search: str = "", *, limit: int) -> list[ConversationRow]:
        """The conversations, the one last used first, or those that hold `search`."""
        return await self._read(conversations.listed, search, limit=limit)

    async def rename_conversation(self, conversation: str, title: str) -> bool:
        """Give a conversation a title; False when there is none of that id."""
        return await self._write(conversations.rename, conversation, title)

    async def turns(self, conversation: str, *, last: int | None = None, before: str = "") -> list[TurnRow]:
        """The turns in order, or the `last` of them; with `before`, those ahead of the turn of that run."""
        return await self._read(conversations.turns, conversation, last=last, before=before)

    async def turn(self, run: str) -> TurnRow | None:
        """The turn of a run; None when it has none, or no longer."""
        return await self._read(conversations.turn, run)

    async def summary(self, conversation: str) -> tuple[str, int]:
        """The summary that is kept, and how many turns from the first on it sums up; ("", 0) without one."""
        return await self._read(conversations.summary, conversation)

    async def summarise(self, conversation: str, text: str, upto: int) -> None:
        """Keep a summary of the first `upto` turns."""
        await self._write(conversations.summarise, conversation, text, upto)

    async def erase_conversation(self, conversation: str) -> list[str]:
        """Delete a conversation with all that belongs to it; returns its runs. `trim` removes the last traces."""
        return await self._write(conversations.erase, conversation)

    async def trim(self, *, wait_s: float = schema.BUSY_TIMEOUT_S) -> bool:
        """Write the file anew without a trace of what was erased; False if another process uses it for that long.

        It takes the disk as much space again for a moment, and about a second for every 100 MB; writers wait.
        """

        def run() -> bool:
            with schema.store_errors(self.path):
                return conversations.trimmed(self.path, wait_s=wait_s)

        try:
            return await asyncio.to_thread(run)
        except StoreBusy:
            return False

    async def is_untrimmed(self) -> bool:
        """Whether something was erased of which traces may be left in the files: `trim` has not come to its end."""
        return await self._read(conversations.is_untrimmed)

    async def check(self) -> str:
        """SQLite's own quick check of the file: "ok", or what is wrong."""
        return await self._read(lambda db: str(db.execute("PRAGMA quick_check(1)").fetchone()[0]))
