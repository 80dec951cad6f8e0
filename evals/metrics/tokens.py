"""Tokens of models."""

from ..case import Case
from ..metric import Metric
from ..result import Result


def score(_case: Case, result: Result) -> float | None:
    """Prompt and completion tokens of an answer; None where nobody counted."""
    usage = (result.answer or {}).get("usage", {})
    counted = [usage[name] for name in ("prompt_tokens", "completion_tokens") if usage.get(name) is not None]
    return float(sum(counted)) if counted else None


METRICS = (
    Metric(
        name="tokens",
        meaning="tokens of models, sent and received, mean over answers",
        source="as the servers count them",
        higher_is_better=False,
        score=score,
        unit="tokens",
    ),
)
