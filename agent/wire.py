"""Answers as JSON, with the reader-facing numbers: what `--json` prints, the store keeps and other programs read.

Nothing of an answer is lost in it: `kept_answers` makes the answer again. Fields that came after the first version have
defaults, so that answers kept by it are read, too.

The schema is `docs/reference/answer.schema.json`; a test holds both together. To make it again:
`python -m fontes.agent.wire > docs/reference/answer.schema.json`.
"""

import json
import sys
from dataclasses import asdict
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from ..crawler import SkipReason
from .answer import Answer
from .retractions import Basis, NoticeKind
from .site_kinds import SiteKind
from .source_signals import SourceSignals
from .state import Checked, Claim, ConflictKind, Label


class _Wire(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CitationOut(_Wire):
    """Where a claim stands: `page.text[start:end] == quote`, offsets in code points of the stored text."""

    number: int | None = Field(description="the [n] of its source in `text`; null when no asserted sentence cites it")
    source: str = Field(description="URL or file path")
    title: str
    quote: str
    start: int
    end: int
    page_hash: str = Field(description="SHA-256 of the stored text")
    page_number: int | None
    fetched: str = Field(description="ISO 8601, UTC")
    published: str = Field(description="ISO 8601 date, empty when the source gives none")
    author: str = Field(default="", description="as the page names them, empty when it does not")
    site: str = Field(default="", description="the site's name as the page gives it, empty when it does not")


class SideOut(_Wire):
    """One side of a contradiction: `page.text[start:end] == quote`."""

    value: str = Field(description="the number, date, name or word in conflict, as it is written")
    quote: str
    source: str
    title: str
    published: str
    as_of: str = Field(description="the day the value is told for, empty when unknown")
    page_hash: str
    start: int
    end: int


class ContradictionOut(_Wire):
    """Two sources that cannot both be right about one thing, or could only at different times."""

    kind: ConflictKind
    is_change: bool = Field(description="older against newer of what changes over time: no conflict")
    explanation: str
    older: SideOut
    newer: SideOut


class ClaimOut(_Wire):
    """A checkable statement and its verdict."""

    text: str
    verdict: Label
    score: float = Field(ge=0, le=1, description="calibrated probability of support")
    verifier: str
    reason: str = Field(description="what speaks against support, empty when nothing does")
    span: str = Field(description="the verbatim stretch that the verdict rests on, empty when there is none")
    independent_sources: int = Field(description="after copies, one house and one agency were taken together")
    merged: list[str] = Field(description="why cited sources count as one, a line for each pair")
    as_of: str = Field(description="the time the claim gives for itself, else the newest citation's date; ISO 8601")
    stale: str = Field(description="why a claim about the present may no longer hold, empty when it may")
    moved: str = Field(description="says so when another passage is cited than the one drafted from")
    citations: list[CitationOut]
    contradictions: list[ContradictionOut] = Field(
        default=[], description="those that concern this claim; `contradictions` of the answer names each once"
    )


class QuoteOut(_Wire):
    """What a drafted sentence rests on, as its writer quoted it: `page.text[start:end] == text`."""

    passage: int = Field(description="the id of the passage; up to 63 bits")
    page_hash: str
    start: int
    end: int
    text: str


class NoticeOut(_Wire):
    """That a work is no longer to be relied on as it is."""

    kind: NoticeKind
    basis: Basis = Field(description="where it was found: the page's own title, text or meta elements, or a register")
    quote: str
    date: str = Field(description="the notice's day, empty when unknown")
    doi: str


class SourceOut(_Wire):
    """What is to be seen of a cited source: facts for its reader to judge by, no score."""

    source: str
    kind: SiteKind
    told_by: str = Field(description="the rule that told the kind")
    https: bool
    author: str = Field(description="as the page names it, empty when it does not")
    published: str
    age_days: int | None = Field(description="days since it was published, null when unknown")
    references: int = Field(description="works or addresses that it points to")
    copied_share: float | None = Field(description="of its words, in the other cited sources; null without others")
    notice: NoticeOut | None = Field(description="retraction, withdrawal, concern or correction")
    doi: str = Field(default="", description="as the page declares it of its work, empty when it does not")
    journal: str = Field(
        default="", description="the journal that the page says its work is in, empty when it does not"
    )


class SentenceOut(_Wire):
    """A drafted sentence; only asserted ones are in `text`."""

    text: str
    asserted: bool
    withheld: str = Field(description="why it is not asserted, empty when it is")
    relevance: float | None = Field(description="calibrated probability that it answers the question")
    claims: list[int] = Field(description="indices into `claims`")
    question: int = Field(default=0, description="index of the sub-question that it answers")
    before: str = Field(default="", description="the sentence drafted right before it, empty for the first")
    quotes: list[QuoteOut] = Field(default=[], description="what it was drafted from, before it was checked")


class SearchedOut(_Wire):
    """One search."""

    provider: str = Field(description="`index`, `sources`, or the search provider")
    query: str
    hits: int
    seconds: float
    error: str = Field(description="why it gave no answer, empty when it did")


class SkippedOut(_Wire):
    """A source that was not read, and why."""

    source: str
    reason: SkipReason
    detail: str


class LedgerOut(_Wire):
    """What was searched, read and not read."""

    searched: list[SearchedOut]
    read: list[str]
    skipped: list[SkippedOut]
    unused: list[str] = Field(description="addresses found and not asked for")


class UsageOut(_Wire):
    """What the run spent."""

    seconds: float
    pages: int
    prompt_tokens: int
    cached_tokens: int = Field(description="of the prompt tokens, those found in a server's prefix cache")
    completion_tokens: int
    money: float = Field(description="by the prices that are set; 0 without")


class RanOut(_Wire):
    """What did the work of a step that more than one thing can do."""

    step: str
    by: str = Field(description="`rules`, `extractive`, or `model NAME`")
    detail: str = Field(description="why not the other, or which round of repair")


class AnswerOut(_Wire):
    """The answer to one question."""

    status: Literal["answered", "partial", "abstained"]
    question: str
    text: str = Field(description="the asserted sentences with [n] marks, empty when abstained")
    run: str
    sentences: list[SentenceOut]
    claims: list[ClaimOut]
    contradictions: list[ContradictionOut]
    sources: list[SourceOut] = Field(
        default=[], description="what is to be seen of the cited sources; number n of `text` is entry n - 1"
    )
    reasons: list[str] = Field(description="what is missing of a whole answer, empty when nothing is")
    ledger: LedgerOut
    usage: UsageOut
    notes: list[str]
    cut_short: str = Field(description="why the run ended before its end, empty when it did not")
    trace: list[RanOut]


def to_wire(answer: Answer) -> AnswerOut:
    """The answer in the documented shape."""
    claims = answer.claims
    return AnswerOut(
        status="abstained" if answer.status == "running" else answer.status,
        question=answer.question,
        text=answer.text,
        run=answer.run,
        sentences=_sentences(answer.sentences),
        claims=[_claim(answer, claim) for claim in claims],
        contradictions=[ContradictionOut(**asdict(found)) for found in answer.contradictions],
        sources=[_source(seen) for seen in answer.seen],
        reasons=list(answer.reasons),
        ledger=LedgerOut(
            searched=[SearchedOut(**asdict(searched)) for searched in answer.ledger.searched],
            read=list(answer.ledger.read),
            skipped=[SkippedOut(**asdict(skipped)) for skipped in answer.ledger.skipped],
            unused=list(answer.ledger.unused),
        ),
        usage=UsageOut(**asdict(answer.usage)),
        notes=list(answer.notes),
        cut_short=answer.cut_short,
        trace=[RanOut(**asdict(ran)) for ran in answer.trace],
    )


def to_json(answer: Answer) -> str:
    """The answer as one line of JSON."""
    return to_wire(answer).model_dump_json()


def answer_schema() -> str:
    """The JSON Schema of `AnswerOut`, as the text of its file."""
    schema = AnswerOut.model_json_schema(mode="serialization")  # a field with a default is always written
    return json.dumps(schema, indent=2) + "\n"


def _sentences(sentences: tuple[Checked, ...]) -> list[SentenceOut]:
    out: list[SentenceOut] = []
    at = 0
    for checked in sentences:
        out.append(
            SentenceOut(
                text=checked.sentence.text,
                asserted=checked.asserted,
                withheld=checked.withheld,
                relevance=checked.sentence.relevance,
                claims=list(range(at, at + len(checked.claims))),
                question=checked.sentence.question,
                before=checked.sentence.before,
                quotes=[QuoteOut(**asdict(quote)) for quote in checked.sentence.quotes],
            )
        )
        at += len(checked.claims)
    return out


def _claim(answer: Answer, claim: Claim) -> ClaimOut:
    return ClaimOut(
        text=claim.text,
        verdict=claim.verdict.label,
        score=claim.verdict.score,
        verifier=claim.verdict.verifier,
        reason=claim.verdict.reason,
        span=claim.verdict.span,
        independent_sources=claim.independent_sources,
        merged=list(claim.merged),
        as_of=claim.as_of,
        stale=claim.stale,
        moved=claim.moved,
        citations=[CitationOut(number=answer.number(c), **asdict(c)) for c in claim.citations],
        contradictions=[ContradictionOut(**asdict(found)) for found in claim.contradictions],
    )


def _source(seen: SourceSignals) -> SourceOut:
    return SourceOut(
        source=seen.source,
        kind=seen.kind.kind,
        told_by=seen.kind.told_by,
        https=seen.is_https,
        author=seen.author,
        published=seen.published,
        age_days=seen.age_days,
        references=seen.references,
        copied_share=seen.copied_share,
        notice=NoticeOut(**asdict(seen.notice)) if seen.notice else None,
        doi=seen.doi,
        journal=seen.journal,
    )


if __name__ == "__main__":
    sys.stdout.write(answer_schema())
