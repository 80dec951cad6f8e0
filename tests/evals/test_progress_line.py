"""What the line of a run says, and what a run has spent."""

import pytest
from fontes.evals.progress import Lines
from fontes.evals.registry import metrics_named
from fontes.evals.result import Failure, Judged, Result
from fontes.evals.spending import Bounds, Spending

METRICS = metrics_named(["right", "aurc", "seconds_p50", "contains"])


def result(right: float | None = None, *, failed: bool = False, **usage: float | None) -> Result:
    return Result(
        cell="a",
        case="c",
        answer={"usage": usage},
        error=Failure(kind="E", detail="") if failed else None,
        scores={"right": right, "contains": None},
    )


def test_the_line_counts_cases_failures_and_scores_and_tells_the_time_left(capsys: pytest.CaptureFixture[str]) -> None:
    spending = Spending(Bounds())
    lines = Lines(10, 4, METRICS, spending)
    spending.started -= 3.0
    lines.told(result(1.0))
    lines.told(result(0.0))
    lines.told(result(failed=True))
    assert lines.line() == "7/10 · 1 failed · 3 s left · right 0.500"
    shown = capsys.readouterr().err
    assert shown.startswith("5/10 · 15 s left · right 1.000\n")


def test_the_last_result_is_always_shown(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines(2, 0, METRICS, Spending(Bounds()))
    lines.told(result())
    lines.told(result())
    assert capsys.readouterr().err.splitlines()[-1] == "2/2"


def test_hours_and_minutes_are_told_as_such() -> None:
    spending = Spending(Bounds())
    lines = Lines(1_001, 0, METRICS, spending)
    spending.started -= 8.0
    lines.told(result())
    assert "2 h 13 min left" in lines.line()


def test_money_and_tokens_count_with_the_judging() -> None:
    spending = Spending(Bounds(money=1.0, tokens=100))
    assert spending.exceeded() == ""
    spending.book(result(prompt_tokens=30, completion_tokens=20, money=0.5))
    spending.book(result(prompt_tokens=None, completion_tokens=None, money=None))
    assert (spending.tokens, spending.money) == (50, 0.5)
    spending.book(Result(cell="a", case="c", judged=Judged(tokens=50, money=0.25)))
    assert spending.exceeded() == "it has used 100 of 100 tokens"
    spending.book(result(money=0.25))
    assert spending.exceeded() == "it has spent 1 of 1"
    assert "100 tokens · 1 money" in Lines(1, 0, METRICS, spending).line()


def test_time_counts_from_the_start_of_this_part() -> None:
    spending = Spending(Bounds(seconds=60))
    assert spending.exceeded() == ""
    spending.started -= 61
    assert spending.exceeded() == "its 60 seconds are over"
