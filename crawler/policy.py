"""The limits under which sources are read."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType


def _default_workers() -> int:
    return min(4, os.cpu_count() or 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPolicy:
    """How much is read, for how long, and by how many processes at once.

    Attributes:
        max_bytes: a larger file is skipped, unopened.
        deadline_s: seconds that one item may take before its worker is killed.
        workers: worker processes; by default the machine's cores, at most four.
    """

    max_bytes: int = 50_000_000
    deadline_s: float = 20.0
    workers: int = field(default_factory=_default_workers)

    def __post_init__(self) -> None:
        if self.max_bytes < 1 or self.deadline_s <= 0 or self.workers < 1:
            raise ValueError(f"max_bytes, deadline_s and workers must be positive: {self}")


_OBEYED = frozenset({"noindex", "nosnippet", "noai", "ai-input", "tdm"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlPolicy:
    """Every limit of the crawler. The defaults are manners; what is shorter than them needs an explicit word.

    Attributes:
        agent: the robots token (RFC 9309 §2.2.1), and the product in the user agent.
        contact: a URL or e-mail address in the user agent, for the operators of sites.
        gap_s: seconds between the end of one request to a host and the start of the next; a larger `Crawl-delay`
            counts instead. robots.txt itself is not counted.
        max_wait_s: where a site itself asks for a longer pause than this (`Crawl-delay`, `Retry-After`), what waits for
            it is skipped as "budget". A long queue alone is waited for: who asked may cancel.
        concurrency: requests under way at once, over all hosts (one a host at most).
        attempts: how often a request is made in all, where the failure may pass (a connection cut off, 429, 5xx).
        connect_s: seconds for name, connection and TLS.
        first_byte_s: seconds from the request to the answer's head.
        total_s: seconds from the request to the last byte, redirects not included.
        max_bytes: bytes of a body, decompressed; what is larger is skipped as "too_large".
        max_redirects: hops that are followed, each guarded and asked of its own robots.txt.
        ports: ports that a learned address may name.
        allow_hosts: host names (or addresses) exempt from the address guard, each in full: one's own intranet, tests.
        resolve: `host` (or `host:port`) to `address:port` (or `address`), and `*` for all other names: where to connect
            instead. The person's own word, exempt from the guard; an address written in a URL is never overridden.
        obey: which opt-outs are obeyed, of "noindex", "nosnippet" (X-Robots-Tag, meta robots), "noai", "ai-input"
            (Content-Signal, Content-Usage) and "tdm" (TDM reservation). All are recorded in any case.
        well_known_tdm: whether a site's `/.well-known/tdmrep.json` is asked for, once a day.
        render: whether a page that is an empty shell without JavaScript is rendered in a browser (extra `browser`).
        min_quality: a page whose quality score is lower is skipped as "low_quality"; 0 keeps all.
        cache_dir: folder of the HTTP cache and of the robots.txt files known; None keeps both in memory only, the
            HTTP cache not at all.
        extract_s: seconds that taking one page apart may take.
        workers: worker processes that take pages apart.
    """

    agent: str = "Fontes"
    contact: str = ""
    gap_s: float = 1.0
    max_wait_s: float = 60.0
    concurrency: int = 32
    attempts: int = 2
    connect_s: float = 10.0
    first_byte_s: float = 15.0
    total_s: float = 30.0
    max_bytes: int = 20_000_000
    max_redirects: int = 5
    ports: frozenset[int] = frozenset({80, 443, 8000, 8008, 8080, 8088, 8443, 8888})
    allow_hosts: frozenset[str] = frozenset()
    resolve: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    obey: frozenset[str] = _OBEYED
    well_known_tdm: bool = True
    render: bool = False
    min_quality: float = 0.0
    cache_dir: Path | None = None
    extract_s: float = 20.0
    workers: int = field(default_factory=_default_workers)

    def __post_init__(self) -> None:
        positive = ("max_wait_s", "concurrency", "attempts", "connect_s", "first_byte_s", "total_s", "max_bytes",
                    "extract_s", "workers")  # fmt: skip
        for name in positive:
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be positive: {getattr(self, name)}")
        if not self.gap_s >= 0 or self.max_redirects < 0 or not 0 <= self.min_quality <= 1:
            raise ValueError(f"gap_s and max_redirects must not be negative, min_quality lies in [0, 1]: {self}")
        if not re.fullmatch("[A-Za-z_-]+", self.agent):
            raise ValueError(f"agent: letters, _ and - only (RFC 9309 §2.2.1), not {self.agent!r}")
        if unknown := self.obey - _OBEYED:
            raise ValueError(f"obey: {', '.join(sorted(unknown))} unknown; known: {', '.join(sorted(_OBEYED))}")
