"""The whole river over real pages: what is answered, what is cited, how long it takes.

    python benchmarks/river.py --data ../shared/data

WiCE: its 230 pages are the index and its claims are the questions; then each claim is asked again with its cited pages
out of the index, where abstaining is right. ClapNQ: its passages are the index and its questions are asked, those that
no passage answers too. Every citation of every answer is held against the stored text. The first time the pages are
embedded, which takes some minutes; with `--home` the indexes are kept for the next call.
"""

import argparse
import asyncio
import gzip
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from fontes import Answer, Assistant, Settings
from fontes.crawler import Page, Sighting, text_hash, utc_now

MAIN = [sys.executable, "-c", "from fontes.agent.cli import main; main()"]


@dataclass
class Tally:
    """What a set of questions came to."""

    seconds: list[float] = field(default_factory=list)
    answered: int = 0
    gold: int = 0
    citations: int = 0
    broken: int = 0

    def line(self, name: str) -> str:
        count = len(self.seconds)
        if count < 2:
            return f"{name:44} {count:4}  (too few)"
        p50, p95 = statistics.median(self.seconds), statistics.quantiles(self.seconds, n=20)[-1]
        cited = f"{self.gold / self.answered:.3f}" if self.answered else "  -  "
        return (
            f"{name:44} {count:4}  {self.answered / count:8.3f}  {cited:>6}  {self.citations:6} ({self.broken} broken)"
            f"  p50 {1000 * p50:5.0f} ms  p95 {1000 * p95:5.0f} ms"
        )


async def ask(fontes: Assistant, question: str, gold: set[str], tally: Tally) -> Answer:
    start = time.perf_counter()
    answer = await fontes.ask(question)
    tally.seconds.append(time.perf_counter() - start)
    cited = [citation for checked in answer.asserted for claim in checked.claims for citation in claim.citations]
    texts = await fontes.index.store.texts({citation.page_hash for citation in cited})
    tally.citations += len(cited)
    tally.broken += sum(texts[c.page_hash][c.start : c.end] != c.quote for c in cited)
    if answer.status != "abstained":
        tally.answered += 1
        tally.gold += any(c.source in gold for c in cited[:1])
    return answer


def page(text: str, source: str, title: str) -> Page:
    seen = Sighting(source=source, fetched=utc_now(), title=title)
    return Page(text=text, hash=text_hash(text), title=title, language="en", sightings=(seen,))


async def embed(fontes: Assistant, name: str) -> None:
    start = time.perf_counter()
    made = await fontes.index.embed()
    if made:
        seconds = time.perf_counter() - start
        print(f"{name}: {made:,} passages embedded in {seconds:.0f} s ({made / seconds:.1f}/s)")


def rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


async def wice(data: Path, home: Path, *, rerank: bool, limit: int) -> None:
    claims = rows(data / "claims/wice/claims.jsonl")[:limit]
    name = "with cross-encoder" if rerank else "without cross-encoder"
    async with Assistant(Settings(home=home / "wice", reranker="default" if rerank else "none")) as fontes:
        await fontes.add([data / "claims/wice/files"], embed=False)
        await embed(fontes, "WiCE")
        paths = {p.stem: str(p.resolve()) for p in (data / "claims/wice/files").glob("*.txt")}
        await fontes.ask(claims[0]["claim"])  # the models are loaded
        for label in ("supported", "partially_supported", "not_supported"):
            tally = Tally()
            for claim in claims:
                if claim["label"] == label:
                    await ask(fontes, claim["claim"], {paths[p] for p in claim["cited_pages"] if p in paths}, tally)
            print(tally.line(f"WiCE {label}, {name}"), flush=True)


async def wice_foreign(data: Path, home: Path, *, limit: int) -> None:
    """Each claim with its cited pages taken out of the index: one index, from which they come and go."""
    claims = rows(data / "claims/wice/claims.jsonl")[:limit]
    async with Assistant(Settings(home=home / "wice")) as fontes:
        held = {Path(s.sighting.source).stem: (s.sighting.source, s.page_hash) for s in await fontes.sources()}
        # A run that has read them keeps the pages, and their vectors, from being purged while they are out.
        await fontes.index.store.begin_run("benchmark", "")
        await fontes.index.store.read_by("benchmark", [(page_hash, source) for source, page_hash in held.values()])
        tally = Tally()
        for claim in claims:
            out = [held[p] for p in claim["cited_pages"] if p in held]
            await fontes.index.remove([source for source, _ in out])
            await ask(fontes, claim["claim"], set(), tally)
            await fontes.index.store.adopt(out)
            await fontes.index.sync()
        print(tally.line("WiCE claims without their pages (0 is right)"), flush=True)


async def clapnq(data: Path, home: Path, *, limit: int) -> None:
    questions = rows(data / "qa/clapnq/questions.jsonl")[:limit]
    with gzip.open(data / "qa/clapnq/passages.jsonl.gz", "rt", encoding="utf-8") as file:
        passages = [json.loads(line) for line in file]
    async with Assistant(Settings(home=home / "clapnq")) as fontes:
        await fontes.index.add([page(p["text"], p["passage_id"], p["title"]) for p in passages], embed=False)
        await embed(fontes, "ClapNQ")
        first = answerable = 0
        for wanted in (True, False):
            tally = Tally()
            for question in questions:
                if question["answerable"] != wanted:
                    continue
                answer = await ask(fontes, question["question"], {question["passage_id"]}, tally)
                if wanted:
                    gold = {" ".join(s.split()) for a in question["answers"] for s in a["selected_sentences"]}
                    shown = " ".join(answer.asserted[0].sentence.text.split()) if answer.asserted else ""
                    first += any(shown and (shown in g or g in shown) for g in gold)
                    answerable += 1
            print(tally.line(f"ClapNQ {'answerable' if wanted else 'unanswerable (0 is right)'}"), flush=True)
        rate = first / answerable
        print(f"ClapNQ, whole index: first sentence is gold in {rate:.3f} of {answerable} (abstaining is a miss)")


def cold(home: Path, question: str) -> None:
    """A new process on an existing index, three times."""
    environment = os.environ | {"FONTES_HOME": str(home / "wice")}
    times = []
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run([*MAIN, "ask", question, "-q"], env=environment, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    print(f"cold `fontes ask` on the WiCE index: {', '.join(f'{t:.2f}' for t in times)} s")


async def run(data: Path, home: Path, limit: int) -> None:
    print(f"{'set':44} {'n':>4}  {'answered':>8}  {'1st=gold':>6}  citations")
    await wice(data, home, rerank=True, limit=limit)
    await wice(data, home, rerank=False, limit=limit)
    await wice_foreign(data, home, limit=limit)
    await clapnq(data, home, limit=limit)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--home", type=Path, help="keep the indexes here")
    parser.add_argument("--limit", type=int, default=1000, help="ask so many questions of each set")
    options = parser.parse_args()
    print("python", *sys.argv, f"  ({platform.machine()}, {os.cpu_count()} cores, {platform.python_version()})")
    with tempfile.TemporaryDirectory() as scratch:
        home = options.home or Path(scratch)
        asyncio.run(run(options.data, home, options.limit))
        cold(home, "Who is the publisher of Media Play News?")


if __name__ == "__main__":
    main()
