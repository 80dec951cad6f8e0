"""docs/evaluation-compare.md: its commands exist, its rules can be read, its fields are those of the schema."""

import json
import re
import shlex
from pathlib import Path

import pytest
import typer
from fontes.evals.cli_compare import app as compare
from fontes.evals.cli_report import app as report
from fontes.evals.cli_score import app as score
from fontes.evals.foreign_rows import AnswerRow
from fontes.evals.gate import parse_rule

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/evaluation-compare.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"fontes eval ((?:compare|report|score) (?:[^`\n]|\\\n)*)", PAGE.replace("\\\n", " "))


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_on_the_page_has_the_options_that_it_is_shown_with(line: str) -> None:
    name, *arguments = shlex.split(line, comments=True)
    command = typer.main.get_command({"compare": compare, "report": report, "score": score}[name])
    known = {flag for parameter in command.params for flag in (*parameter.opts, *parameter.secondary_opts)}
    assert {each for each in arguments if each.startswith("--")} <= known


def test_every_rule_on_the_page_can_be_read() -> None:
    rules = [*re.findall(r'--fail-on "([^"]+)"', PAGE), *re.findall(r"^\| `([^`]+[<>][^`]+)` \|", PAGE, re.MULTILINE)]
    assert len(rules) >= 5
    assert [str(parse_rule(rule)) for rule in rules] == rules


def test_the_table_has_every_field_of_an_answer() -> None:
    table = PAGE.partition("| field | meaning |")[2].partition("\n\n")[0]
    named = {name for cell in re.findall(r"^\| (.+?) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", cell)}
    assert named == set(AnswerRow.model_fields)


def test_the_line_on_the_page_is_an_answer() -> None:
    block = PAGE.partition("Each line is one answer:")[2].partition("```json\n")[2].partition("```")[0]
    assert AnswerRow.model_validate(json.loads(block)).system == "assistant-a 2.1"
