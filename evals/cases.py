"""Reading a set of cases: a file of JSON lines, a public set by name, or a reader of one's own."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ..crawler import clean
from .case import Case, Document, GoldSpan
from .case_error import CaseError
from .case_rows import CaseRow, DocumentRow, GoldSpanRow, SharedRow, case_of, lines_of
from .json_lines import json_lines

_ROW: TypeAdapter[SharedRow | CaseRow] = TypeAdapter(SharedRow | CaseRow)


def read_cases(path: str | Path) -> tuple[Case, ...]:
    """The cases of a JSON lines file, in its order; documents that cases share are one and the same object.

    Raises:
        CaseError: the file cannot be read, holds no case, or a line is not a case: its number and field are told.
    """
    return _Reading(Path(path)).cases()


def read_stored_cases(path: Path) -> tuple[Case, ...]:
    """The cases as a run kept them; files and folders that they name are not looked for.

    Raises:
        CaseError: as `read_cases`.
    """
    return _Reading(path, is_stored=True).cases()


def dataset_hash(cases: Sequence[Case]) -> str:
    """The SHA-256 of the canonical lines, in hex: equal sets ask the same of the same texts, wherever they lie."""
    digest = hashlib.sha256()
    for line in lines_of(cases, with_places=False):
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()


class _Reading:
    """One file on its way into cases: the documents named so far, and the ids that were used."""

    def __init__(self, path: Path, *, is_stored: bool = False) -> None:
        self.path, self.is_stored = path, is_stored
        self.line = 0
        self.shared: dict[str, Document] = {}
        self.lines: dict[str, int] = {}
        self.corpora: dict[tuple[str, ...], tuple[Document, ...]] = {}

    def cases(self) -> tuple[Case, ...]:
        cases: list[Case] = []
        for line, value in json_lines(self.path):
            self.line = line
            row = self._row(value)
            if isinstance(row, SharedRow):
                self._share(row.document)
            else:
                cases.append(self._case(row))
        if not cases:
            self.line = 0
            raise self._wrong("", "it holds no case", "A case is a line of JSON with at least `id` and `question`")
        return tuple(cases)

    def _row(self, value: object) -> SharedRow | CaseRow:
        if not isinstance(value, dict):
            raise self._wrong("", "it is no object", "A case is an object with at least `id` and `question`")
        try:
            return (SharedRow if "document" in value else CaseRow).model_validate(value)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"] if not str(part).startswith(("list[", "literal[")))
            raise self._wrong(
                field, first["msg"].removeprefix("Value error, "), "docs/evaluation.md lists every field"
            ) from error

    def _share(self, row: DocumentRow) -> None:
        document = self._document(row, "document")
        if document.source in self.shared:
            raise self._wrong("document.source", f"{document.source!r} is there already", "Give each a name of its own")
        self.shared[document.source] = document

    def _case(self, row: CaseRow) -> Case:
        if row.id in self.lines:
            raise self._wrong(
                "id", f"{row.id!r} is the id of line {self.lines[row.id]} already", "Give each case an id of its own"
            )
        self.lines[row.id] = self.line
        if not (row.question.strip() or row.labels):
            raise self._wrong("question", "there is none", "Ask something, or give `labels` to judge a verifier by")
        for number, answer in enumerate(row.gold_answers):
            if not answer.strip():
                why, hint = "it is empty", "Leave it out; `unanswerable` says that there is no answer"
                raise self._wrong(f"gold_answers.{number}", why, hint)
        if row.unanswerable and row.gold_spans and not self.is_stored:
            why = "it is true, though `gold_spans` say where the answer stands"
            raise self._wrong("unanswerable", why, "Keep one of the two")
        documents = self._documents(row)
        by_name = {document.source: document for document in documents}
        spans = tuple(self._span(number, span, by_name) for number, span in enumerate(row.gold_spans))
        if not row.web:
            for name in row.gold_sources:
                self._known(name, by_name, "gold_sources")
        return case_of(row, documents, spans, self._web(row.web))

    def _documents(self, row: CaseRow) -> tuple[Document, ...]:
        if row.documents == "all":
            found = tuple(self.shared.values())
        else:
            found = tuple(
                self.shared.get(each) or self._document(DocumentRow(path=each), f"documents.{number}")
                if isinstance(each, str)
                else self._document(each, f"documents.{number}")
                for number, each in enumerate(row.documents)
            )
        names = [document.source for document in found]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise self._wrong("documents", f"{twice!r} is named twice", "Give each a name of its own")
        known = self.corpora.setdefault(tuple(names), found)
        return known if known == found else found

    def _document(self, row: DocumentRow, field: str) -> Document:
        if bool(row.text) == bool(row.path):
            raise self._wrong(field, "it needs either `text` or `path`", "Give one of the two")
        digest, path = row.digest, row.path
        if row.path and not self.is_stored:
            file = (self.path.parent / row.path).absolute()
            try:
                digest = hashlib.sha256(file.read_bytes()).hexdigest()
            except OSError as error:
                raise self._wrong(
                    field,
                    f"{row.path!r} is neither a `document` line above nor a file that can be read ({error.strerror})",
                    "Paths are relative to the cases' own folder",
                ) from error
            if row.digest and row.digest != digest:
                raise self._wrong(field, f"{row.path!r} is another file than before", "Restore it, or drop `digest`")
            path = str(file)
        source = row.source or row.path
        if not source:
            raise self._wrong(field, "a text needs a `source`", "Name it: answers cite that name")
        return Document(
            source=source,
            text=clean(row.text),
            path=path,
            title=row.title,
            published=row.published,
            digest=digest,
        )

    def _span(self, number: int, row: GoldSpanRow, documents: dict[str, Document]) -> GoldSpan:
        field = f"gold_spans.{number}"
        text = self._known(row.source, documents, f"{field}.source").text
        if not text:  # a file: its text is known when it was read
            if not row.quote:
                raise self._wrong(field, "in a file, a span is told by its `quote`", "Add the quote")
            return GoldSpan(source=row.source, quote=clean(row.quote), group=row.group)
        start, end = row.start, row.end
        if not end:
            start = text.find(quote) if (quote := clean(row.quote)) else -1
            if start < 0:
                raise self._wrong(f"{field}.quote", f"it does not stand in {row.source!r}", "Copy it from the text")
            end = start + len(quote)
        if not start < end <= len(text):
            why = f"{start} to {end} is no stretch of {row.source!r}, which has {len(text)} characters"
            raise self._wrong(field, why, "Places are code points of the text without control characters")
        quote = text[start:end]
        if row.quote and clean(row.quote) != quote:
            raise self._wrong(
                field,
                f"at {start} to {end} of {row.source!r} stands {quote[:60]!r}, not the quote",
                "Places are code points of the text without control characters; or leave them out",
            )
        return GoldSpan(source=row.source, start=start, end=end, quote=quote, group=row.group)

    def _known(self, name: str, documents: dict[str, Document], field: str) -> Document:
        if name not in documents:
            raise self._wrong(field, f"{name!r} is none of the case's documents", "Name one of `documents`")
        return documents[name]

    def _web(self, name: str) -> str:
        if not name or self.is_stored:
            return name
        folder = (self.path.parent / name).absolute()
        if not folder.is_dir():
            raise self._wrong("web", f"{name!r} is no folder", "Paths are relative to the cases' own folder")
        return str(folder)

    def _wrong(self, field: str, why: str, hint: str) -> CaseError:
        return CaseError(str(self.path), self.line, field, why, hint)
