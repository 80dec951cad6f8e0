"""What each metric says of small answers, and where it says nothing."""

import pytest
from fontes.crawler import text_hash
from fontes.evals.case import Case, Document, GoldSpan
from fontes.evals.gold import is_answerable
from fontes.evals.metrics.normalised import holds
from fontes.evals.registry import METRICS, MetricError, metrics_named
from fontes.evals.result import Failure, Judged, Result, Retrieved

PAGE = "The Orvay lighthouse was built in 1854 by James Calder. Its lamp burned whale oil until 1871."
BUILT = ("The Orvay lighthouse was built in 1854 by James Calder.", [(0, 55)])
LAMP = ("Its lamp burned whale oil until 1871.", [(56, 93)])
DOCUMENTS = (Document(source="orvay", text=PAGE),)
SPAN = GoldSpan(source="orvay", start=34, end=38, quote="1854")
ASKED = Case(id="c", question="When?", documents=DOCUMENTS, gold_answers=("1854",), gold_spans=(SPAN,))
UNANSWERABLE = Case(id="c", question="Who lit it?", documents=DOCUMENTS, unanswerable=True)


def score(name: str, case: Case, result: Result) -> float | None:
    return METRICS[name].score(case, result)


def test_texts_are_compared_with_the_gold_answers(answered) -> None:
    exact = answered(("In 1854.", [(34, 38)]))
    gold = Case(id="c", question="?", gold_answers=("in 1854", "1855"))
    assert [score(name, gold, exact) for name in ("exact_match", "token_f1", "contains")] == [1.0, 1.0, 1.0]
    longer = answered(BUILT, LAMP)
    assert score("exact_match", ASKED, longer) == 0.0
    assert score("contains", ASKED, longer) == 1.0
    part = Case(id="c", question="?", gold_answers=("185",))
    assert score("contains", part, longer) == 0.0, "a part of a word is none"


@pytest.mark.parametrize("name", ["exact_match", "token_f1", "contains"])
def test_an_abstention_is_no_right_answer_unless_there_is_none(answered, name: str) -> None:
    assert score(name, ASKED, answered()) == 0.0
    assert score(name, UNANSWERABLE, answered()) is None
    assert score(name, Case(id="c", question="?"), answered(BUILT)) is None
    assert score(name, ASKED, Result(cell="a", case="c", error=Failure(kind="E", detail=""))) is None


def test_what_is_answerable_is_said_or_follows_from_the_gold() -> None:
    assert is_answerable(ASKED) is True
    assert is_answerable(UNANSWERABLE) is False
    assert is_answerable(Case(id="c", question="?")) is None


def test_abstaining_is_right_only_where_there_is_no_answer(answered) -> None:
    silent, talking = answered(), answered(BUILT)
    assert [score("abstention_recall", UNANSWERABLE, each) for each in (silent, talking)] == [1.0, 0.0]
    assert [score("false_abstention", ASKED, each) for each in (silent, talking)] == [1.0, 0.0]
    assert [score("right", UNANSWERABLE, each) for each in (silent, talking)] == [1.0, 0.0]
    assert score("abstention_recall", ASKED, silent) is None
    assert score("false_abstention", UNANSWERABLE, silent) is None


def test_right_goes_by_the_judge_then_by_spans_then_by_answers(answered) -> None:
    assert score("right", ASKED, answered(BUILT)) == 1.0
    assert score("right", ASKED, answered(LAMP)) == 0.0
    assert score("right", ASKED, answered(LAMP, judged=Judged(correct=1.0))) == 1.0
    by_answer = Case(id="c", question="?", gold_answers=("whale oil",))
    assert score("right", by_answer, answered(LAMP)) == 1.0
    assert score("right", Case(id="c", question="?", gold_sources=("orvay",)), answered(LAMP)) is None


def test_withheld_sentences_are_not_what_is_said(answered) -> None:
    held_back = answered((*BUILT, {"asserted": False}), LAMP)
    assert score("right", ASKED, held_back) == 0.0
    assert score("contains", ASKED, held_back) == 0.0


def test_a_copy_of_the_gold_source_under_another_name_is_the_gold_source(retrieved) -> None:
    copy = Retrieved(source="mirror", page_hash=text_hash(PAGE), start=0, end=60, score=1.0)
    result = Result(cell="a", case="c", answer={"status": "answered"}, retrieved=(*retrieved("x"), copy))
    assert score("mrr", ASKED, result) == 0.5
    assert score("span_hit@5", ASKED, result) == 1.0
    assert score("evidence_recall", ASKED, result) == 1.0


def test_the_recall_of_evidence_is_that_of_the_best_group_in_what_the_writer_got(retrieved) -> None:
    spans = (
        GoldSpan(source="a", start=0, end=10, quote="x" * 10, group=0),
        GoldSpan(source="b", start=0, end=10, quote="x" * 10, group=0),
        GoldSpan(source="a", start=0, end=4, quote="x" * 4, group=1),
    )
    case = Case(id="c", question="?", gold_spans=spans)

    def found(*places: tuple[str, int, int], selected: int = 99) -> float | None:
        result = Result(cell="a", case="c", answer={}, retrieved=retrieved(*places, selected=selected))
        return score("evidence_recall", case, result)

    assert found(("b", 0, 10)) == 0.5
    assert found(("a", 0, 3)) == 0.75
    assert found(("a", 0, 10), ("b", 0, 10), selected=1) == 1.0, "one group is whole"
    assert found(("c", 0, 10)) == 0.0


def test_a_span_of_a_file_is_placed_by_its_quote(retrieved) -> None:
    case = Case(id="c", question="?", gold_spans=(GoldSpan(source="a", quote="1854"),))
    pages = {"hash of a": PAGE}
    hit = Result(cell="a", case="c", answer={}, retrieved=retrieved(("a", 30, 40)), pages=pages)
    assert score("evidence_recall", case, hit) == 1.0
    missed = Result(cell="a", case="c", answer={}, retrieved=retrieved(("b", 30, 40)))
    assert score("evidence_recall", case, missed) == 0.0
    changed = Result(cell="a", case="c", answer={}, retrieved=retrieved(("a", 30, 40)), pages={"hash of a": "no year"})
    assert score("evidence_recall", case, changed) is None


def test_quotes_are_held_against_the_text_at_their_places(answered) -> None:
    assert score("quote_validity", ASKED, answered(BUILT, LAMP)) == 1.0
    place = {"source": "orvay", "title": "", "start": 1, "end": 9}
    moved = answered((BUILT[0], [place | {"page_hash": "page", "quote": "The Orv"}]))
    assert score("quote_validity", ASKED, moved) == 0.0
    unknown = answered((BUILT[0], [place | {"page_hash": "?", "quote": "x"}]))
    assert score("quote_validity", ASKED, unknown) is None


def test_the_surest_sentence_stands_for_the_case_in_risk_and_coverage(answered) -> None:
    metric = METRICS["aurc"]
    sure = answered((*BUILT, {"relevance": 0.8, "score": 0.9}), (*LAMP, {"relevance": 0.3}))
    assert metric.rows_of(ASKED, sure) == ((0.8, 0.0),)
    withheld = answered((*LAMP, {"relevance": 0.4, "asserted": False}))
    assert metric.rows_of(ASKED, withheld) == ((0.4, 1.0),)
    assert metric.rows_of(UNANSWERABLE, withheld) == ((0.4, 1.0),)
    assert metric.rows_of(ASKED, answered()) == ((0.0, 1.0),)
    assert metric.rows_of(Case(id="c", question="?"), sure) == ()
    assert metric.figure([(ASKED, sure), (UNANSWERABLE, withheld)]) == pytest.approx(0.5 * (1 - 0.6931471805599453))


def test_an_all_unanswerable_set_has_abstention_and_no_correctness(answered) -> None:
    pairs = [(UNANSWERABLE, answered()), (UNANSWERABLE, answered(BUILT))]
    assert METRICS["abstention_recall"].figure(pairs) == 0.5
    for name in ("exact_match", "contains", "false_abstention", "evidence_recall", "mrr", "correct"):
        assert METRICS[name].figure(pairs) is None


def test_contradictions_are_counted_without_changes_over_time(answered) -> None:
    found = answered(BUILT, contradictions=[{"is_change": True}, {"is_change": False}])
    assert score("contradictions", ASKED, found) == 1.0
    assert score("contradiction_recall", ASKED, found) is None
    tagged = Case(id="c", question="?", tags=("contradiction",))
    assert score("contradiction_recall", tagged, found) == 1.0
    assert score("contradiction_recall", tagged, answered(BUILT)) == 0.0


def test_what_an_answer_takes_is_in_its_usage(answered) -> None:
    result = answered(BUILT, stages={"draft": 0.5}, requests={"a.test": 2, "b.test": 5})
    taken = {"seconds_p50": 1.5, "seconds.draft": 0.5, "tokens": 120.0, "cost": 0.25, "requests_per_host": 5.0}
    assert {name: score(name, ASKED, result) for name in taken} == taken
    assert score("seconds.crawl", ASKED, result) is None
    assert score("requests_per_host", ASKED, answered(BUILT)) is None
    uncounted = answered(BUILT, usage={"seconds": None, "money": None})
    assert [score(name, ASKED, uncounted) for name in ("seconds_p50", "tokens", "cost")] == [None, None, None]


def test_percentiles_are_over_answers(answered) -> None:
    pairs = [(ASKED, answered(BUILT, usage={"seconds": float(n)})) for n in range(1, 102)]
    assert METRICS["seconds_p50"].figure(pairs) == 51.0
    assert METRICS["seconds_p95"].figure(pairs) == 96.0


def test_a_failed_case_counts_for_failures_alone() -> None:
    result = Result(cell="a", case="c", error=Failure(kind="E", detail="no"))
    assert {name for name in METRICS if score(name, ASKED, result) is not None} == {"failed"}


def test_a_metric_is_known_by_name_or_by_module(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own_metrics.py").write_text(
        "from fontes.evals.metric import Metric\n"
        "words = Metric(name='words', meaning='words said', source='mine', higher_is_better=False,\n"
        "               score=lambda case, result: 3.0)\n"
        "thief = Metric(name='right', meaning='', source='', higher_is_better=True, score=lambda case, result: 1.0)\n"
        "number = 4\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert [metric.name for metric in metrics_named(["right", "own_metrics:words", "right"])] == ["right", "words"]
    assert metrics_named([]) == tuple(METRICS.values())
    for name, told in {
        "rigth": "it is not known",
        "own_metrics:missing": "it cannot be imported",
        "no_such_module:x": "it cannot be imported",
        "own_metrics:number": "it is a int",
        "own_metrics:thief": "it calls itself 'right'",
    }.items():
        with pytest.raises(MetricError, match=told):
            metrics_named([name])


def test_a_gold_answer_without_words_stands_nowhere() -> None:
    assert not holds("", "A")
    assert not holds("", "…")
    assert holds("The Tower of London", "a tower")
