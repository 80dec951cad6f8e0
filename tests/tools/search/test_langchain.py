"""Tools, retrievers and loaders of LangChain as plugs: real ones of langchain-community, and some that misbehave."""

import asyncio
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fontes.tools import (
    BadAnswer,
    KeyRefused,
    LimitReached,
    QuotaSpent,
    Search,
    SearchError,
    ServiceDown,
    Terms,
)

pytest.importorskip("langchain_core")
from fontes.tools.search.langchain import from_loader, from_retriever, from_tool, pages_of
from langchain_core.documents import Document
from langchain_core.runnables import RunnableLambda

pytestmark = pytest.mark.filterwarnings("ignore:.langchain-community. is being sunset:DeprecationWarning")

Rows = list[tuple[str, str, str]]
FIVE: Rows = [(f"https://a.example/{number}", f"Title {number}", f"tides {number}") for number in range(5)]
HOSTILE = "\x1b[31m<b>Red</b>\x1b]0;owned\x07 tides\u202e <script>alert(1)</script>"


@pytest.fixture(params=["tool", "retriever"])
def plug(request: pytest.FixtureRequest, server: Any) -> Callable[..., Search]:
    """Each kind in turn, real ones of langchain-community, which find these rows."""
    pytest.importorskip("langchain_community")

    def tool(rows: Rows, terms: Terms = Terms()) -> Search:  # noqa: B008
        from langchain_community.tools.searx_search.tool import SearxSearchResults
        from langchain_community.utilities.searx_search import SearxSearchWrapper

        results = [{"url": url, "title": title, "content": text, "engines": ["x"]} for url, title, text in rows]
        server.answer = lambda asked: {"query": "tides", "results": [row | {"category": "general"} for row in results]}
        wrapper = SearxSearchWrapper(searx_host=server.url)
        return from_tool(SearxSearchResults(wrapper=wrapper, num_results=50), terms=terms)

    def retriever(rows: Rows, terms: Terms = Terms()) -> Search:  # noqa: B008
        pytest.importorskip("rank_bm25")
        from langchain_community.retrievers import BM25Retriever

        documents = [Document(page_content=text, metadata={"source": url, "title": title}) for url, title, text in rows]
        made = BM25Retriever.from_documents(documents, k=50)
        # among texts that it scores alike, the last comes first
        return from_retriever(
            made | RunnableLambda(lambda found: sorted(found, key=documents.index)), name="BM25", terms=terms
        )

    return {"tool": tool, "retriever": retriever}[request.param]


async def test_real_ones_give_ranked_hits_with_their_name(plug: Callable[..., Search]) -> None:
    provider = plug(FIVE)
    hits = await provider.search("tides")
    assert [(hit.url, hit.title, hit.snippet) for hit in hits] == FIVE
    assert [hit.rank for hit in hits] == [1, 2, 3, 4, 5]
    assert {hit.provider for hit in hits} == {provider.name} <= {"searx_search_results", "BM25"}


async def test_the_limit_is_an_upper_bound_and_no_words_ask_nothing(plug: Callable[..., Search]) -> None:
    provider = plug(FIVE)
    assert [len(await provider.search("tides", limit=limit)) for limit in (-1, 0, 1, 3, 99)] == [0, 0, 1, 3, 5]
    assert await provider.search(" \n") == ()


async def test_hits_are_clean_unique_and_public(plug: Callable[..., Search]) -> None:
    rows = [
        ("http://127.0.0.1/admin", "Private", "tides"), ("https://a.example/x#1", HOSTILE, HOSTILE),
        ("HTTPS://a.example:443/x", "Again", "tides"), ("javascript:alert(1)", "Script", "tides"),
    ]  # fmt: skip
    (hit,) = await plug(rows).search("tides")
    assert (hit.url, hit.title, hit.snippet) == ("https://a.example/x", "Red tides", "Red tides")


async def test_a_budget_and_a_rate_hold_for_them_too(plug: Callable[..., Search]) -> None:
    provider = plug(FIVE, Terms(daily=1))
    assert await provider.search("tides")
    with pytest.raises(QuotaSpent):
        await provider.search("tides")
    slow = plug(FIVE, Terms(min_interval_s=100))
    assert await slow.search("tides")
    with pytest.raises(LimitReached, match="its next turn is in"):
        await slow.search("tides")


async def test_a_real_tool_that_finds_nothing_is_no_error(server: Any) -> None:
    pytest.importorskip("langchain_community")
    from langchain_community.tools.searx_search.tool import SearxSearchResults
    from langchain_community.utilities.searx_search import SearxSearchWrapper

    server.answer = lambda asked: {"query": "tides", "results": []}
    tool = SearxSearchResults(wrapper=SearxSearchWrapper(searx_host=server.url))
    assert await from_tool(tool).search("tides") == ()


@pytest.mark.parametrize(("status", "kind"), [(429, LimitReached), (403, KeyRefused), (500, BadAnswer)])
async def test_what_a_real_tool_raises_becomes_a_typed_error(server: Any, status: int, kind: type[SearchError]) -> None:
    pytest.importorskip("langchain_community")
    from langchain_community.tools.searx_search.tool import SearxSearchResults
    from langchain_community.utilities.searx_search import SearxSearchWrapper

    said = {429: "Too Many Requests", 403: "Forbidden", 500: "Oops"}[status]
    server.answer = lambda asked: server.reply(said, status=status, kind="text/plain")
    tool = SearxSearchResults(wrapper=SearxSearchWrapper(searx_host=server.url))
    with pytest.raises(kind, match=said):
        await from_tool(tool).search("tides")


def answering(answer: Any) -> Search:
    return from_tool(RunnableLambda(lambda query: answer), name="own")


RESULT = {"link": "https://a.example/1", "title": "T", "snippet": "S", "date": "2024-03-04"}


@pytest.mark.parametrize(
    "answer",
    [[RESULT], (RESULT,), {"organic_results": [RESULT]}, RESULT, json.dumps([RESULT]), str([RESULT]),
     json.dumps({"results": [RESULT]}), [RESULT, "text", 7, None]],
)  # fmt: skip
async def test_results_are_read_in_every_form_that_tools_give_them(answer: Any) -> None:
    (hit,) = await answering(answer).search("tides")
    assert (hit.url, hit.title, hit.snippet, hit.published) == ("https://a.example/1", "T", "S", "2024-03-04")


@pytest.mark.parametrize(
    "answer",
    ["The tide is high.", "", "[", "[" * 100_000, "[__import__('os')]", 7, None, [{"a": 1}, {"b": 2}], b"x",
     [{"link": "/local"}], "[" + "'x'," * 600_000 + "]"],
)  # fmt: skip
async def test_anything_else_is_a_bad_answer(answer: Any) -> None:
    with pytest.raises(BadAnswer, match="addresses"):
        await answering(answer).search("tides")


async def test_nothing_found_is_no_error() -> None:
    for answer in ([], "[]", {"results": []}, [{"Result": "No good Search Result was found"}]):
        assert await answering(answer).search("tides") == ()


async def test_documents_without_addresses_belong_into_the_index() -> None:
    documents = [Document(page_content="tides", metadata={"source": "notes.txt"})]
    with pytest.raises(BadAnswer, match="add them to the index"):
        await from_retriever(RunnableLambda(lambda query: documents), name="own").search("tides")
    with pytest.raises(BadAnswer, match="something else than documents"):
        await from_retriever(RunnableLambda(lambda query: ["text"]), name="own").search("tides")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ConnectionError("refused"), ServiceDown),
        (ImportError("pip install tavily-python"), ServiceDown),
        (RuntimeError("HTTP 429: slow down"), LimitReached),
        (ValueError("Invalid API key"), KeyRefused),
        (KeyError("results"), BadAnswer),
        (type("RateLimitError", (Exception,), {})("x"), LimitReached),
    ],
)
async def test_whatever_is_raised_is_typed_and_shows_no_key(error: Exception, kind: type[SearchError]) -> None:
    key = "tvly-abcdefghijklmnop1234567890"
    error.args = (f"{error.args[0]} at https://s.example/?q=x&key={key} with {key}",)

    def fails(query: str) -> None:
        raise error

    with pytest.raises(SearchError) as failed:
        await from_tool(RunnableLambda(fails), name="own").search("tides")
    assert type(failed.value) is kind
    assert type(error).__name__ in str(failed.value)
    assert key not in str(failed.value) + repr(failed.value)
    assert failed.value.__cause__ is None


async def test_silence_ends_at_the_deadline_and_a_search_can_be_cancelled() -> None:
    async def waits(query: str) -> None:
        started.set()
        await asyncio.Event().wait()

    def is_asynchronous(query: str) -> None:
        raise NotImplementedError

    started = asyncio.Event()
    waiting = RunnableLambda(is_asynchronous, afunc=waits)
    with pytest.raises(ServiceDown, match=r"no answer within 0\.05 s"):
        await from_tool(waiting, name="own", terms=Terms(deadline_s=0.05)).search("tides")
    started.clear()
    task = asyncio.ensure_future(from_tool(waiting, name="own").search("tides"))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_call_that_hangs_in_its_thread_ends_at_the_deadline() -> None:
    going_on = threading.Event()
    provider = from_tool(RunnableLambda(lambda query: going_on.wait(30)), name="own", terms=Terms(deadline_s=0.05))
    try:
        with pytest.raises(ServiceDown, match="no answer within"):
            await provider.search("tides")
    finally:
        going_on.set()


async def test_what_is_synchronous_runs_in_a_thread_and_untraced(monkeypatch: pytest.MonkeyPatch) -> None:
    from langsmith.utils import get_env_var, tracing_is_enabled

    get_env_var.cache_clear()
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    monkeypatch.setenv("LANGCHAIN_TRACING_V2", "true")
    seen: list[Any] = []

    def search(query: str) -> list[Any]:
        seen.extend([threading.current_thread() is threading.main_thread(), tracing_is_enabled()])
        return [RESULT]

    try:
        assert tracing_is_enabled()
        assert await from_tool(RunnableLambda(search), name="own").search("tides")
    finally:
        get_env_var.cache_clear()
    assert seen == [False, False]


async def test_a_real_loader_gives_one_page_a_source(tmp_path: Path) -> None:
    pytest.importorskip("langchain_community")
    from langchain_community.document_loaders import CSVLoader, TextLoader

    (tmp_path / "tides.csv").write_text("place,height\nBrest,7.2 m\nDover,6.8 m\n")
    (tmp_path / "note.txt").write_text("High tides come twice a day.\x1b[31m\r\n")
    (page,) = await from_loader(CSVLoader(tmp_path / "tides.csv"))
    assert page.text.index("place: Brest") < page.text.index("place: Dover")
    assert page.text.index("7.2 m") < page.text.index("6.8 m")
    assert [seen.source for seen in page.sightings] == [str(tmp_path / "tides.csv")]
    (note,) = await from_loader(TextLoader(tmp_path / "note.txt"))
    assert note.text == "High tides come twice a day."
    assert note.blocks


def test_documents_become_pages_by_their_source() -> None:
    documents = [
        Document(page_content="One sentence here.", metadata={"source": "https://a.example/1", "title": "<b>A</b>"}),
        Document(page_content="Elsewhere.", metadata={"url": "https://a.example/2"}),
        Document(page_content="Another sentence.", metadata={"source": "https://a.example/1"}),
        Document(page_content=" \n", metadata={"source": "https://a.example/3"}),
    ]
    one, two = pages_of(documents)
    assert one.text == "One sentence here.\n\nAnother sentence."
    assert (one.title, one.sightings[0].title, one.sightings[0].source) == ("A", "A", "https://a.example/1")
    assert (two.text, two.sightings[0].source) == ("Elsewhere.", "https://a.example/2")
    assert pages_of([]) == ()


def test_a_document_without_a_source_is_named() -> None:
    with pytest.raises(ValueError, match="document 2 names no source"):
        pages_of([Document(page_content="x", metadata={"source": "a.txt"}), Document(page_content="y")])


async def test_pages_of_a_loader_can_be_added_and_found(tmp_path: Path) -> None:
    from fontes.retrievers import Index

    text = "The spring tide follows the full moon by a day or two on most coasts."
    pages = pages_of([Document(page_content=text, metadata={"source": "https://a.example/tides"})])
    async with Index.open(tmp_path / "home") as index:
        await index.add(pages)
        (evidence, *_) = await index.search("spring tide", k=3)
    assert evidence.source == "https://a.example/tides"
    assert evidence.passage.text == text
