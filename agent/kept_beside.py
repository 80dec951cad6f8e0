"""What was pasted into a conversation, and what was being typed: files beside the store, erased with it."""

import hashlib
import shutil
from contextlib import suppress
from pathlib import Path


def pasted_folder(home: Path, conversation: str) -> Path:
    """Where the pastes of a conversation are kept."""
    return home / "pasted" / _name(conversation)


def draft_file(folder: Path, conversation: str) -> Path:
    """Where, in the folder of drafts, the one of a conversation is kept."""
    return folder / f"{_name(conversation)}.txt"


def erase_beside(home: Path, conversation: str) -> None:
    """Erase the pastes and the draft of a conversation that is erased."""
    shutil.rmtree(pasted_folder(home, conversation), ignore_errors=True)
    with suppress(OSError):
        draft_file(home / "drafts", conversation).unlink()


def _name(conversation: str) -> str:
    """An id may hold what no name of a file does."""
    return hashlib.sha256(conversation.encode()).hexdigest()[:32]
