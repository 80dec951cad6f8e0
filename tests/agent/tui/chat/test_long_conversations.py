"""A conversation of thousands of turns: few are mounted, and scrolling goes through all of them."""

from collections.abc import Sequence
from time import process_time

import pytest
from fontes.agent.tui.conversation import WINDOW, ConversationView
from fontes.agent.tui.themes import DEFAULTS, THEMES
from fontes.agent.tui.turn import ShownTurn
from textual.app import App, ComposeResult

TURNS = 5_000


class Reading(App[None]):
    """A conversation alone on the screen."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[int] = []
        self.view = ConversationView(self.load)
        for theme in THEMES:
            self.register_theme(theme)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return DEFAULTS

    def compose(self) -> ComposeResult:
        yield self.view

    async def load(self, turns: Sequence[ShownTurn]) -> None:
        self.loaded += [int(turn.run) for turn in turns]


def turns(count: int) -> list[ShownTurn]:
    """Kept turns that need not be loaded."""
    return [
        ShownTurn(
            question=f"Question {number}?", run=str(number), state="ended", kept=f"Answer {number}, in words. " * 3
        )
        for number in range(count)
    ]


def seen(view: ConversationView) -> list[int]:
    """The numbers of the turns that are mounted, in their order."""
    return [int(each.turn.run) for each in view._views]


async def test_only_the_last_turns_are_mounted_and_loaded_at_first() -> None:
    app = Reading()
    async with app.run_test(size=(80, 24)) as pilot:
        begun = process_time()
        await app.view.show(turns(TURNS))
        await pilot.pause()
        assert process_time() - begun < 4
        assert app.view.mounted <= WINDOW
        assert seen(app.view)[-1] == TURNS - 1
        assert len(app.loaded) <= WINDOW
        assert app.view.scroll_y == app.view.max_scroll_y


@pytest.mark.slow
async def test_scrolling_up_brings_earlier_turns_without_a_jump_and_lets_go_of_later_ones() -> None:
    app = Reading()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.view.show(turns(90))
        await pilot.pause()
        app.view.focus()
        for _ in range(30):
            top_before, first_before = _top(app.view), seen(app.view)[0]
            await pilot.press("pageup")
            await pilot.pause()
            assert app.view.mounted <= WINDOW
            assert seen(app.view) == list(range(seen(app.view)[0], seen(app.view)[-1] + 1))
            assert _top(app.view) <= top_before  # never forward
            assert top_before - _top(app.view) <= 8  # a page holds few turns: none is skipped
            assert seen(app.view)[0] <= first_before
        assert seen(app.view)[0] == 0


def _top(view: ConversationView) -> int:
    """The number of the first turn that is seen, at least in part."""
    for each in view._views:
        if each.virtual_region.bottom > view.scroll_y:
            return int(each.turn.run)
    return int(view._views[-1].turn.run)


async def test_home_and_end_go_to_the_first_and_the_last_turn() -> None:
    app = Reading()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.view.show(turns(TURNS))
        app.view.focus()
        await pilot.press("home")
        await pilot.pause()
        assert seen(app.view)[0] == 0
        assert app.view.chosen_turn is app.view.turns[0]
        await pilot.press("end")
        await pilot.pause()
        assert seen(app.view)[-1] == TURNS - 1
        assert app.view.chosen_turn is app.view.turns[-1]


@pytest.mark.parametrize("count", [0, 1, 13])
async def test_the_chosen_sentence_moves_through_every_turn(count: int) -> None:
    app = Reading()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.view.show(turns(count))
        app.view.focus()
        chosen = []
        for _ in range(count):
            await pilot.press("k")
            await pilot.pause()
            chosen.append(int(app.view.chosen_turn.run))
        assert chosen == list(range(count))[::-1]


async def test_a_turn_appended_while_one_reads_far_above_is_shown() -> None:
    app = Reading()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.view.show(turns(300))
        app.view.focus()
        await pilot.press("home")
        await app.view.append(ShownTurn(question="And now?", run="300"))
        await pilot.pause()
        assert seen(app.view)[-1] == 300
        assert app.view.scroll_y == app.view.max_scroll_y


async def test_cutting_takes_the_later_turns_away() -> None:
    app = Reading()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.view.show(turns(300))
        await app.view.cut(100)
        await pilot.pause()
        assert len(app.view.turns) == 100
        assert seen(app.view)[-1] == 99
