"""The day that a text gives for itself."""

from datetime import UTC, date, datetime, timedelta

import pytest
from fontes.crawler import extract
from fontes.crawler.formats.dateline import day_of_document
from hypothesis import given, settings
from hypothesis import strategies as st

PROSE = "The weir below the mill was mended in spring, and the eels came back by themselves."


def dated(head: str, tail: str = "") -> str:
    return day_of_document(f"{head}\n\n{PROSE}\n\n{PROSE}\n\n{tail}")


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("Weir report\nDate: 2013-01-20", "2013-01-20"),
        ("# Weir report\n\n**Date:** Tuesday, 12 June 1988", "1988-06-12"),
        ("# Weir\n\n*Last changed 2020-08-30*", "2020-08-30"),
        ("THE EELS\n\nPublished 3 March 1988 by the Reed Courier", "1988-03-03"),
        ("THE EELS\n\nPosted 26 September 2023 by Reed Watch.", "2023-09-26"),
        ("# Der Aal\n\nStand: 2. März 2023", "2023-03-02"),
        ("# Der Aal\n\nVeröffentlicht am Montag, 4. Mai 2020", "2020-05-04"),
        ("# L'anguille\n\nPublié le 9 août 2020", "2020-08-09"),
        ("# La anguila\n\nActualizado el 9 de enero de 2020", "2020-01-09"),
        ("# Tariff\n\nReed Water Board, 15 December 2023", "2023-12-15"),
        ("# Denied\n\n2023-10-02, Reed Courier", "2023-10-02"),
        ("# Der Aal\n\nText: Ida Moll, 12. Oktober 2020", "2020-10-12"),
        ("# Denied\n\nBy Ida Moll | June 5th, 2021", "2021-06-05"),
        ("EELS\nTalks for the winter\nCompiled by Ida Moll, last changed 2 February 2024", "2024-02-02"),
        ("EELS\nText for the exhibition, second draft, 8 January 2025", "2025-01-08"),
        ("Minutes of the Reed council, 9 September 2024\n\nPresent: Moll, Adler", "2024-09-09"),
        ("REED COUNCIL\n\nMinutes of the meeting held on Monday 9 September 2024 at 19:00\nin the mill", "2024-09-09"),
        ("Protokoll der Sitzung vom 4. Mai 2021", "2021-05-04"),
        ("Valley Gazette, 11 April 1899\n\nA NEW PUMP", "1899-04-11"),
        ("17 September 2019\n\nDear Ida,", "2019-09-17"),
        ("2024-05-14", "2024-05-14"),
        ("From: a@x.example\nSubject: eels\nDate: Mon, 3 May 2021 10:12:44 +0200", "2021-05-03"),
        ("# Study\n\nReceived: 3 May 2020\nAccepted: 4 July 2020\nPublished: 9 August 2020", "2020-08-09"),
        ("# Fees\n\nDate: 14/05/2021", "2021-05-14"),
        ("# Charter\n\nDate: 3 May 1623", "1623-05-03"),
    ],
)
def test_a_day_that_labels_the_document_is_its_day(head: str, day: str) -> None:
    assert dated(head) == day


@pytest.mark.parametrize(
    "head",
    [
        "# Fees\n\nDate: 03/04/2021",
        "# Plan\n\nDate: 31 February 2021",
        "# Charter\n\nDate: 3 May 1240",
        "# Tariff from 1 January 2024",
        "# Tariff\n\nValid from 1 January 2024",
        "# The flood of 3 May 1842",
        "6 June 1944",
        "The Battle of Dorn\n\n14 October 1766",
        "World Cup Final, 30 July 1966",
        "# Ida Moll\n\nBorn 3 March 1944 in Reed",
        "# Karl Lund\n\n3 May 1930 – 4 June 2019",
        "Concert\n\nDate: 12 June 2019\nTime: 19:00\nVenue: Town hall",
        "# The Silver Eel\n\nAuthor: Ida Moll\nPublished: 4 November 1961\nPages: 320\nISBN: 3-1",
        "# Keeper wanted\n\nApply by 30 September 2023",
        "# Mails\n\n> Date: 3 May 2020",
        "# Mails\n\n```\nDate: 3 May 2020\n```",
        "<!-- Date: 3 May 2020 -->\n# Mails",
        "# Diary\n\n## 3 March 1944\n\nRain.\n\n## 4 March 1944\n\nMore rain.",
        "# Log\n\nDate: 3 May 2021\nRain: 4 mm\n\nDate: 4 May 2021\nRain: 0 mm",
        "# Lease\n\nThis lease is made on 3 May 2020 between the town of Reed and Ida Moll.",
        "# Notes\n\nThe contract between the two towns was signed by their mayors on\n15 December 2023\nin the hall.",
        "Hello,\n\nsee the notes of 3 May 2021 for details.",
    ],
)
def test_the_day_of_an_event_a_work_or_a_deadline_is_not_the_day_of_the_document(head: str) -> None:
    assert not dated(head)


def test_the_last_lines_tell_of_the_last_change_and_of_nothing_else() -> None:
    assert dated("# Mill", "Last updated on 7 August 2023.") == "2023-08-07"
    assert dated("# Mill", "---\nPage last changed: 2 Feb 2024") == "2024-02-02"
    assert dated("# Mill", "Letzte Aktualisierung: 7. August 2023") == "2023-08-07"
    assert not dated("# Mill", "Date: 7 August 2023")
    assert not dated("# Mill", "The mill was last updated on 7 August 2023, when it got a new wheel of oak.")


def test_a_day_to_come_is_not_believed() -> None:
    today = datetime.now(UTC).date()
    assert dated(f"# Mill\n\nDate: {today}") == str(today)
    assert not dated(f"# Mill\n\nDate: {today + timedelta(days=3)}")


def test_a_letter_file_with_a_second_letter_has_no_day() -> None:
    first, second = "3 May 1920\n\nDear Ida,\n\n" + PROSE, "9 June 1921\n\nDear Ida,\n\n" + PROSE
    assert day_of_document(first) == "1920-05-03"
    assert not day_of_document(f"{first}\n\n{second}")


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_pages_of_plain_text_and_markdown_carry_the_day(name: str) -> None:
    page = extract(f"Weir report\n\nDate: 20 January 2013\n\n{PROSE}".encode(), url=name)
    assert page.sightings[0].published == "2013-01-20"


def test_front_matter_says_more_than_a_line_and_its_date_may_be_written_out() -> None:
    def published(date_written: str) -> str:
        text = f"---\ntitle: Weir\ndate: {date_written}\n---\n# Weir\n\nLast changed 2020-08-30\n\n{PROSE}"
        return extract(text.encode(), url="a.md").sightings[0].published

    assert published("2024-02-11") == "2024-02-11"
    assert published("15 December 2023") == "2023-12-15"
    assert published("some day") == "2020-08-30"


FORMS = ["Date: {}", "Published {}", "Stand: {}", "Ida Moll, {}"]
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@given(
    st.dates(date(1450, 1, 1), date(2024, 12, 31)),
    st.sampled_from(FORMS),
)
def test_any_day_written_out_under_a_title_is_read(day: date, form: str) -> None:
    written = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    assert dated(f"# Weir\n\n{form.format(written)}") == ("" if day == date(1970, 1, 1) else str(day))


@given(st.dates(date(1450, 1, 1), date(2024, 12, 31)), st.sampled_from(["{} {} {}", "{}. {} {}"]))
def test_no_day_in_the_running_text_is_believed(day: date, form: str) -> None:
    written = form.format(day.day, MONTHS[day.month - 1], day.year)
    assert not day_of_document(f"# Weir\n\n{PROSE} On {written} it broke again. {PROSE}\n\nIt broke on {written}, too.")


PIECES = [
    "Date:",
    " 3 May 2020",
    "\n",
    "\n\n",
    "#",
    " ",
    "Published",
    "by",
    "Ida Moll",
    ",",
    "1/2/2021",
    "```",
    "<!--",
    "*",
]


@settings(deadline=None)
@given(st.text(max_size=300) | st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_text_has_a_day_or_none(text: str) -> None:
    found = day_of_document(text)
    assert not found or date(1450, 1, 1) <= date.fromisoformat(found) <= datetime.now(UTC).date() + timedelta(days=1)
