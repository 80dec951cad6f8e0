"""The river while it runs: where it is, what it found, how long it took and may still take, and what it waits for."""

from textual.content import Content
from textual.widgets import Static

from .plain_text import one_line
from .stages import QUIET_S, RIVER, Stages

_SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_WIDE = 72
_A_STEP = {"search": "found", "crawl": "read", "retrieve": "evidence"}


class ProgressView(Static):
    """Two lines, drawn anew while the run goes on; a third when nothing was heard for a while."""

    DEFAULT_CSS = """
    ProgressView { height: auto; padding: 0 1 0 4; color: $quiet; }
    """

    def __init__(self, stages: Stages) -> None:
        super().__init__(markup=False)
        self._stages = stages
        self._beats = 0

    def on_resize(self) -> None:
        self._draw()

    def beat(self, stages: Stages) -> None:
        """Draw how it stands now; to be called several times a second."""
        self._stages = stages
        self._beats += 1
        self._draw()

    def _draw(self) -> None:
        self.update(progress_text(self._stages, width=self.size.width, beat=self._beats))


def progress_text(stages: Stages, *, width: int, beat: int = 0) -> Content:
    """The lines of a run that goes on, for so many cells."""
    spinner = _SPINNER[beat % len(_SPINNER)]
    lines = [_river(stages, spinner) if width >= _WIDE else _present(stages, spinner)]
    lines.append(Content.styled(" · ".join(_figures(stages)), "$quiet"))
    if stages.quiet_s() >= QUIET_S:
        waits = f"waiting {stages.quiet_s():.0f} s for {stages.waits_for()}"
        lines.append(Content.styled(waits, "$text-warning"))
    return Content("\n").join(lines)


def _river(stages: Stages, spinner: str) -> Content:
    """Every step: those behind with what they gave, the present one, and those to come."""
    parts: list[Content] = []
    present = RIVER.index(stages.step) if stages.step in RIVER else -1
    for number, step in enumerate(RIVER):
        if number == present:
            parts.append(Content.styled(f"{spinner} {step}", "bold $text-accent"))
        elif step in stages.passed:
            parts.append(Content.styled(f"{step} {_gave(stages, step)}".rstrip(), "$foreground"))
        elif number > present:
            parts.append(Content.styled(step, "$quiet"))
    if present < 0:
        parts.insert(0, Content.styled(f"{spinner} {stages.step or 'starting'}", "bold $text-accent"))
    return Content(" ").join(parts)


def _present(stages: Stages, spinner: str) -> Content:
    at = f" {RIVER.index(stages.step) + 1}/{len(RIVER)}" if stages.step in RIVER else ""
    return Content.assemble((f"{spinner} {stages.step or 'starting'}", "bold $text-accent"), (at, "$quiet"))


def _gave(stages: Stages, step: str) -> str:
    count = getattr(stages.counts, _A_STEP[step]) if step in _A_STEP else 0
    return f"{count:,}" if count else "✓"


def _figures(stages: Stages) -> list[str]:
    said: list[str] = []
    if counts := stages.counts.words():
        said.append(counts)
    if stages.counts.done < stages.counts.total:
        said.append(f"{stages.counts.done:,} of {stages.counts.total:,} done")
    if stages.round:
        said.append(f"repair {stages.round}")
    said.append(f"{stages.elapsed_s():.0f} s")
    eta, left = stages.eta_s(), stages.left_s()
    if eta is not None:
        said.append(f"about {max(1.0, eta):.0f} s more to read")
    if left is not None:
        said.append(f"at most {left:.0f} s left")
    said += [f"{one_line(provider)} failed" for provider in stages.failed]
    return said
