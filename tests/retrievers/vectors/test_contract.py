"""What every vector plug promises, asked of each of them."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from uuid import uuid4

import chromadb
import numpy as np
import pytest
from chromadb.api.client import Client
from fontes.retrievers.embedders import Vectors32
from fontes.retrievers.errors import VectorsError
from fontes.retrievers.vectors import Vectors
from fontes.retrievers.vectors.chroma import Chroma
from fontes.retrievers.vectors.exact import Exact
from fontes.retrievers.vectors.llamaindex import LlamaIndex
from fontes.retrievers.vectors.stamp import Stamp
from llama_index.core.vector_stores import SimpleVectorStore
from llama_index.vector_stores.chroma import ChromaVectorStore

pytestmark = pytest.mark.slow  # whole processes or many seconds of waiting

UnitVectors = Callable[..., Vectors32]
LARGEST = 2**63 - 1


@pytest.fixture
def ephemeral() -> Iterator[Client]:
    client = chromadb.EphemeralClient()
    assert isinstance(client, Client)
    yield client
    client.close()


@pytest.fixture(params=["exact", "exact over a file", "chroma", "chroma server", "simple", "l2", "cosine", "ip"])
async def vectors(
    request: pytest.FixtureRequest, tmp_path: Path, chroma_server: str, ephemeral: Client
) -> AsyncIterator[Vectors]:
    """Each plug in turn, empty; the last three are LlamaIndex's Chroma store over a collection of that space."""
    plug: Vectors
    match request.param:
        case "exact":
            plug = Exact()
        case "exact over a file":
            Exact.write(tmp_path / "vectors.bin", [], stamp=Stamp(store="s", row=0))
            plug = Exact.open(tmp_path / "vectors.bin")
        case "chroma":
            plug = Chroma(tmp_path / "chroma", stall_s=0.2)
        case "chroma server":
            plug = Chroma(url=chroma_server, collection=f"c-{uuid4()}")
        case "simple":
            plug = LlamaIndex(SimpleVectorStore())
        case space:
            collection = ephemeral.create_collection(
                f"c-{uuid4()}", configuration={"hnsw": {"space": space}}, embedding_function=None
            )
            plug = LlamaIndex(ChromaVectorStore.from_collection(collection))
    yield plug
    await plug.close()


def best(ids: list[int], rows: Vectors32, vector: Vectors32, limit: int) -> list[int]:
    """The same by hand: ids by falling cosine."""
    cosines = rows.astype(np.float64) @ vector.astype(np.float64)
    return [ids[place] for place in np.argsort(-cosines)[:limit]]


async def test_the_order_is_that_of_the_cosines(vectors: Vectors, unit_vectors: UnitVectors) -> None:
    ids, rows = list(range(7, 307)), unit_vectors(300)
    await vectors.add(ids, rows)
    for query in unit_vectors(5, seed=1):
        found = await vectors.query(query, limit=10)
        assert [number for number, _ in found] == best(ids, rows, query, 10)


async def test_scores_are_cosines(vectors: Vectors, unit_vectors: UnitVectors) -> None:
    rows = unit_vectors(50)
    await vectors.add(range(50), rows)
    for number, cosine in await vectors.query(-rows[3], limit=50):  # cosines of both signs, down to -1
        assert cosine == pytest.approx(float(rows[number] @ -rows[3]), abs=1e-3)


async def test_limit_is_an_upper_bound(vectors: Vectors, unit_vectors: UnitVectors) -> None:
    rows = unit_vectors(5)
    await vectors.add(range(5), rows)
    assert [len(await vectors.query(rows[0], limit=limit)) for limit in (0, 1, 3, 5, 500)] == [0, 1, 3, 5, 5]


async def test_the_same_id_again_replaces(vectors: Vectors, unit_vectors: UnitVectors) -> None:
    rows = unit_vectors(7)
    await vectors.add([1, 2, 3], rows[:3])
    await vectors.add([2, 4], rows[3:5])
    await vectors.add([4, 4, 9], rows[4:7])  # twice at once: the last counts
    assert await vectors.count() == 5
    assert (await vectors.query(rows[3], limit=1))[0] == pytest.approx((2, 1), abs=1e-3)
    assert (await vectors.query(rows[5], limit=1))[0] == pytest.approx((4, 1), abs=1e-3)
    assert dict(await vectors.query(rows[1], limit=4))[2] == pytest.approx(float(rows[1] @ rows[3]), abs=1e-3)


async def test_the_deleted_are_not_found(vectors: Vectors, unit_vectors: UnitVectors) -> None:
    rows = unit_vectors(20)
    await vectors.add(range(20), rows)
    await vectors.delete([3, 5])
    await vectors.delete([])
    assert await vectors.count() == 18
    assert {number for number, _ in await vectors.query(rows[3], limit=20)} == set(range(20)) - {3, 5}
    await vectors.add([3], rows[3:4])
    assert (await vectors.query(rows[3], limit=1))[0][0] == 3


async def test_deleting_the_unknown_changes_nothing(vectors: Vectors, unit_vectors: UnitVectors) -> None:
    await vectors.delete([1])
    await vectors.add([1, 2], unit_vectors(2))
    await vectors.delete([99, LARGEST])
    assert await vectors.count() == 2


async def test_ids_of_63_bits_come_back(vectors: Vectors, unit_vectors: UnitVectors) -> None:
    ids = [0, 2**53 + 1, LARGEST - 1, LARGEST]
    rows = unit_vectors(4)
    await vectors.add(ids, rows)
    assert [(await vectors.query(row, limit=1))[0][0] for row in rows] == ids
    await vectors.delete([LARGEST])
    assert {number for number, _ in await vectors.query(rows[0], limit=4)} == set(ids[:3])


async def test_an_empty_index_answers(vectors: Vectors, unit_vectors: UnitVectors) -> None:
    await vectors.add([], np.empty((0, 16), np.float32))
    assert await vectors.query(unit_vectors(1)[0], limit=3) == ()
    assert await vectors.count() == 0


async def test_clear_forgets_everything(vectors: Vectors, unit_vectors: UnitVectors) -> None:
    rows = unit_vectors(30)
    await vectors.clear()
    await vectors.add(range(30), rows)
    await vectors.clear()
    assert (await vectors.count(), await vectors.query(rows[0], limit=3)) == (0, ())
    await vectors.add([7], rows[:1])
    assert [number for number, _ in await vectors.query(rows[0], limit=3)] == [7]


async def test_more_than_chroma_takes_at_once(vectors: Vectors, unit_vectors: UnitVectors) -> None:
    rows = unit_vectors(5500, dimensions=4)
    await vectors.add(range(5500), rows)
    assert await vectors.count() == 5500
    assert (await vectors.query(rows[5499], limit=1))[0][1] == pytest.approx(1, abs=1e-3)
    await vectors.delete(range(5499))
    assert [number for number, _ in await vectors.query(rows[0], limit=5)] == [5499]


async def test_queries_go_on_side_by_side(vectors: Vectors, unit_vectors: UnitVectors) -> None:
    rows, more = unit_vectors(100), unit_vectors(50, seed=2)
    await vectors.add(range(100), rows)
    adding = asyncio.ensure_future(vectors.add(range(100, 150), more))
    found = await asyncio.gather(*(vectors.query(row, limit=1) for row in rows))
    await adding
    assert [answer[0][0] for answer in found] == list(range(100))


async def test_a_query_lets_the_loop_run(vectors: Vectors, unit_vectors: UnitVectors) -> None:
    await vectors.add(range(20), unit_vectors(20))
    ran: list[bool] = []
    asyncio.get_running_loop().call_soon(ran.append, True)
    await vectors.query(unit_vectors(1)[0], limit=3)
    assert ran


async def test_adding_leaves_gaps_for_the_loop(vectors: Vectors, unit_vectors: UnitVectors) -> None:
    began = last = time.process_time()  # of this process alone: others on the machine are no stall of ours
    longest_s = 0.0
    adding = asyncio.ensure_future(vectors.add(range(1500), unit_vectors(1500, dimensions=384)))
    while not adding.done():
        await asyncio.sleep(0)
        now = time.process_time()
        longest_s, last = max(longest_s, now - last), now
    await adding
    total_s = time.process_time() - began
    assert longest_s < 0.1 or longest_s < total_s / 2, f"the loop stood still for {longest_s:.3f} of {total_s:.3f} s"


@pytest.mark.parametrize(
    ("ids", "rows"),
    [
        pytest.param([1], np.ones((2, 16), np.float32), id="fewer ids than vectors"),
        pytest.param([1], np.ones(16, np.float32), id="no rows"),
        pytest.param([1], np.full((1, 16), np.nan, np.float32), id="no numbers"),
        pytest.param([2**63], np.ones((1, 16), np.float32), id="an id too large"),
    ],
)
async def test_what_is_no_vector_is_refused(
    vectors: Vectors, unit_vectors: UnitVectors, ids: list[int], rows: Vectors32
) -> None:
    await vectors.add([5], unit_vectors(1))
    with pytest.raises(VectorsError):
        await vectors.add(ids, rows)
    assert await vectors.count() == 1


@pytest.mark.parametrize("vector", [np.ones((1, 16), np.float32), np.full(16, np.inf, np.float32)])
async def test_what_is_no_query_is_refused(vectors: Vectors, vector: Vectors32) -> None:
    with pytest.raises(VectorsError, match="query"):
        await vectors.query(vector, limit=1)


async def test_a_query_of_another_length_is_refused(vectors: Vectors, unit_vectors: UnitVectors) -> None:
    await vectors.add([5], unit_vectors(1))
    with pytest.raises(VectorsError):
        await vectors.query(unit_vectors(1, dimensions=8)[0], limit=1)


async def test_after_close_it_says_so(vectors: Vectors, unit_vectors: UnitVectors) -> None:
    await vectors.add([5], unit_vectors(1))
    await vectors.close()
    with pytest.raises(VectorsError, match="closed"):
        await vectors.query(unit_vectors(1)[0], limit=1)
    with pytest.raises(VectorsError, match="closed"):
        await vectors.add([6], unit_vectors(1))
