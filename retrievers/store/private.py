"""The data directory is its owner's alone: it holds what was asked, and pages that were read for it."""

import contextlib
import os
import stat
from pathlib import Path

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_COMPANIONS = ("", "-wal", "-shm")


def make_private(path: Path) -> None:
    """Make the folder of the database at `path`, and the file, for their owner alone, or tighten what was made before.

    A folder that is there already without a database is somebody else's making, and one whose files belong to its group
    (setgid) is shared on purpose: both stay as they are. SQLite gives the files beside a database its own mode.

    Raises:
        OSError: the folder cannot be made.
    """
    folder = path.parent
    is_new = not folder.exists()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and not is_new and not folder.stat().st_mode & stat.S_ISGID:
        _tighten(folder)
        for companion in _COMPANIONS:
            _tighten(path.with_name(path.name + companion))


def make_private_file(path: Path) -> None:
    """Make an empty file for its owner alone where there is none: SQLite would go by the umask."""
    with contextlib.suppress(OSError):  # what is in the way is told when it is opened
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600))


def _tighten(path: Path) -> None:
    """Quietly, and only what is one's own: a file system without modes, or a read-only one, is no reason to stop."""
    with contextlib.suppress(OSError):
        found = path.lstat()
        if found.st_uid == os.geteuid() and found.st_mode & _OTHERS and not stat.S_ISLNK(found.st_mode):
            path.chmod(stat.S_IMODE(found.st_mode) & ~_OTHERS)
