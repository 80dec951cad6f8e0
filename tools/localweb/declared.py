"""What `web.toml` and `web.jsonl` say: addresses with their files, headers, status and redirects, and faults.

name_sitemap = true              # web.toml; web.jsonl holds a page or a fault a line

[[page]]
url = "http://harbour.test/lights"
file = "harbour.test/lights.html"        # or body = "…", or to = "http://…"
headers = { X-Robots-Tag = "noindex" }

[[fault]]
kind = "login"
url = "http://ledger.test/*"
rate = 0.5
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .errors import LocalWebError
from .rules import Fault
from .served import Key, Served, key_of


class _Page(BaseModel):
    model_config = ConfigDict(extra="forbid")

    url: str
    file: str = ""
    body: str = ""
    type: str = ""
    status: int = 200
    headers: dict[str, str | list[str]] = Field(default_factory=dict)
    to: str = ""


class _Fault(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: str
    url: str = "*"
    rate: float = 1.0


class _Web(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name_sitemap: bool = False
    page: list[_Page] = Field(default_factory=list)
    fault: list[_Fault] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Declared:
    """What one file declares."""

    pages: Mapping[Key, Served]
    faults: tuple[Fault, ...]
    name_sitemap: bool


def read_declared(path: Path, root: Path, found: Mapping[Key, Served]) -> Declared:
    """Read a declaration; a page without file, body, target or status keeps the file in `found` for its address.

    Raises:
        LocalWebError: the file cannot be read, or names a file that is not there or lies outside of `root`.
    """
    try:
        text = path.read_text(encoding="utf-8")
        web = _Web.model_validate(_lines(text) if path.suffix == ".jsonl" else tomllib.loads(text))
        pages = {key_of(page.url): _served(page, root, found) for page in web.page}
        faults = tuple(Fault.of(fault.kind, fault.url, fault.rate) for fault in web.fault)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise LocalWebError(str(path), f"{place}: {first['msg']}") from error
    except (OSError, ValueError) as error:
        raise LocalWebError(str(path), str(error)) from error
    except LocalWebError as error:
        raise LocalWebError(str(path), str(error)) from error
    return Declared(pages, faults, web.name_sitemap)


def _lines(text: str) -> dict[str, Any]:
    """One object a line; what has a `kind` is a fault."""
    web: dict[str, Any] = {"page": [], "fault": []}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"line {number}: {error}") from error
        if isinstance(value, dict) and set(value) == {"name_sitemap"}:
            web |= value
        else:
            web["fault" if isinstance(value, dict) and "kind" in value else "page"].append(value)
    return web


def _served(page: _Page, root: Path, found: Mapping[Key, Served]) -> Served:
    headers = tuple(
        (name, value)
        for name, values in page.headers.items()
        for value in ([values] if isinstance(values, str) else values)
    )
    rest = Served(body=page.body.encode(), type=page.type, status=page.status, headers=headers, to=page.to)
    if page.file:
        return replace(rest, body=_inside(page.file, root))
    if page.body or page.to or page.status != 200:
        return rest
    if (there := found.get(key_of(page.url))) is None:
        raise LocalWebError(page.url, "it has no file, no body and no target (to)")
    return replace(rest, body=there.body)


def _inside(name: str, root: Path) -> Path:
    path = (root / name).resolve()
    if not path.is_relative_to(root):
        raise LocalWebError(name, "it lies outside of the folder")
    if not path.is_file():
        raise LocalWebError(name, "there is no such file")
    return root / name
