"""How well we know when not to answer, beside thresholding a retrieval score.

    python -m fontes.evals.risk_coverage ../shared/data [--cache FILE] [--plot FILE.svg]

On the mixes of `fit_answerability` by weights that did not see the question's document, on the sets of `near_misses` by
weights that did not either (mtrag, realtimeqa: never fitted on). Wrong is an answer to a question that the pages do not
answer; both kinds count half. `relevance` is what the writer gives its first sentence, the others are the score of the
best passage: cross-encoder logit, fused score, BM25 (the last two mean nothing where passages were taken away after
the search). Intervals are 95 % bootstrap over questions; `better` is the difference to the best of the others, drawn
together with it.
"""

import argparse
import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..agent.answerability import Signals, fitted, threshold_for
from ..agent.models.extractive import Extractive
from ..retrievers import Reranker, rerank
from . import train_verifier
from .fit_answerability import MIXES, Case, Pool, answered, fit_level, read_cases, read_pages, relevance, remembered
from .logistic import Floats, Mask, Rows, auroc, balanced, interval, recall_of_negatives
from .metrics.chart import Line, chart
from .metrics.ece import ece, reliability
from .metrics.risk_coverage import aurc, risk_coverage
from .near_misses import Found, found

OURS = "relevance"
BASELINES: tuple[str, ...] = ("cross-encoder", "fused", "BM25")
NEAR = {"clapnq/cut": "clapnq/given", "chroma/near": "chroma/pool"}
"""Sets that have unanswerable questions alone, and where the answerable ones beside them are."""
NAMES = (*MIXES, *NEAR, "mtrag/pool", "realtimeqa")
VERDICTS = ("wice", "scifact", "summedits", "fm2", "attributionbench")
ROUNDS, FOLDS, PARTITIONS = 500, 5, 10
RISKS = (0.01, 0.02, 0.05, 0.1, 0.2)
NOTHING = -1e9

Scores = dict[str, Floats]
Picked = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A case, what is known of its first sentence, and the scores of its best passage by `BASELINES`."""

    case: Case
    signals: Signals
    best: dict[str, float]


async def scored_case(each: Found, writer: Extractive, reranker: Reranker) -> Scored | None:
    """Run the writer as in use and keep what a decision could be made from; None where it finds no sentence.

    Of several forms of a question the one with the likeliest sentence counts, of each baseline its own best.
    """
    signals: list[Signals] = []
    best: dict[str, float] = dict.fromkeys(BASELINES, NOTHING)
    for question, evidence in each.forms:
        ranked = await rerank(question, evidence, reranker)
        for one in ranked:
            logit, words = one.stage("rerank"), one.stage("lexical")
            scores = (NOTHING if logit is None else logit, one.score, words or 0.0)
            best = {name: max(best[name], value) for name, value in zip(BASELINES, scores, strict=True)}
        signals += [candidate.signals for candidate in (await writer.candidates(question, each.case.query, ranked))[:1]]
    if not signals:
        return None
    return Scored(case=each.case, signals=max(signals, key=fitted().probability), best=best)


async def collect(data: Path, cache: Path | None) -> list[Scored]:
    """The mixes first, then the near misses and the sets that were never fitted on."""
    embedder, reranker = remembered(cache)
    writer, pool = Extractive(embedder, reranker), await Pool.of(read_pages(data), embedder)
    cases = [
        Found(case=case, forms=((case.question, tuple(await pool.search(case, dense=True))),))
        for case in read_cases(data)
    ]
    cases += [each async for each in found(data, pool, embedder)]
    scored = [await scored_case(each, writer, reranker) for each in cases]
    return [each for each in scored if each is not None]


def scores_of(scored: Sequence[Scored]) -> Scores:
    """Every score of every case; ours from weights that did not see the case's document."""
    fit = fit_level("full", [each.case for each in scored], [{"full": each.signals} for each in scored])
    return {OURS: relevance(fit)} | {name: np.array([each.best[name] for each in scored]) for name in BASELINES}


def sets_of(scored: Sequence[Scored]) -> dict[str, Mask]:
    """The cases of every set; near misses beside the answerable cases of the mix they were made of."""
    mixes = np.array([each.case.mix for each in scored])
    answerable = np.array([each.case.is_answerable for each in scored])
    sets = {str(mix): mixes == mix for mix in dict.fromkeys(mixes.tolist())}
    return {name: held | (sets[NEAR[name]] & answerable) if name in NEAR else held for name, held in sets.items()}


def print_table(scored: Sequence[Scored], scores: Scores) -> None:
    """AUROC, AURC and recall of the unanswerable of every score on every set."""
    labels = np.array([float(each.case.is_answerable) for each in scored])
    for name, held in sets_of(scored).items():
        truth = labels[held]
        print(f"\n{name}: {int(truth.sum())} answerable, {int((1 - truth).sum())} not")
        print(f"{'':14}{'AUROC':20}{'AURC (chance .5)':20}{'recall at 10 % false abstention'}")
        others = BASELINES[:1] if name in NEAR else BASELINES
        for score in (OURS, *others):
            values = scores[score]
            columns = [_with_interval(measure, truth, values[held]) for measure in (auroc, area, recall)]
            print(f"{score:14}{'  '.join(columns)}")
        best = min(others, key=lambda score: area(truth, scores[score][held]))
        gains = [
            _difference(measure, truth, scores[OURS][held], scores[best][held]) for measure in (auroc, area, recall)
        ]
        print(f"{'better':14}{'  '.join(gains)}  than {best}")


def area(labels: Floats, scores: Floats) -> float:
    """AURC with both kinds of questions counting half."""
    return aurc(scores.tolist(), (labels < 0.5).tolist(), _halves(labels).tolist())


recall = partial(recall_of_negatives, false_alarms=0.1)


def _halves(labels: Floats) -> Floats:
    return balanced(["all"] * len(labels), (labels > 0.5).tolist(), {"all": 1.0})


def _with_interval(measure: Callable[[Floats, Floats], float], labels: Floats, scores: Floats) -> str:
    low, high = interval(lambda pick: measure(labels[pick], scores[pick]), len(labels), rounds=ROUNDS)
    return f"{measure(labels, scores):.3f} [{low:.2f}, {high:.2f}]"


def _difference(measure: Callable[[Floats, Floats], float], labels: Floats, ours: Floats, other: Floats) -> str:
    def gain(pick: Picked) -> float:
        return measure(labels[pick], ours[pick]) - measure(labels[pick], other[pick])

    low, high = interval(gain, len(labels), rounds=ROUNDS)
    return f"{gain(np.arange(len(labels))):+.3f} [{low:+.2f}, {high:+.2f}]"


def print_kept(scored: Sequence[Scored], scores: Scores) -> None:
    """What came of "at most x wrong": on the mixes by thresholds of other documents, elsewhere by the shipped ones."""
    print("\nwrong share where at most that much was asked for (answered of the answerable)")
    labels = np.array([each.case.is_answerable for each in scored])
    print(f"{'the mixes':14}{'   '.join(_across(risk, scored, scores[OURS]) for risk in RISKS)}")
    for name, held in sets_of(scored).items():
        if name not in MIXES:
            likely, truth = scores[OURS][held], labels[held]
            kept = [(likely >= threshold_for(risk)) for risk in RISKS]
            columns = [
                _told(risk, each[truth].mean(), each[~truth].mean()) for risk, each in zip(RISKS, kept, strict=True)
            ]
            print(f"{name:14}{'   '.join(columns)}")


def _across(risk: float, scored: Sequence[Scored], likely: Floats) -> str:
    """Five folds of documents, divided ten times: the threshold from four of them, its share on the fifth."""
    cases = [each.case for each in scored]
    labels = np.array([float(case.is_answerable) for case in cases])
    weights = balanced([case.mix for case in cases], (labels > 0.5).tolist(), {n: float(n in MIXES) for n in NAMES})
    groups = [f"{case.mix.split('/')[0]}:{case.group}" for case in cases]
    names = sorted(set(groups))
    through = np.zeros(2)
    for seed in range(PARTITIONS):
        places = {name: place % FOLDS for place, name in enumerate(random.Random(seed).sample(names, len(names)))}
        fold = np.array([places[group] for group in groups])
        for rest in (fold != number for number in range(FOLDS)):
            rows = Rows(features=labels[rest, None], labels=labels[rest], weights=weights[rest], groups=(), sets=())
            kept = (likely >= answered(likely[rest], rows).threshold(risk, 0.5)) & ~rest
            through += [weights[kept & (labels > 0.5)].sum(), weights[kept & (labels < 0.5)].sum()]
    return _told(risk, *(through / len(MIXES) / PARTITIONS))


def _told(risk: float, right: float, wrong: float) -> str:
    share = wrong / (right + wrong) if right + wrong else 0.0
    return f"{risk:.2f}: {share:.2f} ({right:.2f})"


def print_calibration(scored: Sequence[Scored], scores: Scores, data: Path) -> None:
    """Reliability and error of what is shown as a probability: relevance (held out) and the verdicts' scores."""
    labels = np.array([each.case.is_answerable for each in scored])
    weights = balanced([each.case.mix for each in scored], labels.tolist(), {m: float(m in MIXES) for m in NAMES})
    rate = fitted().base_rates["full"]
    weights = weights * np.where(labels, rate, 1 - rate)
    print(f"\nrelevance, the mixes at the base rate it is stated for ({rate}):")
    print_reliability(scores[OURS], labels, weights)
    sets, verdicts, _, _ = train_verifier.judged(data / "claims")
    for name in VERDICTS:
        supported = np.array([pair.is_supported for pair in sets[name]])
        print(f"\nverdict scores (lexical), {name}, {len(supported)} claims:")
        print_reliability(verdicts[name], supported, np.ones(len(supported)))


def print_reliability(probabilities: Floats, outcomes: Mask, weights: Floats) -> None:
    """One line a bin, and the expected calibration error."""
    listed = probabilities.tolist(), outcomes.tolist(), weights.tolist()
    for each in reliability(*listed):
        print(
            f"  {each.low:.1f}–{each.high:.1f}  predicted {each.predicted:.2f}  true {each.observed:.2f}"
            f"  share {each.share:.2f}"
        )
    print(f"  expected calibration error {ece(*listed):.3f}")


def print_thresholds() -> None:
    """What `threshold_for` makes of a wanted share of wrong answers, by level."""
    print("\nat most this share wrong, half of the questions without an answer: threshold (answered of the answerable)")
    for level, table in fitted().answered.items():
        columns = []
        for risk in RISKS:
            threshold = threshold_for(risk, level=level)
            kept = [share for at, share in zip(table.thresholds, table.answerable, strict=True) if at >= threshold]
            columns.append(f"{risk:.2f}: {threshold:.2f} ({kept[0] if kept else 0:.2f})")
        print(f"{level:10}{'   '.join(columns)}")


def drawn(scored: Sequence[Scored], scores: Scores) -> str:
    """The curves over the four mixes together, each as heavy as the next."""
    labels = [each.case.is_answerable for each in scored]
    weights = balanced([each.case.mix for each in scored], labels, {name: float(name in MIXES) for name in NAMES})
    used = weights > 0
    lines = []
    for name, values in scores.items():
        curve = risk_coverage(
            values[used].tolist(),
            [not label for label, use in zip(labels, used, strict=True) if use],
            weights[used].tolist(),
        )
        points = tuple(zip(curve.coverage.tolist(), curve.risk.tolist(), strict=True))
        lines.append(Line(name=name, points=points))
    title = "Risk and coverage: four mixes, half of the questions have no answer"
    return chart(title, "coverage: share of questions answered", "risk: share of answers to the unanswerable", lines)


def main() -> None:
    """Print the tables; draw the curve where asked to."""
    parser = argparse.ArgumentParser(description="Risk and coverage of the decision to abstain.")
    parser.add_argument("data", type=Path, help="folder of the development data")
    parser.add_argument("--cache", type=Path, help="file that keeps the models' scores between runs")
    parser.add_argument("--plot", type=Path, help="SVG file for the curve")
    arguments = parser.parse_args()
    scored = asyncio.run(collect(arguments.data, arguments.cache))
    scores = scores_of(scored)
    print_table(scored, scores)
    print_thresholds()
    print_kept(scored, scores)
    print_calibration(scored, scores, arguments.data)
    if arguments.plot:
        arguments.plot.write_text(drawn(scored, scores), encoding="utf-8")
        print(f"wrote {arguments.plot}")


if __name__ == "__main__":
    main()
