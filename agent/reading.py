"""Bring files and folders into the store: what is unchanged is not read again, the rest goes through the workers."""

import asyncio
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..crawler import FoundFile, Page, Skipped, Workers, file_source, find_files, source_path
from ..retrievers import BATCH, Index
from .budget import Budget
from .errors import BudgetExceeded

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of the sources named.

    `added` were new, `changed` replaced what they held before, `unchanged` were in the store already; `skipped` were
    not read. `gone` are sources of the index that stood below a folder named here and exist no longer: they stay
    until they are removed. `left` counts the pages that sitemaps listed beyond the limit. `read` is everything that
    can be searched now.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    gone: tuple[str, ...] = ()
    left: int = 0

    @property
    def read(self) -> tuple[str, ...]:
        """Every source that is in the store now."""
        return (*self.added, *self.changed, *self.unchanged)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How far reading has come: sources done of all that were found, and those of them that are on the disk."""

    done: int
    total: int
    stored: int


Progress = Callable[[Reading], None]


def is_address(source: str) -> bool:
    """Whether a source is a URL and no path."""
    return _ADDRESS.match(source) is not None


async def read_sources(
    sources: Sequence[str],
    index: Index,
    reader: Workers,
    *,
    run: str = "",
    budget: Budget | None = None,
    progress: Progress | None = None,
) -> Report:
    """Read files and folders into the store: into the lasting index, or with `run` for that run alone.

    What was stored stays stored whatever happens to the rest; the lexical index is not touched (`Index.sync`).
    An address is skipped: `addresses.read_addresses` reads those for a run, `adding.add_sources` takes both to stay.

    Raises:
        StoreError: the database cannot be written.
    """
    paths = [source for source in sources if not is_address(source)]
    skipped = [
        Skipped(source=source, reason="wrong_type", detail="it is an address, no file or folder")
        for source in sources
        if is_address(source)
    ]
    entries = await asyncio.to_thread(lambda: list(find_files(paths, reader.policy)))
    files = [entry for entry in entries if isinstance(entry, FoundFile)]
    skipped += [entry for entry in entries if isinstance(entry, Skipped)]
    known = await index.store.unchanged([(f.source, f.size, f.modified_ns) for f in files])
    held = await index.store.source_names() if not run else set()
    adopted: dict[str, str] = {}  # they were kept for a run, or for an answer that cites them
    if run:
        noted = await index.store.read_by(run, [(page_hash, source) for source, (page_hash, _) in known.items()])
        known = {source: page for source, page in known.items() if source in noted}
    else:
        new = [(source, page_hash) for source, (page_hash, lasting) in known.items() if not lasting]
        purged = {source for source, _ in new} - await index.store.adopt(new)
        known = {source: page for source, page in known.items() if source not in purged}
        adopted = {source: page_hash for source, page_hash in new if source not in purged}
    work = _Work(index, reader, run=run, budget=budget, progress=progress, total=len(files), done=len(known))
    await work.read([f for f in files if f.source not in known])
    return Report(
        added=tuple(source for source in (*adopted, *work.stored) if source not in held),
        changed=tuple(source for source in (*adopted, *work.stored) if source in held),
        unchanged=tuple(source for source in known if source not in adopted),
        skipped=(*skipped, *work.skipped),
        gone=await asyncio.to_thread(_gone, held, sources),
    )


def _gone(held: set[str], sources: Sequence[str]) -> tuple[str, ...]:
    folders = [file_source(source).rstrip(os.sep) + os.sep for source in sources if source and Path(source).is_dir()]
    return tuple(
        source
        for source in sorted(held)
        if source.startswith(tuple(folders)) and not os.path.lexists(source_path(source))
    )


@dataclass(slots=True)
class _Work:
    """The files of one call on their way through the workers into the store, in batches."""

    index: Index
    reader: Workers
    run: str = field(kw_only=True)
    budget: Budget | None = field(kw_only=True)
    progress: Progress | None = field(kw_only=True)
    total: int = field(kw_only=True)
    done: int = field(kw_only=True)
    stored: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    _batch: list[Page] = field(default_factory=list)
    _storing: asyncio.Lock = field(default_factory=asyncio.Lock)  # parts two readers that fill the batch at once

    async def read(self, files: Sequence[FoundFile]) -> None:
        waiting = iter(files)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self.reader.policy.workers):
                    group.create_task(self._read_from(waiting))
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from failed  # the store's own error, for those who know it by its type
        await self._store()

    async def _read_from(self, waiting: Iterator[FoundFile]) -> None:
        for file in waiting:
            try:
                spent = self.budget.reserve("pages") if self.budget else None
            except BudgetExceeded as error:
                self.skipped += [Skipped(source=f.source, reason="budget", detail=str(error)) for f in (file, *waiting)]
                return
            result = await self.reader.read(file.path)
            if isinstance(result, Skipped):
                self.skipped.append(result)
            else:
                # The time of the listing, not of the reading: a file that changes in between is read again next time.
                seen = replace(result.sightings[0], modified_ns=file.modified_ns, size=file.size)
                self._batch.append(replace(result, sightings=(seen,)))
            if spent:
                spent.settle()
            self.done += 1
            if len(self._batch) >= BATCH:
                await self._store()
            self._tell()

    async def _store(self) -> None:
        async with self._storing:
            batch, self._batch = self._batch, []
            await self.index.put(batch, run=self.run)
            self.stored += (page.sightings[0].source for page in batch)
        self._tell()

    def _tell(self) -> None:
        if self.progress:
            self.progress(Reading(done=self.done, total=self.total, stored=len(self.stored)))
