"""Agreement of a verifier with people beyond what chance gives."""

from collections.abc import Sequence

from ..agreement import cohen_kappa
from ..metric import Metric, Row
from .verdicts import judged_rows, share_right


def of_rows(rows: Sequence[Row]) -> float | None:
    """Of (score, verdict, truth); None without a row, and where judge and people know one label only."""
    return cohen_kappa([row[1] for row in rows], [row[2] for row in rows]) if rows else None


METRICS = (
    Metric(
        name="verdict_kappa",
        meaning="agreement of the verifier with people on labelled claims, beyond chance",
        source="Cohen 1960",
        higher_is_better=True,
        score=share_right,
        rows=judged_rows,
        aggregate=of_rows,
    ),
)
