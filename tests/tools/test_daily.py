"""A day's requests are counted, across processes, and whatever the clock does."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from fontes.tools.daily import DailyCount
from hypothesis import given
from hypothesis import strategies as st

DAY = date(2026, 11, 21)


class Clock:
    def __init__(self) -> None:
        self.today = DAY

    def __call__(self) -> date:
        return self.today


@pytest.fixture(params=["memory", "file"])
def count(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Clock], DailyCount]:
    folder = tmp_path / "counts" if request.param == "file" else None
    return lambda clock: DailyCount("brave", folder, today=clock)


def test_a_day_has_so_many_and_the_next_as_many(count: Callable[[Clock], DailyCount]) -> None:
    clock = Clock()
    counted = count(clock)
    assert [counted.take(3) for _ in range(5)] == [True, True, True, False, False]
    clock.today += timedelta(days=1)
    assert [counted.take(3) for _ in range(4)] == [True, True, True, False]


def test_a_larger_budget_counts_what_was_spent(count: Callable[[Clock], DailyCount]) -> None:
    counted = count(Clock())
    assert [counted.take(1), counted.take(1), counted.take(2), counted.take(2)] == [True, False, True, False]


def test_a_clock_that_goes_back_and_forth_gives_no_more(count: Callable[[Clock], DailyCount]) -> None:
    clock = Clock()
    counted = count(clock)
    assert counted.take(1)
    for days in (-1, 1, -1, 1):
        clock.today += timedelta(days=days)
        assert not counted.take(1)
    clock.today += timedelta(days=1)
    assert counted.take(1)


def test_a_clock_that_was_far_ahead_does_not_close_the_service_for_years(count: Callable[[Clock], DailyCount]) -> None:
    clock = Clock()
    counted = count(clock)
    clock.today = date(2099, 1, 1)
    assert counted.take(2)
    clock.today = DAY
    assert [counted.take(2), counted.take(2)] == [True, False]
    clock.today += timedelta(days=1)
    assert counted.take(2)


@given(days=st.lists(st.integers(-1, 1), max_size=20))
def test_a_small_skew_never_gives_more_than_the_days_hold(days: list[int]) -> None:
    clock = Clock()
    counted = DailyCount("brave", None, today=clock)
    taken, first, latest = 0, DAY, DAY
    for step in days:
        clock.today = max(clock.today + timedelta(days=step), latest - timedelta(days=1))
        first, latest = min(first, clock.today), max(latest, clock.today)
        taken += counted.take(1)
    assert taken <= (latest - first).days + 1


def test_a_folder_is_counted_together_and_each_provider_apart(tmp_path: Path) -> None:
    def take(number: int) -> bool:
        return DailyCount("brave", tmp_path, today=Clock()).take(7)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(20))) == 7
    assert DailyCount("google", tmp_path, today=Clock()).take(1)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "searches.db").write_bytes(b"not a database" * 99)
    with pytest.raises(OSError, match=r"searches\.db: "):
        DailyCount("brave", tmp_path).take(1)


def test_a_locked_file_is_an_error_and_not_a_free_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fontes.tools.daily._BUSY_S", 0.01)
    counted = DailyCount("brave", tmp_path)
    assert counted.take(9)
    holder = sqlite3.connect(tmp_path / "searches.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(OSError, match="locked"):
        counted.take(9)
    holder.close()
