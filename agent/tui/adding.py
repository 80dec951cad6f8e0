"""Files, folders and addresses on their way into the index: how far it is, and what became of them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar, Protocol

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import Worker

from ...crawler import Skipped
from ...retrievers import RetrievalError
from ..cli.screen import counted, shown
from ..errors import AgentError
from ..reading import Progress, Reading, Report
from .ledger_rows import WHY
from .plain_text import one_line

_MOST_SKIPPED = 4
_CELLS = 16


class Adds(Protocol):
    """What takes sources into the index; `Assistant.add` is one."""

    def __call__(self, sources: Sequence[str], *, embed: bool, progress: Progress | None) -> Awaitable[Report]: ...


class AddsTagged(Protocol):
    """The same, and gives what is added the `tags`."""

    def __call__(
        self, sources: Sequence[str], *, embed: bool, progress: Progress | None, tags: Sequence[str] = ()
    ) -> Awaitable[Report]: ...


Embeds = Callable[[Callable[[int, int], None]], Awaitable[int | None]]
"""Embeds what has no vector yet, telling (done, total); `Index.embed` is one."""


class Adding(Widget, can_focus=True):
    """Begins when it is mounted. Esc or x on it stops: what was stored stays, and adding again goes on from there."""

    DEFAULT_CSS = """
    Adding { height: auto; padding: 0 1; }
    Adding:focus { background: $boost; }
    Adding > Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,x", "stop", "Stop adding")]

    class Done(Message):
        """It came to its end; `report` is None when it was stopped or failed."""

        def __init__(self, report: Report | None) -> None:
            super().__init__()
            self.report = report

    def __init__(self, sources: Sequence[str], *, add: Adds, embed: Embeds | None = None) -> None:
        super().__init__()
        self._sources = tuple(sources)
        self._add, self._embed = add, embed
        self._work: Worker[None] | None = None

    def compose(self) -> ComposeResult:
        yield Static(Content(f"… adding {self._named()}"), markup=False)

    def on_mount(self) -> None:
        self._work = self._run()

    def _named(self) -> str:
        first = one_line(shown(self._sources[0]))
        more = len(self._sources) - 1
        return f"{first} and {more:,} more" if more else first

    def _say(self, content: Content) -> None:
        self.query_one(Static).update(content)

    @work(exclusive=True)
    async def _run(self) -> None:
        try:
            report = await self._add(self._sources, embed=False, progress=self._reading)
        except (RetrievalError, AgentError) as error:
            self._say(Content.styled(f"✗ nothing more was added: {one_line(str(error))}", "$text-error"))
            self.post_message(self.Done(None))
            return
        except asyncio.CancelledError:
            self._stopped()
            raise
        self._say(report_content(report))
        if self._embed and report.read:
            await self._embedded(report, self._embed)
        self.post_message(self.Done(report))

    async def _embedded(self, report: Report, embed: Embeds) -> None:
        found = report_content(report)

        def tell(done: int, total: int) -> None:
            self._say(Content("\n").join((found, _bar("embedding", done, total))))

        try:
            made = await embed(tell)
        except RetrievalError as error:
            said = Content.styled(f"⚠ not embedded: {one_line(str(error))}", "$text-warning")
            self._say(Content("\n").join((found, said)))
            return
        except asyncio.CancelledError:
            said = Content.styled("embedding stopped: the rest is done with the next /add", "$quiet")
            self._say(Content("\n").join((found, said)))
            self.post_message(self.Done(report))
            raise
        done = f"{counted(made, 'passage')} embedded: questions are matched by meaning too" if made else ""
        self._say(Content("\n").join(filter(None, (found, Content.styled(done, "$quiet")))))

    def _reading(self, reading: Reading) -> None:
        self._say(_bar(f"reading {self._named()}", reading.done, reading.total))

    def _stopped(self) -> None:
        if self.is_attached:
            self._say(Content("stopped: what was stored stays; the same /add goes on from there"))
            self.post_message(self.Done(None))

    @property
    def is_running(self) -> bool:
        """Whether it is still at work."""
        return self._work is not None and self._work.is_running

    def action_stop(self) -> None:
        if self._work is not None and self._work.is_running:
            self._work.cancel()


def _bar(what: str, done: int, total: int) -> Content:
    filled = _CELLS * done // total if total else 0
    return Content.assemble(
        "… ",
        what,
        "  ",
        ("━" * filled, "$accent"),
        ("─" * (_CELLS - filled), "$quiet"),
        f"  {done:,} of {total:,}",
    )


def report_content(report: Report) -> Content:
    """What became of the sources: counts, then what was not read and why."""
    counts = ((len(report.added), "added"), (len(report.changed), "changed"), (len(report.unchanged), "unchanged"))
    done = ", ".join(f"{count:,} {name}" for count, name in counts if count)
    if done:
        head = Content.assemble(("✓ ", "bold $text-success"), f"{done}: searchable now")
    else:
        head = Content.styled("✗ no readable file or page there: HTML, PDF, Markdown and text are read", "$text-error")
    lines = [head, *(_skipped(each) for each in report.skipped[:_MOST_SKIPPED])]
    if more := len(report.skipped) - _MOST_SKIPPED:
        lines += [Content.styled(f"  and {more:,} more not read", "$quiet")] if more > 0 else []
    if report.left:
        lines.append(Content.styled(f"  {counted(report.left, 'page')} more listed than are taken at once", "$quiet"))
    if report.gone:
        lines.append(Content.styled(f"  {counted(len(report.gone), 'source')} of the index no longer there", "$quiet"))
    return Content("\n").join(lines)


def _skipped(each: Skipped) -> Content:
    detail = one_line(each.detail)
    return Content.assemble(
        ("  ✗ ", "$text-warning"), one_line(shown(each.source)), (f": {detail or WHY[each.reason]}", "$quiet")
    )
