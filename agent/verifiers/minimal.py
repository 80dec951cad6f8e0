"""The shortest stretch of a text that bears a claim out as well as all of it does, and texts that do so better."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...retrievers.sentences import Span, sentence_spans
from .features import Read, compare
from .lexical import log_odds, score, shipped
from .reading.reads import focus_of

# How much of the score may be lost for a shorter stretch, and how much another text must gain to take its place.
_MARGIN, _GAIN = 0.03, 0.1

_MOST_SENTENCES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """The stretch `start` to `end` (code points, whole sentences) of the text number `text`, with the score it has."""

    start: int
    end: int
    score: float
    text: int = 0


def support(claim: str, evidence: Sequence[str]) -> float:
    """The lexical score of a claim, 0 where there is nothing to compare."""
    found = compare(claim, evidence)
    return score(found, log_odds(found, shipped())) if found else 0.0


def minimal(claim: str, text: str, *, title: str = "") -> Support | None:
    """The shortest one to three neighbouring sentences that support a claim as well as `text` does.

    Of equally short ones the best. None if there are none: the claim rests on more than three sentences. `title` is
    the page's, which sentences need not repeat.
    """
    spans = sentence_spans(text)
    if not spans:
        return None
    whole = support(claim, (title, text))
    windows = tuple(_windows(claim, text, spans))
    for size in range(_MOST_SENTENCES):
        stretches = [(spans[first][0], spans[last][1]) for first, last in windows if last - first == size]
        scored = [Support(start=a, end=b, score=support(claim, (title, text[a:b]))) for a, b in stretches]
        best = max(scored, key=lambda each: each.score, default=None)
        if best and best.score >= whole - _MARGIN:
            return best
    return None


def _windows(claim: str, text: str, spans: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """First and last sentence of the stretches that hold one of those that say most of the claim."""
    reads = [Read(text[start:end]) for start, end in spans]
    focus = {id(read) for read in focus_of(Read(claim), reads)}
    wanted = [number for number, read in enumerate(reads) if id(read) in focus]
    for size in range(_MOST_SENTENCES):
        for first in range(len(spans) - size):
            if any(first <= number <= first + size for number in wanted):
                yield first, first + size


def better(claim: str, cited: str, candidates: Sequence[str], *, title: str = "") -> Support | None:
    """The stretch among `candidates` that supports a claim clearly better than the text that is cited, None if none.

    Clearly: by .1 of the score, or where the cited text does not reach `supported` and the other one does.
    """
    has = support(claim, (title, cited))
    best: Support | None = None
    for number, text in enumerate(candidates):
        reached = support(claim, (title, text))
        is_first = has < shipped().supported_at <= reached
        if (reached >= has + _GAIN or is_first) and (best is None or reached > best.score):
            short = minimal(claim, text, title=title)
            best = Support(
                start=short.start if short else 0, end=short.end if short else len(text), score=reached, text=number
            )
    return best
