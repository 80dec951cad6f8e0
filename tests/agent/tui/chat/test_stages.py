"""What a run is doing, as its events tell it."""

from dataclasses import dataclass

from fontes.agent.events import Event, EventKind
from fontes.agent.tui.progress_view import progress_text
from fontes.agent.tui.stages import QUIET_S, RIVER, Stages
from hypothesis import given
from hypothesis import strategies as st


@dataclass
class Clock:
    """A clock that a test sets."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def begun(*events: tuple[EventKind, str, object], clock: Clock | None = None, seconds: float | None = 120) -> Stages:
    """Stages that have heard these events."""
    stages = Stages(seconds=seconds, clock=clock or Clock())
    for kind, step, value in events:
        stages.take(Event(kind=kind, step=step, at=0, value=value))
    return stages


def test_the_counts_of_the_steps_are_added_up() -> None:
    stages = begun(
        ("step_started", "search", None), ("progress", "search", "ddgs: 20 hits"),
        ("progress", "search", "wikipedia: 4 hits"), ("progress", "search", "brave: it wants a key"),
        ("step_started", "crawl", None), ("progress", "crawl", "14 of 24 pages: 9 read, 5 skipped"),
        ("step_started", "retrieve", None), ("progress", "retrieve", "found 1,031 passages"),
    )  # fmt: skip
    assert stages.counts.words() == "found 24 · read 9 · skipped 5 · evidence 1,031"
    assert stages.failed == {"brave": "it wants a key"}


def test_there_is_an_estimate_only_from_a_pace_that_was_seen() -> None:
    clock = Clock()
    stages = begun(("step_started", "crawl", None), ("progress", "crawl", "read 10 of 40 files"), clock=clock)
    assert stages.eta_s() is None
    clock.now = 5
    assert stages.eta_s() == 15
    assert stages.left_s() == 115


def test_an_estimate_is_never_beyond_what_the_run_may_take() -> None:
    clock = Clock()
    stages = begun(("step_started", "crawl", None), ("progress", "crawl", "read 3 of 4,000 files"), clock=clock)
    clock.now = 100
    assert stages.eta_s() == stages.left_s() == 20


def test_after_two_seconds_of_silence_it_says_what_it_waits_for() -> None:
    clock = Clock()
    stages = begun(
        ("step_started", "crawl", None), ("progress", "crawl", "2 of 9 pages: 2 read, 0 skipped"), clock=clock
    )
    assert "waiting" not in progress_text(stages, width=100).plain
    clock.now = QUIET_S + 1
    assert "waiting 3 s for 7 more to be read" in progress_text(stages, width=100).plain


def test_every_step_says_what_it_waits_for_and_fits_a_narrow_screen() -> None:
    for step in (*RIVER, "repair", ""):
        stages = begun(("step_started", step, None))
        assert stages.waits_for()
        assert progress_text(stages, width=30).plain.splitlines()[0].startswith("⠋ ")


def test_repair_begins_the_later_steps_again() -> None:
    done = [("step_finished", step, 0.1) for step in RIVER[:8]]
    stages = begun(*done, ("step_started", "repair", None))
    assert stages.passed == ["understand", "route"]
    assert stages.round == 1


@given(st.lists(st.tuples(st.sampled_from(("progress", "notice", "step_started")), st.sampled_from(RIVER), st.text())))
def test_no_line_of_progress_is_too_strange(events: list[tuple[EventKind, str, str]]) -> None:
    stages = begun(*events)
    for width in (1, 20, 72, 200):
        text = progress_text(stages, width=width).plain
        assert "\x1b" not in text


def test_a_clock_of_the_wall_that_jumps_changes_nothing() -> None:
    from time import monotonic

    assert Stages().clock is monotonic
