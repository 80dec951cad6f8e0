"""Which optional fields of a request a server takes: learnt from its refusals."""

import re
from collections.abc import Mapping

_INSTEAD = {"max_tokens": "max_completion_tokens"}
_OPTIONAL = ("stream_options", "seed", "temperature")
_UNKNOWN = re.compile(
    r"unsupported|not support|unrecognized|unknown|unexpected|not permitted|not allowed|extra|additional|instead",
    re.IGNORECASE,
)


class Dialect:
    """What is sent to one server. All of it to begin with; a refusal that names a field ends that, for good."""

    def __init__(self) -> None:
        self._changed: set[str] = set()

    def learns(self, refusal: str, body: Mapping[str, object]) -> bool:
        """Whether `refusal` is about a field of `body` that it can do without, so that asking again makes sense."""
        if not _UNKNOWN.search(refusal):
            return False
        named = [name for name in (*_INSTEAD, *_OPTIONAL) if name in body and re.search(rf"\b{name}\b", refusal)]
        self._changed.update(named[:1])
        return bool(named)

    def spoken(self, body: Mapping[str, object]) -> dict[str, object]:
        """`body` as this server takes it."""
        said = {_INSTEAD[name] if name in self._changed and name in _INSTEAD else name: body[name] for name in body}
        return {name: value for name, value in said.items() if name not in self._changed}
