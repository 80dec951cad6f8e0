"""`fontes ask`: one cited answer, streamed in a terminal."""

import asyncio
import contextlib
import signal
from typing import Annotated

import typer

from ..answer import Answer
from ..assistant import Assistant
from ..run import Run
from ..settings import Settings
from ..state import Checked, Sentence
from ..wire import to_wire
from .answer_text import print_foot, sentence_line
from .door import Exit, say
from .screen import err, out

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)

_EXIT = {"answered": Exit.DONE, "partial": Exit.PARTIAL, "abstained": Exit.ABSTAINED, "running": Exit.PARTIAL}


@app.command()
def ask(
    question: Annotated[
        str,
        typer.Argument(
            metavar="QUESTION", help="What you want to know; quotation marks inside it ask for a term to the letter."
        ),
    ],
    docs: Annotated[
        list[str] | None,
        typer.Option(
            "--docs", help="Answer from this file or folder alone, leaving the index as it is. May be repeated."
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the answer as one JSON value.")] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="The answer alone: no progress, sources or notes.")
    ] = False,
    rerank: Annotated[
        bool | None,
        typer.Option(
            "--rerank/--no-rerank", help="Whether the cross-encoder reads the best passages again (about 1 s)."
        ),
    ] = None,
) -> int:
    """Answer a question from your index, or from the files and folders given with --docs.

    Every sentence shown was checked against the stored text it quotes. Exit codes: 0 answered, 3 partial,
    4 the sources do not answer, 2 bad input, 5 the data directory cannot be used, 130 interrupted.
    """
    settings = Settings()
    if rerank is False:
        settings = Settings(reranker="none")
    elif rerank and settings.reranker == "none":
        settings = Settings(reranker="default")
    return asyncio.run(_ask(settings, question, docs or [], as_json=json, quiet=quiet))


async def _ask(settings: Settings, question: str, docs: list[str], *, as_json: bool, quiet: bool) -> int:
    async with Assistant(settings) as fontes:
        run = await fontes.start(question, sources=docs or None)
        interrupted = _cancel_on_interrupt(run)
        printer = _Printer(quiet=quiet or as_json, silent=as_json)
        answer = await printer.follow(run)
        if as_json:
            out().print(to_wire(answer).model_dump_json(indent=2), soft_wrap=True)
        elif not quiet:
            print_foot(answer)
        elif not answer.asserted:
            say(answer.cut_short or "the sources do not answer this question")
        return Exit.INTERRUPTED if interrupted.is_set() else _EXIT[answer.status]


def _cancel_on_interrupt(run: Run) -> asyncio.Event:
    """The first Ctrl-C ends the run with what it has; the second one ends the program."""
    interrupted = asyncio.Event()
    loop = asyncio.get_running_loop()

    def cancel() -> None:
        interrupted.set()
        run.cancel()
        loop.remove_signal_handler(signal.SIGINT)

    with contextlib.suppress(NotImplementedError, RuntimeError):  # not the main thread: someone else's signals
        loop.add_signal_handler(signal.SIGINT, cancel)
    return interrupted


class _Printer:
    """Prints sentences in reading order as soon as each is verified, and a line of progress meanwhile."""

    def __init__(self, *, quiet: bool, silent: bool) -> None:
        self._silent = silent
        # On the console that sentences are printed on, if that is a terminal: two would overwrite each other.
        console = out() if out().is_terminal else err()
        self._status = console.status("", spinner="dots") if console.is_terminal and not quiet else None
        self._drafted: list[Sentence] = []
        self._checked: dict[Sentence, Checked] = {}
        self._printed = 0
        self._sources: list[str] = []

    async def follow(self, run: Run) -> Answer:
        with self._status or contextlib.nullcontext():
            async for event in run.events():
                match event.value:
                    case Sentence() as sentence:
                        self._drafted.append(sentence)
                    case Checked() as checked:
                        self._checked[checked.sentence] = checked
                        self._print_ready()
                    case Answer() as answer:
                        return answer
                    case str() as line:
                        self._tell(f"{event.step}: {line}")
                    case _ if event.kind == "step_started":
                        self._tell(event.step)
        return await run.answer()

    def _tell(self, line: str) -> None:
        if self._status:
            self._status.update(line)

    def _print_ready(self) -> None:
        while self._printed < len(self._drafted) and self._drafted[self._printed] in self._checked:
            checked = self._checked[self._drafted[self._printed]]
            self._printed += 1
            if checked.asserted and not self._silent:
                if self._status and self._status.console is not out():
                    self._status.stop()  # two consoles on one terminal would write over each other
                out().print(sentence_line(checked, self._marks(checked)))

    def _marks(self, checked: Checked) -> str:
        """The same numbers that the finished answer gives: sources in the order a reader meets them."""
        cited = [citation.source for claim in checked.claims for citation in claim.citations]
        self._sources += [source for source in dict.fromkeys(cited) if source not in self._sources]
        return "".join(f"[{number}]" for number in sorted({self._sources.index(source) + 1 for source in cited}))
