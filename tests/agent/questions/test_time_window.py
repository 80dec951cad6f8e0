"""The span of time a question names, counted from Sunday, 15 March 2026."""

from datetime import date

import pytest
from fontes.agent.time_window import time_window
from hypothesis import given
from hypothesis import strategies as st

TODAY = date(2026, 3, 15)


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("What happened in 2024?", "2024-01-01", "2024-12-31"),
        ("What happened in May 2024?", "2024-05-01", "2024-05-31"),
        ("What happened in February 2024?", "2024-02-01", "2024-02-29"),
        ("What happened on 1 May 2024?", "2024-05-01", "2024-05-01"),
        ("What happened on May 1st, 2024?", "2024-05-01", "2024-05-01"),
        ("What happened on 2024-05-01?", "2024-05-01", "2024-05-01"),
        ("Sales of 2024-05, please", "2024-05-01", "2024-05-31"),
        ("floods between 2019 and 2021", "2019-01-01", "2021-12-31"),
        ("floods from March 2019 to 2 June 2021", "2019-03-01", "2021-06-02"),
        ("floods 2019-2021", "2019-01-01", "2021-12-31"),
        ("floods 2019–2021", "2019-01-01", "2021-12-31"),
        ("Who has won since 2020?", "2020-01-01", ""),
        ("Who has won after May 2020?", "2020-06-01", ""),
        ("Who had won before 2020?", "", "2019-12-31"),
        ("Who had won by 2020?", "", "2020-12-31"),
        ("Which laws applied as of 3 January 2020?", "", "2020-01-03"),
        ("What changed today?", "2026-03-15", "2026-03-15"),
        ("What changed yesterday?", "2026-03-14", "2026-03-14"),
        ("What changed last week?", "2026-03-02", "2026-03-08"),
        ("What changed last month?", "2026-02-01", "2026-02-28"),
        ("What changed last year?", "2025-01-01", "2025-12-31"),
        ("What changed this year?", "2026-01-01", "2026-03-15"),
        ("What changed in the last 10 days?", "2026-03-05", "2026-03-15"),
        ("What changed over the past 2 weeks?", "2026-03-01", "2026-03-15"),
        ("What changed the past year?", "2025-03-15", "2026-03-15"),
        ("Best phones 2025", "2025-01-01", "2025-12-31"),
        ("WHAT HAPPENED IN MAY 2024?", "2024-05-01", "2024-05-31"),
    ],
)
def test_the_window_a_question_names(question: str, since: str, until: str) -> None:
    assert time_window(question, TODAY) == (since, until)


@pytest.mark.parametrize(
    "question",
    [
        "",
        "Who built the tower?",
        "What may happen?",
        "What is on 2024-13-45?",
        "Is 31 February 2024 a day?",
        "How many of the 12500 lamps burn?",
        "What does RFC 9309 say?",
        "What is version 1.2024.5?",
        "Will it last?",
    ],
)
def test_a_question_that_names_no_time_has_no_window(question: str) -> None:
    assert time_window(question, TODAY) == ("", "")


def test_of_a_span_that_runs_backwards_only_a_point_is_taken() -> None:
    assert time_window("floods between 2021 and 2019", TODAY) == ("2021-01-01", "2021-12-31")


POINTS = st.sampled_from(
    ["2024-05-01", "2024-02-30", "0000-00", "9999-12-31", "May 2024", "31 Feb. 2023", "1 jan 2020", "sept. 1999"]
)
WORDS = st.sampled_from(
    ["since", "before", "after", "between", "and", "from", "to", "in", "the last", "past", "99999", "0", "3", "years",
     "week", "last month", "today", "–", "-", "as of", "\u0661\u0662\u0663\u0664", "\n"]
)  # fmt: skip


@given(
    text=st.one_of(st.text(), st.lists(st.one_of(POINTS, WORDS, st.text(max_size=5)), max_size=12).map(" ".join)),
    today=st.dates(min_value=date(1900, 1, 1)),
)
def test_any_text_has_a_window_in_order_or_none(text: str, today: date) -> None:
    since, until = time_window(text, today)
    days = [date.fromisoformat(day) for day in (since, until) if day]
    assert days == sorted(days)
