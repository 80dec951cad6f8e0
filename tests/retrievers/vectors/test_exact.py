"""Exact search: its file, what is added to it in memory, and the order of equals."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fontes.retrievers.embedders import Vectors32
from fontes.retrievers.errors import VectorsError
from fontes.retrievers.vectors.exact import Exact
from fontes.retrievers.vectors.stamp import Stamp
from hypothesis import given, settings
from hypothesis import strategies as st

UnitVectors = Callable[..., Vectors32]
STAMP = Stamp(store="store", row=9)


async def test_memory_and_file_answer_as_one(tmp_path: Path, unit_vectors: UnitVectors) -> None:
    path, rows = tmp_path / "vectors.bin", unit_vectors(40)
    assert Exact.write(path, [(range(10), rows[:10]), (range(10, 20), rows[10:20])], stamp=STAMP) == 20
    index = Exact.open(path)
    await index.add(range(20, 30), rows[20:30])
    await index.add([5, 25], rows[30:32])  # one in the file, one in memory
    await index.delete([6, 26])
    assert (await index.count(), index.stamp()) == (28, STAMP)
    held = {number: rows[number] for number in range(30) if number not in (6, 26)} | {5: rows[30], 25: rows[31]}
    found = await index.query(rows[39], limit=40)
    assert [number for number, _ in found] == sorted(held, key=lambda number: -float(held[number] @ rows[39]))
    assert dict(found) == pytest.approx({number: float(row @ rows[39]) for number, row in held.items()}, abs=1e-6)


async def test_changes_stay_out_of_the_file(tmp_path: Path, unit_vectors: UnitVectors) -> None:
    path, rows = tmp_path / "vectors.bin", unit_vectors(3)
    Exact.write(path, [([1, 2], rows[:2])], stamp=STAMP)
    index = Exact.open(path)
    await index.add([3], rows[2:])
    await index.clear()
    assert (await index.count(), index.stamp()) == (0, None)
    assert await Exact.open(path).count() == 2


async def test_equal_cosines_are_ordered_by_id(unit_vectors: UnitVectors) -> None:
    rows = np.tile(unit_vectors(7, dimensions=384), (300, 1))  # of this length BLAS scores equal rows unequally
    ids = np.random.default_rng(0).permutation(2100)
    index = Exact()
    await index.add(ids.tolist(), rows)
    found = await index.query(rows[0], limit=250)
    assert [number for number, _ in found] == sorted(ids[::7].tolist())[:250]


async def test_what_the_caller_does_to_its_array_changes_nothing(unit_vectors: UnitVectors) -> None:
    rows = unit_vectors(2)
    asked, index = rows[1].copy(), Exact()
    await index.add([1, 2], rows)
    rows[:] = 0
    [(number, cosine)] = await index.query(asked, limit=1)
    assert (number, cosine) == pytest.approx((2, 1))


async def test_vectors_of_another_length_are_refused(unit_vectors: UnitVectors) -> None:
    index = Exact()
    await index.add([1], unit_vectors(1))
    with pytest.raises(VectorsError, match=r"16 dimensions, this one has 8\. Run `fontes reindex`"):
        await index.add([2], unit_vectors(1, dimensions=8))
    await index.clear()
    await index.add([2], unit_vectors(1, dimensions=8))
    assert await index.count() == 1


async def test_rows_that_are_no_numbers_are_an_error_not_a_result(tmp_path: Path, unit_vectors: UnitVectors) -> None:
    path, rows = tmp_path / "vectors.bin", unit_vectors(50)
    Exact.write(path, [(range(50), rows)], stamp=STAMP)
    content = bytearray(path.read_bytes())
    content[256 + 30 * 64 : 256 + 31 * 64] = b"\xff" * 64
    path.write_bytes(content)
    with pytest.raises(VectorsError, match="no numbers"):
        await Exact.open(path).query(rows[0], limit=1)


operations = st.lists(
    st.tuples(st.sampled_from(["add", "delete"]), st.lists(st.integers(0, 30), min_size=1, max_size=12)), max_size=25
)


@settings(max_examples=40, deadline=None)  # each waits for the disk
@given(in_file=st.sets(st.integers(0, 30)), changes=operations)
async def test_any_history_leaves_what_a_dictionary_would(
    in_file: set[int], changes: list[tuple[str, list[int]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    random = np.random.default_rng(0)
    path = tmp_path_factory.mktemp("history") / "vectors.bin"
    rows = _unit(random.standard_normal((len(in_file), 6)))
    Exact.write(path, [(sorted(in_file), rows)], stamp=STAMP)
    index, held = Exact.open(path), dict(zip(sorted(in_file), rows, strict=True))
    for verb, ids in changes:
        if verb == "add":
            rows = _unit(random.standard_normal((len(ids), 6)))
            await index.add(ids, rows)
            held.update(zip(ids, rows, strict=True))
        else:
            await index.delete(ids)
            held = {number: row for number, row in held.items() if number not in ids}
    query = _unit(random.standard_normal((1, 6)))[0]
    assert await index.count() == len(held)
    assert dict(await index.query(query, limit=100)) == pytest.approx(
        {number: float(row @ query) for number, row in held.items()}, abs=1e-6
    )


def _unit(rows: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Vectors32:
    unit: Vectors32 = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit
