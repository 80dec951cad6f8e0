"""docs/evaluation.md names what there is, and what it shows runs."""

import json
import os
import re
import sys
from pathlib import Path

import pytest
from fontes.agent.cli.door import closing
from fontes.evals.case_rows import CaseRow, case_schema
from fontes.evals.cases import read_cases
from fontes.evals.cli import app
from fontes.evals.metrics.latency import STEPS
from fontes.evals.readers import READERS
from fontes.evals.registry import METRICS
from fontes.evals.run_folder import read

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "evaluation.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([^`\n]+)`", PAGE))


def test_every_metric_set_and_field_is_named() -> None:
    assert {name for name in METRICS if name not in {f"seconds.{step}" for step in STEPS}} <= NAMED
    assert READERS.keys() <= NAMED
    assert CaseRow.model_fields.keys() <= NAMED


def test_the_schema_is_that_of_the_code() -> None:
    assert (DOCS / "reference" / "case.schema.json").read_text(encoding="utf-8") == case_schema()


def test_the_cases_that_it_shows_are_cases(tmp_path: Path) -> None:
    block = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)[0]
    (tmp_path / "cases.jsonl").write_text(block, encoding="utf-8")
    assert [case.id for case in read_cases(tmp_path / "cases.jsonl")] == ["who", "never"]
    assert all(json.loads(line) for line in block.splitlines())


def test_the_metric_and_the_set_of_ones_own_run_as_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.upper().startswith("FONTES_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("FONTES_HOME", str(tmp_path / "home"))
    code = next(block for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL) if "# my_eval.py" in block)
    (tmp_path / "my_eval.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "my_eval", raising=False)
    monkeypatch.chdir(tmp_path)
    (command,) = re.findall(r"^fontes eval (run my_eval.*)$", PAGE, re.MULTILINE)
    bare = ["--set", "embedder=none", "--set", "reranker=none"]
    assert closing(lambda: app([*command.split(), *bare], standalone_mode=False)) == 0
    (result,) = read(tmp_path / "build" / "tickets").results
    assert result.scores["right"] == 1.0
    assert (result.scores["words"] or 0) > 3
