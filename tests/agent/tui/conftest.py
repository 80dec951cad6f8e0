"""An answer with two sources that agree, two that do not, a ledger, and a small app that shows one pane or screen."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date

import pytest
from fontes.agent.answer import Answer, Ledger, Usage
from fontes.agent.state import Checked, Citation, Claim, Contradiction, Searched, Sentence, Side, Verdict
from fontes.agent.tui.evidence_pane import EvidencePane
from fontes.agent.tui.themes import DEFAULTS, THEMES
from fontes.crawler import Block, Page, Sighting, Skipped, text_hash
from rich.console import Console
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Footer, Input, Static

TODAY = date(2026, 3, 15)

_LIGHTS = """History
The Orvay lighthouse was built in 1854 by James Calder, whose drawings survive in the county archive [3]. Its lamp \
burned whale oil until 1871, when the keepers changed to paraffin; the tower is 41 metres tall and stands on a reef \
that is covered at high water.
The light was automated in 1988.
References
1. Calder, J., On the founding of towers upon reefs, 1856.
2. Berg, A., The lights of the northern coast, 1921.
"""
_GUIDE = """Visiting Orvay
Built in 1854, the Orvay lighthouse is open to visitors from May to September. The tower is 38 metres tall.
"""
_NEWS = """Orvay light turns 170
The lighthouse at Orvay was built in 1854 by James Calder. This week it reopened after repairs.
"""


def _page(source: str, title: str, text: str, **about: str) -> Page:
    blocks: list[Block] = []
    start, heading = 0, ()
    for line in text.split("\n"):
        end = start + len(line)
        is_heading = len(line) < 25 and line != ""
        if is_heading:
            heading = (line,)
        if line:
            kind = "heading" if is_heading else "paragraph"
            blocks.append(Block(start=start, end=end, kind=kind, heading_path=() if is_heading else heading))
        start = end + 1
    sighting = Sighting(source=source, title=title, fetched="2026-03-14T18:02:11Z", **about)
    return Page(text=text, hash=text_hash(text), title=title, blocks=tuple(blocks), sightings=(sighting,))


LIGHTS = _page(
    "https://lights.example.org/north/orvay", "Orvay – Lights of the North", _LIGHTS,
    published="2019-06-02", author="A. Berg", site="Lights of the North",
)  # fmt: skip
GUIDE = _page("http://visit.example.com/orvay", "Visiting the Orvay lighthouse", _GUIDE)
NEWS = _page(
    "https://www.northherald.example/2024/05/orvay-170", "Orvay light turns 170", _NEWS, published="2024-05-01"
)


def cite(page: Page, quote: str) -> Citation:
    """A citation of a quote that the page holds."""
    start, seen = page.text.index(quote), page.sightings[0]
    return Citation(
        page_hash=page.hash, start=start, end=start + len(quote), quote=quote, source=seen.source, title=seen.title,
        fetched=seen.fetched, published=seen.published,
    )  # fmt: skip


def _side(page: Page, quote: str, value: str, as_of: str) -> Side:
    found = cite(page, quote)
    return Side(
        quote=quote, source=found.source, title=found.title, published=found.published, page_hash=page.hash,
        start=found.start, end=found.end, value=value, as_of=as_of,
    )  # fmt: skip


def _supported(score: float) -> Verdict:
    return Verdict(label="supported", score=score, verifier="lexical@3")


@pytest.fixture(autouse=True)
def colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same colours wherever the tests run."""
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture
def pages() -> dict[str, Page]:
    """The stored pages by hash."""
    return {page.hash: page for page in (LIGHTS, GUIDE, NEWS)}


@pytest.fixture
def load(pages: dict[str, Page]) -> Callable[[str], Awaitable[Page | None]]:
    """Reads one of the stored pages, as a store does; None when it is not there (any more)."""

    async def read(page_hash: str) -> Page | None:
        return pages.get(page_hash)

    return read


@pytest.fixture
def built() -> Checked:
    """A sentence that three citations of two independent sources carry."""
    quotes = (
        cite(LIGHTS, "The Orvay lighthouse was built in 1854 by James Calder"),
        cite(NEWS, "The lighthouse at Orvay was built in 1854 by James Calder."),
        cite(GUIDE, "Built in 1854, the Orvay lighthouse is open to visitors"),
    )
    claim = Claim(
        text="The Orvay lighthouse was built in 1854 by James Calder.",
        verdict=_supported(0.97),
        citations=quotes,
        independent_sources=2,
        merged=(f"{quotes[0].source} and {quotes[2].source}: the same words in both, 11 in a row",),
        as_of="2024-05-01",
    )
    return Checked(sentence=Sentence(text=claim.text, quotes=()), claims=(claim,), asserted=True)


@pytest.fixture
def tall() -> Checked:
    """A sentence of two claims; sources disagree on the first, and the second changed over time."""
    tower, light = "the tower is 41 metres tall", "The light was automated in 1988."
    disagree = Contradiction(
        kind="number",
        older=_side(LIGHTS, tower, "41 metres", "2019-06-02"),
        newer=_side(GUIDE, "The tower is 38 metres tall.", "38 metres", ""),
        is_change=False,
        explanation="two heights of one tower",
    )
    changed = Contradiction(
        kind="polarity",
        older=_side(LIGHTS, light, "", "1988-12-31"),
        newer=_side(NEWS, "This week it reopened after repairs.", "", "2024-05-01"),
        is_change=True,
        explanation="told of different years",
    )
    claims = (
        Claim(
            text="The tower is 41 metres tall.", verdict=_supported(0.88), citations=(cite(LIGHTS, tower),),
            independent_sources=1, as_of="2019-06-02", stale="the page is 6 years old and the claim is about now",
            contradictions=(disagree,),
        ),
        Claim(
            text="The light was automated in 1988.", verdict=_supported(0.91), citations=(cite(LIGHTS, light),),
            independent_sources=1, moved=f"cited for it instead: {LIGHTS.sightings[0].source}",
            contradictions=(changed,),
        ),
    )  # fmt: skip
    text = "The tower is 41 metres tall, and its light was automated in 1988."
    return Checked(sentence=Sentence(text=text, quotes=()), claims=claims, asserted=True)


@pytest.fixture
def doubted() -> Checked:
    """A sentence that is not asserted."""
    verdict = Verdict(label="unsupported", score=0.12, verifier="lexical@3", reason="no source names a keeper")
    claim = Claim(text="Mary Hale kept the light.", verdict=verdict, citations=(cite(NEWS, "This week it reopened"),))
    return Checked(
        sentence=Sentence(text=claim.text, quotes=()), claims=(claim,), asserted=False, withheld=verdict.reason
    )


@pytest.fixture
def answer(built: Checked, tall: Checked, doubted: Checked) -> Answer:
    """The whole answer, with a ledger in which every state and several reasons occur."""
    skipped = (
        Skipped(source="https://forum.example.com/t/8812", reason="robots", detail="Disallow: /t/"),
        Skipped(source="https://lights.example.org/old/orvay", reason="http_status", detail="status 404"),
        Skipped(source="https://papers.example.edu/orvay.pdf", reason="too_large", detail="61 MB, the limit is 30 MB"),
        Skipped(source="https://archive.example.net/calder", reason="login_wall"),
    )
    ledger = Ledger(
        searched=(
            Searched(provider="index", query="Orvay lighthouse built", hits=12, seconds=0.02),
            Searched(provider="ddgs", query="Orvay lighthouse built by whom", hits=10, seconds=0.8),
            Searched(provider="wikipedia", query="Orvay lighthouse", hits=0, seconds=2.0, error="it timed out"),
        ),
        read=tuple(page.sightings[0].source for page in (LIGHTS, NEWS, GUIDE)),
        skipped=skipped,
        unused=tuple(f"https://www.example.com/{n}/more-about-orvay" for n in range(1, 13)),
    )
    return Answer(
        status="answered", question="Who built the Orvay lighthouse, and how tall is it?", run="r1",
        sentences=(built, tall, doubted), ledger=ledger, usage=Usage(seconds=2.4, pages=3),
    )  # fmt: skip


class Host(App[object]):
    """Shows one screen or widget and nothing else; `given` is what the screen gave back."""

    def __init__(self, screen: Screen[object] | None = None, *, theme: str = "fontes") -> None:
        super().__init__()
        self._first, self._wanted = screen, theme
        self.given: list[object] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return DEFAULTS

    def on_mount(self) -> None:
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = self._wanted
        if self._first is not None:
            self.push_screen(self._first, self.given.append)


class PaneHost(Host):
    """The evidence pane alone, or beside something as wide as it in a wide terminal."""

    CSS = """
    #beside { width: 45%; display: none; border-right: solid $rule; padding: 1 2; }
    Screen.-broad #beside { display: block; }
    EvidencePane { width: 1fr; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (100, "-broad")]  # noqa: RUF012 - as the toolkit declares it

    def __init__(self, pane: EvidencePane, *, theme: str = "fontes") -> None:
        super().__init__(theme=theme)
        self.pane = pane

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static("the conversation", id="beside", markup=False)
            yield self.pane
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        super().on_mount()
        self.pane.focus()


PAYLOADS = (
    "\x1b[31mred\x1b[0m",  # colours
    "\x1b[2J\x1b[H",  # clear the screen
    "\x1b]0;title\x07",  # the window's title
    "\x1b]8;;http://evil.example\x1b\\\\click\x1b]8;;\x1b\\\\",  # a link that says another address
    "\x1b]52;c;ZXZpbA==\x07",  # into the clipboard
    "\x1b]1337;File=inline=1:AAAA\x07",  # a picture
    "\x1b[?1049l\x1b[?25l\x1bc",  # leave the alternate screen, hide the cursor, reset
    "\x1bP+q544e\x1b\\\\",  # DCS: ask for a capability
    "\x1b_Gi=1,a=q;AAAA\x1b\\\\",  # APC: kitty graphics
    "\x1b[6n\x1b[c\x1b]11;?\x07",  # questions that the terminal answers as if typed
    "\x1b[201~\nrm -rf ~\n\x1b[200~",  # the end of a bracketed paste
    "\x1b",
    "\x1b[",
    "\x9b31m\x9d0;t\x9c\x90q\x9c\x85\x84",  # C1
    "\x00\x07\x08\x0b\x0c\x0e\x0f\x7f",  # C0 and DEL
    "a\rb\x08\x08c",  # over what stands there
    "\u202eevil\u202c \u2066x\u2069 \u200e\u200f\u061c",  # bidi
    "ze\u200bro\u200c\u200d\u2060\ufeffwidth\u00ad",
    "\U000e0041\U000e0042\U000e007f",  # tags
    "a\ufe0f\U000e0100\u034f",  # selectors of glyphs
    "\u2028\u2029",
    "z" + "\u0301" * 40 + "\u0489" * 40,  # stacks of marks
    "\u0301first",
    "宽字符 한국어 ｆｕｌｌ 🏴\u200d☠\ufe0f 👩\u200d👩\u200d👧 🇩🇪",  # wide, joined, flags
    "\ue000\U000f0000\U00010ffd\U0001fbff\u0378",  # private, unassigned
    "\u3164\u115f\u2800blank",
    "[red]red[/red] [@click=app.quit]quit[/] [link=file:///etc/passwd]x[/link] [/] [[ ] [$error on red]",
    "[@click='app.bell']x[/] [b][i]unclosed \\\\[",
    "{__import__('os')} %s $accent $(id) `id` ; rm -rf ~",
    "word " * 200 + "x" * 3000,
)
"""What a page, a title or an address must never get past the toolkit; the comment says what a terminal would do."""


_QUICK = (" ".join(PAYLOADS[:-1]), "[/] [@click='app.bell']x[/] [[ [$error on red]")


@pytest.fixture(
    params=(*_QUICK, *(pytest.param(each, marks=pytest.mark.slow) for each in PAYLOADS)),
    ids=lambda payload: ascii(payload)[1:25],
)
def payload(request: pytest.FixtureRequest) -> str:
    """All of the payloads in one string, one that is nothing but markup; and each by itself, which takes a while."""
    return str(request.param)


@pytest.fixture
def host() -> type[Host]:
    """`host(screen)` is an app that shows it."""
    return Host


@pytest.fixture
def pane_host(
    load: Callable[[str], Awaitable[Page | None]],
) -> Callable[..., PaneHost]:
    """`pane_host(answer, checked)` is an app that shows the evidence of a sentence; its `pane` is the pane."""

    def make(answer: Answer | None, checked: Checked | None, *, theme: str = "fontes") -> PaneHost:
        pane = EvidencePane(load, today=lambda: TODAY)
        pane.show(answer, checked)
        return PaneHost(pane, theme=theme)

    return make


@pytest.fixture
def long_page() -> Page:
    """A page of 100,000 characters."""
    text = "".join(f"Paragraph {n}: {'the light is seen from afar. ' * 3}\n" for n in range(1_000))
    return replace(LIGHTS, text=text, hash=text_hash(text), blocks=())


def seen(app: App[object]) -> str:
    """What stands on the screen, line by line."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


def written(app: App[object]) -> str:
    """The screen as it is written to a terminal of all colours: text and control sequences."""
    console = Console(force_terminal=True, color_system="truecolor", width=400)
    return "\n".join(strip.render(console) for strip in app.screen._compositor.render_strips())


@pytest.fixture(name="seen")
def seen_() -> Callable[[App[object]], str]:
    """`seen(app)` is what stands on its screen."""
    return seen


@pytest.fixture(name="written")
def written_() -> Callable[[App[object]], str]:
    """`written(app)` is its screen as bytes for a terminal, decoded."""
    return written


async def settled(pilot: Pilot[object]) -> None:
    """Everything that was asked of the store and of the screen has been done, and the cursor stands still."""
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    for line in pilot.app.screen.query(Input):
        line.cursor_blink = False  # a slow machine would take a picture of it now with, now without
    await pilot.pause()


@pytest.fixture(name="settled")
def settled_() -> Callable[[Pilot[object]], Awaitable[None]]:
    """`await settled(pilot)` when nothing is under way any more."""
    return settled
