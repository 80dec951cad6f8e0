"""Lines of JSON that people and programs made: read one by one, every mistake told with its line."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from .case_error import CaseError

_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def json_lines(path: Path) -> Iterator[tuple[int, object]]:
    """The values of a file with the numbers of their lines, from 1; blank lines are none.

    A byte order mark is passed over, and a line may end as on Windows.

    Raises:
        CaseError: the file cannot be read, or a line is not UTF-8 or not JSON (NaN and Infinity are not), is nested
            too deep, names a field twice, or holds a half of a surrogate pair, which no file can.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CaseError(str(path), 0, "", f"it cannot be read: {error.strerror}", "Check the path") from error
    if raw.startswith(_UTF_16):
        raise CaseError(str(path), 0, "", "it is UTF-16, not UTF-8", "Save the file as UTF-8")
    for number, line in enumerate(raw.removeprefix(_BOM).split(b"\n"), 1):
        if line.strip():
            yield number, _value(path, number, line)


def _value(path: Path, number: int, line: bytes) -> object:
    try:
        value: object = json.loads(line.decode("utf-8"), parse_constant=_refused, object_pairs_hook=_each_key_once)
        if b"\\ud" in line.lower():
            json.dumps(value, ensure_ascii=False).encode()
        return value
    except UnicodeDecodeError as error:
        why, hint = f"it is not UTF-8 at byte {error.start}", "Save the file as UTF-8"
        raise CaseError(str(path), number, "", why, hint) from error
    except UnicodeEncodeError as error:
        why = "it holds a half of a surrogate pair (\\ud800 to \\udfff)"
        raise CaseError(str(path), number, "", why, "Write the whole pair, or the character itself") from error
    except (ValueError, RecursionError) as error:
        hint = "One object a line; a file that was cut off ends like this"
        raise CaseError(str(path), number, "", f"it is not JSON: {error}", hint) from error


def _each_key_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)!r} stands twice in one object")
    return value


def _refused(name: str) -> NoReturn:
    raise ValueError(f"{name} is no value of JSON")
