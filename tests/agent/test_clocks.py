"""The system's clock may be set at any moment: orders, waits and limits do not go by it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import fontes
import pytest
from fontes.agent.assistant import Assistant
from fontes.agent.settings import Settings

ORVAY = "Who built the Orvay lighthouse?"
AGENT = Path(fontes.__file__).parent / "agent"
WALL_CLOCK = re.compile(r"\btime\.time\(|datetime\.now\(|date\.today|utc_now\(|\bfrom time import time\b|utcnow\(")
ASKS_THE_DAY = {
    "assistant.py": "when a question was asked",
    "asked_on.py": "the day that a question is asked on",
    "sentence_check.py": "the day that ages of pages are counted from",
    "going_on.py": "which interrupted runs are a month old",
    "models/known_models.py": "what was learnt of a model holds for a day; what is from the future does not",
    "models/probe.py": "when that was learnt",
    "models/scripted/chat.py": "the time in a reply",
    "models/scripted/pooling.py": "the time in a reply",
    "tui/evidence_pane.py": "how old a page is",
    "tui/pasting.py": "the name of a file",
}


def test_only_what_tells_a_day_asks_the_systems_clock() -> None:
    found = {str(file.relative_to(AGENT)) for file in AGENT.rglob("*.py") if WALL_CLOCK.search(file.read_text("utf-8"))}
    assert found <= ASKS_THE_DAY.keys(), "everything else counts seconds with time.monotonic"


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Set the system's clock to so much before or after now."""

    def to(shift: timedelta) -> None:
        class Shifted(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
                return datetime.now(tz or UTC) + shift

        monkeypatch.setattr("fontes.crawler.page.datetime", Shifted)
        monkeypatch.setattr("fontes.agent.going_on.datetime", Shifted)

    return to


async def test_turns_and_conversations_keep_their_order_when_the_clock_is_set_back(
    fontes: Assistant, docs: Path, set_clock: Callable[[timedelta], None]
) -> None:
    await fontes.add([docs])
    await fontes.ask(ORVAY, conversation="first")
    set_clock(timedelta(days=-400))
    await fontes.ask("When was it built?", conversation="first")
    await fontes.ask("Who built the Stennick lighthouse?", conversation="second")
    set_clock(timedelta(days=900))
    third = await fontes.ask("What did its lamp burn?", conversation="first")
    turns = await fontes.conversations.turns("first")
    assert [turn.question for turn in turns] == [ORVAY, "When was it built?", "What did its lamp burn?"]
    assert turns[0].at > turns[1].at, "the times are those of the clock"
    assert third.question == "What did the Orvay lighthouse's lamp burn?" or "Orvay" in third.question
    assert [each.id for each in await fontes.conversations.list()] == ["first", "second"]


@pytest.mark.parametrize("shift", [timedelta(days=-3650), timedelta(days=3650)])
async def test_a_clock_that_jumps_while_an_answer_is_written_changes_neither_its_time_nor_its_end(
    fontes: Assistant, docs: Path, set_clock: Callable[[timedelta], None], shift: timedelta
) -> None:
    run = await fontes.start(ORVAY, sources=[docs], conversation="c")
    moments = []
    async for event in run.events():
        moments.append(event.at)
        set_clock(shift * (len(moments) % 2))
    answer = await run.answer()
    assert (answer.status, answer.cut_short) == ("answered", "")
    assert moments == sorted(moments)
    assert 0 <= moments[0] <= moments[-1] <= 120
    assert 0 < answer.usage.seconds <= 120


async def test_a_run_that_goes_on_elsewhere_is_not_let_go_when_the_clock_is_set_forward(
    settings: Settings, docs: Path, silent: Any, set_clock: Callable[[timedelta], None]
) -> None:
    async with Assistant(settings, writer=silent) as one:
        run = await one.start(ORVAY, sources=[docs], conversation="c")
        await silent.began.wait()
        set_clock(timedelta(days=3650))
        async with Assistant(settings) as two:
            (turn,) = await two.conversations.turns("c")
            assert (turn.run, turn.status, turn.goes_on) == (run.id, "running", "elsewhere")
