"""Read the sources that belong to this question alone."""

from ..deps import Deps
from ..errors import NothingRead
from ..reading import Reading, read_sources
from ..state import State, Update


async def crawl(state: State, deps: Deps) -> Update:
    """Bring the pages of the plan's sources into the store, for this run; the lasting index stays as it is.

    Reads `plan`. Writes nothing: the pages and the ledger of what was skipped are in the store, under the run's id.

    Raises:
        NothingRead: not one of the sources could be read.
    """
    if state.plan is None or not state.plan.sources:
        return {}

    def tell(reading: Reading) -> None:
        deps.emit("progress", "crawl", f"read {reading.done:,} of {reading.total:,} files")

    report = await read_sources(
        state.plan.sources, deps.index, deps.reader, run=state.run, budget=deps.budget, progress=tell
    )
    await deps.index.store.skip(report.skipped, run=state.run)
    if not report.read:
        why = report.skipped[0].detail if len(report.skipped) == 1 else "none of them could be read"
        raise NothingRead(", ".join(state.plan.sources), why, report.skipped)
    return {}
