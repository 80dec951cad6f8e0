"""The sentences that an extractive answer can be made of, and how well their words fit the question."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ...retrievers import Evidence
from ..answerability import Signals
from ..state import Quote
from ..verifiers.terms import is_content, is_negation, numbers, stem, words
from .quotable import is_prose, is_question, quotable_spans

# Two sentences with fewer words in common than this (Jaccard) say different things.
_SAME = 0.75


def stems(text: str) -> frozenset[str]:
    """The content words of a text as they are compared."""
    return frozenset(stem(word) for word in words(text) if is_content(word))


def in_full(evidence: Evidence) -> str:
    """A passage as embedder and cross-encoder read it: under its title and headings."""
    context = evidence.passage.context
    return f"{context}\n{evidence.passage.text}" if context else evidence.passage.text


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A sentence that may answer: where it stands (offsets into its passage), and how well it does.

    `score` orders the candidates of one question at one level. `asked` is the question that stands right before it
    in the passage, "" if there is none.
    """

    evidence: Evidence
    start: int
    end: int
    text: str
    asked: str
    signals: Signals
    score: float

    @cached_property
    def stems(self) -> frozenset[str]:
        """Its content words as they are compared."""
        return stems(self.text)

    @cached_property
    def _exact(self) -> tuple[frozenset[frozenset[str]], bool]:
        return frozenset(numbers(self.text).values()), any(map(is_negation, words(self.text)))

    @property
    def in_context(self) -> str:
        """The sentence as a model reads it: after the question that it answers, if one stands right before it.

        Not after its title: that chooses no better (ClapNQ, first sentence right .806 with, .816 without) and tells
        less well whether it answers (recall of unanswerable at 10 % false abstention .64 with, .72 without).
        """
        return f"{self.asked} {self.text}" if self.asked else self.text

    @property
    def quote(self) -> Quote:
        """The sentence as a verbatim stretch of its page."""
        passage = self.evidence.passage
        start, end = passage.start + self.start, passage.start + self.end
        return Quote(passage=passage.id, page_hash=passage.page_hash, start=start, end=end, text=self.text)

    def says_the_same(self, other: "Candidate") -> bool:
        """True for a near copy; one that differs in a number or a negation is none."""
        if len(self.stems & other.stems) < _SAME * len(self.stems | other.stems):
            return False
        return self._exact == other._exact


class Wording:
    """The content words of a question, weighted by how rare they are among the sentences of the evidence."""

    def __init__(self, question: str, evidence: Iterable[Evidence], language: str) -> None:
        self._sentences = {
            e.passage.id: tuple((a, b, stems(e.passage.text[a:b])) for a, b in quotable_spans(e.passage.text, language))
            for e in evidence
        }
        every = [held for spans in self._sentences.values() for _, _, held in spans]
        held_by = Counter(word for held in every for word in held)
        asked = stems(question) or frozenset(map(stem, words(question)))
        self.weights = {
            word: math.log(1 + (len(every) - held_by[word] + 0.5) / (held_by[word] + 0.5)) for word in asked
        }
        self._total = sum(self.weights.values()) or 1.0

    def share(self, held: frozenset[str]) -> float:
        """The weight of the question's words among `held`, in [0, 1]."""
        return sum(self.weights[word] for word in held & self.weights.keys()) / self._total

    def candidates(self, evidence: Sequence[Evidence]) -> tuple[Candidate, ...]:
        """The sentences of `evidence`, best first by their words; fragments only when there is no whole sentence."""
        found = [candidate for e in evidence for candidate in self._of(e)]
        prose = [candidate for candidate in found if is_prose(candidate.text)]
        return best_first(prose or found)

    def _of(self, evidence: Evidence) -> Iterable[Candidate]:
        passage = evidence.passage
        title = stems(passage.title)
        whole = stems(passage.text) | title
        before = ""
        for start, end, held in self._sentences[passage.id]:
            text = passage.text[start:end]
            if is_question(text):
                before = text
                continue
            signals = Signals(
                sentence_coverage=self.share(held | title),
                passage_coverage=self.share(whole),
            )
            score = self.share(held) + 0.5 * signals.passage_coverage
            yield Candidate(
                evidence=evidence, start=start, end=end, text=text, asked=before, signals=signals, score=score
            )
            before = ""


def best_first(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """By score; equal ones stay in the order of the evidence."""
    return tuple(sorted(candidates, key=lambda c: -c.score))
