"""One list from several providers' lists: reciprocal rank fusion over canonical URLs."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from ..crawler import BlockedURL, canonical, split
from .filters import Filters, within
from .hit import Hit

_ISO = re.compile(r"\d{4}(-\d{2}){0,2}")
_K = 60  # Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion", SIGIR 2009
_IN_WINDOW, _OUT_OF_WINDOW = 1.25, 0.5  # the latter weighs as much as the vote of one of two providers


@dataclass(slots=True)
class _Candidate:
    host: str
    score: float = 0.0
    found: list[Hit] = field(default_factory=list)


def merge(
    answers: Sequence[Sequence[Hit]],
    *,
    limit: int,
    filters: Filters,
    allow: tuple[str, ...] = (),
    deny: tuple[str, ...] = (),
    per_domain: int | None = None,
) -> tuple[Hit, ...]:
    """The hits of all answers, each page once, by the sum of 1 / (60 + rank) over the answers that hold it.

    Where `filters` name a time, pages dated within it weigh more and those dated outside less; undated ones are left as
    they are. Left out are hosts that `filters` do not admit, that `deny` holds, or that a given `allow` does not; and
    of one host (without `www.`) all beyond the `per_domain` best, unless `filters.sites` asks for it. Equal scores
    keep the order of the answers.
    """
    candidates: dict[str, _Candidate] = {}
    for answer in answers:
        for rank, (url, hit) in enumerate(_unique(answer), start=1):
            candidate = candidates.get(url) or _Candidate(split(url)[1])
            host = candidate.host
            if not filters.admits_host(host) or within(host, deny) or (allow and not within(host, allow)):
                continue
            candidates[url] = candidate
            candidate.score += 1 / (_K + rank)
            candidate.found.append(replace(hit, url=url, rank=rank))
    for candidate in candidates.values():
        candidate.found.sort(key=lambda hit: hit.rank)
        candidate.score *= _timeliness(_published(candidate.found), filters)
    ordered = sorted(candidates.values(), key=lambda candidate: (-candidate.score, candidate.found[0].rank))
    kept = islice(_spread(ordered, filters, per_domain), limit)
    return tuple(_merged(candidate.found, rank) for rank, candidate in enumerate(kept, start=1))


def _unique(answer: Iterable[Hit]) -> Iterable[tuple[str, Hit]]:
    seen: set[str] = set()
    for hit in answer:
        try:
            url = canonical(hit.url)
        except BlockedURL:
            continue
        if url not in seen:
            seen.add(url)
            yield url, hit


def _merged(found: list[Hit], rank: int) -> Hit:
    best = found[0]
    providers = tuple(dict.fromkeys(hit.provider for hit in found))
    return replace(best, rank=rank, published=_published(found), providers=providers)


def _published(found: list[Hit]) -> str:
    return next((hit.published for hit in found if hit.published), "")


def _timeliness(published: str, filters: Filters) -> float:
    """A month or year lies in the window when any day of it does; ISO dates compare as text."""
    if not (filters.since or filters.until) or not _ISO.fullmatch(published):
        return 1.0
    first, last = published + "-01-01"[len(published) - 4 :], published + "-12-31"[len(published) - 4 :]
    too_old = filters.since is not None and last < filters.since.isoformat()
    too_new = filters.until is not None and first > filters.until.isoformat()
    return _OUT_OF_WINDOW if too_old or too_new else _IN_WINDOW


def _spread(ordered: list[_Candidate], filters: Filters, per_domain: int | None) -> Iterable[_Candidate]:
    taken: Counter[str] = Counter()
    for candidate in ordered:
        host = candidate.host.removeprefix("www.")
        taken[host] += 1
        if per_domain is None or taken[host] <= per_domain or (filters.sites and within(host, filters.sites)):
            yield candidate
