"""The system's resolver, asked without holding up the event loop or the end of the program."""

import asyncio
import contextlib
import socket
import threading

_AT_ONCE = 32


class SystemResolver:
    """Asks `getaddrinfo`, each name in a thread of its own, at most 32 at once.

    The threads are daemons: an executor's would be waited for when the program ends, and `getaddrinfo` can neither be
    cancelled nor told how long to try (with glibc's defaults up to half a minute).
    """

    def __init__(self) -> None:
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def __call__(self, host: str) -> tuple[str, ...]:
        """All addresses of the name, in the order that the system prefers (RFC 6724).

        Raises:
            OSError: the name has none, or the resolver failed (`socket.gaierror`).
        """
        # Released by the thread's end, not by the caller's: who gives up waiting leaves the thread behind.
        await self._slots.acquire()
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[tuple[str, ...]] = loop.create_future()

        def finish(found: tuple[str, ...] | OSError) -> None:
            self._slots.release()
            if answer.done():
                return
            if isinstance(found, OSError):
                answer.set_exception(found)
            else:
                answer.set_result(found)

        def look_up() -> None:
            try:
                # as bytes, the name is not put through Python's IDNA codec of 2003, which takes some for others
                rows = socket.getaddrinfo(host.encode("ascii"), None, type=socket.SOCK_STREAM)
                found: tuple[str, ...] | OSError = tuple(dict.fromkeys(str(row[4][0]) for row in rows))
            except OSError as error:
                found = error
            with contextlib.suppress(RuntimeError):  # the loop was closed while the resolver tried
                loop.call_soon_threadsafe(finish, found)

        threading.Thread(target=look_up, name=f"look up {host}", daemon=True).start()
        return await answer
