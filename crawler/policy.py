"""The limits under which sources are read."""

import os
from dataclasses import dataclass, field


def _default_workers() -> int:
    return min(4, os.cpu_count() or 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPolicy:
    """How much is read, for how long, and by how many processes at once.

    Attributes:
        max_bytes: a larger file is skipped, unopened.
        deadline_s: seconds that one item may take before its worker is killed.
        workers: worker processes; by default the machine's cores, at most four.
    """

    max_bytes: int = 50_000_000
    deadline_s: float = 20.0
    workers: int = field(default_factory=_default_workers)

    def __post_init__(self) -> None:
        if self.max_bytes < 1 or self.deadline_s <= 0 or self.workers < 1:
            raise ValueError(f"max_bytes, deadline_s and workers must be positive: {self}")
