"""The metrics by name: ours, and anybody's as `package.module:name`."""

from collections.abc import Sequence
from importlib import import_module

from .metric import Metric
from .metrics import (
    abstention,
    auroc,
    balanced_accuracy,
    citation_f1,
    citation_precision,
    citation_recall,
    contains,
    contradictions,
    correctness,
    cost,
    ece,
    exact_match,
    failed,
    hit,
    kappa,
    latency,
    mrr,
    ndcg,
    politeness,
    quote_validity,
    right,
    risk_coverage,
    spans,
    token_f1,
    tokens,
)

_FILES = (
    right, hit, mrr, ndcg, spans, exact_match, token_f1, contains, correctness, citation_precision, citation_recall,
    citation_f1, quote_validity, abstention, risk_coverage, balanced_accuracy, auroc, ece, kappa, contradictions,
    failed, latency, tokens, cost, politeness,
)  # fmt: skip

METRICS: dict[str, Metric] = {metric.name: metric for file in _FILES for metric in file.METRICS}
"""Ours by name, in the order of a report."""


class MetricError(Exception):
    """A metric that is not known or cannot be used: its name, why, and what to do."""

    def __init__(self, name: str, why: str, hint: str) -> None:
        super().__init__(name, why, hint)
        self.name, self.why, self.hint = name, why, hint

    def __str__(self) -> str:
        return f"metric {self.name!r}: {self.why}. {self.hint}."


def metrics_named(names: Sequence[str]) -> tuple[Metric, ...]:
    """The metrics with these names, each once; all of ours for ().

    Raises:
        MetricError: a name is not known, or `package.module:name` is no `Metric`.
    """
    return tuple(map(_named, dict.fromkeys(names or METRICS)))


def _named(name: str) -> Metric:
    if name in METRICS:
        return METRICS[name]
    module, _, attribute = name.partition(":")
    if not attribute:
        hint = f"Known are {', '.join(METRICS)}; one of your own is named package.module:name"
        raise MetricError(name, "it is not known", hint)
    try:
        found = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise MetricError(
            name, f"it cannot be imported: {error}", "Check the name, and that it is installed"
        ) from error
    if not isinstance(found, Metric):
        why = f"it is a {type(found).__name__}, no fontes.evals.metric.Metric"
        raise MetricError(name, why, "docs/evaluation.md shows one")
    if found.name in METRICS and found is not METRICS[found.name]:
        raise MetricError(name, f"it calls itself {found.name!r}, as one of ours", "Give it a name of its own")
    return found
