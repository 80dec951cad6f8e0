"""Answers of other systems: read with line-accurate errors, judged by what they cite, kept as a run."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fontes.agent.settings import Settings
from fontes.agent.verifiers.lexical import Lexical
from fontes.evals.case import Case, ForeignAnswer, ForeignCitation
from fontes.evals.case_error import CaseError
from fontes.evals.cli_score import app
from fontes.evals.foreign import foreign_result
from fontes.evals.foreign_rows import read_answers
from fontes.evals.ruler import Ruler
from fontes.evals.run_folder import read
from fontes.evals.scoring import matched, metrics_of_answers, read_cited, score_answers, unread
from fontes.tools.localweb import LocalWeb
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import validate
from typer.testing import CliRunner

TOWER = "The tower stands on a rock. It was built in 1854 by James Calder, who died in the same year."
Write = Callable[..., Path]

ROW: dict[str, Any] = {
    "id": "tower",
    "question": "Who built the tower?",
    "answer": "The tower was built by James Calder [1]. It burned down in 1912 [2].",
    "citations": [{"url": "https://x.test/tower", "title": "The tower", "text": TOWER}, "https://x.test/fire"],
    "system": "peer 1.0",
    "gold_answers": ["James Calder"],
}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def lines(*rows: object) -> Path:
        path = tmp_path / "answers.jsonl"
        path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows))
        return path

    return lines


def test_a_line_is_a_case_and_an_answer(write: Write) -> None:
    (only,) = read_answers(write(ROW))
    assert (only.case.id, only.case.gold_answers) == ("tower", ("James Calder",))
    assert only.answer.system == "peer 1.0"
    assert [each.mark for each in only.answer.citations] == ["1", "2"]
    assert only.answer.citations[1] == ForeignCitation(mark="2", source="https://x.test/fire")


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([], "answers.jsonl: it holds no answer"),
        ([ROW, '{"id": "cut off", "ans'], "answers.jsonl:2: it is not JSON"),
        ([{"id": "x"}], "answers.jsonl:1: `answer`: Field required"),
        ([{**ROW, "Answer": "x"}], "answers.jsonl:1: `Answer`: Extra inputs are not permitted"),
        ([{**ROW, "citations": [{"uri": "x"}]}], "`citations.0.uri`: Extra inputs"),
        ([ROW, ROW], "answers.jsonl:2: `id`: peer 1.0 answered 'tower' on line 1 already"),
        ([{**ROW, "citations": [{"mark": 1}, {"mark": "[1]"}]}], "the mark '1' stands for two texts"),
        (["[1]"], "answers.jsonl:1"),
        (["\x00"], "answers.jsonl:1: it is not JSON"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(write: Write, rows: list[object], told: str) -> None:
    with pytest.raises(CaseError) as raised:
        read_answers(write(*rows))
    assert told in str(raised.value)


@given(st.text())
def test_any_line_is_an_answer_or_an_error(tmp_path_factory: pytest.TempPathFactory, line: str) -> None:
    path = tmp_path_factory.mktemp("lines") / "a.jsonl"
    path.write_text(line, encoding="utf-8", errors="surrogatepass")
    with pytest.raises(CaseError):
        read_answers(path)


async def test_every_sentence_is_held_against_what_it_cites() -> None:
    answer = ForeignAnswer(
        system="peer",
        text="The tower was built by James Calder [1]. It burned down in 1912 [2]. It is tall. It fell [9].",
        citations=(ForeignCitation(mark="1", source="https://x.test/tower", text=TOWER), ForeignCitation(mark="2")),
        seconds=1.5, money=0.0, prompt_tokens=0, completion_tokens=0,
    )  # fmt: skip
    result = await foreign_result(Case(id="c", question="Who?"), answer, Lexical())
    assert result.answer is not None
    claims = result.answer["claims"]
    assert [claim["verdict"] for claim in claims] == ["supported", "unsupported", "unsupported", "unsupported"]
    assert [claim["reason"] for claim in claims][1:3] == ["it cites nothing that could be read", "it cites nothing"]
    assert all(sentence["asserted"] for sentence in result.answer["sentences"])
    assert result.answer["notes"][1:] == ["marks that stand for nothing: 9", "it gives no text, and none was read: 2"]
    (page,) = result.pages
    assert claims[0]["citations"][0]["page_hash"] == page
    schema = json.loads((Path(__file__).parents[2] / "docs/reference/answer.schema.json").read_text())
    whole = {**result.answer, "usage": {**result.answer["usage"], "pages": 0, "cached_tokens": 0}}
    validate(whole, schema)


async def test_what_a_system_does_not_say_of_itself_is_not_nothing() -> None:
    result = await foreign_result(
        Case(id="c", question="Who?"), ForeignAnswer(system="s", text="I don't know."), Lexical()
    )
    assert result.answer is not None
    assert (result.answer["usage"], result.answer["status"]) == ({}, "abstained")


def scored(*arguments: str | Path) -> tuple[int, str]:
    outcome = CliRunner().invoke(app, list(map(str, arguments)), standalone_mode=False)
    code = outcome.return_value if outcome.return_value is not None else outcome.exit_code
    return int(code), outcome.output


def test_answers_become_a_run_with_a_cell_for_each_system(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FONTES_HOME", str(tmp_path / "home"))
    other = {**ROW, "system": "peer 2.0", "answer": "Nobody knows.", "abstained": True}
    more = {**ROW, "id": "age", "question": "How old is it?", "answer": "It is old."}
    code, told = scored(write(ROW, other, more), "--out", tmp_path / "run")
    assert code == 0
    assert "peer 2.0" in told
    run = read(tmp_path / "run")
    assert tuple(run.manifest.cells) == ("peer 1.0", "peer 2.0")
    first = {result.case: result for result in run.of("peer 1.0")}
    assert first["tower"].scores["citation_recall"] == 0.5
    assert first["tower"].scores["citation_precision"] == 0.5
    second = {result.case: result for result in run.of("peer 2.0")}
    assert second["tower"].scores["false_abstention"] == 1.0
    assert second["age"].error is not None
    assert second["age"].error.kind == "NoAnswer"
    assert "mrr" not in run.manifest.metrics
    assert (tmp_path / "run" / "report.html").exists()


def test_the_example_is_scored_as_the_eye_sees_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FONTES_HOME", str(tmp_path / "home"))
    example = Path(__file__).parents[2] / "examples/eval/foreign/answers.jsonl"
    assert scored(example, "--out", tmp_path / "run")[0] == 0
    run = read(tmp_path / "run")
    recall = {(each.cell, each.case): each.scores["citation_recall"] for each in run.results}
    assert recall["assistant-a 2.1", "lens"] == 0.5  # "every lighthouse in Europe" is not in the source
    assert recall["assistant-a 2.1", "distance"] == 1.0
    assert recall["assistant-a 2.1", "cost"] is None
    assert [recall["assistant-b", case] for case in ("lens", "distance", "cost")] == [0.0, 0.0, 0.0]


def test_answers_to_a_set_are_scored_by_its_cases(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FONTES_HOME", str(tmp_path / "home"))
    cases = tmp_path / "cases.jsonl"
    cases.write_text(json.dumps({"id": "tower", "question": "Who built the tower?", "gold_answers": ["James Calder"]}))
    answers = write({"id": "tower", "answer": "James Calder did.", "system": "peer"})
    assert scored(answers, "--dataset", cases, "--out", tmp_path / "run")[0] == 0
    assert read(tmp_path / "run").results[0].scores["right"] == 1.0
    stranger = write({"id": "mill", "question": "?", "answer": "x"})
    assert scored(stranger, "--dataset", cases, "--out", tmp_path / "other")[0] == 2


async def test_cited_addresses_are_read_politely_and_what_may_not_be_read_is_told(
    tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FONTES_HOME", str(tmp_path / "home"))
    urls = [f"http://harbour-office.test/{place}" for place in ("", "internal/lamp-stores.html")]
    answered = read_answers(
        write(
            {
                "id": "t",
                "question": "How many?",
                "answer": "The office maintains three lights [1][2].",
                "citations": urls,
            }
        )
    )
    assert unread(answered) == tuple(urls)
    async with LocalWeb(Path(__file__).parents[2] / "examples/localweb") as web:
        settings = Settings(resolve=(f"*=127.0.0.1:{web.port}",), host_gap_s=0.0)
        async with settings.build_crawler() as crawler:
            cited = await read_cited(unread(answered), crawler)
    assert "maintains three lights" in cited[urls[0]].text
    forbidden = cited[urls[1]].skipped
    assert forbidden is not None
    assert forbidden.reason == "robots"
    cases = matched(answered, (), "answers")
    async with Ruler(Settings()) as ruler:
        metrics = metrics_of_answers()
        await score_answers(answered, cases, tmp_path / "run", ruler, metrics, dataset="d", read=cited)
    (result,) = read(tmp_path / "run").results
    assert result.answer is not None
    assert result.answer["claims"][0]["verdict"] == "supported"
    assert [each["reason"] for each in result.answer["ledger"]["skipped"]] == ["robots"]
    assert result.scores["citation_recall"] == 1.0
    assert result.scores["citation_precision"] == 0.5


def test_a_set_of_cases_with_answers_is_read_too(write: Write) -> None:
    case = {
        "id": "c",
        "question": "Who?",
        "foreign": {"system": "peer", "text": "Ann [1].", "citations": [{"mark": "1"}]},
    }
    (only,) = read_answers(write(case, {"id": "d", "question": "When?"}))
    assert (only.case.id, only.case.foreign, only.answer.text) == ("c", None, "Ann [1].")
    with pytest.raises(CaseError, match="no case has an answer"):
        read_answers(write({"document": {"source": "a", "text": "b"}}, {"id": "d", "question": "When?"}))


def test_a_question_that_changes_under_its_id_is_an_error(write: Write) -> None:
    path = write(ROW, {**ROW, "system": "other", "question": "Who sank it?"})
    with pytest.raises(CaseError, match="asks something else than before"):
        matched(read_answers(path), (), str(path))


def test_other_answers_do_not_go_into_the_folder_of_earlier_ones(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FONTES_HOME", str(tmp_path / "home"))
    run = tmp_path / "run"
    assert scored(write(ROW), "--out", run)[0] == 0
    assert scored(write(ROW), "--out", run)[0] == 0
    code, told = scored(write({**ROW, "answer": "Nobody built it [1]."}), "--out", run)
    assert code == 2
    assert "another run is there: its answers is" in told
    (kept,) = read(run).results
    assert kept.answer is not None
    assert kept.answer["text"] == ROW["answer"]


def test_a_metric_that_cannot_score_is_told_and_costs_no_answer(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FONTES_HOME", str(tmp_path / "home"))
    (tmp_path / "no_metric.py").write_text(
        "from fontes.evals.metric import Metric\n"
        "odd = Metric(name='odd', meaning='', source='', higher_is_better=True, score=lambda c, r: 1 / 0)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    arguments = ("--out", tmp_path / "run", "--metric", "right", "--metric", "no_metric:odd")
    code, told = scored(write(ROW), *arguments)
    assert code == 1
    assert "metric 'odd' could not score 1 answers; the first: case tower: ZeroDivisionError" in told
    (kept,) = read(tmp_path / "run").results
    assert kept.scores == {"right": 1.0, "odd": None}


def test_a_folder_that_is_a_file_is_bad_input(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FONTES_HOME", str(tmp_path / "home"))
    answers = write(ROW)
    code, told = scored(answers, "--out", answers)
    assert code == 2
    assert "it is a file. Name a folder" in told


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e400", "-1"])
def test_seconds_and_money_are_numbers(write: Write, number: str) -> None:
    row = json.dumps({**ROW, "money": 0}).replace('"money": 0', f'"money": {number}')
    with pytest.raises(CaseError, match=r"answers.jsonl:1: "):
        read_answers(write(row))
