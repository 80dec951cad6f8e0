"""From what a model drafted to a sentence on verbatim quotes of the passages that it names."""

import re
from collections.abc import Iterable
from functools import cached_property

from ...crawler import clean
from ...retrievers import Evidence, sentence_spans
from ..state import Quote, Sentence
from .alignment import Span, align
from .candidates import stems
from .drafted import MOST_CHARACTERS, Drafted
from .packing import Packed

# Fewer words stand in a text by chance.
_LEAST_WORDS = 3

# The share of a sentence's content words that one or two sentences of a passage must hold (its title counts) to be
# quoted for it where the model gave no quote. Of WiCE's supporting passages .78 are kept so, of the passages of other
# pages that were found beside them .12 (.2: .93 and .38, .4: .59 and .04). Whether it is support is for the verifier.
_SHARED = 0.3

# "[1]", "[S1, S2]", "【1†source】", "(S2)", and list marks in front.
_REFERENCE = re.compile(
    r"\s*(?:[\[【［]\s*S?\d{1,3}(?:\s*[,;–-]\s*S?\d{1,3})*(?:†[^\]】]{0,40})?\s*[\]】］]"
    r"|\(\s*S\d{1,3}(?:\s*[,;]\s*S\d{1,3})*\s*\))"
)
_LIST_MARK = re.compile(r"(?:[-*+•‣◦–—>]|#{1,6})\s+")


class Quoting:
    """Finds the quotes of the sentences drafted from one prompt. `language` is that of the passages, "" if unknown."""

    def __init__(self, packed: Packed, language: str) -> None:
        self._quotable = {
            label: _Quotable(e, language) for label, e in zip(packed.labels, packed.passages, strict=True)
        }

    def sentence(self, drafted: Drafted) -> Sentence | None:
        """The sentence with what of its passages carries it, in the order of its labels; None if no word is left.

        A number or a date alone is no word: it states nothing.

        For a label whose passage does not hold the model's quote, the one or two sentences that share the most words
        with the drafted one stand in; a passage that shares too few is left out. A quote that stands in none of the
        named passages and in another one is that one's. `quotes` is () when nothing is found.
        """
        text = spoken(drafted.text)
        if not any(map(str.isalpha, text)):
            return None
        quote = clean(drafted.quote)
        is_quote = len(quote.split()) >= _LEAST_WORDS
        found = {label: self._quotable[label].quoted(quote) if is_quote else () for label in drafted.labels}
        if is_quote and not any(found.values()):
            found |= self._elsewhere(quote)
        said = stems(text)
        quotes = (
            quote
            for label, spans in found.items()
            for quote in self._quotable[label].quotes(spans or self._quotable[label].sharing(said))
        )
        return Sentence(text=text, quotes=tuple(dict.fromkeys(quotes)))

    def _elsewhere(self, quote: str) -> dict[str, tuple[Span, ...]]:
        every = ((label, quotable.quoted(quote)) for label, quotable in self._quotable.items())
        return next(({label: spans} for label, spans in every if spans), {})


class _Quotable:
    """One passage: its sentences, and where it was quoted last."""

    def __init__(self, evidence: Evidence, language: str) -> None:
        self._passage = evidence.passage
        self._title = stems(f"{evidence.title} {evidence.passage.title}")
        self._language = language
        self._last = 0

    @cached_property
    def _sentences(self) -> tuple[Span, ...]:
        return sentence_spans(self._passage.text, self._language)

    @cached_property
    def _stems(self) -> list[frozenset[str]]:
        return [stems(self._passage.text[start:end]) for start, end in self._sentences]

    def quoted(self, quote: str) -> tuple[Span, ...]:
        """The sentences that hold the quote, () if the passage does not."""
        spans = align(quote, self._passage.text, near=self._last)
        if spans:
            self._last = spans[-1][1]
        return tuple(dict.fromkeys(map(self._in_full, spans)))

    def _in_full(self, span: Span) -> Span:
        """Whole sentences: what stands before a few words may turn them round, and a verifier needs the names."""
        touched = [s for s in self._sentences if s[0] < span[1] and span[0] < s[1]]
        start, end = min(span[0], touched[0][0]), max(span[1], touched[-1][1])
        return (start, end) if end - start <= MOST_CHARACTERS else span

    def sharing(self, said: frozenset[str]) -> tuple[Span, ...]:
        """The sentence, or two in a row where the second adds to it, that share the most with `said`; () if too few."""
        runs = [(i, j) for j in range(len(self._sentences)) for i in (j, j - 1) if i >= 0]
        if not runs or not said:
            return ()
        i, j = max(runs, key=lambda run: (len(said & self._held(run)), run[0] - run[1], -run[0]))
        if len(said & (self._held((i, j)) | self._title)) < _SHARED * len(said) or not said & self._held((i, j)):
            return ()
        return ((self._sentences[i][0], self._sentences[j][1]),)

    def _held(self, run: Span) -> frozenset[str]:
        return self._stems[run[0]] | self._stems[run[1]]

    def quotes(self, spans: Iterable[Span]) -> Iterable[Quote]:
        """The stretches as quotes of the page."""
        passage = self._passage
        for start, end in spans:
            yield Quote(
                passage=passage.id,
                page_hash=passage.page_hash,
                start=passage.start + start,
                end=passage.start + end,
                text=passage.text[start:end],
            )


def spoken(text: str) -> str:
    """The drafted sentence on one line, without reference marks, list marks and what no reader sees."""
    line = _REFERENCE.sub("", " ".join(clean(text).split()))
    return _LIST_MARK.sub("", line.strip(), count=1) if _LIST_MARK.match(line.strip()) else line.strip()
