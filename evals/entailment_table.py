"""What the entailment model adds to the words: AUROC on claims of unseen documents, and the weights of both."""

import asyncio
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..agent.verifiers.entailment import ENTAILMENT_FEATURES, WEIGHTS
from ..agent.verifiers.gathered import gathered
from ..agent.verifiers.lexical import FEATURES, Weights, bounded
from ..retrievers.embedders.bge import BgeSmall
from ..retrievers.rerankers.minilm import MiniLM
from .logistic import Floats, Logistic, Rows, auroc, balanced, fit, held_out, interval
from .train_entailment import FACTS, LEARNT, judged_sets
from .train_verifier import (
    CORRUPTED,
    FILES,
    FOREIGN,
    MASS,
    RIDGE,
    SIGNS,
    Pair,
    features,
    findings,
    operating_points,
    word_overlap,
)

SHOWN = ("wice", "wice/sentences", "summedits", "scifact", "scifact s/c", "fm2", "fm2/retrieved", "attributionbench")

# What corrupted claims count for where the model has a say: it has learnt from the like, so it knows them too well.
_CORRUPTED = 0.1

Sets = dict[str, list[Pair]]
Columns = dict[str, Floats]


def run_table(data: Path, work: Path) -> None:
    """Print AUROC, balanced accuracy and the catch of changed facts; leaves the weights of words and model together
    in the model's folder."""
    sets = judged_sets(data / "claims")
    read = json.loads((work / "scores.json").read_text(encoding="utf-8"))
    entailed = {name: np.array(read["scores"][name]) for name in sets if sets[name]}
    sets = {name: sets[name] for name in entailed}
    found = {name: findings(pairs) for name, pairs in sets.items()}
    words = {name: features(each) for name, each in found.items()}
    together = {name: np.column_stack([words[name], entailed[name]]) for name in sets}
    kinds = {"words": fitted(sets, words, CORRUPTED), "together": fitted(sets, together, _CORRUPTED)}
    # The hard checks bound a score by the threshold, and it is read off the scores: .55 is the words' own.
    free = Weights(weights={}, intercept=0.0, supported_at=0.55, partial_at=0.36)
    scores: dict[str, Columns] = {"model": {name: rows[:, 0] for name, rows in entailed.items()}}
    for kind, (odds, _) in kinds.items():
        scores[kind] = {
            name: np.array([bounded(f, float(z), free) for f, z in zip(found[name], odds[name], strict=True)])
            for name in sets
        }
    figures = print_auroc(sets, _near(work, sets), scores)
    points = operating_points(sets, scores["together"])
    for kind in ("words", "together"):
        print_points(kind, sets, scores[kind], points[0] if kind == "together" else free.supported_at)
    path = work / "entailment" / WEIGHTS
    written = _written(kinds["together"][1], points, figures, data / "claims") | {"model": read["model"]}
    path.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {path}")


def _written(model: Logistic, points: tuple[float, float], figures: dict[str, float], claims: Path) -> dict[str, Any]:
    weights = [round(float(weight), 4) for weight in model.weights]
    return {
        "version": 1,
        "weights": dict(zip((*FEATURES, *ENTAILMENT_FEATURES), weights, strict=True)),
        "intercept": round(model.intercept, 4),
        "supported_at": points[0],
        "partial_at": points[1],
        "fitted_by": "python -m fontes.evals.train_entailment table DATA WORK",
        "auroc": figures,
        "data": {name: hashlib.sha256((claims / name).read_bytes()).hexdigest() for name in FILES},
    }


def fitted(sets: Sets, columns: Columns, corrupted: float) -> tuple[Columns, Logistic]:
    """The held-out log odds of all sets from these columns, and the model of all, with corrupted claims at this mass;
    AttributionBench fits nothing."""
    mass = dict(MASS)
    for name in LEARNT:
        mass |= {f"{name} foreign": FOREIGN, f"{name} corrupted": corrupted}
    names = [name for name in mass for _ in sets[name]]
    pairs = [pair for name in mass for pair in sets[name]]
    labels = [pair.is_supported for pair in pairs]
    rows = Rows(
        features=np.concatenate([columns[name] for name in mass]),
        labels=np.array(labels, dtype=np.float64),
        weights=balanced(names, labels, mass),
        groups=tuple(f"{name.split('/')[0].split()[0]}:{pair.group}" for name, pair in zip(names, pairs, strict=True)),
        sets=tuple(names),
    )
    signs = [SIGNS.get(name, -1) for name in FEATURES]
    signs += [1] * (rows.features.shape[1] - len(signs))

    def train(some: Rows) -> Logistic:
        return fit(some, signs, RIDGE)

    unseen, model = held_out(rows, train), train(rows)
    odds = {name: unseen[rows.of(name)] if name in mass else model.logits(columns[name]) for name in sets}
    decided = {pair.claim for pair in sets["scifact s/c"]}
    odds["scifact s/c"] = odds["scifact"][[pair.claim in decided for pair in sets["scifact"]]]
    return odds, model


def print_auroc(sets: Sets, near: Columns, scores: dict[str, Columns]) -> dict[str, float]:
    """One line a set: word overlap, bge cosine, relevance by the cross-encoder, then the scores, and what words and
    model together gain over the words, with its 95 % interval. Returns the AUROC of both together."""
    figures: dict[str, float] = {}
    print(f"{'AUROC':18}{'n':>5}{'overlap':>9}{'bge':>9}{'cross':>9}" + "".join(f"{kind:>10}" for kind in scores))
    for name in SHOWN:
        truth = _truth(sets[name])
        plain = [np.array([word_overlap(pair) for pair in sets[name]]), *near.get(name, ())]
        cells = [f"{auroc(truth, each):9.3f}" for each in plain] + [" " * 9] * (3 - len(plain))
        cells += [f"{auroc(truth, each[name]):10.3f}" for each in scores.values()]
        figures[name] = round(auroc(truth, scores["together"][name]), 3)
        print(
            f"{name:18}{len(truth):5}{''.join(cells)}  {_gain(truth, scores['together'][name], scores['words'][name])}"
        )
    return figures


def _gain(truth: Floats, ours: Floats, plain: Floats) -> str:
    """The 95 % intervals of our AUROC and of its gain over the plain scores."""
    low, high = interval(lambda i: auroc(truth[i], ours[i]), len(truth))
    least, most = interval(lambda i: auroc(truth[i], ours[i]) - auroc(truth[i], plain[i]), len(truth))
    return f"[{low:.3f}, {high:.3f}]  gain {least:+.3f} to {most:+.3f}"


def _near(work: Path, sets: Sets) -> Columns:
    """Two rows for each set, worked out at the first call (two minutes) and kept in `work`."""
    sets = {name: sets[name] for name in SHOWN if "/" not in name or name == "scifact s/c"}
    path = work / "baselines.npz"
    if not path.exists():
        arrays: Any = {name: np.stack(rows) for name, rows in asyncio.run(_baselines(sets)).items()}
        np.savez(path, **arrays)
    with np.load(path) as kept:
        return {name: kept[name] for name in sets}


async def _baselines(sets: Sets) -> dict[str, tuple[Floats, Floats]]:
    """bge cosine and cross-encoder relevance of the claim and the evidence gathered for it."""
    embedder, reranker = BgeSmall(), MiniLM()
    found: dict[str, tuple[Floats, Floats]] = {}
    for name, pairs in sets.items():
        texts = [gathered(pair.claim, pair.evidence) for pair in pairs]
        claims = await embedder.embed_passages([pair.claim for pair in pairs])
        near = np.einsum("ij,ij->i", claims, await embedder.embed_passages(texts)).astype(np.float64)
        scores = [await reranker.score(pair.claim, [text]) for pair, text in zip(pairs, texts, strict=True)]
        found[name] = near, np.array([each for (each,) in scores])
    return found


def print_points(kind: str, sets: Sets, scores: Columns, point: float) -> None:
    """What the threshold `point` does to each set, and to claims with one fact changed."""

    def accuracy(name: str) -> float:
        truth = _truth(sets[name]) > 0.5
        return float(((scores[name][truth] >= point).mean() + (scores[name][~truth] < point).mean()) / 2)

    shown = " ".join(f"{name} {accuracy(name):.3f}" for name in SHOWN)
    print(
        f"\n{kind}: supported from {point:.2f}; balanced accuracy {shown}, mean {np.mean([*map(accuracy, MASS)]):.3f}"
    )
    lost = np.mean([(scores[name][_truth(sets[name]) > 0.5] < point).mean() for name in ("wice", "scifact", "fm2")])
    print(f"  true ones not supported (wice, scifact, fm2) {lost:.3f}")
    for fact in FACTS:
        caught = np.concatenate([scores[of] for name in LEARNT if (of := f"{name} {fact}") in sets]) < point
        print(f"  changed {fact}: {caught.mean():.3f} of {len(caught)} not supported")


def _truth(pairs: Sequence[Pair]) -> Floats:
    return np.array([pair.is_supported for pair in pairs], dtype=np.float64)
