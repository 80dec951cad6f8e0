"""`fontes ask`: a cited answer, its JSON, and an exit code that says how it ended."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from fontes.agent.wire import AnswerOut

pytestmark = pytest.mark.slow  # whole processes or many seconds of waiting

MAIN = [sys.executable, "-c", "from fontes.agent.cli import main; main()"]


def test_an_answer_shows_sentence_mark_source_date_and_quote(fontes, notes: Path) -> None:
    result = fontes("ask", "When does the ferry leave?", "--docs", notes, "--as-of", "2024-04-01")
    assert result.code == 0
    first, *rest = result.out.splitlines()
    assert first == "The ferry leaves at nine every morning. [1]  ✓ seen once · as of 2024-03-01"
    foot = "\n".join(rest)
    assert "[1] The ferry · 2024-03-01" in foot
    assert str(notes / "ferry.md") in foot
    assert "“The ferry leaves at nine every morning.”" in foot
    assert "note: written without a model: quotes only" in foot


def test_json_is_one_value_of_the_documented_schema_and_its_quotes_hold(fontes, notes: Path) -> None:
    result = fontes("ask", "When was the tower finished?", "--docs", notes, "--json")
    assert result.code == 0
    answer = json.loads(result.out)
    jsonschema.validate(answer, AnswerOut.model_json_schema())
    (citation, *_) = answer["claims"][0]["citations"]
    assert citation["quote"] == "The tower on the hill was finished in 1871."
    assert citation["end"] - citation["start"] == len(citation["quote"])
    assert citation["source"] == str(notes / "tower.txt")


def test_a_question_that_the_sources_do_not_answer_is_not_answered(fontes, notes: Path) -> None:
    result = fontes("ask", "Who painted the ceiling of the Sistine Chapel?", "--docs", notes)
    assert result.code == 4
    assert result.out.startswith("The sources do not answer this question.")


def test_docs_leaves_the_index_as_it_was(fontes, notes: Path, quick: None) -> None:
    fontes("ask", "When was the tower finished?", "--docs", notes)
    assert fontes("sources").out == ""


def test_the_index_answers_after_add(fontes, notes: Path) -> None:
    assert fontes("add", notes, "--no-embed").code == 0
    result = fontes("ask", "Where do grey seals give birth?", "--quiet")
    assert result.code == 0
    assert result.out.splitlines()[0].startswith("Grey seals give birth on the northern beaches")
    assert "Sources" not in result.out


def test_an_empty_index_says_what_to_do(fontes, quick: None) -> None:
    result = fontes("ask", "When was the tower finished?")
    assert result.code == 4
    assert "fontes add" in result.out


def test_what_was_not_read_is_listed_with_its_reason(fontes, notes: Path, quick: None) -> None:
    (notes / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    (notes / "empty.txt").write_bytes(b"")
    result = fontes("ask", "When was the tower finished?", "--docs", notes)
    assert "photo.png" in result.out
    assert "(wrong_type)" in result.out
    assert "(empty)" in result.out


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("", "holds no word"),
        ("  ?! ", "holds no word"),
        ("why " * 25_000, "99,999 characters"),
        ("\x1b[;\x07", "no word"),
    ],
)
def test_a_question_that_cannot_be_asked_is_bad_input(fontes, quick: None, question: str, why: str) -> None:
    result = fontes("ask", question)
    assert result.code == 2
    assert why in result.err
    assert "\x1b" not in result.err


def test_control_characters_reach_no_terminal(fontes, tmp_path: Path, quick: None) -> None:
    folder = tmp_path / "evil"
    folder.mkdir()
    name = "tide\x1b]0;owned\x07\u202etable.txt"
    (folder / name).write_text("High tide\x1b[31m is at\x9b2J six o'clock\u200b in the\u202e evening.\n")
    result = fontes("ask", "When is high tide?", "--docs", folder)
    assert result.code == 0
    assert "is at" in result.out
    for char in ("\x1b", "\x07", "\x9b", "\u202e", "\u200b"):
        assert char not in result.out + result.err


def test_sources_that_cannot_be_read_are_named(fontes, tmp_path: Path, quick: None) -> None:
    result = fontes("ask", "What is it?", "--docs", tmp_path / "missing")
    assert result.code == 2
    assert "missing" in result.err
    assert "does not exist" in result.err


def test_an_unknown_option_is_bad_input(fontes) -> None:
    result = fontes("ask", "What is it?", "--nonsense")
    assert result.code == 2
    assert "--nonsense" in result.err


def test_ctrl_c_ends_a_question_with_130(tmp_path: Path, has_pages) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(3000):
        (folder / f"{number}.txt").write_text(
            f"Entry {number} tells of the number {number} and of nothing else at all."
        )
    process = subprocess.Popen(
        [*MAIN, "ask", "Which entry?", "--docs", str(folder)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | {"FONTES_WORKERS": "1"},
    )  # fmt: skip
    while not has_pages():
        assert process.poll() is None, process.communicate()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "cancelled" in out
    assert "do not answer" not in out


def test_running_out_of_time_is_not_called_an_absent_answer(fontes, notes: Path, monkeypatch, quick: None) -> None:
    monkeypatch.setenv("FONTES_SECONDS", "0.0001")
    result = fontes("ask", "When was the tower finished?", "--docs", notes)
    assert result.code == 4
    assert result.out.startswith("The run ended before anything was verified.")
    assert "seconds were over" in result.out


def test_a_sources_own_marks_are_not_shown_as_ours(fontes, tmp_path: Path, quick: None) -> None:
    (tmp_path / "dam.txt").write_text("The Marksby dam holds 30 million litres of water.[7][12]\n")
    result = fontes("ask", "How much water does the Marksby dam hold?", "--docs", tmp_path / "dam.txt", "--json")
    answer = json.loads(result.out)
    assert answer["text"] == "The Marksby dam holds 30 million litres of water. [1]"


def test_a_reader_who_has_seen_enough_is_no_error(notes: Path, home: Path) -> None:
    shell = f"{sys.executable} -c '{MAIN[2]}' ask 'When does the ferry leave?' --docs {notes}"
    done = subprocess.run(
        ["bash", "-c", f"{shell} | head -c 1; exit ${{PIPESTATUS[0]}}"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_an_empty_name_is_not_the_current_directory(fontes, quick: None) -> None:
    assert fontes("ask", "What is here?", "--docs", "").code == 2
    assert fontes("add", "").code == 2
    assert fontes("remove", "").code == 2
    assert fontes("sources").out == ""


def test_as_of_asks_as_on_that_day_and_says_so(fontes, notes: Path, quick: None) -> None:
    result = fontes("ask", "When does the ferry leave?", "--docs", notes, "--as-of", "2024-02-01")
    assert result.code == 4
    assert f"left out, published after 2024-02-01: {notes / 'ferry.md'} (2024-03-01)" in result.out.replace("\n", " ")
    assert fontes("ask", "When does the ferry leave?", "--docs", notes, "--as-of", "2024-04-01").code == 0


def test_a_day_that_cannot_be_asked_as_on_is_bad_input(fontes, notes: Path) -> None:
    for day, why in (("May 2023", "'May 2023' is no day; write it as 2023-05-01"), ("9999-01-01", "is yet to come")):
        result = fontes("ask", "When does the ferry leave?", "--docs", notes, "--as-of", day)
        assert result.code == 2
        assert why in " ".join(result.err.replace("│", " ").split())
