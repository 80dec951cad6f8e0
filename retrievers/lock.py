"""What parts processes on one data directory: the lock on its derived indexes, and names that one of them holds.

`fontes.db` needs no lock of ours: SQLite has its own. tantivy allows one writer, Chroma knows no second process.
"""

import asyncio
import errno
import fcntl
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from time import monotonic

from filelock import FileLock, Timeout

from .errors import StoreError, StoreFull, StoreReadOnly

_POLL_S = 0.05
_LOOKED_AT_S = 0.3  # who only looks at a name lets go of it in microseconds


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


class Held:
    """Names of which each is held by one process at a time: a locked file in `folder` for each.

    The kernel lets go of a lock when its process ends, however it ends, so that no pid and no clock is asked. Two
    objects in one process are as two processes. A file is there while its name is held, and after a kill until `tidy`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, int] = {}

    @property
    def here(self) -> frozenset[str]:
        """The names held by this object."""
        return frozenset(self._files)

    def elsewhere(self) -> frozenset[str]:
        """The names that others hold."""
        return frozenset(name for name in self._names() if self._is_locked(name))

    async def hold(self, name: str) -> bool:
        """Hold a name until `let_go`; False if it is held already, here or elsewhere.

        Raises:
            StoreError: there can be no such file, for the disk is full (`StoreFull`) or cannot be written.
        """
        give_up = monotonic() + _LOOKED_AT_S
        while name not in self._files:
            with _file_errors(self._folder):
                self._folder.mkdir(parents=True, exist_ok=True)
                file = self._locked(name, os.O_RDWR | os.O_CREAT)
            if file is not None:
                self._files[name] = file
                return True
            if monotonic() >= give_up:
                return False
            await asyncio.sleep(_POLL_S)
        return False

    def let_go(self, name: str) -> None:
        """Let go of a name, and remove its file; nothing if it is not held here."""
        if (file := self._files.pop(name, None)) is not None:
            self._remove(name, file)

    def tidy(self) -> None:
        """Remove the files of names that nobody holds any more: their processes were killed."""
        for name in self._names():
            with suppress(OSError):  # it went by itself, or is another person's
                if (file := self._locked(name, os.O_RDWR)) is not None:
                    self._remove(name, file)

    def _names(self) -> list[str]:
        try:
            return [path.name for path in self._folder.iterdir() if path.name not in self._files]
        except FileNotFoundError:
            return []

    def _locked(self, name: str, flags: int) -> int | None:
        """The file of a name, locked; None if another has it."""
        file = os.open(self._folder / name, flags | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(file).st_nlink:
                return file
        except BlockingIOError:
            pass
        except BaseException:
            os.close(file)
            raise
        os.close(file)  # held, or removed between the two calls: then it guards nothing
        return None

    def _is_locked(self, name: str) -> bool:
        try:
            file = os.open(self._folder / name, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:  # gone by now
            return False
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(file)
        return False

    def _remove(self, name: str, file: int) -> None:
        """Under its lock: whoever waits for it sees that it is gone, and makes a new one."""
        with suppress(OSError):
            (self._folder / name).unlink()
        os.close(file)


@contextmanager
def _file_errors(folder: Path) -> Iterator[None]:
    """Turn what the system says about files in `folder` into what a person can act upon."""
    try:
        yield
    except OSError as error:
        why = error.strerror or str(error)
        match error.errno:
            case errno.ENOSPC | errno.EDQUOT:
                raise StoreFull(str(folder), "no space is left on the disk") from error
            case errno.EACCES | errno.EPERM | errno.EROFS | errno.ENOTDIR:
                raise StoreReadOnly(str(folder), f"it cannot be written ({why})") from error
            case _:
                raise StoreError(str(folder), why) from error
