"""The claims again while searches and pages fail: nothing may crash, and every failure must stand in the ledger."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from traceback import print_exc
from urllib.parse import parse_qs, quote, urlsplit

from fontes.tools.localweb import Fault, LocalWeb, Logged

from . import tables
from .asking import LATENCY_S, Asked, ask, gap_violations, idle, ready, settings
from .second import Second

_OF_PAGES = (
    "status:500", "status:503:1", "status:404", "status:403", "status:429", "reset", "truncated", "slow:4", "drip:4",
    "empty", "garbage", "captcha", "login", "notfound-soft", "redirect-loop",
)  # fmt: skip
_OF_SEARCHES = (
    "search-429", "search-down", "search-html", "search-nothing", "search-slow:6", "search-reset", "search-truncated",
    "search-garbage", "search-captcha", "search-403",
)  # fmt: skip
_DELAYS = ("slow", "drip", "search-slow")


def rules(rate: float, kinds: Sequence[str]) -> tuple[Fault, ...]:
    """Rules that strike independently, together `rate` of all addresses."""
    each = 1 - (1 - rate) ** (1 / len(kinds))
    return tuple(Fault.of(kind, rate=each) for kind in kinds)


async def faults(data: Path, home: Path, *, limit: int, rate: float) -> None:
    """Ask the claims with two providers, of which the second fails twice as often, each in a fresh data directory."""
    lines = (data / "claims/wice/claims.jsonl").read_text(encoding="utf-8").splitlines()[:limit]
    folder = data / "claims/wice/files"
    asked: list[Asked] = []
    spans: list[tuple[float, float]] = []
    crashes = 0
    one = (*rules(rate, _OF_PAGES), *rules(rate, _OF_SEARCHES))
    async with (
        LocalWeb(folder, latency_s=LATENCY_S, cache_dir=home, faults=one) as web,
        LocalWeb(folder, cache_dir=home, faults=rules(min(1.0, 2 * rate), _OF_SEARCHES), seed=1) as other,
    ):
        Second.url = other.search_url
        for line in lines:
            with TemporaryDirectory() as own:
                values = settings(Path(own), web, search=("searxng", "webriver.second:Second"))
                async with ready(values) as fontes:
                    await idle(web)
                    begun = monotonic()
                    try:
                        asked.append(await ask(fontes, json.loads(line)["claim"]))
                    except Exception:  # noqa: BLE001 - what is counted
                        crashes += 1
                        print_exc()
                        continue
                    spans.append((begun, monotonic()))
    unnoted = Counter[str]()
    for (begun, ended), each in zip(spans, asked, strict=True):
        unnoted.update(_unnoted(each, _between(web.log, begun, ended), _between(other.log, begun, ended)))
    struck = Counter(each.fault for each in (*web.log, *other.log) if each.fault)
    # By question: the next one is another crawler's, and a slow page that was given up ends in the log much later.
    gaps = [gap_violations(_between(web.log, begun, ended)) for begun, ended in spans]
    early, requests = map(sum, zip(*gaps, strict=True))
    _print(asked, crashes, unnoted, struck, rate)
    print(f"    requests sooner than the gap: {early} of {requests}")


def _between(log: Sequence[Logged], begun: float, ended: float) -> list[Logged]:
    """The requests that began in this time; what was given up may end much later."""
    return [each for each in log if begun <= each.started <= ended]


def _print(asked: Sequence[Asked], crashes: int, unnoted: Counter[str], struck: Counter[str], rate: float) -> None:
    print(f"\nWiCE with {rate:.0%} of searches and pages failing: {len(asked) + crashes} claims, crashes {crashes}")
    print(f"  {tables.times(asked)}   {tables.outcomes(asked)}")
    print(tables.steps(asked))
    uncited = sum(each.answer.status != "abstained" and not each.citations for each in asked)
    print(f"    answers that assert without a citation: {uncited}")
    print(f"    faults met: {struck.total()}, not in the ledger: {unnoted.total()} {dict(unnoted)}")
    print(f"    by kind: {dict(sorted(struck.items()))}")
    rows = Counter(skipped.reason for each in asked for skipped in each.answer.ledger.skipped)
    errors = Counter(row.provider for each in asked for row in each.answer.ledger.searched if row.error)
    print(f"    skipped: {dict(rows.most_common())}; searches that failed: {dict(errors)}")


def _unnoted(asked: Asked, web: Sequence[Logged], other: Sequence[Logged]) -> list[str]:
    """The faults of one question that its ledger does not tell; a page that came late all the same is no failure."""
    ledger = asked.answer.ledger
    noted = {_key(skipped.source) for skipped in ledger.skipped}
    read = {_key(source) for source in ledger.read}
    failed = {(row.provider, " ".join(row.query.split())) for row in ledger.searched if row.error}
    answered = {(row.provider, " ".join(row.query.split())) for row in ledger.searched if not row.error}
    missing = []
    for provider, log in (("searxng", web), ("second", other)):
        for each in log:
            if not each.fault:
                continue
            if each.path.startswith("/search?"):
                asked_for = parse_qs(urlsplit(each.path).query)
                row = (provider, " ".join(asked_for["q"][0].split()))
                if row not in failed and not (each.fault.startswith(_DELAYS) and row in answered):
                    missing.append(f"{each.fault} of {provider}")
            else:
                key = (each.host, quote(each.path, safe="/?=&%"))
                if key not in noted and not (each.fault.startswith(_DELAYS) and key in read):
                    missing.append(each.fault)
    return missing


def _key(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.netloc, parts.path + (f"?{parts.query}" if parts.query else "")
