"""The Robots Exclusion Protocol: what a robots.txt says to a crawler (RFC 9309)."""

import re
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from .groups import ANYONE, NOBODY, Group, Reading, Rule
from .lines import lines
from .pattern import canonical_path, path_of

_AGENT = re.compile(r"[A-Za-z_-]+")
_ROBOTS_TXT = b"/robots.txt"


@dataclass(frozen=True, slots=True, eq=False)
class Robots:
    """What a robots.txt says, ready to be asked; immutable, made by `parse`, `allow_all` or `disallow_all`.

    Matching is RFC 9309's: the groups that name the agent, else those of `*`; among their rules the one with the most
    octets, `Allow` where two are as long; everything is allowed where none matches, and so is `/robots.txt`, unless a
    group that names the agent forbids it.
    Paths are compared in one spelling of percent-encoding (§2.2.2). Two things that the RFC would take for the same
    find no `Allow`, because Google's parser, with which sites try their files, finds none there: a rule with letters
    or digits in needless escapes, and a URL with octets beyond ASCII unencoded, which is no valid one.
    `sitemaps` are absolute URLs, in order, each once.
    """

    sitemaps: tuple[str, ...] = ()
    _groups: dict[str, tuple[Group, ...]] = field(default_factory=dict, repr=False)
    _verdict: Rule | None = None

    @classmethod
    def parse(cls, body: bytes, url: str = "") -> "Robots":
        """Read a robots.txt; `url` is its own, against which its sitemaps are resolved.

        Never raises: what is no line of a robots.txt says nothing. Of a body longer than 1 MiB (`MAX_BYTES`) the
        whole lines within it count.
        """
        reading = Reading()
        sitemaps: dict[str, None] = {}
        for number, name, value in lines(body):
            if name == "sitemap":
                if sitemap := _absolute(url, value):
                    sitemaps[sitemap] = None
            else:
                reading.take(number, name, value)
        return cls(tuple(sitemaps), reading.groups())

    @classmethod
    def allow_all(cls) -> "Robots":
        """For a site that has no robots.txt (RFC 9309 §2.3.1.3)."""
        return cls()

    @classmethod
    def disallow_all(cls, reason: str) -> "Robots":
        """For a site whose robots.txt cannot be had (RFC 9309 §2.3.1.4); `reason` is what `rule` then tells."""
        return cls(_verdict=Rule(False, reason.encode("utf-8", errors="replace"), 0, 0))

    def allows(self, url: str, agent: str) -> bool:
        """Whether `agent` may ask for the URL; a path with its query does as well.

        `agent` is a product token (§2.2.1), compared without regard to case; of `Fontes/1.0` what is before the slash
        counts. One that holds anything but ASCII letters, `-` and `_` is named by no group.
        """
        rule = self.rule(url, agent)
        return rule is None or rule.allow

    def rule(self, url: str, agent: str) -> Rule | None:
        """The rule that decides for this URL and agent, None if none matches; of rules that say the same, the first."""
        path = path_of(url)
        groups = self._groups.get(_token(agent))
        if groups is None:
            if path == _ROBOTS_TXT:
                return None
            groups = self._groups.get(ANYONE, ())
        best, canonical = self._verdict, canonical_path(path)
        for group in groups:
            for rule in group.matching(path, canonical):
                best = _stronger(best, rule)
        return best

    def crawl_delay(self, agent: str) -> float | None:
        """Seconds that the site asks the agent to leave between two requests, None if it does not ask.

        The largest if there are several, at most `MAX_DELAY_S`. Not in the RFC; a value that is no plain decimal
        number is none.
        """
        delays = [group.delay_s for group in self._said_to(agent) if group.delay_s is not None]
        return max(delays, default=None)

    def signals(self, url: str, agent: str) -> tuple[str, ...]:
        """What the site says of the use of this URL, such as `content-signal: ai-input=no`, in the file's order.

        `Content-Signal` and `Content-Usage` lines of the groups that the agent obeys, and of the file's head before
        all groups. Where lines name paths, those with the longest match count (draft-ietf-aipref-attach, §3.1), all
        of them if several are as long.
        """
        path = canonical_path(path_of(url))
        found = [entry for group in self._said_to(agent) for entry in group.signals.under(path)]
        longest: dict[str, int] = {}
        for _, octets, signal in found:
            name = signal.partition(":")[0]
            longest[name] = max(longest.get(name, 0), octets)
        found.sort(key=lambda entry: entry[0])
        return tuple(dict.fromkeys(said for _, octets, said in found if octets == longest[said.partition(":")[0]]))

    def _said_to(self, agent: str) -> tuple[Group, ...]:
        own = self._groups.get(_token(agent))
        if own is None:
            own = self._groups.get(ANYONE, ())
        return self._groups.get(NOBODY, ()) + own


def _token(agent: str) -> str:
    product = agent.partition("/")[0].strip()
    # "?" is in no file: user-agent lines hold letters, "-", "_" or the one "*"
    return product.lower() if _AGENT.fullmatch(product) else "?"


def _stronger(best: Rule | None, rule: Rule) -> Rule:
    if best is None:
        return rule
    if rule.octets != best.octets:
        return rule if rule.octets > best.octets else best
    if rule.allow != best.allow:
        return rule if rule.allow else best
    return rule if rule.line < best.line else best


def _absolute(base: str, value: bytes) -> str:
    if not value:
        return ""
    try:
        sitemap = urljoin(base, value.decode("utf-8", errors="replace"))
        return sitemap if urlsplit(sitemap).scheme in ("http", "https") else ""
    except ValueError:  # brackets in the host that hold no IPv6 address
        return ""
