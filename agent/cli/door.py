"""The door: where every error becomes a message on stderr and an exit code (DESIGN §5)."""

import os
import sys
from collections.abc import Callable
from enum import IntEnum


class Exit(IntEnum):
    """Exit codes."""

    DONE = 0
    UNEXPECTED = 1
    BAD_INPUT = 2
    PARTIAL = 3
    ABSTAINED = 4
    BACKEND_DOWN = 5
    INTERRUPTED = 130


def closing(command: Callable[[], object]) -> int:
    """Run `command` and return the exit code; the last place where an exception is caught."""
    try:
        code = command()
        if sys.stdout:  # closed by who called: there is nobody to print for
            sys.stdout.flush()
        return code if isinstance(code, int) else Exit.DONE
    except KeyboardInterrupt:
        say("interrupted")
        return Exit.INTERRUPTED
    except BrokenPipeError:  # `fontes sources | head`: the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except Exception as error:  # noqa: BLE001 - the one broad except: it shows the error and exits nonzero
        return _explained(error)


def _explained(error: Exception) -> int:
    import typer
    from typer._click.exceptions import ClickException  # typer carries its own click and does not export this one

    match error:
        case typer.Exit():
            return error.exit_code
        case ClickException():
            error.show()
            if "unexpected extra argument" in error.format_message() and "ask" in sys.argv[1:2]:
                say('put the question in quotation marks: fontes ask "When was it built?"')
            return Exit.BAD_INPUT
        case typer.Abort():
            return Exit.INTERRUPTED
        case ExceptionGroup() if len(error.exceptions) == 1:
            return _explained(error.exceptions[0])
    return _named(error)


def _named(error: Exception) -> int:
    from ...retrievers import BadTag, ModelMissing, RetrievalError
    from ..errors import AgentError, BadQuestion, NothingRead, RunGoesOn, SettingError, UnknownConversation, UnknownRun

    match error:
        case NothingRead():
            say(f"nothing could be read: {error}")
            for entry in error.skipped[:20] if len(error.skipped) > 1 else ():
                say(f"  {entry.source}: {entry.detail or entry.reason} ({entry.reason})")
            return Exit.BAD_INPUT
        case (
            BadQuestion()
            | SettingError()
            | UnknownRun()
            | RunGoesOn()
            | UnknownConversation()
            | ModelMissing()
            | BadTag()
        ):
            say(str(error))
            return Exit.BAD_INPUT
        case RetrievalError():
            say(str(error))
            return Exit.BACKEND_DOWN
        case AgentError():
            say(str(error))
            return Exit.UNEXPECTED
    if os.environ.get("FONTES_DEBUG"):
        raise error
    say(f"unexpected {type(error).__name__}: {error}. Set FONTES_DEBUG=1 to see where it came from")
    return Exit.UNEXPECTED


def say(line: str) -> None:
    """A line on stderr, without control characters whatever it quotes."""
    from ...crawler import clean

    print(f"fontes: {clean(line)}", file=sys.stderr)  # noqa: T201
