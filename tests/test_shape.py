"""The shape of the code base: rules of the style guide that a machine can hold."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("agent", "crawler", "evals", "retrievers", "tools")
NO_NAMES = {"utils", "helpers", "common", "misc", "manager", "base", "_utils", "_common"}
# Files over 400 lines, each with its reason. The list only shrinks.
LONG: dict[str, str] = {}


def modules() -> list[Path]:
    return [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]


def test_every_folder_with_code_is_listed_as_a_package() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    folders = {path.parent.relative_to(ROOT) for path in modules()}
    assert sorted(listed) == sorted(["fontes", *(".".join(("fontes", *folder.parts)) for folder in folders)])


def test_every_package_folder_has_an_init_with_a_docstring() -> None:
    for folder in {path.parent for path in modules()}:
        assert (folder / "__init__.py").read_text().startswith('"""'), folder


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_named_after_its_idea_says_what_it_is_for_and_is_short(path: Path) -> None:
    text = path.read_text()
    assert path.stem not in NO_NAMES
    assert text.startswith('"""'), "a module says in its first line what it is for"
    assert len(text.splitlines()) <= 400 or str(path.relative_to(ROOT)) in LONG


def test_no_test_folder_is_a_package() -> None:
    assert not list((ROOT / "tests").rglob("__init__.py"))


def test_nothing_is_printed_outside_of_the_doors() -> None:
    printing = [path for path in modules() if " print(" in path.read_text() and "evals" not in path.parts]
    assert {str(path.relative_to(ROOT)) for path in printing} <= {
        "agent/cli/__init__.py",
        "agent/cli/door.py",
        "agent/wire.py",
    }
