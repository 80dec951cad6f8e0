"""What the river itself takes of an answer by a model, beyond retrieval and beyond the model server."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from fontes import Assistant

from .asking import AtTheEnd, Watched, copied, load, middle_and_tail, ms, watch, wice
from .serving import Served, serving

_WARM = 5
_PEERS = "LangChain 7.9, Local Deep Research 96, GPT Researcher 131, haiku.rag (with citations) 139, STORM 446"
_OURS = ("understand", "route", "draft", "verify", "repair", "answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One question: as watched, the seconds of its requests when sent alone, and how many there were by path."""

    watched: Watched
    served: float
    cpu: float
    paths: Counter[str]

    @property
    def ours(self) -> float:
        """Seconds that are neither retrieval's nor the server's."""
        return self.watched.seconds - self.watched.retrieval - self.served


async def overhead(data: Path, home: Path, *, limit: int, repeats: int, settings: dict[str, Any]) -> None:
    """Every way of keeping checkpoints with rules and with the model as router; the best of `repeats` passes each.

    Each pass has a copy of the index and a server of its own: nothing is counted, tokenized or judged twice.
    """
    questions = [asked.text for asked in (await wice(data, home, embed="embedder" not in settings)).asked][:limit]
    best: dict[tuple[str, str], list[Measured]] = {}
    for _ in range(repeats):
        for router in ("rules", "auto"):
            for durability in ("exit", "sync"):
                measured = await _pass(home, questions, is_durable=durability == "sync", router=router, **settings)
                if _p50(measured) < _p50(best.get((router, durability), [])):
                    best[router, durability] = measured
                print(f"  a pass: {router:5} {durability:4} {ms([m.ours for m in measured])}  {load()}", flush=True)
    print(f"\nOverhead of an answer beyond retrieval and server, {len(questions)} questions, best of {repeats}, warm")
    for (router, durability), measured in best.items():
        print(_line(router, durability, measured))
    print(_steps(best["auto", "exit"]))
    print(f"  peers, in ms, on the same claims, measured elsewhere: {_PEERS}")


async def _pass(home: Path, questions: Sequence[str], *, is_durable: bool, **settings: Any) -> list[Measured]:
    async with serving() as server, copied(home, model_url=server.url, **settings) as chosen:
        fontes: Assistant
        watched: list[Watched] = []
        cpu: list[float] = []
        counts: list[int] = []
        async with (Assistant if is_durable else AtTheEnd)(chosen) as fontes:
            for question in questions[-_WARM:]:
                await fontes.ask(f"Is it said that {question}")  # other words: nothing of it is kept
            await server.asked()
            for question in questions:
                begun, before = time.process_time(), await server.count()
                watched.append(await watch(fontes, question))
                cpu.append(time.process_time() - begun)
                counts.append(await server.count() - before)
        requests = iter(await server.asked())
        groups = [[next(requests) for _ in range(count)] for count in counts]
        served = await _sent(server, groups)
    return [
        Measured(watched=w, served=s, cpu=c, paths=Counter(r["path"] for r in group))
        for w, s, c, group in zip(watched, served, cpu, groups, strict=True)
    ]


async def _sent(server: Served, groups: Sequence[Sequence[dict[str, Any]]]) -> list[float]:
    """The seconds that each group of requests takes when nothing but an HTTP client is there."""
    root = server.url.removesuffix("/v1")
    seconds: list[float] = []
    async with aiohttp.ClientSession() as session:
        for group in groups:
            start = time.perf_counter()
            for request in group:
                method = "POST" if request["body"] else "GET"
                async with session.request(method, root + request["path"], json=request["body"] or None) as response:
                    await response.read()
                    assert response.ok, response.status
            seconds.append(time.perf_counter() - start)
    return seconds


def _p50(measured: Sequence[Measured]) -> float:
    return middle_and_tail([m.ours for m in measured])[0] if measured else float("inf")


def _line(router: str, durability: str, measured: Sequence[Measured]) -> str:
    paths: Counter[str] = Counter()
    for each in measured:
        paths.update(each.paths)
    requests = ", ".join(f"{count / len(measured):.1f} {path}" for path, count in sorted(paths.items()))
    answered = sum(m.watched.answer.status != "abstained" for m in measured)
    by_model = sum(_is_by_model(m.watched) for m in measured)
    return (
        f"  router {router:5} durability {durability:4}  {ms([m.ours for m in measured])}"
        f"   (whole {ms([m.watched.seconds for m in measured])}; server {ms([m.served for m in measured])};"
        f" CPU {ms([m.cpu for m in measured])})\n"
        f"    answered {answered}/{len(measured)}, drafted by the model {by_model}; requests: {requests}"
    )


def _is_by_model(watched: Watched) -> bool:
    return all(ran.by.startswith("model") for ran in watched.answer.trace if ran.step == "draft")


def _steps(measured: Sequence[Measured]) -> str:
    """The wall time of each step, the server's part included, router and checkpoints at the end."""
    lines = []
    for name in (*_OURS, "retrieve", "rerank"):
        values = [m.watched.steps[name] for m in measured if name in m.watched.steps]
        if values:
            lines.append(f"    {name:12} {ms(values)}  in {len(values)} of {len(measured)}")
    between = [m.watched.seconds - sum(m.watched.steps.values()) for m in measured]
    lines.append(f"    {'between':12} {ms(between)}  (graph, checkpoints, events, the store of the answer)")
    return "\n".join(("  steps with router auto, durability exit, the server's part included:", *lines))
