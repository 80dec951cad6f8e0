"""A verifier's verdicts beside a person's labels, as the metrics of verdicts take them."""

from ..case import Case
from ..metric import Row
from ..result import Result


def judged_rows(case: Case, result: Result) -> tuple[Row, ...]:
    """(score, verdict is `supported`, truth) of each labelled claim of a case; () without labels or verdicts."""
    verdicts = result.judged.labels
    if len(verdicts) != len(case.labels):
        return ()
    return tuple(
        (score, float(said), float(label.supported)) for (score, said), label in zip(verdicts, case.labels, strict=True)
    )


def share_right(case: Case, result: Result) -> float | None:
    """The share of a case's labels that the verdicts agree with."""
    rows = judged_rows(case, result)
    return sum(said == truth for _, said, truth in rows) / len(rows) if rows else None


def mean_score(case: Case, result: Result) -> float | None:
    """The mean score of a case's labelled claims."""
    rows = judged_rows(case, result)
    return sum(score for score, _, _ in rows) / len(rows) if rows else None
