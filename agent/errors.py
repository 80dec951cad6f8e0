"""What can go wrong between a question and its answer.

AgentError
├── BadQuestion       the question cannot be asked as it stands
│   └── UnknownTag        no source carries the tag that it is restricted to
├── SettingError      a setting's value is not one of the allowed
├── WriterError       the writer could not go on
├── VerifierError     no verdict could be reached
├── BudgetExceeded    the run has used up what it was given
├── UnknownRun        there is no such run, or nothing is left to resume
├── RunGoesOn         it is being answered at this moment, here or by another process
├── UnknownConversation   there is no conversation of that id
└── NothingRead       not one of the sources named for this question could be read
"""

from typing import ClassVar

from ..crawler import Skipped


class AgentError(Exception):
    """What failed, on which object, and what the person can do."""

    hint: ClassVar[str] = ""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(what, why)
        self.what, self.why = what, why

    def __str__(self) -> str:
        return f"{self.what}: {self.why}" + (f". {self.hint}" if self.hint else "")


class BadQuestion(AgentError):
    """The question is empty, far too long, or asks for what this version cannot do."""


class UnknownTag(BadQuestion):
    """No source of the index carries the tag that the question is restricted to."""

    hint = "`fontes tag list` lists them, `fontes tag add NAME SOURCE…` gives a source one"


class SettingError(AgentError):
    """A setting has a value that is not allowed; `what` names it and where it came from."""

    hint = "`fontes config` shows every setting and where it came from"


class WriterError(AgentError):
    """The writer could not go on; the run can be resumed."""


class VerifierError(AgentError):
    """The verifier reached no verdict."""


class BudgetExceeded(AgentError):
    """A step asked for more than the run has left."""

    hint = "Raise the limit, or ask a narrower question"


class UnknownRun(AgentError):
    """There is no such run, or it has finished and left nothing to resume."""

    hint = "Ask the question again"


class RunGoesOn(AgentError):
    """The run is being answered at this moment, by this process or another; its answer will be kept."""

    hint = "Wait for its answer, or end it where it is being answered"


class UnknownConversation(AgentError):
    """There is no conversation of that id, or it was deleted."""

    hint = "List the conversations to see their ids"


class NothingRead(AgentError):
    """The question was restricted to sources of which none could be read."""

    def __init__(self, what: str, why: str, skipped: tuple[Skipped, ...] = ()) -> None:
        super().__init__(what, why)
        self.args = (what, why, skipped)
        self.skipped = skipped
