"""A conversation as a file for other programs, or for paper."""

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path

from ..answer import Answer
from ..errors import AgentError

_ENDINGS = {"text": "txt", "bibtex": "bib", "csl": "csl.json"}
_UNFIT = re.compile(r"[^\w]+")
_MOST_CHARACTERS = 60


class NotExported(AgentError):
    """The file could not be written; `what` is its path."""


async def write_export(answers: Sequence[Answer], format: str, named: str, *, title: str) -> Path:
    """Write the answers in a format of `export.FORMATS`; without a name, into the current folder under the title.

    A file that is there already is never written over, unless it was named.

    Raises:
        NotExported: it cannot be written.
    """
    from ..export import exported

    text = await asyncio.to_thread(exported, answers, format, title=title)
    if named:
        path = Path(named).expanduser()
        return await asyncio.to_thread(_write, path, text, "w")
    stem = _UNFIT.sub("-", title.casefold()).strip("-")[:_MOST_CHARACTERS].strip("-") or "answers"
    for number in range(1, 1_000):
        path = Path.cwd() / f"{stem}{f'-{number}' if number > 1 else ''}.{_ENDINGS.get(format, format)}"
        if not path.exists():
            return await asyncio.to_thread(_write, path, text, "x")
    raise NotExported(stem, "there are a thousand files of that name already")


def _write(path: Path, text: str, mode: str) -> Path:
    try:
        with path.open(mode, encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise NotExported(str(path), error.strerror or "it cannot be written") from error
    return path
