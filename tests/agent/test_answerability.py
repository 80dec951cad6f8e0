"""The shipped model of answerability: what it reads, what speaks against an answer, what a threshold lets through."""

import json
from dataclasses import replace
from importlib.resources import files

import pytest
from fontes.agent.answerability import SIGNALS, THRESHOLD, Answered, Level, Signals, fitted, level_with, threshold_for
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
    assert data["version"] == fitted().version == 2
    assert (data["reranker"], data["embedder"]) == (MiniLM.name, BgeSmall.name)
    assert {level: tuple(model["weights"]) for level, model in data["levels"].items()} == SIGNALS
    assert data["false_abstention"] == pytest.approx(0.1)
    assert all(len(digest) == 64 for digest in data["data"].values())


def test_the_level_is_known_from_the_names_of_the_models() -> None:
    assert level_with(MiniLM.name, BgeSmall.name) == "full"
    assert level_with(MiniLM.name, None) == "reranker"
    assert level_with("a served one", BgeSmall.name) == "embedder"
    assert level_with(None, None) == "lexical"


@pytest.mark.parametrize("level", SIGNALS)
@given(wrong=st.floats(0.001, 0.999), answerable=st.floats(0.05, 0.95))
def test_no_threshold_from_the_one_given_on_lets_more_through_than_asked(
    level: Level, wrong: float, answerable: float
) -> None:
    table = fitted().answered[level]
    threshold = threshold_for(wrong, level=level, answerable=answerable)
    assert 0 <= threshold <= 1
    kept = [place for place, at in enumerate(table.thresholds) if at >= threshold]
    assert all(table.wrong_share(place, answerable) <= wrong for place in kept)
    assert not kept or table.wrong_share(kept[0], answerable, more=3) <= wrong


@given(one=st.floats(0.001, 0.999), other=st.floats(0.001, 0.999))
def test_less_risk_never_has_a_lower_threshold(one: float, other: float) -> None:
    strict, lax = sorted((one, other))
    assert threshold_for(strict) >= threshold_for(lax)


def test_a_risk_that_was_never_seen_so_low_answers_nothing_and_half_of_all_answers_everything() -> None:
    assert threshold_for(0.0001, answerable=0.001) == 1.0
    assert threshold_for(0.5 + 1e-6) == 0.0


@pytest.mark.parametrize(("wrong", "answerable"), [(0.0, 0.5), (1.0, 0.5), (0.1, 0.0), (0.1, 1.5), (-1.0, 0.5)])
def test_a_share_outside_of_0_and_1_is_refused(wrong: float, answerable: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        threshold_for(wrong, answerable=answerable)


@pytest.mark.parametrize("level", SIGNALS)
def test_a_higher_threshold_lets_no_more_through(level: Level) -> None:
    table = fitted().answered[level]
    assert len(table.thresholds) == len(table.answerable) == len(table.unanswerable)
    for shares in (table.answerable, table.unanswerable):
        assert list(shares) == sorted(shares, reverse=True)
        assert shares[0] == 1.0
    # .5 is where nine of ten questions with an answer are kept
    assert table.answerable[table.thresholds.index(THRESHOLD)] == pytest.approx(0.9, abs=0.01)


def test_the_wrong_share_counted_by_hand() -> None:
    table = Answered(cases=9, thresholds=(0.0, 0.5, 0.9), answerable=(1.0, 0.8, 0.0), unanswerable=(1.0, 1 / 9, 0.0))
    assert [table.wrong_share(place, 0.5) for place in range(3)] == pytest.approx([0.5, 1 / 9 / (0.8 + 1 / 9), 0.0])
    assert table.wrong_share(1, 0.5, more=1) == pytest.approx(0.2)
    assert table.wrong_share(1, 0.8, more=1) == pytest.approx(0.04 / 0.68)
    assert table.wrong_share(2, 0.5, more=1) == 1.0
