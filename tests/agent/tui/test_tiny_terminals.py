"""Panes and screens live through terminals of hardly any size, and through sizes that change all the time."""

import pytest
from fontes.agent.answer import Answer
from fontes.agent.state import Checked
from fontes.agent.tui.confirm_screen import ConfirmScreen
from fontes.agent.tui.help_screen import HelpScreen
from fontes.agent.tui.ledger_screen import LedgerScreen
from fontes.agent.tui.scope import Scope
from fontes.agent.tui.snapshot_screen import SnapshotScreen
from fontes.agent.tui.sources_screen import SourcesScreen
from fontes.retrievers import Source

SIZES = ((20, 5), (200, 60), (1, 1), (63, 7), (64, 8), (20, 50), (120, 4), (80, 24))


async def no_sources() -> tuple[Source, ...]:
    return ()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ledger", "stored page", "sources", "help", "confirmation"])
async def test_a_screen_lives_through_every_size(
    name: str, answer: Answer, tall: Checked, host, load, settled, seen
) -> None:
    screen = {
        "ledger": lambda: LedgerScreen(answer),
        "stored page": lambda: SnapshotScreen(load, tall.claims[0].citations[0]),
        "sources": lambda: SourcesScreen(Scope(), no_sources),
        "help": HelpScreen,
        "confirmation": lambda: ConfirmScreen("Erase it?", "All of it."),
    }[name]()
    app = host(screen)
    async with app.run_test(size=(20, 5)) as pilot:
        await settled(pilot)
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await pilot.press("down")
        assert seen(app).strip()
        await pilot.press("escape")
        assert len(app.screen_stack) == 1


@pytest.mark.slow
async def test_the_pane_lives_through_every_size(answer: Answer, tall: Checked, pane_host, settled, seen) -> None:
    app = pane_host(answer, tall)
    async with app.run_test(size=(20, 5)) as pilot:
        await settled(pilot)
        assert "The tower is" in seen(app)
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await pilot.press("n", "p")
        await settled(pilot)
        assert "fetched 2026-03-14" in seen(app)


async def test_the_choice_in_the_ledger_outlives_a_change_of_size(answer: Answer, host, seen) -> None:
    app = host(LedgerScreen(answer))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "down", "down")
        await pilot.resize_terminal(50, 10)
        await pilot.pause()
        await pilot.pause()
        assert "▸ ✗ robots" in seen(app)
