"""Balanced accuracy of verdicts."""

from collections.abc import Sequence

from ..metric import Metric, Row
from .verdicts import judged_rows, share_right


def balanced_accuracy(rows: Sequence[Row]) -> float | None:
    """The mean of the shares of supported and of unsupported claims judged rightly; None unless there are both."""
    shares = []
    for truth in (0.0, 1.0):
        said = [row[1] == truth for row in rows if row[2] == truth]
        if not said:
            return None
        shares.append(sum(said) / len(said))
    return sum(shares) / 2


METRICS = (
    Metric(
        name="verdict_balanced_accuracy",
        meaning="labelled claims judged rightly, supported and unsupported ones counting half each",
        source="Brodersen et al. 2010, “The Balanced Accuracy and Its Posterior Distribution”",
        higher_is_better=True,
        score=share_right,
        rows=judged_rows,
        aggregate=balanced_accuracy,
    ),
)
