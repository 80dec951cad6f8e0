"""A name is held by one at a time, and whoever is killed lets go of it."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fontes.retrievers import Held, StoreReadOnly

HOLDING = """
import asyncio, sys
from pathlib import Path
from fontes.retrievers import Held

async def main():
    held = Held(Path(sys.argv[1]))
    assert await held.hold(sys.argv[2])
    print("holding", flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@contextmanager
def another_process(folder: Path, name: str) -> Iterator[subprocess.Popen[str]]:
    """A process that holds a name until it is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(folder), name], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "holding\n"
            yield process
        finally:
            process.kill()


async def test_what_is_held_here_is_elsewhere_for_everybody_else(tmp_path: Path) -> None:
    one, other = Held(tmp_path), Held(tmp_path)
    assert await one.hold("a")
    assert (one.here, one.elsewhere()) == ({"a"}, frozenset())
    assert (other.here, other.elsewhere()) == (frozenset(), {"a"})
    assert not await one.hold("a")
    assert not await other.hold("a")
    assert await other.hold("b")


async def test_a_name_that_was_let_go_leaves_no_file_and_can_be_held_again(tmp_path: Path) -> None:
    one, other = Held(tmp_path), Held(tmp_path)
    await one.hold("a")
    one.let_go("a")
    one.let_go("a")
    assert list(tmp_path.iterdir()) == []
    assert await other.hold("a")
    assert one.elsewhere() == {"a"}


async def test_a_killed_process_lets_go_and_its_file_is_tidied_away(tmp_path: Path) -> None:
    here = Held(tmp_path)
    await here.hold("mine")
    with another_process(tmp_path, "theirs") as process:
        assert here.elsewhere() == {"theirs"}
        assert not await here.hold("theirs")
        here.tidy()
        assert here.elsewhere() == {"theirs"}
        process.kill()
        process.wait()
        assert here.elsewhere() == frozenset()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "theirs"]
    here.tidy()
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    assert await here.hold("theirs")


async def test_of_many_that_want_a_name_at_once_one_gets_it(tmp_path: Path) -> None:
    many = [Held(tmp_path) for _ in range(20)]
    assert sum(await asyncio.gather(*(each.hold("a") for each in many))) == 1


async def test_who_looks_or_tidies_takes_no_name_from_who_holds_it(tmp_path: Path) -> None:
    one, other = Held(tmp_path), Held(tmp_path)
    for number in range(300):
        name = str(number % 3)
        looking = asyncio.create_task(asyncio.to_thread(_look, other))
        assert await one.hold(name)
        await looking
        assert other.elsewhere() == {name}
        one.let_go(name)


def _look(held: Held) -> None:
    held.elsewhere()
    held.tidy()


async def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StoreReadOnly, match="it cannot be written"):
        await Held(tmp_path / "file" / "running").hold("a")


def test_where_nothing_was_ever_held_there_is_nothing(tmp_path: Path) -> None:
    held = Held(tmp_path / "none")
    held.tidy()
    assert held.elsewhere() == frozenset()
