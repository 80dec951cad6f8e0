"""The lock that parts two processes wanting to write the derived indexes of one data directory.

`fontes.db` needs no lock of ours: SQLite has its own. tantivy allows one writer, Chroma knows no second process.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from filelock import FileLock, Timeout


@asynccontextmanager
async def holding(path: Path, *, wait_s: float) -> AsyncIterator[bool]:
    """Hold the lock at `path` for the length of the block; yields whether it was had within `wait_s` seconds."""
    lock = FileLock(path, thread_local=False)
    try:
        await asyncio.to_thread(lock.acquire, timeout=wait_s, poll_interval=0.05)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()
