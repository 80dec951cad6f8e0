"""Paths and addresses as a terminal pastes them when a file is dragged onto it, or as one types them after `/add`."""

import os
import re
import shlex
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from .opening import web_address

_MOST = 200
_LONGEST = 64_000
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def dropped(text: str) -> tuple[str, ...]:
    """What a paste names when it names nothing but existing files, folders, and addresses of the web; else ().

    Understood: one a line or several with spaces between them, quoted or with backslashes as shells want them,
    `file://` addresses, `~`. Text that also says something else is no drop: it stays text.
    """
    if not text.strip() or len(text) > _LONGEST or _CONTROLS.search(text):
        return ()
    for words in (_lines(text), _words(text)):
        if words and len(words) <= _MOST and all(found := [_existing(word) for word in words]):
            return tuple(dict.fromkeys(each for each in found if each))
    return ()


def named(text: str) -> tuple[str, ...]:
    """The sources that a person typed; a path need not exist, so that what is wrong with it can be said."""
    if found := dropped(text):
        return found
    whole = os.path.expanduser(text.strip())  # noqa: PTH111 - Path raises for an unknown ~user
    if whole and os.path.lexists(whole):  # a name with spaces, typed as it is
        return (whole,)
    words = _words(text) or _lines(text)
    return tuple(dict.fromkeys(_existing(word) or os.path.expanduser(word) for word in words if word))  # noqa: PTH111


def missing(sources: Iterable[str]) -> str:
    """What there is no file or folder for, in words; "" when all are there. Addresses are not asked."""
    for source in sources:
        if not web_address(source) and not os.path.lexists(source):
            return f"there is no file or folder {source}"
    return ""


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:  # a quote without its partner
        return []


def _existing(word: str) -> str | None:
    if address := web_address(word):
        return address
    path = _path(word)
    try:
        # A lone slash begins a command, and nobody means all of the disk.
        return path if path and Path(path).name and Path(path).exists() else None
    except (OSError, ValueError):  # far too long a name, or no permission to look
        return None


def _path(word: str) -> str | None:
    """The path a word stands for; only one that shows itself as such: a bare word is a word, whatever lies here."""
    if word.lower().startswith("file://"):
        try:
            parts = urlsplit(word)
        except ValueError:
            return None
        return unquote(parts.path) if parts.netloc in ("", "localhost") else None
    expanded = os.path.expanduser(word.replace("\\ ", " "))  # noqa: PTH111 - Path raises for an unknown ~user
    return expanded if os.sep in expanded else None
