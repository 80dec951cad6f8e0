"""What a run may spend: reserved before a call, settled after it, so that overspend is at most one call."""

from dataclasses import dataclass, field
from typing import Literal

from .errors import BudgetExceeded

Kind = Literal["pages", "tokens", "money", "rounds"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """The limits of one run; None is no limit.

    `seconds` of wall time for the whole run (when they are over, the run ends with what it has), `pages` read,
    `tokens` sent to and received from models, `money` in the currency of the price list, `rounds` of repair.
    """

    seconds: float | None = 120.0
    pages: int | None = None
    tokens: int | None = None
    money: float | None = None
    rounds: int = 0


@dataclass(slots=True)
class Reservation:
    """An amount set aside; `settle` it with what was really spent, or with 0 when the call did not happen."""

    _budget: "Budget"
    kind: Kind
    amount: float
    _open: bool = True

    def settle(self, spent: float | None = None) -> None:
        """Book what was spent (by default all that was reserved); a second settling is a mistake and raises."""
        if not self._open:
            raise RuntimeError(f"a reservation of {self.kind} was settled twice")
        self._open = False
        self._budget.book(self, self.amount if spent is None else spent)


@dataclass(slots=True)
class Budget:
    """The account of one run."""

    allowance: Allowance
    _spent: dict[Kind, float] = field(default_factory=dict)
    _reserved: dict[Kind, float] = field(default_factory=dict)

    def reserve(self, kind: Kind, amount: float = 1) -> Reservation:
        """Set `amount` aside before the call that will spend it.

        Raises:
            BudgetExceeded: that much is not left.
        """
        left = self.left(kind)
        if left is not None and amount > left:
            raise BudgetExceeded(f"the budget of {kind}", f"{amount:g} asked, {left:g} left")
        self._reserved[kind] = self._reserved.get(kind, 0) + amount
        return Reservation(self, kind, amount)

    def book(self, reservation: Reservation, spent: float) -> None:
        """Called by `Reservation.settle`."""
        self._reserved[reservation.kind] -= reservation.amount
        self._spent[reservation.kind] = self._spent.get(reservation.kind, 0) + spent

    def spent(self, kind: Kind) -> float:
        """What has been settled."""
        return self._spent.get(kind, 0)

    def left(self, kind: Kind) -> float | None:
        """What may still be reserved, never below 0; None when there is no limit."""
        limit: float | None = getattr(self.allowance, kind)
        if limit is None:
            return None
        return max(0.0, limit - self._spent.get(kind, 0) - self._reserved.get(kind, 0))
