"""BM25 over the passages: a tantivy index that holds ids and words, and no text.

The index is derived from the store and can always be made again. Each commit carries, as a document of its own, which
store and which generation of it the index stands for, so a crash leaves the old stamp or the new one, never a mixture.
Methods are synchronous; an async caller runs them in a thread (tantivy releases the GIL).
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import tantivy
from tantivy import Document, Occur, Query

from .allowed import FEW, Ids, only
from .errors import LexicalError, StoreFull
from .lexical_query import analyzer, query_terms
from .passage import Passage

# One heap for one indexing thread: 11,000 passages of 1,000 characters a second, and the peak stays flat however many
# passages stream in. A second thread would double the segments for a crawl that never feeds even one.
_HEAP_BYTES = 64_000_000
# Passage ids are 63-bit and not negative, so the stamp's document can have this one.
_STAMP_ID = -1
# The passage, and its title and headings. Both count the same: with a weight of .5 for the context ClapNQ's hit@1 falls
# from .84 to .75 (its passages need their titles), with 2 WiCE's from .88 to .86; .75 to 1.5 changes little.
_FIELDS = ("body", "context")
# Part of the schema on disk: change the number with `analyzer`, and an older index is refused and made again.
_ANALYZER = "fontes-1"


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    # An integer field: tantivy-py makes signed terms of Python ints, which never match an unsigned field.
    builder.add_integer_field("id", indexed=True, fast=True)
    builder.add_text_field("body", tokenizer_name=_ANALYZER, index_option="position")
    builder.add_text_field("context", tokenizer_name=_ANALYZER, index_option="position")
    builder.add_text_field("store_id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("generation", stored=True)
    return builder.build()


class Lexical:
    """One tantivy index. Any number of processes may read it; one at a time may `apply` or `clear`."""

    def __init__(self, index: tantivy.Index, where: str) -> None:
        self._open: tantivy.Index | None = index
        self._where, self._schema = where, index.schema
        self._writing = Lock()  # parts two threads of this process that both want tantivy's one writer

    @classmethod
    def open(cls, path: Path | None) -> "Lexical":
        """Open the index in folder `path`, made when missing or empty; None opens one in memory.

        Raises:
            LexicalError: the folder holds a damaged index, or one of another version; remove the folder and rebuild.
        """
        where = str(path) if path else "the lexical index in memory"
        with _named(where):
            if path:
                path.mkdir(parents=True, exist_ok=True)
            index = tantivy.Index(_schema(), str(path) if path else None)
            index.register_tokenizer(_ANALYZER, analyzer())
            index.config_reader("manual")  # `search` reloads (0.05 ms); the default polls the folder from a thread
            index.reload()
        return cls(index, where)

    def stamp(self) -> tuple[str, int]:
        """(store id, generation) of the last commit; ("", 0) for an index that has none."""
        with _named(self._where):
            searcher = self._searcher()
            hits = searcher.search(Query.term_query(self._schema, "id", _STAMP_ID), 1, count=False).hits
            if not hits:
                return "", 0
            document = searcher.doc(hits[0][1])
            return document["store_id"][0], document["generation"][0]

    def count(self) -> int:
        """How many passages the index holds."""
        with _named(self._where):
            return self._searcher().num_docs - (self.stamp() != ("", 0))

    def apply(self, adds: Iterable[Passage], removes: Iterable[int], *, store_id: str, generation: int) -> None:
        """Remove, then add passages, and set the stamp, all in one commit.

        Adding a passage that is there replaces it, and removing one that is not there does nothing, so a change can be
        applied twice; `adds` itself holds no passage twice. It is consumed as a stream; an error from it leaves the
        index as it was.

        Raises:
            LexicalError: another process is writing, or the index cannot be written.
        """
        is_new = self.stamp() == ("", 0)
        with self._writer() as writer:
            for id_ in removes:
                writer.delete_documents_by_term("id", id_)
            for passage in adds:
                if not is_new:  # 3 µs a passage, and 1 KB that tantivy holds until the commit
                    writer.delete_documents_by_term("id", passage.id)
                document = Document()
                document.add_integer("id", passage.id)
                document.add_text("body", passage.text)
                document.add_text("context", passage.context)
                writer.add_document(document)
            writer.delete_documents_by_term("id", _STAMP_ID)
            stamp = Document()
            stamp.add_integer("id", _STAMP_ID)
            stamp.add_text("store_id", store_id)
            stamp.add_integer("generation", generation)
            writer.add_document(stamp)

    def clear(self) -> None:
        """Remove everything, the stamp too.

        Raises:
            LexicalError: another process is writing, or the index cannot be written.
        """
        with self._writer() as writer:
            writer.delete_all_documents()

    def search(
        self, text: str, *, limit: int, phrases: Sequence[str] = (), among: Ids | None = None
    ) -> list[tuple[int, float]]:
        """At most `limit` (id, BM25 score), best first, equal scores by id; [] when no word of `text` occurs.

        With `among` (ids, ascending) these passages alone are found, scored as they are among all of them.

        Every one of `phrases` must occur, in the text of a passage or in its context, its words side by side (after
        stemming). A word in the title or headings counts as much as one in the text. Scores of different indexes
        cannot be compared, and removed passages still weigh in the word statistics until their segment is merged.

        Raises:
            LexicalError: the index cannot be read.
        """
        with _named(self._where):
            searcher = self._searcher()
            query = self._query(searcher, text, phrases)
            if query is None or limit < 1:
                return []
            found = _hits(searcher, query, limit) if among is None else self._among(searcher, query, limit, among)
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))

    def _among(self, searcher: tantivy.Searcher, query: Query, limit: int, ids: Ids) -> list[tuple[int, float]]:
        if not len(ids):
            return []
        if len(ids) <= FEW:
            named = Query.const_score_query(Query.term_set_query(self._schema, "id", ids.tolist()), 0.0)
            return _hits(searcher, Query.boolean_query([(Occur.Must, query), (Occur.Must, named)]), limit)
        depth = 2 * limit * max(1, searcher.num_docs // len(ids))
        while True:
            hits = _hits(searcher, query, depth)
            found = only(hits, ids)
            if len(found) >= limit or len(hits) < depth:
                return found[:limit]
            depth *= 8

    def close(self) -> None:
        """Let go of the files; what is called afterwards raises LexicalError. All changes are committed already."""
        self._open = None

    @property
    def _index(self) -> tantivy.Index:
        if self._open is None:
            raise LexicalError(self._where, "it is closed")
        return self._open

    def _searcher(self) -> tantivy.Searcher:
        self._index.reload()
        return self._index.searcher()

    def _query(self, searcher: tantivy.Searcher, text: str, phrases: Sequence[str]) -> Query | None:
        words = [
            (Occur.Should, Query.term_query(self._schema, field, term))
            for term in query_terms(text, lambda term: searcher.doc_freq("body", term))
            for field in _FIELDS
        ]
        required = [(Occur.Must, self._phrase(tokens)) for tokens in map(analyzer().analyze, phrases) if tokens]
        return Query.boolean_query(words + required) if words or required else None

    def _phrase(self, tokens: list[str]) -> Query:
        in_fields = [
            Query.phrase_query(self._schema, field, [*tokens])
            if len(tokens) > 1  # tantivy's phrase queries want two words
            else Query.term_query(self._schema, field, tokens[0])
            for field in _FIELDS
        ]
        return Query.boolean_query([(Occur.Should, query) for query in in_fields])

    @contextmanager
    def _writer(self) -> Iterator[tantivy.IndexWriter]:
        """Tantivy's writer; commits at the end, or rolls back and passes the error on."""
        with self._writing, _named(self._where):
            writer = self._index.writer(_HEAP_BYTES, 1)
            try:
                yield writer
                writer.commit()
            except BaseException:
                writer.rollback()
                raise
            finally:
                writer.wait_merging_threads()  # gives the lock back; merges cut off here would never happen
            self._index.reload()


def _hits(searcher: tantivy.Searcher, query: Query, limit: int) -> list[tuple[int, float]]:
    hits = searcher.search(query, limit, count=False).hits
    ids = searcher.fast_field_values("id", [address for _, address in hits])
    return [(int(id_ or 0), float(score)) for id_, (score, _) in zip(ids, hits, strict=True)]


@contextmanager
def _named(where: str) -> Iterator[None]:
    """Turn what tantivy raises into the room's error."""
    try:
        yield
    except (ValueError, OSError) as error:
        if "No space left" in str(error):  # tantivy passes the system's words on, without its number
            raise StoreFull(where, "no space is left on the disk") from error
        raise LexicalError(where, str(error)) from error
    except BaseException as error:
        # A panic in Rust, as from a damaged segment, derives from BaseException and has no importable class.
        if type(error).__name__ != "PanicException":
            raise
        raise LexicalError(where, f"tantivy panicked: {error}") from error
