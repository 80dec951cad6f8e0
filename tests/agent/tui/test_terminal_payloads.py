"""Nothing that was retrieved reaches the terminal but as characters in cells, and nothing of it becomes markup."""

import re
import unicodedata
from collections.abc import Callable

import pytest
from fontes.agent.answer import Answer, Ledger
from fontes.agent.assistant import Assistant
from fontes.agent.conversations import Conversation
from fontes.agent.reading import Report
from fontes.agent.state import Checked, Citation, Claim, Contradiction, Searched, Sentence, Side, Verdict
from fontes.agent.tui.adding import Adding, report_content
from fontes.agent.tui.confirm_screen import ConfirmScreen
from fontes.agent.tui.conversations_screen import ConversationsScreen
from fontes.agent.tui.copying import copy_text
from fontes.agent.tui.ledger_screen import LedgerScreen
from fontes.agent.tui.scope import Scope
from fontes.agent.tui.snapshot_screen import SnapshotScreen
from fontes.agent.tui.sources_screen import SourcesScreen
from fontes.crawler import Block, Page, Sighting, Skipped
from fontes.retrievers import Source
from textual.app import App
from textual.screen import Screen

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_SIZE = (120, 60)


def assert_only_characters(app: App[object], written: Callable[[App[object]], str]) -> str:
    """Every control sequence on the screen is a colour, and every other character is drawn in a cell of its own."""
    text = _COLOURS.sub("", written(app))
    for character in text:
        category = unicodedata.category(character)
        assert category not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") or character == "\n", ascii(character)
    return text


def assert_no_action(app: App[object]) -> None:
    """No cell of the screen carries a link or does something when it is clicked."""
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            assert segment.style is None or segment.style.link is None
            assert segment.style is None or "@click" not in segment.style.meta


def hostile_page(payload: str) -> Page:
    """A page that says it everywhere, as no extractor of ours would store it."""
    text = f"{payload}\nBefore {payload} QUOTE {payload} after.\n{payload}"
    sighting = Sighting(
        source=f"https://a.example/{payload}", title=payload, fetched=f"2026-01-01{payload}", published=payload,
        author=payload, site=payload,
    )  # fmt: skip
    block = Block(start=len(payload) + 1, end=text.rindex("\n"), heading_path=(payload, payload))
    return Page(text=text, hash=f"hash{payload}", title=payload, blocks=(block,), sightings=(sighting,))


def hostile_citation(page: Page, payload: str) -> Citation:
    start = page.text.index(" QUOTE ") + 1
    end = min(start + 6 + len(payload), len(page.text))
    return Citation(
        page_hash=page.hash, start=start, end=end, quote=page.text[start:end], source=page.sightings[0].source,
        title=payload, fetched=payload, published=payload,
    )  # fmt: skip


def hostile_checked(page: Page, payload: str, *, asserted: bool) -> Checked:
    side = Side(
        quote=payload, source=payload, title=payload, published=payload, page_hash=page.hash, start=0, end=1,
        value=payload, as_of=payload,
    )  # fmt: skip
    claim = Claim(
        text=payload,
        verdict=Verdict(label="supported", score=0.9, verifier=payload, reason=payload, span=payload),
        citations=(hostile_citation(page, payload),),
        independent_sources=1,
        merged=(payload,), as_of=payload, stale=payload, moved=payload,
        contradictions=(
            Contradiction(kind="number", older=side, newer=side, is_change=False, explanation=payload),
            Contradiction(kind="date", older=side, newer=side, is_change=True, explanation=payload),
        ),
    )  # fmt: skip
    other = Claim(text=payload, verdict=Verdict(label="partial", score=0.1, verifier=payload))
    return Checked(
        sentence=Sentence(text=payload, quotes=()), claims=(claim, other), asserted=asserted, withheld=payload
    )


def hostile_answer(page: Page, payload: str) -> Answer:
    ledger = Ledger(
        searched=(Searched(provider=payload, query=payload, hits=1, error=payload),),
        read=(payload, f"https://a.example/{payload}"),
        skipped=(Skipped(source=payload, reason="robots", detail=payload),),
        unused=(payload,),
    )
    checked = hostile_checked(page, payload, asserted=True)
    return Answer(status="answered", question=payload, run="r", sentences=(checked,), ledger=ledger)


@pytest.fixture
def page(payload: str, pages: dict[str, Page]) -> Page:
    """The hostile page, in the store."""
    found = hostile_page(payload)
    pages[found.hash] = found
    return found


@pytest.mark.parametrize("asserted", [True, False])
async def test_the_evidence_pane_shows_it_as_text(
    page: Page, payload: str, asserted: bool, pane_host, written, settled
) -> None:
    answer = hostile_answer(page, payload)
    app = pane_host(answer, hostile_checked(page, payload, asserted=asserted))
    async with app.run_test(size=_SIZE) as pilot:
        await settled(pilot)
        for _ in range(6):
            text = assert_only_characters(app, written)
            assert_no_action(app)
            await pilot.press("pagedown")
        await pilot.press("y", "o")
        await settled(pilot)
        assert_only_characters(app, written)
        assert app.is_running
        assert text


async def test_the_stored_page_shows_it_as_text(page: Page, payload: str, host, load, written, settled) -> None:
    app = host(SnapshotScreen(load, hostile_citation(page, payload)))
    async with app.run_test(size=_SIZE) as pilot:
        await settled(pilot)
        assert_only_characters(app, written)
        assert_no_action(app)
        await pilot.press("y", "o")
        await settled(pilot)
        assert_only_characters(app, written)


async def test_the_ledger_shows_it_as_text(page: Page, payload: str, host, written, settled) -> None:
    app = host(LedgerScreen(hostile_answer(page, payload)))
    async with app.run_test(size=_SIZE) as pilot:
        for _ in range(4):
            await pilot.pause()
            assert_only_characters(app, written)
            assert_no_action(app)
            await pilot.press("down")
        await pilot.press("ctrl+y", "enter")
        await settled(pilot)
        assert_only_characters(app, written)


async def test_the_sources_show_it_as_text(page: Page, payload: str, host, written, settled) -> None:
    async def load() -> tuple[Source, ...]:
        return (Source(sighting=page.sightings[0], page_hash=page.hash, length=9, passages=1, vectors=0),)

    app = host(SourcesScreen(Scope(docs=(payload,)), load))
    async with app.run_test(size=_SIZE) as pilot:
        await settled(pilot)
        assert_only_characters(app, written)
        await pilot.press("down")
        await pilot.pause()
        assert_only_characters(app, written)
        assert_no_action(app)


class Told:
    """Conversations whose titles are the payload."""

    def __init__(self, payload: str) -> None:
        self._one = Conversation(id=payload, title=payload, created=payload, updated=payload, turns=2)

    async def list(self, search: str = "", *, limit: int = 200) -> tuple[Conversation, ...]:
        return (self._one,)

    async def rename(self, id: str, title: str) -> None:
        self.renamed = title

    async def delete(self, id: str) -> None:
        self.deleted = id


async def test_the_conversations_show_it_as_text(payload: str, host, written, settled) -> None:
    told = Told(payload)
    app = host(ConversationsScreen(told, current=payload))  # type: ignore[arg-type]
    async with app.run_test(size=_SIZE) as pilot:
        await settled(pilot)
        assert_only_characters(app, written)
        await pilot.press("ctrl+r")
        await pilot.pause()
        assert_only_characters(app, written)
        await pilot.press("escape", "ctrl+d")
        await pilot.pause()
        assert isinstance(app.screen, ConfirmScreen)
        assert_only_characters(app, written)
        await pilot.press("y")
        await settled(pilot)
        assert told.deleted == payload
        assert_only_characters(app, written)
        assert_no_action(app)


async def test_adding_shows_it_as_text_and_copying_copies_it_so(payload: str, host, written, settled) -> None:
    async def add(sources: object, *, embed: bool, progress: object) -> Report:
        return Report(added=(payload,), skipped=(Skipped(source=payload, reason="unreadable", detail=payload),))

    class AddingScreen(Screen[None]):
        def compose(self):  # type: ignore[no-untyped-def]
            yield Adding([payload], add=add)

    app = host(AddingScreen())
    async with app.run_test(size=_SIZE) as pilot:
        await settled(pilot)
        text = assert_only_characters(app, written)
        assert report_content(Report(added=("x",))).plain in text
        copy_text(app, payload, "it")
        await pilot.pause()
        assert not [c for c in app.clipboard if unicodedata.category(c) in ("Cc", "Cf") and c != "\n"]
        assert_only_characters(app, written)


async def test_markup_in_a_title_stands_there_letter_by_letter(host, seen, settled, fontes: Assistant) -> None:
    title = "[red]R[/red] [@click=app.quit]Q[/] [link=file:///x]L[/link] [/] [["
    await fontes.conversations.start(title)
    app = host(ConversationsScreen(fontes.conversations))
    async with app.run_test(size=_SIZE) as pilot:
        await settled(pilot)
        assert seen(app).count(title) == 2
