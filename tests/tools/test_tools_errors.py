"""An error of a tool says who failed, on what, and why; and it survives a process boundary."""

import pickle

import pytest
from fontes.tools import NotRecorded, SearchError
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize("kind", [SearchError, NotRecorded])
@given(provider=st.text(), query=st.text(), why=st.text())
def test_an_error_pickles_with_all_it_holds(kind: type[SearchError], provider: str, query: str, why: str) -> None:
    error = pickle.loads(pickle.dumps(kind(provider, query, why)))
    assert (type(error), error.provider, error.query, error.why) == (kind, provider, query, why)


def test_the_message_names_provider_query_and_cause_and_stays_short() -> None:
    message = str(SearchError("searxng", "x" * 5000, "it timed out"))
    assert message.startswith("searxng could not search for 'xxx")
    assert message.endswith(": it timed out")
    assert len(message) < 200
