"""Texts that are nearly the same are found; texts that are merely alike are not."""

import random
import subprocess
import sys
from time import process_time

import pytest
from fontes.crawler.site.near_duplicates import NearDuplicates
from hypothesis import given, settings
from hypothesis import strategies as st

WORDS = [f"word{number}" for number in range(3_000)]


def text(seed: int, words: int = 800) -> list[str]:
    return random.Random(seed).choices(WORDS, k=words)


def changed(words: list[str], count: int) -> list[str]:
    """The text with so many words replaced, evenly spread."""
    step = len(words) // count
    return [f"new{at}" if at % step == 0 else word for at, word in enumerate(words)]


def test_a_text_with_a_word_changed_here_and_there_is_found() -> None:
    near = NearDuplicates()
    for seed in range(50):
        assert near.seen(" ".join(text(seed)), f"page {seed}") is None
    for seed in range(50):
        altered = " ".join(changed(text(seed), 4)).upper().replace(" ", ",  ")
        assert near.seen(altered, "print version") == f"page {seed}"
    assert len(near) == 50, "what was found is not remembered again"


def test_a_text_of_which_a_tenth_is_new_is_another() -> None:
    near = NearDuplicates()
    for seed in range(50):
        assert near.seen(" ".join(text(seed)), f"page {seed}") is None
        assert near.seen(" ".join(changed(text(seed), 80)), f"other {seed}") is None


def test_the_most_similar_text_is_named() -> None:
    near = NearDuplicates(threshold=0.5)
    words = text(1)
    near.remember(near.signature(" ".join(changed(words, 20))), "far")
    near.remember(near.signature(" ".join(words)), "near")
    assert near.seen(" ".join(changed(words, 2)), "now") == "near"


def test_short_texts_are_compared_as_a_whole() -> None:
    near = NearDuplicates()
    assert near.seen("Opening hours: nine to five.", "one") is None
    assert near.seen("Opening hours: nine to six.", "two") is None
    assert near.seen("OPENING HOURS - nine to five", "three") == "one"


def test_scripts_without_spaces_are_compared_by_letters() -> None:
    letters = random.Random(1).choices([chr(code) for code in range(0x4E00, 0x5200)], k=600)
    near = NearDuplicates()
    assert near.seen("".join(letters), "one") is None
    assert near.seen("".join([*letters[:300], "中", *letters[300:]]), "two") == "one"
    assert near.seen("".join(reversed(letters)), "three") is None


def test_no_more_is_remembered_than_was_said() -> None:
    near = NearDuplicates(capacity=10)
    for seed in range(30):
        near.seen(" ".join(text(seed)), f"page {seed}")
    assert len(near) == 10
    assert near.seen(" ".join(text(29)), "again") == "page 29"
    assert near.seen(" ".join(text(0)), "again") is None, "the oldest are forgotten"


def test_what_is_remembered_of_a_text_is_the_same_in_every_process() -> None:
    words = " ".join(text(3))
    code = (
        "import sys; from fontes.crawler.site.near_duplicates import NearDuplicates;"
        "print(NearDuplicates.signature(sys.stdin.read()).hex())"
    )
    told = subprocess.run([sys.executable, "-c", code], input=words, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == NearDuplicates.signature(words).hex()


def test_a_text_of_6_kb_takes_less_than_3_ms_among_pages_that_are_alike() -> None:
    near, frame, times = NearDuplicates(), text(0, 700), []
    for seed in range(1, 500):  # all but a fifth of each page is the same
        page = " ".join([*frame, *text(seed, 170)])
        begun = process_time()
        near.seen(page, str(seed))
        times.append(process_time() - begun)
    assert sorted(times)[len(times) // 2] < 0.003


@pytest.mark.parametrize(("threshold", "capacity"), [(0.0, 1), (1.1, 1), (0.9, 0)])
def test_a_threshold_or_capacity_that_means_nothing_is_refused(threshold: float, capacity: int) -> None:
    with pytest.raises(ValueError, match="threshold"):
        NearDuplicates(threshold, capacity=capacity)


@settings(max_examples=50)
@given(st.text() | st.lists(st.sampled_from(WORDS[:40]), max_size=200).map(" ".join))
def test_a_text_is_its_own_near_duplicate(some: str) -> None:
    near = NearDuplicates()
    assert near.seen(some, "first") is None
    assert near.seen(some, "second") == "first"
