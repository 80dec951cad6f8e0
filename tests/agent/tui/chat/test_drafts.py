"""What was typed and not sent is kept, for one chat at a time."""

import subprocess
import sys
from pathlib import Path

import pytest
from fontes.agent.tui.drafts import Drafts
from hypothesis import given
from hypothesis import strategies as st

KEPT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=200)


@given(texts=st.lists(KEPT, min_size=1, max_size=4), conversation=st.text("ab/.é", min_size=1, max_size=100))
def test_what_was_kept_last_is_there_again(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], conversation: str
) -> None:
    folder = tmp_path_factory.mktemp("drafts")
    drafts = Drafts(folder)
    drafts.open(conversation)
    for text in texts:
        drafts.keep(text)
    drafts.close()
    assert Drafts(folder).left() == ((conversation, texts[-1]) if texts[-1] else None)
    again = Drafts(folder)
    assert again.open(conversation) == texts[-1]
    again.keep("")
    again.close()
    assert list(folder.iterdir()) == []


def test_a_draft_that_another_chat_holds_is_neither_taken_nor_written_over(tmp_path: Path) -> None:
    first, second = Drafts(tmp_path), Drafts(tmp_path)
    first.open("one")
    first.keep("mine")
    assert second.left() is None
    assert second.open("one") == ""
    second.keep("yours")
    second.close()
    first.close()
    assert Drafts(tmp_path).left() == ("one", "mine")


_KILLED = """
import os, signal
from pathlib import Path
from fontes.agent.tui.drafts import Drafts
drafts = Drafts(Path({folder!r}))
drafts.open("one")
drafts.keep("half a ques")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_draft_of_a_killed_chat_is_free(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", _KILLED.format(folder=str(tmp_path))], check=False)
    assert Drafts(tmp_path).left() == ("one", "half a ques")


def test_an_erased_conversation_has_no_draft(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path)
    drafts.open("one")
    drafts.keep("secret")
    drafts.close()
    drafts.forget("one")
    assert Drafts(tmp_path).left() is None


def test_there_is_none_where_nothing_was_kept(tmp_path: Path) -> None:
    assert Drafts(tmp_path / "nowhere").left() is None
