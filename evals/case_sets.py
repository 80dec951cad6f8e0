"""A set of cases by its name: a file, a public set, or a reader of one's own."""

import random
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from .case import Case
from .case_error import CaseError
from .cases import read_cases
from .readers import READERS


def read_dataset(name: str, data: Path | None = None) -> tuple[Case, ...]:
    """The cases of the file at `name`, of the public set called so in the folder `data`, or of `package.module:name`.

    The last is a function without arguments that gives cases, or the cases themselves.

    Raises:
        CaseError: there is no such set, or it holds no case, the same id twice, or something else than cases.
    """
    if name in READERS and not Path(name).exists():
        if data is None:
            raise CaseError(name, 0, "", "a public set is read from its files", "Name their folder with --data")
        return READERS[name](data)
    if ":" in name and not Path(name).exists():
        return _checked(name, _plugged(name))
    if not Path(name).exists():
        hint = f"Give a JSON lines file, package.module:name, or one of {', '.join(READERS)}"
        raise CaseError(name, 0, "", "there is no such file or set", hint)
    return read_cases(name)


def sampled(cases: tuple[Case, ...], count: int, seed: int) -> tuple[Case, ...]:
    """At most `count` of the cases, drawn by `seed`, in their order."""
    if count >= len(cases):
        return cases
    picked = sorted(random.Random(seed).sample(range(len(cases)), count))
    return tuple(cases[place] for place in picked)


def _plugged(name: str) -> Iterable[Case]:
    module, _, attribute = name.partition(":")
    try:
        found = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        raise CaseError(
            name, 0, "", f"it cannot be imported: {error}", "Check the name, and that it is installed"
        ) from error
    cases: Any = found() if callable(found) else found
    if not isinstance(cases, Iterable):
        why = f"it is a {type(cases).__name__}, and gives no cases"
        raise CaseError(name, 0, "", why, "docs/evaluation.md shows one")
    return cases


def _checked(name: str, cases: Iterable[Case]) -> tuple[Case, ...]:
    held: dict[str, Case] = {}
    for case in cases:
        if not isinstance(case, Case):
            why = f"it gives a {type(case).__name__}, no fontes.evals.case.Case"
            raise CaseError(name, 0, "", why, "docs/evaluation.md shows one")
        if case.id in held:
            raise CaseError(name, 0, "id", f"{case.id!r} comes twice", "Give each case an id of its own")
        held[case.id] = case
    if not held:
        raise CaseError(name, 0, "", "it holds no case", "Give at least one")
    return tuple(held.values())
