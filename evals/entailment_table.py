"""What the entailment model adds: AUROC on claims of unseen documents, beside baselines and together with the words."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..agent.verifiers.gathered import gathered
from ..agent.verifiers.lexical import FEATURES, score
from ..retrievers.embedders.bge import BgeSmall
from ..retrievers.rerankers.minilm import MiniLM
from .logistic import Floats, Logistic, Rows, auroc, balanced, fit, held_out, interval
from .train_entailment import FACTS, FOLDS, judged_sets
from .train_verifier import _SIGNS as SIGNS
from .train_verifier import CORRUPTED, FOREIGN, MASS, Pair, features, findings, word_overlap

SHOWN = ("wice", "wice/sentences", "summedits", "scifact", "scifact s/c", "fm2", "fm2/retrieved", "attributionbench")
_RIDGE = 0.01


def print_table(data: Path, work: Path) -> None:
    """Print AUROC, balanced accuracy and the catch of changed facts; leaves `combined.json`, the weights of `both`.

    Claims that no fold model has scored yet are left out.
    """
    everything = judged_sets(data / "claims")
    kept, logits = read_scores(work)
    sets = {name: [everything[name][n] for n in rows] for name, rows in kept.items()}
    near = {name: rows[:, kept[name]] for name, rows in _read_baselines(work, everything).items()}
    found = {name: findings(pairs) for name, pairs in sets.items()}
    words = {name: features(each) for name, each in found.items()}
    judges = {
        "lexical": _fitted(sets, words),
        "model": _fitted(sets, logits),
        "both": _fitted(sets, {name: np.column_stack([words[name], logits[name]]) for name in sets}),
    }
    scores = {kind: {name: 1 / (1 + np.exp(-z)) for name, z in odds.items()} for kind, (odds, _) in judges.items()}
    for kind in ("lexical", "both"):
        odds = judges[kind][0]
        scores[f"{kind}, checked"] = {
            name: np.array([score(f, float(z)) for f, z in zip(found[name], odds[name], strict=True)]) for name in sets
        }
    print_auroc(sets, near, scores)
    for kind in scores:
        print_points(kind, sets, scores[kind])
    model = judges["both"][1]
    weights = dict(zip((*FEATURES, *LOGITS), (round(float(w), 4) for w in model.weights), strict=True))
    written = {"weights": weights, "intercept": round(model.intercept, 4)}
    (work / "combined.json").write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
    print(written)


def print_auroc(sets: dict[str, list[Pair]], near: dict[str, Floats], scores: dict[str, dict[str, Floats]]) -> None:
    """One line a set: word overlap, bge cosine, cross-encoder relevance, then our scores and the gain of the last."""
    print(f"{'AUROC':18}{'n':>5}{'words':>7}{'bge':>7}{'cross':>7}" + "".join(f"{kind:>18}" for kind in scores))
    for name in SHOWN:
        truth = _truth(sets[name])
        plain = [np.array([word_overlap(pair) for pair in sets[name]]), *near.get(name, ())]
        cells = [f"{auroc(truth, each):7.3f}" for each in plain] + [" " * 7] * (3 - len(plain))
        cells += [f"{auroc(truth, each[name]):18.3f}" for each in scores.values()]
        print(f"{name:18}{len(truth):5}{''.join(cells)}")
        for kind, against in (("both", "lexical"), ("both, checked", "lexical, checked")):
            print(f"{'':18}{kind}: {_intervals(truth, scores[kind][name], scores[against][name])}")


LOGITS = ("whole", "weakest")


def _intervals(truth: Floats, ours: Floats, plain: Floats) -> str:
    """The 95 % intervals of our AUROC and of its gain over the plain scores."""
    low, high = interval(lambda i: auroc(truth[i], ours[i]), len(truth))
    least, most = interval(lambda i: auroc(truth[i], ours[i]) - auroc(truth[i], plain[i]), len(truth))
    return f"{low:.3f}–{high:.3f}  gain {least:+.3f} to {most:+.3f}"


def read_scores(work: Path) -> tuple[dict[str, list[int]], dict[str, Floats]]:
    """The claims of each set that fold models have scored, by number, and for each the logits of the whole claim and
    of its weakest sentence, by models that did not see it; where several scored it (AttributionBench), the mean.
    """
    files = [work / f"fold-{n}.json" for n in range(FOLDS)]
    parts = [json.loads(path.read_text(encoding="utf-8")) for path in files if path.exists()]
    kept: dict[str, list[int]] = {}
    logits: dict[str, Floats] = {}
    for name in parts[0]:
        rows: dict[int, list[tuple[float, float]]] = {}
        for part in parts:
            for n, each in part[name].items():
                rows.setdefault(int(n), []).append((each[0], min(each[1:] or each)))
        if rows:
            kept[name] = sorted(rows)
            logits[name] = np.array([np.mean(rows[n], axis=0) for n in kept[name]])
    return kept, logits


def _fitted(sets: dict[str, list[Pair]], columns: dict[str, Floats]) -> tuple[dict[str, Floats], Logistic]:
    """The held-out log odds of all sets from these columns, and the model of all."""
    mass = dict(MASS)
    for name in ("wice", "summedits", "scifact", "fm2"):
        mass |= {f"{name} foreign": FOREIGN, f"{name} corrupted": CORRUPTED}
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
    width = rows.features.shape[1]
    signs = [SIGNS.get(name, -1) for name in FEATURES] if width >= len(FEATURES) else []
    signs += [1] * (width - len(signs))

    def train(some: Rows) -> Logistic:
        return fit(some, signs, _RIDGE)

    unseen, model = held_out(rows, train), train(rows)
    odds = {name: unseen[rows.of(name)] if name in mass else model.logits(columns[name]) for name in sets}
    decided = {pair.claim for pair in sets["scifact s/c"]}
    odds["scifact s/c"] = odds["scifact"][[pair.claim in decided for pair in sets["scifact"]]]
    return odds, model


def _read_baselines(work: Path, sets: dict[str, list[Pair]]) -> dict[str, Floats]:
    """Two rows for each set, worked out at the first call and kept in `work`."""
    sets = {name: sets[name] for name in SHOWN if "/" not in name or name == "scifact s/c"}
    path = work / "baselines.npz"
    if not path.exists():
        arrays: Any = {name: np.stack(rows) for name, rows in asyncio.run(_baselines(sets)).items()}
        np.savez(path, **arrays)
    with np.load(path) as kept:
        return {name: kept[name] for name in sets}


async def _baselines(sets: dict[str, list[Pair]]) -> dict[str, tuple[Floats, Floats]]:
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


def print_points(kind: str, sets: dict[str, list[Pair]], scores: dict[str, Floats]) -> None:
    """The point where the mean balanced accuracy of the real sets is best, and what it does to each set."""

    def accuracy(name: str, point: float) -> float:
        truth = _truth(sets[name]) > 0.5
        return float(((scores[name][truth] >= point).mean() + (scores[name][~truth] < point).mean()) / 2)

    point = max(np.linspace(0.3, 0.8, 51), key=lambda p: np.mean([accuracy(name, p) for name in MASS]))
    shown = " ".join(f"{name} {accuracy(name, point):.3f}" for name in SHOWN)
    print(f"\n{kind}: supported from {point:.2f}; balanced accuracy {shown}")
    lost = np.mean([(scores[name][_truth(sets[name]) > 0.5] < point).mean() for name in ("wice", "scifact", "fm2")])
    print(f"  true ones not supported (wice, scifact, fm2) {lost:.3f}")
    for fact in FACTS:
        of_all = [
            scores[f"{name} {fact}"] for name in ("wice", "scifact", "fm2", "summedits") if f"{name} {fact}" in sets
        ]
        caught = np.concatenate(of_all) < point
        print(f"  changed {fact}: {caught.mean():.3f} of {len(caught)} not supported")


def _truth(pairs: Sequence[Pair]) -> Floats:
    return np.array([pair.is_supported for pair in pairs], dtype=np.float64)
