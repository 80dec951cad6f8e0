"""What a search may be narrowed to."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ..crawler import plain_host

Safe = Literal["off", "moderate", "strict"]
SAFE: tuple[Safe, ...] = ("off", "moderate", "strict")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Wishes about the hits. A service that cannot honour one ignores it, and does not name it in `honours`.

    Attributes:
        since, until: first and last day on which a page was published, both included.
        language: ISO 639-1 in lower case (`en`), "" for any.
        country: ISO 3166-1 alpha-2 in upper case (`DE`), "" for any.
        safe: how strictly sexual content is left out.
        sites: domains of which one must be the host's, or its parent (`example.org` admits `docs.example.org`).
        not_sites: domains of which none may be.

    Raises:
        ValueError: a value is none of these; the message names it.
    """

    since: date | None = None
    until: date | None = None
    language: str = ""
    country: str = ""
    safe: Safe = "moderate"
    sites: tuple[str, ...] = ()
    not_sites: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.since and self.until and self.since > self.until:
            raise ValueError(f"since {self.since} is after until {self.until}")
        if self.language and not re.fullmatch("[a-z]{2}", self.language):
            raise ValueError(f"language: two letters in lower case, as `en`, not {self.language!r}")
        if self.country and not re.fullmatch("[A-Z]{2}", self.country):
            raise ValueError(f"country: two letters in upper case, as `DE`, not {self.country!r}")
        if self.safe not in SAFE:
            raise ValueError(f"safe: one of {', '.join(SAFE)}, not {self.safe!r}")
        object.__setattr__(self, "sites", domains(self.sites))
        object.__setattr__(self, "not_sites", domains(self.not_sites))

    def admits_host(self, host: str) -> bool:
        """Whether `sites` and `not_sites` let this host through."""
        return (not self.sites or within(host, self.sites)) and not within(host, self.not_sites)

    def in_query(self, query: str) -> str:
        """The query with `site:` operators for `sites` and `not_sites`, for engines that document them."""
        wanted = " OR ".join(f"site:{site}" for site in self.sites)
        if len(self.sites) > 1:
            wanted = f"({wanted})"
        return " ".join(filter(None, (query, wanted, *(f"-site:{site}" for site in self.not_sites))))


def within(host: str, domains: tuple[str, ...]) -> bool:
    """Whether the host is one of the domains or below one."""
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def age_days(filters: Filters, today: date) -> int | None:
    """How many days back a search must reach, for services that only know ages; None without `since`, else ≥ 1."""
    return max((today - filters.since).days + 1, 1) if filters.since else None


def domains(texts: Iterable[str]) -> tuple[str, ...]:
    """Domains in their normal form; a leading `*.` or dot is taken as what it means anyway.

    Raises:
        ValueError: one of them is no domain.
    """
    return tuple(map(_domain, texts))


def _domain(text: str) -> str:
    host = plain_host(text.strip().removeprefix("*.").removeprefix("."))
    if not host:
        raise ValueError(f"a site is a domain, as `example.org`, not {text!r}")
    return host


ANY = Filters()
