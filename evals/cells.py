"""The matrix of a run: which settings its cells have."""

import tomllib
from collections.abc import Iterable, Sequence
from itertools import product
from pathlib import Path
from typing import Any

from ..agent.errors import SettingError
from ..agent.settings import Settings

Changes = dict[str, Any]
ALONE = "default"
"""The name of the only cell, where nothing is varied."""


class CellError(Exception):
    """A cell that cannot be run: which, why, and what to do."""

    def __init__(self, what: str, why: str, hint: str) -> None:
        super().__init__(what, why, hint)
        self.what, self.why, self.hint = what, why, hint

    def __str__(self) -> str:
        return f"{self.what}: {self.why}. {self.hint}."


def shared_settings(pairs: Iterable[str]) -> Changes:
    """The settings of all cells, from texts such as `reranker=none`.

    Raises:
        CellError: a text has no `=`.
    """
    return dict(_pair(pair) for pair in pairs)


def varied(pairs: Sequence[str]) -> dict[str, Changes]:
    """Every combination of settings such as `reranker=default,none`, under names such as `reranker=none verifier=nli`.

    Raises:
        CellError: a text has no `=`, or a setting comes twice.
    """
    choices: dict[str, list[str]] = {}
    for pair in pairs:
        name, values = _pair(pair)
        if name in choices:
            raise CellError(name, "it is varied twice", "Give all its values at once, separated by commas")
        choices[name] = values.split(",")
    combined = (dict(zip(choices, values, strict=True)) for values in product(*choices.values()))
    return {" ".join(f"{name}={value}" for name, value in cell.items()) or ALONE: cell for cell in combined}


def read_cells(path: Path) -> dict[str, Changes]:
    """Cells from a TOML file: a table each, `[name]`, with settings as in `fontes.toml`.

    Raises:
        CellError: the file cannot be read, or holds no table.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CellError(str(path), f"it cannot be read: {error.strerror}", "Check the path") from error
    except ValueError as error:
        raise CellError(str(path), f"it is not valid TOML: {error}", "Mend it") from error
    if not tables or not all(isinstance(table, dict) for table in tables.values()):
        raise CellError(str(path), "it is no list of cells", "Write a table each: `[name]`, then `setting = value`")
    return tables


def checked(cells: dict[str, Changes], shared: Changes) -> dict[str, Settings]:
    """The settings of every cell.

    Raises:
        CellError: a cell sets the data directory, or a setting is not one, or has a value that is not allowed.
    """
    found: dict[str, Settings] = {}
    for name, changes in cells.items():
        if "home" in changes:
            raise CellError(f"cell {name!r}", "it sets `home`", "Set FONTES_HOME instead: cells share their indexes")
        try:
            found[name] = Settings(**{**shared, **changes})
        except SettingError as error:
            raise CellError(f"cell {name!r}", str(error), "`fontes config` lists the settings") from error
    return found


def shown(changes: Changes) -> Changes:
    """Changes as they are kept: keys of services are not, and paths are text."""
    return {
        name: "…" if name.endswith("_key") else value if isinstance(value, (bool, int, float, list)) else str(value)
        for name, value in sorted(changes.items())
    }


def configured(settings: Settings) -> Changes:
    """What the environment and the settings file change of the defaults, beside where things are kept."""
    places = {"home", "models", "workers"}
    changed = {name for name, origin in settings.origins().items() if origin not in ("default", "argument")}
    return shown({name: getattr(settings, name) for name in changed - places})


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise CellError(repr(text), "it is no setting with a value", "Write NAME=VALUE")
    return name.strip(), value.strip()
