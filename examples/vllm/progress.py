"""What is said on the way, on standard error; and programs that are run quietly and shown when they fail."""

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from time import monotonic

_SHOWN_LINES = 8
_REASON = re.compile(r"\w*Error: |^ERROR: ")


class Failed(Exception):
    """It cannot go on; the text says why, and what can be done."""


def say(text: str) -> None:
    """One line for whoever waits."""
    print(text, file=sys.stderr, flush=True)


def run(what: str, command: list[str], *, log: Path, advice: str, environment: Mapping[str, str] | None = None) -> None:
    """Run a program to its end, its words in `log`.

    Raises:
        Failed: it cannot be run, or says that it failed: with the end of its words and `advice`.
    """
    say(f"{what} …")
    began = monotonic()
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as words:
        try:
            done = subprocess.run(command, stdout=words, stderr=subprocess.STDOUT, env=environment, check=False)  # noqa: S603
        except OSError as error:
            raise Failed(f"{what}: {error}. {advice}") from error
    if done.returncode:
        raise Failed(f"{what} failed:\n{last_words(log)}\n{advice} All of it is in {log}.")
    say(f"{what}: {monotonic() - began:.0f} s")


def last_words(log: Path) -> str:
    """The errors that a log names, or else its end; indented."""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    reasons = list(dict.fromkeys(line for line in lines if _REASON.search(line)))
    return "\n".join(f"    {line}" for line in (reasons or lines)[-_SHOWN_LINES:])
