"""Vectors to search through, and a Chroma server on loopback."""

import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from fontes.retrievers.embedders import Vectors32

UnitVectors = Callable[..., Vectors32]


@pytest.fixture(scope="session")
def unit_vectors() -> UnitVectors:
    """Random vectors of length one: `unit_vectors(count, dimensions=16, seed=0)`, shape (count, dimensions)."""

    def make(count: int, *, dimensions: int = 16, seed: int = 0) -> Vectors32:
        rows = np.random.default_rng(seed).standard_normal((count, dimensions)).astype(np.float32)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return rows

    return make


@pytest.fixture(scope="session")
def chroma_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Chroma server with its data in a temporary directory."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program, folder = Path(sys.executable).with_name("chroma"), tmp_path_factory.mktemp("chroma-server")
    command = [str(program), "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as server:
        assert server.stdout is not None
        said = b""
        while b"listening on" not in said:
            line = server.stdout.readline()
            assert line, f"the Chroma server ended: {said.decode()}"
            said += line
        rest = threading.Thread(target=server.stdout.read)  # it logs each request, and stops when nobody reads
        rest.start()
        yield f"http://127.0.0.1:{port}"
        server.terminate()
        rest.join()
