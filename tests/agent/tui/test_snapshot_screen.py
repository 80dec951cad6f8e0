"""The stored page opens at the quote, however long it is."""

from dataclasses import replace

import pytest
from fontes.agent.state import Checked, Citation
from fontes.agent.tui.snapshot_screen import SnapshotScreen
from fontes.crawler import Page


@pytest.fixture
def far(long_page: Page) -> Citation:
    """A quote in the middle of a long page."""
    quote = "Paragraph 500:"
    start = long_page.text.index(quote)
    return Citation(
        page_hash=long_page.hash,
        start=start,
        end=start + len(quote),
        quote=quote,
        source="https://a.example/",
        title="T",
    )


async def test_the_page_is_scrolled_to_the_quote(
    far: Citation, long_page: Page, host, load, pages, seen, settled
) -> None:
    pages[long_page.hash] = long_page
    app = host(SnapshotScreen(load, far))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.pause()
        assert "Paragraph 500: the light is seen" in seen(app)
        assert "Paragraph 499:" in seen(app)
        await pilot.press("home")
        assert "Paragraph 500:" not in seen(app)
        assert "characters before, key [" in seen(app)
        await pilot.press("g")
        await pilot.pause()
        assert "Paragraph 500:" in seen(app)


@pytest.mark.slow
async def test_keys_go_through_the_whole_of_a_long_page(
    far: Citation, long_page: Page, host, load, pages, seen, settled
) -> None:
    pages[long_page.hash] = long_page
    screen = SnapshotScreen(load, far)
    app = host(screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for _ in range(5):
            await pilot.press("left_square_bracket")
        assert "Paragraph 0:" in seen(app)
        assert "before, key [" not in seen(app)
        await pilot.press("g")
        for _ in range(5):
            await pilot.press("right_square_bracket")
        await pilot.press("end")
        assert "Paragraph 999:" in seen(app)


async def test_the_parts_of_a_long_page_join_without_a_gap(far: Citation, long_page: Page, load) -> None:
    screen = SnapshotScreen(load, far)
    screen._page = long_page
    before = [screen._bounds(part) for part in range(-30, 0)]
    after = [screen._bounds(part) for part in range(1, 30)]
    assert "".join(long_page.text[low:high] for low, high in before) == long_page.text[: far.start - 6_000]
    assert "".join(long_page.text[low:high] for low, high in after) == long_page.text[far.end + 6_000 :]


async def test_what_the_store_does_not_hold_is_said(built: Checked, host, load, pages, seen, settled) -> None:
    citation = built.claims[0].citations[0]
    app = host(SnapshotScreen(load, replace(citation, start=0)))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "the stored text does not hold the quote at its place" in seen(app)
        assert "The light was automated in 1988." in seen(app)
    pages.clear()
    app = host(SnapshotScreen(load, citation))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "the stored page was erased" in seen(app)
        assert citation.quote in seen(app)


async def test_keys_copy_the_quote_and_leave(built: Checked, host, load, settled) -> None:
    app = host(SnapshotScreen(load, built.claims[0].citations[0]))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("y")
        assert app.clipboard == built.claims[0].citations[0].quote
        await pilot.press("escape")
        assert len(app.screen_stack) == 1
