"""A run that is killed at a random moment loses nothing that was finished, and asks nothing twice."""

import os
import random
import signal
import subprocess
from pathlib import Path
from time import sleep

import pytest
from fontes.evals.kill_test import command, kill_once, write_cases
from fontes.evals.run_folder import read

pytestmark = pytest.mark.slow  # whole processes, started anew


def test_ctrl_c_ends_with_130_and_what_is_finished_is_kept(tmp_path: Path) -> None:
    cases, out = tmp_path / "cases.jsonl", tmp_path / "out"
    write_cases(cases, 400)
    environment = os.environ | {"FONTES_HOME": str(tmp_path / "home"), "FONTES_WEB": "0"}
    with subprocess.Popen(command(cases, out), stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr
        file = out / "results.jsonl"
        while process.poll() is None and not (file.exists() and file.read_bytes().count(b"\n") > 2):
            sleep(0.005)
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130
        assert "interrupted" in process.stderr.read()
    stored = read(out)
    assert stored.manifest.interrupted
    assert 2 < len(stored.results) < 400


def test_nothing_is_lost_and_nothing_repeated(tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    write_cases(cases, 40)
    draw = random.Random(0)
    rounds = [kill_once(cases, tmp_path / f"round-{number}", 40, draw) for number in range(4)]
    assert [(each.lost, each.repeated) for each in rounds] == [(0, 0)] * 4
