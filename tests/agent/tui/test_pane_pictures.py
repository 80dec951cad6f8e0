"""The panes and screens look as they did when somebody last looked at them, at three sizes."""

import pytest
from fontes.agent.answer import Answer
from fontes.agent.state import Checked
from fontes.agent.tui.confirm_screen import ConfirmScreen
from fontes.agent.tui.help_screen import HelpScreen
from fontes.agent.tui.ledger_screen import LedgerScreen
from fontes.agent.tui.scope import Scope
from fontes.agent.tui.snapshot_screen import SnapshotScreen
from fontes.agent.tui.sources_screen import SourcesScreen
from fontes.crawler import Page
from fontes.retrievers import Source

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40), (50, 20)], ids=["80x24", "120x40", "50x20"])


@SIZES
def test_evidence(answer: Answer, built: Checked, pane_host, settled, snap_compare, size: tuple[int, int]) -> None:
    assert snap_compare(pane_host(answer, built), terminal_size=size, run_before=settled)


@SIZES
def test_contradiction(answer: Answer, tall: Checked, pane_host, settled, snap_compare, size: tuple[int, int]) -> None:
    async def scrolled(pilot) -> None:
        await settled(pilot)
        pilot.app.pane.query_one("#conflicts").scroll_visible(animate=False, top=True)
        await pilot.pause()

    assert snap_compare(pane_host(answer, tall), terminal_size=size, run_before=scrolled)


def test_evidence_withheld(answer: Answer, doubted: Checked, pane_host, settled, snap_compare) -> None:
    assert snap_compare(pane_host(answer, doubted), terminal_size=(80, 24), run_before=settled)


@pytest.mark.parametrize("theme", ["fontes-light", "fontes-contrast", "terminal"])
def test_evidence_in_other_themes(answer: Answer, tall: Checked, pane_host, settled, snap_compare, theme: str) -> None:
    assert snap_compare(pane_host(answer, tall, theme=theme), terminal_size=(80, 24), run_before=settled)


@SIZES
def test_ledger(answer: Answer, host, settled, snap_compare, size: tuple[int, int]) -> None:
    async def skipped(pilot) -> None:
        await settled(pilot)
        await pilot.press("down", "down", "down")
        await pilot.pause()

    assert snap_compare(host(LedgerScreen(answer)), terminal_size=size, run_before=skipped)


def test_ledger_in_sixteen_colours(answer: Answer, host, settled, snap_compare) -> None:
    assert snap_compare(host(LedgerScreen(answer), theme="terminal"), terminal_size=(80, 24), run_before=settled)


@SIZES
def test_stored_page(tall: Checked, host, load, settled, snap_compare, size: tuple[int, int]) -> None:
    screen = SnapshotScreen(load, tall.claims[0].citations[0])
    assert snap_compare(host(screen), terminal_size=size, run_before=settled)


@SIZES
def test_sources(pages: dict[str, Page], host, settled, snap_compare, size: tuple[int, int]) -> None:
    held = tuple(
        Source(sighting=page.sightings[0], page_hash=page.hash, length=len(page.text), passages=4, vectors=3)
        for page in pages.values()
    )

    async def load() -> tuple[Source, ...]:
        return held

    screen = SourcesScreen(Scope(docs=(held[1].sighting.source,)), load)
    assert snap_compare(host(screen), terminal_size=size, run_before=settled)


@SIZES
def test_sources_with_tags(pages: dict[str, Page], host, settled, snap_compare, size: tuple[int, int]) -> None:
    tags = (("lighthouses", "coast/west"), ("lighthouses",), ())
    held = tuple(
        Source(sighting=page.sightings[0], page_hash=page.hash, length=len(page.text), passages=4, vectors=4, tags=each)
        for page, each in zip(pages.values(), tags, strict=True)
    )

    async def load() -> tuple[Source, ...]:
        return held

    screen = SourcesScreen(Scope(tags=("lighthouses",)), load)
    assert snap_compare(host(screen), terminal_size=size, run_before=settled)


def test_help(host, snap_compare) -> None:
    assert snap_compare(host(HelpScreen()), terminal_size=(80, 24))


def test_confirmation(host, snap_compare) -> None:
    screen = ConfirmScreen("Erase “Spring tides” for good?", "3 turns with their answers.", yes="Erase")
    assert snap_compare(host(screen), terminal_size=(50, 20))
