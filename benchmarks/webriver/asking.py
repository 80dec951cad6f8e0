"""One question of the web, watched: its time step by step, its answer, and whether what it cites is there."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from fontes import Answer, Assistant, Settings
from fontes.agent.state import Plan
from fontes.tools.localweb import LocalWeb, Logged

GAP_S = 1.0
LATENCY_S = 0.02
_OWN_FILES = ("/robots.txt", "/.well-known/tdmrep.json")
_TINY = "The tower was built by Mary Hale in 1902. It stands on the coast of Norway and is lit at night.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An answer with its wall time, the seconds of each step, and how many of its citations are not in the page."""

    answer: Answer
    seconds: float
    steps: dict[str, float] = field(default_factory=dict)
    citations: int = 0
    broken: int = 0

    @property
    def quotes(self) -> list[str]:
        """What the asserted sentences cite."""
        claims = (claim for checked in self.answer.asserted for claim in checked.claims)
        return [citation.quote for claim in claims for citation in claim.citations]

    @property
    def read(self) -> list[str]:
        """The addresses read for this question."""
        return [source for source in self.answer.ledger.read if source.startswith("http")]


def settings(home: Path, *webs: LocalWeb, **more: object) -> Settings:
    """The defaults of a user, with the first web as the internet and its search as the only provider."""
    web = webs[0]
    values = {"search": ("searxng",), "searxng_url": web.search_url, "web": True, **more}
    return Settings(home=home, resolve=(f"*=127.0.0.1:{web.port}",), **values)


@asynccontextmanager
async def ready(values: Settings) -> AsyncIterator[Assistant]:
    """An assistant whose models are loaded and whose workers run, with an empty index and no page in its cache."""
    async with Assistant(values) as fontes:
        tiny = values.home / "tiny.txt"
        tiny.write_text(_TINY, encoding="utf-8")
        await fontes.ask("Who built the tower?", sources=[tiny], web=False)
        yield fontes


@asynccontextmanager
async def fresh(web: LocalWeb, **more: object) -> AsyncIterator[Assistant]:
    """As `ready`, in a data directory of its own, once every host has been left alone for its gap."""
    with TemporaryDirectory() as home:
        async with ready(settings(Path(home), web, **more)) as fontes:
            await idle(web)
            yield fontes


async def idle(web: LocalWeb) -> None:
    """Wait until no host would have to be waited for."""
    if web.last is not None:
        await asyncio.sleep(max(0.0, web.last.ended + GAP_S + 0.1 - time.monotonic()))


async def ask(fontes: Assistant, question: str, *, plan: Plan | None = None) -> Asked:
    """Ask, and hold every citation against the stored text."""
    steps: dict[str, float] = {}
    answer: Answer | None = None
    start = time.perf_counter()
    async for event in fontes.stream(question, web=True, plan=plan):
        if event.kind == "step_finished" and isinstance(event.value, float):
            steps[event.step] = event.value
        elif event.kind == "answer" and isinstance(event.value, Answer):
            answer = event.value
    seconds = time.perf_counter() - start
    assert answer is not None
    cited = [citation for checked in answer.asserted for claim in checked.claims for citation in claim.citations]
    texts = await fontes.index.store.texts({citation.page_hash for citation in cited})
    broken = sum(texts.get(c.page_hash, "")[c.start : c.end] != c.quote for c in cited)
    return Asked(answer=answer, seconds=seconds, steps=steps, citations=len(cited), broken=broken)


def gap_violations(log: Sequence[Logged], *, gap_s: float = GAP_S) -> tuple[int, int]:
    """How many requests to a host came sooner than its gap allows, and of how many; robots.txt is not counted."""
    hosts: dict[str, list[Logged]] = {}
    for each in log:
        if each.path not in _OWN_FILES and not each.path.startswith("/search?"):
            hosts.setdefault(each.host, []).append(each)
    early = count = 0
    for requests in hosts.values():
        requests.sort(key=lambda each: each.started)
        count += len(requests)
        early += sum(after.started - before.ended < gap_s for before, after in pairwise(requests))
    return early, count
