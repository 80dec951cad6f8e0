"""The command line as tests call it: in this process, with a data directory of its own, and a web on loopback."""

import asyncio
import json
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from fontes.agent.cli import app
from fontes.agent.cli.door import closing
from fontes.tools.localweb import Fault, LocalWeb


@dataclass(frozen=True)
class Result:
    """Exit code and what was printed."""

    code: int
    out: str
    err: str


@pytest.fixture
def has_pages(home: Path) -> Callable[[], bool]:
    """Whether the store of `home` holds a page yet."""

    def look() -> bool:
        if not (home / "fontes.db").exists():
            return False
        db = sqlite3.connect(f"file:{home / 'fontes.db'}?mode=ro", uri=True)
        try:
            return bool(db.execute("SELECT count(*) FROM pages").fetchone()[0])
        except sqlite3.OperationalError:  # its tables are not made yet
            return False
        finally:
            db.close()

    return look


@pytest.fixture
def small_disk(home: Path) -> Iterator[Callable[..., None]]:
    """Puts `home` on a file system of its own: called with mount options, again to change them.

    Skips the test where no file system may be mounted.
    """
    home.mkdir()

    def mount(options: str) -> None:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(home)], capture_output=True)
        if done.returncode:
            pytest.skip(f"no file system can be mounted here: {done.stderr.decode().strip()}")

    yield mount
    subprocess.run(["umount", str(home)], capture_output=True)


Fontes = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data directory, and settings from nowhere else."""
    folder = tmp_path / "home"
    monkeypatch.setenv("FONTES_HOME", str(folder))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("COLUMNS", "100")
    return folder


@pytest.fixture
def fontes(home: Path, capfd: pytest.CaptureFixture[str]) -> Fontes:
    """Run a command and return its exit code and output."""

    def run(*arguments: str | Path) -> Result:
        capfd.readouterr()
        code = closing(lambda: app([str(argument) for argument in arguments], standalone_mode=False))
        printed = capfd.readouterr()
        return Result(int(code), printed.out, printed.err)

    return run


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """By words alone: what is tested is not the models."""
    monkeypatch.setenv("FONTES_EMBEDDER", "none")
    monkeypatch.setenv("FONTES_RERANKER", "none")


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A folder with three small documents."""
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "tower.txt").write_text(
        "The tower on the hill was finished in 1871. It is built of granite from a nearby quarry.\n"
    )
    (folder / "ferry.md").write_text(
        "---\ntitle: The ferry\ndate: 2024-03-01\n---\n\n# Times\n\nThe ferry leaves at nine every morning.\n"
    )
    (folder / "seals.html").write_text(
        "<html><head><title>Grey seals</title></head><body><article><h1>Grey seals</h1><p>Grey seals give birth on the"
        " northern beaches between October and December. The pups stay on land for about three weeks before they first"
        " enter the sea.</p></article></body></html>"
    )
    return folder


def page(title: str, *paragraphs: str, published: str = "2024-05-01") -> bytes:
    """A web page with enough text to be read."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="article:published_time" content="{published}"></head>'
        f"<body><main><article><h1>{title}</h1>{body}</article></main></body></html>"
    ).encode()


Pages = Mapping[str, bytes]
Serve = Callable[..., LocalWeb]


@contextmanager
def _running(web: LocalWeb) -> Iterator[LocalWeb]:
    """The web, served from a thread: a command has the main thread's loop for itself."""
    ready, loop = Event(), asyncio.new_event_loop()
    ends = asyncio.Event()

    async def serve() -> None:
        async with web:
            ready.set()
            await ends.wait()

    thread = Thread(target=lambda: loop.run_until_complete(serve()), name="localweb")
    thread.start()
    assert ready.wait(30)
    try:
        yield web
    finally:
        loop.call_soon_threadsafe(ends.set)
        thread.join()
        loop.close()


@pytest.fixture
def serve(home: Path, quick: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Serve pages by their addresses, or a folder, as the whole web, searched through its SearXNG."""
    with ExitStack() as stack:

        def start(pages: Pages | Path, *, faults: Sequence[str] = ()) -> LocalWeb:
            rules = tuple(map(Fault.parse, faults))
            made = LocalWeb(pages, faults=rules) if isinstance(pages, Path) else LocalWeb.of(pages, faults=rules)
            web = stack.enter_context(_running(made))
            monkeypatch.setenv("FONTES_RESOLVE", f"*={web.resolve['*']}")
            monkeypatch.setenv("FONTES_SEARXNG_URL", web.search_url)
            for name, value in {"SEARCH": "searxng", "WEB": "1", "HOST_GAP_S": "0", "WORKERS": "1"}.items():
                monkeypatch.setenv(f"FONTES_{name}", value)
            return web

        yield start


@dataclass
class Double:
    """A hand-made service: what it was asked, and where it is."""

    url: str
    asked: list[str]


@pytest.fixture
def searxng(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Double]]:
    """A SearXNG that gives the results it is told to, whatever it is asked; after `serve`, in place of its search."""
    with ExitStack() as stack:

        def start(results: Sequence[Mapping[str, str]] = (), *, status: int = 200, body: bytes = b"") -> Double:
            asked: list[str] = []
            answer = body or json.dumps({"query": "", "results": [dict(r) for r in results]}).encode()

            class Handler(BaseHTTPRequestHandler):
                def do_GET(self) -> None:
                    asked.extend(parse_qs(urlsplit(self.path).query).get("q", []))
                    self.send_response(status)
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", str(len(answer)))
                    self.end_headers()
                    self.wfile.write(answer)

                def log_message(self, format: str, *args: object) -> None:
                    """Nothing: the queries are kept."""

            server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
            server.daemon_threads = True
            thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
            thread.start()
            stack.callback(server.server_close)
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            url = f"http://127.0.0.1:{server.server_port}"
            monkeypatch.setenv("FONTES_SEARXNG_URL", url)
            monkeypatch.setenv("FONTES_SEARCH", "searxng")
            monkeypatch.setenv("FONTES_WEB", "1")
            return Double(url, asked)

        yield start


@pytest.fixture
def make_page() -> Callable[..., bytes]:
    """See `page`."""
    return page


@pytest.fixture
def lights() -> Pages:
    """Two sites that tell of one lighthouse, and a page that robots.txt keeps to itself."""
    return {
        "http://harbour.test/robots.txt": b"User-agent: *\nDisallow: /staff/\n",
        "http://harbour.test/": page(
            "The harbour office", "The harbour office looks after three lights on the island of Tarrow and its reefs."
        ),
        "http://harbour.test/gannet": page(
            "Gannet Point Light",
            "Gannet Point Light was automated in 1991, when a cable replaced the two generators.",
            "It shows two white flashes every fifteen seconds, and stands 44 metres above high water.",
        ),
        "http://harbour.test/staff/gannet": page("Gannet Point Light stores", "Eleven lamps for Gannet Point Light."),
        "http://keepers.test/gannet": page(
            "Keeping Gannet Point",
            "Three keepers lived at Gannet Point with their families, and kept watches of four hours.",
            "Gannet Point Light was automated in 1989, say the log books of the keepers.",
        ),
    }
