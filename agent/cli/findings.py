"""What `fontes doctor` finds."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at: how it is, and what mends it ("" when there is nothing to mend)."""

    what: str
    state: Literal["ok", "note", "warning", "error"]
    detail: str
    remedy: str = ""
