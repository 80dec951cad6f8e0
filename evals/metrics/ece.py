"""Expected calibration error and the reliability diagram behind it.

Naeini, Cooper and Hauskrecht 2015, "Obtaining Well Calibrated Probabilities Using Bayesian Binning", with
bins of equal width as in Guo et al. 2017, "On Calibration of Modern Neural Networks".
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..metric import Metric, Row
from .verdicts import judged_rows, mean_score


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Predictions from `low` to `high`: their mean, the share that came true, and the share of all weight they have."""

    low: float
    high: float
    predicted: float
    observed: float
    share: float


def reliability(
    probabilities: Sequence[float], outcomes: Sequence[bool], weights: Sequence[float] | None = None, *, bins: int = 10
) -> tuple[Bin, ...]:
    """The bins that hold a prediction, from 0 to 1; 1.0 belongs to the last.

    Raises:
        ValueError: a prediction is outside of [0, 1], or there is none.
    """
    p = np.asarray(probabilities, dtype=np.float64)
    if not len(p):
        raise ValueError("calibration is undefined without a prediction")
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError("a probability lies in [0, 1]")
    mass = np.ones(len(p)) if weights is None else np.asarray(weights, dtype=np.float64)
    truth = np.asarray(outcomes, dtype=np.float64)
    places = np.minimum((p * bins).astype(int), bins - 1)
    return tuple(
        Bin(
            low=place / bins,
            high=(place + 1) / bins,
            predicted=float(np.average(p[held], weights=mass[held])),
            observed=float(np.average(truth[held], weights=mass[held])),
            share=float(mass[held].sum() / mass.sum()),
        )
        for place in range(bins)
        if mass[held := places == place].sum() > 0
    )


def ece(
    probabilities: Sequence[float], outcomes: Sequence[bool], weights: Sequence[float] | None = None, *, bins: int = 10
) -> float:
    """The mean distance of predicted and observed over the bins, each by its share, in [0, 1]; 0 is calibrated.

    Raises:
        ValueError: a prediction is outside of [0, 1], or there is none.
    """
    return sum(
        each.share * abs(each.predicted - each.observed)
        for each in reliability(probabilities, outcomes, weights, bins=bins)
    )


def of_rows(rows: Sequence[Row]) -> float | None:
    """Of (score, verdict, truth); None without a row."""
    return ece([row[0] for row in rows], [row[2] > 0 for row in rows]) if rows else None


METRICS = (
    Metric(
        name="verdict_ece",
        meaning="mean distance of the verifier's scores and the share that is supported, over ten bins",
        source="Naeini, Cooper and Hauskrecht 2015",
        higher_is_better=False,
        score=mean_score,
        rows=judged_rows,
        aggregate=of_rows,
    ),
)
