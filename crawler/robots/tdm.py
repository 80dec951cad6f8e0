"""The TDM Reservation Protocol's file, `/.well-known/tdmrep.json` (W3C TDMRep Community Group, final report)."""

import json
from dataclasses import dataclass, field

from .pattern import PatternIndex, canonical_path, canonical_pattern, path_of

_Rules = PatternIndex[tuple[int, tuple[str, ...]]]


@dataclass(frozen=True, slots=True, eq=False)
class TdmRules:
    """Which of a site's URLs are reserved from text and data mining; without arguments, the rules of a site without."""

    _rules: _Rules = field(default_factory=lambda: PatternIndex(()), repr=False)

    @classmethod
    def parse(cls, body: bytes) -> "TdmRules":
        """Read a `tdmrep.json`; never raises.

        A body that is no JSON has no rules. An entry without a location, or whose reservation is not 0 or 1, is none;
        a single entry that stands outside an array counts.
        """
        try:
            entries = json.loads(body)
        except (ValueError, RecursionError):
            return cls()
        rules = []
        for number, entry in enumerate(entries if isinstance(entries, list) else [entries]):
            if isinstance(entry, dict) and (signals := _signals(entry)):
                location = entry.get("location")
                if isinstance(location, str) and location.strip():
                    rules.append((_pattern(location.strip()), (number, signals)))
        return cls(PatternIndex(rules))

    def signals(self, url: str) -> tuple[str, ...]:
        """`tdm-reservation: 1` (or 0) and `tdm-policy: …` for the URL, () if nothing is said of it.

        Of the locations that match, as patterns in robots.txt do, the first in the file counts (TDMRep, §5.2).
        """
        _, signals = min(self._rules.under(canonical_path(path_of(url))), default=(0, ()))
        return signals


def _signals(entry: dict[str, object]) -> tuple[str, ...]:
    reservation = str(entry.get("tdm-reservation")).strip()
    if reservation not in ("0", "1"):
        return ()
    policy = entry.get("tdm-policy")
    if reservation == "1" and isinstance(policy, str) and policy.strip():
        return (f"tdm-reservation: {reservation}", f"tdm-policy: {policy.strip()}")
    return (f"tdm-reservation: {reservation}",)


def _pattern(location: str) -> bytes:
    if location.lower().startswith(("http://", "https://")):
        return canonical_pattern(path_of(location))
    return canonical_pattern(location.encode("utf-8", errors="surrogatepass"))
