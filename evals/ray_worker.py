"""The far end of a run on Ray: one worker, its cases, and its results as they come."""

import asyncio
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .case import Case
from .cells import Changes
from .registry import metrics_named
from .result import Result
from .ruler import Ruler
from .runner import How, Outcome, Runner

# What is the node's own; every other setting comes from who began the run.
_OF_THE_NODE = frozenset({"FONTES_HOME", "FONTES_MODELS"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one worker does: `cases` under the `changes` of each cell, but for what is `done`.

    `ruler` are the settings of what judges; `attempts` counts those that were made of a (cell, case) before.
    """

    number: int
    cases: tuple[Case, ...]
    changes: Mapping[str, Changes]
    metrics: tuple[str, ...]
    ruler: Changes
    with_judge: bool
    how: How
    done: frozenset[tuple[str, str]]
    failed: Mapping[tuple[str, str], Result] = field(default_factory=dict)


class _Sent:
    """In place of a run's folder: what is finished goes to who began the run, who keeps it."""

    def __init__(self, part: Part, queue: "asyncio.Queue[Result | None]") -> None:
        self.results: dict[tuple[str, str], Result] = dict(part.failed)
        self.done = part.done
        self._queue = queue

    async def append(self, result: Result) -> None:
        self.results[result.cell, result.case] = result
        await self._queue.put(result)

    def finish(self, *, finished: str, interrupted: bool) -> None:
        """Whether the run is finished is not known here."""


class Worker:
    """One process that asks cases, with an index and a crawler of its own."""

    def __init__(self) -> None:
        # Ray sets that of uvloop, whose loops cannot begin our reading processes (no `process_group`).
        asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy())
        for name in [name for name in os.environ if name.startswith("FONTES_") and name not in _OF_THE_NODE]:
            del os.environ[name]
        empty = Path(tempfile.mkdtemp(prefix="fontes-")) / "fontes.toml"
        empty.touch()
        os.environ["FONTES_CONFIG"] = str(empty)

    def run(self, part: Part) -> Iterator[Result | Outcome]:
        """Give every result as it comes, and the outcome at last.

        Raises:
            SettingError, ServedError: what judges cannot be used on this node.
        """
        with asyncio.Runner() as runner:
            loop = runner.get_loop()
            queue: asyncio.Queue[Result | None] = asyncio.Queue()
            work = loop.create_task(self._work(part, _Sent(part, queue)))
            work.add_done_callback(lambda _: queue.put_nowait(None))
            while (result := runner.run(queue.get())) is not None:
                yield result
            yield work.result()

    async def _work(self, part: Part, sent: Any) -> Outcome:
        from ..agent.settings import Settings

        home = Settings().home / "ray" / str(part.number)  # two workers of one node have an index each
        cells = {name: Settings(**{**changes, "home": home}) for name, changes in part.changes.items()}
        async with Ruler(Settings(**part.ruler), with_judge=part.with_judge) as ruler:
            metrics = metrics_named(part.metrics)
            return await Runner(sent, part.cases, cells, part.changes, metrics, ruler, how=part.how).run()
