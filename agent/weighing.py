"""A claim among all that was found for its question: where it stands shortest, who else says it, who says otherwise."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from ..crawler import Page
from ..retrievers import Evidence, sentence_spans
from .state import Claim, Contradiction, Quote
from .verifiers.lexical import shipped
from .verifiers.minimal import Support, better, minimal, support
from .verifiers.reading.reads import Read, sentences_read
from .verifiers.sources.as_of import as_of, freshness
from .verifiers.sources.contradiction import Statement, contradictions
from .verifiers.sources.independence import SourceText, groups, merges

# A page that was not cited is added to a claim's citations only when its words leave little doubt.
_CARRIES = 0.85
_MOST_MORE = 3

# With fewer of the claim's content words than this share no text of a few sentences reaches `_CARRIES`.
_LEAST_SHARE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A quote that was found in the stored text, and the passage it is of."""

    quote: Quote
    evidence: Evidence

    @property
    def in_context(self) -> str:
        """The quote under the title and headings that it stands under."""
        context = self.evidence.passage.context or self.evidence.title
        return f"{context}\n{self.quote.text}" if context else self.quote.text

    def narrowed(self, found: Support, text: str) -> "Quoted":
        """The same for a stretch of `text`, which begins where this quote does."""
        start = self.quote.start + found.start
        part = text[found.start : found.end]
        return replace(self, quote=replace(self.quote, start=start, end=start + len(part), text=part))


def shortest(claim: str, quoted: Sequence[Quoted]) -> tuple[Quoted, ...]:
    """The quotes that carry the claim by themselves, each cut to the sentences that do; all of them if none does."""
    least = shipped().supported_at
    alone = [each for each in quoted if support(claim, (each.in_context,)) >= least]
    return tuple(_cut(claim, each) for each in alone) or tuple(quoted)


def elsewhere(claim: str, quoted: Sequence[Quoted], found: Sequence[Evidence]) -> Quoted | None:
    """A stretch of another passage that carries the claim where the quotes do not; None if there is none."""
    cited = {each.quote.passage for each in quoted}
    others = [each for each in found if each.passage.id not in cited]
    said = "\n".join(each.in_context for each in quoted)
    one = better(claim, said, [each.passage.in_full for each in others])
    if one is None:
        return None
    return _of(claim, others[one.text])


def carried_by(claim: str, quoted: Sequence[Quoted], found: Sequence[Evidence]) -> tuple[Quoted, ...]:
    """Stretches of other pages that say the same, one a page, at most three."""
    pages = {each.quote.page_hash for each in quoted}
    wanted = Read(claim).content_set
    more: list[Quoted] = []
    for each in found:
        if each.passage.page_hash in pages or len(more) == _MOST_MORE:
            continue
        if len(wanted & _stems(each.passage.in_full)) < _LEAST_SHARE * len(wanted):
            continue
        if support(claim, (each.passage.in_full,)) >= _CARRIES:
            pages.add(each.passage.page_hash)
            more.append(_of(claim, each))
    return tuple(more)


def placed(claim: str, quoted: Sequence[Quoted], found: Sequence[Evidence]) -> tuple[Quoted, ...]:
    """Where a supported claim stands: its quotes at their shortest, then other pages that say the same."""
    least = shortest(claim, quoted)
    return (*least, *carried_by(claim, least, found))


@lru_cache(maxsize=512)
def _stems(text: str) -> frozenset[str]:
    return frozenset[str]().union(*(sentence.stem_set for sentence in sentences_read(text)))


def weighed(
    claim: Claim, quoted: Sequence[Quoted], found: Sequence[Evidence], pages: Mapping[str, Page], today: date
) -> Claim:
    """The claim with how many independent sources say it, as of when, and what other sources say instead."""
    sources = [_source(each, pages) for each in _once(quoted)]
    joined = merges(sources)
    newest = max((citation.published for citation in claim.citations), default="")
    when = as_of(claim.text, newest)
    return replace(
        claim,
        independent_sources=len(groups(len(sources), joined)),
        merged=tuple(f"{sources[m.first].source} and {sources[m.second].source}: {m.detail}" for m in joined),
        as_of=when.last.isoformat() if when and when.basis == "stated" else newest,
        stale=fresh.reason if (fresh := freshness(claim.text, when, today)).is_stale else "",
        contradictions=tuple(
            each for each in contradictions(claim.text, _statements(quoted, found)) if _is_ours(each, claim)
        ),
    )


def _is_ours(found: Contradiction, claim: Claim) -> bool:
    """True if what the claim cites is one side: other conflicts among the passages are about something else."""
    return any(
        side.page_hash == citation.page_hash and side.start < citation.end and citation.start < side.end
        for side in (found.older, found.newer)
        for citation in claim.citations
    )


def _cut(claim: str, quoted: Quoted) -> Quoted:
    text = quoted.quote.text
    if len(sentence_spans(text)) < 2:
        return quoted
    found = minimal(claim, text, title=quoted.evidence.passage.context)
    return quoted.narrowed(found, text) if found else quoted


def _of(claim: str, evidence: Evidence) -> Quoted:
    """The passage as a quote, cut to what carries the claim."""
    passage = evidence.passage
    quote = Quote(
        passage=passage.id, page_hash=passage.page_hash, start=passage.start, end=passage.end, text=passage.text
    )
    return _cut(claim, Quoted(quote=quote, evidence=evidence))


def _once(quoted: Iterable[Quoted]) -> tuple[Quoted, ...]:
    """The first quote of every page."""
    return tuple({each.quote.page_hash: each for each in reversed(list(quoted))}.values())[::-1]


def _source(quoted: Quoted, pages: Mapping[str, Page]) -> SourceText:
    page = pages.get(quoted.quote.page_hash)
    seen = next((each for each in page.sightings if each.source == quoted.evidence.source), None) if page else None
    return SourceText(
        source=quoted.evidence.source,
        text=page.text if page else quoted.evidence.passage.text,
        passage=quoted.evidence.passage.text,
        site=seen.site if seen else "",
        author=seen.author if seen else "",
        canonical=seen.canonical if seen else "",
    )


def _statements(quoted: Sequence[Quoted], found: Sequence[Evidence]) -> list[Statement]:
    passages = {each.evidence.passage.id: each.evidence for each in quoted} | {each.passage.id: each for each in found}
    return [
        Statement(
            text=each.passage.text,
            source=each.source,
            title=each.title,
            published=each.published,
            page_hash=each.passage.page_hash,
            start=each.passage.start,
            end=each.passage.end,
        )
        for each in passages.values()
    ]
