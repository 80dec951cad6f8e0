"""The two runs of a comparison: where they are, which cells meet, and whether they can be compared at all."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from .case import Case, Document
from .result import Result
from .run_folder import StoredRun, read


class CompareError(Exception):
    """Two runs that cannot be compared: which, why, and what to do."""

    def __init__(self, runs: str, why: str, hint: str) -> None:
        super().__init__(runs, why, hint)
        self.runs, self.why, self.hint = runs, why, hint

    def __str__(self) -> str:
        return f"{self.runs}: {self.why}. {self.hint}."


@dataclass(frozen=True, kw_only=True)
class Side:
    """One cell of a run; `name` is what it is called beside the other side."""

    name: str
    run: StoredRun
    cell: str

    @cached_property
    def results(self) -> Mapping[str, Result]:
        """The results of the cell by case id."""
        return {result.case: result for result in self.run.of(self.cell)}


def read_sides(first: str, second: str, *, cell: str = "") -> tuple[tuple[Side, Side], ...]:
    """The cells of two runs that are to be compared: `DIR`, or `DIR#CELL` for one cell of it.

    Runs of one cell each are compared whatever their cells are called; of several, those that are called the same.

    Raises:
        RunFolderError, CaseError: a run cannot be read.
        CompareError: there is no such cell, or the runs have none in common.
    """
    one, other = _opened(first, cell), _opened(second, cell)
    if len(one) == len(other) == 1:
        return ((one[0], other[0]),)
    by_cell = {side.cell: side for side in other}
    pairs = tuple((side, by_cell[side.cell]) for side in one if side.cell in by_cell)
    if not pairs:
        raise CompareError(
            f"{first} and {second}",
            f"they have no cell in common: {_listed(one)} and {_listed(other)}",
            "Name one of each, as in DIR#CELL",
        )
    return pairs


def difficulties(before: Side, after: Side) -> Iterator[str]:
    """What stands against taking the two for runs of the same thing, a sentence each; none when nothing does."""
    first, second = before.run.manifest, after.run.manifest
    if first.dataset_hash != second.dataset_hash:
        common = len(common_cases(before.run, after.run))
        yield (
            f"the cases differ: {first.cases} of {first.dataset} and {second.cases} of {second.dataset},"
            f" {common} the same in both"
        )
    if first.verifier != second.verifier:
        yield f"citations were judged by {first.verifier or 'nobody'} and by {second.verifier or 'nobody'}"
    if first.judge != second.judge:
        yield f"correctness was judged by {first.judge or 'nobody'} and by {second.judge or 'nobody'}"
    for side in (before, after):
        if len(side.results) < len(side.run.cases):
            yield f"{side.name} is not finished: {len(side.results)} of {len(side.run.cases)} cases"


def differences(before: Side, after: Side) -> Iterator[str]:
    """What else the reader should know to differ, a line each."""
    first, second = before.run.manifest, after.run.manifest
    if first.fontes != second.fontes:
        yield f"Fontes {first.fontes} and {second.fontes}"
    if first.seed != second.seed:
        yield f"seeds {first.seed} and {second.seed}"
    one = {**first.settings, **first.cells.get(before.cell, {})}
    other = {**second.settings, **second.cells.get(after.cell, {})}
    for name in sorted(one.keys() | other.keys()):
        if one.get(name) != other.get(name):
            yield f"{name}: {one.get(name, 'the default')} and {other.get(name, 'the default')}"


def common_cases(first: StoredRun, second: StoredRun) -> tuple[Case, ...]:
    """The cases that ask the same of the same documents in both runs, in the order of the second."""
    if first.manifest.dataset_hash == second.manifest.dataset_hash:
        return second.cases
    texts: dict[int, tuple[Document, ...]] = {}
    return tuple(
        case
        for case in second.cases
        if case.id in first.case_of and _placeless(first.case_of[case.id], texts) == _placeless(case, texts)
    )


def _placeless(case: Case, texts: dict[int, tuple[Document, ...]]) -> Case:
    """Without paths, which differ from machine to machine; a corpus that cases share is gone through once."""
    if id(case.documents) not in texts:
        texts[id(case.documents)] = tuple(replace(each, path="") if each.path else each for each in case.documents)
    return replace(case, documents=texts[id(case.documents)], web=Path(case.web).name, foreign=None)


def _opened(text: str, cell: str) -> tuple[Side, ...]:
    path, named = text, cell
    if not Path(text).exists() and "#" in text:
        path, _, named = text.rpartition("#")
    run = read(Path(path))
    cells = tuple(run.manifest.cells)
    if named and named not in cells:
        raise CompareError(path, f"there is no cell {named!r}", f"It has {', '.join(cells)}")
    wanted = (named,) if named else cells
    return tuple(Side(name=path if len(cells) == 1 else f"{path}#{each}", run=run, cell=each) for each in wanted)


def _listed(sides: tuple[Side, ...]) -> str:
    return ", ".join(side.cell for side in sides)
