"""What an empty conversation shows."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from .first_run import AtHand, can_do, would_help
from .plain_text import one_line
from .turn_view import HangingText

_INDENT = 8


class Welcome(VerticalScroll, can_focus=False):
    """The name, what can be done now and what would make it better."""

    DEFAULT_CSS = """
    Welcome { height: 1fr; padding: 0 2 0 4; align: left middle; }
    Welcome > .gap { margin: 1 0 0 0; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.unfinished = ""
        """The last question that has no answer yet, "" for none."""
        self._now = HangingText(Content("opening …"), _label("now"), indent=_INDENT, classes="gap")
        self._better = HangingText(Content(), _label("better"), indent=_INDENT)
        self._stopped = HangingText(Content(), Content.styled("◌", "$text-warning"), indent=_INDENT, classes="gap")

    def compose(self) -> ComposeResult:
        said = Content.styled("Every sentence is checked against the text it quotes.", "$quiet")
        yield HangingText(
            Content("\n").join((Content.styled("Fontes", "bold $text-accent"), said)), Content(), indent=0
        )
        yield self._now
        yield self._better
        yield self._stopped

    def show(self, at_hand: AtHand) -> None:
        """Draw what is at hand."""
        self._now.show(Content(one_line(can_do(at_hand))))
        self._better.show(Content("\n").join(_wish(each) for each in would_help(at_hand).split(" · ") if each))
        if self.unfinished:
            how = ("\nCtrl+O opens its conversation, r goes on with it", "$quiet")
            self._stopped.show(Content.assemble(f"not finished: {one_line(self.unfinished)}", how))

    def fail(self, why: str) -> None:
        """Draw why nothing can be asked."""
        self._now.show(Content.assemble(("✗ Fontes cannot be opened: ", "bold $text-error"), one_line(why)))


def _label(text: str) -> Content:
    return Content.styled(text, "$quiet")


def _wish(text: str) -> Content:
    """A wish with its command in bold."""
    command, _, rest = one_line(text).partition(" ")
    argument, _, said = rest.partition(" ")
    return Content.assemble((f"{command} {argument}", "bold"), f" {said}")
