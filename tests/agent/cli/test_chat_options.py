"""What is wrong with the options of `fontes chat` is said before anything is opened, in a pipe too."""

from pathlib import Path

import pytest


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--docs", "/nowhere/nosuch"], "there is no file or folder /nowhere/nosuch"),
        (["--docs", "nosuch"], "there is no file or folder nosuch"),
        (["--theme", "nosuch"], "known: "),
        (["--plain", "--theme", "nosuch"], "fontes-light"),
    ],
)
def test_an_option_that_names_nothing_is_bad_input(fontes, home: Path, options: list[str], why: str) -> None:
    result = fontes("chat", *options)
    assert (result.code, result.out) == (2, "")
    assert why in " ".join(result.err.split())
    assert not home.exists()
