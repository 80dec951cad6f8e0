"""`fontes eval compare`: exit codes, and what it writes for CI and for GitHub."""

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from fontes.evals.cli_compare import app
from fontes.evals.compare import compare
from fontes.evals.figures import figures
from fontes.evals.gate import judge, parse_rule
from fontes.evals.junit import junit
from fontes.evals.registry import metrics_named
from fontes.evals.run_folder import read
from fontes.evals.sides import read_sides
from fontes.evals.summary import comparison_markdown, escaped, run_markdown
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from typer.testing import CliRunner

MakeRun = Callable[..., Path]


def run(*arguments: object) -> tuple[int, str]:
    outcome = CliRunner().invoke(app, list(map(str, arguments)), standalone_mode=False)
    if outcome.exception:
        raise outcome.exception
    return int(outcome.return_value), outcome.stdout + outcome.stderr


def test_a_regression_fails_the_gate_and_noise_does_not(make_run: MakeRun) -> None:
    good, same, bad = (
        make_run("a", cases=60),
        make_run("b", cases=60, seed=1),
        make_run("c", cases=60, truth=0.4, seed=2),
    )
    rule = ("--metric", "citation_precision", "--fail-on", "citation_precision<-0.02")
    assert run(good, same, *rule)[0] == 0
    code, told = run(good, bad, *rule)
    assert code == 1
    assert "BROKEN citation_precision<-0.02: past the bound (p " in told
    assert run(good, bad, *rule[:2])[0] == 0


def test_a_case_that_fails_for_the_first_time_fails_the_gate(make_run: MakeRun) -> None:
    first, second = make_run("a"), make_run("b", broken=(4,))
    code, told = run(first, second, "--fail-on", "citation_precision<-0.9")
    assert code == 1
    assert "BROKEN failed>0" in told
    assert "failed: ServerDown: 127.0.0.1:8000 refused" in told
    assert run(first, second, "--metric", "right", "--fail-on", "failed>0.05")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--fail-on", "citation_precision<0.9"], "a rule with < takes one of 0 or less"),
        (["--fail-on", "beauty<0"], "metric 'beauty': it is not known"),
        (["--fail-on", "requests_per_host>0"], "no case of both runs has a value of 'requests_per_host'. Compared are"),
        (["--cell", "none"], "there is no cell 'none'. It has default"),
        (["--metric", "json:nothing"], "it cannot be imported"),
    ],
)
def test_what_cannot_be_judged_is_bad_input(make_run: MakeRun, arguments: list[str], told: str) -> None:
    path = make_run("a", cases=6)
    code, said = run(path, path, *arguments)
    assert code == 2
    assert told in said


def test_ones_own_metric_is_compared_by_what_was_kept_or_by_its_full_name(
    make_run: MakeRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own_metric.py").write_text(
        "from fontes.evals.metric import Metric\n"
        "length = Metric(name='length', meaning='m', source='s', higher_is_better=False, unit='count',\n"
        "    score=lambda case, result: None if result.answer is None else float(len(result.answer['sentences'])))\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    path = make_run("a", cases=6, metrics=("right", "length"))
    code, told = run(path, path, "--fail-on", "length>0")
    assert code == 2
    assert "no case of both runs has a value of 'length'" in told
    code, told = run(path, path, "--fail-on", "own_metric:length>0")
    assert code == 0
    assert "kept length>0" in told


def test_a_folder_without_a_run_is_bad_input(make_run: MakeRun, tmp_path: Path) -> None:
    assert run(make_run("a", cases=3), tmp_path / "nothing")[0] == 2


def test_runs_of_different_sets_are_bad_input_until_they_are_mixed_on_purpose(make_run: MakeRun) -> None:
    first, second = make_run("a", cases=30), make_run("b", cases=25)
    assert run(first, second)[0] == 2
    code, told = run(first, second, "--mixed", "--metric", "right")
    assert code == 0
    assert "NOT ALIKE: the cases differ: 30 of lights.jsonl and 25 of lights.jsonl, 25 the same in both" in told


def test_json_holds_what_the_screen_shows(make_run: MakeRun) -> None:
    code, told = run(
        make_run("a"),
        make_run("b", truth=0.3, seed=1),
        "--json",
        "--metric",
        "right",
        "--fail-on",
        "citation_recall<-0.02",
    )
    (only,) = json.loads(told)
    assert code == 1
    assert only["rules"][0] == {"rule": "citation_recall<-0.02", "broken": True, "why": only["rules"][0]["why"]}
    recall = next(row for row in only["metrics"] if row["metric"] == "citation_recall")
    assert recall["worse"] is True
    assert recall["low"] <= recall["difference"] <= recall["high"]
    assert only["worst"][0]["harm"] >= only["worst"][-1]["harm"]


def test_junit_has_a_test_for_each_rule_and_each_case(make_run: MakeRun, tmp_path: Path) -> None:
    first, second = make_run("a", cases=20), make_run("b", cases=20, truth=0.1, broken=(2,), seed=1)
    code, _ = run(first, second, "--fail-on", "citation_recall<-0.02", "--junit", tmp_path / "gate.xml")
    assert code == 1
    root = ET.fromstring((tmp_path / "gate.xml").read_bytes())
    gate, cases = root.findall("testsuite")
    assert (gate.get("tests"), gate.get("failures")) == ("2", "2")
    assert [test.get("name") for test in gate] == ["citation_recall<-0.02", "failed>0"]
    assert (cases.get("tests"), cases.get("errors"), len(cases.findall("testcase"))) == ("20", "1", 20)
    assert "ServerDown" in (cases.find("testcase/error").get("message") or "")  # type: ignore[union-attr]


def test_what_xml_cannot_hold_is_replaced(make_run: MakeRun) -> None:
    path = make_run("a", cases=2, questions="\x00\x0b\ufffe & <x> {n}", broken=(1,))
    ((before, after),) = read_sides(str(path), str(path))
    comparison = compare(before, after, ())
    root = ET.fromstring(junit([(comparison, ())]))
    assert "& <x> 1" in (root.find(".//error").text or "")  # type: ignore[union-attr]


def test_the_summary_is_appended_and_holds_the_worst_cases(make_run: MakeRun, tmp_path: Path) -> None:
    first, second = make_run("a"), make_run("b", truth=0.2, seed=1)
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    run(first, second, "--fail-on", "citation_recall<-0.02", "--markdown", summary, "--worst", 3)
    text = summary.read_text()
    assert text.startswith("before\n### ❌ The gate failed")
    assert "<details><summary>The worst 3 cases</summary>" in text
    html = MarkdownIt("commonmark").enable("table").render(text)
    assert html.count("<table>") == 2
    assert "<script" not in html
    assert "alert(1)" in html


def test_the_gate_that_passes_says_so(make_run: MakeRun) -> None:
    path = make_run("a", cases=10)
    ((before, after),) = read_sides(str(path), str(path))
    comparison = compare(before, after, metrics_named(["citation_recall"]))
    (rulings,) = judge([parse_rule("citation_recall<0")], [comparison.found])
    assert comparison_markdown(comparison, rulings).startswith("### ✅ The gate passed")


@given(st.text())
def test_no_text_is_markup_in_a_summary(text: str) -> None:
    rendered = MarkdownIt("commonmark").enable("table").render(f"| a | b |\n|---|---|\n| {escaped(text)} | end |\n")
    tags = set(rendered.replace("\n", "").split("<")[1:])
    names = {tag.split(">")[0].strip("/") for tag in tags}
    assert names <= {"table", "thead", "tbody", "tr", "th", "td"}
    assert rendered.count("<td>") == 2


def test_the_headline_of_a_run_has_a_column_for_each_cell(make_run: MakeRun) -> None:
    stored = read(make_run("a", cases=10, cells=("small", "large"), done=8))
    metrics = metrics_named(["right", "seconds_p50", "requests_per_host"])
    text = run_markdown(stored.manifest, [(cell, figures(stored, cell, metrics)) for cell in stored.manifest.cells])
    assert "| metric | small | large |" in text
    assert "requests" not in text
    assert "(8)" in text


def test_a_file_that_cannot_be_written_is_bad_input_and_no_broken_gate(make_run: MakeRun, tmp_path: Path) -> None:
    good, bad = make_run("a", cases=60), make_run("c", cases=60, truth=0.4, seed=2)
    rule = ("--metric", "citation_precision", "--fail-on", "citation_precision<-0.02")
    nowhere = tmp_path / "nowhere" / "x"
    code, told = run(good, good, *rule, "--markdown", nowhere)
    assert code == 2
    assert "nowhere/x: it cannot be written: No such file or directory" in told
    assert "kept citation_precision<-0.02" in told
    assert run(good, bad, *rule, "--junit", nowhere)[0] == 1
