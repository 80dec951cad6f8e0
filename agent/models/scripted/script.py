"""Replies from a file: rows of JSON, played in order."""

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .asked import Asked
from .errors import Unscripted
from .faults import Fault, Kind
from .reply import Finish, Reply


class _Fault(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Kind
    after: int = 0
    status: int = 0
    body: str = ""
    headers: dict[str, str] = Field(default_factory=dict)
    seconds: float = 0.0
    megabytes: float = 10.0


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")

    when: re.Pattern[str] | None = None
    reply: Any = ""
    reasoning: str = ""
    finish: Finish = "stop"
    delay_s: float = Field(default=0.0, ge=0)
    fault: Kind | _Fault | None = None
    times: int | None = Field(default=None, ge=1)


def script(source: Path | str | Iterable[str]) -> Callable[[Asked], Reply]:
    r"""A responder that plays the rows of a JSON-lines file, given by its path or as lines.

        {"when": "(?i)lighthouse", "reply": {"sentences": []}, "delay_s": 0.2}
        {"reply": "Never heard of it.", "fault": {"kind": "cut", "after": 3}, "times": 1}

    A request gets the first row whose `when`, a regular expression, is found in the user's last message; a row without
    `when` fits any. `reply` is a text, or JSON that is sent as text. A row with `times` is used up after so many.

    Raises:
        ValueError: a row is none; the message names its line.
        OSError: the file cannot be read.
        Unscripted: (the responder) no row fits.
    """
    lines = Path(source).read_text(encoding="utf-8").splitlines() if isinstance(source, (Path, str)) else list(source)
    rows = [_read(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    used = [0] * len(rows)

    def play(asked: Asked) -> Reply:
        for at, row in enumerate(rows):
            is_left = row.times is None or used[at] < row.times
            if is_left and (row.when is None or row.when.search(asked.last)):
                used[at] += 1
                return _reply(row)
        raise Unscripted(f"no row of the script is for: {asked.last[-300:]!r}")

    return play


def _read(number: int, line: str) -> _Row:
    try:
        return _Row.model_validate(json.loads(line))
    except (ValidationError, json.JSONDecodeError) as error:
        raise ValueError(f"line {number} of the script: {error}") from error


def _reply(row: _Row) -> Reply:
    text = row.reply if isinstance(row.reply, str) else json.dumps(row.reply, ensure_ascii=False)
    fault = Fault(row.fault) if isinstance(row.fault, str) else None
    if isinstance(row.fault, _Fault):
        fault = Fault(**row.fault.model_dump())
    return Reply(text, reasoning=row.reasoning, finish=row.finish, delay_s=row.delay_s, fault=fault)
