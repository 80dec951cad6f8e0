"""A scripted model server in a process of its own, so that its work is not counted as that of who asks it.

    python -m modelriver.serving --responder quoting --tokens-per-s 40

It says its URL on the first line. Then it takes commands, a line each: `count` (how many requests came so far), `asked`
(those since the last `asked`), `totals`; each is answered with a line of JSON. It ends with its input.
"""

import argparse
import asyncio
import json
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontes.agent.models.scripted import Asked, Reply, ScriptedServer, obedient, quoting

RESPONDERS: dict[str, Callable[[Asked], Reply]] = {"quoting": quoting, "obedient": obedient}
_LONGEST_LINE = 1_000_000_000


class Watched(list[Asked]):
    """The requests of a server; it sees how many are under way at once, of whatever kind."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: Counter[str] = Counter()
        self.now = self.most = self.over_length = 0
        self._ends: set[asyncio.Task[None]] = set()

    def append(self, asked: Asked) -> None:
        """Count it until it has ended."""
        super().append(asked)
        self.paths[asked.path] += 1
        self.now += 1
        self.most = max(self.most, self.now)
        task = asyncio.get_running_loop().create_task(self._until_ended(asked))
        self._ends.add(task)
        task.add_done_callback(self._ends.discard)

    async def _until_ended(self, asked: Asked) -> None:
        await asked.ended.wait()
        self.now -= 1


@dataclass(frozen=True, slots=True)
class Served:
    """The process as its opener sees it."""

    url: str
    _process: asyncio.subprocess.Process

    async def count(self) -> int:
        """How many requests came."""
        return int(await self._told("count"))

    async def asked(self) -> list[dict[str, Any]]:
        """The requests since the last call: `path`, `body`, `prompt_tokens`, `cancelled`."""
        found: list[dict[str, Any]] = await self._told("asked")
        return found

    async def totals(self) -> dict[str, Any]:
        """Requests by path, the most that were under way at once, and those that were cancelled."""
        found: dict[str, Any] = await self._told("totals")
        return found

    async def _told(self, command: str) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{command}\n".encode())
        await self._process.stdin.drain()
        return json.loads(await self._process.stdout.readline())


@asynccontextmanager
async def serving(responder: str = "quoting", *, tokens_per_s: float = 0.0) -> AsyncIterator[Served]:
    """Run it for the block."""
    arguments = ("-m", "modelriver.serving", "--responder", responder, "--tokens-per-s", str(tokens_per_s))
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=Path(__file__).parents[1], limit=_LONGEST_LINE,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield Served((await process.stdout.readline()).decode().strip(), process)
    finally:
        process.stdin.close()
        await process.wait()


async def _serve(responder: str, tokens_per_s: float) -> None:
    async with ScriptedServer(RESPONDERS[responder], tokens_per_s=tokens_per_s or None) as server:
        server.requests = watched = Watched()
        told = 0
        _say(server.url)
        commands = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
        while line := (await commands.readline()).decode().strip():
            count = sum(watched.paths.values())
            match line:
                case "count":
                    _say(json.dumps(count))
                case "asked":
                    rows = watched[-(count - told) :] if count > told else []
                    told = count
                    _say(json.dumps([_row(asked) for asked in rows]))
                case _:
                    cancelled = sum(asked.cancelled for asked in watched)
                    _say(json.dumps({"paths": watched.paths, "most": watched.most, "cancelled": cancelled}))


def _row(asked: Asked) -> dict[str, Any]:
    return {
        "path": asked.path, "body": asked.body, "prompt_tokens": asked.prompt_tokens, "cancelled": asked.cancelled,
    }  # fmt: skip


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--responder", choices=RESPONDERS, default="quoting")
    parser.add_argument("--tokens-per-s", type=float, default=0.0)
    options = parser.parse_args()
    asyncio.run(_serve(options.responder, options.tokens_per_s))


if __name__ == "__main__":
    main()
