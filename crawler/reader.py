"""The parent's end of one worker process: messages in and out, and its death."""

import asyncio
import contextlib
import json
import os
import signal
from typing import Any, cast

from .messages import MAX_HEADER_BYTES, PREFIX

_KEPT_COMPLAINT_BYTES = 4096


class ReaderGone(Exception):
    """A worker process ended, or broke the form of messages, before it answered; says how."""


class Reader(asyncio.SubprocessProtocol):
    """A worker process. One question at a time; whoever starts it kills and buries it."""

    def __init__(self, most_bytes: int) -> None:
        loop = asyncio.get_running_loop()
        self._most_bytes = most_bytes
        self._received = bytearray()
        self._complaint = bytearray()
        self._waiting: asyncio.Future[None] | None = None
        self._exited: asyncio.Future[None] = loop.create_future()
        self._transport: asyncio.SubprocessTransport
        self.is_alive = True

    async def ask(self, message: bytes) -> tuple[dict[str, Any], bytes]:
        """Send a message and wait for the reply.

        Raises:
            ReaderGone: there will be none.
        """
        stdin = cast("asyncio.WriteTransport", self._transport.get_pipe_transport(0))
        if self.is_alive:
            stdin.write(message)
        return await self.message()

    async def message(self) -> tuple[dict[str, Any], bytes]:
        """The next message from the process: header and bytes."""
        sizes = PREFIX.unpack(await self._take(PREFIX.size))
        if sizes[0] > MAX_HEADER_BYTES or sizes[1] > self._most_bytes:
            raise ReaderGone("its text is larger than its bytes allow")
        try:
            header = json.loads(await self._take(sizes[0]))
        except ValueError as error:
            raise ReaderGone("the process reading it answered in no known form") from error
        return header, await self._take(sizes[1])

    async def _take(self, size: int) -> bytes:
        while len(self._received) < size:
            if not self.is_alive:
                await asyncio.shield(self._exited)
                raise ReaderGone(self._obituary())
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting
        data = bytes(self._received[:size])
        del self._received[:size]
        return data

    def kill(self) -> None:
        """End the process now, whatever it does; safe to repeat."""
        if self._transport.get_returncode() is None:
            # Transport.kill() polls first, which can take the exit status away from asyncio's own child watcher
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._transport.get_pid(), signal.SIGKILL)

    async def bury(self) -> None:
        """Wait until the process is gone, and free what it held here."""
        await asyncio.shield(self._exited)
        self._transport.close()

    def _obituary(self) -> str:
        code = self._transport.get_returncode()
        if code is not None and code < 0:
            return f"the process reading it died ({signal.Signals(-code).name})"
        said = self._complaint.decode("utf-8", errors="replace").strip().rpartition("\n")[2]
        return f"the process reading it ended with exit code {code}" + (f": {said}" if said else "")

    # asyncio's callbacks

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.SubprocessTransport", transport)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        if fd == 1:
            self._received += data
            self._wake()
        elif len(self._complaint) < _KEPT_COMPLAINT_BYTES:
            self._complaint += data

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        if fd == 1:
            self.is_alive = False
            self._wake()

    def process_exited(self) -> None:
        self._exited.set_result(None)

    def _wake(self) -> None:
        if self._waiting and not self._waiting.done():
            self._waiting.set_result(None)
