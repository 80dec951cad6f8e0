"""What questions may use is switched, sources are singled out, and new ones are added."""

from pathlib import Path

from fontes.agent.assistant import Assistant
from fontes.agent.tui.scope import Scope
from fontes.agent.tui.sources_screen import SourcesScreen
from fontes.retrievers import RetrievalError


async def test_switches_go_round_and_are_kept_on_leaving(fontes: Assistant, host, seen, settled) -> None:
    app = host(SourcesScreen(Scope(), fontes.sources))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "Web  ● on  if the question needs it" in seen(app)
        assert "the index is empty: Ctrl+N adds" in seen(app)
        await pilot.press("ctrl+t")
        assert "Web  ● on  always" in seen(app)
        await pilot.press("ctrl+t", "ctrl+o")
        assert "Web  ○ off never" in seen(app)
        assert "Own  ○ off left out" in seen(app)
        assert "no question can be answered" in seen(app)
        await pilot.press("escape")
    assert app.given == [Scope(web=False, uses_index=False)]


async def test_a_web_that_the_settings_switch_off_is_shown_as_off(fontes: Assistant, host, seen, settled) -> None:
    app = host(SourcesScreen(Scope(), fontes.sources, web_is_on=False))
    async with app.run_test(size=(100, 24)) as pilot:
        await settled(pilot)
        assert "Web  ○ off by the settings (FONTES_WEB=0)" in seen(app)
        await pilot.press("ctrl+t")
        assert "Web  ● on  always" in seen(app)


async def test_leaving_without_a_change_gives_nothing(fontes: Assistant, host, settled) -> None:
    app = host(SourcesScreen(Scope(web=True), fontes.sources))
    async with app.run_test(size=(50, 20)) as pilot:
        await settled(pilot)
        await pilot.press("escape")
    assert app.given == [None]


async def test_sources_are_filtered_singled_out_and_taken_back(
    fontes: Assistant, docs: Path, host, seen, settled
) -> None:
    await fontes.add(docs)
    orvay, stennick = str(docs / "orvay.txt"), str(docs / "stennick.txt")
    app = host(SourcesScreen(Scope(docs=("/elsewhere/x.md",)), fontes.sources))
    async with app.run_test(size=(140, 24)) as pilot:
        await settled(pilot)
        assert "/elsewhere/x.md  not in the index" in seen(app)
        assert "only the 1 source marked below" in seen(app)
        await pilot.press("enter", *"stennick")
        assert "orvay.txt" not in seen(app)
        await pilot.press("enter", "escape")
        assert "1 passage, 0 embedded" in seen(app)
        await pilot.press(*"orvay", "enter", "enter", "escape", "escape")
    assert app.given == [Scope(docs=(stennick,))]
    assert orvay not in app.given[0].docs


async def test_a_folder_is_added_from_here_and_listed(fontes: Assistant, docs: Path, host, seen, settled) -> None:
    app = host(SourcesScreen(Scope(), fontes.sources, add=fontes.add, embed=fontes.index.embed))
    async with app.run_test(size=(140, 30)) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+n", *f"'{docs}'", "enter")
        await settled(pilot)
        await settled(pilot)
        assert "✓ 2 added: searchable now" in seen(app)
        assert "Own  ● on  2 sources" in seen(app)
        assert "stennick.txt" in seen(app)
        await pilot.press("ctrl+n", "x", "escape", "escape")
    assert app.given == [None]


async def test_an_index_that_cannot_be_read_is_told(host, seen, settled) -> None:
    async def broken() -> tuple[()]:
        raise RetrievalError("fontes.db", "it is damaged")

    app = host(SourcesScreen(Scope(), broken))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "⚠ the index cannot be read: fontes.db: it is damaged" in seen(app)
        await pilot.press("ctrl+n")
        assert not app.screen.query_one("#new").has_class("-shown")


async def test_tags_stand_above_the_sources_with_their_counts_and_are_switched(
    fontes: Assistant, docs: Path, host, seen, settled
) -> None:
    await fontes.add(docs, tags=["lights"])
    await fontes.add(docs / "orvay.txt", tags=["east"])
    app = host(SourcesScreen(Scope(), fontes.sources))
    async with app.run_test(size=(140, 24)) as pilot:
        await settled(pilot)
        rows = [" ".join(line.split()) for line in seen(app).splitlines()]
        at = [next(n for n, row in enumerate(rows) if text in row) for text in ("#east 1 source", "#lights 2 sources")]
        assert at[1] == at[0] + 1 < next(n for n, row in enumerate(rows) if "orvay.txt #east #lights" in row)
        await pilot.press("enter", "down", "enter")
        assert "● #east" in seen(app)
        assert "● #lights" in seen(app)
        assert "Own  ● on  only the 2 tags marked below" in seen(app)
        assert "Web  ○ off not beside the sources marked" in seen(app)
        await pilot.press("enter", *"#east", "ctrl+t")
        assert "stennick.txt" not in seen(app)
        assert "Web  ● on  always" in seen(app)
        await pilot.press("escape", "escape")
    assert app.given == [Scope(tags=("east",), web=True)]


async def test_a_tag_that_is_carried_no_longer_is_still_listed_while_it_is_switched_on(
    fontes: Assistant, host, seen, settled
) -> None:
    app = host(SourcesScreen(Scope(tags=("old",)), fontes.sources))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "● #old  0 sources" in seen(app)
        await pilot.press("enter", "escape")
    assert app.given == [Scope()]


async def test_what_is_added_from_here_gets_the_tags_behind_it(
    fontes: Assistant, docs: Path, host, seen, settled
) -> None:
    app = host(SourcesScreen(Scope(), fontes.sources, add=fontes.add))
    async with app.run_test(size=(140, 30)) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+n", *f"'{docs}' #Lights #east", "enter")
        await settled(pilot)
        await settled(pilot)
        assert "✓ 2 added: searchable now" in seen(app)
        assert "#east  2 sources" in seen(app)
    assert [each.tags for each in await fontes.sources()] == [("east", "lights")] * 2
