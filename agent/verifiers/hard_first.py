"""What code finds against a claim comes before what a model makes of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol, runtime_checkable

from ..state import Label, Verdict
from . import Verifier
from .hard_checks import Objection, objections

_VERSION = "hard/2"

# What the source tells otherwise; the other kinds are what it does not tell.
_OTHERWISE = frozenset(["swap", "negation", "opposite", "denial", "comparison", "roles"])

# The most that a claim with an objection can score. Of the development claims with one, .16 are supported for a number,
# .21 for a date, .28 for a name, .36 for a negation, against .55 without any (2,069 claims and citations of WiCE,
# SummEdits, SciFact, FoolMeTwice and AttributionBench); a model's word that it is supported speaks for it, though.
_OBJECTED = 0.45


@runtime_checkable
class Batched(Protocol):
    """A verifier that judges several claims on the same evidence better together."""

    async def check_all(self, claims: Sequence[str], evidence: Sequence[str]) -> tuple[Verdict, ...]:
        """The verdicts of `claims`, in their order.

        Raises:
            VerifierError: no verdict could be reached.
        """
        ...


class HardFirst:
    """A verifier behind the hard checks: a claim with an objection is never supported, whatever `verifier` says.

    It is `unsupported` where the source tells it otherwise, `partial` where a detail is missing; a verdict that is
    lower anyway stays, and so does `contradicted`, which no objection brings about. The reason is the first objection.
    The verdict's verifier is the one that gave it, followed by the version of these checks.
    """

    def __init__(self, verifier: Verifier) -> None:
        self._verifier = verifier

    @property
    def name(self) -> str:
        """The verifier's name and the version of the checks."""
        return f"{self._verifier.name}+{_VERSION}"

    async def check(self, claim: str, evidence: Sequence[str]) -> Verdict:
        """See `Verifier.check`.

        Raises:
            VerifierError: as by the verifier.
        """
        texts = tuple(evidence)
        found = await asyncio.to_thread(objections, claim, texts)
        return _bounded(await self._verifier.check(claim, texts), found)

    async def check_all(self, claims: Sequence[str], evidence: Sequence[str]) -> tuple[Verdict, ...]:
        """See `Batched.check_all`; a verifier that judges none together is asked for one after the other."""
        texts = tuple(evidence)
        if not isinstance(self._verifier, Batched):
            return tuple([await self.check(claim, texts) for claim in claims])
        found = await asyncio.to_thread(lambda: [objections(claim, texts) for claim in claims])
        verdicts = await self._verifier.check_all(claims, texts)
        return tuple(map(_bounded, verdicts, found))


def _bounded(verdict: Verdict, found: Sequence[Objection]) -> Verdict:
    verdict = replace(verdict, verifier=f"{verdict.verifier}+{_VERSION}")
    if not found:
        return verdict
    score = min(verdict.score, _OBJECTED)
    if verdict.label == "contradicted":
        return replace(verdict, score=score, reason=verdict.reason or found[0].reason)
    told = next((objection for objection in found if objection.kind in _OTHERWISE), None)
    label: Label = "unsupported" if told or verdict.label == "unsupported" else "partial"
    return replace(verdict, label=label, score=score, reason=(told or found[0]).reason)
