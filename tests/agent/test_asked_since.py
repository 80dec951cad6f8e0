"""`since` leaves out what is known to be older, wherever it is from, and says so."""

from datetime import date
from pathlib import Path

import pytest
from fontes import Assistant
from fontes.agent.asked_since import is_earlier, too_old_note
from hypothesis import given
from hypothesis import strategies as st

KEEPER = "The keeper of the Orvay lighthouse is {}, who lives in the tower with two dogs."
ASKED = "Who is the keeper of the Orvay lighthouse?"


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """The same thing said in 2019, in 2024, and at no known time."""
    folder = tmp_path / "papers"
    folder.mkdir()
    for year, name in (("2019", "Anna Berg"), ("2024", "Jonas Vik")):
        text = f"---\ndate: {year}-06-01\n---\n\n# Orvay in {year}\n\n{KEEPER.format(name)}\n"
        (folder / f"{year}.md").write_text(text, encoding="utf-8")
    (folder / "undated.md").write_text(f"# Orvay\n\n{KEEPER.format('Piet Maas')}\n", encoding="utf-8")
    return folder


@given(day=st.dates(), published=st.dates())
def test_a_page_is_older_if_its_day_is(day: date, published: date) -> None:
    assert is_earlier(published.isoformat(), day.isoformat()) is (published < day)
    assert is_earlier(f"{published}T12:00:00Z", day.isoformat()) is (published < day)


@given(day=st.dates(), published=st.dates())
def test_a_month_or_a_year_alone_is_older_only_as_a_whole(day: date, published: date) -> None:
    assert is_earlier(f"{published.year:04}", day.isoformat()) is (published.year < day.year)
    month = f"{published.year:04}-{published.month:02}"
    assert is_earlier(month, day.isoformat()) is ((published.year, published.month) < (day.year, day.month))


@given(published=st.text(max_size=12).filter(lambda text: not text[:4].isdecimal()))
def test_what_has_no_date_is_not_older(published: str) -> None:
    assert not is_earlier(published, "2023-05-01")
    assert not is_earlier("2019-01-01", "")


def test_the_note_counts_the_sources_and_names_the_first() -> None:
    sources = {f"{name}.md": "2019-06-01T00:00:00Z" for name in "abcde"}
    assert too_old_note(sources, "2023-01-01") == (
        "5 sources left out, published before 2023-01-01: a.md (2019-06-01), b.md (2019-06-01), c.md (2019-06-01)"
        " and 2 more"
    )


async def test_older_documents_are_left_out_and_undated_ones_stay(fontes: Assistant, papers: Path) -> None:
    whole = await fontes.ask(ASKED, sources=[papers])
    since = await fontes.ask(ASKED, sources=[papers], since="2023-01-01")
    assert "Anna Berg" in whole.text
    assert "Anna Berg" not in since.text
    assert "Jonas Vik" in since.text
    old = papers / "2019.md"
    assert f"1 source left out, published before 2023-01-01: {old} (2019-06-01)" in since.notes
    if "Piet Maas" in since.text:
        assert f"no date is known of, so that it may be older: {papers / 'undated.md'}" in since.notes


async def test_older_documents_of_the_index_are_left_out_too(fontes: Assistant, papers: Path) -> None:
    await fontes.add([papers])
    answer = await fontes.ask(ASKED, since=date(2023, 1, 1))
    assert "Anna Berg" not in answer.text
    assert any(note.startswith("1 source left out, published before 2023-01-01") for note in answer.notes)
