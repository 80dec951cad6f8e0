"""Which worker asks which cases: one host's pages stay on one worker, so that politeness holds without a word between
workers.

Cases over a saved web go with its folder, cases that name addresses with their hosts. What searches the open web stays
together too: nobody knows beforehand which hosts a question leads to. Cases over documents ask no host; they are dealt
out evenly, neighbours together, since they are likely to share an index.
"""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from .case import Case

OPEN_WEB = "the open web"
_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+", re.IGNORECASE)


def hosts(case: Case) -> frozenset[str]:
    """What the case may ask: host names, the folder of a saved web, `OPEN_WEB`; none for documents and labels alone."""
    if case.web:
        return frozenset([f"folder {case.web}"])
    named = frozenset(filter(None, map(_host, _ADDRESS.findall(case.question))))
    if named:
        return named
    return frozenset() if case.documents or case.labels else frozenset([OPEN_WEB])


def partition(cases: Sequence[Case], workers: int) -> tuple[tuple[Case, ...], ...]:
    """At most `workers` parts, none empty; each case is in one of them, in its order, and so is each host.

    Raises:
        ValueError: there is no worker.
    """
    if workers < 1:
        raise ValueError("a run needs a worker")
    groups = sorted(_groups(cases), key=len, reverse=True)  # a stable order: the same cases go the same way
    parts: list[list[int]] = [[] for _ in range(workers)]
    for group in groups:
        min(parts, key=len).extend(group)
    free = [place for place, case in enumerate(cases) if not hosts(case)]
    for part, room in zip(parts, _rooms([len(part) for part in parts], len(free)), strict=True):
        part.extend(free[:room])
        del free[:room]
    return tuple(tuple(cases[place] for place in sorted(part)) for part in parts if part)


def _groups(cases: Sequence[Case]) -> list[list[int]]:
    """The places of cases that have a host in common, directly or by way of others."""
    leader: dict[str, str] = {}

    def find(host: str) -> str:
        while leader.setdefault(host, host) != host:
            leader[host] = leader[leader[host]]
            host = leader[host]
        return host

    for case in cases:
        first, *rest = sorted(hosts(case)) or [""]
        for other in rest:
            leader[find(other)] = find(first)
    groups: dict[str, list[int]] = {}
    for place, case in enumerate(cases):
        if named := sorted(hosts(case)):
            groups.setdefault(find(named[0]), []).append(place)
    return list(groups.values())


def _rooms(sizes: Sequence[int], free: int) -> list[int]:
    """How many of `free` cases each part gets, so that the largest part is as small as can be."""
    rooms = [0] * len(sizes)
    level = list(sizes)
    for _ in range(free):
        smallest = level.index(min(level))
        rooms[smallest] += 1
        level[smallest] += 1
    return rooms


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
