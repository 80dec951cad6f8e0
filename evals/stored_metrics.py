"""The metrics that a stored run was measured by."""

from collections.abc import Callable, Sequence

from .case import Case
from .metric import Metric
from .registry import METRICS, metrics_named
from .result import Result
from .run_folder import Manifest


def metrics_of(manifest: Manifest, named: Sequence[str] = ()) -> tuple[Metric, ...]:
    """Those of the run, or those `named` (of ours, of the run, or as `package.module:name`).

    One's own is not imported for being in a run: its figure is the mean of the values that were kept, unless it is
    named in full.

    Raises:
        MetricError: a name is none of these.
    """
    return tuple(
        _kept(name) if name in manifest.metrics and name not in METRICS else metrics_named([name])[0]
        for name in dict.fromkeys(named or manifest.metrics)
    )


def _kept(name: str) -> Metric:
    return Metric(
        name=name,
        meaning="one's own, mean of the values that were kept",
        source=f"name it in full, as package.module:{name}, for more",
        higher_is_better=True,
        score=_value(name),
        unit="own",
    )


def _value(name: str) -> Callable[[Case, Result], float | None]:
    return lambda _case, result: result.scores.get(name)
