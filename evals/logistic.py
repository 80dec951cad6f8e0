"""Fitting and judging small logistic models: signed weights, grouped folds, AUROC, operating points.

scikit-learn has no bounds on signs, and they matter here: a set whose false claims share more words than the true ones
(SummEdits) would otherwise teach that words in common speak against support.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What is fitted: `features` (n, d), `labels` 0 or 1, `weights` of the rows, `groups` that folds keep together.

    `sets` names the data set of each row.
    """

    features: Floats
    labels: Floats
    weights: Floats
    groups: tuple[str, ...]
    sets: tuple[str, ...]

    def of(self, name: str) -> Mask:
        """The rows of one set."""
        return np.array([each == name for each in self.sets])


@dataclass(frozen=True, slots=True, kw_only=True)
class Logistic:
    """p = σ(features · weights + intercept), over the features as they come (not standardised)."""

    weights: Floats
    intercept: float

    def logits(self, features: Floats) -> Floats:
        """The log odds of each row."""
        return np.asarray(features @ self.weights + self.intercept)


def balanced(sets: Sequence[str], labels: Sequence[bool], mass: dict[str, float]) -> Floats:
    """Weights under which each set counts by its `mass`, half of it for either label."""
    count = dict[tuple[str, bool], int]()
    for key in zip(sets, labels, strict=True):
        count[key] = count.get(key, 0) + 1
    return np.array([mass[name] / count[name, label] for name, label in zip(sets, labels, strict=True)])


def fit(rows: Rows, signs: Sequence[int], ridge: float, steps: int = 1_500) -> Logistic:
    """Weighted ridge logistic regression by projected gradient; a weight never has the sign against `signs`.

    `signs` has 1 or -1 for each feature, 0 for either way. `ridge` is the penalty on standardised weights, for
    row weights that sum to one.
    """
    mean, scale = rows.features.mean(axis=0), rows.features.std(axis=0) + 1e-9
    x = np.column_stack([(rows.features - mean) / scale, np.ones(len(rows.labels))])
    w = rows.weights / rows.weights.sum()
    penalty = np.append(np.full(len(signs), ridge), 0.0)
    low = np.array([0.0 if sign > 0 else -np.inf for sign in (*signs, 0)])
    high = np.array([0.0 if sign < 0 else np.inf for sign in (*signs, 0)])
    step = 1 / (0.25 * np.linalg.norm(x * np.sqrt(w)[:, None], 2) ** 2 + ridge)
    at = ahead = np.zeros(x.shape[1])
    for n in range(steps):  # Nesterov's acceleration
        gradient = x.T @ (w * (1 / (1 + np.exp(-(x @ ahead))) - rows.labels)) + penalty * ahead
        before, at = at, np.clip(ahead - step * gradient, low, high)
        ahead = at + n / (n + 3) * (at - before)
    weights = at[:-1] / scale
    return Logistic(weights=weights, intercept=float(at[-1] - weights @ mean))


def held_out(rows: Rows, train: Callable[[Rows], Logistic], *, folds: int = 5, rounds: int = 3) -> Floats:
    """Log odds of each row from models that did not see its group, averaged over `rounds` different partitions."""
    total = np.zeros(len(rows.labels))
    for seed in range(rounds):
        for test in _folds(rows.groups, folds, seed):
            kept = ~test
            model = train(
                Rows(
                    features=rows.features[kept],
                    labels=rows.labels[kept],
                    weights=rows.weights[kept],
                    groups=tuple(g for g, keep in zip(rows.groups, kept, strict=True) if keep),
                    sets=tuple(s for s, keep in zip(rows.sets, kept, strict=True) if keep),
                )
            )
            total[test] += model.logits(rows.features[test]) / rounds
    return total


def _folds(groups: Sequence[str], folds: int, seed: int) -> Iterator[Mask]:
    names = sorted(set(groups))
    random.Random(seed).shuffle(names)
    fold = {name: number % folds for number, name in enumerate(names)}
    places = np.array([fold[group] for group in groups])
    for number in range(folds):
        yield places == number


def auroc(labels: Floats, scores: Floats) -> float:
    """The probability that a positive row scores above a negative one, ties counting half."""
    truth = labels > 0.5
    differences = scores[truth][:, None] - scores[~truth][None, :]
    return float((differences > 0).mean() + 0.5 * (differences == 0).mean())


def recall_of_negatives(labels: Floats, scores: Floats, false_alarms: float) -> float:
    """The share of negatives below the point that `false_alarms` of the positives are below."""
    threshold = np.quantile(scores[labels > 0.5], false_alarms)
    return float((scores[labels < 0.5] < threshold).mean())


def interval(statistic: Callable[[NDArray[np.int64]], float], size: int, *, rounds: int = 1_000) -> tuple[float, float]:
    """The 95 % bootstrap interval of a statistic of rows drawn with repetition, from 2.5 to 97.5 %."""
    draw = np.random.default_rng(0)
    values = [statistic(draw.integers(0, size, size)) for _ in range(rounds)]
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return float(low), float(high)
