"""What was asked is its owner's alone: other users of the machine cannot read the data directory."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from fontes.retrievers.store import Store


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    """022, under which files are for everybody to read."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def opened(path: Path) -> None:
    async with Store(path.parent):
        beside = [mode(file) for file in path.parent.glob(f"{path.name}*")]
    assert all(each & 0o077 == 0 for each in beside)


async def test_a_new_data_directory_and_its_files_are_for_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "fontes.db"
    await opened(path)
    assert (mode(path.parent), mode(path)) == (0o700, 0o600)


async def test_one_that_was_made_before_is_tightened(tmp_path: Path) -> None:
    path = tmp_path / "data" / "fontes.db"
    await opened(path)
    path.parent.chmod(0o755)
    path.chmod(0o644)
    await opened(path)
    assert (mode(path.parent), mode(path)) == (0o700, 0o600)


async def test_a_folder_that_somebody_else_made_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "shelf" / "fontes.db"
    path.parent.mkdir(mode=0o755)
    await opened(path)
    assert (mode(path.parent), mode(path)) == (0o755, 0o600)


async def test_a_folder_that_is_shared_with_a_group_stays_shared(tmp_path: Path) -> None:
    path = tmp_path / "shared" / "fontes.db"
    await opened(path)
    path.parent.chmod(0o2770)
    path.chmod(0o660)
    async with Store(path.parent):
        pass
    assert (mode(path.parent), mode(path)) == (0o2770, 0o660)
