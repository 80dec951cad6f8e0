"""Opening Chroma the way we want it, and the traces it leaves on disk."""

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.client import Client
    from chromadb.config import Settings

_SEGMENT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def connect(path: Path | None, url: str, timeout_s: float) -> "Client":
    """Open the directory `path`, or reach the server at `url` when there is none. Importing Chroma takes 0.5 s.

    Raises what Chroma raises: its own errors, ValueError, httpx errors, or a bare Exception.
    """
    import chromadb

    if path is None:
        return _server(url, timeout_s)
    path.mkdir(parents=True, exist_ok=True)
    try:
        return _client(chromadb.PersistentClient(path=path, settings=_settings()))
    except AttributeError:
        # Chroma keeps a client that failed to open and hands it out once more, without bindings; then it lets go.
        return _client(chromadb.PersistentClient(path=path, settings=_settings()))


def disconnect(client: "Client") -> None:
    """Close the files, or the connections, which `close` alone leaves open."""
    client.close()
    for session in _sessions(client):
        session.close()


def wipe(path: Path) -> None:
    """Remove what Chroma keeps in a directory that it cannot open, and nothing else there."""
    for file in path.glob("chroma.sqlite3*"):
        file.unlink()
    for segment in _segments(path):
        shutil.rmtree(segment)


def sweep(path: Path) -> None:
    """Remove index folders that no collection uses: Chroma leaves them behind when a collection is deleted."""
    with closing(sqlite3.connect(f"{(path / 'chroma.sqlite3').absolute().as_uri()}?mode=ro", uri=True)) as database:
        used = {name for (name,) in database.execute("SELECT id FROM segments")}
    for segment in _segments(path):
        if segment.name not in used:
            shutil.rmtree(segment)


def _segments(path: Path) -> list[Path]:
    return [folder for folder in path.iterdir() if folder.is_dir() and _SEGMENT.fullmatch(folder.name)]


def _server(url: str, timeout_s: float) -> "Client":
    import chromadb

    # Chroma's own client waits for ever, in its constructor too: so ask first, and bound its later requests.
    httpx.get(f"{url.rstrip('/')}/api/v2/heartbeat", timeout=timeout_s).raise_for_status()
    client = _client(chromadb.HttpClient(host=url, settings=_settings(url)))
    for session in _sessions(client):
        session.timeout = httpx.Timeout(timeout_s)
    return client


def _client(client: "ClientAPI") -> "Client":
    from chromadb.api.client import Client

    assert isinstance(client, Client)  # the declared type lacks `close`
    return client


def _sessions(client: "Client") -> list[httpx.Client]:
    """The connections of a client and of the one inside it that checks the database's name; none for a directory."""
    from chromadb.api.client import AdminClient
    from chromadb.api.fastapi import FastAPI

    assert isinstance(client._admin_client, AdminClient)
    servers = (client._server, client._admin_client._server)
    return [server._session for server in servers if isinstance(server, FastAPI)]


def _settings(url: str | None = None) -> "Settings":
    """Chroma's settings, its telemetry off.

    By itself it would read a `.env` file in the current directory, which can name classes to import and an address
    to report to, and may have come with somebody's documents (ADR 8).
    """
    from chromadb.config import Settings

    return Settings(
        _env_file=None,  # type: ignore[call-arg]  # pydantic-settings takes it, Chroma's class hides that
        anonymized_telemetry=False,
        chroma_otel_collection_endpoint="",
        chroma_api_impl="chromadb.api.rust.RustBindingsAPI",
        chroma_server_host=url,
        chroma_server_http_port=None,
    )
