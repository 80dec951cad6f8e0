"""`fontes config`: every setting, its value and where it came from."""

import json as jsonlib
import os
from typing import Annotated, Literal

import typer
from pydantic import SecretStr
from pydantic.fields import FieldInfo
from rich import box
from rich.table import Table

from ...crawler import clean
from ..model_settings import without_user
from ..settings import Settings, config_file
from .door import Exit, say
from .misspelt import tell_unknown_variables
from .screen import dim, out, print_cells

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@app.command()
def config(
    action: Annotated[
        Literal["show", "init"],
        typer.Argument(metavar="[show|init]", help="`show`, or `init` to write a settings file to start from."),
    ] = "show",
    json: Annotated[bool, typer.Option("--json", help="Print the settings as one JSON value.")] = False,
) -> int:
    """Show every setting, its value, and where it came from: argument, environment, file or default."""
    if action == "init":
        return _init()
    settings = Settings()
    tell_unknown_variables()
    origins = settings.origins()
    rows = [(name, getattr(settings, name), origins[name], field.description or "") for name, field in _fields()]
    if json:
        values = {name: {"value": _plain(value), "from": origin} for name, value, origin, _ in rows}
        out().print(jsonlib.dumps(values, indent=2), soft_wrap=True)
        return Exit.DONE
    if not out().is_terminal:
        for name, value, origin, _ in rows:
            print_cells(name, str(_plain(value)), origin)
        return Exit.DONE
    table = Table(box=box.SIMPLE, header_style="bold")
    for column in ("setting", "value", "from", "meaning"):
        table.add_column(column, overflow="fold")
    for name, value, origin, meaning in rows:
        table.add_row(name, clean(str(_plain(value))), origin, meaning)
    out().print(table)
    out().print(dim(f"Set one with FONTES_NAME=value, or in {config_file()}"))
    return Exit.DONE


def _fields() -> list[tuple[str, FieldInfo]]:
    return list(Settings.model_fields.items())


def _plain(value: object) -> object:
    """The value as JSON has it; of a secret, whether it is set."""
    match value:
        case SecretStr():
            return "set" if value.get_secret_value() else "not set"
        case tuple():
            return list(value)
        case int() | float() | str():
            return without_user(value)
    return str(value or "")


def _init() -> int:
    """Write a file in which every setting stands as a comment; never over one that is there."""
    path = config_file() if not os.environ.get("FONTES_CONFIG") else None
    if path is None:
        say("FONTES_CONFIG names a file already; edit that one")
        return Exit.BAD_INPUT
    if path.exists():
        say(f"{path} exists already; edit that one")
        return Exit.BAD_INPUT
    lines = ["# Settings of Fontes. Take the # away from a line to change it; FONTES_NAME in the environment wins."]
    for name, field in _fields():
        default = field.get_default(call_default_factory=True)
        value = "" if isinstance(default, SecretStr) else _plain(default)
        lines += ["", f"# {field.description}", f"# {name} = {jsonlib.dumps(value)}"]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    out().print(f"wrote {path}")
    return Exit.DONE
