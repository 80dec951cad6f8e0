"""One question on its way: a task of its own, a queue of events, and an end that is always an answer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import Literal

from ..retrievers import Store, StoreError
from .account import Account, paying
from .answer import Answer, Ledger, Usage
from .checkpoints import Checkpoints
from .cited_sources import Seen, cited_sources
from .deps import Deps
from .errors import BadQuestion, NothingRead
from .events import Event, EventKind
from .graph import flow
from .state import State, Status, Update
from .steps.answer import answer as decide

_LOOK_S = 0.5

Save = Callable[[Answer, bool], Awaitable[None]]
"""Keeps the answer; told whether the run is whole or may be resumed."""


class Run:
    """A started question.

    `events()` tells what happens, `answer()` awaits the end, `cancel()` ends it now with what is verified so far.
    The run goes on whether or not anybody reads its events. `paid` is what was spent on the question before.
    """

    def __init__(self, state: State, *, resumed: bool = False, paid: Account | None = None) -> None:
        self.id = state.run
        self._state = state
        self._resumed = resumed
        self._started = monotonic()
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._task: asyncio.Task[Answer] | None = None
        self._phase: Literal["waiting", "flowing", "ending"] = "waiting"
        self._cut_short = ""
        self._step = ""
        self._paid = paid
        self._account: Account | None = None

    @property
    def state(self) -> State:
        """What the steps have written so far: what was planned, found and chosen."""
        return self._state

    def emit(self, kind: EventKind, step: str, value: object = None) -> None:
        """Put an event on the run's queue."""
        if kind == "step_started":
            self._step = step
        self._queue.put_nowait(Event(kind=kind, step=step, at=monotonic() - self._started, value=value))

    def start(
        self,
        deps: Deps,
        checkpoints: Checkpoints,
        *,
        save: Save,
        turns: asyncio.Semaphore,
        let_go: Callable[[str], None],
    ) -> None:
        """Begin; `save` keeps the finished answer before anybody sees it, `let_go` is told the id of a run that ended.

        The run waits for one of the `turns`, and its seconds are counted from then on.
        """
        self._account = account = Account(budget=deps.budget, tell=lambda text: self.emit("notice", self._step, text))
        if self._paid is not None:
            account.take_over(self._paid)
        with paying(account):  # the task, and those it begins, keep this context
            go = partial(self._go, deps, checkpoints, save, turns)
            self._task = asyncio.create_task(self._watched(go, deps, let_go), name=f"fontes-run-{self.id}")

    def cancel(self, why: str = "cancelled: this is what was verified until then") -> None:
        """End the run now. Its answer is partial, or abstained when nothing was verified yet.

        A run that has come to its end already is left to finish.
        """
        if self._cut_short or self._phase == "ending":
            return
        self._cut_short = why
        if self._phase == "flowing":  # before that the task may not have begun, and would end without an answer
            self._begun().cancel()

    async def abandon(self) -> None:
        """Cancel and wait until nothing of the run is left; its answer, and what ended it, no longer matter."""
        self.cancel()
        await asyncio.wait([self._begun()])
        if not self._begun().cancelled():
            self._begun().exception()  # seen, or asyncio reports it as never retrieved

    def when_done(self, tell: Callable[["Run"], None]) -> None:
        """Call `tell(self)` once the run has ended."""
        self._begun().add_done_callback(lambda _task: tell(self))

    async def answer(self) -> Answer:
        """Await the end.

        Raises:
            AgentError, RetrievalError: a step failed for good.
        """
        return await asyncio.shield(self._begun())

    async def events(self) -> AsyncIterator[Event]:
        """What happens, from the start until the run ends; raises what ended it if it failed."""
        while (event := await self._queue.get()) is not None:
            yield event
        self._queue.put_nowait(None)  # for whoever else reads
        await self.answer()

    def _begun(self) -> asyncio.Task[Answer]:
        if self._task is None:
            raise RuntimeError("the run has not been started")
        return self._task

    async def _watched(self, go: Callable[[], Awaitable[Answer]], deps: Deps, let_go: Callable[[str], None]) -> Answer:
        """Go, and end when the question is erased meanwhile, by whatever process; whoever waits is told at the end."""
        watch = asyncio.create_task(self._until_erased(deps.index.store))
        try:
            return await go()
        finally:
            watch.cancel()
            let_go(self.id)  # before anybody hears of the end: they may go on with it at once
            self._queue.put_nowait(None)

    async def _until_erased(self, store: Store) -> None:
        is_there = True
        while is_there:
            await asyncio.sleep(_LOOK_S)
            with suppress(StoreError):  # a store that cannot be read now says so to the run itself
                is_there = not await store.unknown_runs([self.id])
        self.cancel("its conversation was erased meanwhile: nothing of this is kept")

    async def _go(self, deps: Deps, checkpoints: Checkpoints, save: Save, turns: asyncio.Semaphore) -> Answer:
        try:
            try:
                await self._flow(deps, checkpoints, turns)
            finally:
                await deps.keep()
            is_whole = self._state.status != "running"
            if not is_whole:
                await self._end_early(deps)
            answer = await self._answer(deps, cut_short="" if is_whole else self._cut_short)
            await save(answer, is_whole)
            if is_whole:
                await checkpoints.forget(self.id)  # nothing is left to resume
            self.emit("answer", "answer", answer)
            return answer
        except (BadQuestion, NothingRead):  # the same input would end the same way: nothing to resume
            await deps.index.store.drop_run(self.id)
            await checkpoints.forget(self.id)
            raise
        finally:
            await deps.checker.close()

    async def _flow(self, deps: Deps, checkpoints: Checkpoints, turns: asyncio.Semaphore) -> None:
        """Run the graph in its turn, to its end, to a cancel, or to the end of the wall time in the budget."""
        if self._cut_short:
            return
        self._phase = "flowing"
        seconds = deps.budget.allowance.seconds
        deadline = asyncio.timeout(None)
        if turns.locked():
            self.emit("notice", self._step, "waiting for its turn: many questions are being answered")
        try:
            async with turns, deadline:
                self._count_from_now(seconds, deadline)
                await flow(self.id, None if self._resumed else self._state, deps, checkpoints, keep=self._keep)
        except asyncio.CancelledError:
            if not self._cut_short:
                raise
            self._begun().uncancel()
        except StoreError as error:
            if self._state.status == "running":
                raise
            # Every step is done; only the last checkpoint could not be written.
            self._state = replace(self._state, notes=(*self._state.notes, f"not checkpointed: {error}"))
        except TimeoutError:
            if not deadline.expired():
                raise
            self._cut_short = f"the run's {seconds:g} seconds were over: this is what was verified until then"
        finally:
            self._phase = "ending"

    def _count_from_now(self, seconds: float | None, deadline: asyncio.Timeout) -> None:
        if seconds is not None:
            deadline.reschedule(asyncio.get_running_loop().time() + seconds)
            if self._account:
                self._account.ends = monotonic() + seconds

    def _keep(self, state: State, update: Update) -> None:
        self._state = replace(state, **update)

    async def _end_early(self, deps: Deps) -> None:
        """What the checker has finished is the draft that stands; the answer step decides as it always does."""
        checked = deps.checker.finished() or self._state.checked
        said = self._account.notices if self._account else ()
        notes = (*self._state.notes, *said, deps.writer.note if checked else "", self._cut_short)
        state = replace(self._state, checked=checked, notes=tuple(dict.fromkeys(filter(None, notes))))
        if state.query is not None:
            state = replace(state, **await decide(state, deps))
            if state.reasons and not (state.sentences or checked):  # what was found was not looked through
                state = replace(state, reasons=(_undrafted(state),))
        # Complete as far as it goes, but more might have come.
        status: Status = "partial" if state.status in ("answered", "partial") else "abstained"
        self._state = replace(state, status=status)

    async def _answer(self, deps: Deps, *, cut_short: str) -> Answer:
        state = self._state
        taken = state.selected or state.candidates[: deps.limits.evidence]
        evidence = await deps.index.evidence(
            [(c.passage, c.score, c.stages) for c in taken], run=self.id, tags=state.tagged
        )
        read = tuple(dict.fromkeys((*await self._read(deps), *(found.source for found in evidence))))
        # What was cancelled may have been read when the run was resumed.
        skipped = tuple(skip for skip in await deps.index.store.skipped(self.id) if skip.source not in read)
        seen = await self._seen(deps)
        ledger = Ledger(
            searched=state.searched,
            read=read,
            skipped=skipped,
            unused=state.unused,
        )
        return Answer(
            status=state.status,
            question=state.query.text if state.query else state.question,
            run=self.id,
            sentences=state.checked,
            reasons=state.reasons,
            ledger=ledger,
            usage=self._usage(deps),
            notes=(*state.notes, *seen.notes),
            seen=seen.signals,
            trace=state.trace,
            cut_short=cut_short,
        )

    async def _seen(self, deps: Deps) -> Seen:
        """What is to be seen of the cited sources; registers are asked where the question may go to the web."""
        state = self._state
        routes = {"web", "urls"} & set(state.plan.routes) if state.plan else ()
        is_asked = bool(routes) and deps.at_hand.may_search(state.web) and not self._cut_short
        registers = deps.web.registers() if is_asked else ()
        return await cited_sources(state.checked, deps.index.store, today=deps.today(), registers=registers)

    def _usage(self, deps: Deps) -> Usage:
        paid = self._account
        return Usage(
            seconds=round(monotonic() - self._started, 3),
            pages=int(deps.budget.spent("pages")),
            prompt_tokens=paid.prompt_tokens if paid else 0,
            cached_tokens=paid.cached_tokens if paid else 0,
            completion_tokens=paid.completion_tokens if paid else 0,
            money=round(deps.budget.spent("money"), 6),
        )

    async def _read(self, deps: Deps) -> list[str]:
        """What was read of the web for this question alone; the files of a folder named with it would be too many."""
        if self._state.plan is None or not {"web", "urls"} & set(self._state.plan.routes):
            return []
        return [source for _, source in await deps.index.store.scope(self.id)]


def _undrafted(state: State) -> str:
    """Why a run that ended before its draft has no answer."""
    if found := len(state.selected or state.candidates):
        return f"{found} passage{'s' if found > 1 else ''} found, but it ended before a sentence was drafted from them"
    return "it ended before its search was over"
