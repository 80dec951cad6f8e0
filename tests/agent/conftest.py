"""Documents, settings without models, an open assistant, the services of a step, a scripted router, a small disk."""

import asyncio
import contextlib
import os
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from datetime import date
from pathlib import Path
from typing import NoReturn

import pytest
from fontes.agent.assistant import Assistant
from fontes.agent.budget import Allowance, Budget
from fontes.agent.checker import Checker
from fontes.agent.deps import Deps, Limits
from fontes.agent.models.extractive import Extractive
from fontes.agent.models.openai_compatible import OpenAICompatible
from fontes.agent.models.scripted import Asked, Reply, ScriptedServer
from fontes.agent.settings import Settings
from fontes.agent.state import Checked, Query, Sentence
from fontes.agent.verifiers.lexical import Lexical
from fontes.agent.web import Web
from fontes.crawler import Workers
from fontes.retrievers import Evidence, Index
from fontes.retrievers.served.endpoint import Endpoint

Routing = tuple[OpenAICompatible, ScriptedServer]

ORVAY = "The Orvay lighthouse was built in 1854 by James Calder.\n\nIts lamp burned whale oil until 1871.\n"
STENNICK = "The Stennick lighthouse was built in 1902 by Mary Hale.\n\nIts fog horn fell silent in 1988.\n"


@pytest.fixture
def bare_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No FONTES_ variable, no settings file; to be filled by the test."""
    for name in os.environ:
        if name.upper().startswith("FONTES_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return monkeypatch


@pytest.fixture
def settings(tmp_path: Path, bare_environment: pytest.MonkeyPatch) -> Settings:
    """A data directory of the test's own, and search by words alone: quick, and the same everywhere."""
    return Settings(home=tmp_path / "home", embedder="none", reranker="none", workers=1, web=False)


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A folder with two files: `orvay.txt` and `stennick.txt`."""
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "orvay.txt").write_text(ORVAY, encoding="utf-8")
    (folder / "stennick.txt").write_text(STENNICK, encoding="utf-8")
    return folder


@pytest.fixture
async def fontes(settings: Settings) -> AsyncIterator[Assistant]:
    """An assistant with an empty index."""
    async with Assistant(settings) as assistant:
        yield assistant


class Silent:
    """A writer that never writes."""

    name = "silent"
    note = ""

    def __init__(self) -> None:
        self.began = asyncio.Event()

    async def write(self, query: Query, evidence: Sequence[Evidence]) -> AsyncIterator[Sentence]:
        self.began.set()
        await asyncio.Event().wait()
        yield Sentence(text="", quotes=())


@pytest.fixture
def silent() -> Silent:
    """A writer that never writes; `began` is set once it is asked to."""
    return Silent()


async def _kept() -> None:
    """Nothing here has verdicts to store."""


@pytest.fixture
def deps_over() -> Callable[[Index], Deps]:
    """What steps work with, over an index; today is 15 March 2026."""

    async def unchecked(sentence: Sentence) -> Checked:
        raise AssertionError(f"nothing here has sentences checked: {sentence.text}")

    def no_web() -> NoReturn:
        raise AssertionError("nothing here asks the web")

    def make(index: Index) -> Deps:
        return Deps(
            index=index,
            reader=Workers(),
            reranker=None,
            writer=Extractive(),
            verifier=Lexical(),
            web=Web(crawler=no_web, search=no_web, providers=(), is_on=False),
            limits=Limits(),
            budget=Budget(Allowance()),
            checker=Checker(unchecked),
            consider=lambda _found: None,
            keep=_kept,
            emit=lambda _kind, _step, _value: None,
            today=lambda: date(2026, 3, 15),
        )

    return make


@pytest.fixture
def complaints() -> Callable[[], list[str]]:
    """Call it in a running loop: the list that from then on gathers what asyncio complains about."""

    def gather() -> list[str]:
        said: list[str] = []
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: said.append(context["message"]))
        return said

    return gather


@pytest.fixture
async def routing() -> AsyncIterator[Callable[..., Awaitable[Routing]]]:
    """`await routing(responder, **of_the_server)`: a chat with a server of its own, and that server."""
    async with AsyncExitStack() as stack:

        async def start(responder: Callable[[Asked], Reply], **of_the_server: object) -> Routing:
            server = await stack.enter_async_context(ScriptedServer(responder, **of_the_server))
            endpoint = Endpoint(server.url)
            stack.push_async_callback(endpoint.aclose)
            return OpenAICompatible(endpoint), server

        yield start


class SmallDisk:
    """A file system of some megabytes, mounted at `home`."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._filler = home / "filler"

    def fill(self, *, but: int = 0) -> None:
        """Leave `but` bytes free."""
        written = 0
        with contextlib.suppress(OSError), self._filler.open("wb", buffering=0) as filler:
            while True:  # what the file system says is free is not exact to the page
                written += filler.write(bytes(4_096))
        os.truncate(self._filler, max(0, written - but))

    def free(self) -> None:
        self._filler.unlink()


@pytest.fixture
def disk(settings: Settings) -> Iterator[SmallDisk]:
    """A disk of 3 MB that holds the data directory and nothing else."""
    settings.home.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(settings.home)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no small file system can be mounted here: {mounted.stderr.decode().strip()}")
    yield SmallDisk(settings.home)
    subprocess.run(["umount", str(settings.home)], check=True)
