"""The same question to the same documents has the same answer, to the last digit, in every process."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

QUESTIONS = (
    "When was Stennick Head Light automated?",
    "Why did fog signals fall silent?",
    "Who painted the Mona Lisa?",
)
ASKING = """
import json, sys
from fontes import ask
from fontes.agent.wire import to_wire
for question in sys.argv[2:]:
    answer = to_wire(ask(question, sources=[sys.argv[1]])).model_dump()
    for named in ("run", "usage"):
        del answer[named]
    for each in (*answer["ledger"]["searched"], *(c for claim in answer["claims"] for c in claim["citations"])):
        each.pop("seconds", None), each.pop("fetched", None)
    print(json.dumps(answer))
"""


def answers(home: Path, seed: str) -> list[dict[str, object]]:
    asked = subprocess.run(
        [sys.executable, "-c", ASKING, "examples/lighthouses", *QUESTIONS],
        env={**os.environ, "PYTHONHASHSEED": seed, "FONTES_HOME": str(home), "FONTES_WEB": "0"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in asked.stdout.splitlines()]


@pytest.mark.slow
def test_the_order_of_sets_changes_nothing(tmp_path: Path) -> None:
    first, second = answers(tmp_path / "a", "1"), answers(tmp_path / "b", "2")
    assert [answer["status"] for answer in first] == ["answered", "answered", "abstained"]
    assert first == second
