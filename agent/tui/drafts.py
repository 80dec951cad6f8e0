"""What was typed and not sent, kept beside the database: a killed terminal loses no half-written question.

Each chat holds a lock on the file of its conversation; a file that nobody holds was left by one that is gone.
"""

import contextlib
import fcntl
import os
from pathlib import Path
from typing import IO

from ..kept_beside import draft_file

_MOST_CHARACTERS = 200_000


class Drafts:
    """The draft of one conversation at a time, in `folder`, one file for each conversation that has one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: IO[str] | None = None
        self._conversation = ""

    def open(self, conversation: str) -> str:
        """Hold the draft of this conversation from now on, and return its text; "" when there is none.

        Raises:
            OSError: the folder cannot be written.
        """
        self.close()
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._path(conversation)
        path.touch()
        file = path.open("r+", encoding="utf-8", errors="replace")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:  # another chat shows the same conversation; that one keeps its draft
            file.close()
            return ""
        self._file, self._conversation = file, conversation
        file.seek(0)
        return _parts(file.read(_MOST_CHARACTERS))[1]

    def keep(self, text: str) -> None:
        """Write the draft as it stands now.

        Raises:
            OSError: the disk is full, or was taken away.
        """
        if self._file is None:
            return
        self._file.seek(0)
        if text:
            self._file.write(f"{self._conversation}\n{text[:_MOST_CHARACTERS]}")
        self._file.truncate()
        self._file.flush()

    def left(self) -> tuple[str, str] | None:
        """The newest draft that no chat holds: its conversation and its text."""
        with contextlib.suppress(FileNotFoundError):
            for path in sorted(self._folder.glob("*.txt"), key=_modified, reverse=True):
                conversation, text = _parts(_unheld(path))
                if text:
                    return conversation, text
        return None

    def close(self) -> None:
        """Let go of the draft; an empty one leaves no file."""
        if self._file is None:
            return
        file, self._file = self._file, None
        with contextlib.suppress(OSError):
            if not os.fstat(file.fileno()).st_size:
                Path(file.name).unlink()
        with contextlib.suppress(OSError):  # what could not be written is said when it is kept
            file.close()

    def forget(self, conversation: str) -> None:
        """Erase the draft of a conversation that is erased."""
        self._path(conversation).unlink(missing_ok=True)

    def _path(self, conversation: str) -> Path:
        return draft_file(self._folder, conversation)


def _modified(path: Path) -> float:
    with contextlib.suppress(OSError):
        return path.stat().st_mtime
    return 0.0


def _parts(kept: str) -> tuple[str, str]:
    """The conversation and the text."""
    conversation, _, text = kept.partition("\n")
    return conversation, text


def _unheld(path: Path) -> str:
    """The text of a draft, "" if a chat holds it or it is gone."""
    try:
        with path.open("r+", encoding="utf-8", errors="replace") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return file.read(_MOST_CHARACTERS)
    except OSError:
        return ""
