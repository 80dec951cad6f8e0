"""What was learnt of models is kept in a file for a day."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fontes.agent.models.chat import Capabilities
from fontes.agent.models.known_models import KnownModels, Probed, with_context

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
URL = "http://127.0.0.1:8000/v1"
SMALL = Probed(
    capabilities=Capabilities(
        model="small", models=("small",), context=4_096, obeys_schema=False, notes=("a note",), checked=NOW.isoformat()
    ),
    tokenizer="prompt",
    opens_reasoning=True,
)


def known(path: Path | None, *, later: timedelta = timedelta()) -> KnownModels:
    return KnownModels(path, now=lambda: NOW + later)


def test_what_is_put_is_found_again_until_a_day_is_over(tmp_path: Path) -> None:
    path = tmp_path / "new" / "models.json"
    known(path).put(URL, "small", SMALL)
    assert known(path).get(URL, "small") == SMALL
    assert known(path, later=timedelta(hours=24)).get(URL, "small") == SMALL
    assert known(path, later=timedelta(hours=24, seconds=1)).get(URL, "small") is None
    assert known(path, later=timedelta(hours=-1)).get(URL, "small") is None


def test_what_is_too_old_goes_with_the_next_that_is_put(tmp_path: Path) -> None:
    path = tmp_path / "models.json"
    known(path).put(URL, "small", SMALL)
    later = replace(SMALL, capabilities=replace(SMALL.capabilities, checked=(NOW + timedelta(days=3)).isoformat()))
    known(path, later=timedelta(days=3)).put(URL, "large", later)
    assert "small" not in path.read_text().partition('"capabilities"')[0]
    assert known(path, later=timedelta(days=3)).get(URL, "large") == later


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"\xff\xfe", b"null", b'{"a": 1}', b'{"http://127.0.0.1:8000/v1 small": {"capabilities": {}}}'],
)
def test_a_broken_file_is_as_none_and_is_written_anew(body: bytes, tmp_path: Path) -> None:
    path = tmp_path / "models.json"
    path.write_bytes(body)
    assert known(path).get(URL, "small") is None
    known(path).put(URL, "small", SMALL)
    assert known(path).get(URL, "small") == SMALL


@pytest.mark.parametrize("checked", ["", "yesterday", "2026-05-01T12:00:00"])
def test_what_was_checked_at_no_known_time_is_not_used(checked: str, tmp_path: Path) -> None:
    path = tmp_path / "models.json"
    known(path).put(URL, "small", replace(SMALL, capabilities=replace(SMALL.capabilities, checked=checked)))
    assert known(path).get(URL, "small") is None


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    known(tmp_path / "file" / "models.json").put(URL, "small", SMALL)
    known(None).put(URL, "small", SMALL)
    assert known(None).get(URL, "small") is None


def test_two_processes_at_once_leave_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "models.json"
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: known(path).put(f"{URL}/{n}", "small", SMALL), range(40)))
    assert [file.name for file in tmp_path.iterdir()] == ["models.json"]
    assert any(known(path).get(f"{URL}/{n}", "small") == SMALL for n in range(40))


def test_a_context_that_was_named_in_a_refusal_is_noted_once() -> None:
    once = with_context(SMALL, 2_000)
    assert once.capabilities.context == 2_000
    assert with_context(once, 2_000) == once
    assert once.capabilities.notes == ("a note", "its context is 2,000 tokens, as it said when a prompt was too long")
