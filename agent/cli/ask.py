"""`fontes ask`: one cited answer, streamed in a terminal."""

import asyncio
import contextlib
import signal
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from rich.text import Text

from ...crawler import clean
from ..answer import Answer
from ..assistant import Assistant, Options
from ..export import FORMATS, exported
from ..run import Run
from ..settings import Settings
from ..state import Checked, Plan, Sentence
from ..web_switch import web_wanted
from .answer_text import is_without_web, no_answer, print_foot, sentence_line
from .door import Exit, say
from .misspelt import tell_unknown_variables
from .plan_text import plan_json, print_plan
from .screen import err, out
from .stage_line import StageLine
from .tag_options import TAG
from .web_notice import tell_who_sees
from .web_options import AS_OF, PROVIDER, SINCE, SITE, as_of_date, page_address, since_date, site_host

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)

_EXIT = {"answered": Exit.DONE, "partial": Exit.PARTIAL, "abstained": Exit.ABSTAINED, "running": Exit.PARTIAL}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Show:
    """What is printed: the answer in a format of `export.FORMATS`, alone, or the plan instead of an answer."""

    format: str
    quiet: bool
    plan_alone: bool


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
    url: Annotated[
        list[str] | None,
        typer.Option("--url", help="Answer from this page alone, leaving the index as it is. May be repeated."),
    ] = None,
    tag: Annotated[list[str] | None, TAG] = None,
    web: Annotated[
        bool | None,
        typer.Option(
            "--web/--no-web", help="Whether the web may be searched; by default as FONTES_WEB and the question say."
        ),
    ] = None,
    site: Annotated[list[str] | None, SITE] = None,
    since: Annotated[str, SINCE] = "",
    as_of: Annotated[str, AS_OF] = "",
    provider: Annotated[list[str] | None, PROVIDER] = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Show where the question would be taken, and ask nobody.")
    ] = False,
    format: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="|".join(FORMATS),
            help="How the answer is printed: for reading, or for a file, its sources alone for a reference manager.",
        ),
    ] = "text",
    json: Annotated[
        bool, typer.Option("--json", help="Print the answer (or plan) as one JSON value: --format json.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="The answer alone: no progress, sources or notes.")
    ] = False,
    conversation: Annotated[
        str,
        typer.Option(
            "--conversation", metavar="ID", help="Ask as a turn of this conversation, begun if there is none of the id."
        ),
    ] = "",
    rerank: Annotated[
        bool | None,
        typer.Option(
            "--rerank/--no-rerank", help="Whether the cross-encoder reads the best passages again (about 1 s)."
        ),
    ] = None,
) -> int:
    """Answer a question from your index and the web, or alone from what --docs, --url and --tag name.

    Every sentence shown was checked against the stored text it quotes. Exit codes: 0 answered, 3 partial, 4 not
    answered (or a question back to you), 2 bad input, 5 the data directory cannot be used or, with nothing else to
    ask, no search provider answers, 130 interrupted.
    """
    show = _Show(format=_format(format, as_json=json), quiet=quiet, plan_alone=plan)
    if plan and show.format not in ("text", "json"):
        raise typer.BadParameter("a plan is text or json", param_hint="--format")
    options: Options = {
        "web": web,
        "tags": tag or (),
        "sites": tuple(map(site_host, site or ())),
        "since": since_date(since) if since else None,
        "as_of": as_of_date(as_of) if as_of else None,
        "conversation": conversation,
    }
    if sources := [*(docs or ()), *map(page_address, url or ())]:
        options["sources"] = sources
    settings = _settings(provider, rerank=rerank)
    tell_unknown_variables()
    options["web"] = web_wanted(
        web, "--provider" if provider else "", is_restricted=bool(sources or tag), is_on=settings.web
    )
    return asyncio.run(_ask(settings, question, options, show))


def _format(given: str, *, as_json: bool) -> str:
    if given not in FORMATS:
        raise typer.BadParameter(f"{given!r} is none of {', '.join(FORMATS)}", param_hint="--format")
    if as_json and given not in ("text", "json"):
        raise typer.BadParameter(f"--json asks for another one than {given}", param_hint="--format")
    return "json" if as_json else given


def _settings(provider: list[str] | None, *, rerank: bool | None) -> Settings:
    changes: dict[str, Any] = {}
    if provider:
        changes["search"] = tuple(provider)
    if rerank is False:
        changes["reranker"] = "none"
    settings = Settings(**changes)
    if rerank and settings.reranker == "none":
        settings = Settings(**changes, reranker="default")
    return settings


async def _ask(settings: Settings, question: str, options: Options, show: _Show) -> int:
    async with Assistant(settings) as fontes:
        plan = await fontes.plan(question, **options)
        if plan.until and plan.since > plan.until:  # the question itself names a time that ends before
            why = f"{plan.since} is after {plan.until}, up to which the question asks"
            raise typer.BadParameter(why, param_hint="--since")
        if "web" in plan.routes:
            settings.build_fan_out()  # a provider that there is not is said before anybody is asked
        if show.plan_alone:
            return _show_plan(plan, settings, as_json=show.format == "json")
        if "web" in plan.routes:
            tell_who_sees(settings)
        options["plan"] = plan
        run = await fontes.start(question, **options)
        interrupted = _cancel_on_interrupt(run)
        is_file = show.format != "text"
        printer = _Printer(StageLine(plan.seconds), quiet=show.quiet or show.format == "json", silent=is_file)
        answer = await printer.follow(run)
        _print(answer, plan, show)
        if interrupted.is_set():
            return Exit.INTERRUPTED
        return Exit.BACKEND_DOWN if is_without_web(answer) else _EXIT[answer.status]


def _show_plan(plan: Plan, settings: Settings, *, as_json: bool) -> int:
    if as_json:
        out().print(plan_json(plan, settings.search), soft_wrap=True)
    else:
        print_plan(plan, settings.search)
    return Exit.ABSTAINED if plan.ask_back else Exit.DONE


def _print(answer: Answer, plan: Plan, show: _Show) -> None:
    if show.format != "text":
        out().file.write(exported([answer], show.format))
        if not answer.asserted and show.format in ("bibtex", "ris", "csl"):  # without sources they say nothing
            say(answer.cut_short or no_answer(answer))
    elif plan.ask_back:
        out().print(Text(clean(plan.ask_back)))
    elif not show.quiet:
        print_foot(answer)
    elif not answer.asserted:
        say(answer.cut_short or no_answer(answer))


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

    def __init__(self, line: StageLine, *, quiet: bool, silent: bool) -> None:
        self._silent = silent
        self._line = line
        # On the console that sentences are printed on, if that is a terminal: two would overwrite each other.
        console = out() if out().is_terminal else err()
        self._status = console.status(line, spinner="dots") if console.is_terminal and not quiet else None
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
                    case _:
                        self._line.take(event)
        return await run.answer()

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
