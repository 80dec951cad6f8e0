"""The gate by simulation: noise passes, a seeded regression does not."""

import pytest
from fontes.evals.simulate_gate import PROMISED_AT, PROMISED_LOSS, main, simulated


def test_a_seeded_regression_is_caught() -> None:
    assert simulated(cases=PROMISED_AT, loss=PROMISED_LOSS, gates=60).share >= 0.95


@pytest.mark.parametrize("rules", [1, 3])
def test_pure_noise_passes(rules: int) -> None:
    assert simulated(cases=200, loss=0, gates=100, rules=rules).share <= 0.08  # .05, and the luck of a hundred


@pytest.mark.slow
def test_the_printed_simulation_holds_what_is_promised(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--gates", "1000"]) == 0
    assert "noise fails at most .05 everywhere: yes" in capsys.readouterr().out
