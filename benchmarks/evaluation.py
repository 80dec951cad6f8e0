"""How long an evaluation takes, and how much of that is the harness.

    python benchmarks/evaluation.py [--data ../shared/data] [--home DIR] [--rerank 50] [--around 150]

1. Questions and claims of seven public sets (1,019), over one index of the documents of four (1,267), which is made
   first and kept in `--home`; the extractive writer, no cross-encoder. Then `--rerank` of them with it, and what that
   makes of 1,000.
2. What the harness does around an answer, for `--around` of the cases one at a time: the processor time from the
   answer to the result on the disk (finding the evidence again, judging citations, scoring, writing), and how long that
   waits. Two whole runs differ by more than that on a machine with other work.

Verdicts are kept in the index, so each part works on a fresh copy.
"""

import argparse
import asyncio
import os
import platform
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fontes.agent.settings import Settings
from fontes.evals import asking
from fontes.evals.case import Case, Document
from fontes.evals.cases import dataset_hash
from fontes.evals.corpus import Corpus, corpus_key
from fontes.evals.readers import READERS
from fontes.evals.registry import METRICS
from fontes.evals.ruler import Ruler
from fontes.evals.run_folder import Manifest, RunFolder
from fontes.evals.runner import How, Runner

POOLED = ("clapnq", "chroma_spans", "mtrag", "scifact")
OTHERS = ("wice", "fm2", "simpleqa")
CONCURRENCY = 4
BARE: dict[str, Any] = {"reranker": "none", "web": False}


@dataclass(slots=True)
class Took:
    """Wall and processor time, in seconds."""

    wall: float = 0.0
    cpu: float = 0.0


@contextmanager
def timed() -> Iterator[Took]:
    took, wall, cpu = Took(), time.perf_counter(), time.process_time()
    yield took
    took.wall, took.cpu = time.perf_counter() - wall, time.process_time() - cpu


def all_cases(data: Path) -> tuple[Case, ...]:
    """Every question, each over all documents of all sets."""
    sets = {name: READERS[name](data) for name in (*POOLED, *OTHERS)}
    documents: tuple[Document, ...] = tuple(
        replace(document, source=f"{name}/{document.source}") for name in POOLED for document in sets[name][0].documents
    )
    return tuple(
        replace(
            case,
            id=f"{name}/{case.id}",
            documents=documents,
            question=case.question or case.labels[0].claim,
            labels=(),
            gold_sources=tuple(f"{name}/{source}" for source in case.gold_sources) if name in POOLED else (),
            gold_spans=tuple(
                replace(span, source=f"{name}/{span.source}") for span in case.gold_spans if name in POOLED
            ),
        )
        for name, cases in sets.items()
        for case in cases
    )


async def prepared(cases: Sequence[Case], home: Path) -> Took:
    with timed() as took:
        async with Corpus(cases[0], home, corpus_key(cases[0])).assistant({**BARE}):
            pass
    return took


async def through_harness(
    cases: tuple[Case, ...], home: Path, changes: dict[str, Any], *, concurrency: int = CONCURRENCY
) -> Took:
    settings = Settings(home=home, **changes)
    metrics = tuple(METRICS.values())
    with TemporaryDirectory() as out:
        async with Ruler(settings) as ruler:
            with RunFolder.open(Path(out) / "run", manifest_of(cases), cases) as folder:
                cells, how = {"all": settings}, How(concurrency=concurrency)
                runner = Runner(folder, cases, cells, {"all": changes}, metrics, ruler, how=how)
                with timed() as took:
                    outcome = await runner.run()
        assert outcome.failed == 0, "a case failed"
    return took


def manifest_of(cases: Sequence[Case]) -> Manifest:
    return Manifest(
        fontes="", dataset="all", dataset_hash=dataset_hash(cases), cases=len(cases), cells={"all": {}}, started=""
    )


def measured(owner: object, name: str) -> Took:
    """What the coroutine function `name` of `owner` takes from now on, all its calls together."""
    took, inner = Took(), getattr(owner, name)

    async def outer(*arguments: Any, **named: Any) -> Any:
        with timed() as one:
            result = await inner(*arguments, **named)
        took.wall, took.cpu = took.wall + one.wall, took.cpu + one.cpu
        return result

    setattr(owner, name, outer)
    return took


def print_around(cases: tuple[Case, ...], home: Path) -> None:
    """One case at a time, so that all processor time is the harness's own."""
    parts = {
        "evidence": (measured(asking, "_retrieved"), measured(asking, "_pages")),
        "judging": (measured(Ruler, "judged"),),
        "scores and disk": (measured(Runner, "_keep"),),
    }
    asyncio.run(through_harness(cases, home, BARE, concurrency=1))
    shown = []
    for name, pieces in parts.items():
        cpu, wall = (1_000 * sum(getattr(each, kind) for each in pieces) / len(cases) for kind in ("cpu", "wall"))
        shown.append(f"{name} {cpu:.2f} ms ({wall:.1f} ms by the clock)")
    total = 1_000 * sum(each.cpu for pieces in parts.values() for each in pieces) / len(cases)
    print(f"around an answer, {len(cases)} cases: {total:.2f} ms of processor; {', '.join(shown)}")


def main() -> None:
    parser = argparse.ArgumentParser(description="The time of an evaluation.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--home", type=Path, default=Path("build/evaluation"))
    parser.add_argument("--rerank", type=int, default=50)
    parser.add_argument("--around", type=int, default=150)
    arguments = parser.parse_args()
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}; others keep {os.getloadavg()[0]:.1f} processes busy")
    cases = all_cases(arguments.data)
    made = asyncio.run(prepared(cases, arguments.home))
    print(f"index of {len(cases[0].documents)} documents: {made.wall:.0f} s (nothing to do when it is there)")
    with TemporaryDirectory() as scratch:
        copies = [Path(scratch) / name for name in ("all", "around", "rerank")]
        for copy in copies:
            shutil.copytree(arguments.home, copy)
        took = asyncio.run(through_harness(cases, copies[0], BARE))
        times = f"{took.wall:.0f} s, {took.cpu:.0f} s of processor"
        print(f"{len(cases)} cases, no rerank, {CONCURRENCY} at a time: {times}")
        some = spread(cases, arguments.rerank)
        ranked = asyncio.run(through_harness(some, copies[2], {"web": False}))
        per_1000 = 1_000 * ranked.wall / len(some) / 60
        print(f"{len(some)} cases with rerank: {ranked.wall:.0f} s; 1,000 of them would take {per_1000:.0f} min")
        print_around(spread(cases, arguments.around), copies[1])


def spread(cases: tuple[Case, ...], count: int) -> tuple[Case, ...]:
    """So many of the cases, from all sets alike."""
    return cases[:: max(1, len(cases) // count)][:count]


if __name__ == "__main__":
    main()
