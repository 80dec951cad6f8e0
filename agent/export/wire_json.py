"""JSON: one answer in the documented shape, or several with a title over them."""

import json
import re
from collections.abc import Sequence

from ..answer import Answer
from ..wire import to_wire

# Controls beyond what JSON escapes by itself, and what is invisible or turns the direction of what follows.
_UNSEEN = re.compile(
    "[\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)


def wire_json(answers: Sequence[Answer], *, title: str = "") -> str:
    """The answer as `fontes ask --json` prints it; for several or with a title, `{"title": …, "answers": […]}`.

    Nothing is left out: what no line should hold is written as `\\uXXXX`.
    """
    values = [to_wire(answer).model_dump(mode="json") for answer in answers]
    value = values[0] if len(values) == 1 and not title else {"title": title, "answers": values}
    return _UNSEEN.sub(_written_out, json.dumps(value, ensure_ascii=False, indent=2)) + "\n"


def _written_out(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]
