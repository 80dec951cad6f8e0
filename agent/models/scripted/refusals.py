"""Refusals in the words and shapes of vLLM, as 0.32 gave them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus


@dataclass(eq=False)
class Refused(Exception):
    """A request that is answered with an error.

    `kind` stands as its `type`. Of what is refused before vLLM looks at it, `is_bare` is the name that the message
    stands under by itself: "error" where the key is wrong, "detail" where there is no such path.
    """

    status: int
    message: str
    kind: str = "BadRequestError"
    param: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    is_bare: str = ""

    @property
    def body(self) -> dict[str, object]:
        """The JSON that goes with it."""
        if self.is_bare:
            return {self.is_bare: self.message}
        error = {"message": self.message, "type": self.kind, "param": self.param, "code": self.status}
        return {"error": error}


def wrong_key() -> Refused:
    """No key, or another."""
    return Refused(401, "Unauthorized", is_bare="error")


def unknown_path() -> Refused:
    """No such endpoint, or none for a model of this kind."""
    return Refused(404, "Not Found", is_bare="detail")


def wrong_method() -> Refused:
    """The endpoint is asked in another way."""
    return Refused(405, "Method Not Allowed", is_bare="detail")


def unknown_model(name: str, served: Sequence[str]) -> Refused:
    """The model is not served here."""
    known = f"Valid aliases: {', '.join(served)}."
    return Refused(404, f"The model `{name}` does not exist. {known}", kind="NotFoundError", param="model")


def malformed(why: str, where: str = "") -> Refused:
    """The body is no JSON, or not of the right shape: 400, not 422. `where` is the field, "" for the whole body."""
    place = f"body.{where}" if where else "body"
    message = f"1 validation error:\n  {{'type': 'value_error', 'loc': '{place}', 'msg': '{why}'}}"
    return Refused(400, message, kind=HTTPStatus(400).phrase, param=place)


def too_long(context: int) -> Refused:
    """The prompt alone is longer than the context. It is not read to its end, and so not counted."""
    return Refused(
        400,
        f"This model's maximum context length is {context} tokens. However, your prompt contains at least {context + 1}"
        " input tokens, which exceeds this limit even without any output tokens. Please reduce the length of the input"
        f" prompt. (parameter=input_tokens, value={context + 1})",
        param="input_tokens",
    )


def too_few_asked(name: str, tokens: object) -> Refused:
    """A reply of no tokens."""
    return Refused(400, f"{name} must be at least 1, got {tokens}. (parameter={name}, value={tokens})", param=name)


def too_many_asked(name: str, tokens: int, context: int) -> Refused:
    """The reply may be longer than the context."""
    return Refused(
        400,
        f"{name}={tokens} cannot be greater than max_model_len={context}. Please request fewer output tokens."
        f" (parameter={name}, value={tokens})",
        param=name,
    )


def by_fault(status: int, message: str, headers: Mapping[str, str]) -> Refused:
    """The refusal that a fault stands for."""
    phrase = HTTPStatus(status).phrase
    return Refused(status, message or phrase, kind=phrase.replace(" ", "") + "Error", headers=headers)
