"""Train and judge the entailment model of `agent/verifiers/entailment/`: does the evidence say what the claim says?

    pip install torch==2.13.0 transformers==5.14.0 onnx==1.22.0
    python -m fontes.evals.train_entailment made-up ../shared/data build/entailment
    python -m fontes.evals.train_entailment folds   ../shared/data build/entailment
    python -m fontes.evals.train_entailment all     ../shared/data build/entailment
    python -m fontes.evals.train_entailment table   ../shared/data build/entailment

`made-up` starts from the packaged relevance cross-encoder (ms-marco-MiniLM-L12) and goes once through made-up pairs.
`folds` goes on from there with the labelled sets, each third of the documents left out once and then scored; `all`
writes the mean of the fold models as int8; `table` prints what the fold models make of the claims that they did not
see. AttributionBench has no licence: it is scored by each fold model, never trained on.
"""

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..agent.verifiers.gathered import gathered
from ..retrievers.model_files import find_model
from .corruptions import Around, Kind, corruptions, names_of
from .cross_encoder import CrossEncoder
from .entailment_pairs import labelled, made_up
from .entailment_texts import Example, read_texts, sentences_of, written_claims
from .train_verifier import Pair, corrupted, foreign, read_claims

FOLDS = 3
SHARDS = 2
MADE_UP = 8_000
REPLAYED = 300

# One epoch of made-up pairs, then labelled ones with some made-up ones between, lest the first be forgotten.
RATES = {"made-up": 4e-5, "labelled": 3e-5}
EPOCHS = 2
FROZEN = 6  # layers, in the second stage: there are few labelled claims

# How much a set counts in the second stage, all its examples together.
MASS = {"wice": 1.0, "summedits": 1.2, "scifact": 0.6, "fm2": 1.2}
LEARNT = tuple(MASS)

FACTS: tuple[Kind, ...] = ("number", "date", "name")


def texts_of(pair: Pair) -> list[tuple[str, str]]:
    """What the model reads of a pair: the whole claim first, then its sentences when it has several."""
    parts = [part for part in sentences_of(pair.claim) if len(part.split()) > 3]
    return [(part, gathered(part, pair.evidence)) for part in (pair.claim, *(parts if len(parts) > 1 else ()))]


def fold_of(groups: Sequence[str]) -> dict[str, int]:
    """The fold of each group, the groups dealt out evenly within their set."""
    fold: dict[str, int] = {}
    for name in LEARNT:
        own = sorted({group for group in groups if group.startswith(f"{name}:")})
        random.Random(3).shuffle(own)
        fold |= {group: number % FOLDS for number, group in enumerate(own)}
    return fold


def judged_sets(claims: Path) -> dict[str, list[Pair]]:
    """The sets whose claims are scored: the labelled ones, and beside them foreign and corrupted claims."""
    sets = read_claims(claims)
    for name in LEARNT:
        sets[f"{name} foreign"] = foreign(sets[name])
        sets[f"{name} corrupted"] = corrupted(sets[name])
        for fact in FACTS:
            sets[f"{name} {fact}"] = [false for pair in sets[name] if (false := _with_another(fact, pair))]
    return sets


def _with_another(fact: Kind, pair: Pair) -> Pair | None:
    """The supported pair with one number, date or name changed; None if its claim has none."""
    if not pair.is_supported:
        return None
    evidence = "\n".join(pair.evidence)
    around = Around(evidence=evidence, names=names_of(sentences_of(evidence)[:300]))
    for made in corruptions(pair.claim, around, random.Random(pair.claim)):
        if made.kind == fact:
            return Pair(claim=made.text, evidence=pair.evidence, is_supported=False, group=pair.group)
    return None


def second_stage(examples: Sequence[Example], replayed: Sequence[Example]) -> list[Example]:
    """The labelled examples weighted to the sets' masses, mean 1, and the made-up ones beside them."""
    total = {name: sum(e.weight for e in examples if e.kind.split()[0] == name) for name in LEARNT}
    scale = len(examples) / sum(MASS.values())
    weighted = [
        Example(claim=e.claim, evidence=e.evidence, is_supported=e.is_supported, kind=e.kind, group=e.group,
                weight=e.weight * scale * MASS[name] / total[name])
        for e in examples
        for name in [e.kind.split()[0]]
    ]  # fmt: skip
    return [*weighted, *replayed]


def start() -> CrossEncoder:
    """The packaged cross-encoder."""
    files = find_model("reranker_en")
    return CrossEncoder.packaged(files.model, files.tokenizer)


def first_pairs(data: Path, count: int, seed: int) -> list[Example]:
    """Made-up pairs and written claims; none is of a document that is judged later."""
    draw = random.Random(seed)
    return [*made_up(read_texts(data), count, draw), *written_claims(data, draw)]


def run_made_up(data: Path, work: Path, shard: int) -> None:
    """The first stage on one half of the pairs; leaves `made-up-SHARD.pt`.

    Two halves in two processes of one thread each, the weights averaged afterwards: on a busy machine far faster than
    one process of two threads, which waits for the slower one at every step.
    """
    examples = first_pairs(data, MADE_UP, 7)
    random.Random(1).shuffle(examples)
    start().train(examples[shard::SHARDS], rate=RATES["made-up"], epochs=1, seed=1, keep=work / f"made-up-{shard}.pt")


def run_folds(data: Path, work: Path, only: Sequence[int]) -> None:
    """The second stage without each fold in turn; leaves `fold-N.json` with the scores of the fold's claims."""
    examples = labelled(data / "claims", random.Random(5))
    folds = fold_of([e.group for e in examples])
    sets = judged_sets(data / "claims")
    for number in only:
        model = start()
        model.load(*(work / f"made-up-{shard}.pt" for shard in range(SHARDS)))
        seen = second_stage(
            [e for e in examples if folds[e.group] != number], first_pairs(data, REPLAYED, 11 + number)[:REPLAYED]
        )
        model.train(
            seen, rate=RATES["labelled"], epochs=EPOCHS, seed=number, frozen=FROZEN, keep=work / f"fold-{number}.pt"
        )
        found: dict[str, dict[int, list[float]]] = {}
        for name, pairs in sets.items():
            chosen = [n for n, pair in enumerate(pairs) if _is_due(name, pair, folds, number)]
            found[name] = dict(zip(chosen, score_pairs(model, [pairs[n] for n in chosen]), strict=True))
        (work / f"fold-{number}.json").write_text(json.dumps(found), encoding="utf-8")
        print(f"fold {number} done", flush=True)


def _is_due(name: str, pair: Pair, folds: dict[str, int], number: int) -> bool:
    """True if fold `number` scores the pair: it did not see its document."""
    if name == "attributionbench":
        return True
    group = f"{name.split('/')[0].split()[0]}:{pair.group}"
    return folds.get(group, 0) == number


def score_pairs(model: CrossEncoder, pairs: Sequence[Pair]) -> list[list[float]]:
    """The logits of each pair: of the whole claim, then of its sentences."""
    read = [texts_of(pair) for pair in pairs]
    flat = model.scores([text for texts in read for text in texts])
    ends = np.cumsum([len(texts) for texts in read])
    return [[round(float(z), 4) for z in part] for part in np.split(flat, ends[:-1])] if pairs else []


def run_all(work: Path) -> None:
    """The mean of the fold models' weights, which together saw every document; leaves `model.onnx`."""
    model = start()
    model.load(*(work / f"fold-{number}.pt" for number in range(FOLDS)))
    model.export(find_model("reranker_en").model, work / "model.onnx")


def main() -> None:
    """Run one part."""
    parser = argparse.ArgumentParser(description="Train and judge the entailment model.")
    parser.add_argument("part", choices=("made-up", "folds", "all", "table"))
    parser.add_argument("data", type=Path, help="folder of the development data")
    parser.add_argument("work", type=Path, help="folder for weights and scores")
    parser.add_argument("--fold", type=int, help="only this fold")
    parser.add_argument("--shard", type=int, help="only this half of the made-up pairs")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    if arguments.part == "made-up":
        for shard in range(SHARDS) if arguments.shard is None else [arguments.shard]:
            run_made_up(arguments.data, arguments.work, shard)
    elif arguments.part == "folds":
        only = range(FOLDS) if arguments.fold is None else [arguments.fold]
        run_folds(arguments.data, arguments.work, only)
    elif arguments.part == "all":
        run_all(arguments.work)
    else:
        from .entailment_table import print_table

        print_table(arguments.data, arguments.work)


if __name__ == "__main__":
    main()
