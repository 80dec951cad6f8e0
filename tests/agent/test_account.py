import asyncio
from time import monotonic

from fontes.agent.account import Account, current_account, notice, paying, ran
from fontes.agent.budget import Allowance, Budget
from fontes.agent.state import Ran
from hypothesis import given
from hypothesis import strategies as st


def account(told: list[str] | None = None, **values: float) -> Account:
    return Account(budget=Budget(Allowance()), tell=(told if told is not None else []).append, **values)


async def test_tasks_begun_for_a_run_find_its_account_and_others_do_not() -> None:
    async def whose() -> Account | None:
        return current_account()

    mine = account()
    with paying(mine):
        task = asyncio.create_task(whose())
    assert await task is mine
    assert await asyncio.create_task(whose()) is None


def test_a_notice_is_told_once_and_kept() -> None:
    told: list[str] = []
    mine = account(told)
    with paying(mine):
        notice("not reranked")
        notice("not reranked")
        ran("draft", "extractive", "no server")
    notice("nobody listens")
    ran("draft", "nobody")
    assert told == mine.notices == ["not reranked"]
    assert mine.ran == [Ran(step="draft", by="extractive", detail="no server")]


@given(st.integers(), st.integers(), st.integers())
def test_what_a_server_claims_never_lowers_what_was_spent(prompt: int, completion: int, cached: int) -> None:
    mine = account()
    mine.add(prompt_tokens=5, completion_tokens=3, cached_tokens=1)
    mine.add(prompt_tokens=prompt, completion_tokens=completion, cached_tokens=cached)
    assert (mine.prompt_tokens >= 5, mine.completion_tokens >= 3, mine.cached_tokens >= 1) == (True, True, True)
    assert mine.calls == 2


def test_the_time_left_ends_at_nothing() -> None:
    assert account().seconds_left() is None
    assert account(ends=monotonic() - 5).seconds_left() == 0
    assert 0 < (account(ends=monotonic() + 5).seconds_left() or 0) <= 5


def test_what_planning_cost_is_taken_over() -> None:
    planned, asked = account(), account()
    planned.add(prompt_tokens=280, completion_tokens=40, cached_tokens=128)
    asked.take_over(planned)
    assert (asked.calls, asked.prompt_tokens, asked.completion_tokens, asked.cached_tokens) == (1, 280, 40, 128)
