"""A model server to try Fontes with, by hand: `python -m fontes.agent.models.scripted --quoting`."""

import asyncio
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from . import ScriptedServer, Unscripted, obedient, quoting, script

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@app.command()
def serve(
    script_file: Annotated[
        Path | None, typer.Option("--script", metavar="FILE", help="Play the replies of a JSON-lines file.")
    ] = None,
    is_quoting: Annotated[
        bool, typer.Option("--quoting", help="Answer honestly, by quoting the evidence. The default.")
    ] = False,
    is_obedient: Annotated[bool, typer.Option("--obedient", help="Do whatever the evidence says.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where to listen on 127.0.0.1; 0 is any.")] = 0,
    tokens_per_s: Annotated[
        float, typer.Option(min=0, metavar="N", help="How fast a reply is written; 0 is at once.")
    ] = 0.0,
    first_token_s: Annotated[float, typer.Option(min=0, metavar="S", help="Seconds before a reply begins.")] = 0.0,
    context: Annotated[int, typer.Option(min=1, metavar="TOKENS", help="The context length.")] = 8_192,
) -> None:
    """Run a model server that plays a script, for trying what talks to models.

    Exit code 0 when it is ended by SIGTERM, 130 by Ctrl-C, 1 if its script had no reply for something, 2 if it cannot
    be started.
    """
    if sum((script_file is not None, is_quoting, is_obedient)) > 1:
        raise typer.BadParameter("give one of --script, --quoting and --obedient")
    try:
        responder = script(script_file) if script_file is not None else obedient if is_obedient else quoting
        server = ScriptedServer(
            responder,
            port=port,
            tokens_per_s=tokens_per_s or None,
            first_token_s=first_token_s,
            context=context,
        )
        asyncio.run(_serve(server))
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except Unscripted as error:
        typer.echo(f"Error: {error}", err=True)
        raise typer.Exit(1) from error
    except (OSError, ValueError) as error:
        typer.echo(f"Error: {error}", err=True)
        raise typer.Exit(2) from error


async def _serve(server: ScriptedServer) -> None:
    async with server:
        typer.echo(f"export FONTES_MODEL_URL={server.url}")
        sys.stdout.flush()
        ended = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
        await ended.wait()


if __name__ == "__main__":
    app()
