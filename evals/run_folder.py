"""A folder that holds an evaluation: what was asked under which settings, and every result as it came.

`run.json` says what is run, `cases.jsonl` holds the cases, `results.jsonl` one line a finished (cell, case), written to
the disk before it counts. A process that is killed loses what was not finished, and its half-written line is cut off
when the run goes on.
"""

import asyncio
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from errno import EDQUOT, EFBIG, ENOSPC
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from filelock import FileLock, Timeout
from pydantic import TypeAdapter, ValidationError

from .case import Case
from .case_error import CaseError
from .case_rows import lines_of
from .cases import read_stored_cases
from .result import Result

FORMAT = 1
_FULL = (ENOSPC, EDQUOT, EFBIG)  # no room, none left for this person, or none for so large a file
_RESULT: TypeAdapter[Result] = TypeAdapter(Result)


class RunFolderError(Exception):
    """What is wrong with a run's folder, and what to do."""

    def __init__(self, path: str, why: str, hint: str) -> None:
        super().__init__(path, why, hint)
        self.path, self.why, self.hint = path, why, hint

    def __str__(self) -> str:
        return f"{self.path}: {self.why}. {self.hint}."


class RunFolderUnwritable(RunFolderError):
    """The disk is full, or refuses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What is run: `cases` of a set, each once under every cell (name → the settings that differ).

    `started` and `finished` are ISO 8601 in UTC, the latter "" while it goes on. `verifier` judges the citations of all
    cells alike; `judge` is the model that judges correctness, "" for none. `settings` are those that all cells
    share and that are not the default. `answers` is the SHA-256 of the answers of other systems that it scores, "" for
    a run of ours. `interrupted`: it ended before its end, and may go on.
    """

    format: int = FORMAT
    fontes: str
    dataset: str
    dataset_hash: str
    cases: int
    cells: Mapping[str, Mapping[str, Any]]
    seed: int = 0
    started: str
    finished: str = ""
    metrics: tuple[str, ...] = ()
    verifier: str = ""
    judge: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    answers: str = ""
    interrupted: bool = False


@dataclass(frozen=True, kw_only=True)
class StoredRun:
    """A run as it was kept: its manifest, its cases, and the last result of each (cell, case).

    `pages` are the texts of the pages that answers cite or were written from, by hash.
    """

    path: Path
    manifest: Manifest
    cases: tuple[Case, ...]
    results: tuple[Result, ...]
    pages: Mapping[str, str]

    @cached_property
    def case_of(self) -> Mapping[str, Case]:
        """The cases by id."""
        return {case.id: case for case in self.cases}

    def of(self, cell: str) -> tuple[Result, ...]:
        """The results of one cell, in the order of the cases."""
        known = {result.case: result for result in self.results if result.cell == cell}
        return tuple(known[case.id] for case in self.cases if case.id in known)


class RunFolder:
    """A run that goes on; one process at a time writes to it. Use it with `with`, or `close` it."""

    def __init__(self, path: Path, manifest: Manifest, results: Sequence[Result], lock: FileLock) -> None:
        self.path, self.manifest = path, manifest
        self.results = {(result.cell, result.case): result for result in results}
        self._pages = set(_pages(results))
        self._lock = lock
        self._writing = asyncio.Lock()  # parts the cases that finish at one time
        self._file = os.open(path / "results.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self._length = os.fstat(self._file).st_size

    @classmethod
    def open(cls, path: Path, manifest: Manifest, cases: Sequence[Case]) -> Self:
        """Begin a run in `path`, or go on with the one there if it runs the same; metrics may be others.

        Raises:
            RunFolderError: another run is there, another process writes it, it is damaged, or cannot be written.
        """
        try:
            if path.exists() and not path.is_dir():
                raise RunFolderError(str(path), "it is a file", "Name a folder: a run keeps several files")
            path.mkdir(parents=True, exist_ok=True)
            lock = FileLock(path / "run.lock", timeout=0)
            lock.acquire()
        except Timeout as error:
            raise RunFolderError(str(path), "another process is writing it", "Wait for it, or name another") from error
        except OSError as error:
            raise _unwritable(path, error) from error
        try:
            if (path / "run.json").exists():
                kept = read_manifest(path)
                _same(path, kept, manifest)
                results = _read_results(path / "results.jsonl", cut=True)
                manifest = replace(manifest, started=kept.started)
            else:
                results = []
                _replaced(path / "cases.jsonl", "".join(f"{line}\n" for line in lines_of(cases)))
                (path / "results.jsonl").unlink(missing_ok=True)
            folder = cls(path, manifest, results, lock)
            folder._note(manifest)
        except OSError as error:
            lock.release()
            raise _unwritable(path, error) from error
        except (CaseError, RunFolderError):
            lock.release()
            raise
        return folder

    @property
    def done(self) -> frozenset[tuple[str, str]]:
        """The (cell, case)s with an answer; a failed one is tried again."""
        return frozenset(key for key, result in self.results.items() if result.error is None)

    async def append(self, result: Result) -> None:
        """Keep a result; on the disk when this returns.

        Raises:
            RunFolderUnwritable: the results before it stay as they are.
        """
        async with self._writing:
            kept = replace(result, pages={p: text for p, text in result.pages.items() if p not in self._pages})
            line = _RESULT.dump_json(kept) + b"\n"
            try:
                await asyncio.to_thread(self._write, line)
            except OSError as error:
                os.ftruncate(self._file, self._length)
                raise _unwritable(self.path, error) from error
            self._length += len(line)
            self._pages.update(kept.pages)
            self.results[kept.cell, kept.case] = kept  # each page is in memory once

    def _write(self, line: bytes) -> None:
        view = memoryview(line)
        while view:
            view = view[os.write(self._file, view) :]
        os.fsync(self._file)

    def finish(self, *, finished: str, interrupted: bool) -> None:
        """Note in `run.json` how the run ended.

        Raises:
            RunFolderUnwritable: it cannot be written.
        """
        try:
            self._note(replace(self.manifest, finished=finished, interrupted=interrupted))
        except OSError as error:
            raise _unwritable(self.path, error) from error

    def _note(self, manifest: Manifest) -> None:
        self.manifest = manifest
        _replaced(self.path / "run.json", json.dumps(asdict(manifest), ensure_ascii=False, indent=2) + "\n")

    def close(self) -> None:
        """Let go of the folder."""
        os.close(self._file)
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def read(path: Path) -> StoredRun:
    """A run as it stands, finished or not; a line that is being written is passed over.

    Raises:
        RunFolderError: there is no run, its format is a newer one, or it is damaged.
        CaseError: its cases cannot be read.
    """
    manifest = read_manifest(path)
    cases = read_stored_cases(path / "cases.jsonl")
    lines = _read_results(path / "results.jsonl", cut=False)
    pages = _pages(lines)
    last = {(each.cell, each.case): each for each in lines}
    results = tuple(replace(each, pages=pages) for each in last.values())
    return StoredRun(path=path, manifest=manifest, cases=cases, results=results, pages=pages)


def _pages(lines: Sequence[Result]) -> dict[str, str]:
    """All pages that were kept: each stands in the first line that needed it."""
    return {page: text for line in lines for page, text in line.pages.items()}


def read_manifest(path: Path) -> Manifest:
    """What is run in a folder.

    Raises:
        RunFolderError: there is no run, its format is a newer one, or it cannot be read.
    """
    file = path / "run.json"
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
        if value["format"] > FORMAT:
            why = f"its format {value['format']} is newer than this version reads ({FORMAT})"
            raise RunFolderError(str(file), why, "Update Fontes")
        known = {each.name for each in fields(Manifest)}
        return TypeAdapter(Manifest).validate_python({key: item for key, item in value.items() if key in known})
    except FileNotFoundError as error:
        raise RunFolderError(str(path), "there is no run", "`fontes eval run DATASET --out DIR` makes one") from error
    except OSError as error:
        raise RunFolderError(str(file), f"it cannot be read: {error.strerror}", "Check the path") from error
    except (ValueError, KeyError, TypeError) as error:
        raise RunFolderError(str(file), "it is damaged", "Restore it, or run into another folder") from error


def _read_results(file: Path, *, cut: bool) -> list[Result]:
    """The results; what follows the last line end was never finished, and with `cut` is taken off the file."""
    if not file.exists():
        return []
    raw = file.read_bytes()
    whole = raw.rfind(b"\n") + 1
    if cut and whole < len(raw):
        os.truncate(file, whole)
    results: list[Result] = []
    for number, line in enumerate(raw[:whole].splitlines(), 1):
        try:
            results.append(_RESULT.validate_json(line))
        except ValidationError as error:
            why = f"line {number} is no result: {error.errors()[0]['msg']}"
            raise RunFolderError(str(file), why, "Take the line out: its case is asked again") from error
    return results


def _same(path: Path, kept: Manifest, wanted: Manifest) -> None:
    for name in ("dataset_hash", "cells", "settings", "seed", "verifier", "judge", "answers", "fontes"):
        there, here = getattr(kept, name), getattr(wanted, name)
        if json.dumps(there, sort_keys=True, default=list) != json.dumps(here, sort_keys=True, default=list):
            why = f"another run is there: its {name} is {_short(there)}, and this one's {_short(here)}"
            raise RunFolderError(str(path), why, "Name another folder, or give what that run was given")


def _short(value: object) -> str:
    text = str(dict(value)) if isinstance(value, Mapping) else str(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _replaced(file: Path, text: str) -> None:
    """Write a file whole or not at all."""
    new = file.with_suffix(".new")
    with new.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    new.replace(file)


def _unwritable(path: Path, error: OSError) -> RunFolderUnwritable:
    if error.errno in _FULL:
        return RunFolderUnwritable(
            str(path), "the disk is full", "Free some room and run the same command again: what is finished is kept"
        )
    return RunFolderUnwritable(str(path), f"it cannot be written: {error.strerror}", "Check the folder and its rights")
