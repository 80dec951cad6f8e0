"""The two consoles, and how sources, dates and skipped files look on them."""

import os
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from ...crawler import Skipped, clean
from ..reading import is_address


@cache
def out() -> Console:
    """Standard output."""
    return _console(stderr=False)


@cache
def err() -> Console:
    """Standard error, for progress and notices."""
    return _console(stderr=True)


class _Console(Console):
    def on_broken_pipe(self) -> None:
        raise BrokenPipeError  # rich would exit with 1; the door knows that a reader may have seen enough


def _console(*, stderr: bool) -> Console:
    """Not a terminal: no colours, and lines are not broken to a width that nobody asked for."""
    console = _Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if console.is_terminal:
        return console
    return _Console(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=True)


def counted(count: int, noun: str) -> str:
    """The number and the noun, in the plural where it belongs: `1 file`, `2,000 files`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def shown(source: str) -> str:
    """A source as a person would name it: relative to the current directory if it is below, without control codes."""
    try:
        here = f"{Path.cwd()}{os.sep}"
    except FileNotFoundError:  # the current directory is gone
        return clean(source)
    return clean(source.removeprefix(here))


def print_indented(text: Text, columns: int) -> None:
    """Print on standard output with a margin on the left, which the broken lines of a terminal keep too."""
    if out().is_terminal:
        out().print(Padding(text, (0, 0, 0, columns)))
    else:
        out().print(Text(" " * columns) + text)


def print_cells(*cells: str) -> None:
    """Print a line for other programs: cells with a tab between, and none in them (rich would make it spaces)."""
    plain = (clean(cell).replace("\t", " ").replace("\n", " ") for cell in cells)
    out().file.write("\t".join(plain) + "\n")


def dim(text: str) -> Text:
    """Text of lesser weight."""
    return Text(text, style="dim")


def skipped_lines(skipped: Sequence[Skipped], *, most: int = 10) -> list[Text]:
    """What was not read: each source with its reason; more than `most` of one reason become a count."""
    lines: list[Text] = []
    by_reason = Counter(entry.reason for entry in skipped)
    for reason, count in by_reason.most_common():
        entries = [entry for entry in skipped if entry.reason == reason]
        if count > most:
            kinds = Counter(_kind(entry.source) for entry in entries)
            listed = ", ".join(f"{kind} {n}" for kind, n in kinds.most_common(6))
            noun = "page" if all(is_address(entry.source) for entry in entries) else "file"
            lines.append(Text(clean(f"{counted(count, noun)}: {reason} ({listed})")))
        else:
            lines += [Text(f"{shown(entry.source)}: {clean(entry.detail or reason)} ({reason})") for entry in entries]
    return lines


def _kind(source: str) -> str:
    """What many sources are counted by: a file's ending, a page's host."""
    if is_address(source):
        try:
            return urlsplit(source).netloc
        except ValueError:
            return "no host"
    return Path(source).suffix.lower() or "no ending"
