"""The few sentences of the evidence that speak of a claim: what a small model reads instead of whole pages."""

import math
from collections.abc import Sequence

from ...retrievers.sentences import sentence_spans
from .reading.terms import is_content, stem, words

# No sentence takes more words than this: navigation and tables come as one endless line.
_SENTENCE_WORDS = 70


def gathered(claim: str, evidence: Sequence[str], most_words: int = 130) -> str:
    """At most about `most_words` words of the evidence, whole sentences in their order; all of it if it is that short.

    First the sentences that together hold most of the claim's words (rare words count more), then the neighbours of
    the best one, for what its pronouns mean, then the next best.
    """
    sentences = [text[start:end] for text in evidence for start, end in sentence_spans(text)]
    cut = [" ".join(sentence.split()[:_SENTENCE_WORDS]) for sentence in sentences]
    lengths = [len(sentence.split()) for sentence in cut]
    if sum(lengths) <= most_words:
        return " ".join(cut)
    kept: list[int] = []
    room = most_words
    for number in _by_use(claim, cut):
        if lengths[number] <= room:
            kept.append(number)
            room -= lengths[number]
    return " ".join(cut[number] for number in sorted(kept))


def _by_use(claim: str, sentences: Sequence[str]) -> list[int]:
    held = [frozenset(map(stem, words(sentence))) for sentence in sentences]
    said = frozenset(stem(word) for word in words(claim) if is_content(word))
    weight = {
        term: math.log1p(len(held) / (0.5 + count)) for term in said if (count := sum(term in terms for terms in held))
    }
    worth = [sum(weight[term] for term in said & terms if term in weight) for terms in held]
    # A short sentence that says the same is the better one.
    rank = sorted(range(len(held)), key=lambda n: (-worth[n], len(sentences[n])))
    chosen: list[int] = []
    left = set(weight)
    while left and len(chosen) < 4:
        best = max(rank, key=lambda n: sum(weight[term] for term in left & held[n]))
        if not left & held[best]:
            break
        chosen.append(best)
        left -= held[best]
    beside = [n for n in (chosen[0] - 1, chosen[0] + 1) if 0 <= n < len(held)] if chosen else []
    return list(dict.fromkeys((*chosen, *beside, *rank)))
