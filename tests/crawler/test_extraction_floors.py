"""The quality of extraction on the development pages does not fall below the floors in `extraction_floors.json`.

Floors are lowered by a reviewed change alone. `benchmarks/extraction.py` prints the same scores beside the peers'.
"""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOORS = json.loads((Path(__file__).parent / "extraction_floors.json").read_text())


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("extraction_benchmark", ROOT / "benchmarks/extraction.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
@pytest.mark.parametrize("floor", FLOORS)
def test_extraction_is_as_good_as_its_floor(floor: str, benchmark: ModuleType, shared_data: Path) -> None:
    name, score = floor.split(", ")
    pairs = [(benchmark.fontes(case), case) for case in benchmark.cases(shared_data / "extraction", name)]
    found = benchmark.mean_f1(pairs) if score == "mean word F1" else benchmark.snippet_f1(pairs)[2]
    assert found >= FLOORS[floor]
