"""What a person gets: sentences that were checked, what they stand on, and what was tried."""

import re
from dataclasses import dataclass
from functools import cached_property

from ..crawler import Skipped, clean
from .source_signals import SourceSignals
from .state import Checked, Citation, Claim, Contradiction, Ran, Searched, Status

# A source's own reference marks: beside ours they would point at our sources. The quote keeps them.
_OWN_MARKS = re.compile(r"\s?\[\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What was searched, what was read for it, what was not read, with its reason, and what was found and left alone.

    `read` are the sources read for this question alone, then those of the index that the evidence came from.
    """

    searched: tuple[Searched, ...] = ()
    read: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    unused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What the run spent: wall time in seconds, pages read for it alone, tokens of models, and money by their prices.

    `cached_tokens` are those of the prompts that servers found in their prefix caches, as far as they tell.
    """

    seconds: float = 0.0
    pages: int = 0
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    money: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The end of a run.

    `status`: answered (every sub-question has an asserted sentence), partial (some have, or the run was cut short),
    abstained (none). `sentences` are in reading order, the asserted and the withheld ones. `reasons` say what is
    missing, where something is. `notes` are what the reader must know about how the answer was made; `run` is the id to
    find it again. `cut_short` says why the run ended before its end (cancelled, out of time), "" when it did not.
    `seen` are the signals of the sources that asserted sentences cite, in the order a reader meets them.
    `trace` says what did the work of the steps that more than one thing can do, and which rounds of repair there were.
    """

    status: Status
    question: str
    run: str
    sentences: tuple[Checked, ...] = ()
    reasons: tuple[str, ...] = ()
    ledger: Ledger = Ledger()
    usage: Usage = Usage()
    notes: tuple[str, ...] = ()
    cut_short: str = ""
    seen: tuple[SourceSignals, ...] = ()
    trace: tuple[Ran, ...] = ()

    @property
    def asserted(self) -> tuple[Checked, ...]:
        """The sentences shown as fact."""
        return tuple(checked for checked in self.sentences if checked.asserted)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims of all sentences, in reading order."""
        return tuple(claim for checked in self.sentences for claim in checked.claims)

    @property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """Where sources disagree on what the asserted sentences speak of, each once."""
        found = (each for checked in self.asserted for claim in checked.claims for each in claim.contradictions)
        once: dict[tuple[str, frozenset[str], bool], Contradiction] = {}
        for each in found:
            values = frozenset((each.older.value.casefold(), each.newer.value.casefold()))
            once.setdefault((each.kind, values, each.is_change), each)
        return tuple(once.values())

    @cached_property
    def sources(self) -> tuple[tuple[Citation, ...], ...]:
        """The citations of the asserted sentences by source, in the order a reader meets them: entry 0 is [1]."""
        groups: dict[str, list[Citation]] = {}
        for checked in self.asserted:
            for claim in checked.claims:
                for citation in claim.citations:
                    group = groups.setdefault(citation.source, [])
                    if citation not in group:
                        group.append(citation)
        return tuple(tuple(group) for group in groups.values())

    def number(self, citation: Citation) -> int | None:
        """The reader-facing number of a citation's source, or None when no asserted sentence cites it."""
        for number, group in enumerate(self.sources, start=1):
            if group[0].source == citation.source:
                return number
        return None

    def signals(self, citation: Citation) -> SourceSignals | None:
        """What is to be seen of a citation's source; None when no asserted sentence cites it."""
        return next((seen for seen in self.seen if seen.source == citation.source), None)

    def marks(self, checked: Checked) -> str:
        """The marks of one asserted sentence, such as `[1][3]`."""
        numbers = {self.number(citation) for claim in checked.claims for citation in claim.citations}
        return "".join(f"[{number}]" for number in sorted(n for n in numbers if n is not None))

    @property
    def text(self) -> str:
        """The asserted sentences with their marks; "" when the run abstained."""
        return " ".join(f"{shown_text(checked)} {self.marks(checked)}" for checked in self.asserted)

    def __str__(self) -> str:
        """For reading: the text with its marks and, below, the source of each; of one that abstained, why."""
        if not self.asserted:
            return clean(
                f"No answer: {'; '.join(self.reasons) or self.cut_short or '; '.join(self.notes) or self.status}"
            )
        cited = (
            f"[{number}] {f'{group[0].title} – ' if group[0].title else ''}{group[0].source}"
            for number, group in enumerate(self.sources, start=1)
        )
        return "\n".join(map(clean, (self.text, "", *cited)))


def shown_text(checked: Checked) -> str:
    """A sentence as a reader sees it: without reference marks of the source, which look like ours."""
    return _OWN_MARKS.sub("", checked.sentence.text)


OWN_PLACES = {"index": "your index", "sources": "the sources named"}
"""The places of a ledger's searches that are no search providers, as a reader knows them."""


def found_of(checked: Checked) -> tuple[tuple[bool, str], ...]:
    """What the check found of an asserted sentence: how many say it, as of when, and (True) what makes it doubtful."""
    least = min((claim.independent_sources for claim in checked.claims), default=0)
    said = [(False, f"{least} independent sources" if least > 1 else "seen once")]
    days = [claim.as_of[:10] for claim in checked.claims if claim.as_of]
    if days:
        said.append((False, f"as of {min(days)}"))
    said += [(True, f"may be out of date: {claim.stale}") for claim in checked.claims if claim.stale]
    if any(not each.is_change for claim in checked.claims for each in claim.contradictions):
        said.append((True, "sources disagree"))
    return tuple(dict.fromkeys(said))
