"""The real program in a real terminal (tmux): asked, watched, stopped, killed, and gone on with."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from fontes.agent.models.scripted import Asked, Fault, Reply, ScriptedServer, quoting

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux drives the program, and is not installed"),
]

PROGRAM = f"fontes() {{ {sys.executable} -c 'from fontes.agent.cli import main; main()' \"$@\"; }}"
WITHIN_S = 40
QUESTION = "Who built the Orvay lighthouse, and what did its lamp burn?"
HOSTILE = (
    "The Skerrow lighthouse was built in 1820 by Ann \x1b]0;owned\x07\x1b[2J\x1b]52;c;aGVsbG8=\x07\x9b31mPell"
    "\u202e\u200b, a mason from Farne \x1b]8;;http://evil.example/\x07harbour\x1b]8;;\x07.\n"
)


class Terminal:
    """A window of tmux of its own; every screen that was waited for is put into `transcript`."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        # A server of its own: the one of the test before may be on its way out, and takes a new session with it.
        self._folder, self._socket = folder, f"fontes-{uuid.uuid4().hex[:12]}"
        self.raw = folder / "raw"
        self.transcript: list[str] = []
        lines = [f"export {name}='{value}'" for name, value in environment.items()]
        (folder / "env.sh").write_text("\n".join([*lines, PROGRAM, "PS1='ready> '", "unset NO_COLOR"]) + "\n")
        self._tmux("new-session", "-d", "-s", "chat", "-x", "100", "-y", "30", "bash", "--norc", "--noprofile")
        self._tmux("pipe-pane", "-t", "chat", f"cat >> {self.raw}")
        self.line(f". {folder}/env.sh; clear")
        self.until("ready>")

    def _tmux(self, *arguments: str) -> str:
        done = subprocess.run(
            ["tmux", "-L", self._socket, "-f", "/dev/null", *arguments], capture_output=True, text=True, check=False
        )
        return done.stdout

    def line(self, text: str) -> None:
        """Type a line and press Enter."""
        self._tmux("send-keys", "-t", "chat", "-l", text)
        self._tmux("send-keys", "-t", "chat", "Enter")

    def press(self, *keys: str) -> None:
        self._tmux("send-keys", "-t", "chat", *keys)

    def write(self, text: str) -> None:
        self._tmux("send-keys", "-t", "chat", "-l", text)

    def paste(self, data: bytes) -> None:
        """Paste as a terminal does, in brackets where the program asked for them."""
        (self._folder / "paste").write_bytes(data)
        self._tmux("load-buffer", str(self._folder / "paste"))
        self._tmux("paste-buffer", "-p", "-t", "chat")

    def screen(self) -> str:
        return self._tmux("capture-pane", "-p", "-t", "chat")

    def until(self, *wanted: str, absent: str = "") -> str:
        """Wait until all of it stands on the screen, and nothing of what is to be absent."""
        end = time.monotonic() + WITHIN_S
        while time.monotonic() < end:
            screen = self.screen()
            if all(each in screen for each in wanted) and not (absent and absent in screen):
                self.transcript.append(f"--- until {', '.join(wanted)}\n{screen.rstrip()}\n")
                return screen
            time.sleep(0.05)  # tmux tells nobody when something is drawn
        raise AssertionError(f"{wanted} did not appear:\n{self.screen()}")

    def program(self) -> int:
        """The process of the chat."""
        shell = self._tmux("display-message", "-p", "-t", "chat", "#{pane_pid}").strip()
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", shell], capture_output=True, text=True, check=True)
        return int(children.stdout.split()[0])

    def close(self) -> None:
        self._tmux("kill-server")
        (self._folder / "transcript.txt").write_text("\n".join(self.transcript))


class Model:
    """A model that quotes, and stops in the middle of a reply while `stalls` is set."""

    def __init__(self) -> None:
        self.stalls = False

    def __call__(self, asked: Asked) -> Reply:
        reply = quoting(asked)
        return Reply(reply.text, fault=Fault("stall", after=60)) if self.stalls else reply


@pytest.fixture
def model() -> Model:
    return Model()


@pytest.fixture
async def server(model: Model) -> AsyncIterator[ScriptedServer]:
    async with ScriptedServer(model, tokens_per_s=60) as served:
        yield served


@pytest.fixture
def terminal(tmp_path: Path, server: ScriptedServer) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def make(**more: str) -> Terminal:
        folder = tmp_path / f"terminal{len(opened)}"
        folder.mkdir()
        settings = {
            "FONTES_HOME": str(tmp_path / "home"), "FONTES_WEB": "0", "FONTES_EMBEDDER": "none",
            "FONTES_RERANKER": "none", "FONTES_MODEL_URL": server.url, "FONTES_ROUTER": "rules", "FONTES_WORKERS": "1",
            "XDG_CONFIG_HOME": str(tmp_path / "config"),
        }  # fmt: skip
        opened.append(Terminal(folder, {**settings, **more}))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


async def test_a_person_asks_watches_looks_at_the_evidence_stops_is_killed_and_goes_on(
    terminal: Callable[..., Terminal], model: Model, docs: Path
) -> None:
    window = terminal()
    await asyncio.to_thread(_asks_and_reads, window, docs)
    model.stalls = True
    await asyncio.to_thread(_stops, window)
    await asyncio.to_thread(_is_killed, window)
    model.stalls = False
    await asyncio.to_thread(_goes_on, window)


def _asks_and_reads(window: Terminal, docs: Path) -> None:
    window.line(f"cd {docs.parent}; clear; fontes chat --docs docs; echo exit=$?")
    window.until("Ask a question")
    window.line(QUESTION)
    window.until("draft")
    window.until("✓ The Orvay lighthouse was built in 1854 by James Calder. [1]", "tokens")
    window.press("Tab")
    window.until("▌ ✓")
    window.press("Enter")
    window.until("supported", "orvay.txt")
    window.press("Enter")
    window.until("n p citation")
    window.press("n")
    window.press("Escape")
    window.until("Enter evidence")
    window.press("Tab")


def _stops(window: Terminal) -> None:
    window.press("C-n")
    window.until("Every sentence is checked")
    window.line("Who built the Stennick lighthouse, and when did its fog horn fall silent?")
    window.until("✓ The Stennick lighthouse was built in 1902", "Esc stop")
    begun = time.monotonic()
    window.press("Escape")
    window.until("cancelled: this is what was verified until then", "✓ The Stennick lighthouse was built in 1902")
    assert time.monotonic() - begun < 10


def _is_killed(window: Terminal) -> None:
    window.line("What did the lamp of the Orvay lighthouse burn, and who built it?")
    window.until("at most", "draft")
    window.write("and half a thou")
    window.until("half a thou")
    time.sleep(0.6)  # a draft is written 0.3 s after a key
    os.kill(window.program(), 9)
    window.until("exit=137")


def _goes_on(window: Terminal) -> None:
    window.press("C-c")
    window.line("stty sane; clear; fontes chat --continue; echo exit=$?")
    window.until("stopped before its end", "and half a thou")
    window.press("Tab")
    window.until("r go on")
    window.press("r")
    window.until("whale oil", "Enter evidence", absent="stopped before its end")
    window.until("tokens")
    window.press("C-q")
    window.until("exit=0")


async def test_no_control_sequence_of_a_page_reaches_the_terminal(
    terminal: Callable[..., Terminal], docs: Path
) -> None:
    (docs / "skerrow.txt").write_text(HOSTILE, encoding="utf-8")
    window = terminal(FONTES_MODEL_URL="")
    await asyncio.to_thread(_reads_hostile, window, docs)
    raw = window.raw.read_bytes()
    for sequence in (b"owned", b"\x1b]52;", b"\x1b]8;;http://evil", "\u202e".encode(), "\u200b".encode(), b"\xc2\x9b"):
        assert sequence not in raw


def _reads_hostile(window: Terminal, docs: Path) -> None:
    window.line(f"cd {docs.parent}; clear; fontes chat --docs docs; echo exit=$?")
    window.until("Ask a question")
    window.line("Who built the Skerrow lighthouse?")
    window.until("✓", "Ann")
    window.press("Tab")
    window.until("▌ ✓")
    window.press("Enter")
    window.until("supported", "skerrow.txt")
    window.press("Tab")
    window.press("C-q")
    window.until("exit=0")


async def test_a_binary_paste_and_one_of_a_megabyte_leave_the_program_alive(
    terminal: Callable[..., Terminal], docs: Path
) -> None:
    window = terminal(FONTES_MODEL_URL="")
    await asyncio.to_thread(_is_pasted_into, window, docs)


def _is_pasted_into(window: Terminal, docs: Path) -> None:
    window.line(f"cd {docs.parent}; clear; fontes chat --docs docs; echo exit=$?")
    window.until("Ask a question")
    window.paste(bytes(range(128, 256)) * 20)
    window.until("is no text")
    window.paste(b"The Skerrow lighthouse was built in 1820 by Ann Pell.\n" * 20_000)
    window.until("characters pasted")
    window.press("C-c")
    window.press("C-c")
    window.until("exit=0")


@pytest.mark.parametrize(
    ("name", "value"), [("NO_COLOR", "1"), ("TERM", "xterm"), ("TERM", "vt100")], ids=["no-color", "16", "vt100"]
)
async def test_it_can_be_read_without_colours(
    terminal: Callable[..., Terminal], docs: Path, name: str, value: str
) -> None:
    window = terminal(FONTES_MODEL_URL="")
    await asyncio.to_thread(_reads_plainly, window, docs, name, value)
    raw = window.raw.read_bytes()
    assert b"\x1b[38;2;" not in raw
    assert b"\x1b[48;2;" not in raw
    if name == "NO_COLOR":
        styles = [part for each in re.findall(rb"\x1b\[([0-9;]*)m", raw) for part in each.split(b";") if part]
        assert {int(part) for part in styles} <= {*range(10), *range(21, 30), 39, 49}  # attributes, default colours


def _reads_plainly(window: Terminal, docs: Path, name: str, value: str) -> None:
    window.line(
        f"unset COLORTERM; export {name}={value}; cd {docs.parent}; clear; fontes chat --docs docs; echo exit=$?"
    )
    window.until("Ask a question")
    window.line("Who built the Orvay lighthouse?")
    window.until("✓ The Orvay lighthouse was built in 1854 by James Calder. [1]")
    window.press("Tab")
    window.until("▌")
    window.press("C-q")
    window.until("exit=0")
