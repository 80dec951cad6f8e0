"""The sentences that an extractive answer can be made of, and how well their words fit the question."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from ...retrievers import Evidence
from ..answerability import Signals
from ..questions.designations import Designation, designations
from ..state import Quote
from ..verifiers.features import Read
from ..verifiers.reading.terms import is_content, is_negation, numbers, stem, words
from .pointing_back import lead_in, points_back
from .quotable import holds_address, is_heading, is_label, is_prose, is_question, quotable_spans
from .table_rows import TableRow, table_rows

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


def unknown_designations(question: str, evidence: Iterable[Evidence]) -> tuple[Designation, ...]:
    """The things that the question names by a number ("Boeing 797") which stands nowhere in the evidence."""
    named = designations(question)
    text = "\n".join(f"{e.title} {e.passage.in_full} {e.source}" for e in evidence) if named else ""
    return tuple(each for each in named if not each.stands_in(text))


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A sentence that may answer: where it stands (offsets into its passage), and how well it does.

    `score` orders the candidates of one question at one level, `alone` is what the sentence has of it without its
    passage. `lead` is where its quote begins: with a sentence that begins with a pronoun, the one right before that
    says what it means. `row` is the row of a table that it is. `in_context` is what a model reads to choose it, `told`
    what it reads to tell whether it answers. `asked_for` are the content words of the question that it holds, with its
    title and the question that stands right before it in the passage.
    """

    evidence: Evidence
    start: int
    end: int
    text: str
    lead: int
    row: TableRow | None
    in_context: str
    told: str
    asked_for: frozenset[str]
    signals: Signals
    alone: float
    score: float

    @cached_property
    def stems(self) -> frozenset[str]:
        """Its content words as they are compared."""
        return stems(self.text)

    @property
    def states(self) -> bool:
        """Whether it states something: a whole sentence, a label with its value or a row of a table, no heading."""
        if self.row is not None:
            return True
        passage = self.evidence.passage
        is_named = self.text.casefold() in map(str.casefold, (passage.title, *passage.heading_path))
        return is_prose(self.text) and not is_named and not is_heading(passage.text, self.start, self.end)

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
        return frozenset(map(stem, Read(self.quote.text).names))

    @cached_property
    def _denies(self) -> bool:
        return any(map(is_negation, words(self.text)))

    @property
    def quote(self) -> Quote:
        """The sentence as a verbatim stretch of its page, with its lead."""
        passage, start, end = self.evidence.passage, self.lead, self.end
        return Quote(
            passage=passage.id,
            page_hash=passage.page_hash,
            start=passage.start + start,
            end=passage.start + end,
            text=passage.text[start:end],
        )

    def holds(self, other: "Candidate") -> bool:
        """True if the other sentence, with its lead, stands in the quote."""
        is_same_passage = self.evidence.passage.id == other.evidence.passage.id
        return is_same_passage and self.lead <= other.lead and other.end <= self.end

    def after(self, other: "Candidate") -> "Candidate":
        """The same where it is read right after `other`: what that one quotes needs no second quoting."""
        is_led = self.evidence.passage.id == other.evidence.passage.id and other.lead <= self.lead < other.end
        return replace(self, lead=self.start) if is_led and self.start >= other.end else self

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
        self._language = language
        self._rows = {e.passage.id: _rows(e.passage.text) for e in evidence}
        self._sentences = {e.passage.id: tuple(self._spans(e)) for e in evidence}
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
        prose = [candidate for candidate in found if candidate.states]
        return best_first(prose or found)

    def _spans(self, evidence: Evidence) -> Iterable[tuple[int, int, frozenset[str]]]:
        """Sentences and rows of tables, in order, with the content words of each."""
        text, rows = evidence.passage.text, self._rows[evidence.passage.id]
        spans = {(row.start, row.end) for row in rows.values()}
        for start, end in quotable_spans(text, self._language):
            if not any(a <= start < b for a, b in spans):
                spans.add((start, end))
        for start, end in sorted(spans):
            yield start, end, stems(rows[start].told if start in rows else text[start:end])

    def _of(self, evidence: Evidence) -> Iterable[Candidate]:
        passage, rows = evidence.passage, self._rows[evidence.passage.id]
        title = stems(passage.title)
        whole = stems(passage.text) | title
        focus, in_time = self._focus(evidence), self._is_in_time(evidence)
        asked = ""
        spans = [(start, end) for start, end, _ in self._sentences[passage.id]]
        for number, (start, end, held) in enumerate(self._sentences[passage.id]):
            text = passage.text[start:end]
            if is_question(text):
                asked = text
                continue
            lead = lead_in(passage.text, spans[: number + 1])
            led = held | stems(passage.text[lead:start])
            known = held | title | stems(asked)
            signals = Signals(
                sentence_coverage=self.share(known | led),
                passage_coverage=self.share(whole),
                focus=focus,
                in_time=in_time,
            )
            alone = self.share(led)
            told = f"{asked} {text}" if asked else rows[start].told if start in rows else passage.text[lead:end]
            yield Candidate(
                evidence=evidence,
                start=start,
                end=end,
                text=text,
                lead=lead,
                row=rows.get(start),
                in_context=told if asked else _in_context(text, told, passage.title or evidence.title),
                told=told,
                asked_for=known & self.weights.keys(),
                signals=signals,
                alone=alone,
                score=alone + 0.5 * signals.passage_coverage,
            )
            asked = ""

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


def _rows(text: str) -> dict[int, TableRow]:
    """The rows of the tables of a passage that can be quoted, by where they begin."""
    return {row.start: row for row in table_rows(text) if not holds_address(text[row.start : row.end])}


def _in_context(text: str, told: str, title: str) -> str:
    """What a model reads to choose a sentence: after the title where it says of nothing named what it says.

    That is one that begins with a pronoun, or a label with its value: of 40 questions that a sentence with a pronoun
    answers, it comes first for 39, without for 20 (ClapNQ, first sentence right .857 with, .816 without). No other is
    read so: that chooses no better (.806). Whether it answers is told without: the title speaks for every sentence of
    its page (recall of unanswerable at 10 % false abstention .66 with, .75 without).
    """
    return f"{title}: {text}" if title and (points_back(text) or is_label(text)) else told


def best_first(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """By score, those about another year than the asked one last; equal ones stay in the order of the evidence."""
    return tuple(sorted(candidates, key=lambda c: (not c.signals.in_time, -c.score)))
