"""The file behind exact search: whole, current, or refused."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from fontes.retrievers.embedders import Vectors32
from fontes.retrievers.errors import VectorsError
from fontes.retrievers.vectors.exact import Exact
from fontes.retrievers.vectors.exact_file import map_file, write_file
from fontes.retrievers.vectors.stamp import Stamp
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as numbers

UnitVectors = Callable[..., Vectors32]
STAMP = Stamp(store="store", row=9)
finite = st.floats(width=32, allow_nan=False, allow_infinity=False)
slabs = st.integers(1, 7).flatmap(
    lambda dimensions: st.lists(
        numbers.arrays(np.float32, st.tuples(st.integers(0, 5), st.just(dimensions)), elements=finite), max_size=4
    )
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vectors.bin"


@settings(max_examples=40, deadline=None)  # each waits for the disk
@given(slabs=slabs, store=st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=32), data=st.data())
def test_what_was_written_is_mapped(
    slabs: list[Vectors32], store: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("round") / "vectors.bin"
    count = sum(map(len, slabs))
    ids = data.draw(st.lists(st.integers(0, 2**63 - 1), min_size=count, max_size=count, unique=True))
    rest = iter(ids)
    batches = [([next(rest) for _ in slab], slab) for slab in slabs]
    stamp = Stamp(store=store, row=data.draw(st.integers(0, 2**63 - 1)))
    assert write_file(path, batches, stamp=stamp) == count
    found, found_ids, rows = map_file(path)
    assert found == stamp
    assert found_ids.tolist() == ids
    if count:
        np.testing.assert_array_equal(rows, np.concatenate(slabs))


@settings(max_examples=40, deadline=None)  # each waits for the disk
@given(cut=st.integers(0, 2000), junk=st.binary(max_size=40))
def test_a_file_cut_off_or_with_a_tail_is_refused(
    cut: int, junk: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("cut") / "vectors.bin"
    write_file(path, [(range(20), np.eye(20, dtype=np.float32))], stamp=STAMP)
    whole = path.read_bytes()
    changed = whole[: min(cut, len(whole))] + junk
    path.write_bytes(changed)
    if changed != whole:
        with pytest.raises(VectorsError):
            Exact.open(path)


@pytest.mark.parametrize("place", [0, 9, 13, 20, 28, 40, 161])
def test_a_damaged_header_is_refused(path: Path, place: int) -> None:
    write_file(path, [(range(3), np.eye(3, dtype=np.float32))], stamp=STAMP)
    content = bytearray(path.read_bytes())
    content[place] ^= 0x10
    path.write_bytes(content)
    with pytest.raises(VectorsError, match="no vector file of ours, or damaged"):
        Exact.open(path)


def test_a_foreign_or_missing_file_is_refused(path: Path) -> None:
    with pytest.raises(VectorsError, match=r"vectors\.bin: cannot be read \(No such file"):
        Exact.open(path)
    path.write_bytes(b"SQLite format 3\0" * 100)
    with pytest.raises(VectorsError, match="no vector file of ours"):
        Exact.open(path)
    path.write_bytes(b"")
    with pytest.raises(VectorsError, match="cut off"):
        Exact.open(path)


async def test_readers_keep_the_file_that_was_replaced(path: Path, unit_vectors: UnitVectors) -> None:
    rows = unit_vectors(600)
    write_file(path, [(range(300), rows[:300])], stamp=STAMP)
    old = Exact.open(path)
    write_file(path, [(range(300, 310), rows[300:310])], stamp=Stamp(store="store", row=10))
    assert (await old.query(rows[7], limit=1))[0][0] == 7
    assert old.stamp() == STAMP
    new = Exact.open(path)
    assert (await new.query(rows[305], limit=1))[0][0] == 305
    assert new.stamp() == Stamp(store="store", row=10)


def test_a_failed_writer_leaves_the_old_file_and_no_other(path: Path, unit_vectors: UnitVectors) -> None:
    def failing() -> Iterator[tuple[range, Vectors32]]:
        yield range(5), unit_vectors(5)
        raise KeyError("the store is gone")

    write_file(path, [(range(3), unit_vectors(3))], stamp=STAMP)
    before = path.read_bytes()
    with pytest.raises(KeyError):
        write_file(path, failing(), stamp=STAMP)
    assert (path.read_bytes(), list(path.parent.iterdir())) == (before, [path])


def test_a_writer_clears_away_what_a_killed_one_left(path: Path) -> None:
    long_ago = path.with_name(f".{path.name}.abc.tmp")
    just_now = path.with_name(f".{path.name}.def.tmp")
    for file in (long_ago, just_now):
        file.touch()
    os.utime(long_ago, (time.time() - 7200,) * 2)
    write_file(path, [], stamp=STAMP)
    assert set(path.parent.iterdir()) == {path, just_now}


def test_what_cannot_be_written_says_why(tmp_path: Path, unit_vectors: UnitVectors) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(VectorsError, match="cannot be written"):
        write_file(tmp_path / "file" / "vectors.bin", [], stamp=STAMP)
    two_lengths = [([1], unit_vectors(1)), ([2], unit_vectors(1, dimensions=8))]
    with pytest.raises(VectorsError, match="vectors of 16 and of 8 dimensions"):
        write_file(tmp_path / "vectors.bin", two_lengths, stamp=STAMP)
    with pytest.raises(ValueError, match="at most 128 bytes"):
        write_file(tmp_path / "vectors.bin", [], stamp=Stamp(store="é" * 65, row=0))
