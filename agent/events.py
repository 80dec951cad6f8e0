"""What a run tells while it goes on."""

from dataclasses import dataclass
from typing import Literal

EventKind = Literal[
    "step_started", "step_finished", "progress", "sentence", "verdict", "budget", "notice", "answer"
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened in a run.

    `at` is seconds since the run started; `step` is the river's word. The value by kind: step_started None,
    step_finished the seconds it took, progress a line such as "read 12 of 40", sentence a `Sentence`, verdict a
    `Checked`, budget what is left as a dict, notice a line for the reader, answer the `Answer`. `answer` is
    the last event of every run that did not fail.
    """

    kind: EventKind
    step: str
    at: float
    value: object = None
