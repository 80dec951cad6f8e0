"""A pool of processes that read files and pages, each of which can be killed without loss.

A `ProcessPoolExecutor` imports the caller's script again, and cannot kill one hung worker.
"""

import asyncio
import os
import sys
from typing import Any, Self

from .extraction import Extraction
from .files import file_source
from .messages import pack, read_reply
from .page import Page, Skipped, SkipReason
from .policy import ReadPolicy
from .reader import Reader, ReaderGone

_START_S = 30.0


class Workers:
    """Reads files and takes pages apart in processes of its own: `async with Workers() as workers: …`.

    Processes start when needed, up to `policy.workers`; calls beyond that wait their turn. An item that takes longer
    than `policy.deadline_s` (counted from when a process has it) is skipped as "timeout"; one whose process dies, as
    "unreadable". That process is replaced, and the others go on. Cancelling a call kills the process at work on it.
    """

    def __init__(self, policy: ReadPolicy | None = None) -> None:
        self.policy = policy or ReadPolicy()
        self._turns = asyncio.Semaphore(self.policy.workers)
        self._idle: list[Reader] = []
        self._busy: set[Reader] = set()
        self._burials: set[asyncio.Task[None]] = set()
        self._is_open = False

    async def __aenter__(self) -> Self:
        self._is_open = True
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Kill all processes and wait until they are gone; calls still under way end as "cancelled"."""
        self._is_open = False
        for reader in (*self._idle, *self._busy):
            self._dismiss(reader)
        self._idle.clear()
        for _ in range(self.policy.workers):  # every call has had its turn when these are all taken
            await self._turns.acquire()
        await asyncio.gather(*self._burials)

    async def read(self, path: str | os.PathLike[str]) -> Page | Skipped:
        """Read a file: its page, with `file_source(path)` as the sighting's source, or why there is none.

        Never raises for what a file is or does.
        """
        header = {"work": "read", "source": file_source(path), "max_bytes": self.policy.max_bytes}
        return (await self._answer(header, _absolute(path))).outcome

    async def extract(self, body: bytes, *, url: str = "", content_type: str = "") -> Page | Skipped:
        """As `fontes.crawler.extract`, in a process; never raises for what a page is or does."""
        return (await self.take_apart(body, url=url, content_type=content_type)).outcome

    async def take_apart(self, body: bytes, *, url: str, content_type: str = "", status: int = 200) -> Extraction:
        """As `extract`, with what the body says beside its text; `status` is the HTTP status it came with."""
        if len(body) > self.policy.max_bytes:
            return Extraction(outcome=self._too_large(url, len(body)))
        header = {"work": "extract", "source": url, "content_type": content_type, "status": status}
        return await self._answer(header, body)

    def _too_large(self, source: str, size: int) -> Skipped:
        detail = f"it has {size:,} bytes; the limit is {self.policy.max_bytes:,}"
        return Skipped(source=source, reason="too_large", detail=detail)

    async def _answer(self, header: dict[str, Any], body: bytes) -> Extraction:
        if not self._is_open:
            raise RuntimeError("Workers is used outside of its `async with`")
        source: str = header["source"]
        message = pack(header | {"deadline_s": self.policy.deadline_s}, body)
        async with self._turns:
            try:
                return await self._ask(message)
            except TimeoutError:
                detail = f"not read within {self.policy.deadline_s:g} s: it hangs, or is too intricate"
                return Extraction(outcome=Skipped(source=source, reason="timeout", detail=detail))
            except ReaderGone as gone:
                reason: SkipReason
                reason, detail = ("unreadable", str(gone)) if self._is_open else ("cancelled", "reading was stopped")
                return Extraction(outcome=Skipped(source=source, reason=reason, detail=detail))

    async def _ask(self, message: bytes) -> Extraction:
        """Put one message to a process; unless it answers in time and means to go on, it is dismissed."""
        if not self._is_open:
            raise ReaderGone("reading was stopped")
        reader = self._idle_reader() or await self._start()
        is_fit = False
        try:
            self._busy.add(reader)
            async with asyncio.timeout(self.policy.deadline_s):
                reply, text = await reader.ask(message)
            is_fit = not reply["last"]
            return read_reply(reply, text)
        finally:
            self._busy.discard(reader)
            if is_fit and self._is_open:
                self._idle.append(reader)
            else:
                self._dismiss(reader)

    def _idle_reader(self) -> Reader | None:
        while self._idle:
            if (reader := self._idle.pop()).is_alive:
                return reader
            self._dismiss(reader)
        return None

    async def _start(self) -> Reader:
        # handed on, not read: the child needs the parent's modules (-P: but none from the folder it stands in, which
        # may be the one that is read), and numpy's thread arenas must fit under the worker's memory limit
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
        }
        # text in UTF-8 is at most three times the bytes that it was made from
        most_bytes = 3 * self.policy.max_bytes + 1_000_000
        _, reader = await asyncio.get_running_loop().subprocess_exec(
            lambda: Reader(most_bytes),
            sys.executable, "-P", "-m", "fontes.crawler.worker",
            env=environment,
            process_group=0,  # Ctrl-C in the terminal does not reach it, not even while it starts
        )  # fmt: skip
        is_ready = False
        try:
            self._busy.add(reader)
            if self._is_open:
                async with asyncio.timeout(_START_S):
                    await reader.message()
                is_ready = True
        except TimeoutError as error:
            raise ReaderGone(f"the reading process did not start within {_START_S:g} s") from error
        finally:
            self._busy.discard(reader)
            if not is_ready:
                self._dismiss(reader)
        if not is_ready:
            raise ReaderGone("reading was stopped")
        return reader

    def _dismiss(self, reader: Reader) -> None:
        reader.kill()
        burial = asyncio.create_task(reader.bury())
        self._burials.add(burial)
        burial.add_done_callback(self._burials.discard)


def _absolute(path: str | os.PathLike[str]) -> bytes:
    return os.fsencode(os.path.abspath(path))  # noqa: PTH100 (Path.absolute keeps "..")
