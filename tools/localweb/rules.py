"""Faults by rule: which share of which addresses goes wrong, and how."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from hashlib import blake2b
from typing import Self

from .errors import LocalWebError

# Name → what may follow it after colons, and the default of each.
_KINDS: dict[str, tuple[float, ...]] = {
    "status": (500, 0),
    "reset": (),
    "slow": (5,),
    "drip": (10,),
    "truncated": (),
    "empty": (),
    "garbage": (),
    "captcha": (),
    "login": (),
    "notfound-soft": (),
    "redirect-loop": (),
}
# What only a search endpoint does; the names below stand for others in it.
_SEARCH_KINDS: dict[str, tuple[float, ...]] = {"html": (), "nothing": ()}
_SHORT = {"down": "status:502", "429": "status:429", "403": "status:403"}
_RETRY_AFTER_S = 1.0
_MOST_S = 3600.0
_RULE = re.compile(r"\s*(?P<rate>\d+(?:\.\d*)?|\.\d+)(?P<percent>\s*%)?\s+(?P<kind>[\w:.-]+)(?:\s+(?P<url>\S+))?\s*")
_OWN_FILES = ("/robots.txt", "/sitemap.xml", "/.well-known/tdmrep.json")

KINDS = (*_KINDS, *(f"search-{name}" for name in (*_KINDS, *_SEARCH_KINDS, *_SHORT)))
"""Every kind of fault by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One rule: `rate` of the addresses that match `url` answer with this fault, always the same ones.

    `name` is the kind and `numbers` what it is told: `status:503:30` (Retry-After of 30 s; 1 s for 429 if none is
    given), `slow:2.5` (seconds before the answer), `drip:10` (seconds that the body takes). With `on_search` it
    strikes the search endpoint, else pages. `url` is a glob over `host/path?query`, over the path if it begins with
    `/`, over the host if it has no `/`. robots.txt, sitemap.xml and tdmrep.json fail only where the glob names them:
    a site without robots.txt is not one page lost, but all of them.
    """

    name: str
    numbers: tuple[float, ...]
    on_search: bool
    url: str
    rate: float

    @classmethod
    def of(cls, kind: str, url: str = "*", rate: float = 1.0) -> Self:
        """A rule from the words that a person writes.

        Raises:
            LocalWebError: there is no such kind, or a number is out of its range.
        """
        if not 0 <= rate <= 1:
            raise LocalWebError(f"fault {kind}", f"the rate is a share from 0 to 1 (or 30%), not {rate:g}")
        on_search = kind.startswith("search-")
        plain = kind.removeprefix("search-")
        name, *said = (_SHORT.get(plain, plain) if on_search else kind).split(":")
        defaults = (_KINDS | _SEARCH_KINDS if on_search else _KINDS).get(name)
        if defaults is None or len(said) > len(defaults):
            raise LocalWebError(f"fault {kind}", f"there is no such kind; there are {', '.join(KINDS)}")
        numbers = (*(_number(kind, text) for text in said), *defaults[len(said) :])
        if name == "status":
            numbers = _status(kind, numbers)
        return cls(name=name, numbers=numbers, on_search=on_search, url=url, rate=rate)

    @classmethod
    def parse(cls, rule: str) -> Self:
        """A rule written as `RATE KIND PATTERN`, such as `0.3 status:503 *.test` or `30% search-429`.

        Raises:
            LocalWebError: it cannot be read.
        """
        match = _RULE.fullmatch(rule)
        if match is None:
            raise LocalWebError(f"fault {rule!r}", "it is written RATE KIND PATTERN, such as: 0.3 status:503 *.test")
        rate = float(match["rate"]) / (100 if match["percent"] else 1)
        return cls.of(match["kind"], match["url"] or "*", rate)

    @property
    def label(self) -> str:
        """The kind as it stands in the log."""
        numbers = ":".join(f"{number:g}" for number in self.numbers if number)
        return f"{'search-' if self.on_search else ''}{self.name}{f':{numbers}' if numbers else ''}"

    def strikes(self, host: str, target: str, seed: int) -> bool:
        """Whether a request for this address goes wrong; for the same seed and address always the same."""
        if not self._matches(host, target):
            return False
        drawn = blake2b(f"{seed}\n{self.label}\n{host}{target}".encode(errors="surrogateescape"), digest_size=8)
        return int.from_bytes(drawn.digest(), "big") < self.rate * 2**64

    def _matches(self, host: str, target: str) -> bool:
        path = target.partition("?")[0]
        if path in _OWN_FILES and not self.url.endswith(path):
            return False
        glob = self.url.partition("://")[2] or self.url
        if glob.startswith("/"):
            return fnmatchcase(target, glob)
        return fnmatchcase(f"{host}{target}", glob) if "/" in glob else fnmatchcase(host, glob)


def fault_for(faults: Iterable[Fault], host: str, target: str, *, on_search: bool, seed: int) -> Fault | None:
    """The first of the rules that strikes this request."""
    return next((f for f in faults if f.on_search == on_search and f.strikes(host, target, seed)), None)


def _number(kind: str, text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= _MOST_S:
        raise LocalWebError(f"fault {kind}", f"{text!r} is no number from 0 to {_MOST_S:g}")
    return number


def _status(kind: str, numbers: tuple[float, ...]) -> tuple[float, ...]:
    status, retry_after_s = numbers
    if status not in range(400, 600):
        raise LocalWebError(f"fault {kind}", "a failing status is one from 400 to 599")
    return status, retry_after_s or (_RETRY_AFTER_S if status == 429 else 0.0)
