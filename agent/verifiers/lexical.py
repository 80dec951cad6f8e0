"""The verifier that needs no model server: do the words of the evidence carry the claim?

It compares words, numbers, names and negations, and weighs them with a small logistic model that
`evals/train_verifier.py` fits and judges. It knows what a source says, not what is true: so it never says
`contradicted`, and a reason is put as what is not in the source.
"""

import asyncio
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from ..state import Label, Verdict
from .features import Findings, compare

# A claim whose words stand in the evidence one after the other is what the source says, whatever the model thinks.
_VERBATIM = 0.97

# The most that a claim at odds with its evidence can score; less than `supported_at`.
_AT_ODDS = 0.45

FEATURES = (
    "focus_coverage", "thin", "best_window", "gap", "gap_share", "length", "evidence_length", "numbers",
    "numbers_missing", "name_missing", "names_missing", "opposites", "inserted", "order", "absolutes_added",
    "negation_added", "negation_dropped",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """The model: log odds = intercept + Σ weight · feature; from `supported_at` on a claim is supported, from
    `partial_at` on in part."""

    weights: Mapping[str, float]
    intercept: float
    supported_at: float
    partial_at: float


@cache
def shipped() -> Weights:
    """The weights that come with the package."""
    data = json.loads(files("fontes.agent.verifiers").joinpath("lexical.json").read_text(encoding="utf-8"))
    return Weights(
        weights=data["weights"],
        intercept=data["intercept"],
        supported_at=data["supported_at"],
        partial_at=data["partial_at"],
    )


def log_odds(found: Findings, model: Weights) -> float:
    """What the model alone makes of the findings."""
    return model.intercept + sum(weight * found.features[name] for name, weight in model.weights.items())


def score(found: Findings, odds: float) -> float:
    """The probability of support in [0, 1]: the model's, bounded by what needs no model."""
    probability = 1 / (1 + math.exp(-max(-40.0, min(40.0, odds))))
    if found.is_verbatim:
        return _VERBATIM
    return min(probability, _AT_ODDS) if found.is_at_odds else probability


class Lexical:
    """Judges a claim by words; the label is `supported`, `partial` or `unsupported`, never `contradicted`.

    A claim that stands verbatim in the evidence scores .97. One with a number that no evidence text holds is never
    supported, nor one with a negation, an opposite or two names that are not there. 8,000 characters of evidence take
    about 5 ms.
    """

    name = "lexical/1"

    async def check(self, claim: str, evidence: Sequence[str]) -> Verdict:
        return await asyncio.to_thread(self._judge, claim, tuple(evidence))

    def _judge(self, claim: str, evidence: tuple[str, ...]) -> Verdict:
        found = compare(claim, evidence)
        if found is None:
            why = "there is no evidence" if claim.strip() else "nothing is claimed"
            return Verdict(label="unsupported", score=0.0, verifier=self.name, reason=why)
        model = shipped()
        support = score(found, log_odds(found, model))
        label: Label = "supported" if support >= model.supported_at else "partial"
        if support < model.partial_at:
            label = "unsupported"
        reason = "" if found.is_verbatim else _objection(found, label)
        return Verdict(label=label, score=round(support, 4), verifier=self.name, reason=reason)


def _objection(found: Findings, label: Label) -> str:
    """What speaks most against support, in a few words."""
    if found.missing_numbers:
        return _absent("number", found.missing_numbers)
    if found.negation:
        return found.negation
    if found.opposites:
        mine, theirs = found.opposites[0]
        return f"the source says “{theirs}”, not “{mine}”"
    if found.missing_names:
        return _absent("name", found.missing_names)
    if label == "supported":
        return ""
    return f"{round(100 * (1 - found.features['focus_coverage']))} % of its words are not in the source"


def _absent(kind: str, missing: Sequence[str]) -> str:
    named = ", ".join(missing[:3])
    return (
        f"the {kind} {named} is not in the source"
        if len(missing) == 1
        else f"the {kind}s {named} are not in the source"
    )
