"""What the entailment model says of a claim, as two features beside those of its words.

`evals/train_entailment.py` writes the folder: the model, and in `WEIGHTS` how much each feature counts together with
it. Both belong together: another training run gives other numbers, so the weights name the model they were fitted to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ...retrievers.sentences import sentence_spans
from .gathered import gathered
from .lexical import FEATURES, Weights
from .nli_folder import NliFolder, Relation, Unusable

WEIGHTS = "lexical_entailment.json"

ENTAILMENT_FEATURES = ("entailed", "least_entailed")

_CLASSES: set[Relation] = {"entailment", "not_entailment"}

# Sentences of a claim that are asked about beside the whole of it, 20 to 50 ms each; shorter ones say nothing alone.
_MOST_SENTENCES, _FEWEST_WORDS = 5, 4

# Log odds of a claim that the model cannot read as a whole, and the furthest from 0 that it is believed.
_UNREAD, _FURTHEST = -2.0, 6.0


class NoEntailment(Unusable):
    """The folder holds no model that the verifier `entailment` can use."""

    hint = "Write the folder with `python -m fontes.evals.train_entailment`, and name it in FONTES_NLI"


class _Fitted(BaseModel):
    model_config = ConfigDict(extra="ignore")

    weights: dict[str, float]
    intercept: float
    supported_at: float = Field(gt=0, lt=1)
    partial_at: float = Field(gt=0, lt=1)
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entailed:
    """The log odds that the evidence entails the claim, and that it entails the sentence of it that it does least."""

    whole: float
    least: float

    @property
    def features(self) -> dict[str, float]:
        """By name, as the weights know them."""
        return dict(zip(ENTAILMENT_FEATURES, (self.whole, self.least), strict=True))


class Entailment:
    """The model in `folder`: model.onnx, tokenizer.json and config.json as for `Nli`, with two classes.

    `digest` is that of its files; two folders with the same bytes have the same.

    Raises:
        NoEntailment: a file is missing or cannot be read, or the classes are others.
    """

    def __init__(self, folder: Path) -> None:
        try:
            self._folder = NliFolder(folder)
        except Unusable as error:
            raise NoEntailment(error.what, error.why) from error
        self.digest = self._folder.digest
        if set(self._folder.relations) != _CLASSES:
            raise NoEntailment(str(folder), f"its classes are {', '.join(self._folder.relations)}")
        self._sign = 1 if self._folder.relations[0] == "entailment" else -1

    def entailed(self, claim: str, evidence: Sequence[str]) -> Entailed:
        """What the model says of the claim beside the few sentences of the evidence that speak of it (15 to 60 ms for
        each time that it is asked: once, and for each sentence of a claim of several).

        Raises:
            Unusable: onnxruntime cannot load the model or read a pair with it.
        """
        whole = self._log_odds(claim, evidence)
        said = [claim[start:end] for start, end in sentence_spans(claim)]
        parts = [part for part in said if len(part.split()) >= _FEWEST_WORDS][:_MOST_SENTENCES]
        least = min(self._log_odds(part, evidence) for part in parts) if len(parts) > 1 else whole
        return Entailed(whole=whole, least=least)

    def _log_odds(self, said: str, evidence: Sequence[str]) -> float:
        said = " ".join(said.split())
        logits = self._folder.logits(gathered(said, evidence), said)
        if logits is None:
            return _UNREAD
        return max(-_FURTHEST, min(_FURTHEST, self._sign * (logits[0] - logits[1])))


def fitted_weights(folder: Path, digest: str) -> Weights:
    """The weights in `folder`, which must be fitted to the model of this digest.

    Raises:
        NoEntailment: there are none, they weigh other features, or they were fitted to another model.
    """
    path = folder / WEIGHTS
    try:
        read = _Fitted.model_validate_json(path.read_bytes())
    except OSError as error:
        raise NoEntailment(str(path), error.strerror or "cannot be read") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise NoEntailment(str(path), f"{'.'.join(map(str, first['loc'])) or 'it'}: {first['msg']}") from error
    if foreign := set(read.weights) ^ {*FEATURES, *ENTAILMENT_FEATURES}:
        raise NoEntailment(str(path), f"it was fitted to other features ({', '.join(sorted(foreign))})")
    if read.model != digest:
        raise NoEntailment(str(path), f"it was fitted to the model {read.model[:12]}…, and this one is {digest[:12]}…")
    return Weights(
        weights=read.weights, intercept=read.intercept, supported_at=read.supported_at, partial_at=read.partial_at
    )
