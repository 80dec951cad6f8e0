"""The runs that go on: those of this assistant, and which ones others are answering at this moment."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ..retrievers import Held, Store
from .errors import RunGoesOn

if TYPE_CHECKING:
    from .checkpoints import Checkpoints
    from .run import Run


class GoingOn:
    """Every run that goes on is held by the assistant that answers it, until it ends or its process dies.

    `held` are the runs by their ids, each a locked file in `folder`.
    """

    def __init__(self, folder: Path) -> None:
        self.held = Held(folder)
        self._runs: set[Run] = set()

    @asynccontextmanager
    async def beginning(self, run: str) -> AsyncIterator[None]:
        """Hold a run from here on; it is let go when the block fails, else when the run ends.

        Raises:
            RunGoesOn: it is being answered already.
            StoreError: nothing can be written.
        """
        if not await self.held.hold(run):
            where = "here" if run in self.held.here else "by another process"
            raise RunGoesOn(f"run {run}", f"it is still going on: it is being answered {where}")
        try:
            yield
        except BaseException:
            self.held.let_go(run)
            raise

    def began(self, run: "Run") -> None:
        """Note a run that was started."""
        self._runs.add(run)
        run.when_done(self._ended)

    async def abandon(self, runs: Collection[str] | None = None) -> None:
        """End those of these runs that go on here, None: all of them, and wait until nothing of them is left."""
        for run in [run for run in self._runs if runs is None or run.id in runs]:
            await run.abandon()

    async def let_go_of_old(self, store: Store, checkpoints: "Checkpoints", *, days: int) -> None:
        """Let go of runs that were interrupted that long ago: nobody will resume them, and they hold pages.

        Their questions stay in their conversations. One that goes on may only seem old, for clocks are set.
        """
        before = (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
        for run in set(await store.unfinished_runs(before=before)) - self.held.elsewhere():
            await checkpoints.forget(run)
            await store.drop_run(run)

    def _ended(self, run: "Run") -> None:
        self._runs.discard(run)
        self.held.let_go(run.id)
