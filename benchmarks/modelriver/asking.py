"""Questions of the river, watched: their time step by step, their citations, and the index they are put to."""

import os
import shutil
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fontes import Answer, Assistant, Settings
from fontes.agent.budget import Allowance
from fontes.agent.deps import Deps
from fontes.evals.datasets import RetrievalSet, read_wice

WORDS_ALONE: dict[str, Any] = {"embedder": "none", "reranker": "none"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """An answer with its wall time, and the seconds of each step (a step that ran twice, of both).

    `first_sentence` and `first_verdict` are when the first sentence closed and the first one was asserted, `drafted`
    when the draft was over, all in seconds from the start, None where it did not come to that.
    """

    answer: Answer
    seconds: float
    steps: dict[str, float] = field(default_factory=dict)
    first_sentence: float | None = None
    first_verdict: float | None = None
    drafted: float | None = None

    @property
    def retrieval(self) -> float:
        """Seconds of finding the evidence."""
        return self.steps.get("retrieve", 0.0) + self.steps.get("rerank", 0.0)


class AtTheEnd(Assistant):
    """An assistant that checkpoints when a run stops, not after every step."""

    def _deps(self, *given: Any) -> Deps:
        return replace(super()._deps(*given), is_durable=False)


async def watch(fontes: Assistant, question: str, *, allowance: Allowance | None = None, **options: Any) -> Watched:
    """Ask and look on."""
    steps: dict[str, float] = {}
    moments: dict[str, float] = {}
    answer: Answer | None = None
    start = time.perf_counter()
    run = await fontes.start(question, allowance=allowance, **options)
    async for event in run.events():
        match event.kind:
            case "step_finished":
                steps[event.step] = steps.get(event.step, 0.0) + float(event.value)  # type: ignore[arg-type]
                moments[event.step] = event.at
            case "sentence":
                moments.setdefault("sentence", event.at)
            case "verdict" if event.value.asserted:  # type: ignore[attr-defined]
                moments.setdefault("verdict", event.at)
            case "answer":
                answer = event.value  # type: ignore[assignment]
            case _:
                pass
    seconds = time.perf_counter() - start
    assert answer is not None
    return Watched(
        answer=answer,
        seconds=seconds,
        steps=steps,
        first_sentence=moments.get("sentence"),
        first_verdict=moments.get("verdict"),
        drafted=moments.get("draft"),
    )


async def broken(fontes: Assistant, answer: Answer) -> int:
    """How many citations of its asserted sentences do not stand in the stored text."""
    cited = [c for checked in answer.asserted for claim in checked.claims for c in claim.citations]
    texts = await fontes.index.store.texts({c.page_hash for c in cited})
    return sum(texts.get(c.page_hash, "")[c.start : c.end] != c.quote for c in cited)


async def wice(data: Path, home: Path, *, embed: bool = True) -> RetrievalSet:
    """Have the pages of WiCE in an index under `home`, the slow part only if it is not there yet; returns the set."""
    settings = Settings(home=home / "wice", web=False, **({} if embed else WORDS_ALONE))
    async with Assistant(settings) as fontes:
        await fontes.add([data / "claims/wice/files"], embed=embed)
    return read_wice(data)


@asynccontextmanager
async def copied(home: Path, **settings: Any) -> AsyncIterator[Settings]:
    """Settings over a copy of the index under `home`: nothing that was kept of earlier questions is in it."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "home"
        shutil.copytree(home / "wice", copy, ignore=shutil.ignore_patterns("checkpoints.db*", "models.json"))
        yield Settings(home=copy, web=False, **settings)


def middle_and_tail(values: Sequence[float]) -> tuple[float, float]:
    """The median and the 95th percentile; the largest of a few. Both nan of none."""
    if not values:
        return float("nan"), float("nan")
    return statistics.median(values), sorted(values)[min(len(values) - 1, int(0.95 * len(values)))]


def ms(values: Sequence[float]) -> str:
    """p50 and p95 of seconds, in milliseconds."""
    p50, p95 = middle_and_tail(values)
    return f"p50 {1000 * p50:6.1f} ms  p95 {1000 * p95:6.1f} ms"


def load() -> str:
    """The machine's load, to be read beside a time."""
    return f"load {os.getloadavg()[0]:.1f}"
