"""The command line as tests call it: in this process, with a data directory of its own."""

import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fontes.agent.cli import app
from fontes.agent.cli.door import closing


@dataclass(frozen=True)
class Result:
    """Exit code and what was printed."""

    code: int
    out: str
    err: str


@pytest.fixture
def has_pages(home: Path) -> Callable[[], bool]:
    """Whether the store of `home` holds a page yet."""

    def look() -> bool:
        if not (home / "fontes.db").exists():
            return False
        db = sqlite3.connect(f"file:{home / 'fontes.db'}?mode=ro", uri=True)
        try:
            return bool(db.execute("SELECT count(*) FROM pages").fetchone()[0])
        except sqlite3.OperationalError:  # its tables are not made yet
            return False
        finally:
            db.close()

    return look


@pytest.fixture
def small_disk(home: Path) -> Iterator[Callable[..., None]]:
    """Puts `home` on a file system of its own: called with mount options, again to change them.

    Skips the test where no file system may be mounted.
    """
    home.mkdir()

    def mount(options: str) -> None:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(home)], capture_output=True)
        if done.returncode:
            pytest.skip(f"no file system can be mounted here: {done.stderr.decode().strip()}")

    yield mount
    subprocess.run(["umount", str(home)], capture_output=True)


Fontes = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data directory, and settings from nowhere else."""
    folder = tmp_path / "home"
    monkeypatch.setenv("FONTES_HOME", str(folder))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("COLUMNS", "100")
    return folder


@pytest.fixture
def fontes(home: Path, capfd: pytest.CaptureFixture[str]) -> Fontes:
    """Run a command and return its exit code and output."""

    def run(*arguments: str | Path) -> Result:
        capfd.readouterr()
        code = closing(lambda: app([str(argument) for argument in arguments], standalone_mode=False))
        printed = capfd.readouterr()
        return Result(int(code), printed.out, printed.err)

    return run


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """By words alone: what is tested is not the models."""
    monkeypatch.setenv("FONTES_EMBEDDER", "none")
    monkeypatch.setenv("FONTES_RERANKER", "none")


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A folder with three small documents."""
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "tower.txt").write_text(
        "The tower on the hill was finished in 1871. It is built of granite from a nearby quarry.\n"
    )
    (folder / "ferry.md").write_text(
        "---\ntitle: The ferry\ndate: 2024-03-01\n---\n\n# Times\n\nThe ferry leaves at nine every morning.\n"
    )
    (folder / "seals.html").write_text(
        "<html><head><title>Grey seals</title></head><body><article><h1>Grey seals</h1><p>Grey seals give birth on the"
        " northern beaches between October and December. The pups stay on land for about three weeks before they first"
        " enter the sea.</p></article></body></html>"
    )
    return folder
