"""The command line. `fontes --help` imports no command: names and help lines stand in a table."""

import sys
from importlib import import_module
from importlib.metadata import entry_points
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from ..._version import __version__

# name → (module of this package, help line)
COMMANDS = {
    "ask": ("ask", "Answer a question with citations that were checked."),
    "chat": ("chat", "Ask and ask on, with the evidence beside every sentence."),
    "add": ("add", "Take files, folders and pages into the index."),
    "sources": ("sources", "List what the index holds."),
    "tag": ("tag", "Give sources tags, to ask some of them alone."),
    "remove": ("remove", "Take sources out of the index."),
    "search": ("search", "Find passages, or pages of the web, without answering."),
    "fetch": ("fetch", "Read one page of the web, or say why it was left alone."),
    "crawl": ("crawl", "Read a site, politely, with the outcome of every address."),
    "localweb": ("localweb", "Serve a folder of saved pages as a small internet on this machine."),
    "reindex": ("reindex", "Make the search indexes again from the store."),
    "doctor": ("doctor", "Check what is there, what answers and what is missing."),
    "config": ("config", "Show every setting and where it comes from."),
}
ENTRY_POINTS = "fontes.commands"
# Commands of rooms that this one does not import
_OTHER_ROOMS = {"eval": "Measure answers over many questions, and compare runs."}


class _LazyGroup(TyperGroup):
    """Imports a command only when it is called. Other packages and rooms add commands as entry points."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*COMMANDS, *sorted(point.name for point in entry_points(group=ENTRY_POINTS))]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name in COMMANDS:
            app = import_module(f".{COMMANDS[cmd_name][0]}", __package__).app
        else:
            point = next(iter(entry_points(group=ENTRY_POINTS, name=cmd_name)), None)
            if point is None:
                return None
            app = point.load()
        command = typer.main.get_command(app)
        command.name = cmd_name
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        others = {
            point.name: _OTHER_ROOMS.get(point.name, f"From {point.value.split(':')[0]}.")
            for point in entry_points(group=ENTRY_POINTS)
        }
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()] + sorted(others.items()))


app = typer.Typer(
    cls=_LazyGroup,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Answers from your documents and the web, every citation checked before you see it.",
    epilog='Start with: fontes ask "your question" --docs a-folder',
)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"fontes {__version__}")  # noqa: T201
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None: ...


def main() -> None:
    """The program `fontes`: run a command, and turn what went wrong into a message and an exit code."""
    from .door import closing

    sys.exit(closing(lambda: app(standalone_mode=False)))
