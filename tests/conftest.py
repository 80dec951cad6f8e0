"""What every test shares: no network beyond loopback, where the development data is, and a real vLLM if there is."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

# No deadline: how long an example takes is the machine's business, and a property is not one of speed.
hypothesis.settings.register_profile("fontes", deadline=None)
hypothesis.settings.load_profile("fontes")

os.environ.setdefault("FONTES_WEB", "0")  # a test that searches the web says so, and names a provider on loopback

_LOOPBACK = ("127.", "localhost", "::1", "0.0.0.0")


def _refuse_network(event: str, args: tuple[object, ...]) -> None:
    if event == "socket.connect":
        address = args[1]
        host = address[0] if isinstance(address, tuple) else ""  # a str or bytes is a Unix socket
    elif event == "socket.getaddrinfo":
        host = args[0] or ""
    else:
        return
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name and not name.startswith(_LOOPBACK):
        raise RuntimeError(f"a test reached for the network: {name}")


sys.addaudithook(_refuse_network)


def pytest_make_parametrize_id(val: object) -> str | None:
    """Bytes that are no text make no name: packed ones hold the second they were made in, and workers would differ."""
    return "bytes" if isinstance(val, bytes) and not val.isascii() else None


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The development data beside the checkout; tests that need it are skipped without it."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the development data is not at {folder}")
    return folder


_TINY_VLLM = Path(__file__).resolve().parents[1] / "examples" / "vllm" / "tiny_vllm.py"


def _tiny_vllm(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, _TINY_VLLM, *arguments], stdout=subprocess.PIPE, text=True)


@pytest.fixture(scope="session")
def vllm_folder() -> Path:
    """Where `examples/vllm/tiny_vllm.py` put vLLM and its models, as FONTES_TEST_VLLM says; skips when it does not."""
    folder = os.environ.get("FONTES_TEST_VLLM")
    if not folder:
        pytest.skip("FONTES_TEST_VLLM names no folder made by examples/vllm/tiny_vllm.py")
    return Path(folder)


@pytest.fixture(scope="session")
def _vllm_urls(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """The lines of `tiny_vllm.py env`; servers that run already are neither started nor stopped."""
    if url := os.environ.get("FONTES_TEST_VLLM_URL"):
        yield {
            "FONTES_MODEL_URL": url,
            "FONTES_EMBED_URL": os.environ.get("FONTES_TEST_VLLM_POOLING_URL", ""),
            "FONTES_RERANK_URL": os.environ.get("FONTES_TEST_VLLM_RERANK_URL", ""),
        }
        return
    folder = request.getfixturevalue("vllm_folder")
    ran_before = _tiny_vllm("env", folder).returncode == 0
    started = _tiny_vllm("start", folder, *(() if ran_before else ("--ports", "0", "0", "0")))
    assert started.returncode == 0, "the servers did not start"
    yield dict(line.removeprefix("export ").split("=", 1) for line in started.stdout.splitlines())
    if not ran_before:
        _tiny_vllm("stop", folder)


@pytest.fixture
def vllm_url(_vllm_urls: dict[str, str], request: pytest.FixtureRequest) -> str:
    """The base URL of a real vLLM that chats: FONTES_TEST_VLLM_URL, else one started from FONTES_TEST_VLLM.

    It is started again where a test has ended it.
    """
    url = _vllm_urls["FONTES_MODEL_URL"]
    if not os.environ.get("FONTES_TEST_VLLM_URL"):
        port = url.removesuffix("/v1").rpartition(":")[2]
        with socket.socket() as probe:
            is_there = probe.connect_ex(("127.0.0.1", int(port))) == 0
        if not is_there:
            folder = request.getfixturevalue("vllm_folder")
            assert _tiny_vllm("start", folder, "chat", "--ports", port).returncode == 0
    return url


@pytest.fixture(scope="session")
def vllm_pooling_url(_vllm_urls: dict[str, str]) -> str:
    """The same of one with an embedding model: FONTES_TEST_VLLM_POOLING_URL, else started too."""
    if not _vllm_urls["FONTES_EMBED_URL"]:
        pytest.skip("FONTES_TEST_VLLM_POOLING_URL names no server")
    return _vllm_urls["FONTES_EMBED_URL"]


@pytest.fixture(scope="session")
def vllm_rerank_url(_vllm_urls: dict[str, str]) -> str:
    """The same of one with a cross-encoder: FONTES_TEST_VLLM_RERANK_URL, else started too."""
    if not _vllm_urls["FONTES_RERANK_URL"]:
        pytest.skip("FONTES_TEST_VLLM_RERANK_URL names no server")
    return _vllm_urls["FONTES_RERANK_URL"]
