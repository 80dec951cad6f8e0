"""How long answers take, as a whole and by step of the river."""

from collections.abc import Callable, Sequence

import numpy as np

from ..case import Case
from ..metric import Metric, Row
from ..result import Result

STEPS = ("understand", "route", "search", "crawl", "retrieve", "rerank", "draft", "verify", "answer", "repair")


def percentile(share: float) -> Callable[[Sequence[Row]], float | None]:
    """The figure that `share` percent of the rows' first values do not exceed, linear between two; None of no row."""

    def of(rows: Sequence[Row]) -> float | None:
        return float(np.percentile([row[0] for row in rows], share)) if rows else None

    return of


def seconds(_case: Case, result: Result) -> float | None:
    """Wall time of the answer."""
    usage = (result.answer or {}).get("usage", {})
    value: float | None = usage.get("seconds")
    return value


def _step(name: str) -> Metric:
    def score(_case: Case, result: Result) -> float | None:
        return result.stages.get(name)

    return Metric(
        name=f"seconds.{name}",
        meaning=f"wall time of {name}, median over the answers that came by it",
        source="own definition",
        higher_is_better=False,
        score=score,
        aggregate=percentile(50),
        unit="s",
    )


METRICS = (
    *(
        Metric(
            name=f"seconds_p{share}",
            meaning=f"wall time that {share} % of answers do not exceed",
            source="own definition",
            higher_is_better=False,
            score=seconds,
            aggregate=percentile(share),
            unit="s",
        )
        for share in (50, 95)
    ),
    *map(_step, STEPS),
)
