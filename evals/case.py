"""What is asked in an evaluation, what it is asked of, and what is known of the right answer."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text to search: `text` itself, or the file at `path`, under the name that answers cite (`source`).

    `path` is absolute once read. `published` is an ISO date, "" when unknown. `digest` is the SHA-256 of a file's
    bytes, "" for a text that is given.
    """

    source: str
    text: str = ""
    path: str = ""
    title: str = ""
    published: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldSpan:
    """A stretch of a document that answers: `text[start:end] == quote`, code points of the document's stored text.

    `end` 0: the place is not known before the file is read, the `quote` is looked for. The spans of one `group`
    together are a full answer; any group is.
    """

    source: str
    start: int = 0
    end: int = 0
    quote: str = ""
    group: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A person's judgement: do the `texts` together support the `claim`?"""

    claim: str
    texts: tuple[str, ...]
    supported: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignCitation:
    """What another system cited: the `mark` that stands in its text (such as `1`), and the cited text."""

    mark: str
    source: str = ""
    title: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignAnswer:
    """An answer made by another system (`system` names it and its version): a text with marks such as `[1]`.

    `abstained` None: told from the text. `seconds` of wall time, `money` and tokens are None where nobody says.
    """

    system: str
    text: str
    citations: tuple[ForeignCitation, ...] = ()
    abstained: bool | None = None
    seconds: float | None = None
    money: float | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question.

    `conversation` are earlier turns as (role, text). `documents` is what is searched; cases that share the same ones
    share an index. `web` is a folder that LocalWeb serves, "" for no web. Any of `gold_answers` is right; `gold_spans`
    and `gold_sources` say where it stands. `unanswerable`: the documents do not hold the answer; None where nobody
    says. `as_of` is the ISO moment of asking, of which the day counts; "" is the day of the run. A case with `labels`
    asks nothing of the assistant: its verifier alone is judged by them.
    """

    id: str
    question: str
    conversation: tuple[tuple[str, str], ...] = ()
    documents: tuple[Document, ...] = ()
    web: str = ""
    gold_answers: tuple[str, ...] = ()
    gold_spans: tuple[GoldSpan, ...] = ()
    gold_sources: tuple[str, ...] = ()
    unanswerable: bool | None = None
    as_of: str = ""
    tags: tuple[str, ...] = ()
    labels: tuple[Label, ...] = ()
    foreign: ForeignAnswer | None = None

    @property
    def day(self) -> date | None:
        """The day that the question is asked as on; None is the day of the run."""
        return datetime.fromisoformat(self.as_of).date() if self.as_of else None
