"""`python -m fontes.agent.models.scripted`, as a person runs it."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fontes.agent.models.scripted.__main__ import app
from typer.testing import CliRunner

_PYTHON = (sys.executable, "-m", "fontes.agent.models.scripted")


@pytest.fixture
def served() -> Iterator[Callable[..., tuple[subprocess.Popen[str], str]]]:
    """Start it with these options; gives the process and its base URL."""
    running: list[subprocess.Popen[str]] = []

    def start(*options: str) -> tuple[subprocess.Popen[str], str]:
        process = subprocess.Popen(
            (*_PYTHON, *options), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        )
        running.append(process)
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("export FONTES_MODEL_URL=http://127.0.0.1:")
        return process, line.strip().partition("=")[2]

    yield start
    for process in running:
        process.kill()
        process.communicate()


def said(url: str) -> str:
    """The reply to a question."""
    body = json.dumps({"messages": [{"role": "user", "content": "When?"}]}).encode()
    request = urllib.request.Request(f"{url}/chat/completions", data=body, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)["choices"][0]["message"]["content"]


def test_it_prints_the_line_that_leads_fontes_to_it_and_ends_on_sigterm(served, tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    path.write_text('{"reply": "In 1854."}\n', encoding="utf-8")
    process, url = served("--script", str(path), "--tokens-per-s", "500", "--first-token-s", "0.01")
    assert said(url) == "In 1854."
    process.terminate()
    assert (process.wait(10), process.communicate()[1]) == (0, "")


def test_without_options_it_quotes(served) -> None:
    _, url = served()
    assert said(url) == "NO ANSWER"


def test_what_its_script_does_not_hold_is_its_exit_code(served, tmp_path: Path) -> None:
    path = tmp_path / "replies.jsonl"
    path.write_text('{"when": "Where", "reply": "There."}\n', encoding="utf-8")
    process, url = served("--script", str(path))
    with pytest.raises(urllib.error.HTTPError, match="500"):
        said(url)
    process.terminate()
    assert process.wait(10) == 1
    assert "Error: no row of the script is for: 'When?'" in process.communicate()[1]


@pytest.mark.parametrize("options", [("--script", "nowhere.jsonl"), ("--quoting", "--obedient")])
def test_what_cannot_be_started_is_told(options: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, options)
    assert done.exit_code == 2
    assert "nowhere.jsonl" in done.stderr or "give one of" in done.stderr
