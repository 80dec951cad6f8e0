"""The lexical verifier together with an entailment model: words, hard checks, and what the model says."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from ...retrievers.errors import ModelMissing
from ...retrievers.onnx_session import run_each
from ..errors import VerifierError
from ..state import Verdict
from .entailment import ENTAILMENT_FEATURES, Entailment, fitted_weights
from .features import compare
from .lexical import NAME, nothing_to_compare, verdict

_RULES = f"{NAME}+entailment/1"  # their version: verdicts are stored under it

_UNASKED = dict.fromkeys(ENTAILMENT_FEATURES, 0.0)


class LexicalEntailment:
    """As `Lexical`, with what the entailment model in `folder` says as two more features of the small model.

    The hard checks stay above both: a claim with an objection is never supported. What stands verbatim in the evidence
    is not asked about, for the words decide it. A claim takes 20 to 80 ms of one core, and about as much again for each
    of its sentences where it has several. The name tells the model and the weights: verdicts are kept under it.

    Raises:
        NoEntailment: from the constructor, which reads and hashes the files: one is missing, or the weights were not
            fitted to this model.
    """

    def __init__(self, folder: Path) -> None:
        self._model = Entailment(folder)
        self._weights = fitted_weights(folder, self._model.digest)
        fitted = sha256(f"{self._model.digest} {self._weights}".encode()).hexdigest()
        self.name = f"{_RULES} {fitted[:12]}"

    async def check(self, claim: str, evidence: Sequence[str]) -> Verdict:
        """See `Verifier.check`.

        Raises:
            VerifierError: onnxruntime cannot load the model or read a pair with it.
        """
        try:
            [found] = await run_each(self._verdict, [(claim, tuple(evidence))])
        except ModelMissing as error:
            raise VerifierError(error.what, error.why) from error
        return found

    def _verdict(self, asked: tuple[str, tuple[str, ...]]) -> Verdict:
        claim, evidence = asked
        found = compare(claim, evidence)
        if found is None:
            return nothing_to_compare(claim, self.name)
        more = _UNASKED if found.is_verbatim else self._model.entailed(claim, evidence).features
        return verdict(replace(found, features=found.features | more), self._weights, self.name)
