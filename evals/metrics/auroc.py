"""The area under the ROC curve of a verifier's scores."""

from collections.abc import Sequence

import numpy as np

from ..logistic import auroc
from ..metric import Metric, Row
from .verdicts import judged_rows, mean_score


def of_rows(rows: Sequence[Row]) -> float | None:
    """How often a supported claim scores above an unsupported one, ties counting half; None unless both are there."""
    table = np.array(rows).reshape(len(rows), 3)
    return auroc(table[:, 2], table[:, 0]) if 0 < table[:, 2].sum() < len(table) else None


METRICS = (
    Metric(
        name="verdict_auroc",
        meaning="how often a supported claim scores above an unsupported one",
        source="Hanley and McNeil 1982",
        higher_is_better=True,
        score=mean_score,
        rows=judged_rows,
        aggregate=of_rows,
    ),
)
