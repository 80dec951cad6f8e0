"""The verifier socket: anything that judges whether evidence supports a claim."""

from collections.abc import Sequence
from typing import Protocol

from ..state import Verdict


class Verifier(Protocol):
    """Judges a claim against the texts it cites."""

    @property
    def name(self) -> str:
        """The verifier and its version: verdicts are stored under it."""
        ...

    async def check(self, claim: str, evidence: Sequence[str]) -> Verdict:
        """Judge `claim` against `evidence` (verbatim texts, in any number, none included).

        Raises:
            VerifierError: no verdict could be reached.
        """
        ...
