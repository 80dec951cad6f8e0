"""`fontes eval run` as a person meets it: one command, its table, its exit codes."""

import json
import os
from errno import ENOSPC
from pathlib import Path

import pytest
from fontes.agent.cli.door import closing
from fontes.evals.cli import app
from fontes.evals.run_folder import read

CASES = [
    {"document": {"source": "orvay", "text": "The Orvay lighthouse was built in 1854 by James Calder."}},
    {"id": "who", "question": "Who built the Orvay lighthouse?", "documents": "all", "gold_answers": ["James Calder"]},
    {"id": "never", "question": "Who discovered penicillin?", "documents": "all", "unanswerable": True},
]
BARE = ["--set", "embedder=none", "--set", "reranker=none"]


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in, with a data directory and `cases.jsonl`."""
    for name in os.environ:
        if name.upper().startswith("FONTES_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("FONTES_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FONTES_WEB", "0")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cases.jsonl").write_text("".join(json.dumps(case) + "\n" for case in CASES), encoding="utf-8")
    return tmp_path


def eval_(*arguments: str) -> int:
    return closing(lambda: app(list(arguments), standalone_mode=False))


def test_a_run_prints_its_figures_and_leaves_a_folder(workplace: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert eval_("run", "cases.jsonl", "--out", "out", *BARE, "--metric", "right", "--metric", "contains") == 0
    printed, said = capfd.readouterr()
    assert [line.split()[:2] for line in printed.splitlines()] == [
        ["default"],
        ["right", "1.000"],
        ["contains", "1.000"],
    ]
    assert "2/2 · right 1.000 · contains 1.000" in said
    stored = read(workplace / "out")
    assert stored.manifest.settings == {"embedder": "none", "reranker": "none", "web": False}
    assert stored.manifest.metrics == ("right", "contains")
    assert "| right |" in (workplace / "out" / "summary.md").read_text()


def test_the_same_command_goes_on_where_it_stopped(workplace: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert eval_("run", "cases.jsonl", "--out", "out", *BARE, "--most-tokens", "0") == 3
    assert "stopped early: it has used 0 of 0 tokens" in capfd.readouterr().err
    assert eval_("run", "cases.jsonl", "--out", "out", *BARE) == 0
    assert eval_("run", "cases.jsonl", "--out", "out", *BARE) == 0
    assert "2 of 2 are finished already" in capfd.readouterr().err
    assert len((workplace / "out" / "results.jsonl").read_text().splitlines()) == 2


def test_other_metrics_score_what_is_there(workplace: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert eval_("run", "cases.jsonl", "--out", "out", *BARE, "--metric", "right") == 0
    before = (workplace / "out" / "results.jsonl").read_bytes()
    assert eval_("run", "cases.jsonl", "--out", "out", *BARE, "--metric", "contains") == 0
    assert capfd.readouterr().out.splitlines()[-1].split()[:2] == ["contains", "1.000"]
    assert (workplace / "out" / "results.jsonl").read_bytes() == before


def test_settings_vary_by_option_or_by_file(workplace: Path) -> None:
    assert eval_("run", "cases.jsonl", "--out", "a", *BARE, "--vary", "sentences=1,2") == 0
    assert list(read(workplace / "a").manifest.cells) == ["sentences=1", "sentences=2"]
    (workplace / "cells.toml").write_text("[short]\nsentences = 1\n")
    assert eval_("run", "cases.jsonl", "--out", "b", *BARE, "--cells", "cells.toml") == 0
    assert read(workplace / "b").manifest.cells == {"short": {"sentences": 1}}


def test_a_metric_that_cannot_score_is_exit_1_and_answers_are_kept(
    workplace: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (workplace / "broken_metric.py").write_text(
        "from fontes.evals.metric import Metric\n"
        "one = Metric(name='one', meaning='', source='', higher_is_better=True, score=lambda case, result: 1 / 0)\n"
    )
    monkeypatch.syspath_prepend(workplace)
    assert eval_("run", "cases.jsonl", "--out", "out", *BARE, "--metric", "broken_metric:one") == 1
    assert "metric 'one' could not score 2 results; the first: case " in capfd.readouterr().err
    assert len(read(workplace / "out").results) == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["gone.jsonl"], "gone.jsonl: there is no such file or set"),
        (["clapnq"], "Name their folder with --data"),
        (["cases.jsonl", "--metric", "rigth"], "metric 'rigth': it is not known"),
        (["cases.jsonl", "--set", "sentence=1"], "there is no such setting"),
        (["cases.jsonl", "--vary", "sentences"], "Write NAME=VALUE"),
        (["cases.jsonl", "--verifier", "liar"], "verifier = 'liar'"),
        (["cases.jsonl", "--judge"], "there is no model to ask"),
        (["cases.jsonl", "--cells", "c.toml", "--vary", "a=b"], "a file of cells says what varies"),
    ],
)
def test_a_mistake_is_exit_2_and_says_what_to_do(
    arguments: list[str], told: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert eval_("run", *arguments, "--out", "out") == 2
    assert told in " ".join(capfd.readouterr().err.replace("│", " ").split())


def test_a_folder_of_another_run_is_left_alone(workplace: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert eval_("run", "cases.jsonl", "--out", "out", *BARE) == 0
    before = (workplace / "out" / "results.jsonl").read_bytes()
    assert eval_("run", "cases.jsonl", "--out", "out", *BARE, "--set", "sentences=1") == 2
    assert "another run is there: its settings is" in capfd.readouterr().err
    assert (workplace / "out" / "results.jsonl").read_bytes() == before


def test_a_full_disk_is_exit_5_and_the_same_command_goes_on(
    workplace: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    write, lines = os.write, 0

    def full(file: int, data: bytes) -> int:
        nonlocal lines
        lines += bytes(data).startswith(b'{"cell"')
        if lines > 1:
            raise OSError(ENOSPC, os.strerror(ENOSPC))
        return write(file, data)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        assert eval_("run", "cases.jsonl", "--out", "out", *BARE) == 5
    assert "out: the disk is full. Free some room and run the same command again" in capfd.readouterr().err
    stored = read(workplace / "out")
    assert len(stored.results) == 1
    assert stored.manifest.interrupted
    assert eval_("run", "cases.jsonl", "--out", "out", *BARE) == 0
    assert len(read(workplace / "out").results) == 2


def test_a_judge_that_is_down_is_exit_5_before_anything_is_asked(
    workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FONTES_JUDGE_URL", "http://127.0.0.1:9/v1")
    assert eval_("run", "cases.jsonl", "--out", "out", *BARE, "--judge") == 5
    assert not (workplace / "out").exists()


def test_help_names_the_commands_without_importing_them(capfd: pytest.CaptureFixture[str]) -> None:
    assert eval_("--help") == 0
    printed = capfd.readouterr().out
    assert all(name in printed for name in ("run", "compare", "report", "score"))
