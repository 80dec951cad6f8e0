"""How far two judges, or any number of them, agree beyond chance.

Cohen 1960, "A Coefficient of Agreement for Nominal Scales"; Krippendorff 2011, "Computing Krippendorff's
Alpha-Reliability", for nominal labels, any number of judges, and labels that are missing.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence

from .case import Case


def cohen_kappa(first: Sequence[Hashable], second: Sequence[Hashable]) -> float | None:
    """Agreement of two judges in [-1, 1]: 1 is perfect, 0 what chance gives; None when both know one label only.

    Raises:
        ValueError: the two judged different numbers of things, or none.
    """
    if len(first) != len(second):
        raise ValueError(f"{len(first)} labels cannot be paired with {len(second)}")
    if not first:
        raise ValueError("agreement is undefined without a label")
    size = len(first)
    agreed = sum(one == other for one, other in zip(first, second, strict=True)) / size
    mine, theirs = Counter(first), Counter(second)
    by_chance = sum(mine[label] * theirs[label] for label in mine) / size**2
    return (agreed - by_chance) / (1 - by_chance) if by_chance < 1 else None


def krippendorff_alpha(units: Sequence[Sequence[Hashable]]) -> float | None:
    """Agreement of any number of judges, at most 1; 0 is what chance gives.

    Each unit holds the labels that were given to one thing, in any order; a unit with fewer than two says nothing
    about agreement and is left out. None when every label left is the same.

    Raises:
        ValueError: no unit has two labels.
    """
    paired = [Counter(unit) for unit in units if len(unit) > 1]
    if not paired:
        raise ValueError("agreement is undefined where nothing was judged twice")
    totals = sum(paired, Counter[Hashable]())
    size = totals.total()
    differing = sum(
        sum(count * (unit.total() - count) for count in unit.values()) / (unit.total() - 1) for unit in paired
    )
    by_chance = sum(count * (size - count) for count in totals.values()) / (size - 1)
    return 1 - differing / by_chance if by_chance else None


def of_people(cases: Iterable[Case]) -> tuple[float | None, int]:
    """Krippendorff's alpha of the people who labelled claims, and how many claims more than one of them judged.

    Labels of one claim against the same texts are of different people. None where nothing was judged twice, and where
    all labels are the same.
    """
    units: dict[tuple[str, tuple[str, ...]], list[bool]] = {}
    for case in cases:
        for label in case.labels:
            units.setdefault((label.claim, label.texts), []).append(label.supported)
    twice = [labels for labels in units.values() if len(labels) > 1]
    return (krippendorff_alpha(twice) if twice else None), len(twice)
