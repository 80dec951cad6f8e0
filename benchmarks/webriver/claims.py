"""Claims of WiCE asked of the web on which the pages they cite stand, twenty to a host."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from fontes.tools.localweb import LocalWeb

from . import tables
from .asking import LATENCY_S, Asked, ask, fresh, gap_violations, idle, ready, settings


async def claims(data: Path, home: Path, *, limit: int, is_cold: bool) -> None:
    """Ask the claims and print what came of it.

    Cold: a new data directory for every question, so that nothing of any page or robots.txt is held. Warm: one
    assistant for all of them, as a person has who asks one question after another; later ones find pages in its HTTP
    cache. In both, a question is asked once all hosts are idle, and the models are loaded.
    """
    rows = [json.loads(line) for line in (data / "claims/wice/claims.jsonl").read_text(encoding="utf-8").splitlines()]
    rows = rows[:limit]
    asked: list[Asked] = []
    async with LocalWeb(data / "claims/wice/files", latency_s=LATENCY_S, cache_dir=home) as web:
        if is_cold:
            for row in rows:
                async with fresh(web) as fontes:
                    asked.append(await ask(fontes, row["claim"]))
        else:
            folder = home / "warm"
            folder.mkdir(parents=True)
            async with ready(settings(folder, web)) as fontes:
                for row in rows:
                    await idle(web)
                    asked.append(await ask(fontes, row["claim"]))
        early, requests = gap_violations(web.log)
    name = "cold (fresh home, idle hosts)" if is_cold else "warm (one assistant, idle hosts)"
    print(f"\nWiCE over LocalWeb, {name}: {len(rows)} claims\n  {tables.times(asked)}   {tables.outcomes(asked)}")
    print(tables.steps(asked))
    print(f"    requests sooner than the gap: {early} of {requests}")
    _print_hits(rows, asked)


def _print_hits(rows: Sequence[dict], asked: Sequence[Asked]) -> None:
    """Hit@10 of the gold page among the pages read, and what became of the gold pages that were not read."""
    hits, cited, answered = 0, 0, 0
    lost: Counter[str] = Counter()
    for row, each in zip(rows, asked, strict=True):
        gold = set(row["cited_pages"])
        hit = any(Path(url).stem in gold for url in each.read[:10])
        hits += hit
        if not hit:
            lost[_fate(gold, each)] += 1
        if each.answer.status != "abstained":
            answered += 1
            cited += any(Path(group[0].source).stem in gold for group in each.answer.sources[:1])
    print(f"    Hit@10 of the gold page among the pages read: {hits / len(rows):.3f}   lost: {dict(lost)}")
    print(f"    first source cited is the gold page: {cited}/{answered}")


def _fate(gold: set[str], asked: Asked) -> str:
    ledger = asked.answer.ledger
    for skipped in ledger.skipped:
        if Path(skipped.source).stem in gold:
            return f"skipped: {skipped.reason}"
    return "found, left unused" if any(Path(url).stem in gold for url in ledger.unused) else "not found"
