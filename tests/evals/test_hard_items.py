"""The items written to break the checks, and that what was mended stays so."""

import asyncio
from collections import Counter

import pytest
from fontes.evals.hard_items import Judged, judged, read_rows, table


@pytest.fixture(scope="module")
def items() -> tuple[Judged, ...]:
    return asyncio.run(judged())


def share(items: tuple[Judged, ...], *kinds: str, halves: tuple[str, ...] = ("looked at", "unseen")) -> float:
    right = [each.is_right for each in items if each.half in halves and each.kind.startswith(kinds)]
    return sum(right) / len(right)


def test_true_claims_are_kept(items: tuple[Judged, ...]) -> None:
    assert share(items, "true") >= 0.97


@pytest.mark.parametrize(
    ("kinds", "floor"),
    [
        (("another number", "another date"), 0.95),
        (("another name",), 0.9),
        (("quoted to be denied: false", "hypothetical or sarcastic: false"), 0.83),
        (("instructs the judge: false",), 0.9),
        (("comparison turned round: false", "cause turned round: false"), 0.68),
        (("added detail: false",), 0.7),
        (("converted units", "dates written otherwise"), 0.85),
        (("contradiction: number", "contradiction: date", "contradiction: polarity"), 0.9),
        (("no contradiction",), 0.88),
        (("copies", "independent reports"), 1.0),
    ],
)
def test_what_was_mended_stays_so(items: tuple[Judged, ...], kinds: tuple[str, ...], floor: float) -> None:
    assert share(items, *kinds) >= floor


def test_every_item_is_judged_and_in_the_table(items: tuple[Judged, ...]) -> None:
    assert len(items) == sum(len(row.get("claims", [0])) for row in read_rows())
    counts = Counter(each.kind for each in items)
    assert sorted(line.split(" | ")[0].strip("| ") for line in list(table(items))[2:]) == sorted(counts)
