"""Draft and verify overlap without knowing each other: sentences go in as they are closed, verdicts come out."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from .state import Checked, Sentence


class Checker:
    """A queue with workers that checks sentences in the background of one run.

    Draft submits each sentence once it is closed; verify asks for all of them, which submits what is missing (after
    a resume, everything) and awaits the rest. An error stays in its future and is raised where it is awaited.
    """

    def __init__(self, check: Callable[[Sentence], Awaitable[Checked]], *, workers: int = 2) -> None:
        self._check = check
        self._queue: asyncio.Queue[Sentence] = asyncio.Queue()
        self._futures: dict[Sentence, asyncio.Future[Checked]] = {}
        self._wanted_workers = workers
        self._workers: list[asyncio.Task[None]] = []

    def submit(self, sentence: Sentence) -> None:
        """Have `sentence` checked; nothing if it has been submitted before."""
        if sentence in self._futures:
            return
        self._futures[sentence] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait(sentence)
        if len(self._workers) < self._wanted_workers:
            self._workers.append(asyncio.create_task(self._work(), name="fontes-checker"))

    async def results(self, sentences: Sequence[Sentence]) -> tuple[Checked, ...]:
        """The checked sentences, in the order given."""
        for sentence in sentences:
            self.submit(sentence)
        return tuple([await asyncio.shield(self._futures[sentence]) for sentence in sentences])

    def finished(self) -> tuple[Checked, ...]:
        """What has been checked so far, in the order it was submitted: the partial answer of a cancelled run."""
        done = (future for future in self._futures.values() if future.done() and not future.cancelled())
        return tuple(future.result() for future in done if future.exception() is None)

    async def close(self) -> None:
        """Stop the workers; what is still being checked is dropped."""
        for worker in self._workers:
            worker.cancel()
        if self._workers:
            await asyncio.wait(self._workers)  # one by one would swallow the caller's own cancellation
        for future in self._futures.values():
            if not future.done():
                future.cancel()
            elif not future.cancelled():
                future.exception()  # seen: an unawaited error is reported by the run, not by the garbage collector

    async def _work(self) -> None:
        while True:
            sentence = await self._queue.get()
            future = self._futures[sentence]
            try:
                checked = await self._check(sentence)
            except Exception as error:  # noqa: BLE001 - it is not swallowed: it is raised where the result is awaited
                if not future.done():
                    future.set_exception(error)
            else:
                if not future.done():
                    future.set_result(checked)
