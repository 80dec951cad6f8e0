"""The sentences that an extractive answer can be made of, and how well their words fit the question."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ...retrievers import Evidence
from ..answerability import Signals
from ..state import Quote
from ..verifiers.features import Read
from ..verifiers.reading.terms import is_content, is_negation, numbers, stem, words
from .quotable import is_prose, is_question, quotable_spans

# Two sentences with fewer words in common than this (Jaccard) say different things.
_SAME = 0.75

# Which share of the question's words beyond its title makes a passage one on the focus: a title alone says what a page
# is about, not that it answers. At 1, 2, 3 times the share recall of the unanswerable at 10 % false abstention is .82,
# .83, .85 on average over the mixes of `evals/fit_answerability.py`, without the signal .81.
_FOCUS = 1 / 3

_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")


@lru_cache(maxsize=2_048)
def stems(text: str) -> frozenset[str]:
    """The content words of a text as they are compared."""
    return frozenset(stem(word) for word in words(text) if is_content(word))


def years(text: str) -> frozenset[str]:
    """The years that a text names; a decade ("1990s") is none."""
    return frozenset(_YEAR.findall(text))


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A sentence that may answer: where it stands (offsets into its passage), and how well it does.

    `score` orders the candidates of one question at one level, `alone` is what the sentence has of it without its
    passage. `asked` is the question that stands right before it in the passage, "" if there is none. `asked_for` are
    the content words of the question that it holds, with its title and `asked`.
    """

    evidence: Evidence
    start: int
    end: int
    text: str
    asked: str
    asked_for: frozenset[str]
    signals: Signals
    alone: float
    score: float

    @cached_property
    def stems(self) -> frozenset[str]:
        """Its content words as they are compared."""
        return stems(self.text)

    @property
    def page(self) -> str:
        """The hash of its page."""
        return self.evidence.passage.page_hash

    @cached_property
    def title_stems(self) -> frozenset[str]:
        """The content words of its page's title."""
        return stems(self.evidence.passage.title)

    @cached_property
    def _figures(self) -> frozenset[frozenset[str]]:
        return frozenset(numbers(self.text).values())

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(map(stem, Read(self.text).names))

    @cached_property
    def _denies(self) -> bool:
        return any(map(is_negation, words(self.text)))

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
        """True for a near copy; one that differs in a number, a negation or a name is none."""
        if len(self.stems & other.stems) < _SAME * len(self.stems | other.stems):
            return False
        same_facts = self._figures == other._figures and self._denies == other._denies
        return same_facts and not _each_has_more(self._names, other._names)

    def disagrees(self, other: "Candidate") -> bool:
        """True for a sentence of another page if each has a number or a name that the other has not, or one denies.

        Of two sentences that answer one question: another answer, or at least one told otherwise.
        """
        if self.page == other.page:
            return False
        otherwise = _each_has_more(self._figures, other._figures) or _each_has_more(self._names, other._names)
        return otherwise or self._denies != other._denies


def _each_has_more(one: Set[object], other: Set[object]) -> bool:
    return bool(one - other and other - one)


class Wording:
    """The content words of a question, weighted by how rare they are among the sentences of the evidence.

    What is about none of `asked_years` is no answer; () if the question does not depend on a year.
    """

    def __init__(
        self, question: str, evidence: Iterable[Evidence], language: str, asked_years: frozenset[str] = frozenset()
    ) -> None:
        self._years = asked_years
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
        self._total = math.fsum(self.weights.values()) or 1.0

    def share(self, held: frozenset[str]) -> float:
        """The weight of the question's words among `held`, in [0, 1]."""
        # A set has another order in each process; fsum is the same in any.
        return math.fsum(self.weights[word] for word in held & self.weights.keys()) / self._total

    def candidates(self, evidence: Sequence[Evidence]) -> tuple[Candidate, ...]:
        """The sentences of `evidence`, best first by their words; fragments only when there is no whole sentence."""
        found = [candidate for e in evidence for candidate in self._of(e)]
        prose = [candidate for candidate in found if is_prose(candidate.text)]
        return best_first(prose or found)

    def _of(self, evidence: Evidence) -> Iterable[Candidate]:
        passage = evidence.passage
        title = stems(passage.title)
        whole = stems(passage.text) | title
        focus, in_time = self._focus(evidence), self._is_in_time(evidence)
        before = ""
        for start, end, held in self._sentences[passage.id]:
            text = passage.text[start:end]
            if is_question(text):
                before = text
                continue
            known = held | title | stems(before)
            signals = Signals(
                sentence_coverage=self.share(known), passage_coverage=self.share(whole), focus=focus, in_time=in_time
            )
            alone = self.share(held)
            yield Candidate(
                evidence=evidence,
                start=start,
                end=end,
                text=text,
                asked=before,
                asked_for=known & self.weights.keys(),
                signals=signals,
                alone=alone,
                score=alone + 0.5 * signals.passage_coverage,
            )
            before = ""

    def _focus(self, evidence: Evidence) -> float:
        passage = evidence.passage
        beyond = self.weights.keys() - stems(passage.title)
        held = beyond & stems(" ".join((*passage.heading_path, passage.text)))
        return min(1.0, len(held) / (_FOCUS * len(beyond))) if beyond else 1.0

    def _is_in_time(self, evidence: Evidence) -> bool:
        if not self._years:
            return True
        about = " ".join((evidence.passage.in_full, evidence.source, evidence.published))
        return any(self._years & values for values in numbers(about).values())


def best_first(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """By score, those about another year than the asked one last; equal ones stay in the order of the evidence."""
    return tuple(sorted(candidates, key=lambda c: (not c.signals.in_time, -c.score)))
