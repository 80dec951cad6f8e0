"""Risk–coverage: how often what is answered is wrong, as fewer and fewer questions are answered.

El-Yaniv and Wiener 2010, "On the Foundations of Noise-free Selective Classification"; the area under the curve is AURC
of Geifman, Uziel and El-Yaniv 2019, "Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers".
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..answer_json import confidence
from ..case import Case
from ..gold import is_answerable, said_right
from ..metric import Metric, Row
from ..result import Result

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One point a distinct score, the most confident first: what is answered when that score is the threshold.

    `coverage` is the share of all weight that is answered, `risk` the share of the answered weight that is wrong.
    """

    threshold: Floats
    coverage: Floats
    risk: Floats


def risk_coverage(scores: Sequence[float], wrong: Sequence[bool], weights: Sequence[float] | None = None) -> Curve:
    """The curve of cases that are answered from the highest score down; equal scores are answered together.

    `wrong` says whether answering would be wrong; `weights` count the cases (None: each as one).

    Raises:
        ValueError: there is no case.
    """
    if not len(scores):
        raise ValueError("risk is undefined without a case")
    values = np.asarray(scores, dtype=np.float64)
    mass = np.ones(len(values)) if weights is None else np.asarray(weights, dtype=np.float64)
    order = np.argsort(-values, kind="stable")
    answered = np.cumsum(mass[order])
    lost = np.cumsum((mass * np.asarray(wrong, dtype=np.float64))[order])
    last_of_each = np.append(np.flatnonzero(np.diff(values[order])), len(values) - 1)
    return Curve(
        threshold=values[order][last_of_each],
        coverage=answered[last_of_each] / answered[-1],
        risk=lost[last_of_each] / answered[last_of_each],
    )


def aurc(scores: Sequence[float], wrong: Sequence[bool], weights: Sequence[float] | None = None) -> float:
    """The mean risk over all coverages, in [0, 1], lower is better; a constant score has the share of `wrong`.

    Among equal scores the wrong ones are taken to be spread evenly.

    Raises:
        ValueError: there is no case.
    """
    curve = risk_coverage(scores, wrong, weights)
    lost = curve.risk * curve.coverage
    starts, before = np.append(0.0, curve.coverage[:-1]), np.append(0.0, lost[:-1])
    return float(sum(map(_area, starts, curve.coverage, before, lost)))


def _area(start: float, end: float, lost_before: float, lost: float) -> float:
    """The integral of risk from coverage `start` to `end` when what is wrong there is spread evenly."""
    rate = (lost - lost_before) / (end - start) if end > start else 0.0
    offset = lost_before - rate * start
    return rate * (end - start) + (offset * float(np.log(end / start)) if start > 0 else 0.0)


def rows(case: Case, result: Result) -> tuple[Row, ...]:
    """(confidence, wrong) of the sentence that the assistant is surest of, asserted or withheld.

    Wrong is any in an unanswerable case, and one that does not hold the gold; where no sentence was drafted, confidence
    is 0 and answering wrong. () where nothing tells what is right, or no sentence has a confidence.
    """
    answer, answerable = result.answer, is_answerable(case)
    if answer is None or answerable is None:
        return ()
    sentences = answer.get("sentences", ())
    sure = [(value, each) for each in sentences if (value := confidence(answer, each)) is not None]
    if not sure:
        return () if sentences else ((0.0, 1.0),)
    best, sentence = max(sure, key=lambda pair: pair[0])
    right = said_right(case, result, [sentence], sentence["text"]) if answerable else False
    return () if right is None else ((best, float(not right)),)


def score(case: Case, result: Result) -> float | None:
    """The confidence."""
    found = rows(case, result)
    return found[0][0] if found else None


def _area_of(found: Sequence[Row]) -> float | None:
    return aurc([row[0] for row in found], [row[1] > 0 for row in found]) if found else None


METRICS = (
    Metric(
        name="aurc",
        meaning="mean risk of the surest sentence over all coverages",
        source="Geifman, Uziel and El-Yaniv 2019",
        higher_is_better=False,
        score=score,
        rows=rows,
        aggregate=_area_of,
    ),
)
