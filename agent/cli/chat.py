"""`fontes chat`: questions and answers on a whole screen, or line by line."""

import asyncio
import contextlib
import os
import signal
import sys
from typing import Annotated

import typer

from .door import Exit, say

_SWITCH_S = 0.001
"""How long a thread that computes may keep others from running; Python's own 5 ms are felt at every key."""

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@app.command()
def chat(
    docs: Annotated[
        list[str] | None,
        typer.Option(
            "--docs", metavar="PATH_OR_URL", help="Answer from this file, folder or page alone. May be repeated."
        ),
    ] = None,
    conversation: Annotated[
        str, typer.Option("--conversation", metavar="ID", help="Go on with this conversation, or begin one of this id.")
    ] = "",
    newest: Annotated[
        bool, typer.Option("--continue", "-c", help="Go on with the conversation that was last used.")
    ] = False,
    plain: Annotated[
        bool, typer.Option("--plain", help="Line by line, without drawing: for screen readers and dumb terminals.")
    ] = False,
    theme: Annotated[
        str,
        typer.Option(
            "--theme", metavar="NAME", help="fontes, fontes-light, fontes-contrast, terminal, or one of Textual's."
        ),
    ] = "",
) -> int:
    """Ask, read, look at the evidence, ask on. Conversations are kept; Ctrl+Q leaves.

    Exit code 0; 2 if a setting is wrong, 5 if the data directory cannot be used.
    """
    from ..tui.dropped import missing, named

    sources = tuple(each for name in docs or () for each in named(name) or (name,))
    if why := missing(sources):
        raise typer.BadParameter(why, param_hint="--docs")
    if theme:
        _check_theme(theme)
    if plain or os.environ.get("TERM") == "dumb" or not (sys.stdin.isatty() and sys.stdout.isatty()):
        from ..tui.plain_chat import plain_chat

        return asyncio.run(plain_chat(docs=sources, conversation=conversation, newest=newest))
    return asyncio.run(_screen(sources, conversation=conversation, newest=newest, theme=theme))


def _check_theme(theme: str) -> None:
    """In a pipe nothing is drawn, but a theme that there is not is as wrong as on a screen."""
    from ..tui.themes import theme_names

    if theme not in theme_names():
        raise typer.BadParameter(f"known: {', '.join(theme_names())}", param_hint="--theme")


async def _screen(docs: tuple[str, ...], *, conversation: str, newest: bool, theme: str) -> int:
    from ..tui.app import FontesChat
    from ..tui.driver import ForgivingDriver
    from ..tui.service import Service

    sys.setswitchinterval(_SWITCH_S)
    service = Service()
    chat = FontesChat(service, conversation=conversation, newest=newest, theme=theme, docs=docs, driver=ForgivingDriver)
    loop = asyncio.get_running_loop()
    for sent in (signal.SIGTERM, signal.SIGHUP):  # the terminal is put back in order, and what was typed is kept
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(sent, chat.exit)
    try:
        await chat.run_async()
    finally:
        await chat.session.close()
    if chat.return_code:
        say("the chat ended by an error")
        return Exit.UNEXPECTED
    return Exit.DONE
