"""The shipped model of answerability: what it reads, and that no signal speaks against an answer."""

import json
from dataclasses import replace
from importlib.resources import files

import pytest
from fontes.agent.answerability import SIGNALS, THRESHOLD, Level, Signals, fitted
from fontes.retrievers.embedders.bge import BgeSmall
from fontes.retrievers.rerankers.minilm import MiniLM
from hypothesis import given
from hypothesis import strategies as st

FULL = Signals(sentence=1.0, passage=1.0, cosine=0.7, sentence_coverage=0.5, passage_coverage=0.5, focus=0.5)
AT_LEVEL: dict[Level, Signals] = {
    "full": FULL,
    "reranker": replace(FULL, cosine=None),
    "embedder": replace(FULL, sentence=None, passage=None),
    "lexical": replace(FULL, sentence=None, passage=None, cosine=None),
}


def test_the_level_is_told_by_what_is_at_hand() -> None:
    assert {level: signals.level for level, signals in AT_LEVEL.items()} == {level: level for level in SIGNALS}
    assert replace(FULL, sentence=None).level == "embedder"


@pytest.mark.parametrize("level", SIGNALS)
@given(more=st.floats(0, 20))
def test_more_of_a_signal_never_makes_an_answer_less_likely(level: Level, more: float) -> None:
    signals = AT_LEVEL[level]
    least = fitted().probability(signals)
    assert 0 <= least <= 1
    for name in SIGNALS[level]:
        assert fitted().probability(replace(signals, **{name: signals.get(name) + more})) >= least


@pytest.mark.parametrize("level", SIGNALS)
def test_what_shares_nothing_with_the_question_is_no_answer_and_what_shares_all_is_one(level: Level) -> None:
    nothing = {"sentence": -11.0, "passage": -11.0, "cosine": 0.25}
    everything = {"sentence": 9.0, "passage": 9.0, "cosine": 0.9}
    names = [name for name in SIGNALS[level] if name in nothing]
    low = Signals(sentence_coverage=0, passage_coverage=0, focus=0, **{name: nothing[name] for name in names})
    high = Signals(sentence_coverage=1, passage_coverage=1, focus=1, **{name: everything[name] for name in names})
    assert fitted().probability(low) < THRESHOLD < fitted().probability(high)


@pytest.mark.parametrize("level", SIGNALS)
def test_what_is_about_another_year_is_no_answer_however_well_it_fits(level: Level) -> None:
    signals = replace(AT_LEVEL[level], **dict.fromkeys(SIGNALS[level], 20.0))
    assert fitted().probability(replace(signals, in_time=False)) < THRESHOLD < fitted().probability(signals)


def test_a_signal_that_is_not_at_hand_cannot_be_read() -> None:
    with pytest.raises(KeyError, match="cosine"):
        AT_LEVEL["lexical"].get("cosine")


def test_the_shipped_weights_belong_to_the_packaged_models_and_say_where_they_are_from() -> None:
    data = json.loads(files("fontes.agent").joinpath("answerability.json").read_text())
    assert data["version"] == fitted().version == 1
    assert (data["reranker"], data["embedder"]) == (MiniLM.name, BgeSmall.name)
    assert {level: tuple(model["weights"]) for level, model in data["levels"].items()} == SIGNALS
    assert data["false_abstention"] == pytest.approx(0.1)
    assert all(len(digest) == 64 for digest in data["data"].values())
