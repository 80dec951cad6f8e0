"""The models that a server lists, as `/v1/models` has them."""

from collections.abc import Mapping, Sequence
from typing import Any

from ...crawler import clean

_LONGEST_NAME = 300


def listed(body: object, *, secrets: Sequence[str] = ()) -> dict[str, Mapping[str, Any]] | None:
    """The rows by the name of their model, in their order, the first of several of a name; None if it is no list.

    Rows are left out whose name nobody could ask for or be shown: with controls, longer than 300 characters, or with
    one of `secrets` in it.
    """
    match body:
        case {"data": list(rows)}:
            pass
        case _:
            return None
    found: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        match row:
            case {"id": str(name)} if is_name(name) and not any(secret in name for secret in secrets):
                found.setdefault(name, row)
            case _:
                pass
    return found


def is_name(name: str) -> bool:
    """Whether a model can have this name: one line of what can be seen, and not too long for one."""
    return 0 < len(name) <= _LONGEST_NAME and " ".join(clean(name).split()) == name
