"""What may be said with a question: a misspelt name or a wrong type is told, never passed over."""

from datetime import UTC, date, datetime

import pytest
from fontes import Assistant, Settings
from fontes.agent.asked_options import refuse_unknown, since_day, site_names
from fontes.agent.assistant import Options
from fontes.agent.errors import BadQuestion
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [("wbe", "web"), ("source", "sources"), ("asof", "as_of"), ("Tags", "tags"), ("conversations", "conversation")],
)
async def test_a_misspelt_option_is_refused_with_the_nearest_one(settings: Settings, wrong: str, meant: str) -> None:
    async with Assistant(settings) as fontes:
        for method in (fontes.ask, fontes.start, fontes.plan):
            with pytest.raises(TypeError, match=f"no option '{wrong}'; did you mean '{meant}'"):
                await method("Who built the Orvay lighthouse?", **{wrong: None})


async def test_a_misspelt_option_of_a_stream_is_refused(settings: Settings) -> None:
    async with Assistant(settings) as fontes:
        with pytest.raises(TypeError, match="did you mean 'web'"):
            await anext(fontes.stream("Who built the Orvay lighthouse?", wbe=False))


def test_an_option_that_is_near_to_none_is_told_all_of_them() -> None:
    with pytest.raises(TypeError, match="known are ") as caught:
        refuse_unknown(["zzzzzzzz"], Options.__annotations__)
    assert all(name in str(caught.value) for name in Options.__annotations__)


@pytest.mark.parametrize("value", ["foo", "2024-13-01", "2024", 2024, ["2024-01-01"], 0, False])
async def test_a_since_that_is_no_date_is_a_bad_question(settings: Settings, value: object) -> None:
    async with Assistant(settings) as fontes:
        with pytest.raises(BadQuestion, match=r"since: .* is no date"):
            await fontes.ask("Who built the Orvay lighthouse?", since=value)


@given(st.dates())
def test_a_date_and_its_iso_text_name_the_same_day(day: date) -> None:
    assert since_day(day) == since_day(day.isoformat()) == day
    assert since_day(datetime(day.year, day.month, day.day, 12, tzinfo=UTC)) == day


def test_no_since_is_none() -> None:
    assert (since_day(None), since_day("")) == (None, None)


def test_a_site_alone_is_one_site_and_not_its_letters() -> None:
    assert site_names("docs.example.org") == ("docs.example.org",)
    assert site_names(["a.example", "b.example"]) == ("a.example", "b.example")
    with pytest.raises(BadQuestion, match="no list of host names"):
        site_names(7)
