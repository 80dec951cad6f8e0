"""What can go wrong between a request to a model server and its reply.

ServedError
├── ServerDown        it cannot be reached, failed on its side (5xx), or cut its reply: worth another try
│   └── ServerStalled     it took longer for a connection, a reply, a token than is waited for
├── ServerBusy        it asks to wait (429, or 503 with Retry-After); worth another try after `retry_after_s`
├── ServerRefused     it refuses this request and would again: key, model name, address, an unknown field
├── PromptTooLong     the prompt does not fit its context; `limit` is the context's length in tokens, if it says so
├── ReplyCut          the reply ended at its limit of tokens; what came before is whole
└── BadReply          what came is no reply: not JSON, no choices, too large, another model's answer
"""

from ..errors import RetrievalError


class ServedError(RetrievalError):
    """A model server did not do what it was asked. `what` names the server by its base URL, never by its key."""


class ServerDown(ServedError):
    """It cannot be reached, failed on its side, or hung up."""

    hint = "`fontes doctor` shows which model servers answer"


class ServerStalled(ServerDown):
    """It took longer than is waited for; the model may be too large for its machine, or the server overloaded."""


class ServerBusy(ServedError):
    """It asks to wait. `retry_after_s` are the seconds it named, 0 if it named none."""

    def __init__(self, what: str, why: str, retry_after_s: float = 0.0) -> None:
        super().__init__(what, why)
        self.args = (what, why, retry_after_s)
        self.retry_after_s = retry_after_s


class ServerRefused(ServedError):
    """It refuses, and the same request will be refused again; the setting is to be mended."""

    hint = "`fontes doctor` checks the address, the key and the model's name"


class PromptTooLong(ServedError):
    """The prompt does not fit. `limit` is the context length in tokens that the server named, None if it named none."""

    def __init__(self, what: str, why: str, limit: int | None = None) -> None:
        super().__init__(what, why)
        self.args = (what, why, limit)
        self.limit = limit


class ReplyCut(ServedError):
    """The model was stopped by the limit of tokens before it had finished."""


class BadReply(ServedError):
    """What came cannot be read as a reply."""
