"""The index of a data directory: add pages, find evidence."""

import asyncio
from collections.abc import AsyncIterable, Iterable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import rmtree
from types import TracebackType
from typing import Literal, Protocol, Self, runtime_checkable

from ..crawler import Page, Sighting, utc_now
from .allowed import Ids
from .dense import Dense, Progress
from .embedders import Embedder
from .errors import LexicalError, ModelMissing
from .fusion import fuse
from .lexical import Lexical
from .lock import holding
from .passage import Evidence, Passage
from .rerank import rerank as reranked
from .rerankers import Reranker
from .split import split
from .store import Changes, Store
from .tagged import Tagged
from .vectors import Vectors

# How deep each of the two searches looks before they are fused.
DEPTH = 100
# How many of the best a cross-encoder reads again; 60 ms each on two cores.
RERANKED = 8
# Pages of one transaction: a full sync of the disk costs a few ms, losing a batch to a crash costs reading it again.
BATCH = 64
# How long `add` waits for another process that writes the derived indexes.
LOCK_WAIT_S = 60.0

Default = Literal["default"]
Stages = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The pages that one run read itself, searchable on their own."""

    lexical: Lexical
    passages: dict[int, Passage]
    run: str


@runtime_checkable
class Closable(Protocol):
    """A plug that holds something open: a served model's connections."""

    async def aclose(self) -> None:
        """Let go of it."""
        ...


class Index:
    """Passages in the store, found by words (BM25) and by meaning (embeddings), fused.

    `store` is the truth; the lexical and the vector index are derived from it and repaired when they lag behind.
    `notes` are what a reader must know about how this index searches, such as that no embedding model was found.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        embedder: Embedder | None,
        reranker: Reranker | None,
        vectors: Vectors | None,
        notes: Sequence[str] = (),
    ) -> None:
        self.data_dir = data_dir
        self.store = Store(data_dir)
        self.dense = Dense(self.store, embedder, data_dir, vectors) if embedder else None
        self.reranker = reranker
        self.notes = tuple(notes)
        self._tagged = Tagged(self.store)
        self._lexical: Lexical | None = None
        self._syncing = asyncio.Lock()  # parts two coroutines of this process; the file lock parts processes
        self._stack = AsyncExitStack()

    @classmethod
    def open(
        cls,
        data_dir: Path | str,
        *,
        embedder: Embedder | Default | None = "default",
        reranker: Reranker | Default | None = "default",
        vectors: Vectors | None = None,
    ) -> "Index":
        """The index in `data_dir`, to be used with `async with`, which makes it when it is not there.

        `embedder` None searches by words alone; the default is the packaged model, and when its files are not there
        the index searches by words and says so in `notes`. `vectors` replaces the exact search over a file with
        another nearest-neighbour index.
        """
        notes: list[str] = []
        if embedder == "default":
            from .embedders.bge import BgeSmall  # the model's runtime is not wanted by those who bring their own

            try:
                embedder = BgeSmall()
            except ModelMissing as error:
                embedder = None
                notes.append(f"searched by words alone: {error}")
        if reranker == "default":
            from .rerankers.minilm import MiniLM

            try:
                reranker = MiniLM()
            except ModelMissing as error:
                reranker = None
                notes.append(f"not reranked: {error}")
        return cls(Path(data_dir), embedder=embedder, reranker=reranker, vectors=vectors, notes=notes)

    async def __aenter__(self) -> Self:
        """Open the store; the indexes are opened when they are needed.

        Raises:
            StoreError: the database cannot be used.
        """
        await self._stack.enter_async_context(self.store)
        if self.dense:
            self._stack.push_async_callback(self.dense.close)
        for plug in (self.dense and self.dense.embedder, self.reranker):
            if isinstance(plug, Closable):
                self._stack.push_async_callback(plug.aclose)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lexical:
            self._lexical.close()
        await self._stack.aclose()

    # Adding

    async def add(
        self, pages: Iterable[Page] | AsyncIterable[Page], *, embed: bool = True, progress: Progress | None = None
    ) -> int:
        """Take pages into the lasting index; returns how many.

        A page replaces what its sources held before. Everything is searchable by words when the last one is stored;
        then the passages are embedded (`progress` is told (done, total)), which may be stopped at any time and goes
        on with the next `add` or `embed`.

        Raises:
            StoreError: the database cannot be written; the batches before are kept.
            LexicalError: another process held the lexical index for longer than `LOCK_WAIT_S`; what was stored is
                indexed by whoever holds it next.
        """
        count = 0
        batch: list[Page] = []

        async def stored() -> None:
            nonlocal count
            await self.put(batch)
            count += len(batch)
            batch.clear()

        if isinstance(pages, AsyncIterable):
            async for page in pages:
                batch.append(page)
                if len(batch) == BATCH:
                    await stored()
        else:
            for page in pages:
                batch.append(page)
                if len(batch) == BATCH:
                    await stored()
        await stored()
        await self.sync()
        if embed:
            await self.embed(progress)
        return count

    async def put(self, pages: Sequence[Page], *, run: str = "") -> None:
        """Store a batch of pages, all or none, in the lasting index or for `run` alone; searchable after `sync`."""
        if pages:
            pages = [_with_source(page) for page in pages]
            parts = await asyncio.to_thread(lambda: [(page, split(page)) for page in pages])
            await self.store.put(parts, lasting=not run, run=run)

    async def remove(self, sources: Sequence[str]) -> int:
        """Take sources out of the lasting index; returns how many it held."""
        removed = await self.store.retire(sources)
        if removed:
            await self.sync()
        return removed

    async def embed(self, progress: Progress | None = None) -> int | None:
        """Embed what has no vector yet; returns how many, None without a model or when another process is at it."""
        if self.dense is None:
            return None
        made = await self.dense.embed_missing(progress)
        await self.dense.refresh()
        return made

    async def reindex(self) -> None:
        """Make the lexical and the vector index again from the store; nothing is read or embedded again.

        Raises:
            LexicalError: another process is writing the lexical index.
        """
        async with self._syncing, holding(self.data_dir / "index.lock", wait_s=LOCK_WAIT_S) as held:
            if not held:
                raise LexicalError(str(self._lexical_path), "another process is writing it")
            await self._rebuild()
            if self.dense:
                await self.dense.rebuild()
            await self.store.purge(applied=await self.store.generation())

    async def sync(self, *, wait_s: float = LOCK_WAIT_S) -> None:
        """Bring the lexical index up to the store.

        Raises:
            LexicalError: another process held it for longer than `wait_s` seconds.
        """
        if wait_s == 0 and self._lexical is not None and self._syncing.locked():
            raise LexicalError(str(self._lexical_path), "it is being written")
        async with self._syncing:
            if await self._is_current():
                return
            async with holding(self.data_dir / "index.lock", wait_s=wait_s) as held:
                if not held:
                    raise LexicalError(str(self._lexical_path), "another process is writing it")
                await self._catch_up()

    # Searching

    async def search(
        self,
        query: str,
        *,
        k: int = 10,
        rerank: bool = False,
        phrases: Sequence[str] = (),
        scope: Scope | None = None,
        by_meaning: bool = True,
        tags: Sequence[str] = (),
    ) -> tuple[Evidence, ...]:
        """At most `k` passages, best first; () when none shares a word or the meaning.

        `phrases` must occur to the letter (case aside). `scope` restricts the search to the pages of one run. With
        `rerank` the cross-encoder's order of the first eight is fused with theirs. Without `by_meaning` the words alone
        count, and no embedder is asked. With `tags` only pages that a source with any of them holds are searched, and
        that source is named; of a scope they leave out nothing.

        Raises:
            BadTag: one of `tags` cannot be a tag.
            EmbedError, RerankError: a model could not be run.
            RetrievalError: the store or an index cannot be used.
        """
        lexical = scope.lexical if scope else await self._fresh_lexical()
        allowed = await self._tagged.passages(tags) if tags and not scope else None
        words = await asyncio.to_thread(lexical.search, query, limit=DEPTH, phrases=phrases, among=allowed)
        meaning = await self._by_meaning(query, words, scope, allowed) if self.dense and by_meaning else []
        fused = fuse(words, meaning)
        stages = {"lexical": dict(words), "dense": dict(meaning)}
        ranked = [
            (id_, score, (*((name, of[id_]) for name, of in stages.items() if id_ in of), ("fused", score)))
            for id_, score in fused
        ]
        found = await self.evidence(
            ranked if phrases else ranked[: max(2 * k, RERANKED)], run=scope.run if scope else "", tags=tags
        )
        if phrases:
            found = [e for e in found if _holds(e.passage, phrases)]
        if not scope:
            ids = [e.passage.id for e in found]
            # Anew: a tag may have been taken away meanwhile, as may a source.
            held = await self._tagged.among(ids, tags) if tags else await self.store.lasting(ids)
            found = [e for e in found if e.passage.id in held]
        if rerank and self.reranker:
            found = [*await reranked(query, found[:RERANKED], self.reranker), *found[RERANKED:]]
        return tuple(found[:k])

    async def evidence(
        self, ranked: Sequence[tuple[int, float, Stages]], *, run: str = "", tags: Sequence[str] = ()
    ) -> list[Evidence]:
        """The passages with these (id, score, scores by stage), in that order; unknown ids are left out.

        Of a page that several sources hold, the one that `run` read, or one with any of `tags`, is named.
        """
        known = await self.store.evidence([id_ for id_, _, _ in ranked], run=run, tags=tags)
        return [replace(known[id_], score=score, stages=stages) for id_, score, stages in ranked if id_ in known]

    async def scope(self, run: str) -> Scope:
        """The pages that `run` read itself, indexed in memory (3,000 pages a second)."""
        passages = await self.store.passages_of([page_hash for page_hash, _ in await self.store.scope(run)])
        lexical = Lexical.open(None)
        await asyncio.to_thread(lexical.apply, passages, (), store_id=self.store.id, generation=0)
        return Scope(lexical=lexical, passages={p.id: p for p in passages}, run=run)

    async def _by_meaning(
        self, query: str, words: Sequence[tuple[int, float]], scope: Scope | None, allowed: Ids | None
    ) -> list[tuple[int, float]]:
        """The nearest passages by cosine, and the cosines of what was found by words, however far down it is."""
        assert self.dense is not None
        vector = await self.dense.embedder.embed_query(query)
        if scope:
            found = [scope.passages[id_] for id_, _ in words]
            by_words = {id_ for id_, _ in words}
            rest = [p for id_, p in scope.passages.items() if id_ not in by_words]
            return (await self.dense.among(vector, [*found, *rest]))[:DEPTH]
        near = dict(await self.dense.search(vector, limit=DEPTH, among=allowed))
        known = await self.store.passages([id_ for id_, _ in words])
        near |= dict(await self.dense.among(vector, [known[id_] for id_, _ in words if id_ in known]))
        return sorted(near.items(), key=lambda pair: (-pair[1], pair[0]))

    # The lexical index on disk

    @property
    def _lexical_path(self) -> Path:
        return self.data_dir / "lexical"

    async def _fresh_lexical(self) -> Lexical:
        """The lexical index, brought up to the store if that can be done without waiting for another process."""
        try:
            await self.sync(wait_s=0)
        except LexicalError:
            # Another process is indexing right now: search what it has committed. Only an index that cannot be opened
            # at all is an error here.
            if self._lexical is None:
                raise
        assert self._lexical is not None
        return self._lexical

    async def _is_current(self) -> bool:
        if self._lexical is None:
            try:
                self._lexical = await asyncio.to_thread(Lexical.open, self._lexical_path)
            except LexicalError:
                return False  # damaged: whoever has the lock makes it again
        stamp = await asyncio.to_thread(self._lexical.stamp)
        return stamp == (self.store.id, await self.store.generation())

    async def _catch_up(self) -> None:
        """Apply the changes since the index's stamp; all of them when the stamp is not of this store's past."""
        if self._lexical is None:
            await self._rebuild()
            return
        store_id, applied = await asyncio.to_thread(self._lexical.stamp)
        generation = await self.store.generation()
        if (store_id or self.store.id) != self.store.id or applied > generation:
            await self._rebuild()
            return
        removed = await self._apply(applied)
        if self.dense:
            await self.dense.forget(removed)
        await self.store.purge(applied=generation)

    async def _rebuild(self) -> None:
        if self._lexical:
            self._lexical.close()
            self._lexical = None
        await asyncio.to_thread(_remove, self._lexical_path)
        self._lexical = await asyncio.to_thread(Lexical.open, self._lexical_path)
        await self._apply(0)

    async def _apply(self, after: int) -> list[int]:
        """Apply what changed later than change `after`, streamed and in one commit; returns the ids removed."""
        assert self._lexical is not None
        lexical, store_id = self._lexical, self.store.id
        removed: list[int] = []

        def apply(changes: Changes) -> None:
            removed.extend(changes.removes)
            lexical.apply(changes.adds, changes.removes, store_id=store_id, generation=changes.generation)

        await self.store.export_changes(after, apply)
        return removed


def _with_source(page: Page) -> Page:
    """A page that was seen nowhere, or nowhere in particular, is its own source: else it would replace the next one."""
    own = f"page:{page.hash[:16]}"
    seen = page.sightings or (Sighting(source=own, fetched=utc_now(), title=page.title),)
    return replace(page, sightings=tuple(replace(s, source=s.source or own) for s in seen))


def _remove(path: Path) -> None:
    """Remove a folder, or whatever else has taken its place."""
    if path.is_dir() and not path.is_symlink():
        rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _holds(passage: Passage, phrases: Sequence[str]) -> bool:
    text = passage.in_full.casefold()
    return all(phrase.casefold() in text for phrase in phrases)
