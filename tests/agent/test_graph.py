"""The graph is the river: its words, its order, its bounds, and nobody who listens."""

import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest
from fontes.agent import steps
from fontes.agent.answer import Answer
from fontes.agent.assistant import Assistant
from fontes.agent.checkpoints import open_checkpoints
from fontes.agent.events import Event
from fontes.agent.graph import build_graph
from fontes.agent.settings import Settings
from fontes.agent.state import Query, Sentence
from fontes.retrievers import Evidence
from langgraph.config import get_config

QUESTION = "Who built the Orvay lighthouse?"


async def events_of(fontes: Assistant, **named: Sequence[Path]) -> list[Event]:
    return [event async for event in fontes.stream(QUESTION, **named)]


def steps_of(events: Sequence[Event]) -> list[str]:
    return [event.step for event in events if event.kind == "step_started"]


async def test_the_nodes_are_the_files_of_the_steps(fontes: Assistant) -> None:
    async with open_checkpoints(fontes.settings.home / "own.db") as checkpoints:
        graph = build_graph(checkpoints)
    files = {file.stem for file in Path(steps.__path__[0]).glob("*.py")} - {"__init__"}
    assert set(graph.nodes) - {"__start__"} == files


async def test_a_question_to_the_index_goes_down_the_river_without_crawl(fontes: Assistant, docs: Path) -> None:
    await fontes.add([docs])
    events = await events_of(fontes)
    assert steps_of(events) == ["understand", "route", "retrieve", "rerank", "draft", "verify", "answer"]
    assert isinstance(events[-1].value, Answer)
    assert events[-1].value.status == "answered"


async def test_a_question_with_sources_crawls_them_and_leaves_the_index_as_it_was(
    fontes: Assistant, docs: Path
) -> None:
    await fontes.add([docs / "stennick.txt"])
    before = await fontes.sources()
    events = await events_of(fontes, sources=[docs / "orvay.txt"])
    assert steps_of(events) == ["understand", "route", "crawl", "retrieve", "rerank", "draft", "verify", "answer"]
    assert isinstance(events[-1].value, Answer)
    assert events[-1].value.ledger.read == (str(docs / "orvay.txt"),)
    assert await fontes.sources() == before
    assert [found.source for found in await fontes.index.search("Orvay lighthouse")] == [str(docs / "stennick.txt")]


async def test_each_step_starts_and_finishes_in_turn_with_the_seconds_it_took(fontes: Assistant, docs: Path) -> None:
    events = await events_of(fontes, sources=[docs])
    turns = [event for event in events if event.kind in ("step_started", "step_finished")]
    for started, finished in zip(turns[::2], turns[1::2], strict=True):
        assert (started.kind, finished.kind) == ("step_started", "step_finished")
        assert started.step == finished.step
        assert isinstance(finished.value, float)
        assert 0 <= finished.value <= finished.at - started.at + 0.001
    assert all(a.at <= b.at for a, b in pairwise(events))
    assert [event.kind for event in events].count("answer") == 1
    assert events[-1].kind == "answer"


class Probe:
    """A writer that notes how many steps LangGraph would let the run take."""

    name = "probe"
    note = ""
    steps = 0

    async def write(self, query: Query, evidence: Sequence[Evidence]) -> AsyncIterator[Sentence]:
        self.steps = get_config()["recursion_limit"]
        for found in evidence[:0]:
            yield Sentence(text=found.passage.text, quotes=())


async def test_a_loop_by_mistake_ends_within_a_few_rounds(settings: Settings, docs: Path) -> None:
    probe = Probe()
    async with Assistant(settings, writer=probe) as fontes:
        await fontes.ask(QUESTION, sources=[docs])
    assert 8 <= probe.steps <= 50


TRACED = """
import sys
from pathlib import Path
from langchain_core.tracers.langchain import wait_for_all_tracers
from langgraph.graph import END, START, StateGraph
from fontes import Settings, ask

home, docs = Path(sys.argv[1]), Path(sys.argv[2])
settings = Settings(home=home, embedder="none", reranker="none")
answer = ask("Who built the Orvay lighthouse?", sources=[docs], settings=settings)
wait_for_all_tracers()
print(answer.status, flush=True)
input()  # until what was posted has been counted
graph = StateGraph(dict)
graph.add_node("own", lambda state: state)
graph.add_edge(START, "own")
graph.add_edge("own", END)
graph.compile().invoke({"a": "b"})
wait_for_all_tracers()
"""


@pytest.fixture
def collector() -> Iterator[tuple[str, list[str]]]:
    """A loopback server in the place of LangSmith: its address, and the paths that were asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(202)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self) -> None:
            self.do_POST()

        def do_PATCH(self) -> None:
            self.do_POST()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()
        thread.join()


def test_tracing_in_the_environment_posts_nothing(
    collector: tuple[str, list[str]], tmp_path: Path, docs: Path, bare_environment: pytest.MonkeyPatch
) -> None:
    """A graph of the script's own, traced after the question was counted, shows that the trap catches."""
    address, asked = collector
    for name, value in (("TRACING", "true"), ("ENDPOINT", address), ("API_KEY", "lsv2_pt_x")):
        bare_environment.setenv(f"LANGSMITH_{name}", value)
    bare_environment.setenv("LANGCHAIN_TRACING_V2", "true")
    with subprocess.Popen(
        [sys.executable, "-c", TRACED, str(tmp_path / "home"), str(docs)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as script:  # fmt: skip
        assert script.stdin is not None
        assert script.stdout is not None
        status = script.stdout.readline()
        during_the_run = list(asked)
        _, said = script.communicate("\n", timeout=60)
    assert (status, script.returncode) == ("answered\n", 0), said
    assert during_the_run == []
    assert asked, "the trap catches nothing: this test proves nothing"
