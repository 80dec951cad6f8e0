"""`fontes eval`: measure answers in bulk."""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

# name → (module of this package, help line)
COMMANDS = {
    "run": ("cli_run", "Ask every case of a set, under one or several settings, and keep and score the answers."),
    "compare": ("cli_compare", "Two runs, case by case; a gate for CI."),
    "report": ("cli_report", "One HTML file of a run, for people."),
    "score": ("cli_score", "Score the answers of other systems."),
}


class _LazyGroup(TyperGroup):
    """Imports a command only when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        command = typer.main.get_command(import_module(f".{COMMANDS[cmd_name][0]}", __package__).app)
        command.name = cmd_name
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


app = typer.Typer(
    cls=_LazyGroup,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Measure answers in bulk: run a set of cases, compare two runs, write a report.",
)


@app.callback()
def _root() -> None: ...


if __name__ == "__main__":
    import sys

    from ..agent.cli.door import closing

    sys.exit(closing(lambda: app(standalone_mode=False)))
