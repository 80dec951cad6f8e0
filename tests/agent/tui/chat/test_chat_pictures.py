"""The chat looks as it did when somebody last looked at it, at three sizes and without colours."""

import pytest
from fontes.agent.answer import Answer, Ledger, Usage
from fontes.agent.events import Event
from fontes.agent.state import Checked, Citation, Claim, Contradiction, Quote, Sentence, Side, Verdict
from fontes.agent.tui.app import FontesChat
from fontes.agent.tui.first_run import AtHand
from fontes.agent.tui.service import Service
from fontes.agent.tui.stages import Stages
from fontes.agent.tui.turn import ShownTurn

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 36), (40, 16)], ids=["80x24", "120x36", "40x16"])
QUESTION = "How tall is the Orvay lighthouse, and who built it?"
TALL = "The tower of the Orvay lighthouse is 41 metres tall and stands on a reef that is covered at high water."
BUILT = "It was built in 1854 by James Calder."
PAINTED = "It was painted red in 1860."


class Still(FontesChat):
    """A chat whose Assistant is never opened: what it shows is given to it."""

    def _open(self) -> None:
        self.welcome.show(AtHand(web=True, providers=("ddgs",)))


def cited(
    text: str, *sources: str, label: str = "supported", contradictions: tuple[Contradiction, ...] = ()
) -> Checked:
    """A sentence with its verdict."""
    citations = tuple(
        Citation(page_hash="h", start=0, end=len(text), quote=text, source=each, title=f"Lights at {each[8:]}",
                 published="2024-05-01")
        for each in sources
    )  # fmt: skip
    claim = Claim(
        text=text, verdict=Verdict(label=label, score=0.97, verifier="lexical/2"), citations=citations,
        independent_sources=len(sources), contradictions=contradictions,
    )  # fmt: skip
    return Checked(
        sentence=Sentence(text=text, quotes=(Quote(passage=1, page_hash="h", start=0, end=1, text=text[:1]),)),
        claims=(claim,), asserted=label == "supported", withheld="" if label == "supported" else "no source says so",
    )  # fmt: skip


def _side(value: str, source: str) -> Side:
    return Side(
        quote=f"It is {value} tall.", source=source, title="", published="2024-05-01", page_hash="h", start=0, end=1,
        value=value, as_of="2024-05-01",
    )  # fmt: skip


DISPUTE = Contradiction(
    kind="number", older=_side("38 metres", "https://b.example"), newer=_side("41 metres", "https://a.example"),
    is_change=False, explanation="",
)  # fmt: skip
PARTS = (
    cited(TALL, "https://a.example", contradictions=(DISPUTE,)),
    cited(BUILT, "https://a.example", "https://b.example"),
    cited(PAINTED, "https://c.example", label="contradicted"),
)


def ended() -> ShownTurn:
    """A turn with its answer."""
    answer = Answer(
        status="answered", question=QUESTION, run="r1", sentences=PARTS, usage=Usage(seconds=2.4, pages=9),
        ledger=Ledger(read=("https://a.example", "https://b.example")), notes=("searched with ddgs",),
    )  # fmt: skip
    return ShownTurn(question=QUESTION, run="r1", state="ended", answer=answer)


def streaming() -> ShownTurn:
    """A turn in the middle of its answer: one sentence verified, one refused, one being checked."""
    turn = ShownTurn(
        question="And when was it painted?", state="running", stages=Stages(seconds=120, clock=lambda: 7.0)
    )
    for kind, step, value in (
        ("step_finished", "understand", 0.1), ("step_finished", "route", 0.1),
        ("step_started", "search", None), ("progress", "search", "ddgs: 24 hits"), ("step_finished", "search", 1.0),
        ("step_started", "crawl", None), ("progress", "crawl", "24 of 24 pages: 9 read, 5 skipped"),
        ("step_finished", "crawl", 1.0), ("step_started", "draft", None),
        ("sentence", "draft", PARTS[1].sentence), ("sentence", "draft", PARTS[2].sentence),
        ("sentence", "draft", PARTS[0].sentence), ("verdict", "verify", PARTS[1]), ("verdict", "verify", PARTS[2]),
    ):  # fmt: skip
        turn.take(Event(kind=kind, step=step, at=0, value=value))
    return turn


def chat(theme: str = "fontes") -> Still:
    """A chat that stands still."""
    return Still(Service(), theme=theme)


async def _shows(pilot, *turns: ShownTurn) -> None:
    app = pilot.app
    app.write_area.input.cursor_blink = False
    app.show_talk(True)
    await app.talk.show(list(turns))
    app.talk.beat()
    await pilot.pause()


@SIZES
def test_welcome(snap_compare, size: tuple[int, int]) -> None:
    async def still(pilot) -> None:
        pilot.app.write_area.input.cursor_blink = False
        await pilot.pause()

    assert snap_compare(chat(), terminal_size=size, run_before=still)


@SIZES
def test_answer(snap_compare, size: tuple[int, int]) -> None:
    async def chosen(pilot) -> None:
        await _shows(pilot, ended())
        await pilot.press("tab")

    assert snap_compare(chat(), terminal_size=size, run_before=chosen)


@SIZES
def test_streaming(snap_compare, size: tuple[int, int]) -> None:
    async def running(pilot) -> None:
        await _shows(pilot, ended(), streaming())

    assert snap_compare(chat(), terminal_size=size, run_before=running)


@pytest.mark.parametrize("theme", ["fontes-light", "fontes-contrast", "terminal"])
def test_answer_in_other_themes(snap_compare, theme: str) -> None:
    async def chosen(pilot) -> None:
        await _shows(pilot, ended(), streaming())
        await pilot.press("tab")

    assert snap_compare(chat(theme), terminal_size=(80, 24), run_before=chosen)


@SIZES
def test_commands(snap_compare, size: tuple[int, int]) -> None:
    async def typed(pilot) -> None:
        pilot.app.write_area.input.cursor_blink = False
        await pilot.press("slash", "e")
        await pilot.pause()

    assert snap_compare(chat(), terminal_size=size, run_before=typed)
