"""Stretches of sentences, and those of them that speak of a claim."""

from fontes.agent.verifiers.windows import by_overlap, windows
from hypothesis import given
from hypothesis import strategies as st

TEXT = "".join(f"Sentence number {n} is about the matter {chr(97 + n)}{chr(97 + n)}{chr(97 + n)}. " for n in range(12))
prose = st.lists(st.sampled_from(["One two.", "Ünf sechs sieben.", "a" * 40, "灯台は完成した。", "\n", "?", "x y z"]))


@given(texts=st.lists(prose.map(" ".join) | st.text(), max_size=3), most=st.integers(8, 60), repeated=st.integers(0, 2))
def test_windows_hold_every_word_and_are_short(texts: list[str], most: int, repeated: int) -> None:
    found = list(windows(texts, most_bytes=most, most_sentences=3, repeated=repeated))
    for number, text in enumerate(texts):
        own = [window for window in found if window.text == number]
        assert [w.start for w in own] == sorted({w.start for w in own})
        held = {place for w in own for place in range(w.start, w.end)}
        assert not any(c.isalnum() for place, c in enumerate(text) if place not in held)
    for window in found:
        assert len(texts[window.text][window.start : window.end].encode("utf-8", "surrogatepass")) <= most


def test_windows_repeat_the_last_sentences_of_the_one_before() -> None:
    found = list(windows([TEXT], most_bytes=1_000, repeated=2))
    numbers = [[int(n) for n in TEXT[w.start : w.end].split() if n.isdigit()] for w in found]
    assert numbers == [[0, 1, 2, 3, 4], [3, 4, 5, 6, 7], [6, 7, 8, 9, 10], [9, 10, 11]]


def test_the_window_with_most_of_the_claim_comes_first() -> None:
    stretches = list(windows([TEXT], most_bytes=1_000))
    best = by_overlap("The matter lll is about a sentence.", stretches)[0]
    assert "lll" in TEXT[best.start : best.end]
