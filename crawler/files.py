"""From what a person named (files and folders) to the files that can be read, and the reasons for the others."""

import os
import re
import stat
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes

from .formats import SUFFIXES, suffix_of
from .page import Skipped, SkipReason
from .policy import ReadPolicy

# Never looked into below a folder: what programs put there for themselves. Hidden names (.git, .venv, .tox) go
# anyway; so do virtual environments and caches, by the marks they carry (pyvenv.cfg, CACHEDIR.TAG).
_IGNORED_FOLDERS = frozenset({"node_modules", "bower_components", "__pycache__", "site-packages", "__MACOSX"})
_FOLDER_MARKS = frozenset({"pyvenv.cfg", "CACHEDIR.TAG"})
_IGNORED_FILES = re.compile(r"\.|~\$|#.*#$|.*~$|(?:Thumbs\.db|desktop\.ini)$", re.IGNORECASE | re.DOTALL)

_READS_AS_ESCAPE = re.compile("%(?=[0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """A regular file that may be read: its absolute path, the `source` it is stored under, and its `file_stamp`."""

    path: Path
    source: str
    size: int
    modified_ns: int


def file_source(path: str | os.PathLike[str]) -> str:
    """The text under which a file is stored and shown: its absolute path, links not resolved.

    What is not printable (control and invisible characters, bytes that are no text) stands in it as `%XX` (of its
    bytes), and so does a `%` that two hexadecimal digits follow; every other path is itself. `source_path` is the way
    back.
    """
    text = _READS_AS_ESCAPE.sub("%25", os.path.abspath(path))  # noqa: PTH100 (Path.absolute keeps "..")
    return text if text.isprintable() else "".join(map(_printable, text))


def _printable(char: str) -> str:
    if char.isprintable() or unicodedata.category(char) == "Zs":
        return char
    try:
        encoded = char.encode(sys.getfilesystemencoding(), "surrogateescape")
    except UnicodeEncodeError:  # a surrogate that stands for no byte: no file has it
        encoded = char.encode("utf-8", "surrogatepass")
    return "".join(f"%{byte:02X}" for byte in encoded)


def source_path(source: str) -> Path:
    """The path of a file stored under this source."""
    return Path(os.fsdecode(unquote_to_bytes(os.fsencode(source))))


def file_stamp(path: str | os.PathLike[str]) -> tuple[int, int]:
    """Size in bytes and modification time in nanoseconds: as long as both stay, a file is taken as unchanged.

    Raises:
        OSError: the file cannot be looked at.
    """
    status = os.stat(path)  # noqa: PTH116
    return status.st_size, status.st_mtime_ns


def find_files(
    paths: Iterable[str | os.PathLike[str]], policy: ReadPolicy | None = None
) -> Iterator[FoundFile | Skipped]:
    """The files to read among these files and folders, and a `Skipped` for each that is not.

    In the order given, folders sorted by name (each folder's files before its folders), each file once: under another
    name (a link) it is skipped as "duplicate"; named again, or beside its folder, it is passed over. A file that is
    named is read whatever it is called; in a folder, only known kinds (`SUFFIXES`) are, and hidden files, editors'
    backups and what programs keep for themselves are passed over in silence. Links are followed within the folder that
    was named; one that leads out of it is skipped (`blocked_address`), for its target may be private. No file is
    opened. Blocking (a `stat` a file): from a coroutine, run it in a thread.
    """
    walk = _Walk(policy or ReadPolicy())
    for path in paths:
        if os.fspath(path):
            yield from walk.named(os.path.abspath(path))  # noqa: PTH100
        else:  # which would be the current folder to the system
            yield Skipped(source="", reason="unreadable", detail="the name is empty")


class _Walk:
    """What was seen so far, by device and inode: the path by which each file or folder was reached first."""

    def __init__(self, policy: ReadPolicy) -> None:
        self._policy = policy
        self._seen: dict[tuple[int, int], str] = {}
        self._duplicates: set[str] = set()
        self._unasked: set[tuple[int, int]] = set()  # of unknown kind, in a folder: to be read if named later

    def named(self, path: str) -> Iterator[FoundFile | Skipped]:
        try:
            status = os.stat(path)  # noqa: PTH116
        except (OSError, ValueError) as error:
            yield _unreadable(path, error)
            return
        if stat.S_ISDIR(status.st_mode):
            yield from self._folder(path, os.path.realpath(path))
        else:
            yield from self._file(path, status)

    def _folder(self, path: str, root: str) -> Iterator[FoundFile | Skipped]:
        waiting = [path]
        while waiting:
            folder = waiting.pop()
            try:
                if self._first_path(folder, os.stat(folder)):  # noqa: PTH116
                    continue
                with os.scandir(folder) as entries:
                    found = sorted(entries, key=lambda entry: entry.name)
            except OSError as error:
                yield _unreadable(folder, error)
                continue
            if folder != path and any(entry.name in _FOLDER_MARKS for entry in found):
                continue
            folders: list[str] = []
            for entry in found:
                yield from self._entry(entry, root, folders)
            waiting += reversed(folders)

    def _entry(self, entry: os.DirEntry[str], root: str, folders: list[str]) -> Iterator[FoundFile | Skipped]:
        if _IGNORED_FILES.match(entry.name):
            return
        try:
            status = entry.stat()
            is_out = entry.is_symlink() and not _is_within(os.path.realpath(entry.path), root)
        except OSError as error:
            yield _unreadable(entry.path, error)
            return
        if is_out:
            target = file_source(os.path.realpath(entry.path))
            yield _skip(entry.path, "blocked_address", f"the link leads out of the folder; to read it, name {target}")
        elif stat.S_ISDIR(status.st_mode):
            if entry.name not in _IGNORED_FOLDERS:
                folders.append(entry.path)
        elif stat.S_ISREG(status.st_mode) and suffix_of(entry.name) not in SUFFIXES:
            key = (status.st_dev, status.st_ino)
            if key not in self._seen and key not in self._unasked:
                self._unasked.add(key)
                kind = suffix_of(entry.name) or "a file without extension"
                yield _skip(
                    entry.path, "wrong_type", f"{kind} is not read in a folder; name the file to try it as text"
                )
        else:
            yield from self._file(entry.path, status)

    def _file(self, path: str, status: os.stat_result) -> Iterator[FoundFile | Skipped]:
        if first := self._first_path(path, status):
            if first != path and path not in self._duplicates:
                self._duplicates.add(path)
                yield _skip(path, "duplicate", f"the same file as {file_source(first)}")
        elif not stat.S_ISREG(status.st_mode):
            yield _skip(path, "wrong_type", f"it is {_special_kind(status.st_mode)}, not a regular file")
        elif status.st_size == 0:
            yield _skip(path, "empty", "the file is empty")
        elif status.st_size > self._policy.max_bytes:
            yield too_large(file_source(path), status.st_size, self._policy.max_bytes)
        elif not os.access(path, os.R_OK):
            yield _skip(path, "unreadable", "no permission to read it")
        else:
            yield FoundFile(
                path=Path(path), source=file_source(path), size=status.st_size, modified_ns=status.st_mtime_ns
            )

    def _first_path(self, path: str, status: os.stat_result) -> str:
        """The path by which this was reached before, "" if it was not."""
        key = (status.st_dev, status.st_ino)
        if key in self._seen:
            return self._seen[key]
        self._seen[key] = path
        return ""


def too_large(source: str, size: int, limit: int) -> Skipped:
    """A file beyond `ReadPolicy.max_bytes`, with both sizes in words."""
    return Skipped(
        source=source, reason="too_large", detail=f"it has {_megabytes(size)}; the limit is {_megabytes(limit)}"
    )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 100_000 else f"{size:,} bytes"


def _skip(path: str, reason: SkipReason, detail: str) -> Skipped:
    return Skipped(source=file_source(path), reason=reason, detail=detail)


def _unreadable(path: str, error: OSError | ValueError) -> Skipped:
    return _skip(path, "unreadable", why_unreadable(error))


def why_unreadable(error: OSError | ValueError) -> str:
    """The system's refusal, in words for a person."""
    match error:
        case FileNotFoundError():
            return "it does not exist"
        case PermissionError():
            return "no permission to read it"
        case OSError():
            return (error.strerror or str(error)).lower()
        case _:
            return f"no file has such a name ({error})"


def _special_kind(mode: int) -> str:
    for is_kind, name in (
        (stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"), (stat.S_ISCHR, "a device"), (stat.S_ISBLK, "a device"),
    ):  # fmt: skip
        if is_kind(mode):
            return name
    return "a special file"


def _is_within(path: str, root: str) -> bool:
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)
