"""An error of a tool says who failed, on what, and why; and it survives a process boundary."""

import pickle

import pytest
from fontes.tools import (
    BadAnswer,
    KeyMissing,
    KeyRefused,
    LimitReached,
    NotRecorded,
    QuotaSpent,
    SearchError,
    ServiceDown,
)
from hypothesis import given
from hypothesis import strategies as st

KINDS = [SearchError, NotRecorded, BadAnswer, KeyMissing, KeyRefused, LimitReached, QuotaSpent, ServiceDown]


@pytest.mark.parametrize("kind", KINDS)
@given(provider=st.text(), query=st.text(), why=st.text())
def test_an_error_pickles_with_all_it_holds(kind: type[SearchError], provider: str, query: str, why: str) -> None:
    error = pickle.loads(pickle.dumps(kind(provider, query, why)))
    assert (type(error), error.provider, error.query, error.why) == (kind, provider, query, why)


def test_a_limit_keeps_its_time() -> None:
    assert pickle.loads(pickle.dumps(LimitReached("a", "q", "slow", 1.5))).retry_after_s == 1.5
    assert LimitReached("a", "q", "slow").retry_after_s is None


@pytest.mark.parametrize("kind", KINDS[1:])
def test_every_failure_of_a_search_is_a_search_error(kind: type[SearchError]) -> None:
    assert issubclass(kind, SearchError)


def test_the_message_names_provider_query_and_cause_and_stays_short() -> None:
    message = str(SearchError("searxng", "x" * 5000, "it timed out"))
    assert message.startswith("searxng could not search for 'xxx")
    assert message.endswith(": it timed out")
    assert len(message) < 200
