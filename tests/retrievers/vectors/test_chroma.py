"""Chroma: what outlives the process, what is damaged, and servers that do not answer."""

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import chromadb
import pytest
from chromadb.api.client import Client
from chromadb.config import Settings
from fontes.retrievers.embedders import Vectors32
from fontes.retrievers.errors import VectorsError
from fontes.retrievers.vectors.chroma import Chroma
from fontes.retrievers.vectors.stamp import Stamp

UnitVectors = Callable[..., Vectors32]
STAMP = Stamp(store="store", row=2**60)


async def test_it_survives_reopening(tmp_path: Path, unit_vectors: UnitVectors) -> None:
    rows = unit_vectors(100)
    first = Chroma(tmp_path)
    assert await first.stamp() is None
    await first.add(range(100), rows)
    await first.set_stamp(STAMP)
    await first.close()
    second = Chroma(tmp_path)
    assert (await second.count(), await second.stamp()) == (100, STAMP)
    assert (await second.query(rows[42], limit=1))[0] == pytest.approx((42, 1), abs=1e-3)
    await second.clear()
    assert await second.stamp() is None
    await second.close()


async def test_collections_of_one_directory_are_apart(tmp_path: Path, unit_vectors: UnitVectors) -> None:
    small, large = Chroma(tmp_path, collection="small"), Chroma(tmp_path, collection="large")
    await small.add([1], unit_vectors(1))
    await large.add([1, 2], unit_vectors(2, dimensions=32))
    await small.clear()
    assert (await small.count(), await large.count()) == (0, 2)
    assert (await large.query(unit_vectors(2, dimensions=32)[1], limit=1))[0][0] == 2
    await small.close()
    assert await large.count() == 2
    await large.close()


async def test_clear_gives_the_space_back(tmp_path: Path, unit_vectors: UnitVectors) -> None:
    index = Chroma(tmp_path, stall_s=1)
    for _ in range(2):
        await index.add(range(1100), unit_vectors(1100))  # Chroma writes an index folder from 1,000 on
        await index.clear()
    assert [entry.name for entry in tmp_path.iterdir() if entry.is_dir()] == []
    await index.close()


@pytest.mark.parametrize("damaged", ["chroma.sqlite3", "header.bin", "index_metadata.pickle"])
async def test_a_damaged_directory_says_so_and_is_mended_by_clear(
    tmp_path: Path, unit_vectors: UnitVectors, damaged: str
) -> None:
    (tmp_path / "not-chromas").touch()
    rows, index = unit_vectors(1100), Chroma(tmp_path, stall_s=1)
    await index.add(range(1100), rows)
    await index.close()
    [file] = tmp_path.rglob(damaged)
    file.write_bytes(b"\xff" * file.stat().st_size)
    index = Chroma(tmp_path)
    with pytest.raises(VectorsError, match=r"Chroma at .*Run `fontes reindex`"):
        await index.query(rows[0], limit=1)
    await index.clear()
    await index.add([5], rows[:1])
    assert [number for number, _ in await index.query(rows[0], limit=3)] == [5]
    assert (tmp_path / "not-chromas").exists()
    await index.close()


async def test_vectors_of_another_length_are_refused(tmp_path: Path, unit_vectors: UnitVectors) -> None:
    index = Chroma(tmp_path)
    await index.add([1], unit_vectors(1))
    with pytest.raises(VectorsError, match="dimension of 16, got 8"):
        await index.add([2], unit_vectors(1, dimensions=8))
    await index.clear()
    await index.add([2], unit_vectors(1, dimensions=8))
    assert await index.count() == 1
    await index.close()


async def test_a_collection_of_another_space_is_refused(tmp_path: Path) -> None:
    client = chromadb.PersistentClient(tmp_path, settings=Settings(anonymized_telemetry=False))
    client.create_collection("passages", embedding_function=None)
    assert isinstance(client, Client)
    client.close()
    index = Chroma(tmp_path)
    with pytest.raises(VectorsError, match="'passages' measures l2, not cosine"):
        await index.count()
    await index.clear()
    assert await index.count() == 0
    await index.close()


async def test_closing_releases_the_directory_and_may_be_repeated(tmp_path: Path, unit_vectors: UnitVectors) -> None:
    index = Chroma(tmp_path)
    await index.add([1], unit_vectors(1))
    await index.close()
    await index.close()
    async with asyncio.timeout(10):  # Chroma's own threads let go of the files a moment later, and send no event
        while any(tmp_path in file.parents for file in _open_files()):
            await asyncio.sleep(0.01)


def _open_files() -> set[Path]:
    return {link.resolve() for link in Path("/proc/self/fd").iterdir()} if sys.platform == "linux" else set()


async def test_a_settings_file_in_the_current_directory_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("CHROMA_PRODUCT_TELEMETRY_IMPL=no.such.module\nCHROMA_SERVER_HOST=elsewhere\n")
    monkeypatch.chdir(tmp_path)
    index = Chroma(tmp_path / "chroma")
    assert await index.count() == 0
    await index.close()


def test_it_takes_a_directory_or_a_server(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="either a directory or the URL"):
        Chroma()
    with pytest.raises(ValueError, match="either a directory or the URL"):
        Chroma(tmp_path, url="http://127.0.0.1:8000")


def test_importing_the_plug_does_not_import_chroma() -> None:
    code = "import sys, fontes.retrievers.vectors.chroma; sys.exit('chromadb' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@contextlib.asynccontextmanager
async def server(answer: bytes) -> AsyncIterator[str]:
    """A server that answers every request with the same bytes, or keeps silent when there are none."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(answer)
                if b"close" in answer:
                    break
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello", id="another server"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}", id="empty answers"),
        pytest.param(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", id="a gateway's error"),
        pytest.param(b"", id="silence"),
    ],
)
async def test_a_server_that_is_not_chroma_is_an_error(answer: bytes, unit_vectors: UnitVectors) -> None:
    async with server(answer) as url:
        index = Chroma(url=url, timeout_s=0.3)
        with pytest.raises(VectorsError, match="Chroma at http://127"):
            await index.query(unit_vectors(1)[0], limit=1)
        await index.close()


async def test_a_server_that_is_down_is_an_error(unit_vectors: UnitVectors) -> None:
    async with server(b"") as url:
        pass
    index = Chroma(url=url)
    with pytest.raises(VectorsError, match="ConnectError"):
        await index.add([1], unit_vectors(1))
