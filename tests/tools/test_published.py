"""Dates in the ways in which services write them become ISO dates, or nothing."""

from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

import pytest
from fontes.tools.published import iso_date
from hypothesis import example, given
from hypothesis import strategies as st

NOW = datetime(2026, 11, 21, 1, 30, tzinfo=UTC)
FORMS = ("%Y-%m-%d", "%Y%m%d", "%b %d, %Y", "%d %B %Y", "%Y %b %d", "%Y-%m-%dT%H:%M:%SZ")
DAYS = st.dates(date(1970, 1, 2), date(2026, 11, 21))


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024-03-04", "2024-03-04"),
        ("2024-03-04T07:30:00", "2024-03-04"),
        ("2024-03-04T07:30:00Z", "2024-03-04"),
        ("2024-03-04 23:30:00-05:00", "2024-03-05"),
        ("2024-03-04T07:30:00.123456789Z", "2024-03-04"),
        ("2024-03-04 something", "2024-03-04"),
        ("2024-03", "2024-03"),
        ("2024", "2024"),
        ("2024-13", "2024"),
        ("20240304T080000Z", "2024-03-04"),
        ("20240304", "2024-03-04"),
        ("20240304080000", "2024-03-04"),
        ("Mon, 04 Mar 2024 08:00:00 GMT", "2024-03-04"),
        ("Mon, 04 Mar 2024 23:00:00 -0500", "2024-03-05"),
        ("Mar 4, 2024", "2024-03-04"),
        ("March 4, 2024", "2024-03-04"),
        ("4 March 2024", "2024-03-04"),
        ("4th Mar 2024", "2024-03-04"),
        ("2024 Mar 4", "2024-03-04"),
        ("2024 Mar", "2024-03"),
        ("March 2024", "2024-03"),
        ("3 days ago", "2026-11-18"),
        ("1 day ago", "2026-11-20"),
        ("2 hours ago", "2026-11-20"),
        ("an hour ago", "2026-11-21"),
        ("2 weeks ago", "2026-11-07"),
        ("1 month ago", "2026-10-21"),
        ("Yesterday", "2026-11-20"),
        (1709539200, "2024-03-04"),
        (1709539200.5, "2024-03-04"),
    ],
)
def test_a_date_is_read(written: Any, day: str) -> None:
    assert iso_date(written, NOW) == day


@pytest.mark.parametrize(
    "written",
    ["", "soon", "n/a", None, True, -5, 0, 10**30, float("nan"), float("inf"), "2024-02-30", "0000-01-01", "9999-12-31",
     "2026-11-23", "99999 days ago", "9999 years ago", "32 March 2024", "20241340", "Mon, 99 Foo", "1" * 500, "0001"],
)  # fmt: skip
def test_what_is_no_date_of_the_past_is_nothing(written: Any) -> None:
    assert iso_date(written, NOW) == ""


@given(day=DAYS, form=st.sampled_from(FORMS))
def test_every_day_is_read_in_every_form(day: date, form: str) -> None:
    assert iso_date(f"{day:{form}}", NOW) == day.isoformat()


@given(seconds=st.integers(10**7, 1_790_000_000), hours=st.integers(-12, 14))
def test_times_with_an_offset_count_by_their_day_in_utc(seconds: int, hours: int) -> None:
    aware = datetime.fromtimestamp(seconds, timezone(timedelta(hours=hours)))
    day = aware.astimezone(UTC).date().isoformat()
    assert iso_date(aware.isoformat(), NOW) == iso_date(format_datetime(aware), NOW) == day
    assert iso_date(aware.timestamp(), NOW) == day


@given(written=st.one_of(st.text(), st.from_regex(r"\d{1,8}[-/ ]?\w{0,9}[ ,]{0,2}\d{0,6}"), st.floats(), st.integers()))
@example("0001-01-01T00:00:00+23:59")
@example("9999-12-31T23:59:59-23:59")
@example("Mon, 04 Mar 0001 00:00:00 +2359")
def test_anything_else_is_an_iso_date_or_nothing(written: Any) -> None:
    found = iso_date(written, NOW)
    assert found == "" or (found[:4].isdecimal() and len(found) in (4, 7, 10))
