"""What is packed fits, begins with the best, is the same for the same passages, and holds no copy twice."""

from collections.abc import Callable

import pytest
from fontes.agent.models import fence
from fontes.agent.models.packing import pack, windows
from fontes.retrievers import Evidence
from hypothesis import given
from hypothesis import strategies as st

Seen = Callable[..., Evidence]


async def by_words(text: str) -> int:
    """A tokenizer of the test's own."""
    return len(text.split())


async def by_bytes(text: str) -> int:
    return len(text.encode("utf-8", "replace")) // 3


def number(text: str) -> str:
    return " ".join(f"{word}{text}" for word in ("alpha", "beta", "gamma", "delta", "epsilon"))


@pytest.fixture
def five(seen: Seen) -> list[Evidence]:
    return [seen(number(name), f"{name}.txt") for name in "vwxyz"]


async def test_the_same_passages_make_the_same_prompt_however_they_are_ranked(five: list[Evidence]) -> None:
    packed = await pack(five, 1_000, by_words)
    assert packed.left_out == 0
    assert packed.labels == ("S1", "S2", "S3", "S4", "S5")
    assert (await pack(five[::-1], 1_000, by_words)).text == packed.text == fence.fenced(packed.passages)


async def test_passages_of_one_page_stand_in_reading_order(seen: Seen) -> None:
    page = "The first thing. The second thing. The third thing."
    parts = [seen(page[:a], before="") for a in (16,)] + [seen("The third thing.", before=page[:35])]
    late, early = seen(page[17:], before=page[:17]), seen(page, before="")
    packed = await pack([late, early, *parts], 1_000, by_words)
    by_page = [(e.passage.page_hash, e.passage.start) for e in packed.passages]
    assert by_page == sorted(by_page)


async def test_the_best_is_packed_though_it_is_long(seen: Seen) -> None:
    best = seen(" ".join(f"word{i}" for i in range(80)), "best.txt")
    others = [seen(f"short number{i} text", f"{i}.txt") for i in range(9)]
    packed = await pack([best, *others], 90, by_words)
    assert best in packed.passages
    assert packed.left_out == 10 - len(packed.passages) > 0


async def test_what_is_worth_more_a_token_goes_before_what_is_placed_better(seen: Seen) -> None:
    best = seen("the best answer of them all", "best.txt")
    long = seen(" ".join(f"word{i}" for i in range(60)), "long.txt")
    short = seen("a short answer to it", "short.txt")
    assert set((await pack([best, long, short], 70, by_words)).passages) == {best, short}


async def test_a_near_copy_is_packed_once_unless_it_tells_another_number_or_denies(seen: Seen) -> None:
    text = (
        "The tower of Riga, which stands beside the old harbour and was built by the engineers of the navy, "
        "{}is 68 metres high, has wide stairs, and may be climbed by visitors every summer day until nightfall"
    )
    first, copy = seen(text.format("") + ".", "a.txt"), seen(text.format("") + ", it is said.", "b.txt")
    other, denied = seen(text.format("").replace("68", "86"), "c.txt"), seen(text.format("not "), "d.txt")
    packed = await pack([first, copy, other, denied], 1_000, by_words)
    assert set(packed.passages) == {first, other, denied}
    assert packed.left_out == 0


async def test_nothing_is_packed_where_nothing_fits(five: list[Evidence]) -> None:
    assert (await pack(five, 5, by_words)).passages == ()
    assert (await pack(five, -100, by_words)).left_out == 5
    assert (await pack([], 100, by_words)).passages == ()


async def test_tokens_are_counted_twice_and_not_once_a_passage(five: list[Evidence]) -> None:
    asked: list[str] = []

    async def count(text: str) -> int:
        asked.append(text)
        return await by_words(text)

    await pack(five, 1_000, count)
    assert len(asked) == 2


texts = st.lists(st.text(min_size=1, max_size=200), max_size=10)


@given(texts=texts, budget=st.integers(-10, 400), count=st.sampled_from([by_words, by_bytes]))
async def test_the_budget_is_never_exceeded(
    seen: Seen, texts: list[str], budget: int, count: Callable[..., object]
) -> None:
    packed = await pack([seen(text, str(i)) for i, text in enumerate(texts)], budget, count)  # type: ignore[arg-type]
    assert packed.tokens <= max(0, budget)
    if packed.passages:
        assert await by_words(packed.text) == packed.tokens or count is by_bytes
    assert len(packed.passages) == len(set(packed.passages))


@given(texts=texts, budget=st.integers(10, 200))
async def test_windows_fit_and_hold_each_passage_that_fits_once_in_order(
    seen: Seen, texts: list[str], budget: int
) -> None:
    evidence = [seen(f"unique{i} {text}", str(i)) for i, text in enumerate(texts)]
    parts = await windows(evidence, budget, by_words)
    assert all(part.tokens <= budget for part in parts)
    assert all(part.passages or part.left_out for part in parts)
    held = [e for part in parts for e in part.passages]
    assert held == sorted(held, key=lambda e: (e.passage.page_hash, e.passage.start))
    assert len(held) == len(set(held)) <= len(evidence)


async def test_a_source_that_fits_is_one_window(five: list[Evidence]) -> None:
    assert [len(part.passages) for part in await windows(five, 1_000, by_words)] == [5]
    assert sum(len(part.passages) for part in await windows(five, 20, by_words)) == 5
