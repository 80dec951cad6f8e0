"""`fontes add`, `sources`, `remove`, `reindex`, `search`: the lasting index from the command line."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # whole processes or many seconds of waiting

MAIN = [sys.executable, "-c", "from fontes.agent.cli import main; main()"]


def test_adding_twice_reads_nothing_twice(fontes, notes: Path, quick: None) -> None:
    assert "3 added: searchable now" in fontes("add", notes).out
    (notes / "tower.txt").write_text("The tower was pulled down in 1990.")
    (notes / "new.txt").write_text("A new house stands there.")
    assert "1 added, 1 changed, 2 unchanged" in fontes("add", notes).out
    assert fontes("search", "pulled down").code == 0
    assert fontes("search", "granite quarry").code == 4


def test_json_names_what_became_of_every_source(fontes, notes: Path, quick: None) -> None:
    (notes / "empty.txt").write_bytes(b"")
    report = json.loads(fontes("add", notes, "--json").out)
    assert len(report["added"]) == 3
    assert [entry["reason"] for entry in report["skipped"]] == ["empty"]


def test_sources_lists_and_remove_takes_out(fontes, notes: Path, quick: None) -> None:
    fontes("add", notes)
    listed = json.loads(fontes("sources", "--json").out)
    assert [Path(row["source"]).name for row in listed] == ["ferry.md", "seals.html", "tower.txt"]
    assert fontes("remove", notes / "ferry.md").code == 0
    assert fontes("search", "ferry").code == 4
    assert len(fontes("sources").out.splitlines()) == 2
    assert fontes("remove", notes).code == 0
    assert "the index is empty" in fontes("sources").err


def test_removing_what_is_not_there_is_bad_input(fontes, notes: Path, quick: None) -> None:
    fontes("add", notes)
    result = fontes("remove", "nowhere.txt")
    assert result.code == 2
    assert "nowhere.txt: it is not in the index" in result.err
    assert fontes("remove").code == 2
    assert len(fontes("sources").out.splitlines()) == 3


def test_deleted_files_are_reported_and_removable(fontes, notes: Path, quick: None) -> None:
    fontes("add", notes)
    (notes / "ferry.md").unlink()
    assert "no longer there: 1 source of the index" in fontes("add", notes).err
    assert fontes("search", "ferry").code == 0
    assert "ferry.md" in fontes("remove", "--gone").out
    assert fontes("search", "ferry").code == 4


def test_reindex_finds_everything_again(fontes, notes: Path, quick: None, home: Path) -> None:
    fontes("add", notes)
    for file in (home / "lexical").iterdir():
        file.unlink()
    result = fontes("reindex")
    assert "3 sources with" in result.out
    assert fontes("search", "granite").code == 0


def test_search_explains_its_scores(fontes, notes: Path) -> None:
    fontes("add", notes)
    result = fontes("search", "ferry timetable", "--explain", "--rerank")
    assert result.code == 0
    assert all(stage in result.out for stage in ("lexical", "dense", "fused", "rerank"))
    rows = json.loads(fontes("search", "granite", "--json").out)
    assert rows[0]["text"] == "The tower on the hill was finished in 1871. It is built of granite from a nearby quarry."


BAD = {
    "missing": (lambda folder: folder / "missing.txt", "does not exist"),
    "empty file": (lambda folder: _file(folder / "e.txt", b""), "empty"),
    "a picture called text": (
        lambda folder: _file(folder / "p.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
        "wrong_type",
    ),
    "undecodable bytes": (lambda folder: _file(folder / "u.txt", os.urandom(4000)), "("),
    "html without text": (
        lambda folder: _file(folder / "h.html", b"<html><body><script>1</script></body></html>"),
        "empty",
    ),
    "folder without readable files": (lambda folder: _file(folder / "in" / "a.bin", b"\x00").parent, "wrong_type"),
}


def _file(path: Path, body: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return path


@pytest.mark.parametrize("name", BAD)
def test_bad_sources_are_named_the_good_ones_are_added(
    fontes, notes: Path, tmp_path: Path, quick: None, name: str
) -> None:
    make, why = BAD[name]
    bad = make(tmp_path / "bad")
    alone = fontes("add", bad)
    assert alone.code == 2
    assert why in alone.err
    assert bad.name in alone.err
    with_good = fontes("add", bad, notes)
    assert with_good.code == 0
    assert "3 added" in with_good.out


def test_a_huge_file_is_skipped_unread(fontes, notes: Path, quick: None) -> None:
    with (notes / "huge.txt").open("wb") as file:
        file.truncate(200_000_000)
    result = fontes("add", notes)
    assert result.code == 0
    assert "it has 200.0 MB; the limit is 50.0 MB" in result.err


def test_a_symlink_loop_ends(fontes, notes: Path, quick: None) -> None:
    (notes / "again").symlink_to(notes)
    assert "3 added" in fontes("add", notes).out


def test_an_empty_folder_is_bad_input_and_says_so(fontes, tmp_path: Path, quick: None) -> None:
    folder = tmp_path / "nothing"
    folder.mkdir()
    result = fontes("add", folder)
    assert result.code == 2
    assert "no readable file" in result.err


def test_a_corrupt_database_is_named_and_kept(fontes, notes: Path, home: Path, quick: None) -> None:
    fontes("add", notes)
    body = (home / "fontes.db").read_bytes()
    for end in ("-wal", "-shm"):
        (home / f"fontes.db{end}").unlink(missing_ok=True)
    (home / "fontes.db").write_bytes(b"x" * len(body))
    for command in (("ask", "Who?"), ("add", notes), ("sources",), ("search", "tower"), ("doctor",)):
        result = fontes(*command)
        assert result.code == 5
        assert "fontes.db" in result.err + result.out
        assert "backup" in result.err + result.out
    assert (home / "fontes.db").read_bytes() == b"x" * len(body)


def test_a_read_only_data_directory_is_named(fontes, notes: Path, home: Path, small_disk) -> None:
    small_disk("size=8m,ro")
    for command in (("add", notes), ("ask", "Who?"), ("sources",)):
        result = fontes(*command)
        assert result.code == 5
        assert str(home) in result.err
        assert "FONTES_HOME" in result.err


def test_a_data_directory_that_became_read_only_is_named(fontes, notes: Path, small_disk, quick: None) -> None:
    small_disk("size=8m")
    assert fontes("add", notes).code == 0
    small_disk("remount,ro")
    result = fontes("add", notes)
    assert result.code == 5
    assert "cannot be written" in result.err


def test_a_full_disk_is_said_and_keeps_what_was_added(
    fontes, notes: Path, tmp_path: Path, small_disk, quick: None
) -> None:
    small_disk("size=3m")
    assert fontes("add", notes).code == 0
    many = tmp_path / "many"
    many.mkdir()
    for number in range(400):
        (many / f"{number}.txt").write_text(os.urandom(9_000).hex())
    result = fontes("add", many)
    assert result.code == 5
    assert "Free some space" in result.err
    assert len(fontes("sources").out.splitlines()) >= 3


def _many(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"{number}.txt").write_text(f"Entry {number} of {folder.name} tells of the number {number} alone.")
    return folder


def test_two_adds_at_once_both_succeed(fontes, tmp_path: Path, quick: None) -> None:
    folders = [_many(tmp_path / name, 200) for name in ("one", "two")]
    processes = [
        subprocess.Popen([*MAIN, "add", str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for folder in folders
    ]
    printed = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0, 0], printed
    assert len(fontes("sources").out.splitlines()) == 400
    assert fontes("search", "Entry 199 of two").code == 0
    assert fontes("search", "Entry 199 of one").code == 0


def test_a_question_is_answered_while_another_process_adds(fontes, notes: Path, tmp_path: Path, quick: None) -> None:
    fontes("add", notes)
    folder = _many(tmp_path / "many", 3000)
    adding = subprocess.Popen([*MAIN, "add", str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        answers = 0
        while adding.poll() is None and answers < 5:
            assert fontes("search", "granite").code == 0
            answers += 1
    finally:
        out, err = adding.communicate(timeout=120)
    assert adding.returncode == 0, err
    assert answers
    assert "3,000 added" in out


def test_ctrl_c_during_add_keeps_what_was_stored(fontes, has_pages, tmp_path: Path, quick: None) -> None:
    folder = _many(tmp_path / "many", 4000)
    adding = subprocess.Popen(
        [*MAIN, "add", str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"FONTES_WORKERS": "1"},
    )  # fmt: skip
    while not has_pages():
        assert adding.poll() is None
    adding.send_signal(signal.SIGINT)
    _, err = adding.communicate(timeout=60)
    assert adding.returncode == 130
    assert "what was stored stays" in err
    held = len(fontes("sources").out.splitlines())
    assert 0 < held < 4000
    report = json.loads(fontes("add", folder, "--json").out)
    assert len(report["unchanged"]) == held
    assert len(report["added"]) == 4000 - held
