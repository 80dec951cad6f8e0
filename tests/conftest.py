"""What every test shares: no network beyond loopback, and where the development data is."""

import os
import sys
from pathlib import Path

import pytest

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


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The development data beside the checkout; tests that need it are skipped without it."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the development data is not at {folder}")
    return folder
