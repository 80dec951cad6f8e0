"""A question may be asked as on an earlier day: what is counted from today is counted from then."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from fontes.agent.archived import copies_of_gone
from fontes.agent.asked_on import as_of_day, day_asked_on, is_later, left_out_note
from fontes.agent.assistant import Assistant
from fontes.agent.errors import BadQuestion
from fontes.agent.settings import Settings
from fontes.agent.state import State
from fontes.crawler import Skipped
from fontes.tools import Hit
from hypothesis import given
from hypothesis import strategies as st

TODAY = date(2026, 3, 15)
KEEPER = "The keeper of the Orvay lighthouse is currently {}, who lives in the tower with two dogs."


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """The same thing said in 2019 and, otherwise, in 2024."""
    folder = tmp_path / "papers"
    folder.mkdir()
    for year, name in (("2019", "Anna Berg"), ("2024", "Jonas Vik")):
        text = f"---\ndate: {year}-06-01\n---\n\n# Orvay in {year}\n\n{KEEPER.format(name)}\n"
        (folder / f"{year}.md").write_text(text, encoding="utf-8")
    return folder


@given(day=st.dates(), published=st.dates())
def test_a_page_is_later_if_its_day_is(day: date, published: date) -> None:
    assert is_later(published.isoformat(), day.isoformat()) is (published > day)
    assert is_later(f"{published}T12:00:00+02:00", day.isoformat()) is (published > day)


@given(day=st.dates(), published=st.dates())
def test_of_a_month_or_a_year_alone_the_first_day_counts(day: date, published: date) -> None:
    assert is_later(f"{published:%Y}".zfill(4), day.isoformat()) is (published.year > day.year)
    month = f"{published.year:04}-{published.month:02}"
    assert is_later(month, day.isoformat()) is ((published.year, published.month) > (day.year, day.month))


@given(published=st.text(max_size=12).filter(lambda text: not text[:4].isdecimal()))
def test_what_has_no_date_is_not_later(published: str) -> None:
    assert not is_later(published, "2023-05-01")
    assert not is_later("2024-01-01", "")


def test_the_day_is_the_one_given_or_else_the_one_on_which_it_was_asked() -> None:
    asked = "2026-03-15T12:00:00Z"
    assert day_asked_on(State(run="r", question="q", asked=asked, as_of="2023-05-01")) == date(2023, 5, 1)
    local = datetime(2026, 3, 15, 12, tzinfo=UTC).astimezone().date()
    assert day_asked_on(State(run="r", question="q", asked=asked)) == local


@pytest.mark.parametrize(
    ("as_of", "since", "why"),
    [
        (date(2026, 3, 16), None, "2026-03-16 is yet to come"),
        (date(2023, 5, 1), date(2023, 5, 2), "no page that is known by 2023-05-01 was published since 2023-05-02"),
        (datetime(2023, 5, 1, tzinfo=UTC), None, "is no date; give a datetime.date"),
        ("2023-05-01", None, "'2023-05-01' is no date"),
    ],
)
def test_a_day_that_cannot_be_asked_as_on_is_refused(as_of: date, since: date | None, why: str) -> None:
    with pytest.raises(BadQuestion, match=why):
        as_of_day(as_of, since, today=TODAY)


def test_today_itself_can_be_asked_as_on() -> None:
    assert as_of_day(TODAY, TODAY, today=TODAY) == "2026-03-15"
    assert as_of_day(None, TODAY, today=TODAY) == ""


async def test_a_page_of_a_later_day_is_no_evidence_and_named(fontes: Assistant, papers: Path) -> None:
    question = "Who is the keeper of the Orvay lighthouse?"
    then = await fontes.ask(question, sources=papers, as_of=date(2020, 1, 1))
    assert "Anna Berg" in then.text
    assert "Jonas Vik" not in then.text
    assert {citation.published for claim in then.claims for citation in claim.citations} == {"2019-06-01"}
    later = str(papers / "2024.md")
    assert then.notes[0] == "asked as on 2020-01-01"
    assert f"left out, published after 2020-01-01: {later} (2024-06-01)" in then.notes
    now = await fontes.ask(question, sources=papers)
    assert "Jonas Vik" in now.text
    assert not any("left out" in note or "asked as on" in note for note in now.notes)


async def test_pages_of_the_lasting_index_follow_the_day_too(fontes: Assistant, papers: Path) -> None:
    await fontes.add(papers)
    then = await fontes.ask("Who is the keeper of the Orvay lighthouse?", as_of=date(2020, 1, 1))
    assert "Anna Berg" in then.text
    assert "Jonas Vik" not in then.text


async def test_a_source_asked_for_as_a_whole_is_left_out_when_it_is_later(fontes: Assistant, papers: Path) -> None:
    answer = await fontes.ask("Summarise this document.", sources=papers / "2024.md", as_of=date(2020, 1, 1))
    assert answer.status == "abstained"
    assert any(note.startswith("left out, published after 2020-01-01") for note in answer.notes)


async def test_staleness_and_ages_are_counted_from_the_day(fontes: Assistant, papers: Path) -> None:
    question = "Who is the keeper of the Orvay lighthouse?"
    soon = await fontes.ask(question, sources=papers, as_of=date(2019, 6, 11))
    assert not any(claim.stale for claim in soon.claims)
    assert [seen.age_days for seen in soon.seen] == [10]
    late = await fontes.ask(question, sources=papers, as_of=date(2022, 6, 1))
    assert any("3 years ago" in claim.stale for claim in late.claims)


async def test_time_words_are_read_from_the_day(fontes: Assistant, papers: Path) -> None:
    run = await fontes.start("Who kept the Orvay lighthouse last year?", sources=papers, as_of=date(2020, 1, 1))
    await run.answer()
    assert run.state.query is not None
    assert (run.state.query.since, run.state.query.until) == ("2019-01-01", "2019-12-31")


async def test_a_plan_of_another_day_is_not_taken_for_this_one(fontes: Assistant, papers: Path) -> None:
    question = "Who kept the Orvay lighthouse last year?"
    plan = await fontes.plan(question, sources=papers, as_of=date(2020, 1, 1))
    run = await fontes.start(question, sources=papers, plan=plan, as_of=date(2024, 1, 1))
    await run.answer()
    assert run.state.query is not None
    assert run.state.query.since == "2023-01-01"


async def test_a_page_without_a_date_answers_and_the_reader_is_told(fontes: Assistant, docs: Path) -> None:
    answer = await fontes.ask("Who built the Orvay lighthouse?", sources=docs / "orvay.txt", as_of=date(2020, 1, 1))
    assert answer.status == "answered"
    assert f"no date is known of, so that it may be later: {docs / 'orvay.txt'}" in answer.notes


async def test_a_day_to_come_asks_nothing(fontes: Assistant, docs: Path) -> None:
    with pytest.raises(BadQuestion, match="is yet to come"):
        await fontes.ask("Who built it?", sources=docs, as_of=date.today() + timedelta(days=2))  # noqa: DTZ011


async def test_a_resumed_run_is_asked_as_on_the_same_day(
    settings: Settings, papers: Path, silent: Callable[..., object]
) -> None:
    async with Assistant(settings, writer=silent) as fontes:  # type: ignore[arg-type]
        run = await fontes.start(
            "Who is the keeper of the Orvay lighthouse?", sources=papers, as_of=date(2020, 1, 1), conversation="c"
        )
        await asyncio.wait_for(silent.began.wait(), 20)  # type: ignore[attr-defined]
        run.cancel()
        await run.answer()
    async with Assistant(settings) as fontes:
        resumed = await fontes.resume(run.id)
        answer = await resumed.answer()
    assert resumed.state.as_of == "2020-01-01"
    assert "Anna Berg" in answer.text
    assert "Jonas Vik" not in answer.text


class Machine:
    """An archive whose only copy is of 2021, and which was asked near some day."""

    def __init__(self) -> None:
        self.near: list[date | None] = []

    async def archived(self, url: str, *, near: date | None = None) -> Hit | None:
        self.near.append(near)
        address = f"https://web.archive.org/web/20210304050607id_/{url}"
        return Hit(url=address, title="", snippet="", provider="wayback", rank=1)


@pytest.mark.parametrize(("as_of", "count"), [("2022-01-01", 1), ("2020-01-01", 0), ("", 1)])
async def test_an_archived_copy_is_the_one_near_the_day_and_not_a_later_one(as_of: str, count: int) -> None:
    gone = Skipped(source="https://a.test/x", reason="http_status", detail="status 404")
    archive = Machine()
    copies, notes = await copies_of_gone([gone], archive, as_of=as_of)
    assert archive.near == [date.fromisoformat(as_of) if as_of else None]
    assert len(copies) == count
    assert count or notes == ["https://a.test/x is gone, and was first archived after 2020-01-01"]


def test_at_most_three_left_out_sources_are_named() -> None:
    sources = {f"s{n}": "2024-01-01" for n in range(5)}
    note = "left out, published after 2023-01-01: s0 (2024-01-01), s1 (2024-01-01), s2 (2024-01-01) and 2 more"
    assert left_out_note(sources, "2023-01-01") == note
