"""Spending is reserved before a call and settled after it."""

import pytest
from fontes.agent.budget import Allowance, Budget
from fontes.agent.errors import BudgetExceeded
from hypothesis import given
from hypothesis import strategies as st


def test_what_is_reserved_is_not_left_for_others() -> None:
    budget = Budget(Allowance(pages=3))
    budget.reserve("pages", 2)
    assert budget.left("pages") == 1
    assert budget.spent("pages") == 0


def test_settling_books_what_was_reserved_unless_told_otherwise() -> None:
    budget = Budget(Allowance(pages=10, tokens=100))
    budget.reserve("pages", 2).settle()
    budget.reserve("tokens", 60).settle(25)
    assert (budget.spent("pages"), budget.left("pages")) == (2, 8)
    assert (budget.spent("tokens"), budget.left("tokens")) == (25, 75)


def test_a_call_that_did_not_happen_gives_everything_back() -> None:
    budget = Budget(Allowance(tokens=100))
    budget.reserve("tokens", 100).settle(0)
    assert budget.left("tokens") == 100


def test_more_than_is_left_is_refused_with_both_numbers() -> None:
    budget = Budget(Allowance(pages=2))
    budget.reserve("pages")
    with pytest.raises(BudgetExceeded, match=r"the budget of pages: 5 asked, 1 left\. Raise the limit"):
        budget.reserve("pages", 5)
    assert budget.left("pages") == 1, "a refused reservation takes nothing"


def test_a_reservation_settled_twice_is_a_mistake() -> None:
    reservation = Budget(Allowance()).reserve("pages")
    reservation.settle()
    with pytest.raises(RuntimeError, match="pages was settled twice"):
        reservation.settle()


def test_no_limit_is_never_used_up() -> None:
    budget = Budget(Allowance(tokens=None))
    budget.reserve("tokens", 1e12).settle()
    assert budget.left("tokens") is None
    assert budget.spent("tokens") == 1e12


def test_kinds_have_accounts_of_their_own() -> None:
    budget = Budget(Allowance(pages=1, money=0.5))
    budget.reserve("pages").settle()
    assert budget.left("money") == 0.5
    with pytest.raises(BudgetExceeded, match=r"0\.6 asked, 0\.5 left"):
        budget.reserve("money", 0.6)


@given(calls=st.lists(st.tuples(st.integers(1, 20), st.integers(0, 40)), max_size=20))
def test_the_limit_is_overspent_by_one_call_at_most(calls: list[tuple[int, int]]) -> None:
    budget = Budget(Allowance(tokens=50))
    for amount, spent in calls:
        before = budget.spent("tokens")
        try:
            budget.reserve("tokens", amount).settle(spent)
        except BudgetExceeded:
            assert before + amount > 50
        assert budget.spent("tokens") == before or before < 50
        left = budget.left("tokens")
        assert left == max(0, 50 - budget.spent("tokens"))
