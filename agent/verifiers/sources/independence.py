"""Which sources say the same because one has it from the other: copies, one house, one news agency.

Merging errs on the side of fewer sources: a count of independent sources is a promise. Two pages that rest on one
study, or that tell one rumour in their own words, cannot be told from two witnesses by these rules.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from .organisations import agency, organisation, registrable_domain
from .shared_text import Runs, contained, runs

MergeKind = Literal["same_text", "copied_text", "copied_passage", "same_domain", "same_organisation", "same_agency"]

# Shares of five-word runs; found on development pages, see evals/copies.py.
_SAME, _COPIED, _PASSAGE = 0.7, 0.4, 0.7
# A shorter text or passage is a handful of runs: a quotation, a title, a formula.
_LEAST_RUNS, _LEAST_PASSAGE = 25, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceText:
    """A page as its copies are looked for.

    `source` is a URL or file path; `site`, `author` and `canonical` are what the page says of itself. `passage` is the
    paragraph that supports the claim, "" when the page as a whole is meant.
    """

    source: str
    text: str
    passage: str = ""
    site: str = ""
    author: str = ""
    canonical: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Why two sources (by their place in the sequence, `first` < `second`) count as one; `detail` in words."""

    first: int
    second: int
    kind: MergeKind
    detail: str


def independent(sources: Sequence[SourceText]) -> tuple[tuple[int, ...], ...]:
    """The sources in groups that count as one each, by their places; groups and members in ascending order."""
    return groups(len(sources), merges(sources))


def merges(sources: Sequence[SourceText]) -> tuple[Merge, ...]:
    """Every pair of sources that counts as one, with the first reason that holds.

    20 pages of 20,000 characters take about 35 ms the first time, of common length 11 ms.
    """
    if len(sources) < 2:
        return ()
    marks: list[_Marks] = []
    seen: set[str] = set()
    for source in sources:
        marks.append(_Marks(source, seen))
        seen |= marks[-1].runs
    return tuple(
        Merge(first=i, second=j, kind=kind, detail=detail)
        for i, j in combinations(range(len(marks)), 2)
        for kind, detail in _reasons(marks[i], marks[j])
    )


def groups(count: int, found: Sequence[Merge]) -> tuple[tuple[int, ...], ...]:
    """`count` sources in groups, of which `found` joins two at a time."""
    head = list(range(count))

    def of(place: int) -> int:
        while head[place] != place:
            place = head[place]
        return place

    for merge in found:
        one, other = sorted((of(merge.first), of(merge.second)))
        head[other] = one
    members: dict[int, list[int]] = {}
    for place in range(count):
        members.setdefault(of(place), []).append(place)
    return tuple(map(tuple, members.values()))


class _Marks:
    """What a source is recognised by; `met` are its runs that stand in sources before it (few, so pairs are quick)."""

    def __init__(self, source: SourceText, seen: AbstractSet[str]) -> None:
        self.domains = {registrable_domain(source.source), registrable_domain(source.canonical)} - {""}
        self.organisation = organisation(source.source, source.site)
        self.label = organisation(source.source, "")
        self.agency = agency(source.source, source.author, source.text)
        self.runs = runs(source.text)
        self.met = self.runs & seen
        self.passage = runs(source.passage)
        self.is_local = not self.domains
        self.words = (
            "" if self.runs else " ".join(source.text.casefold().split())
        )  # runs tell more where there are some


def _reasons(one: _Marks, other: _Marks) -> Iterator[tuple[MergeKind, str]]:
    """At most one."""
    if domain := min(one.domains & other.domains, default=""):
        yield "same_domain", f"both are from {domain}"
    elif one.organisation and one.organisation == other.organisation and not (one.is_local and other.is_local):
        yield "same_organisation", f"both are by {one.organisation}"
    elif one.label and one.label == other.label:
        yield "same_organisation", f"both are by {one.label}"
    elif one.agency and one.agency == other.agency:
        yield "same_agency", f"both print a report of {one.agency}"
    else:
        yield from _copies(one, other)


def _copies(one: _Marks, other: _Marks) -> Iterator[tuple[MergeKind, str]]:
    if one.words == other.words and one.words:
        yield "same_text", "the text is the same"
        return
    common = len(other.met & one.runs)
    least = min(len(one.runs), len(other.runs))
    if common >= max(_LEAST_RUNS, _SAME * (len(one.runs) + len(other.runs) - common)):
        yield "same_text", "nearly all of the text is the same"
    elif common >= max(_LEAST_RUNS, _COPIED * least):
        yield "copied_text", f"{round(100 * common / least)} % of the shorter text stands in the other"
    elif (share := _passage_share(one, other)) >= _PASSAGE:
        yield "copied_passage", f"{round(100 * share)} % of the supporting passage stands in the other text"


def _passage_share(one: _Marks, other: _Marks) -> float:
    shares = (_held(one.passage, other.runs), _held(other.passage, one.runs))
    return max(shares)


def _held(passage: Runs, text: Runs) -> float:
    return contained(passage, text) if len(passage) >= _LEAST_PASSAGE else 0.0
