"""Train `agent/verifiers/lexical.json`: does the evidence support the claim, by words alone?

    python -m fontes.evals.train_verifier ../shared/data [--write]

| set | a claim is supported when | evidence |
|---|---|---|
| wice | the cited pages support all of it (partly is not enough) | the cited pages |
| wice/sentences | the same | the sentences that were marked as its support |
| summedits | the summary was not edited into a falsehood | the document |
| scifact | the abstract supports it (contradicted and undecided are negatives) | the abstract |
| fm2 | the adversarial claim is true | the gold sentences |

Beside them stand made-up negatives: each set's claims with another document (`… foreign`), and its supported claims
with a negation put in or taken out, a word turned into its opposite, or a number changed (`… corrupted`): without
them the weights of negation and opposites stay near zero (SciFact supported against contradicted .51 → .62).
Cross-validated by document. AttributionBench has no licence: it is measured, never trained on.
"""

import argparse
import hashlib
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..agent.verifiers.features import Findings, compare
from ..agent.verifiers.lexical import FEATURES, score
from ..agent.verifiers.reading.terms import stem, words
from .corruptions import plain_corruptions
from .datasets import read_rows
from .logistic import Floats, Logistic, Rows, auroc, balanced, fit, held_out

RIDGE = 0.03

# How much a set counts. SummEdits is dialogue against abstractive summaries, the furthest from checking a citation.
MASS = {"wice": 1.0, "wice/sentences": 0.5, "summedits": 0.5, "scifact": 0.7, "fm2": 0.7}
FOREIGN, CORRUPTED = 0.4, 0.3

FILES = ("wice/claims.jsonl", "wice/pages.jsonl.gz", "summedits/items.jsonl", "summedits/docs.jsonl.gz",
         "scifact_partial/claims.jsonl", "scifact_partial/corpus.jsonl.gz", "fm2/items.jsonl")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A claim, the texts it is judged by, whether they support it, and the document that folds keep together."""

    claim: str
    evidence: tuple[str, ...]
    is_supported: bool
    group: str


def read_claims(folder: Path) -> dict[str, list[Pair]]:
    """All claim sets of `folder` (`…/data/claims`) by name, the ones that are only measured among them."""
    scifact = _scifact(folder / "scifact_partial")
    fm2 = list(read_rows(folder / "fm2/items.jsonl"))
    documents = {row["doc_id"]: row["text"] for row in read_rows(folder / "summedits/docs.jsonl.gz")}
    return _wice(folder / "wice") | {
        "summedits": [
            _pair(row["summary"], [documents[row["doc_id"]]], row["label"] == 1, row["doc_id"])
            for row in read_rows(folder / "summedits/items.jsonl")
        ],
        "scifact": [pair for _, pair in scifact],
        "scifact s/c": [pair for label, pair in scifact if label != "NOT_ENOUGH_INFO"],
        "fm2": [_fm2(row, "gold_evidence") for row in fm2],
        "fm2/retrieved": [_fm2(row, "retrieved_evidence") for row in fm2],
        "attributionbench": [
            _pair(row["claim"], row["references"], row["label"] == "attributable", row["id"])
            for row in read_rows(folder / "attributionbench/items.jsonl.gz")
        ],
    }


def _wice(folder: Path) -> dict[str, list[Pair]]:
    pages = {row["page_id"]: row["sentences"] for row in read_rows(folder / "pages.jsonl.gz")}
    whole: list[Pair] = []
    marked: list[Pair] = []
    for row in read_rows(folder / "claims.jsonl"):
        claim, is_supported, cited = row["claim"], row["label"] == "supported", row["cited_pages"]
        whole.append(_pair(claim, ["\n".join(pages[page]) for page in cited], is_supported, cited[0]))
        if any(row["supporting"]):
            sentences = [pages[place["page_id"]][place["sentence"]] for place in row["supporting"][0]]
            marked.append(_pair(claim, sentences, is_supported, cited[0]))
    return {"wice": whole, "wice/sentences": marked}


def _scifact(folder: Path) -> list[tuple[str, Pair]]:
    abstracts = {row["doc_id"]: row["text"] for row in read_rows(folder / "corpus.jsonl.gz")}
    return [
        (label, _pair(row["claim"], [abstracts[a] for a in row["relevant"]], label == "SUPPORT", row["relevant"][0]))
        for row in read_rows(folder / "claims.jsonl")
        if (label := row["label"])
    ]


def _fm2(row: dict[str, Any], evidence: str) -> Pair:
    texts = [part["text"] for part in row[evidence]]
    return _pair(row["text"], texts, row["label"] == "SUPPORTS", row["wikipedia_page"])


def foreign(pairs: Sequence[Pair], most: int = 100) -> list[Pair]:
    """Claims with another document's evidence, and beside them the supported ones with their own."""
    draw = random.Random(7)
    made: list[Pair] = []
    for pair in pairs[:most]:
        other = draw.choice([p for p in pairs if p.group != pair.group])
        made.append(Pair(claim=pair.claim, evidence=other.evidence, is_supported=False, group=pair.group))
    return made + [pair for pair in pairs[:most] if pair.is_supported]


def corrupted(pairs: Sequence[Pair]) -> list[Pair]:
    """Supported claims made false in one place, and beside them those they were made of."""
    draw = random.Random(7)
    made: list[Pair] = []
    for pair in pairs:
        wrong = list(plain_corruptions(pair.claim, draw)) if pair.is_supported else []
        made += [Pair(claim=w, evidence=pair.evidence, is_supported=False, group=pair.group) for w in wrong]
        made += [pair] if wrong else []
    return made


def word_overlap(pair: Pair) -> float:
    """The plain floor: the share of the claim's words that the evidence holds."""
    held = {stem(word) for text in pair.evidence for word in words(text)}
    said = {stem(word) for word in words(pair.claim)}
    return len(said & held) / max(1, len(said))


def findings(pairs: Sequence[Pair]) -> list[Findings]:
    """What the verifier finds for each pair; every one of them has words to compare."""
    return [found for pair in pairs if (found := compare(pair.claim, pair.evidence))]


def features(found: Sequence[Findings]) -> Floats:
    """One row each, in the order of `FEATURES`."""
    return np.array([[each.features[name] for name in FEATURES] for each in found])


SIGNS = {"focus_coverage": 1, "best_window": 1, "order": 1, "numbers": 0, "length": 0, "evidence_length": 0}


def train(rows: Rows) -> Logistic:
    """The model of `rows`, with no weight against the sense of its feature."""
    return fit(rows, [SIGNS.get(name, -1) for name in FEATURES], RIDGE)


def rows_of(sets: dict[str, list[Pair]], found: dict[str, list[Findings]], mass: dict[str, float]) -> Rows:
    """The rows of the sets that `mass` names, weighted by it."""
    names = [name for name in mass for _ in sets[name]]
    pairs = [pair for name in mass for pair in sets[name]]
    labels = [pair.is_supported for pair in pairs]
    return Rows(
        features=np.concatenate([features(found[name]) for name in mass]),
        labels=np.array(labels, dtype=np.float64),
        weights=balanced(names, labels, mass),
        groups=tuple(f"{name.split('/')[0].split()[0]}:{pair.group}" for name, pair in zip(names, pairs, strict=True)),
        sets=tuple(names),
    )


def judged(folder: Path) -> tuple[dict[str, list[Pair]], dict[str, Floats], Logistic, dict[str, float]]:
    """All sets, each claim's score by a model that did not see its document, the model of all, and the sets' mass.

    The scores are what the verifier would say, the bounds of `lexical.score` included.
    """
    sets = read_claims(folder)
    mass = dict(MASS)
    for name in ("wice", "summedits", "scifact", "fm2"):
        sets[f"{name} foreign"], mass[f"{name} foreign"] = foreign(sets[name]), FOREIGN
        sets[f"{name} corrupted"], mass[f"{name} corrupted"] = corrupted(sets[name]), CORRUPTED
    found = {name: findings(pairs) for name, pairs in sets.items()}
    rows = rows_of(sets, found, mass)
    unseen, model = held_out(rows, train), train(rows)
    odds = {name: unseen[rows.of(name)] if name in mass else model.logits(features(found[name])) for name in sets}
    # The same claims as in a fitted set, so their held-out scores are taken from it.
    decided = {pair.claim for pair in sets["scifact s/c"]}
    odds["scifact s/c"] = odds["scifact"][[pair.claim in decided for pair in sets["scifact"]]]
    scores = {
        name: np.array([score(each, float(z)) for each, z in zip(found[name], odds[name], strict=True)])
        for name in sets
    }
    return sets, scores, model, mass


def main() -> None:
    """Fit, print the cross-validated figures, and write the weights where asked to."""
    parser = argparse.ArgumentParser(description="Train the lexical verifier.")
    parser.add_argument("data", type=Path, help="folder of the development data")
    parser.add_argument("--write", action="store_true", help="replace agent/verifiers/lexical.json")
    arguments = parser.parse_args()
    folder = arguments.data / "claims"
    sets, scores, model, _ = judged(folder)
    figures = print_table(sets, scores)
    supported_at, partial_at = operating_points(sets, scores)
    if arguments.write:
        written = {
            "version": 2,
            "weights": dict(zip(FEATURES, (round(float(w), 4) for w in model.weights), strict=True)),
            "intercept": round(model.intercept, 4),
            "supported_at": supported_at,
            "partial_at": partial_at,
            "fitted_by": "python -m fontes.evals.train_verifier DATA --write",
            "auroc": figures,
            "data": {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in FILES},
        }
        path = Path(__file__).parents[1] / "agent/verifiers/lexical.json"
        path.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
        print(f"wrote {path}")


def print_table(sets: dict[str, list[Pair]], scores: dict[str, Floats]) -> dict[str, float]:
    """Print the AUROC of each set beside plain word overlap, and return ours."""
    figures: dict[str, float] = {}
    print(f"{'AUROC':22}{'claims':>8}{'words':>8}{'ours':>8}")
    for name, pairs in sets.items():
        labels = _truth(pairs).astype(np.float64)
        figures[name] = round(auroc(labels, scores[name]), 3)
        plain = auroc(labels, np.array([word_overlap(pair) for pair in pairs]))
        print(f"{name:22}{len(pairs):8}{plain:8.3f}{figures[name]:8.3f}")
    return figures


def operating_points(sets: dict[str, list[Pair]], scores: dict[str, Floats]) -> tuple[float, float]:
    """Where `supported` and `partial` begin, read off held-out claims.

    `supported`: the highest point whose mean balanced accuracy over the real sets is within .01 of the best, since what
    is wrongly supported is shown as fact. `partial`: above 95 % of the claims beside a foreign document.
    """
    print("\nfrom   mean balanced accuracy   precision   recall   (real sets, each half supported)")
    accuracies: dict[float, float] = {}
    for point in (round(0.5 + 0.05 * n, 2) for n in range(7)):
        recalls, alarms = np.array(
            [[(scores[name][_truth(sets[name]) == truth] >= point).mean() for name in MASS] for truth in (True, False)]
        )
        accuracies[point] = float((recalls + 1 - alarms).mean() / 2)
        precision = recalls.mean() / (recalls + alarms).mean()
        print(f"{point:.2f} {accuracies[point]:21.3f} {precision:14.2f} {recalls.mean():8.2f}")
    best = max(accuracies.values())
    foreign_ones = [scores[name][~_truth(pairs)] for name, pairs in sets.items() if name.endswith(" foreign")]
    return (
        max(point for point, accuracy in accuracies.items() if accuracy >= best - 0.01),
        round(float(np.quantile(np.concatenate(foreign_ones), 0.95)), 2),
    )


def _truth(pairs: Sequence[Pair]) -> NDArray[np.bool_]:
    return np.array([pair.is_supported for pair in pairs])


def _pair(claim: str, evidence: Sequence[str], is_supported: bool, group: str) -> Pair:
    return Pair(claim=claim, evidence=tuple(evidence), is_supported=is_supported, group=group)


if __name__ == "__main__":
    main()
