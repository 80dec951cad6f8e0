"""Train and judge the model of the verifier `entailment`: does the evidence say what the claim says?

    pip install torch==2.13.0 transformers==5.23.0 onnx==1.23.2 onnxruntime==1.31.1
    python -m fontes.evals.train_entailment all ../shared/data build

`all` is these, one after the other; `build` is the folder for weights and scores:

- `made-up` starts from the packaged relevance cross-encoder (ms-marco-MiniLM-L12) and goes once through made-up pairs,
  in two shards (`--shard 0` and `--shard 1` in two processes take half as long). No labelled claim is seen.
- `folder` writes `build/entailment/`: the mean of the shards as an int8 model of 39 MB.
- `scores` asks that model about every labelled claim, as the verifier does.
- `table` fits the words' features together with the model's two numbers, cross-validated by document, prints what that
  gains over the words alone, and writes the fitted weights into the folder.

With `FONTES_VERIFIER=entailment` that folder is read: the one that `FONTES_NLI` names, else `entailment` beside the
models (`FONTES_MODELS`, or `models` in the data directory). On a busy machine a shard takes 40 minutes, the rest
fifteen. AttributionBench has no licence: it is scored, never trained on.
"""

import argparse
import json
import random
from pathlib import Path

from ..agent.verifiers.entailment import Entailment
from ..retrievers.model_files import find_model
from .corruptions import Around, corruptions, names_of
from .cross_encoder import CrossEncoder
from .entailment_pairs import made_up
from .entailment_texts import Example, read_texts, sentences_of, written_claims
from .one_change import Kind
from .train_verifier import Pair, corrupted, foreign, read_claims

SHARDS = 2
MADE_UP = 8_000
RATE = 4e-5

LEARNT = ("wice", "summedits", "scifact", "fm2")
FACTS: tuple[Kind, ...] = ("number", "date", "name")

PARTS = ("made-up", "folder", "scores", "table")


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


def pairs_of(data: Path) -> list[Example]:
    """Made-up pairs and written claims; none is of a document that is judged later."""
    draw = random.Random(7)
    examples = [*made_up(read_texts(data), MADE_UP, draw), *written_claims(data, draw)]
    random.Random(1).shuffle(examples)
    return examples


def run_made_up(data: Path, work: Path, shard: int) -> None:
    """Train on one half of the pairs; leaves `made-up-SHARD.pt`.

    Two halves in two processes of one thread each, the weights averaged afterwards: on a busy machine far faster than
    one process of two threads, which waits for the slower one at every step.
    """
    files = find_model("reranker_en")
    model = CrossEncoder.packaged(files.model, files.tokenizer)
    model.train(pairs_of(data)[shard::SHARDS], rate=RATE, seed=1, keep=work / f"made-up-{shard}.pt")


def run_folder(work: Path) -> None:
    """Write the mean of the shards' weights as `work/entailment`, but for the weights of its two numbers."""
    files = find_model("reranker_en")
    model = CrossEncoder.packaged(files.model, files.tokenizer)
    model.load(*(work / f"made-up-{shard}.pt" for shard in range(SHARDS)))
    model.export(work / "entailment", files.tokenizer)


def run_scores(data: Path, work: Path) -> None:
    """Leave `scores.json`: for each set the log odds of each claim, and of its sentence that is entailed least."""
    model = Entailment(work / "entailment")
    found: dict[str, list[tuple[float, float]]] = {}
    for name, pairs in judged_sets(data / "claims").items():
        entailed = [model.entailed(pair.claim, pair.evidence) for pair in pairs]
        found[name] = [(round(each.whole, 4), round(each.least, 4)) for each in entailed]
        print(f"{name}: {len(pairs)} claims", flush=True)
    written = {"model": model.digest, "scores": found}
    (work / "scores.json").write_text(json.dumps(written) + "\n", encoding="utf-8")


def main() -> None:
    """Run one part, or all."""
    parser = argparse.ArgumentParser(description="Train and judge the entailment model.")
    parser.add_argument("part", choices=(*PARTS, "all"))
    parser.add_argument("data", type=Path, help="folder of the development data")
    parser.add_argument("work", type=Path, help="folder for weights and scores")
    parser.add_argument("--shard", type=int, choices=range(SHARDS), help="only this half of the made-up pairs")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    for part in PARTS if arguments.part == "all" else [arguments.part]:
        if part == "made-up":
            for shard in range(SHARDS) if arguments.shard is None else [arguments.shard]:
                run_made_up(arguments.data, arguments.work, shard)
        elif part == "folder":
            run_folder(arguments.work)
        elif part == "scores":
            run_scores(arguments.data, arguments.work)
        else:
            from .entailment_table import run_table

            run_table(arguments.data, arguments.work)


if __name__ == "__main__":
    main()
