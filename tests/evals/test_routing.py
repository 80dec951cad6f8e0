"""The labelled questions are well formed, and the rules keep what they reach on them."""

import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fontes.evals.routing import MEASURES, Half, Judged, Measure, judge, rate, read_labelled, report

FLOORS: dict[Measure, float] = {
    "route": 0.98, "intent": 0.98, "window": 0.98, "fresh": 0.98, "place": 0.95, "sites": 0.95, "sub_questions": 0.9,
}  # fmt: skip
"""Lowered only by a reviewed change. The rules were mended on every half: these hold quality and do not measure it."""


@pytest.fixture(scope="module")
def judged() -> tuple[Judged, ...]:
    return tuple(map(judge, read_labelled()))


def test_there_are_enough_questions_of_every_kind_and_no_question_twice() -> None:
    labelled = read_labelled()
    assert len(labelled) >= 160
    assert len({(one.question, one.at_hand, one.urls) for one in labelled}) == len(labelled)
    intents = Counter(one.intent for one in labelled)
    assert set(intents) == {"fact", "comparison", "list", "how_to", "claim", "url"}
    assert min(intents.values()) >= 10
    assert {one.half for one in labelled} == {"development", "held_out", "second_held_out", "third_held_out"}


def test_every_window_of_a_label_is_dates_in_order() -> None:
    for one in read_labelled():
        days = [date.fromisoformat(day) for day in (one.since, one.until) if day]
        assert days == sorted(days), one.question


@pytest.mark.parametrize("measure", MEASURES)
def test_the_rules_keep_their_floor(measure: Measure, judged: tuple[Judged, ...]) -> None:
    share, low, high, count = rate(judged, measure)
    assert 0 <= low <= share <= high <= 1
    assert count <= len(judged)
    assert share >= FLOORS[measure]


def test_a_rate_over_no_label_is_undefined(judged: tuple[Judged, ...]) -> None:
    with pytest.raises(ValueError, match="no question is labelled with sites"):
        rate([one for one in judged if "sites" not in one.right], "sites")


def test_what_is_wrong_is_counted_and_shown() -> None:
    right = read_labelled()[0]
    wrong = judge(replace(right, intent="list", since="1999-01-01", place="Nowhere"))
    assert {measure for measure, is_right in wrong.right.items() if not is_right} == {"intent", "window", "place"}
    shown = report([wrong])
    assert "  intent         0.000  [0.000, 0.000]  of 1" in shown
    assert f"[development] {right.question}\n    intent: fact; window: ('', ''); place: " in shown


def test_a_file_of_ones_own_is_read(tmp_path: Path) -> None:
    row = {
        "question": "Who?", "today": "2026-01-01", "half": "held_out", "at_hand": {"index_pages": 0, "web": False},
        "expect": {"routes": ["index"], "intent": "fact", "since": "", "until": "", "fresh": False},
    }  # fmt: skip
    path = tmp_path / "own.jsonl"
    path.write_text(json.dumps(row) + "\n\n", encoding="utf-8")
    (one,) = read_labelled(path)
    assert (one.question, one.routes, one.place, one.at_hand.providers) == ("Who?", ("index",), None, ())


def test_the_command_prints_the_rates_of_every_half() -> None:
    done = subprocess.run([sys.executable, "-m", "fontes.evals.routing"], capture_output=True, text=True, check=True)
    halves: list[Half] = ["development", "held_out", "second_held_out", "third_held_out"]
    assert all(f"{half}: " in done.stdout for half in halves)
