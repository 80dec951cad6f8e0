"""The writer without a language model: the sentences that answer, verbatim, the best one first."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from ...retrievers import EmbedError, Evidence, RerankError
from ...retrievers.embedders import Embedder
from ...retrievers.rerankers import Reranker
from ..account import notice
from ..answerability import THRESHOLD, fitted
from ..questions.whole_source import file_named
from ..state import Query, Quote, Sentence
from .candidates import Candidate, Wording, best_first, stems, unknown_designations, years
from .leading import leading

# How far a further sentence may be behind the first when each is scored by itself: logits, cosine and words, words; and
# what it may not be below, which only logits can be. Share of right ones among all that are shown, ClapNQ on its page
# .74, Chroma .53, WiCE .76; with the passages' scores and eight logits as before .67, .50, .70 (ADR 0006).
_BEHIND = {"reranker": 4.0, "embedder": 0.1, "words": 0.1}
_LEAST = 0.0

# One that holds no word of the question that the first lacks must hold this share of those that the first holds, titles
# left out: for the cross-encoder "X was opened in 1911" answers "When was X reopened?" as well as what does (9.5).
# Of 14 invented pairs of disagreeing pages both are quoted in 11 and nothing else; without it two sentences beside it.
_ON_TARGET = 0.5

# And at least this share of its content words must be news: neither in the question nor in the answer so far.
_NEW = 0.3

# What the share of words in common counts beside the two logits of a claim: it is worded like its source (WiCE, first
# sentence among the supporting ones .80 without, .89 with), as a question is not (ClapNQ .82 without, .80 with).
_CLAIM_WORDS = 12.0

# And beside the cosine of a sentence (ClapNQ, first sentence right .72 without, .76 with).
_WORDS = 0.5


_NO_SUMMARY = "sentences of the source stand for a summary: only a language model can write one (`fontes doctor`)"


class Extractive:
    """Answers with sentences of the evidence, the best one first, then those that answer too and add something.

    With a `reranker` a sentence is scored by cross-encoder(question, sentence) + cross-encoder(question, passage);
    without one by the `embedder` and the words in common; with neither by the words alone. The `rerank` and `dense`
    scores that the evidence brings are taken as those of the whole question. Sentences come from the first `passages`
    passages, at most `sentences` for a question or sub-question; `pairs` and `embedded` bound how many of them a model
    scores. How well each way does: `benchmarks/answers.py`.
    """

    name = "extractive"
    note = "written without a model: quotes only"

    def __init__(
        self,
        embedder: Embedder | None = None,
        reranker: Reranker | None = None,
        *,
        sentences: int = 3,
        passages: int = 4,
        pairs: int = 32,
        embedded: int = 12,
    ) -> None:
        self._embedder, self._reranker = embedder, reranker
        self._sentences, self._passages, self._pairs, self._embedded = sentences, passages, pairs, embedded
        self._behind = _BEHIND["reranker" if reranker else "embedder" if embedder else "words"]

    async def write(self, query: Query, evidence: Sequence[Evidence]) -> AsyncIterator[Sentence]:
        """Yield the sentences for each sub-question in turn; the first of each even when it hardly answers.

        How well is its `relevance`: what is below `answerability.THRESHOLD` should not be shown as an answer. One
        sentence that is the best for two sub-questions is yielded for both. When a model that scores them cannot be
        run (a server that is down), they are chosen by their words, and the reader is told. Of a source that is asked
        for as a whole, the sentences that carry it, without a relevance.
        """
        if query.is_whole:
            notice(_NO_SUMMARY)
            named = _of_named_file(query.text, evidence)
            for candidate in await asyncio.to_thread(leading, named, query.language):
                yield Sentence(text=candidate.quote.text, quotes=(candidate.quote,))
            return
        try:
            found = [await self.candidates(each, query, evidence) for each in query.sub_questions or (query.text,)]
        except (EmbedError, RerankError) as error:
            notice(f"sentences were chosen by their words alone: {error}")
            async for sentence in Extractive(sentences=self._sentences).write(query, evidence):
                yield sentence
            return
        said = [candidates[0] for candidates in found if candidates]
        everywhere = await asyncio.to_thread(lambda: Wording("", evidence, query.language).candidates(evidence))
        for number, candidates in enumerate(found):
            extra = self._further(candidates, said) if candidates else []
            said += extra
            shown = (*candidates[:1], *extra)
            for place, candidate in enumerate(shown):
                candidate = candidate.after(shown[place - 1]) if place else candidate
                yield Sentence(
                    text=candidate.quote.text,
                    quotes=(candidate.quote, *_corroboration(candidate, everywhere)),
                    question=number,
                    relevance=fitted().probability(candidate.signals),
                )

    async def candidates(self, question: str, query: Query, evidence: Sequence[Evidence]) -> tuple[Candidate, ...]:
        """The sentences that could answer `question`, best first; () when the evidence holds none.

        `question` is that of `query` or one of its sub-questions. The scores that the evidence brings are not those of
        a sub-question: its passages are chosen by their words and scored again.
        """
        # Not for claims: what the source says of another year speaks to them too (WiCE: withholds 12 of 61 right ones).
        asked_years = frozenset[str]() if query.intent == "claim" else years(question)
        is_known = query.intent == "claim" or not unknown_designations(question, evidence)
        wording = await asyncio.to_thread(Wording, question, evidence, query.language, asked_years)
        if question != query.text:
            evidence = [
                replace(e, stages=())
                for e in sorted(evidence, key=lambda e: -wording.share(stems(f"{e.passage.title} {e.passage.text}")))
            ]
        found = await asyncio.to_thread(wording.candidates, _of_two_pages(evidence, self._passages))
        if found and self._reranker is not None:
            word_weight = _CLAIM_WORDS if query.intent == "claim" else 0.0
            found = await _by_reranker(self._reranker, question, found[: self._pairs], word_weight)
        elif found and self._embedder is not None:
            found = await _by_embedder(self._embedder, question, found[: self._embedded])
        if found and self._embedder is not None:
            found = await _with_cosine(self._embedder, question, found)
        return found if is_known else tuple(replace(c, signals=replace(c.signals, is_known=False)) for c in found)

    def _further(self, candidates: Sequence[Candidate], said: Sequence[Candidate]) -> list[Candidate]:
        """What follows the first candidate: what answers by itself and is not said yet, here or for another question.

        Other pages come first: where they disagree with the first sentence, the reader must see it.
        """
        first, *others = candidates
        least = max(_LEAST, first.alone - self._behind)
        further: list[Candidate] = []
        for candidate in sorted(others, key=lambda c: (c.page == first.page, -c.alone)):
            answers = candidate.alone >= least and fitted().probability(candidate.signals) >= THRESHOLD
            if answers and _is_on_target(candidate, first) and _is_new(candidate, (*said, *further)):
                further.append(candidate)
        return further[: self._sentences - 1]


def _of_named_file(question: str, evidence: Sequence[Evidence]) -> Sequence[Evidence]:
    """The passages of the file that the question names, all of them where it names none that is there."""
    name = file_named(question).casefold()
    return [e for e in evidence if name and e.source.casefold().endswith(name)] or evidence


def _of_two_pages(evidence: Sequence[Evidence], count: int) -> list[Evidence]:
    """The first `count`; where all of them are of one page, the first of another stands in for the last.

    A long page on the subject would else hide that another one disagrees. Costs one Chroma question in 66 its first
    sentence, none of ClapNQ and WiCE.
    """
    taken = list(evidence[:count])
    pages = {e.passage.page_hash for e in taken}
    other = next((e for e in evidence[count:] if e.passage.page_hash not in pages), None)
    return [*taken[:-1], other] if other and len(pages) == 1 and count > 1 else taken


def _is_on_target(candidate: Candidate, first: Candidate) -> bool:
    if candidate.asked_for - first.asked_for:
        return True
    told = first.asked_for - first.title_stems - candidate.title_stems
    return len(told & candidate.asked_for) >= _ON_TARGET * len(told)


def _is_new(candidate: Candidate, said: Sequence[Candidate]) -> bool:
    if any(candidate.says_the_same(other) or other.holds(candidate) for other in said):
        return False
    if any(candidate.disagrees(other) for other in said):
        return True
    brings = candidate.stems - candidate.asked_for
    return len(brings.difference(*(other.stems for other in said))) > _NEW * len(brings)


async def _by_reranker(
    reranker: Reranker, question: str, found: Sequence[Candidate], word_weight: float
) -> tuple[Candidate, ...]:
    """Sentence and passage together; the logits become signals if the model is the one that was fitted with."""
    passages = {c.evidence.passage.id: c.evidence for c in found}
    logits = {i: logit for i, e in passages.items() if (logit := e.stage("rerank")) is not None}
    unscored = [i for i in passages if i not in logits]
    unscored_texts = [passages[i].passage.in_full for i in unscored]
    logits |= zip(unscored, await reranker.score(question, unscored_texts), strict=True)
    texts = list(dict.fromkeys(text for c in found for text in (c.in_context, c.told)))
    of_text = dict(zip(texts, await reranker.score(question, texts), strict=True))
    scored: list[Candidate] = []
    for candidate in found:
        sentence, passage = of_text[candidate.told], logits[candidate.evidence.passage.id]
        signals = candidate.signals
        if reranker.name == fitted().reranker:
            signals = replace(signals, sentence=sentence, passage=passage)
        score = of_text[candidate.in_context] + passage + word_weight * candidate.score
        scored.append(replace(candidate, signals=signals, alone=sentence, score=score))
    return best_first(scored)


async def _by_embedder(embedder: Embedder, question: str, found: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Cosine of question and sentence, plus the share of the question's words: the two err on different questions."""
    asked = await embedder.embed_query(question)
    rows = await embedder.embed_passages([c.in_context for c in found])
    return best_first(
        replace(c, alone=float(cosine) + _WORDS * c.alone, score=float(cosine) + _WORDS * c.score)
        for c, cosine in zip(found, rows @ asked, strict=True)
    )


async def _with_cosine(embedder: Embedder, question: str, found: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Fill in question · passage where the evidence brings it; embed for the best candidate's passage alone."""
    if embedder.name != fitted().embedder:
        return found
    known = {c.evidence.passage.id: c.evidence.stage("dense") for c in found}
    best = found[0].evidence.passage
    if known[best.id] is None:
        rows = await embedder.embed_passages([found[0].evidence.passage.in_full])
        known[best.id] = float(rows[0] @ await embedder.embed_query(question))
    return tuple(replace(c, signals=replace(c.signals, cosine=known[c.evidence.passage.id])) for c in found)


def _corroboration(candidate: Candidate, everywhere: Sequence[Candidate]) -> list[Quote]:
    """The same statement elsewhere: one quote a page, its own page left out."""
    quotes: dict[str, Quote] = {}
    for other in everywhere:
        if other.page not in (candidate.page, *quotes) and other.says_the_same(candidate):
            quotes[other.page] = other.quote
    return list(quotes.values())
