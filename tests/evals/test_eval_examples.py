"""The example cases are what their schema says, and a run over them ends well."""

from pathlib import Path

import pytest
from fontes.agent.cli.door import closing
from fontes.crawler import extract
from fontes.evals.cases import read_cases
from fontes.evals.cli import app
from fontes.evals.registry import METRICS
from fontes.evals.run_folder import read

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "eval"
TYPES = {".html": "text/html", ".md": "text/markdown", ".txt": "text/plain"}


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("*.jsonl")), ids=lambda file: file.name)
def test_an_example_is_read_and_its_quotes_stand_in_their_files(file: Path) -> None:
    for case in read_cases(file):
        paths = {document.source: Path(document.path) for document in case.documents if document.path}
        for span in case.gold_spans:
            path = paths[span.source]
            assert span.quote in extract(path.read_bytes(), content_type=TYPES[path.suffix]).text


@pytest.mark.slow
@pytest.mark.parametrize("name", ["lighthouses", "labels", "web"])
def test_a_run_over_an_example_ends_well(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FONTES_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FONTES_HOST_GAP_S", "0")
    command = ["run", str(EXAMPLES / f"{name}.jsonl"), "--out", str(tmp_path / "out"), "--set", "reranker=none"]
    assert closing(lambda: app(command, standalone_mode=False)) == 0
    stored = read(tmp_path / "out")
    pairs = [(stored.case_of[result.case], result) for result in stored.results]
    floors = {
        "lighthouses": {"right": 0.7, "hit@1": 0.9, "quote_validity": 1.0, "citation_recall": 0.9},
        "labels": {"verdict_balanced_accuracy": 1.0},
        "web": {"contains": 1.0, "abstention_recall": 1.0},
    }[name]
    for metric, floor in floors.items():
        assert (METRICS[metric].figure(pairs) or 0) >= floor, metric
