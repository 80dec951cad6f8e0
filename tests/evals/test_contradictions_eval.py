"""The pairs by which contradictions and copies are measured, and floors under what is found."""

from pathlib import Path
from random import Random

import pytest
from fontes.evals.contradiction_pairs import Document, Pair, is_held_out, made_pairs, read_documents
from fontes.evals.contradictions import found
from fontes.evals.copies import copy_pairs, is_merged, read_articles
from fontes.evals.fact_changes import CHANGERS, pools
from fontes.evals.intervals import shown, wilson
from fontes.evals.reshaping import reshaped


@pytest.fixture(scope="module")
def documents(shared_data: Path) -> tuple[Document, ...]:
    return tuple(each for each in read_documents(shared_data) if not is_held_out(each.id))[::4]


@pytest.fixture(scope="module")
def pairs(documents: tuple[Document, ...]) -> tuple[Pair, ...]:
    return made_pairs(documents, 40)


def test_recall_and_precision_of_made_contradictions_stay_above_their_floors(pairs: tuple[Pair, ...]) -> None:
    judged = [(pair.is_conflict, bool(found(pair))) for pair in pairs]
    right = sum(truth and hit for truth, hit in judged)
    assert right >= 0.80 * sum(truth for truth, _ in judged)
    assert right >= 0.90 * sum(hit for _, hit in judged)


def test_as_many_pairs_contradict_as_do_not(pairs: tuple[Pair, ...]) -> None:
    conflicts = sum(pair.is_conflict for pair in pairs)
    assert conflicts == pytest.approx(len(pairs) / 2, rel=0.05)


def test_the_same_pairs_are_made_every_time(documents: tuple[Document, ...], pairs: tuple[Pair, ...]) -> None:
    assert made_pairs(documents, 40) == pairs


def test_copies_are_merged_and_other_articles_are_not(shared_data: Path) -> None:
    pairs = copy_pairs(read_articles(shared_data)[::6], held_out=False)
    copies = [is_merged(pair) for pair in pairs if pair.is_copy]
    others = [is_merged(pair) for pair in pairs if not pair.is_copy]
    assert sum(copies) >= 0.95 * len(copies)
    assert sum(others) <= 0.01 * len(others)


SENTENCES = (
    "The Lund Museum was founded in 1989 by Anna Berg and employs 512 people in the old town.",
    "The brewery was built by Carl Nord, who was born in Oslo on May 3, 1950, and it sold 40 kinds of beer.",
)


@pytest.mark.parametrize("kind", CHANGERS)
def test_a_change_touches_one_place_only(kind: str) -> None:
    known = pools([*SENTENCES, "It was written by Eva Lind, who was born in Bergen, a town."])
    changes = [change for text in SENTENCES if (change := CHANGERS[kind](text, Random(3), known))]
    assert changes
    for change in changes:
        assert change.was != change.now
        assert change.text.replace(change.now, change.was, 1) in SENTENCES


def test_reshaping_keeps_the_words_that_it_must() -> None:
    for seed in range(50):
        assert "512" in reshaped(SENTENCES[0], Random(seed), "512")


def test_a_document_is_on_one_side_of_the_split() -> None:
    names = [f"document {number}" for number in range(1000)]
    assert 330 < sum(map(is_held_out, names)) < 470
    assert not made_pairs([Document(id="x", title="", sentences=())], 5)


def test_an_interval_holds_its_share_and_narrows() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    low, high = wilson(90, 100)
    assert low < 0.9 < high
    wide = wilson(9, 10)
    assert wide[0] < low
    assert wide[1] > high
    assert shown(0, 0) == "none"
    assert shown(9, 10).startswith("0.900 (")
