import os
import socket
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from fontes.crawler import FoundFile, ReadPolicy, Skipped, file_source, file_stamp, find_files, source_path
from hypothesis import given
from hypothesis import strategies as st


def put(path: Path, text: str = "words") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def names(outcomes: Iterator[FoundFile | Skipped], root: Path) -> list[str]:
    """What was found, relative to the root; skipped files with their reason."""
    return [
        f"{Path(o.source).relative_to(root)}: {o.reason}" if isinstance(o, Skipped) else str(o.path.relative_to(root))
        for o in outcomes
    ]


def test_a_folder_gives_its_known_files_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "z/c.HTML", "c/d.rst", "c/e/f.htm"):
        put(tmp_path / name)
    assert names(find_files([tmp_path]), tmp_path) == ["a.md", "b.txt", "c/d.rst", "c/e/f.htm", "z/c.HTML"]


def test_what_programs_keep_for_themselves_is_passed_over(tmp_path: Path) -> None:
    for name in (".git/a.txt", ".hidden.txt", "node_modules/b.md", "__pycache__/c.txt", "notes.txt~", "#d.txt#",
                 "~$e.txt", "env/pyvenv.cfg", "env/f.txt", "cache/CACHEDIR.TAG", "cache/g.txt"):  # fmt: skip
        put(tmp_path / name)
    assert names(find_files([tmp_path]), tmp_path) == []


def test_a_hidden_file_or_folder_that_is_named_is_read(tmp_path: Path) -> None:
    put(tmp_path / ".notes/a.txt")
    assert names(find_files([tmp_path / ".notes"]), tmp_path) == [".notes/a.txt"]
    assert names(find_files([tmp_path / ".notes/a.txt"]), tmp_path) == [".notes/a.txt"]


def test_an_unknown_kind_is_skipped_in_a_folder_and_tried_when_named(tmp_path: Path) -> None:
    file = put(tmp_path / "a.xyz")
    (skipped,) = find_files([tmp_path])
    assert isinstance(skipped, Skipped)
    assert (skipped.reason, skipped.source) == ("wrong_type", str(file))
    assert ".xyz is not read in a folder" in skipped.detail
    assert names(find_files([file]), tmp_path) == ["a.xyz"]


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    (skipped,) = find_files([tmp_path / "nowhere.txt"])
    assert skipped == Skipped(source=str(tmp_path / "nowhere.txt"), reason="unreadable", detail="it does not exist")


def test_a_name_that_no_file_can_have_is_a_reason_too() -> None:
    (skipped,) = find_files(["/tmp/a\x00b"])
    assert isinstance(skipped, Skipped)
    assert skipped.reason == "unreadable"


def test_each_file_comes_once_however_it_is_reached(tmp_path: Path) -> None:
    file = put(tmp_path / "a/b.txt")
    (tmp_path / "link.txt").symlink_to(file)
    os.link(file, tmp_path / "hard.txt")
    link = tmp_path / "link.txt"
    outcomes = list(find_files([file, tmp_path, tmp_path / "a", f"{tmp_path}/a/../a/b.txt", link]))
    assert names(iter(outcomes), tmp_path) == ["a/b.txt", "hard.txt: duplicate", "link.txt: duplicate"]
    assert {o.detail for o in outcomes if isinstance(o, Skipped)} == {f"the same file as {file}"}


def test_a_file_named_twice_or_beside_its_folder_is_passed_over_in_silence(tmp_path: Path) -> None:
    file = put(tmp_path / "a.txt")
    assert names(find_files([file, file, tmp_path, tmp_path]), tmp_path) == ["a.txt"]
    assert names(find_files([tmp_path, file]), tmp_path) == ["a.txt"]


def test_a_file_of_unknown_kind_is_read_where_it_has_a_known_name_or_is_named(tmp_path: Path) -> None:
    file = put(tmp_path / "a.xyz")
    assert names(find_files([tmp_path, file]), tmp_path) == ["a.xyz: wrong_type", "a.xyz"]
    os.link(file, tmp_path / "b.txt")
    assert names(find_files([tmp_path]), tmp_path) == ["a.xyz: wrong_type", "b.txt"]


def test_an_empty_name_is_not_the_folder_one_stands_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path / "a.txt")
    monkeypatch.chdir(tmp_path)
    assert list(find_files([""])) == [Skipped(source="", reason="unreadable", detail="the name is empty")]


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    put(tmp_path / "a/b.txt")
    (tmp_path / "a/up").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    found = names(find_files([tmp_path]), tmp_path)
    assert [name for name in found if "unreadable" not in name] == ["a/b.txt"]
    assert [name for name in found if "unreadable" in name] == ["self: unreadable"]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    secret = put(tmp_path / "private/key.txt")
    put(tmp_path / "docs/a.txt")
    (tmp_path / "docs/b.txt").symlink_to(secret)
    (tmp_path / "docs/c").symlink_to(tmp_path / "private")
    outcomes = list(find_files([tmp_path / "docs"]))
    assert names(iter(outcomes), tmp_path) == ["docs/a.txt", "docs/b.txt: blocked_address", "docs/c: blocked_address"]
    assert isinstance(outcomes[1], Skipped)
    assert str(secret) in outcomes[1].detail


def test_pipes_sockets_and_devices_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(tmp_path / "socket.txt"))
        details = {
            Path(o.source).name: (o.reason, o.detail)
            for o in find_files([tmp_path, "/dev/null"])
            if isinstance(o, Skipped)
        }
    assert details == {
        "pipe.txt": ("wrong_type", "it is a pipe, not a regular file"),
        "socket.txt": ("wrong_type", "it is a socket, not a regular file"),
        "null": ("wrong_type", "it is a device, not a regular file"),
    }


def test_sizes_are_judged_without_reading(tmp_path: Path) -> None:
    put(tmp_path / "empty.txt", "")
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(60_000_000)
    put(tmp_path / "good.txt")
    empty, good, huge = find_files([tmp_path])
    assert isinstance(empty, Skipped)
    assert empty.reason == "empty"
    assert isinstance(good, FoundFile)
    assert (good.size, good.modified_ns) == file_stamp(good.path)
    assert isinstance(huge, Skipped)
    assert (huge.reason, huge.detail) == ("too_large", "it has 60.0 MB; the limit is 50.0 MB")
    (allowed,) = find_files([tmp_path / "huge.txt"], ReadPolicy(max_bytes=10**8))
    assert isinstance(allowed, FoundFile)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_said(tmp_path: Path) -> None:
    put(tmp_path / "a.txt").chmod(0)
    (tmp_path / "b").mkdir(mode=0)
    reasons = [(o.reason, o.detail) for o in find_files([tmp_path]) if isinstance(o, Skipped)]
    assert reasons == [("unreadable", "no permission to read it")] * 2


def test_a_stamp_moves_with_the_file(tmp_path: Path) -> None:
    file = put(tmp_path / "a.txt")
    before = file_stamp(file)
    os.utime(file, ns=(1, before[1] + 1))
    assert file_stamp(file) != before


@pytest.mark.parametrize(
    ("name", "source"),
    [
        (b"plain name.txt", "plain name.txt"),
        ("Übung 1.txt".encode(), "Übung 1.txt"),
        (b"100%.txt", "100%.txt"),
        (b"100%ab.txt", "100%25ab.txt"),
        (b"a\x1b[31m\n.txt", "a%1B[31m%0A.txt"),
        (b"a\xff\xfe.txt", "a%FF%FE.txt"),
        ("exe\u202etxt.txt".encode(), "exe%E2%80%AEtxt.txt"),
    ],
)
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS file names are Unicode")
def test_a_source_is_printable_and_finds_the_file_again(tmp_path: Path, name: bytes, source: str) -> None:
    path = tmp_path / os.fsdecode(name)
    path.write_text("words")
    (found,) = find_files([tmp_path])
    assert isinstance(found, FoundFile)
    assert found.source == f"{tmp_path}/{source}"
    assert source_path(found.source) == path
    assert source_path(found.source).read_text() == "words"


@given(st.binary(min_size=1, max_size=30).filter(lambda name: b"\0" not in name and b"/" not in name))
def test_every_name_survives_the_way_to_a_source_and_back(name: bytes) -> None:
    path = Path("/a", os.fsdecode(name) + "x")
    source = file_source(path)
    source.encode("utf-8")
    assert source_path(source) == path
    assert all(char.isprintable() or unicodedata.category(char) == "Zs" for char in source)
