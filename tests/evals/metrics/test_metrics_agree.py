"""Our metrics beside reference implementations and published definitions, to 1e-9 on the same examples."""

import random
import re
import string
from collections import Counter
from itertools import pairwise
from math import isclose

import ir_measures
import numpy as np
import pytest
from fontes.evals.case import Case, Label
from fontes.evals.metrics.auroc import of_rows as auroc
from fontes.evals.metrics.balanced_accuracy import balanced_accuracy
from fontes.evals.metrics.citation_precision import kept
from fontes.evals.metrics.ece import ece
from fontes.evals.metrics.risk_coverage import risk_coverage
from fontes.evals.metrics.token_f1 import token_f1
from fontes.evals.registry import METRICS
from fontes.evals.result import Judged, Result, Retrieved, SentenceSupport
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, Success, nDCG
from sklearn.calibration import calibration_curve
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

CLOSE = 1e-9
SOURCES = st.integers(0, 30).map(lambda number: f"source {number:02}")
RANKINGS = st.lists(
    st.tuples(st.lists(SOURCES, max_size=20), st.frozensets(SOURCES, min_size=1, max_size=6)), min_size=1, max_size=6
)


@given(rankings=RANKINGS)
def test_rankings_score_as_in_ir_measures(rankings: list[tuple[list[str], frozenset[str]]]) -> None:
    """Of several passages of a source the first counts; trec_eval orders by score, so scores fall with the rank."""
    ours: dict[str, list[float]] = {name: [] for name in ("hit@1", "hit@5", "mrr", "ndcg@10")}
    qrels, run = {}, {}
    for number, (ranked, gold) in enumerate(rankings):
        case = Case(id=str(number), question="?", gold_sources=tuple(sorted(gold)))
        found = tuple(Retrieved(source=each, page_hash=each, start=0, end=1, score=0.0) for each in ranked)
        result = Result(cell="a", case=case.id, answer={"status": "answered"}, retrieved=found)
        for name, values in ours.items():
            value = METRICS[name].score(case, result)
            assert value is not None
            values.append(value)
        distinct = list(dict.fromkeys(ranked))
        qrels[case.id] = dict.fromkeys(gold, 1)
        run[case.id] = {source: float(len(distinct) - place) for place, source in enumerate(distinct)} or {"none": 0.0}
    names = {Success @ 1: "hit@1", Success @ 5: "hit@5", RR: "mrr", nDCG @ 10: "ndcg@10"}
    theirs = ir_measures.calc_aggregate(list(names), qrels, run)
    for measure, name in names.items():
        assert isclose(np.mean(ours[name]), theirs[measure], abs_tol=CLOSE), name


ROWS = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.77, 1.0]) | st.floats(0, 1), st.booleans(), st.booleans()),
    min_size=2,
    max_size=60,
).filter(lambda rows: len({truth for _, _, truth in rows}) == 2)


@given(rows=ROWS)
def test_verdicts_score_as_in_scikit_learn(rows: list[tuple[float, bool, bool]]) -> None:
    table = [(score, float(said), float(truth)) for score, said, truth in rows]
    scores, said, truth = (np.array(column) for column in zip(*table, strict=True))
    assert isclose(balanced_accuracy(table) or 0, balanced_accuracy_score(truth, said), abs_tol=CLOSE)
    assert isclose(auroc(table) or 0, roc_auc_score(truth, scores), abs_tol=CLOSE)


@given(rows=ROWS.map(lambda rows: [(min(score, 0.999), said, truth) for score, said, truth in rows]))
def test_calibration_is_that_of_scikit_learns_reliability_curve(rows: list[tuple[float, bool, bool]]) -> None:
    scores, truth = np.array([row[0] for row in rows]), np.array([row[2] for row in rows])
    edges = np.linspace(0.0, 1.0, 11)
    rows_on_edges = np.isclose(scores[:, None], edges[None, 1:-1], atol=1e-12)
    scores = np.where(rows_on_edges.any(axis=1), scores + 0.05, scores)  # which side an edge belongs to is a choice
    observed, predicted = calibration_curve(truth, scores, n_bins=10, strategy="uniform")
    shares = np.histogram(scores, bins=edges)[0]
    expected = float(np.abs(observed - predicted) @ (shares[shares > 0] / len(scores)))
    assert isclose(ece(scores.tolist(), truth.tolist()), expected, abs_tol=1e-9)


def test_labelled_claims_come_together_over_cases() -> None:
    draw = random.Random(0)
    pairs = []
    for number in range(40):
        labels = tuple(Label(claim="c", texts=("t",), supported=draw.random() < 0.5) for _ in range(1 + number % 3))
        judged = Judged(labels=tuple((round(draw.random(), 2), draw.random() < 0.5) for _ in labels))
        pairs.append(
            (Case(id=str(number), question="", labels=labels), Result(cell="a", case=str(number), judged=judged))
        )
    truth = [label.supported for case, _ in pairs for label in case.labels]
    scores = [score for _, result in pairs for score, _ in result.judged.labels]
    assert isclose(METRICS["verdict_auroc"].figure(pairs) or 0, roc_auc_score(truth, scores), abs_tol=CLOSE)


# ALCE: a sentence cites passages; a passage or a set of them entails it or not. Entailment is told by a table here.


def alce(sentences: list[tuple[tuple[int, ...], dict[frozenset[int], bool]]]) -> tuple[float, float]:
    """Citation recall and precision of one answer, straight from §3 of Gao et al. 2023 (arXiv:2305.14627).

    Recall of a statement is 1 if it has a citation and all cited passages together entail it. A citation is irrelevant
    if it alone does not entail the statement and the others together do; the precision of a citation is 1 if the
    recall of its statement is 1 and it is not irrelevant. Both are means: over statements, and over citations.
    """
    recalls, precisions = [], []
    for cited, entails in sentences:
        recall = bool(cited) and entails[frozenset(cited)]
        recalls.append(float(recall))
        for one in cited:
            others = frozenset(cited) - {one}
            is_irrelevant = not entails[frozenset({one})] and bool(others) and entails[others]
            precisions.append(float(recall and not is_irrelevant))
    return sum(recalls) / len(recalls), sum(precisions) / len(precisions) if precisions else 0.0


def support_of(cited: tuple[int, ...], entails: dict[frozenset[int], bool]) -> SentenceSupport:
    every = frozenset(cited)
    return SentenceSupport(
        text="s",
        cited=tuple(map(str, cited)),
        by_all=bool(cited) and entails[every],
        by_each=tuple(entails[frozenset({one})] for one in cited),
        by_rest=tuple(len(cited) > 1 and entails[every - {one}] for one in cited),
    )


SENTENCES = st.lists(
    st.integers(0, 4).flatmap(
        lambda count: st.tuples(
            st.just(tuple(range(count))),
            st.lists(st.booleans(), min_size=2**count, max_size=2**count).map(
                lambda bits, count=count: {
                    frozenset(n for n in range(count) if mask >> n & 1): bits[mask] for mask in range(2**count)
                }
            ),
        )
    ),
    min_size=1,
    max_size=5,
)


@given(sentences=SENTENCES)
def test_citations_score_as_alce_defines(
    sentences: list[tuple[tuple[int, ...], dict[frozenset[int], bool]]],
) -> None:
    result = Result(
        cell="a", case="c", judged=Judged(support=tuple(support_of(cited, entails) for cited, entails in sentences))
    )
    case = Case(id="c", question="?")
    recall, precision = alce(sentences)
    assert isclose(METRICS["citation_recall"].score(case, result) or 0, recall, abs_tol=CLOSE)
    assert isclose(METRICS["citation_precision"].score(case, result) or 0, precision, abs_tol=CLOSE)
    f1 = 2 * recall * precision / (recall + precision) if recall + precision else 0.0
    assert isclose(METRICS["citation_f1"].score(case, result) or 0, f1, abs_tol=CLOSE)


def test_a_citation_that_others_make_superfluous_does_not_count() -> None:
    entails = {frozenset({0, 1}): True, frozenset({0}): True, frozenset({1}): False, frozenset(): False}
    assert kept(support_of((0, 1), entails)) == 1


def squad_f1(said: str, gold: str) -> float:
    """Token F1 as the SQuAD paper tells it: bags of words without case, punctuation and articles."""

    def bag(text: str) -> Counter[str]:
        bare = "".join(letter for letter in text.lower() if letter not in string.punctuation)
        return Counter(word for word in re.split(r"\s+", bare) if word and word not in ("a", "an", "the"))

    one, other = bag(said), bag(gold)
    common = sum((one & other).values())
    if not one or not other:
        return float(one == other)
    if not common:
        return 0.0
    precision, recall = common / sum(one.values()), common / sum(other.values())
    return 2 * precision * recall / (precision + recall)


PHRASES = st.lists(st.sampled_from(["The", "a", "tower,", "Tower", "of", "1854", "U.S.", "--", "an"]), max_size=7).map(
    " ".join
)


@given(said=PHRASES, golds=st.lists(PHRASES, min_size=1, max_size=3))
def test_token_f1_is_squads(said: str, golds: list[str]) -> None:
    assert isclose(token_f1(said, tuple(golds)), max(squad_f1(said, gold) for gold in golds), abs_tol=CLOSE)


@given(
    cases=st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=25, unique_by=lambda case: case[0])
)
def test_risk_at_a_coverage_is_the_share_of_wrong_ones_among_the_surest(cases: list[tuple[float, bool]]) -> None:
    curve = risk_coverage([score for score, _ in cases], [wrong for _, wrong in cases])
    ranked = sorted(cases, reverse=True)
    for place in range(len(ranked)):
        answered = ranked[: place + 1]
        assert isclose(curve.coverage[place], len(answered) / len(ranked), abs_tol=CLOSE)
        assert isclose(curve.risk[place], sum(wrong for _, wrong in answered) / len(answered), abs_tol=CLOSE)
    assert all(one > other for one, other in pairwise(curve.threshold))


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_every_metric_tells_its_meaning_and_source_and_is_undefined_over_no_case(metric) -> None:
    assert metric.meaning
    assert metric.source
    assert metric.figure([]) is None
