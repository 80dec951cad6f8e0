"""Who pays: the account of the run that is going on, found by whatever spends on its behalf.

A context variable, for models are called from plugs (a judge, a served embedder) whose methods take no run; tasks
that a run starts inherit it. Outside a run there is no account, and nothing is bounded.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import monotonic

from .budget import Budget
from .state import Ran


@dataclass(slots=True, kw_only=True)
class Account:
    """What a run has spent on models, and what it may still spend; and what plugs have to say to its reader.

    `ends` is the moment (of `time.monotonic`) at which the run is over, None if it has no end. `tell` shows a notice at
    once. `cached_tokens` are those of the prompts that the server had in its prefix cache, if it tells. `notices` and
    `ran` wait for the graph, which moves them into the state's notes and trace after each step.
    """

    budget: Budget
    tell: Callable[[str], None]
    ends: float | None = None
    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    notices: list[str] = field(default_factory=list)
    ran: list[Ran] = field(default_factory=list)

    def seconds_left(self) -> float | None:
        """Wall time that the run has left, never below 0; None without an end."""
        return None if self.ends is None else max(0.0, self.ends - monotonic())

    def add(self, *, prompt_tokens: int, completion_tokens: int, cached_tokens: int = 0) -> None:
        """Book one call to a model; what a server claims below 0 counts as 0."""
        self.calls += 1
        self.prompt_tokens += max(0, prompt_tokens)
        self.completion_tokens += max(0, completion_tokens)
        self.cached_tokens += max(0, cached_tokens)

    def take_over(self, earlier: "Account") -> None:
        """Count what `earlier` spent, on planning the same question, as spent here."""
        self.calls += earlier.calls
        self.prompt_tokens += earlier.prompt_tokens
        self.completion_tokens += earlier.completion_tokens
        self.cached_tokens += earlier.cached_tokens


_current: ContextVar[Account | None] = ContextVar("fontes_account", default=None)


def current_account() -> Account | None:
    """The account of the run that this code runs for; None outside of any."""
    return _current.get()


def notice(text: str) -> None:
    """Tell the reader of the run something that they must know of its answer; nothing outside a run."""
    account = _current.get()
    if account is not None and text not in account.notices:
        account.notices.append(text)
        account.tell(text)


CALLER = "caller"


def is_callers_plan(trace: Iterable[Ran]) -> bool:
    """Whether the plan of the run was given with the question: it is kept to, and nothing is added to it."""
    return any(each.step == "route" and each.by == CALLER for each in trace)


def ran(step: str, by: str, detail: str = "") -> None:
    """Note in the run's trace what did the work of `step`; nothing outside a run."""
    account = _current.get()
    if account is not None:
        account.ran.append(Ran(step=step, by=by, detail=detail))


@contextmanager
def paying(account: Account) -> Iterator[None]:
    """Within the block, and in tasks begun in it, `account` pays."""
    token = _current.set(account)
    try:
        yield
    finally:
        _current.reset(token)
