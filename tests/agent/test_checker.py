"""The checker checks each sentence once, in the background, and keeps what came of it."""

import asyncio
import gc
from collections.abc import Callable

import pytest
from fontes.agent.checker import Checker
from fontes.agent.errors import VerifierError
from fontes.agent.state import Checked, Sentence

A, B, C = (Sentence(text=text, quotes=()) for text in "ABC")


def checked(sentence: Sentence) -> Checked:
    return Checked(sentence=sentence, claims=(), asserted=True)


class Record:
    """A check that notes what it was given, and refuses sentence B."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    async def __call__(self, sentence: Sentence) -> Checked:
        self.seen.append(sentence.text)
        if sentence == B:
            raise VerifierError("claim B", "no verdict")
        return checked(sentence)


async def test_a_sentence_submitted_twice_is_checked_once() -> None:
    record = Record()
    checker = Checker(record)
    checker.submit(A)
    checker.submit(Sentence(text="A", quotes=()))
    assert await checker.results([A, C, A]) == (checked(A), checked(C), checked(A))
    assert sorted(record.seen) == ["A", "C"]
    await checker.close()


async def test_results_come_in_the_order_asked_for_whichever_is_done_first() -> None:
    is_done = asyncio.Event()

    async def second_first(sentence: Sentence) -> Checked:
        if sentence == A:
            await is_done.wait()
        else:
            is_done.set()
        return checked(sentence)

    checker = Checker(second_first)
    assert await checker.results([A, C]) == (checked(A), checked(C))
    assert await checker.results([C, A]) == (checked(C), checked(A))
    await checker.close()


async def test_an_error_is_raised_where_its_result_is_awaited_and_nowhere_else() -> None:
    checker = Checker(Record())
    checker.submit(B)
    assert await checker.results([A, C]) == (checked(A), checked(C))
    for _ in range(2):
        with pytest.raises(VerifierError, match="claim B: no verdict"):
            await checker.results([A, B])
    assert checker.finished() == (checked(A), checked(C))
    await checker.close()


async def test_what_is_finished_comes_in_the_order_it_was_submitted() -> None:
    never = asyncio.Event()
    is_done = asyncio.Event()

    async def slow(sentence: Sentence) -> Checked:
        if sentence == B:
            await never.wait()
        if sentence == A:
            await is_done.wait()
        is_done.set()
        return checked(sentence)

    checker = Checker(slow, workers=3)
    for sentence in (A, B, C):
        checker.submit(sentence)
    await checker.results([A, C])
    assert checker.finished() == (checked(A), checked(C))
    await checker.close()


async def test_closing_stops_the_check_under_way_and_whoever_waits_for_it() -> None:
    has_started = asyncio.Event()
    ended: list[str] = []

    async def endless(sentence: Sentence) -> Checked:
        has_started.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(sentence.text)
        raise AssertionError("an event that nobody sets was set")

    checker = Checker(endless)
    waiting = asyncio.create_task(checker.results([A]))
    await has_started.wait()
    await checker.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert ended == ["A"]
    assert checker.finished() == ()


async def test_no_more_are_checked_at_once_than_there_are_workers() -> None:
    running = most = 0

    async def counted(sentence: Sentence) -> Checked:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)  # lets the others in
        running -= 1
        return checked(sentence)

    checker = Checker(counted, workers=2)
    await checker.results([Sentence(text=str(number), quotes=()) for number in range(8)])
    await checker.close()
    assert most == 2


async def test_an_error_that_nobody_awaits_is_not_reported_by_asyncio(complaints: Callable[[], list[str]]) -> None:
    said = complaints()
    checker = Checker(Record())
    checker.submit(B)
    await checker.results([C])
    await checker.close()
    del checker
    gc.collect()
    assert said == []


async def test_a_checker_that_was_given_nothing_closes() -> None:
    checker = Checker(Record())
    assert await checker.results([]) == ()
    assert checker.finished() == ()
    await checker.close()
