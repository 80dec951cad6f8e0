"""What a call to a model costs the run: set aside before it, booked after it, however it ended."""

from dataclasses import dataclass, field
from typing import Self

from ..account import Account
from ..budget import Reservation
from ..errors import BudgetExceeded
from .chat import ChatRequest
from .exchange import Exchange
from .tokens import most_prompt_tokens

_CHARACTERS_A_TOKEN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Of a million tokens, in the currency of the budget of money; 0: they cost nothing that is counted."""

    prompt: float = 0.0
    completion: float = 0.0

    def of(self, prompt_tokens: float, completion_tokens: float) -> float:
        """What so many tokens cost."""
        return (prompt_tokens * self.prompt + completion_tokens * self.completion) / 1_000_000


@dataclass(slots=True, kw_only=True)
class Bill:
    """One call with all its tries. `settle` it once."""

    account: Account | None
    prices: Prices
    prompt_tokens: int
    tries: list[Exchange] = field(default_factory=list)
    _reserved: list[Reservation] = field(default_factory=list)

    @classmethod
    def of(cls, request: ChatRequest, reply_tokens: int, account: Account | None, prices: Prices) -> Self:
        """Set aside what the call may cost.

        Raises:
            BudgetExceeded: that much is not left.
        """
        prompt_tokens = most_prompt_tokens([message.content for message in request.messages])
        bill = cls(account=account, prices=prices, prompt_tokens=prompt_tokens)
        if account is not None:
            bill._reserved.append(account.budget.reserve("tokens", prompt_tokens + reply_tokens))
            if money := prices.of(prompt_tokens, reply_tokens):
                try:
                    bill._reserved.append(account.budget.reserve("money", money))
                except BudgetExceeded:
                    bill.settle()
                    raise
        return bill

    def settle(self) -> None:
        """Book what the tries cost: as the server counts, else as estimated from what went and came."""
        if self.account is None:
            return
        prompt_tokens = completion_tokens = 0
        for each in self.tries:
            if each.was_sent or each.used:
                prompt, completion = self._cost(each)
                cached = each.used.cached if each.used else 0
                self.account.add(prompt_tokens=prompt, completion_tokens=completion, cached_tokens=cached)
                prompt_tokens += prompt
                completion_tokens += completion
        money = self.prices.of(prompt_tokens, completion_tokens)
        for reservation in self._reserved:
            reservation.settle(money if reservation.kind == "money" else prompt_tokens + completion_tokens)

    def _cost(self, exchange: Exchange) -> tuple[int, int]:
        used = exchange.used
        prompt = used.prompt if used and used.prompt is not None else self.prompt_tokens
        if used and used.completion is not None:
            return prompt, used.completion
        return prompt, max(exchange.pieces, exchange.characters // _CHARACTERS_A_TOKEN)
