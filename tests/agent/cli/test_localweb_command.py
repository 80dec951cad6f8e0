"""`fontes localweb` as a program, in a pipe and in a terminal."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # whole processes or many seconds of waiting

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "localweb"
MAIN = (
    "import sys; from fontes.agent.cli.localweb import app; from fontes.agent.cli.door import closing;"
    " sys.exit(closing(lambda: app(standalone_mode=False)))"
)
_LINE = re.compile(
    r"export FONTES_RESOLVE='\*=127\.0\.0\.1:(\d+)' FONTES_SEARXNG_URL=http://127\.0\.0\.1:\1 FONTES_SEARCH=searxng"
)

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    """Start the command; what still runs after the test is killed."""
    running: list[subprocess.Popen[str]] = []

    def run(*arguments: str | Path, **options: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", MAIN, *map(str, arguments)]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        running.append(subprocess.Popen(command, **(pipes | options)))  # type: ignore[call-overload]
        return running[-1]

    yield run
    for process in running:
        process.kill()
        process.communicate()


def got(port: str, host: str, path: str) -> tuple[int, str]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, ""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_it_prints_the_line_for_another_terminal_and_ends_on_a_signal(start: Start, number: int, code: int) -> None:
    process = start(EXAMPLE, "--port", "0")
    assert process.stdout is not None
    line = _LINE.fullmatch(process.stdout.readline().strip())
    assert line
    assert "1991" in got(line[1], "harbour-office.test", "/lights/gannet-point.html")[1]
    assert "gannet" in got(line[1], "127.0.0.1", "/search?q=gannet&format=json")[1]
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert process.returncode == code
    assert out == ""
    assert "8 pages on 3 hosts" in err
    assert err.endswith("stopped; 2 requests answered\n")


def test_faults_and_seed_are_given_as_rules(start: Start) -> None:
    process = start(
        EXAMPLE, "--port", "0", "--fault", "1 status:503 *.test", "--fault", "100% search-429", "--seed", "3"
    )
    assert process.stdout is not None
    line = _LINE.fullmatch(process.stdout.readline().strip())
    assert line
    assert got(line[1], "keepers-society.test", "/")[0] == 503
    assert got(line[1], "127.0.0.1", "/search?q=gannet&format=json")[0] == 429


def test_a_terminal_shows_the_count_of_requests_as_they_come(start: Start) -> None:
    leader, follower = pty.openpty()
    environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": "100"}
    process = start(
        EXAMPLE, "--port", "0", stdin=follower, stdout=follower, stderr=follower, env=environment, text=True
    )
    os.close(follower)
    seen = ""

    def read_until(pattern: str) -> re.Match[str]:
        nonlocal seen
        while (found := re.search(pattern, seen)) is None:
            assert select.select([leader], [], [], 30)[0], seen
            seen += os.read(leader, 65_536).decode(errors="replace")
        return found

    port = read_until(r"FONTES_RESOLVE='\*=127\.0\.0\.1:(\d+)' ")[1]
    read_until("0 requests")
    got(port, "keepers-society.test", "/cullen-rock.txt")
    read_until("1 request ")
    read_until(r"keepers-society\.test/cullen-rock\.txt 200")
    process.send_signal(signal.SIGINT)
    read_until("stopped; 1 request answered")
    assert process.wait(timeout=20) == 130
    os.close(leader)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["none-such"], "not there"),
        ([EXAMPLE, "--fault", "often reset"], "RATE KIND PATTERN"),
        ([EXAMPLE, "--fault", "1 flood"], "there is no such kind"),
        ([EXAMPLE.parent / "README.md"], "no folder"),
    ],
)
def test_what_cannot_be_served_is_said(start: Start, arguments: list[str | Path], why: str) -> None:
    process = start(*arguments)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, "")
    assert why in err


def test_a_port_in_use_is_said(start: Start) -> None:
    first = start(EXAMPLE, "--port", "0")
    assert first.stdout is not None
    line = _LINE.fullmatch(first.stdout.readline().strip())
    assert line
    second = start(EXAMPLE, "--port", line[1])
    _, err = second.communicate(timeout=60)
    assert second.returncode == 2
    assert f"port {line[1]}: it cannot be opened" in err
