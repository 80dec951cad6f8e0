"""Conversations are found, opened, renamed, begun, and erased only after a yes."""

import pytest
from fontes.agent.assistant import Assistant
from fontes.agent.tui.confirm_screen import ConfirmScreen
from fontes.agent.tui.conversations_screen import ConversationsScreen


@pytest.fixture
async def ids(fontes: Assistant) -> tuple[str, str]:
    """Two conversations: on tides, and on leases."""
    tides = await fontes.conversations.start("Spring tides")
    leases = await fontes.conversations.start("Lease terms [red]of[/red] 2024")
    return tides.id, leases.id


async def test_one_is_found_by_typing_and_opened(fontes: Assistant, ids: tuple[str, str], host, seen, settled) -> None:
    app = host(ConversationsScreen(fontes.conversations, current=ids[0]))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "Lease terms [red]of[/red] 2024" in seen(app)
        assert "●" in next(line for line in seen(app).splitlines() if "Spring tides" in line)
        await pilot.press(*"lease")
        await settled(pilot)
        assert "Spring tides" not in seen(app)
        await pilot.press("enter")
    assert app.given == [ids[1]]


async def test_nothing_found_is_said_and_esc_clears_then_leaves(
    fontes: Assistant, ids: tuple[str, str], host, seen, settled
) -> None:
    app = host(ConversationsScreen(fontes.conversations))
    async with app.run_test(size=(50, 20)) as pilot:
        await settled(pilot)
        await pilot.press(*"zzz")
        await settled(pilot)
        assert "nothing found; Esc clears the search" in seen(app)
        await pilot.press("enter", "ctrl+d", "ctrl+r", "escape")
        await settled(pilot)
        assert "Spring tides" in seen(app)
        await pilot.press("escape")
    assert app.given == [None]


async def test_a_new_title_is_kept_and_esc_keeps_the_old_one(
    fontes: Assistant, ids: tuple[str, str], host, seen, settled
) -> None:
    app = host(ConversationsScreen(fontes.conversations))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press(*"spring")
        await settled(pilot)
        await pilot.press("ctrl+r", "ctrl+u", *"Neap", "escape")
        assert (await fontes.conversations.list("Spring"))[0].title == "Spring tides"
        await pilot.press("ctrl+r", "space", "e", "t", "c", "enter")
        await settled(pilot)
        assert "Spring tides etc" in seen(app)
    assert [each.title for each in await fontes.conversations.list("etc")] == ["Spring tides etc"]


async def test_one_is_erased_only_when_y_is_pressed(
    fontes: Assistant, ids: tuple[str, str], host, seen, settled
) -> None:
    screen = ConversationsScreen(fontes.conversations)
    app = host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press(*"lease")
        await settled(pilot)
        for refusal in ("n", "escape", "enter"):
            await pilot.press("ctrl+d")
            await pilot.pause()
            assert isinstance(app.screen, ConfirmScreen)
            assert "Erase “Lease terms [red]of[/red] 2024” for good?" in seen(app)
            await pilot.press(refusal)
            await settled(pilot)
            assert len(await fontes.conversations.list()) == 2
        await pilot.press("ctrl+d")
        await pilot.pause()
        await pilot.press("y")
        await settled(pilot)
        await settled(pilot)
        assert [each.id for each in await fontes.conversations.list()] == [ids[0]]
        assert screen.erased == {ids[1]}


async def test_a_new_one_is_begun(fontes: Assistant, host, seen, settled) -> None:
    app = host(ConversationsScreen(fontes.conversations))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "no conversation is kept yet" in seen(app)
        await pilot.press("ctrl+n")
        await settled(pilot)
    assert app.given == [(await fontes.conversations.list())[0].id]


async def test_one_that_another_process_erased_meanwhile_is_told(
    fontes: Assistant, ids: tuple[str, str], host, seen, settled
) -> None:
    app = host(ConversationsScreen(fontes.conversations))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press(*"lease")
        await settled(pilot)
        await fontes.conversations.delete(ids[1])
        await pilot.press("ctrl+r", *"x", "enter")
        await settled(pilot)
        assert "⚠ not renamed" in seen(app)
