"""What the keys do while one reads: copy, edit, go on, look behind the answer."""

from typing import TYPE_CHECKING

from .copying import copy_citation, copy_text
from .plain_text import one_line

if TYPE_CHECKING:
    from .app import FontesChat


class ReadingKeys:
    """The actions of the conversation's keys, on what is chosen in it."""

    def __init__(self, app: "FontesChat") -> None:
        self._app = app

    async def press(self, name: str) -> None:
        """Do what the key of that name does."""
        match name:
            case "answer" | "sentence" | "citation":
                self.copy(name)
            case "edit":
                self._edit()
            case "resume":
                self._resume()
            case "withheld":
                self._withheld()
            case "next" | "previous" | "browser" | "page":
                await self._evidence(name)
            case "write":
                self._app.screen.set_focus(self._app.write_area.input)
            case "command":
                self._app.screen.set_focus(self._app.write_area.input)
                self._app.write_area.write("/")

    def copy(self, what: str) -> None:
        """Copy the answer, the chosen sentence with its [n], or its first citation."""
        view, app = self._app.talk, self._app
        turn, sentence = view.chosen_turn, view.chosen_sentence
        if turn is None:
            app.tell("there is no answer to copy yet", is_warning=True)
        elif what == "answer":
            copy_text(app, turn.answer.text if turn.answer else turn.kept or turn.question, "answer")
        elif sentence is None:
            app.tell("choose a sentence first: Tab, then ↑ ↓", is_warning=True)
        elif what == "sentence":
            copy_text(app, f"{one_line(sentence.shown.text)} {sentence.shown.marks}".strip(), "sentence")
        else:
            claims = sentence.shown.checked.claims if sentence.shown.checked else ()
            citation = next((citation for claim in claims for citation in claim.citations), None)
            if citation is None:
                app.tell("this sentence cites nothing", is_warning=True)
            else:
                copy_citation(app, citation)

    def _edit(self) -> None:
        if turn := self._app.talk.chosen_turn:
            self._app.edit(turn)

    def _resume(self) -> None:
        turn = self._app.talk.chosen_turn
        if turn is not None and turn.may_go_on:
            self._app.resume(turn)
        elif turn is not None and turn.state == "elsewhere":
            self._app.tell("another window is answering it; its answer will stand here")
        else:
            self._app.tell("this answer came to its end; e asks again")

    def _withheld(self) -> None:
        turn = self._app.talk.chosen_turn
        if turn is None or not turn.withheld():
            self._app.tell("nothing is withheld from this answer")
            return
        turn.with_withheld = not turn.with_withheld
        turn.change()
        self._app.talk.sync()

    async def _evidence(self, name: str) -> None:
        if not self._app.evidence.is_open:
            await self._app.evidence.show()
        pane = self._app.evidence.pane
        if pane is None:
            return
        match name:
            case "next":
                pane.action_next_citation()
            case "previous":
                pane.action_previous_citation()
            case "browser":
                await pane.action_open_page()
            case _:
                pane.action_snapshot()
