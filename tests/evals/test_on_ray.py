"""The same run on Ray: the same scores, and nothing lost when it goes on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fontes.evals.on_ray import OnRay, RayError
from fontes.evals.run_folder import read
from fontes.evals.runner import How
from fontes.evals.sides import read_sides

# In a process of its own: Ray opens sockets, files and threads as it likes, and takes signals for itself.
SCRIPT = """
import asyncio, sys
from pathlib import Path
from fontes.agent.settings import Settings
from fontes.evals.cases import dataset_hash, read_cases
from fontes.evals.cells import checked
from fontes.evals.on_ray import OnRay
from fontes.evals.registry import METRICS
from fontes.evals.ruler import Ruler
from fontes.evals.run_folder import Manifest, RunFolder
from fontes.evals.runner import How, Runner

path, out, where, *named = map(str, sys.argv[1:])
cases, metrics = read_cases(path), tuple(METRICS.values())
changes = {"default": {"embedder": "none", "reranker": "none"}}

async def main():
    async with Ruler(Settings()) as ruler:
        manifest = Manifest(
            fontes="0", dataset="set", dataset_hash=dataset_hash(cases), cases=len(cases), cells=changes,
            started="2026-01-01T00:00:00Z", metrics=tuple(METRICS), verifier=ruler.verifier.name,
        )
        with RunFolder.open(Path(out), manifest, cases) as folder:
            if where == "ray":
                runner = OnRay(folder, cases, changes, (*METRICS, *named), {}, how=How(concurrency=1), workers=2)
            else:
                runner = Runner(folder, cases, checked(changes, {}), changes, metrics, ruler, how=How())
            outcome = await runner.run()
            print(outcome.stopped, outcome.kept)

asyncio.run(main())
"""

TEXTS = {
    "orvay": "The Orvay tower stands on a rock in the sound. It was built in 1854 by James Calder.",
    "stennick": "Stennick Head Light was automated in 1987. Its first keeper was Mary Hale.",
}


def ran(script: Path, cases: Path, out: Path, where: str, *metrics: str) -> tuple[str, int]:
    """Why the run stopped before its end, and how many results it kept."""
    home = script.parent / "home"
    own = {"FONTES_HOME": str(home), "FONTES_WEB": "0", "PYTHONHASHSEED": "0", "PYTHONPATH": str(script.parent)}
    done = subprocess.run(
        [sys.executable, script, cases, out, where, *metrics],
        env={**os.environ, **own}, stdout=subprocess.PIPE, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0
    why, _, kept = done.stdout.splitlines()[-1].rpartition(" ")
    return why, int(kept)


@pytest.fixture
def script(tmp_path: Path) -> Path:
    (tmp_path / "run_it.py").write_text(SCRIPT)
    return tmp_path / "run_it.py"


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    questions = ["Who built the Orvay tower?", "When was Stennick Head Light automated?", "What is a whale?"]
    rows = [
        *({"document": {"source": source, "text": text}} for source, text in TEXTS.items()),
        *({"id": f"q{n}", "question": text, "documents": "all"} for n, text in enumerate(questions)),
    ]
    (tmp_path / "cases.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return tmp_path / "cases.jsonl"


@pytest.mark.slow
def test_a_run_on_ray_has_the_scores_of_one_on_a_single_machine(script: Path, cases: Path, tmp_path: Path) -> None:
    pytest.importorskip("ray")
    assert ran(script, cases, tmp_path / "one", "here") == ("", 3)
    assert ran(script, cases, tmp_path / "two", "ray") == ("", 3)
    ((one, other),) = read_sides(str(tmp_path / "one"), str(tmp_path / "two"))
    for case, result in one.results.items():
        assert other.results[case].answer is not None
        for name, value in result.scores.items():
            if not name.startswith("seconds"):
                assert other.results[case].scores[name] == pytest.approx(value, abs=1e-12), (case, name)
    manifest = read(tmp_path / "two").manifest
    assert manifest.finished
    assert not manifest.interrupted


@pytest.mark.slow
def test_what_was_finished_is_kept_when_a_worker_dies_and_the_rest_is_asked_later(
    script: Path, cases: Path, tmp_path: Path
) -> None:
    pytest.importorskip("ray")
    (tmp_path / "deadly.py").write_text(
        "import os\n"
        "from fontes.evals.metric import Metric\n"
        "def score(case, result):\n"
        "    return os._exit(1) if case.id == 'q1' else 1.0\n"
        "metric = Metric(name='deadly', meaning='m', source='s', higher_is_better=True, score=score)\n"
    )
    why, kept = ran(script, cases, tmp_path / "run", "ray", "deadly:metric")
    assert why.startswith("worker ")
    assert "was lost" in why
    assert kept < 3
    run = read(tmp_path / "run")
    assert run.manifest.interrupted
    assert len(run.results) == kept
    assert ran(script, cases, tmp_path / "run", "ray") == ("", 3 - kept)
    assert len(read(tmp_path / "run").results) == 3


async def test_without_ray_its_install_line_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.setenv("FONTES_HOME", str(tmp_path))
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "")
    runner = OnRay(
        folder=None,  # type: ignore[arg-type]  # it is not reached
        cases=(), changes={}, metrics=(), ruler={}, how=How(), workers=1,
    )  # fmt: skip
    with pytest.raises(RayError, match=r"it is not installed\. pip install 'fontes\[ray\]'"):
        await runner.run()
