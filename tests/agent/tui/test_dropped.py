"""A drop is recognised when a paste names nothing but what exists; any other text stays text."""

from pathlib import Path

import pytest
from fontes.agent.tui.dropped import dropped, named
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A file, and one with a space, a quote and an umlaut in its name."""
    plain, odd = tmp_path / "notes.txt", tmp_path / "it's Märzbericht (2).pdf"
    plain.touch()
    odd.touch()
    return plain, odd


def test_every_way_in_which_terminals_paste_a_path_is_understood(files: tuple[Path, Path]) -> None:
    plain, odd = (str(path) for path in files)
    escaped = odd.replace("'", "\\'").replace(" ", "\\ ").replace("(", "\\(").replace(")", "\\)")
    uri = files[1].as_uri()
    quoted = "'" + odd.replace("'", "'\\''") + "'"
    for way in (
        odd,
        f"{odd}\n",
        f" {odd} ",
        escaped,
        uri,
        f'"{odd}"',
        quoted,
        uri.replace("file://", "file://localhost"),
    ):
        assert dropped(way) == (odd,), way
    for way in (
        f"{plain}\n{odd}\n",
        f"{plain} {escaped}",
        f"{files[0].as_uri()}\r\n{uri}\r\n",
        f"{plain} {quoted} {plain}",
    ):
        assert dropped(way) == (plain, odd), way


def test_a_folder_and_an_address_are_drops_too(tmp_path: Path) -> None:
    assert dropped(f"{tmp_path}/") == (f"{tmp_path}/",)
    assert dropped("https://a.example/x") == ("https://a.example/x",)


def test_text_that_says_something_else_is_no_drop(files: tuple[Path, Path], tmp_path: Path) -> None:
    plain = files[0]
    for text in (
        "", "  \n", "What is in notes.txt?", f"summarise {plain}", "notes.txt", "hello", f"{tmp_path}/none", "/",
        "a/b or c/d", "it's", "file://other.example/x", "file://[bad", "\x00" + str(plain),
        f"{plain}\x1b[2J", "/" + "x" * 5_000, "javascript:alert(1)", f"{plain} and more",
        "https://a.example/x is it true?",
    ):  # fmt: skip
        assert dropped(text) == (), text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text())
def test_no_text_is_too_odd(text: str) -> None:
    for source in dropped(text):
        assert Path(source).exists() or source.startswith(("http://", "https://"))
    assert all(named(text)) or not text.strip()


def test_a_typed_source_need_not_exist(files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(files[0].parent)
    assert named("notes.txt none.txt") == ("notes.txt", "none.txt")
    assert named(files[1].name) == (files[1].name,)
    assert named("'a b' https://a.example/") == ("a b", "https://a.example/")
    assert named("it's") == ("it's",)
