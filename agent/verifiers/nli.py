"""The verifier that asks an entailment model given as a folder: a cross-encoder in ONNX, whatever made it."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...retrievers.errors import ModelMissing
from ...retrievers.onnx_session import run_each
from ..errors import VerifierError
from ..state import Label, Verdict
from .gathered import gathered
from .nli_folder import NliFolder, Relation
from .reading.clauses import subject_of
from .reading.names import Held, names
from .reading.terms import words
from .windows import Window, by_overlap, content, windows

_RULES = "nli/1"  # their version: verdicts are stored under it

# Premises of about 330 tokens of English: longer ones dilute what entails, and a claim must fit beside them.
_WINDOW_BYTES, _REPEATED, _MOST_WINDOWS = 1_400, 2, 4
_GATHERED_WORDS = 130

# A claim is judged whole up to here (about 150 tokens), else in so many parts of whole sentences.
_PART_BYTES, _MOST_PARTS, _FEWEST_WORDS = 600, 8, 4

_ENOUGH = 0.95  # further windows would change the score by less than this leaves
_ENTAILS = 0.5
_CONTRADICTS, _CLEARLY = 0.7, 0.3

_LACKS = "the source does not say it"
_MOST_SHOWN = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What a part of a claim came to: the highest probability that a window entails it, the text of the window that
    does so most, and of the first one that clearly contradicts it, "" if none does or one entails it."""

    text: str
    entailed: float
    best: str = ""
    against: str = ""


class Nli:
    """Judges with the model in `folder`: model.onnx, tokenizer.json and config.json, whose `id2label` names the
    classes (entailment, neutral, contradiction in any order, or entailment and not_entailment).

    Premises are windows of sentences, those that hold most of the claim's words, and the sentences that do so together;
    the highest entailment counts. `contradicted` needs a window that speaks of the claim's subject and clearly
    contradicts it, and none that entails it. A claim of several sentences can be partial, and one too long for eight
    parts is never supported. The score is the model's probability, as well calibrated as its maker left it.

    Pairs are read one by one, for a quantised model's numbers depend on what stands in the same batch.

    Raises:
        Unusable: from the constructor, which reads and hashes the files (0.5 s for 1 GB): one is missing, or the
            labels mean nothing known.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = NliFolder(folder)
        self.name = f"{_RULES} {folder.resolve().name} {self._folder.digest[:12]}"

    async def check(self, claim: str, evidence: Sequence[str]) -> Verdict:
        """See `Verifier.check`.

        Raises:
            VerifierError: onnxruntime cannot load the model or read a pair with it.
        """
        if not words(claim) or not any(map(words, evidence)):
            why = "there is no evidence" if words(claim) else "nothing is claimed"
            return Verdict(label="unsupported", score=0.0, verifier=self.name, reason=why)
        try:
            [verdict] = await run_each(self._verdict, [(claim, tuple(evidence))])
        except ModelMissing as error:
            raise VerifierError(error.what, error.why) from error
        return verdict

    def _verdict(self, asked: tuple[str, tuple[str, ...]]) -> Verdict:
        claim, evidence = asked
        stretches = list(windows(evidence, most_bytes=_WINDOW_BYTES, repeated=_REPEATED))
        said = _parts(claim)
        parts = [self._part(part, evidence, stretches) for part in said[:_MOST_PARTS]]
        if len(said) == 1 and parts[0].entailed < _ENTAILS and not parts[0].against:
            sentences = _sentences(claim)[:_MOST_PARTS]
            if len(sentences) > 1:
                return self._weighed([self._part(each, evidence, stretches) for each in sentences], most="partial")
        return self._weighed(parts, most="partial" if len(said) > _MOST_PARTS else "supported")

    def _weighed(self, parts: Sequence[_Part], *, most: Label) -> Verdict:
        """All parts entailed: `most`. One contradicted: contradicted. Some entailed: partial."""
        score = min(part.entailed for part in parts)
        lacking = [part for part in parts if part.entailed < _ENTAILS]
        reason = ""
        label: Label = most
        if any(part.against for part in parts):
            label, reason = "contradicted", "the source speaks against it"
        elif lacking:
            label = "partial" if len(lacking) < len(parts) else "unsupported"
            reason = f"the source does not say “{_short(lacking[0].text)}”" if len(parts) > 1 else _LACKS
        elif most == "partial":
            reason = "it is too long to be judged as a whole"
        if label != "supported":
            score = min(score, _ENTAILS - 0.01)
        against = next((part.against for part in parts if part.against), "")
        span = "" if label == "unsupported" else against or max(parts, key=lambda part: part.entailed).best
        return Verdict(label=label, score=round(score, 4), verifier=self.name, reason=reason, span=span)

    def _part(self, said: str, evidence: tuple[str, ...], stretches: Sequence[Window]) -> _Part:
        entailed, best, window, against = 0.0, "", 0.0, ""
        for premise, is_verbatim in _premises(said, evidence, stretches):
            found = self._probabilities(premise, said)
            entailed = max(entailed, found["entailment"])
            if is_verbatim and found["entailment"] > window:
                window, best = found["entailment"], premise
            if entailed >= _ENOUGH:
                break
            contradiction = found.get("contradiction", 0.0)
            rest = max(share for relation, share in found.items() if relation != "contradiction")
            is_clear = contradiction >= _CONTRADICTS and contradiction - rest >= _CLEARLY
            if is_clear and is_verbatim and not against and _speaks_of(said, premise):
                against = premise
        return _Part(text=said, entailed=entailed, best=best, against=against if entailed < _ENTAILS else "")

    def _probabilities(self, premise: str, said: str) -> dict[Relation, float]:
        """Nothing is entailed by anything for a claim that the model cannot read as a whole."""
        logits = self._folder.logits(premise, said)
        if logits is None:
            return {"entailment": 0.0}
        highest = max(logits)
        shares = [math.exp(logit - highest) for logit in logits]
        total = math.fsum(shares)
        return {relation: share / total for relation, share in zip(self._folder.relations, shares, strict=True)}


def _premises(said: str, evidence: tuple[str, ...], stretches: Sequence[Window]) -> Iterator[tuple[str, bool]]:
    """The best windows, each a verbatim stretch, then the sentences of all texts that together say most of it."""
    seen: set[str] = set()
    for window in by_overlap(said, stretches)[:_MOST_WINDOWS]:
        premise = evidence[window.text][window.start : window.end]
        key = " ".join(premise.split())
        if key not in seen:
            seen.add(key)
            yield premise, True
    together = gathered(said, evidence, _GATHERED_WORDS)
    if " ".join(together.split()) not in seen and words(together):
        yield together, False


def _speaks_of(said: str, premise: str) -> bool:
    """Whether the premise holds the names in the claim's subject, and half of the subject's words."""
    subject = subject_of(said)
    wanted, place = content(subject), len(subject)
    if not wanted:
        wanted, place = content(said), len(said)
    held = Held([premise])
    is_named = not any(held.missing(name) for name in names(said) if name.start < place)
    return bool(wanted) and is_named and 2 * len(wanted & content(premise)) >= len(wanted)


def _parts(claim: str) -> list[str]:
    parts = windows([claim], most_bytes=_PART_BYTES, most_sentences=100)
    return [claim[part.start : part.end] for part in parts]


def _sentences(claim: str) -> list[str]:
    """The sentences of a claim that say something."""
    found = [claim[each.start : each.end] for each in windows([claim], most_bytes=_PART_BYTES, most_sentences=1)]
    return [sentence for sentence in found if len(words(sentence)) >= _FEWEST_WORDS]


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN].rstrip()}…"
