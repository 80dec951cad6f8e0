"""Lines of JSON as people and programs save them."""

import contextlib
import json
from pathlib import Path

import pytest
from fontes.evals.case_error import CaseError
from fontes.evals.json_lines import json_lines
from hypothesis import given
from hypothesis import strategies as st

JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda each: st.lists(each, max_size=3))


def read(tmp_path: Path, raw: bytes) -> list[tuple[int, object]]:
    (tmp_path / "a.jsonl").write_bytes(raw)
    return list(json_lines(tmp_path / "a.jsonl"))


def test_a_byte_order_mark_and_the_line_ends_of_windows_are_no_mistakes(tmp_path: Path) -> None:
    assert read(tmp_path, b'\xef\xbb\xbf{"a": 1}\r\n\r\n{"a": 2}\r\n') == [(1, {"a": 1}), (3, {"a": 2})]


def test_a_line_may_be_as_long_as_it_likes(tmp_path: Path) -> None:
    assert read(tmp_path, json.dumps("x" * 5_000_000).encode()) == [(1, "x" * 5_000_000)]


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ('{"a": 1}'.encode("utf-16"), "a.jsonl: it is UTF-16, not UTF-8. Save the file as UTF-8"),
        (b'{}\n{"a": "caf\xe9"}', "a.jsonl:2: it is not UTF-8 at byte 10"),
        (b'{"a": NaN}', "a.jsonl:1: it is not JSON: NaN is no value of JSON"),
        (b'{"a": -Infinity}', "a.jsonl:1: it is not JSON: -Infinity is no value of JSON"),
        (b"[" * 100_000, "a.jsonl:1: it is not JSON: maximum recursion depth exceeded"),
        (b'{}\n\n{"a": "\\ud800 x"}', "a.jsonl:3: it holds a half of a surrogate pair"),
        (b'{"\\uDFFF": 1}', "a.jsonl:1: it holds a half of a surrogate pair"),
        (b'{"a": 1} {"a": 2}', "a.jsonl:1: it is not JSON: Extra data"),
        (b'{"id": 1, "x": {"id": 2, "id": 3}}', "a.jsonl:1: it is not JSON: 'id' stands twice in one object"),
        (b"\x00", "a.jsonl:1: it is not JSON"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, raw: bytes, told: str) -> None:
    with pytest.raises(CaseError) as raised:
        read(tmp_path, raw)
    assert told in str(raised.value)
    assert raised.value.hint


def test_a_folder_and_a_missing_file_are_told(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="it cannot be read: Is a directory"):
        list(json_lines(tmp_path))
    with pytest.raises(CaseError, match="it cannot be read: No such file"):
        list(json_lines(tmp_path / "gone"))


def test_a_whole_surrogate_pair_is_a_character(tmp_path: Path) -> None:
    assert read(tmp_path, b'"\\ud83d\\ude00"') == [(1, "\U0001f600")]


@given(values=st.lists(JSON, max_size=5))
def test_what_is_dumped_is_read(tmp_path_factory: pytest.TempPathFactory, values: list[object]) -> None:
    lines = "\n".join(json.dumps(each) for each in values).encode()
    assert [each for _, each in read(tmp_path_factory.mktemp("lines"), lines)] == values


@given(raw=st.binary(max_size=60))
def test_whatever_the_bytes_they_are_values_or_a_case_error(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
) -> None:
    with contextlib.suppress(CaseError):
        for _, value in read(tmp_path_factory.mktemp("lines"), raw):
            json.dumps(value, ensure_ascii=False).encode()
