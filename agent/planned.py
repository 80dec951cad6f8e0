"""Questions that were planned and may be asked next: a model that was asked for the plan is not asked again."""

from dataclasses import dataclass

from .account import Account
from .state import Query, State

_KEPT = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A question that was planned and may be asked: how it was understood, and what that cost."""

    query: Query
    account: Account


class PlannedQuestions:
    """The last of them, each by its conversation, its words and the day it is asked as on."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, str], Planned] = {}

    def keep(self, state: State, account: Account) -> None:
        """Keep how `state` was understood; the oldest one goes when there are too many."""
        self._kept[_key(state)] = Planned(query=state.understood, account=account)
        while len(self._kept) > _KEPT:
            del self._kept[next(iter(self._kept))]

    def take(self, state: State) -> Planned | None:
        """What was kept for this question, once; None if nothing was."""
        return self._kept.pop(_key(state), None)


def _key(state: State) -> tuple[str, str, str]:
    return state.conversation, state.question, state.as_of
