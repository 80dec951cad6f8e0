"""Every error of the room says what failed, why, and what to do."""

import pickle

import pytest
from fontes.agent import errors
from fontes.agent.errors import AgentError, NothingRead, SettingError
from fontes.crawler import Skipped
from hypothesis import given
from hypothesis import strategies as st

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, AgentError)]


@pytest.mark.parametrize("kind", KINDS)
@given(what=st.text(), why=st.text())
def test_an_error_pickles_with_all_it_holds(kind: type[AgentError], what: str, why: str) -> None:
    error = pickle.loads(pickle.dumps(kind(what, why)))
    assert (type(error), error.what, error.why, str(error)) == (kind, what, why, str(kind(what, why)))


def test_what_was_skipped_pickles_too() -> None:
    skipped = (Skipped(source="a", reason="empty", detail="the file is empty"),)
    assert pickle.loads(pickle.dumps(NothingRead("a", "it is empty", skipped))).skipped == skipped


def test_the_message_ends_with_what_to_do() -> None:
    assert str(SettingError("seconds = -1", "too few")) == (
        "seconds = -1: too few. `fontes config` shows every setting and where it came from"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_of_the_room_is_drawn_in_its_tree(kind: type[AgentError]) -> None:
    assert errors.__doc__ is not None
    assert kind.__name__ in errors.__doc__
