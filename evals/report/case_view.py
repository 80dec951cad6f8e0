"""One case as the report shows it: its sentences, their verdicts, and each quote where it stands in its page.

Answers are read as plain JSON, as they were stored: a field that an older version did not write is shown as empty.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ..case import Case
from ..result import Json, Result, SentenceSupport

_AROUND = 160  # characters of the page beside a quote
_QUOTE = 700
_MOST_SENTENCES = 40
_MOST_PASSAGES = 10
_UNCITED, _NOT_CARRIED = "cites nothing", "not carried by what it cites"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteView:
    """A citation: its number, source and date, and the quote between what stands before and after it in the page.

    `href` is "" unless the source is a web address. `is_verbatim` False: the page that was kept does not hold the quote
    there; None: the page was not kept.
    """

    number: int | None
    source: str
    href: str
    title: str
    date: str
    before: str
    quote: str
    after: str
    is_verbatim: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimView:
    """A claim; `text` is "" where it is the sentence's own, `score` in [0, 1] is the probability of support."""

    text: str
    verdict: str
    score: float
    reason: str
    quotes: tuple[QuoteView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceView:
    """A sentence of the draft; `judged` says what the run's own judge of citations found, "" where it was not asked."""

    text: str
    is_asserted: bool
    withheld: str
    relevance: float | None
    judged: str
    claims: tuple[ClaimView, ...]

    @property
    def is_doubted(self) -> bool:
        """It is shown as fact, and what it cites does not carry it."""
        return self.judged in (_UNCITED, _NOT_CARRIED)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageView:
    """A passage that was found, with its score."""

    source: str
    score: float
    is_selected: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A (cell, case) with all that can be opened. `status` is answered, partial, abstained, failed, or judged, where a
    verifier was held against people's `labels` (claim, theirs, its verdict, its score) and nothing was asked.

    `marks` are words to filter by beside the tags: unsupported, contradicted, wrong quote, false abstention … `values`
    are those of the metrics by name, None where one does not apply; `changes` are the differences to the run beside.
    """

    id: str
    cell: str
    number: int
    question: str
    conversation: tuple[tuple[str, str], ...]
    status: str
    failure: str
    tags: tuple[str, ...]
    marks: tuple[str, ...]
    gold: tuple[str, ...]
    unanswerable: bool | None
    values: Mapping[str, float | None]
    changes: Mapping[str, float]
    sentences: tuple[SentenceView, ...]
    left_out: int
    labels: tuple[tuple[str, bool, bool, float], ...]
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    contradictions: tuple[str, ...]
    skipped: tuple[str, ...]
    passages: tuple[PassageView, ...]
    seconds: float | None
    tokens: int
    money: float
    attempt: int


def case_view(
    number: int, case: Case, result: Result, pages: Mapping[str, str], changes: Mapping[str, float]
) -> CaseView:
    """Put together what is shown of a result; `pages` are the texts that the run kept, by hash."""
    answer: Json = result.answer or {}
    usage: Mapping[str, Any] = answer.get("usage") or {}
    sentences = tuple(_sentences(answer, result, pages))
    shown = sentences[:_MOST_SENTENCES]
    status = "failed" if result.error else str(answer.get("status", "judged"))
    labels = tuple(
        (label.claim, label.supported, said, score)
        for label, (score, said) in zip(case.labels, result.judged.labels, strict=False)
    )
    return CaseView(
        id=case.id,
        cell=result.cell,
        number=number,
        question=case.question,
        conversation=case.conversation,
        status=status,
        failure=f"{result.error.kind}: {result.error.detail}" if result.error else "",
        tags=case.tags,
        marks=tuple(sorted(_marks(case, result, status, sentences))),
        gold=case.gold_answers,
        unanswerable=case.unanswerable,
        values=result.scores,
        changes=changes,
        sentences=shown,
        left_out=len(sentences) - len(shown),
        labels=labels,
        reasons=tuple(answer.get("reasons") or ()),
        notes=tuple(answer.get("notes") or ()),
        contradictions=tuple(each["explanation"] for each in answer.get("contradictions") or ()),
        skipped=tuple(_skipped(answer)),
        passages=tuple(
            PassageView(source=each.source, score=each.score, is_selected=each.selected, start=each.start, end=each.end)
            for each in result.retrieved[:_MOST_PASSAGES]
        ),
        seconds=usage.get("seconds"),
        tokens=usage.get("prompt_tokens", 0) + usage.get("completion_tokens", 0),
        money=usage.get("money", 0.0),
        attempt=result.attempt,
    )


def _sentences(answer: Json, result: Result, pages: Mapping[str, str]) -> Iterator[SentenceView]:
    claims: list[Json] = answer.get("claims") or []
    supports = iter(result.judged.support)
    for sentence in answer.get("sentences") or ():
        is_asserted = bool(sentence["asserted"])
        held = [claims[place] for place in sentence["claims"] if place < len(claims)]
        yield SentenceView(
            text=sentence["text"],
            is_asserted=is_asserted,
            withheld=sentence.get("withheld", ""),
            relevance=sentence.get("relevance"),
            judged=_judged(next(supports, None)) if is_asserted else "",
            claims=tuple(_claim(claim, sentence["text"], pages) for claim in held),
        )


def _judged(support: SentenceSupport | None) -> str:
    if support is None:
        return ""
    if not support.cited:
        return _UNCITED
    if not support.by_all:
        return _NOT_CARRIED
    idle = sum(not alone and rest for alone, rest in zip(support.by_each, support.by_rest, strict=False))
    return f"carried, {idle} of {len(support.cited)} citations not needed" if idle else "carried by what it cites"


def _claim(claim: Json, sentence: str, pages: Mapping[str, str]) -> ClaimView:
    return ClaimView(
        text="" if claim["text"] == sentence else claim["text"],
        verdict=claim["verdict"],
        score=claim["score"],
        reason=claim.get("reason", ""),
        quotes=tuple(quote_view(citation, claim.get("span", ""), pages) for citation in claim["citations"]),
    )


def quote_view(citation: Json, span: str, pages: Mapping[str, str]) -> QuoteView:
    """A quote in its page. Of a long one the part around `span`, on which the verdict rests, is shown."""
    page, quote, start, end = pages.get(citation["page_hash"]), citation["quote"], citation["start"], citation["end"]
    stands = None if page is None else page[start:end] == quote != ""
    at = quote.find(span) if span and len(quote) > _QUOTE else -1
    if at >= 0:
        before, shown, after = quote[:at], span, quote[at + len(span) :]
    elif page is not None and stands:
        before, shown, after = page[:start], quote, page[end:]
    else:
        before, shown, after = "", quote, ""
    source = citation["source"]
    return QuoteView(
        number=citation.get("number"),
        source=source,
        href=source if _is_web(source) else "",
        title=citation.get("title", ""),
        date=(citation.get("published") or "")[:10],
        before=_tail(before),
        quote=shown if len(shown) <= _QUOTE else f"{shown[:_QUOTE]}…",
        after=_head(after),
        is_verbatim=stands,
    )


def _is_web(source: str) -> bool:
    """Only what a browser opens as a page: a `javascript:` address that was cited stays text."""
    try:
        return urlsplit(source).scheme in ("http", "https")
    except ValueError:
        return False


def _tail(text: str) -> str:
    return f"…{text[-_AROUND:].partition(' ')[2]}" if len(text) > _AROUND else text


def _head(text: str) -> str:
    return f"{text[:_AROUND].rpartition(' ')[0]}…" if len(text) > _AROUND else text


def _skipped(answer: Json) -> Iterator[str]:
    for each in (answer.get("ledger") or {}).get("skipped") or ():
        yield f"{each['source']}: {each.get('detail') or each['reason']} ({each['reason']})"


def _marks(case: Case, result: Result, status: str, sentences: tuple[SentenceView, ...]) -> Iterator[str]:
    if any(label.supported != said for label, (_, said) in zip(case.labels, result.judged.labels, strict=False)):
        yield "not as people say"
    if 0.0 in (result.scores.get("right"), result.scores.get("correct")):
        yield "not right"
    if status == "abstained" and case.unanswerable is False:
        yield "false abstention"
    if status in ("answered", "partial") and case.unanswerable:
        yield "answered the unanswerable"
    claims = [claim for sentence in sentences for claim in sentence.claims]
    yield from {claim.verdict for claim in claims} - {"supported"}
    if any(quote.is_verbatim is False for claim in claims for quote in claim.quotes):
        yield "wrong quote"
    if any(sentence.is_doubted for sentence in sentences):
        yield "not carried"
