"""The chat as a person feels it: how soon it is there, how soon a key is seen, how soon a long conversation opens.

    python benchmarks/chat.py

Three figures. **start**: from the call of the program in a pseudo-terminal until its first screen is drawn.
**key-to-paint**: a key is written into that terminal every 70 ms, and the time until its character comes back is taken,
while a folder is extracted for the question and while a scripted model streams its answer. **open**: a conversation of
5,000 turns with full answers, from the call until it is drawn. Beside wall time stands the processor time of the
program itself, which other work on the machine does not change.
"""

import argparse
import asyncio
import fcntl
import json
import os
import platform
import pty
import select
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fontes import Assistant, Settings
from fontes.agent.models.scripted import ScriptedServer
from fontes.agent.tui.app import FontesChat
from fontes.agent.tui.service import Service
from fontes.agent.wire import to_json

ROOT = Path(__file__).resolve().parents[1]
LIGHTHOUSES = ROOT / "examples" / "lighthouses"
PROGRAM = [sys.executable, "-c", "from fontes.agent.cli import main; main()"]
QUESTION = "What is known about lighthouses, their lamps, their lenses and their keepers?"
READY = b"Ask a question"
RARE = "ŵŷẑǰǧķņŗţļ"
TURNS = 5_000


class Terminal:
    """A program in a pseudo-terminal of 120 by 36 cells, and what it wrote."""

    def __init__(self, arguments: Sequence[str], environment: dict[str, str]) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
        self.process = subprocess.Popen(
            [*PROGRAM, *arguments], stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
            env={**os.environ, **environment, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
        )  # fmt: skip
        os.close(slave)
        self._written = b""
        self.ended = False  # whether an answer's figures were drawn, in which a model's tokens stand

    def wait_for(self, wanted: bytes, within_s: float) -> float | None:
        """Seconds until `wanted` is written; None if it is not."""
        begun = time.perf_counter()
        while (left := within_s - (time.perf_counter() - begun)) > 0:
            if select.select([self.master], [], [], left)[0]:
                try:
                    self._written += os.read(self.master, 65_536)
                except OSError:  # the program has ended
                    return None
                self.ended = self.ended or b" tokens" in self._written
                if wanted in self._written:
                    self._written = b""
                    return time.perf_counter() - begun
                self._written = self._written[-200_000:]
        return None

    def write(self, text: str) -> None:
        os.write(self.master, text.encode())

    def processor_s(self) -> float:
        """Processor time of the program so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def leave(self) -> int:
        self.write("\x11")
        end = time.perf_counter() + 20
        while self.process.poll() is None and time.perf_counter() < end:
            self.wait_for(b"\x00never", 0.1)
        os.close(self.master)
        return self.process.wait()


@dataclass
class Start:
    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)


def start(home: Path, times: int) -> Start:
    """Start the chat so many times, each with warm file caches."""
    found = Start()
    for _ in range(times):
        terminal = Terminal(["chat"], {"FONTES_HOME": str(home), "FONTES_WEB": "0"})
        seconds = terminal.wait_for(READY, 60)
        assert seconds is not None, "the chat did not start"
        found.seconds.append(seconds)
        found.processor.append(terminal.processor_s())
        assert terminal.leave() == 0
    return found


async def keys(home: Path, folder: Path) -> dict[str, list[float]]:
    """Milliseconds from key to paint: while files are read for a question, and while its answer streams."""
    found: dict[str, list[float]] = {"idle": [], "extracting": [], "streaming": []}
    async with ScriptedServer(first_token_s=0.5, tokens_per_s=25) as server:
        environment = {
            "FONTES_HOME": str(home), "FONTES_WEB": "0", "FONTES_MODEL_URL": server.url, "FONTES_ROUTER": "rules",
        }  # fmt: skip
        terminal = Terminal(["chat", "--docs", str(folder)], environment)
        try:
            await asyncio.to_thread(_type, terminal, found, server)
        finally:
            assert terminal.leave() == 0
    return found


def _type(terminal: Terminal, found: dict[str, list[float]], server: ScriptedServer) -> None:
    assert terminal.wait_for(READY, 60) is not None
    assert terminal.wait_for(b"alone", 60) is not None
    time.sleep(3)  # until what is loaded behind the first screen is there: the idle figure is of an idle chat
    for number in range(40):
        _key(terminal, found["idle"], number)
    terminal.write("\x15" * 1 + QUESTION + "\r")
    chats_before = len(server.chats)
    ends = time.perf_counter() + 120
    number = 0
    while time.perf_counter() < ends:
        phase = "streaming" if len(server.chats) > chats_before else "extracting"
        _key(terminal, found[phase], number)
        number += 1
        if terminal.ended:
            return


def _key(terminal: Terminal, times: list[float], number: int) -> None:
    character = RARE[number % len(RARE)]
    terminal.write(character)
    seconds = terminal.wait_for(character.encode(), 5)
    times.append(1000 * (seconds if seconds is not None else 5))
    terminal.write("\x7f")
    terminal.wait_for(b"\x00never", 0.07)


def many_files(folder: Path, count: int) -> None:
    """The folder of the examples so many times over, each copy with a line of its own."""
    for number in range(count):
        for path in LIGHTHOUSES.iterdir():
            target = folder / f"{path.stem}-{number}{path.suffix}"
            target.write_text(f"{path.read_text()}\n\nThis is copy {number} of {path.name}.\n")


async def long_conversation(home: Path) -> tuple[float, float]:
    """Make a conversation of 5,000 turns, and open it: wall and processor seconds until it is drawn."""
    settings = Settings(home=home, web=False)
    async with Assistant(settings) as assistant:
        answer = await assistant.ask("In which year was Stennick Head Light automated?", sources=[LIGHTHOUSES])
        store, kept = assistant.index.store, json.loads(to_json(answer))
        for number in range(TURNS):
            run = f"run{number:06}"
            await store.begin_turn("long", run, f"Question {number}: in which year was Stennick Head Light automated?")
            await store.finish_run(
                run, status="answered", answer=json.dumps({**kept, "run": run}), cited=[], text=answer.text
            )
    app = FontesChat(Service(home=home, web=False))
    async with app.run_test(size=(120, 36)) as pilot:
        await app.session.service.assistant()
        while app.session.drafts is None:
            await pilot.pause(0.05)
        await pilot.pause(0.5)
        wall, processor = time.perf_counter(), time.process_time()
        await app.desk.show("long")
        await pilot.pause()
        figures = time.perf_counter() - wall, time.process_time() - processor
        assert len(app.turns) == TURNS
    await app.session.close()
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--times", type=int, default=5, help="how often the chat is started")
    parser.add_argument("--copies", type=int, default=60, help="how often the example folder is copied for extraction")
    arguments = parser.parse_args()
    machine = f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    print(f"{machine}, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        begun = start(home / "start", arguments.times)
        print(f"start            best {min(begun.seconds):.2f} s  median {statistics.median(begun.seconds):.2f} s"
              f"  processor {min(begun.processor):.2f} s")  # fmt: skip
        files = home / "files"
        files.mkdir()
        many_files(files, arguments.copies)
        for phase, times in asyncio.run(keys(home / "keys", files)).items():
            if len(times) > 2:
                p95 = statistics.quantiles(times, n=20)[-1]
                print(f"key, {phase:12} p50 {statistics.median(times):.0f} ms  p95 {p95:.0f} ms  of {len(times)}")
        shutil.rmtree(files)
        wall, processor = asyncio.run(long_conversation(home / "long"))
        print(f"open {TURNS:,} turns  {wall:.2f} s  processor {processor:.2f} s")


if __name__ == "__main__":
    main()
