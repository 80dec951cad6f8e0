"""Many questions at once: nothing fails, memory stays bounded, the server is asked no more at a time than is set."""

import asyncio
import gc
import resource
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from traceback import format_exception_only

from fontes import Answer, Assistant
from fontes.agent.models.quotable import holds_address

from .asking import WORDS_ALONE, broken, copied, load, ms, wice
from .serving import serving

_EVERY_S = 0.05
_PAGE_KB = resource.getpagesize() / 1024


class Sampled:
    """Memory and the loop's lateness while a block runs. `before`, `peak` and `after` are MB of resident memory."""

    def __init__(self) -> None:
        self.before = self.peak = self.after = self.late_s = 0.0

    async def __aenter__(self) -> "Sampled":
        gc.collect()
        self.before = self.peak = _resident_mb()
        self._task = asyncio.create_task(self._sample())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.wait([self._task])
        gc.collect()
        self.after = _resident_mb()

    async def _sample(self) -> None:
        while True:
            due = time.perf_counter() + _EVERY_S
            await asyncio.sleep(_EVERY_S)
            self.late_s = max(self.late_s, time.perf_counter() - due)
            self.peak = max(self.peak, _resident_mb())


def _resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_KB / 1000


async def concurrent(data: Path, home: Path, *, count: int) -> None:
    """Ask `count` different questions in one moment, twice: with rules and with the model as router."""
    found = await wice(data, home, embed=False)
    every = (line for page in found.pages for line in page.text.split("\n"))
    lines = [line for line in every if 60 < len(line) < 300 and not holds_address(line)]  # an address would be read
    questions = [f"Is it said that {line.rstrip('.')}?" for line in dict.fromkeys(lines)][:count]
    assert len(questions) == count, f"there are only {len(questions)} sentences to ask about"
    for router in ("rules", "auto"):
        await _at_once(home, questions, router)


async def _at_once(home: Path, questions: Sequence[str], router: str) -> None:
    more = {**WORDS_ALONE, "router": router, "seconds": 1_200.0}  # the last one waits for all others
    async with serving() as server, copied(home, model_url=server.url, **more) as chosen:
        async with Assistant(chosen) as fontes:
            await fontes.ask("Is it said that anything is warm?")
            begun = await server.totals()
            start = time.perf_counter()
            async with Sampled() as sampled:
                came = await asyncio.gather(*(fontes.ask(text) for text in questions), return_exceptions=True)
            seconds = time.perf_counter() - start
            answers = [answer for answer in came if isinstance(answer, Answer)]
            wrong = sum([await broken(fontes, answer) for answer in answers])
            limit = chosen.model_concurrency
        totals = await server.totals()
    errors = Counter(format_exception_only(e)[0].strip()[:120] for e in came if isinstance(e, BaseException))
    print(
        f"\n{len(questions)} questions at once, router {router}: {seconds:.1f} s ({len(questions) / seconds:.0f}/s),"
        f" exceptions {errors.total()} {dict(errors)}, {load()}\n"
        f"  answers {dict(Counter(a.status for a in answers))}, cut short {sum(bool(a.cut_short) for a in answers)},"
        f" citations broken {wrong}\n"
        f"  drafted by {_by(answers, 'draft')}, understood by {_by(answers, 'understand')}\n"
        f"  notes {dict(Counter(note for a in answers for note in a.notes).most_common(4))}\n"
        f"  memory {sampled.before:.0f} MB before, {sampled.peak:.0f} at most, {sampled.after:.0f} after;"
        f" the loop was late by {sampled.late_s:.2f} s at most\n"
        f"  each answer took {ms([a.usage.seconds for a in answers])}\n"
        f"  requests at the server: {_new(totals['paths'], begun['paths'])}, at once at most {totals['most']}"
        f" (limit {limit}), cancelled {totals['cancelled']}"
    )
    assert totals["most"] <= limit


def _by(answers: Sequence[Answer], step: str) -> dict[str, int]:
    return dict(
        Counter(
            f"{ran.by}{f': {ran.detail[:60]}' if ran.by == 'rules' and ran.detail else ''}"
            for answer in answers
            for ran in answer.trace
            if ran.step == step
        ).most_common(4)
    )


def _new(after: dict[str, int], before: dict[str, int]) -> dict[str, int]:
    return {path: count - before.get(path, 0) for path, count in after.items()}
