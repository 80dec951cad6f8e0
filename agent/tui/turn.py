"""One question on the screen, and what is known of its answer so far."""

from dataclasses import dataclass, field
from typing import Literal

from ..answer import Answer, shown_text
from ..events import Event
from ..state import Checked, Label, Sentence
from .scope import Scope
from .stages import Stages
from .verdict_signs import worst

TurnState = Literal["queued", "running", "elsewhere", "stopped", "ended", "failed"]
"""queued: not begun; elsewhere: another window, or `fontes ask`, is answering it; stopped: begun once, and neither
ended nor going on; failed: ended by an error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSentence:
    """A sentence as it is drawn: `label` is its verdict, None while it is being checked.

    `marks` are its [n], `beside` what is to be minded about it. `checked` is None while it is being checked, or when
    only the text of a kept answer is at hand.
    """

    text: str
    label: Label | None
    is_asserted: bool = False
    marks: str = ""
    beside: tuple[str, ...] = ()
    checked: Checked | None = None


@dataclass(slots=True, kw_only=True)
class ShownTurn:
    """A question, from when it is sent until it is only read.

    `run` is "" until the run has begun. `kept` is the text of a stored answer, shown until the answer itself is read.
    `error` is why it failed. `replaces` is the run whose turn this one takes, "" for none. `with_withheld` shows the
    sentences that are not asserted, too; `is_taken_back`: the person cancelled it before it began. `is_broken_off`: it
    failed on its way, for a reason that may pass, such as a full disk.
    """

    question: str
    run: str = ""
    state: TurnState = "queued"
    at: str = ""
    scope: Scope = field(default_factory=Scope)
    replaces: str = ""
    kept: str = ""
    error: str = ""
    answer: Answer | None = None
    stages: Stages = field(default_factory=Stages)
    notices: list[str] = field(default_factory=list)
    with_withheld: bool = False
    is_taken_back: bool = False
    is_broken_off: bool = False
    version: int = 0
    _drafted: list[Sentence] = field(default_factory=list)
    _checked: dict[Sentence, Checked] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether something is still to come."""
        return self.state in ("queued", "running")

    @property
    def may_go_on(self) -> bool:
        """Whether its run was stopped before its end, by a kill, a cancel or an error that may pass."""
        return (
            self.state == "stopped"
            or (self.state == "failed" and self.is_broken_off)
            or (self.state == "ended" and self.answer is not None and bool(self.answer.cut_short))
        )

    def change(self) -> None:
        """Note that it has to be drawn again."""
        self.version += 1

    def begin(self, run: str, stages: Stages) -> None:
        """The run has begun."""
        self.run, self.state, self.stages = run, "running", stages
        self.answer, self.kept, self.is_broken_off = None, "", False
        self._drafted.clear()
        self._checked.clear()
        self.change()

    def fail(self, why: str, *, may_pass: bool = False) -> None:
        """The run ended by an error, one that `may_pass` or not, or never began."""
        self.state, self.error, self.is_broken_off = "failed", why, may_pass
        self.change()

    def take(self, event: Event) -> None:
        """Note what a run told."""
        self.stages.take(event)
        match event.value:
            case Sentence() as sentence if sentence not in self._drafted:
                self._drafted.append(sentence)
            case Checked() as checked:
                self._checked[checked.sentence] = checked
            case Answer() as answer:
                self.answer, self.state = answer, "ended"
            case str() as line if event.kind == "notice":
                self.notices.append(line)
        self.change()

    def answer_so_far(self) -> Answer | None:
        """The answer; while it is being written, what is verified of it; None when there is nothing."""
        if self.answer is not None:
            return self.answer
        if not self._checked:
            return None
        done = tuple(self._checked[sentence] for sentence in self._drafted if sentence in self._checked)
        return Answer(status="running", question=self.question, run=self.run, sentences=done)

    def sentences(self) -> tuple[ShownSentence, ...]:
        """What is drawn, in reading order."""
        answer = self.answer
        if answer is not None:
            return tuple(
                _shown(each, answer.marks(each) if each.asserted else "")
                for each in answer.sentences
                if each.asserted or self.with_withheld
            )
        if not self._drafted:
            return (ShownSentence(text=self.kept, label="supported", is_asserted=True),) if self.kept else ()
        numbers = _Numbers()
        return tuple(self._streamed(sentence, numbers) for sentence in self._drafted)

    def withheld(self) -> tuple[Checked, ...]:
        """The sentences of the answer that are not asserted."""
        return tuple(each for each in self.answer.sentences if not each.asserted) if self.answer else ()

    def _streamed(self, sentence: Sentence, numbers: "_Numbers") -> ShownSentence:
        checked = self._checked.get(sentence)
        if checked is None:
            numbers.stop()
            return ShownSentence(text=sentence.text, label=None)
        return _shown(checked, numbers.marks(checked) if checked.asserted else "")


class _Numbers:
    """The [n] of sentences whose verdicts are still coming in: those that the finished answer will give.

    Behind a sentence that is still being checked no number is sure.
    """

    def __init__(self) -> None:
        self._sources: list[str] = []
        self._is_sure = True

    def stop(self) -> None:
        self._is_sure = False

    def marks(self, checked: Checked) -> str:
        if not self._is_sure:
            return "[…]"
        cited = [citation.source for claim in checked.claims for citation in claim.citations]
        self._sources += [source for source in dict.fromkeys(cited) if source not in self._sources]
        return "".join(f"[{number}]" for number in sorted({self._sources.index(source) + 1 for source in cited}))


def _shown(checked: Checked, marks: str) -> ShownSentence:
    return ShownSentence(
        text=shown_text(checked),
        label=worst(checked),
        is_asserted=checked.asserted,
        marks=marks,
        beside=_beside(checked),
        checked=checked,
    )


def _beside(checked: Checked) -> tuple[str, ...]:
    """What a reader must see without asking for the evidence."""
    if not checked.asserted:
        return (f"not asserted: {checked.withheld or 'it was not borne out'}",)
    said: list[str] = []
    least = min((claim.independent_sources for claim in checked.claims), default=0)
    if least > 1:
        said.append(f"{least} independent sources")
    if any(not each.is_change for claim in checked.claims for each in claim.contradictions):
        said.append("≠ sources disagree")
    said += [f"may be out of date: {claim.stale}" for claim in checked.claims if claim.stale]
    return tuple(dict.fromkeys(said))
