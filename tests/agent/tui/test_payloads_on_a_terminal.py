"""On a real pseudo-terminal, hostile text makes the panes send no control sequence that plain text does not."""

import os
import pty
import re
import struct
import subprocess
import sys
import termios
from fcntl import ioctl
from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_PAYLOADS = _HERE / "test_terminal_payloads.py"
# The panes one after the other, as they are used, in an app that ends by itself.
_PROGRAM = """
import importlib.util, sys
from datetime import date

def module(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    found = importlib.util.module_from_spec(spec)
    sys.modules[name] = found
    spec.loader.exec_module(found)
    return found

from fontes.agent.tui.evidence_pane import EvidencePane
from fontes.agent.tui.ledger_screen import LedgerScreen
from fontes.agent.tui.snapshot_screen import SnapshotScreen
shared, hostile = module("shared", sys.argv[1]), module("hostile", sys.argv[2])
payload = " ".join(shared.PAYLOADS[:-1]) if sys.argv[3] == "hostile" else "plain words"
page = hostile.hostile_page(payload)

async def load(page_hash):
    return page

answer = hostile.hostile_answer(page, payload)
pane = EvidencePane(load, today=lambda: date(2026, 3, 15))
pane.show(answer, hostile.hostile_checked(page, payload, asserted=False))
app = shared.PaneHost(pane)

async def look(pilot):
    await shared.settled(pilot)
    for _ in range(4):
        await pilot.press("pagedown")
    for screen in (LedgerScreen(answer), SnapshotScreen(load, hostile.hostile_citation(page, payload))):
        app.push_screen(screen)
        await shared.settled(pilot)
        await pilot.press("down")
        await pilot.press("escape")
    app.exit()

app.run(auto_pilot=look)
"""
_SEQUENCE = re.compile(
    r"\x1b\[(?P<private>[?<=>]?)(?P<numbers>[0-9;:]*)(?P<final>[ -/]*[@-~])"
    r"|\x1b(?P<string>[\]PX^_])(?P<content>[^\x07\x1b]*)(?:\x07|\x1b\\)|\x1b(?P<single>[^\[\]PX^_])"
)


def sent(kind: str, environment: dict[str, str]) -> str:
    """What the program writes to a terminal of 100 × 30, decoded."""
    ours, theirs = pty.openpty()
    ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    program = [sys.executable, "-c", _PROGRAM, str(_HERE / "conftest.py"), str(_PAYLOADS), kind]
    with subprocess.Popen(program, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        written = bytearray()
        while True:
            try:
                block = os.read(ours, 65_536)
            except OSError:  # EIO: the other end is closed
                break
            if not block:
                break
            written += block
        assert process.wait(60) == 0, written[-2_000:].decode(errors="replace")
    os.close(ours)
    return written.decode("utf-8")


def kinds(written: str) -> set[str]:
    """The control sequences, without what differs from screen to screen: places, sizes and colours."""
    found: set[str] = set()
    for each in _SEQUENCE.finditer(written):
        if each["string"]:
            found.add(f"{each['string']}{each['content']}")
        elif each["single"]:
            found.add(each["single"])
        else:
            is_mode = each["private"] or each["final"] in "hltnc"
            found.add(f"[{each['private']}{each['numbers'] if is_mode else ''}{each['final']}")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("no_color", [False, True])
def test_hostile_text_adds_no_control_sequence(no_color: bool, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FONTES_")}
    environment |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "FONTES_HOME": str(tmp_path)}
    environment.pop("NO_COLOR", None)
    if no_color:
        environment["NO_COLOR"] = "1"
    plain, hostile = sent("plain", environment), sent("hostile", environment)
    assert "plain words" in plain
    assert "@click=app.quit" in hostile
    assert kinds(hostile) <= kinds(plain)
    left = _SEQUENCE.sub("", hostile)
    assert not [ascii(c) for c in left if (c < " " and c not in "\r\n\t") or "\x7f" <= c <= "\x9f"]
    assert not re.search(
        "[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufe00-\ufe0f\U000e0000-\U000e0fff]", left
    )
