"""Read the sources that belong to this question alone: files and folders, addresses given, and what was found."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from ...crawler import BlockedURL, Skipped, split
from ..addresses import WebReading, each_once, read_addresses
from ..archived import copies_of_gone
from ..asked_on import is_later
from ..deps import Deps
from ..errors import NothingRead
from ..reading import Reading, read_sources
from ..state import Plan, State, Update
from .search import SEARCH_SHARE

_NONE_READ = "none of them could be read"
_NOTHING_THERE = "no readable file is there: HTML, PDF, Markdown and plain text are read"
_BEST = 3
_ENOUGH_PAGES = 3
_PATIENCE_S = 1.2
"""After that long, the question goes on once its best hits are done and some pages are read: what is still under way
waits for a slow host, or for its second turn with one."""
_LONG_PATIENCE_S = 5.0
"""After that long it goes on without one of its best hits, too; only a page that was named with it is waited for until
the plan's time is over."""

_TURNS = 2
"""With one host while there are pages on others: with the default gap a third would begin after 2 s."""


async def crawl(state: State, deps: Deps) -> Update:
    """Bring the pages of the plan's sources and of the hits into the store, for this run; the index stays as it is.

    Reads `plan`, `hits` and `as_of`, after which no hit may be dated. Writes `unused`, addresses found and not asked
    for, and `notes` on what is gone. The pages, and the ledger of what was skipped, are in the store, under the run's
    id.

    Raises:
        NothingRead: the question is restricted to sources or addresses, and not one of them could be read.
    """
    plan = state.planned
    skipped: list[Skipped] = []
    notes: list[str] = []
    read = 0
    if plan.sources:
        report = await read_sources(
            plan.sources, deps.index, deps.reader, run=state.run, budget=deps.budget,
            progress=lambda reading: _tell_files(deps, reading),
        )  # fmt: skip
        skipped += report.skipped
        read += len(report.read)
    urls, unused = _chosen(state, plan, await _asked_before(state, deps))
    if urls:
        count, left = await _read_web(urls, state, deps)
        skipped += left
        read += count
        copies, notes = await _read_copies(left, state, deps)
        read += copies
    await deps.index.store.skip(skipped, run=state.run)
    if not read and (plan.sources or plan.urls) and not {"index", "web"} & set(plan.routes):
        why = skipped[0].detail if len(skipped) == 1 else _NONE_READ if skipped else _NOTHING_THERE
        raise NothingRead(", ".join((*plan.sources, *plan.urls)), why, tuple(skipped))
    return {"unused": unused, "notes": (*state.notes, *notes)} if notes else {"unused": unused}


async def _read_copies(left: Sequence[Skipped], state: State, deps: Deps) -> tuple[int, list[str]]:
    """Read the archived copies of addresses that the person named and that are gone; how many, and notes."""
    named = frozenset(state.planned.urls)
    archive = deps.web.archive() if deps.at_hand.may_search(state.web) else None
    if archive is None or not named:
        return 0, []
    copies, notes = await copies_of_gone([each for each in left if each.source in named], archive, as_of=state.as_of)
    if copies:
        crawler = await deps.web.crawler()
        report = await read_addresses(
            [copy for _, copy in copies], deps.index, crawler, run=state.run, budget=deps.budget
        )
        return len(report.read), notes
    return 0, notes


def _tell_files(deps: Deps, reading: Reading) -> None:
    deps.emit("progress", "crawl", f"read {reading.done:,} of {reading.total:,} files")


async def _asked_before(state: State, deps: Deps) -> tuple[str, ...]:
    """The addresses that an earlier round of this run read or skipped; nobody is asked twice."""
    if not state.rounds:
        return ()
    read = [source for _, source in await deps.index.store.scope(state.run)]
    return (*read, *(skip.source for skip in await deps.index.store.skipped(state.run)))


def _chosen(state: State, plan: Plan, before: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The addresses to read, each page once and those given before those found, and what is left over."""
    given = each_once(plan.urls, before)
    found = each_once([hit.url for hit in state.hits], (*given, *before))
    later = {hit.url for hit in state.hits if is_later(hit.published, state.as_of)}
    chosen = _soonest([url for url in found if url not in later], given)[: max(plan.pages - len(given), 0)]
    left = each_once((*state.unused, *found), chosen)
    return (*given, *chosen), tuple(left)


def _soonest(found: Sequence[str], given: Sequence[str]) -> tuple[str, ...]:
    """The found in their order, but last those that would wait for the third turn with their host, or a later one."""
    turns = Counter(map(_host, given))
    soon: list[str] = []
    late: list[str] = []
    for url in found:
        turns[_host(url)] += 1
        (soon if turns[_host(url)] <= _TURNS else late).append(url)
    return (*soon, *late)


def _host(url: str) -> str:
    try:
        return split(url)[1]
    except BlockedURL:
        return ""


async def _read_web(urls: tuple[str, ...], state: State, deps: Deps) -> tuple[int, tuple[Skipped, ...]]:
    plan = state.planned
    given = frozenset(each_once(plan.urls))
    best = frozenset(urls[:_BEST]) | given
    left_s = plan.seconds - _searched_s(state)

    def enough(done: frozenset[str], read: int, seconds: float) -> bool:
        if seconds >= left_s:
            return True
        if seconds < _PATIENCE_S or read < _ENOUGH_PAGES:
            return False
        return best <= done or (given <= done and seconds >= _LONG_PATIENCE_S)

    def tell(reading: WebReading) -> None:
        line = f"{reading.done} of {reading.total} pages: {reading.read} read, {reading.skipped} skipped"
        deps.emit("progress", "crawl", line)

    report = await read_addresses(
        urls, deps.index, await deps.web.crawler(), run=state.run, budget=deps.budget, enough=enough, progress=tell
    )
    return len(report.read), report.skipped


def _searched_s(state: State) -> float:
    """At most how long the search took: queries go side by side, the providers asked for one partly in turn."""
    spent = defaultdict[str, float](float)
    for row in state.searched:
        if row.query in state.planned.web_queries:  # an earlier round's time is over
            spent[row.query] += row.seconds
    return min(max(spent.values(), default=0.0), SEARCH_SHARE * state.planned.seconds)
