"""BM25 over the pages of a local web, in memory."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import tantivy
from tantivy import Document, FieldType, Filter, Occur, Query, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from .texts import PageText

_ANALYZER = "localweb"
_HEAP_BYTES = 30_000_000
_MOST_TERMS = 64
_SNIPPET_CHARS = 240
_SITE = re.compile(r"(?<!\S)(-?)site:(\S+)")
# Scripts without spaces between words: a character is a word.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page that matches, its BM25 score, and the stretch of its text in which most of the words stand."""

    page: PageText
    score: float
    snippet: str


@lru_cache(maxsize=1)
def _analyzer() -> TextAnalyzer:
    words = Tokenizer.regex(rf"[[\p{{Alphabetic}}\p{{N}}\p{{M}}]--[{_UNSPACED}]]+|[{_UNSPACED}]")
    builder = TextAnalyzerBuilder(words).filter(Filter.lowercase()).filter(Filter.ascii_fold())
    return builder.filter(Filter.stemmer("English")).build()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("title", tokenizer_name=_ANALYZER, index_option="freq")
    builder.add_text_field("body", stored=True, tokenizer_name=_ANALYZER, index_option="freq")
    for name in ("host", "language"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("day", indexed=True)
    builder.add_integer_field("number", stored=True, fast=True)
    return builder.build()


class PageSearch:
    """An index of pages. `find` is synchronous, of any thread; tantivy lets other threads go on meanwhile."""

    def __init__(self, texts: Sequence[PageText]) -> None:
        self._texts, self._schema = tuple(texts), _schema()
        self._index = tantivy.Index(self._schema)
        self._index.register_tokenizer(_ANALYZER, _analyzer())
        writer = self._index.writer(_HEAP_BYTES, 1)
        for number, text in enumerate(self._texts):
            writer.add_document(_document(number, text))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def find(
        self, query: str, *, first: int = 0, limit: int = 10, language: str = "", since: date | None = None
    ) -> tuple[int, tuple[Found, ...]]:
        """How many pages match, and `limit` of them from the rank `first`, best first.

        Any word of the query may match; `site:HOST` and `-site:HOST` keep and drop a host with those below it. Pages
        of another language, or not dated to `since` or later, do not match; a page of unknown language always may.
        """
        built = self._query(query, language, since)
        if built is None:
            return 0, ()
        searcher = self._index.searcher()
        found = searcher.search(built, first + limit)
        snippets = tantivy.SnippetGenerator.create(searcher, built, self._schema, "body")
        snippets.set_max_num_chars(_SNIPPET_CHARS)
        hits = []
        for score, address in found.hits[first:]:
            document = searcher.doc(address)
            page = self._texts[document["number"][0]]
            text = snippets.snippet_from_doc(document).fragment() or page.text[:_SNIPPET_CHARS]
            hits.append(Found(page=page, score=float(score), snippet=" ".join(text.split())))
        return int(found.count or 0), tuple(hits)  # type: ignore[attr-defined]  # its stub lacks it

    def _query(self, text: str, language: str, since: date | None) -> Query | None:
        terms = list(dict.fromkeys(_analyzer().analyze(_SITE.sub(" ", text))))[:_MOST_TERMS]
        words = [
            (Occur.Should, Query.term_query(self._schema, field, term, index_option="freq"))
            for term in terms
            for field in ("body", "title")
        ]
        sites = {sign: [site for s, site in _SITE.findall(text) if s == sign] for sign in ("", "-")}
        if not words and not sites[""]:
            return None
        clauses = [(Occur.Must, Query.boolean_query(words) if words else Query.all_query())]
        if sites[""]:
            clauses.append((Occur.Must, self._any("host", sites[""])))
        if sites["-"]:
            clauses.append((Occur.MustNot, self._any("host", sites["-"])))
        if language:
            clauses.append((Occur.Must, self._any("language", [language, "unknown"])))
        if since is not None:
            days = Query.range_query(self._schema, "day", FieldType.Integer, since.toordinal(), date.max.toordinal())
            clauses.append((Occur.Must, days))
        return Query.boolean_query(clauses)

    def _any(self, field: str, values: Sequence[str]) -> Query:
        """Which filters and does not score."""
        terms = [(Occur.Should, Query.term_query(self._schema, field, value.lower())) for value in values]
        return Query.const_score_query(Query.boolean_query(terms), 0.0)


def _document(number: int, text: PageText) -> Document:
    document = Document()
    document.add_integer("number", number)
    document.add_text("title", text.title)
    document.add_text("body", text.text)
    host = text.url.split("/")[2]
    labels = host.split(".")
    for start in range(len(labels)):
        document.add_text("host", ".".join(labels[start:]))
    document.add_text("language", text.language or "unknown")
    if (day := published_on(text)) is not None:
        document.add_integer("day", day.toordinal())
    return document


def published_on(text: PageText) -> date | None:
    """The day on which a page was published; None if it does not say."""
    try:
        return date.fromisoformat(text.published[:10])
    except ValueError:
        return None
