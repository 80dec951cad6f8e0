"""A run: every case under every cell once, whatever happens to some of them."""

import asyncio
import os
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from fontes.agent.settings import Settings
from fontes.agent.verifiers.lexical import Lexical
from fontes.evals.case import Case, Document, GoldSpan, Label
from fontes.evals.cases import dataset_hash
from fontes.evals.metric import Metric
from fontes.evals.registry import metrics_named
from fontes.evals.result import Judged, Result
from fontes.evals.ruler import Ruler
from fontes.evals.run_folder import Manifest, RunFolder, StoredRun, read
from fontes.evals.runner import How, Outcome, Runner
from fontes.evals.spending import Bounds

ORVAY = "The Orvay lighthouse was built in 1854 by James Calder.\n\nIts lamp burned whale oil until 1871.\n"
STENNICK = "The Stennick lighthouse was built in 1902 by Mary Hale.\n\nIts fog horn fell silent in 1988.\n"
DOCUMENTS = (
    Document(source="orvay", text=ORVAY, title="Orvay", published="2024-05-01"),
    Document(source="stennick", text=STENNICK),
)
WHO = Case(
    id="who",
    question="Who built the Orvay lighthouse?",
    documents=DOCUMENTS,
    gold_answers=("James Calder",),
    gold_spans=(GoldSpan(source="orvay", start=42, end=54, quote="James Calder"),),
)
WHEN = Case(id="when", question="When was the Stennick lighthouse built?", documents=DOCUMENTS, gold_answers=("1902",))
NEVER = Case(id="never", question="Who discovered penicillin?", documents=DOCUMENTS, unanswerable=True)
CASES = (WHO, WHEN, NEVER)

MakeRun = Callable[..., Awaitable[tuple[Outcome, StoredRun]]]


@pytest.fixture(autouse=True)
def bare_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No FONTES_ variable, no settings file."""
    for name in os.environ:
        if name.upper().startswith("FONTES_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def run(tmp_path: Path) -> MakeRun:
    """`await run(cases, cells={…}, …)`: a run into one folder, by words alone, and what is there afterwards."""

    async def go(
        cases: Sequence[Case] = CASES,
        *,
        cells: dict[str, dict[str, Any]] | None = None,
        metrics: tuple[Metric, ...] = metrics_named(["right", "contains", "mrr", "evidence_recall", "failed"]),
        how: How | None = None,
        progress: Any = None,
        ruler_of: type[Ruler] = Ruler,
    ) -> tuple[Outcome, StoredRun]:
        shared = {"home": tmp_path / "home", "embedder": "none", "reranker": "none", "workers": 1, "web": False}
        changes = {name: {**shared, **cell} for name, cell in (cells or {"default": {}}).items()}
        settings = {name: Settings(**cell) for name, cell in changes.items()}
        async with ruler_of(Settings(**shared)) as ruler:
            manifest = Manifest(
                fontes="", dataset="towers", dataset_hash=dataset_hash(cases), cases=len(cases),
                cells={name: {} for name in changes}, started="", metrics=tuple(each.name for each in metrics),
                verifier=ruler.verifier.name,
            )  # fmt: skip
            with RunFolder.open(tmp_path / "run", manifest, cases) as folder:
                outcome = await Runner(
                    folder, cases, settings, changes, metrics, ruler, how=how or How(), progress=progress
                ).run()
        return outcome, read(tmp_path / "run")

    return go


def lines(tmp_path: Path) -> int:
    return (tmp_path / "run" / "results.jsonl").read_bytes().count(b"\n")


async def test_every_case_is_answered_judged_and_scored(run: MakeRun) -> None:
    outcome, stored = await run()
    assert (outcome.kept, outcome.failed, outcome.stopped) == (3, 0, "")
    assert not stored.manifest.interrupted
    assert stored.manifest.finished
    who, when, never = stored.of("default")
    assert who.scores == {"right": 1.0, "contains": 1.0, "mrr": 1.0, "evidence_recall": 1.0, "failed": 0.0}
    assert when.scores["contains"] == 1.0
    assert never.scores == {"right": 1.0, "contains": None, "mrr": None, "evidence_recall": None, "failed": 0.0}
    assert who.answer is not None
    assert who.answer["claims"][0]["citations"][0]["source"] == "orvay"
    assert who.answer["claims"][0]["citations"][0]["published"] == "2024-05-01"
    assert [each.by_all for each in who.judged.support] == [True] * len(who.judged.support)
    assert {"understand", "retrieve", "draft", "verify"} <= who.stages.keys()
    assert stored.pages.keys() == {each.page_hash for each in (*who.retrieved, *when.retrieved)}
    first = who.retrieved[0]
    assert "James Calder" in stored.pages[first.page_hash][first.start : first.end]


async def test_a_finished_run_is_left_as_it_is(run: MakeRun, tmp_path: Path) -> None:
    await run()
    before = (tmp_path / "run" / "results.jsonl").read_bytes()
    outcome, _ = await run()
    assert outcome.kept == 0
    assert (tmp_path / "run" / "results.jsonl").read_bytes() == before


async def test_only_what_is_missing_is_asked(run: MakeRun, tmp_path: Path) -> None:
    await run()
    file = tmp_path / "run" / "results.jsonl"
    kept = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(kept[0] + kept[1][:40])
    outcome, stored = await run()
    assert outcome.kept == 2
    assert len(stored.results) == lines(tmp_path) == 3


async def test_cells_are_a_matrix_over_one_index(run: MakeRun, tmp_path: Path) -> None:
    outcome, stored = await run(cells={"three": {}, "one": {"sentences": 1}})
    assert outcome.kept == 6
    assert Counter(result.cell for result in stored.results) == {"three": 3, "one": 3}
    assert len(list((tmp_path / "home" / "evals").iterdir())) == 1


async def test_cases_with_documents_of_their_own_see_no_others(run: MakeRun) -> None:
    alone = Case(id="alone", question=WHO.question, documents=DOCUMENTS[1:], gold_answers=("James Calder",))
    _, stored = await run((WHO, alone))
    assert {each.source for each in stored.of("default")[1].retrieved} <= {"stennick"}


async def test_earlier_turns_are_known_when_the_last_one_is_asked(run: MakeRun) -> None:
    earlier = (("user", "When was the Stennick lighthouse built?"), ("assistant", "In 1902."))
    _, stored = await run((Case(id="then", question="Who built it?", conversation=earlier, documents=DOCUMENTS),))
    (result,) = stored.results
    assert result.answer is not None
    assert "Stennick" in result.answer["question"]
    assert "Mary Hale" in result.answer["text"]


async def test_files_are_read_and_cited_under_the_names_that_cases_give_them(run: MakeRun, tmp_path: Path) -> None:
    (tmp_path / "orvay.md").write_text(f"# Orvay\n\n{ORVAY}", encoding="utf-8")
    file = Document(source="the file", path=str(tmp_path / "orvay.md"), digest="d")
    span = GoldSpan(source="the file", quote="James Calder")
    _, stored = await run((Case(id="f", question=WHO.question, documents=(file,), gold_spans=(span,)),))
    (result,) = stored.results
    assert result.scores == {"right": 1.0, "contains": None, "mrr": 1.0, "evidence_recall": 1.0, "failed": 0.0}


async def test_a_missing_file_fails_its_cases_alone(run: MakeRun, tmp_path: Path) -> None:
    gone = Document(source="gone", path=str(tmp_path / "gone.txt"), digest="d")
    outcome, stored = await run((Case(id="lost", question="Where?", documents=(gone,)), WHO))
    assert (outcome.kept, outcome.failed) == (2, 1)
    lost, who = stored.of("default")
    assert lost.error is not None
    assert lost.error.kind == "CorpusError"
    assert "gone.txt: it cannot be read" in lost.error.detail
    assert who.error is None


CRASHING = """
from fontes.agent.verifiers.lexical import Lexical

class Crashing:
    name = "crashing/1"
    left = 0

    async def check(self, claim, evidence):
        if "Stennick" in claim and Crashing.left:
            Crashing.left -= 1
            raise ZeroDivisionError(f"no verdict on {claim[:20]}")
        return await Lexical().check(claim, evidence)
"""


@pytest.fixture
def crashing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], dict[str, dict[str, Any]]]:
    """`crashing(times)`: cells with a verifier of one's own, which crashes so often at the word Stennick."""
    (tmp_path / "crashing_verifier.py").write_text(CRASHING, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "crashing_verifier", raising=False)

    def cells(times: int) -> dict[str, dict[str, Any]]:
        import_module("crashing_verifier").Crashing.left = times
        return {"default": {"verifier": "crashing_verifier:Crashing"}}

    return cells


async def test_a_case_that_crashes_the_assistant_is_tried_again_and_kept_as_failed(run: MakeRun, crashing) -> None:
    outcome, stored = await run(cells=crashing(10**9), how=How(retries=2))
    assert outcome.failed == 1
    who, when, never = stored.of("default")
    assert when.error is not None
    assert (when.error.kind, when.attempt) == ("ZeroDivisionError", 3)
    assert when.error.detail.startswith("no verdict on")
    assert when.scores == dict.fromkeys(("right", "contains", "mrr", "evidence_recall")) | {"failed": 1.0}
    assert who.error is never.error is None


async def test_a_case_that_failed_once_is_answered_at_the_next_attempt(run: MakeRun, crashing) -> None:
    outcome, stored = await run(cells=crashing(1))
    assert outcome.failed == 0
    assert stored.of("default")[1].attempt == 2


async def test_the_next_run_tries_what_failed_again(run: MakeRun, crashing, tmp_path: Path) -> None:
    cells = crashing(2)
    first, _ = await run(cells=cells, how=How(retries=0))
    second, _ = await run(cells=cells, how=How(retries=0))
    third, stored = await run(cells=cells, how=How(retries=0))
    assert [each.failed for each in (first, second, third)] == [1, 1, 0]
    assert [each.kept for each in (first, second, third)] == [3, 1, 1]
    assert stored.of("default")[1].attempt == 3


class Telling:
    """Progress that does something at every result."""

    def __init__(self, then: Callable[[], None]) -> None:
        self.then = then

    def told(self, result: Result) -> None:
        self.then()

    def note(self, text: str) -> None:
        raise AssertionError(text)


async def test_a_cancelled_run_keeps_what_is_finished_and_says_it_was_interrupted(run: MakeRun, tmp_path: Path) -> None:
    def cancel() -> None:
        task.cancel()

    task = asyncio.ensure_future(run(how=How(concurrency=1), progress=Telling(cancel)))
    with pytest.raises(asyncio.CancelledError):
        await task
    stored = read(tmp_path / "run")
    assert stored.manifest.interrupted
    assert not stored.manifest.finished
    assert 1 <= len(stored.results) < 3
    before = len(stored.results)
    outcome, stored = await run()
    assert outcome.kept == 3 - before
    assert lines(tmp_path) == len(stored.results) == 3
    assert not stored.manifest.interrupted


class Counting(Ruler):
    """Counts the cases that are under way at one time."""

    now = most = 0

    async def judged(self, case: Case, result: Result) -> Judged:
        Counting.now += 1
        Counting.most = max(Counting.most, Counting.now)
        for _ in range(50):
            await asyncio.sleep(0)
        Counting.now -= 1
        return await super().judged(case, result)


@pytest.mark.parametrize("concurrency", [1, 3])
async def test_no_more_cases_are_under_way_than_allowed(run: MakeRun, concurrency: int) -> None:
    Counting.most = 0
    cases = tuple(Case(id=str(n), question=WHO.question, documents=DOCUMENTS) for n in range(9))
    outcome, _ = await run(cases, how=How(concurrency=concurrency), ruler_of=Counting)
    assert outcome.kept == 9
    assert 1 <= Counting.most <= concurrency


@pytest.mark.parametrize(
    ("bounds", "told"),
    [
        (Bounds(seconds=0), "its 0 seconds are over"),
        (Bounds(money=0), "it has spent 0 of 0"),
        (Bounds(tokens=0), "it has used 0 of 0 tokens"),
    ],
)
async def test_a_bound_ends_the_run_before_the_next_case(run: MakeRun, bounds: Bounds, told: str) -> None:
    outcome, stored = await run(how=How(bounds=bounds))
    assert (outcome.stopped, outcome.kept) == (told, 0)
    assert stored.manifest.interrupted
    outcome, stored = await run()
    assert (outcome.stopped, outcome.kept) == ("", 3)


async def test_a_metric_that_cannot_score_is_told_and_the_answers_are_kept(run: MakeRun) -> None:
    def broken(case: Case, result: Result) -> float | None:
        if case.id == "when":
            return float("nan")
        return 1 / len(case.tags)

    own = Metric(name="own", meaning="m", source="s", higher_is_better=True, score=broken)
    outcome, stored = await run(metrics=(*metrics_named(["right"]), own))
    times, first = outcome.metric_errors["own"]
    assert times == 3
    assert "case " in first
    assert [result.scores["own"] for result in stored.results] == [None] * 3
    assert all(result.scores["right"] == 1.0 for result in stored.of("default") if result.case != "when")


async def test_labelled_claims_are_judged_by_the_verifier_of_the_cell_and_nobody_is_asked(run: MakeRun) -> None:
    labels = (
        Label(claim="It was built in 1854.", texts=("It was built in 1854.",), supported=True),
        Label(claim="It was built in 1855.", texts=("It was built in 1854.",), supported=False),
    )
    metrics = metrics_named(["verdict_balanced_accuracy", "verdict_auroc", "failed"])
    _, stored = await run((Case(id="claims", question="", labels=labels),), metrics=metrics)
    (result,) = stored.results
    assert result.answer is None
    assert result.error is None
    assert [said for _, said in result.judged.labels] == [True, False]
    assert result.judged.labels_by == Lexical().name
    assert metrics[0].figure([(stored.cases[0], result)]) == 1.0


async def test_a_set_that_is_all_unanswerable_is_measured_by_its_abstentions(run: MakeRun) -> None:
    metrics = metrics_named(["abstention_recall", "false_abstention", "contains"])
    _, stored = await run((NEVER,), metrics=metrics)
    pairs = [(NEVER, result) for result in stored.results]
    assert [metric.figure(pairs) for metric in metrics] == [1.0, None, None]


async def test_results_are_the_same_each_time(run: MakeRun, tmp_path: Path) -> None:
    _, first = await run()
    (tmp_path / "run").rename(tmp_path / "before")
    _, second = await run(how=How(concurrency=1))
    for one, other in zip(first.of("default"), second.of("default"), strict=True):
        assert one.answer is not None
        assert other.answer is not None
        assert one.scores == other.scores
        assert one.answer["text"] == other.answer["text"]
        assert one.retrieved == other.retrieved


@pytest.mark.slow
async def test_a_web_is_served_and_its_hosts_are_counted(run: MakeRun, tmp_path: Path) -> None:
    host = tmp_path / "web" / "orvay.test"
    host.mkdir(parents=True)
    (host / "index.html").write_text(
        "<html><head><title>Orvay</title></head><body><article><h1>Orvay</h1><p>The Orvay lighthouse was built in 1854"
        " by James Calder, who lived on the island until his death. It burned whale oil until 1871, when the lamp was"
        " changed for one that burned paraffin.</p></article></body></html>",
        encoding="utf-8",
    )
    case = Case(id="web", question=WHO.question, web=str(tmp_path / "web"), gold_answers=("James Calder",))
    _, stored = await run((case,), cells={"default": {"host_gap_s": 0.0}})
    (result,) = stored.results
    assert result.error is None
    assert result.scores["contains"] == 1.0
    assert result.requests == {"orvay.test": 1}


async def test_a_case_is_asked_as_on_its_own_day(run: MakeRun) -> None:
    question = "Who built the Orvay lighthouse?"
    cases = (
        Case(id="before", question=question, documents=DOCUMENTS, as_of="2024-04-30T23:59:00Z"),
        Case(id="after", question=question, documents=DOCUMENTS, as_of="2024-05-01"),
        Case(id="to come", question=question, documents=DOCUMENTS, as_of="9999-01-01"),
    )
    _, stored = await run(cases)
    of = {result.case: result for result in stored.results}
    assert of["before"].answer is not None
    assert "left out, published after 2024-04-30: orvay (2024-05-01)" in of["before"].answer["notes"]
    assert "James Calder" not in of["before"].answer["text"]
    assert of["after"].answer is not None
    assert "James Calder" in of["after"].answer["text"]
    assert of["to come"].error is not None
    assert of["to come"].error.kind == "BadQuestion"
    assert "is yet to come" in of["to come"].error.detail
