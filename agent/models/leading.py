"""The sentences that carry a source: what can be quoted of it where a summary is asked for and no model writes."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from ...retrievers import Evidence
from .candidates import Candidate, Wording
from .quotable import is_label, is_statement

_BYLINE = re.compile(r"(?:Posted|Published|Issued|Updated|Written|Printed|Last \w+ed)\b[^,;]{0,80}$")

_OF_ONE = 5
_OF_MANY = 8


def leading(evidence: Sequence[Evidence], language: str) -> list[Candidate]:
    """The first sentence of a source and those with the most of what it speaks of, in reading order, at most five.

    Of several sources the first sentence of each, at most eight. `evidence` holds the passages in reading order.
    """
    of_page: dict[str, list[Evidence]] = {}
    for each in evidence:
        of_page.setdefault(each.passage.page_hash, []).append(each)
    stated = [found for passages in of_page.values() if (found := _stated(passages, language))]
    if len(stated) > 1:
        return [found[0] for found in stated[:_OF_MANY]]
    carrying = _carrying(*stated) if stated else []
    return [*carrying[:1], *(each.after(before) for before, each in pairwise(carrying))]


def _stated(passages: Sequence[Evidence], language: str) -> list[Candidate]:
    """Its whole sentences in reading order; labels and rows of tables are none."""
    found = [c for c in Wording("", passages, language).candidates(passages) if c.states]
    sentences = [c for c in found if c.row is None and is_statement(c.quote.text) and not is_label(c.text)]
    return sorted((c for c in sentences if not _BYLINE.match(c.text)), key=lambda c: c.quote.end)


def _carrying(found: Sequence[Candidate]) -> list[Candidate]:
    """The first, then one by one the sentence whose words are the commonest, what is said counting less.

    SumBasic: Nenkova and Vanderwende, "The impact of frequency on summarization" (2005).
    """
    counts = Counter(word for each in found for word in each.stems)
    weight = {word: count / counts.total() for word, count in counts.items()}
    chosen: list[Candidate] = []
    rest = list(found)
    while rest and len(chosen) < _OF_ONE:
        best = max(rest, key=lambda c: sum(weight[w] for w in c.stems) / max(1, len(c.stems))) if chosen else rest[0]
        chosen.append(best)
        rest = [each for each in rest if each is not best and not best.holds(each)]
        weight |= {word: weight[word] ** 2 for word in best.stems}
    return sorted(chosen, key=lambda c: c.quote.end)
