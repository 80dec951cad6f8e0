"""How often the gate fails on noise, and how large a regression it catches: by simulation.

    python -m fontes.evals.simulate_gate [--gates 1000] [--sentences 4]

A run is drawn as a writer with a temperature makes it: each case has a true share of sentences that their citations
carry (Beta(8, 2), mean .8), and both runs write `--sentences` sentences of it anew, so that two runs of one system
differ in about half of their cases. A regression takes the same share off every case's true value. Three metrics of one
run (drawn with the same cases, and two sentences in three in common) stand for a gate of three rules. Exits with 1 when
noise fails the gate more often than .05, or the regression of .08 is caught less often than .95 at 200 cases.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .gate import Rule, judge
from .intervals import shown
from .paired import paired

SIZES = (50, 100, 200, 500, 1_000)
LOSSES = (0.02, 0.05, 0.08, 0.15)
PROMISED_AT, PROMISED_LOSS = 200, 0.08
"""The regression that has to be caught .95 of the time, and over how many cases."""

_ROUNDS = 1_000
RULES = tuple(Rule(metric=name, side="<", bound=-0.02) for name in ("citation_precision", "citation_recall", "f1"))

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """How many of `gates` failed."""

    failed: int
    gates: int

    @property
    def share(self) -> float:
        """The share that failed."""
        return self.failed / self.gates


def simulated(*, cases: int, loss: float, gates: int, rules: int = 1, sentences: int = 4, seed: int = 0) -> Simulated:
    """Draw pairs of runs and hold them against the gate; `loss` is what the second one loses of the true share."""
    draw = np.random.default_rng([seed, cases, int(loss * 1_000), rules])
    failed = 0
    for _ in range(gates):
        truth = draw.beta(8, 2, cases)
        before = _written(draw, truth, rules, sentences)
        after = _written(draw, np.clip(truth - loss, 0, 1), rules, sentences)
        found = {
            rule.metric: paired(one.tolist(), other.tolist(), rounds=_ROUNDS, seed=int(draw.integers(1 << 30)))
            for rule, one, other in zip(RULES, before, after, strict=False)
        }
        (rulings,) = judge(RULES[:rules], [found])
        failed += any(ruling.broken for ruling in rulings)
    return Simulated(failed=failed, gates=gates)


def _written(draw: np.random.Generator, truth: Floats, rules: int, sentences: int) -> list[Floats]:
    """A run's values of each metric: two sentences in three are judged alike by all of them."""
    carried = draw.random((rules, len(truth), sentences))
    shared = draw.random((len(truth), sentences))
    is_shared = draw.random((len(truth), sentences)) < 2 / 3
    return [(np.where(is_shared, shared, own) < truth[:, None]).mean(axis=1) for own in carried]


def report(gates: int, sentences: int) -> bool:
    """Print both tables; whether what is promised holds."""
    print(f"Pure noise: two runs of one system, {gates} gates each. Failed, with the 95 % interval:")
    quiet = True
    for rules in (1, len(RULES)):
        for cases in SIZES:
            noise = simulated(cases=cases, loss=0, gates=gates, rules=rules, sentences=sentences)
            quiet &= noise.share <= 0.05
            print(f"  {rules} rule{'s' if rules > 1 else ' '}  {cases:5} cases  {shown(noise.failed, gates)}")
    print(f"\nA seeded regression, one rule ({RULES[0]}), {gates} gates each. Caught:")
    print("   cases" + "".join(f"   loss {loss:.2f}" for loss in LOSSES))
    caught = 0.0
    for cases in SIZES:
        row = [simulated(cases=cases, loss=loss, gates=gates, sentences=sentences) for loss in LOSSES]
        print(f"  {cases:6}" + "".join(f"  {each.share:10.3f}" for each in row))
        if cases == PROMISED_AT:
            caught = row[LOSSES.index(PROMISED_LOSS)].share
    print(f"\nnoise fails at most .05 everywhere: {'yes' if quiet else 'NO'}")
    print(f"a loss of {PROMISED_LOSS} over {PROMISED_AT} cases is caught: {caught:.3f} (promised: at least .95)")
    return quiet and caught >= 0.95


def main(arguments: Sequence[str] | None = None) -> int:
    """Run both simulations."""
    parser = argparse.ArgumentParser(description="Simulate the gate on noise and on a seeded regression.")
    parser.add_argument("--gates", type=int, default=1_000, help="pairs of runs for each figure")
    parser.add_argument("--sentences", type=int, default=4, help="sentences of an answer: fewer are noisier")
    wanted = parser.parse_args(arguments)
    return 0 if report(wanted.gates, wanted.sentences) else 1


if __name__ == "__main__":
    sys.exit(main())
