"""The lock that parts two processes wanting to write the derived indexes of one data directory.

`fontes.db` needs no lock of ours: SQLite has its own. tantivy allows one writer, Chroma knows no second process.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic

from filelock import FileLock, Timeout

_POLL_S = 0.05


@asynccontextmanager
async def holding(path: Path, *, wait_s: float) -> AsyncIterator[bool]:
    """Hold the lock at `path` for the length of the block; yields whether it was had within `wait_s` seconds."""
    lock = FileLock(path, thread_local=False)
    give_up = monotonic() + wait_s
    while True:  # tried from the loop, not waited for in a thread: a thread cannot be cancelled
        try:
            lock.acquire(timeout=0)
            break
        except Timeout:
            if monotonic() >= give_up:
                yield False
                return
        await asyncio.sleep(_POLL_S)
    try:
        yield True
    finally:
        lock.release()
