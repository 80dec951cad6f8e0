"""Questions asked one after the other: each waits for its turn, runs, and tells its turn what happens."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...retrievers.errors import RetrievalError
from ..errors import AgentError, BadQuestion, NothingRead, RunGoesOn, UnknownRun
from .service import Service
from .stages import Stages
from .turn import ShownTurn

if TYPE_CHECKING:
    from ..assistant import Assistant, Options
    from ..run import Run
    from ..settings import Settings


def _who_sees(settings: "Settings") -> str:
    """Which providers see the words searched for; said before the first search with each."""
    from ..cli.web_notice import who_sees

    return who_sees(settings)


@dataclass(slots=True, kw_only=True)
class Wanted:
    """A turn to be run: asked anew with `options`, or gone on with when `resumes`."""

    turn: ShownTurn
    options: "Options"
    resumes: bool = False


@dataclass(slots=True)
class Asking:
    """Runs one question at a time; `ended` is called after each, `plans` says where a question may be taken."""

    service: Service
    ended: Callable[[ShownTurn], Awaitable[None]]
    started: Callable[[ShownTurn], Awaitable[None]]
    _waiting: deque[Wanted] = field(default_factory=deque)
    _task: "asyncio.Task[None] | None" = None
    _run: "Run | None" = None
    _present: Wanted | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a question runs, or waits for its turn."""
        return self._present is not None or bool(self._waiting)

    @property
    def waiting(self) -> int:
        """How many questions wait for their turn."""
        return len(self._waiting)

    def ask(self, wanted: Wanted) -> None:
        """Have it asked when those before it have ended."""
        self._waiting.append(wanted)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work(), name="fontes-chat-asking")

    def cancel(self) -> ShownTurn | None:
        """End the present run with what it has; before it runs, take it back. None when nothing runs or waits.

        The turn that is taken back is marked as failed; the caller may put its question back where it was written.
        """
        if self._run is not None and self._present is not None:
            self._run.cancel()
            return self._present.turn
        if self._present is None and not self._waiting:
            return None
        taken = self._present or self._waiting.popleft()
        taken.turn.is_taken_back = True
        taken.turn.fail("not asked: it was taken back before it began")
        return taken.turn

    async def close(self) -> None:
        """End the present run and let go of those that wait."""
        self._waiting.clear()
        if self._run is not None:
            await self._run.abandon()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _work(self) -> None:
        while self._waiting:
            self._present = wanted = self._waiting.popleft()
            try:
                await self._go(wanted)
            except RunGoesOn:
                wanted.turn.state = "elsewhere"
                wanted.turn.change()
            except (BadQuestion, NothingRead, UnknownRun) as error:
                wanted.turn.fail(str(error))
            except (AgentError, RetrievalError) as error:
                wanted.turn.fail(str(error), may_pass=bool(wanted.turn.run))
            except Exception as error:  # noqa: BLE001 - the door of the chat: it shows the error and lives on
                wanted.turn.fail(f"unexpected {type(error).__name__}: {error}")
            finally:
                self._present = self._run = None
            await self.ended(wanted.turn)

    async def _go(self, wanted: Wanted) -> None:
        turn = wanted.turn
        assistant = await self.service.assistant()
        if turn.state == "failed":  # taken back meanwhile
            return
        run = await self._begun(assistant, wanted)
        if run is None:
            return
        self._run = run
        settings = assistant.settings
        writer = f"the model at {settings.model_url}" if settings.model_url else "the writer"
        turn.begin(run.id, Stages(seconds=settings.allowance().seconds, writer=writer))
        await self.started(turn)
        async for event in run.events():
            turn.take(event)
            if event.kind == "step_started" and event.step == "search":
                turn.notices += filter(None, (await asyncio.to_thread(_who_sees, settings),))

    async def _begun(self, assistant: "Assistant", wanted: Wanted) -> "Run | None":
        turn, options = wanted.turn, wanted.options
        if wanted.resumes:
            return await assistant.resume(turn.run)
        if turn.scope.leaves_index_out:
            plan = await assistant.plan(turn.question, **options)
            if turn.state == "failed":
                return None
            options = options.copy()
            options["plan"] = turn.scope.narrowed(plan)
        return await assistant.start(turn.question, **options)
