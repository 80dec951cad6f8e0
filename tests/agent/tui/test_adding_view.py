"""Adding from the chat shows how far it is, ends in what became of the sources, and stops when it is told to."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from fontes.agent.assistant import Assistant
from fontes.agent.reading import Progress, Reading, Report
from fontes.agent.tui.adding import Adding, report_content
from fontes.crawler import Skipped
from fontes.retrievers import RetrievalError
from textual import on
from textual.app import App, ComposeResult


class AddingApp(App[None]):
    """One line of adding."""

    def __init__(self, adding: Adding) -> None:
        super().__init__()
        self.adding = adding
        self.reports: list[Report | None] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return {"quiet": "#888888", "rule": "#888888"}

    def compose(self) -> ComposeResult:
        yield self.adding

    @on(Adding.Done)
    def done(self, event: Adding.Done) -> None:
        self.reports.append(event.report)


async def test_files_are_searchable_and_what_was_not_read_is_named(
    fontes: Assistant, docs: Path, seen, settled
) -> None:
    (docs / "[red]\x1b[2Jphoto.bin").write_bytes(b"\x00\x01\x02" * 100)
    app = AddingApp(Adding([str(docs)], add=fontes.add, embed=fontes.index.embed))
    async with app.run_test(size=(140, 24)) as pilot:
        await settled(pilot)
        assert "✓ 2 added: searchable now" in seen(app)
    assert len(app.reports) == 1
    assert len(await fontes.sources()) == 2


class Slow:
    """Adds nothing until it is cancelled."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()

    async def __call__(self, sources: Sequence[str], *, embed: bool, progress: Progress | None) -> Report:
        if progress:
            progress(Reading(done=3, total=12, stored=2))
        self.begun.set()
        await asyncio.Event().wait()
        return Report()


async def test_progress_is_shown_and_esc_stops_it(seen) -> None:
    slow = Slow()
    app = AddingApp(Adding(["/docs", "/more"], add=slow))
    async with app.run_test(size=(80, 24)) as pilot:
        await slow.begun.wait()
        await pilot.pause()
        assert "… reading /docs and 1 more  ━━━━────────────  3 of 12" in seen(app)
        app.adding.focus()
        await pilot.press("escape")
        await pilot.pause()
        assert "stopped: what was stored stays" in seen(app)
        assert not app.adding.is_running
    assert app.reports == [None]


async def test_a_store_that_is_full_is_told(seen, settled) -> None:
    async def full(sources: Sequence[str], *, embed: bool, progress: Progress | None) -> Report:
        raise RetrievalError("fontes.db", "the disk is full")

    app = AddingApp(Adding(["/docs"], add=full))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "✗ nothing more was added: fontes.db: the disk is full" in seen(app)
    assert app.reports == [None]


@pytest.mark.parametrize("fails", [True, False])
async def test_embedding_tells_how_far_it_is_and_a_failure_leaves_what_was_added(fails: bool, seen, settled) -> None:
    async def add(sources: Sequence[str], *, embed: bool, progress: Progress | None) -> Report:
        assert not embed
        return Report(added=("/docs/a.txt",))

    async def embed(tell: Callable[[int, int], None]) -> int:
        tell(1, 2)
        if fails:
            raise RetrievalError("the model", "it is gone")
        return 2

    app = AddingApp(Adding(["/docs"], add=add, embed=embed))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "✓ 1 added: searchable now" in seen(app)
        assert ("⚠ not embedded: the model: it is gone" if fails else "2 passages embedded") in seen(app)
    assert app.reports == [Report(added=("/docs/a.txt",))]


def test_a_report_counts_names_and_says_what_is_left_out() -> None:
    skipped = tuple(Skipped(source=f"/docs/{n}.bin", reason="wrong_type") for n in range(6))
    text = report_content(
        Report(added=("a",), unchanged=("b", "c"), skipped=skipped, gone=("/docs/old.txt",), left=40)
    ).plain
    assert text.splitlines() == [
        "✓ 1 added, 2 unchanged: searchable now",
        *(f"  ✗ /docs/{n}.bin: it is of a kind that is not read" for n in range(4)),
        "  and 2 more not read",
        "  40 pages more listed than are taken at once",
        "  1 source of the index no longer there",
    ]
    assert report_content(Report()).plain.startswith("✗ no readable file or page there")
