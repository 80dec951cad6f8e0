"""A run's folder: what was finished stays, what was not is cut off, and another run is kept out."""

import json
import resource
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fontes.evals.case import Case, Document
from fontes.evals.cases import dataset_hash
from fontes.evals.result import Failure, Judged, Result, Retrieved, SentenceSupport
from fontes.evals.run_folder import Manifest, RunFolder, RunFolderError, read
from hypothesis import given
from hypothesis import strategies as st

DOCUMENTS = (Document(source="tower", text="The tower was built in 1854."),)
CASES = tuple(Case(id=f"case-{n}", question="When?", documents=DOCUMENTS) for n in range(3))
MANIFEST = Manifest(
    fontes="0.1.0", dataset="towers", dataset_hash=dataset_hash(CASES), cases=3, cells={"a": {}, "b": {"rerank": 4}},
    started="2026-01-01T00:00:00Z", metrics=("right",), verifier="lexical/2",
)  # fmt: skip


def answered(case: str, *, cell: str = "a", attempt: int = 1, **rest: object) -> Result:
    return Result(cell=cell, case=case, attempt=attempt, answer={"status": "answered", "text": case}, **rest)


@pytest.fixture
def keep(tmp_path: Path) -> Callable[..., None]:
    async def results(*kept: Result, cases: tuple[Case, ...] = CASES, manifest: Manifest = MANIFEST) -> None:
        with RunFolder.open(tmp_path / "run", manifest, cases) as folder:
            for result in kept:
                await folder.append(result)

    return results


async def test_what_was_kept_is_read_back(keep, tmp_path: Path) -> None:
    whole = answered(
        "case-0",
        stages={"retrieve": 0.25},
        retrieved=(Retrieved(source="tower", page_hash="h", start=0, end=9, score=0.5),),
        requests={"lights.test": 2},
        judged=Judged(
            verifier="lexical/2",
            support=(SentenceSupport(text="It.", cited=("t",), by_all=True, by_each=(True,), by_rest=(False,)),),
            labels=((0.5, True),),
        ),
        pages={"h": "The tower"},
        scores={"right": 1.0, "correct": None},
    )
    failed = Result(cell="a", case="case-1", error=Failure(kind="RuntimeError", detail="no"))
    await keep(whole, failed)
    stored = read(tmp_path / "run")
    assert (stored.manifest, stored.cases) == (MANIFEST, CASES)
    assert stored.of("a") == (whole, replace(failed, pages={"h": "The tower"}))
    assert stored.pages == {"h": "The tower"}


async def test_a_page_is_written_once_and_belongs_to_every_result_that_needs_it(keep, tmp_path: Path) -> None:
    await keep(answered("case-0", pages={"h": "text"}), answered("case-1", pages={"h": "text", "i": "more"}))
    await keep(answered("case-2", pages={"h": "text"}))
    lines = [json.loads(line) for line in (tmp_path / "run" / "results.jsonl").read_text().splitlines()]
    assert [line["pages"] for line in lines] == [{"h": "text"}, {"i": "more"}, {}]
    assert all(result.pages == {"h": "text", "i": "more"} for result in read(tmp_path / "run").results)


async def test_the_last_result_of_a_case_counts(keep, tmp_path: Path) -> None:
    await keep(Result(cell="a", case="case-0", error=Failure(kind="E", detail="")), answered("case-0", attempt=2))
    (result,) = read(tmp_path / "run").results
    assert result.attempt == 2
    with RunFolder.open(tmp_path / "run", MANIFEST, CASES) as folder:
        assert folder.done == {("a", "case-0")}


@pytest.mark.parametrize("cut", [1, 20, -1])
async def test_a_half_written_line_is_passed_over_and_cut_off_when_the_run_goes_on(
    keep, tmp_path: Path, cut: int
) -> None:
    await keep(answered("case-0"), answered("case-1"))
    file = tmp_path / "run" / "results.jsonl"
    first, second = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(first + second[:cut])
    assert [result.case for result in read(tmp_path / "run").results] == ["case-0"]
    await keep(answered("case-2"))
    assert [result.case for result in read(tmp_path / "run").results] == ["case-0", "case-2"]


async def test_a_damaged_line_is_told_by_its_number(keep, tmp_path: Path) -> None:
    await keep(answered("case-0"), answered("case-1"))
    file = tmp_path / "run" / "results.jsonl"
    file.write_bytes(file.read_bytes().replace(b'"case-1"', b"case-1"))
    with pytest.raises(RunFolderError, match=r"results.jsonl: line 2 is no result"):
        read(tmp_path / "run")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"dataset_hash": "other"}, "dataset_hash is"),
        ({"cells": {"a": {"rerank": 2}}}, "cells is"),
        ({"verifier": "judge/1"}, "verifier is lexical/2, and this one's judge/1"),
        ({"settings": {"sentences": "2"}}, "settings is"),
        ({"seed": 4}, "seed is 0, and this one's 4"),
        ({"fontes": "0.2.0"}, "fontes is 0.1.0, and this one's 0.2.0"),
    ],
)
async def test_another_run_is_kept_out_and_what_differs_is_told(keep, change: dict[str, object], told: str) -> None:
    await keep(answered("case-0"))
    with pytest.raises(RunFolderError, match=told):
        await keep(manifest=replace(MANIFEST, **change))
    await keep(answered("case-1"))  # and the one that is there still goes on


def test_two_processes_do_not_write_one_folder(tmp_path: Path) -> None:
    with RunFolder.open(tmp_path, MANIFEST, CASES), pytest.raises(RunFolderError, match="another process is writing"):
        RunFolder.open(tmp_path, MANIFEST, CASES)


async def test_a_full_disk_is_told_and_what_is_finished_stays(keep, tmp_path: Path) -> None:
    await keep(answered("case-0"))
    file = tmp_path / "run" / "results.jsonl"
    kept = file.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with RunFolder.open(tmp_path / "run", MANIFEST, CASES) as folder:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(kept) + 50, hard))  # a part of the next line still fits
        try:
            with pytest.raises(RunFolderError, match=r"the disk is full\. Free some room .* what is finished is kept"):
                await folder.append(answered("case-1"))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert file.read_bytes() == kept
        await folder.append(answered("case-2"))
    assert [result.case for result in read(tmp_path / "run").results] == ["case-0", "case-2"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RunFolderError, match="it cannot be written"):
        RunFolder.open(tmp_path / "file" / "run", MANIFEST, CASES)


def test_no_run_and_a_run_of_a_newer_version_are_told(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match="there is no run"):
        read(tmp_path)
    (tmp_path / "run.json").write_text('{"format": 99}')
    with pytest.raises(RunFolderError, match="format 99 is newer"):
        read(tmp_path)
    (tmp_path / "run.json").write_text("{")
    with pytest.raises(RunFolderError, match="it is damaged"):
        read(tmp_path)


async def test_fields_of_another_version_are_passed_over(keep, tmp_path: Path) -> None:
    await keep(answered("case-0"))
    for name in ("run.json", "results.jsonl"):
        file = tmp_path / "run" / name
        value = json.loads(file.read_text()) | {"later": 1}
        file.write_text(json.dumps(value) + "\n")
    assert read(tmp_path / "run").of("a") == (answered("case-0"),)


@given(cut=st.integers(0, 400))
async def test_wherever_a_file_ends_whole_lines_are_read(cut: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("runs") / "run"
    with RunFolder.open(path, MANIFEST, CASES) as folder:
        for case in CASES:
            await folder.append(answered(case.id))
    file = path / "results.jsonl"
    raw = file.read_bytes()[:cut]
    file.write_bytes(raw)
    with RunFolder.open(path, MANIFEST, CASES) as folder:
        assert len(folder.results) == raw.count(b"\n")
    assert file.read_bytes() == raw[: raw.rfind(b"\n") + 1]
