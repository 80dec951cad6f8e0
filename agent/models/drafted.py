"""The sentences of a model's reply, read while it is still being written."""

import json
import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

MOST_CHARACTERS = 700
"""Of a sentence; more is no sentence (`quotable` holds what is quoted to the same)."""

# An object that has not closed by then is none of ours: a sentence with its quote has 400 to 1,000 characters.
_LONGEST_OBJECT = 8_000

_MARK = re.compile(r'["\\{}]')
_IN_STRING = re.compile(r'["\\]')
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A sentence as the model wrote it. `labels` are known ones, at least one; `quote` is "" where it gave none."""

    text: str
    labels: tuple[str, ...]
    quote: str = ""


class JsonReply:
    """Reads `{"sentences": [{"text": …, "labels": […], "quote": …}]}` in pieces, each piece once.

    A sentence is out as soon as its object closes. Code fences, words around the JSON, missing quotes and keys nobody
    asked for are passed over; so is the outer object, so that a cut reply keeps its whole sentences. `dropped` counts
    by reason what could not be used. `is_empty`: the model said with an empty list that there is no answer.
    """

    def __init__(self, labels: Collection[str], most: int) -> None:
        self.dropped: Counter[str] = Counter()
        self.is_empty = False
        self._labels = frozenset(labels)
        self._most = most
        self._taken = 0
        self._depth = 0
        self._in_string = False
        self._is_escaped = False
        # The text since the innermost brace that is open, in pieces; None behind a closed one, for there it is an
        # outer object. Never joined before its end, so that the cost is that of the text, however it is cut.
        self._object: list[str] | None = None
        self._length = 0

    @property
    def is_full(self) -> bool:
        """More sentences came than were asked for: the rest of the reply is not worth waiting for."""
        return bool(self.dropped["more than asked for"])

    def feed(self, piece: str) -> list[Drafted]:
        """The sentences that close within `piece`."""
        found: list[Drafted] = []
        at = start = 0
        if self._is_escaped and piece:
            at, self._is_escaped = 1, False
        while mark := (_IN_STRING if self._in_string else _MARK).search(piece, at):
            at = mark.end()
            match mark.group():
                case "\\" if self._in_string:
                    self._is_escaped = at == len(piece)
                    at += 1
                case '"' if self._depth:
                    self._in_string = not self._in_string
                case "{":
                    self._object, self._length, start = [], 0, at - 1
                    self._depth += 1
                case "}":
                    self._depth = max(0, self._depth - 1)
                    self._keep(piece[start:at])
                    found += self._closed()
                case _:
                    pass
        self._keep(piece[start:])
        return found

    def close(self) -> list[Drafted]:
        """Nothing more: an object that is still open was cut."""
        return []

    def _keep(self, text: str) -> None:
        if self._object is not None:
            self._length += len(text)
            if self._length <= _LONGEST_OBJECT:
                self._object.append(text)

    def _closed(self) -> list[Drafted]:
        if self._object is None:
            return []
        text, self._object = "".join(self._object), None
        try:
            value = json.loads(text, strict=False, object_pairs_hook=list)
        except (ValueError, RecursionError):
            self.dropped["too long" if self._length > _LONGEST_OBJECT else "not JSON"] += 1
            return []
        keys = [key for key, _ in value]
        fields = dict(value)
        if "text" not in fields and fields.get("sentences") == []:
            self.is_empty = True
            return []
        sentence = self._sentence(fields) if len(fields) == len(keys) else "a key twice"
        if isinstance(sentence, str):
            self.dropped[sentence] += 1
            return []
        self._taken += 1
        return [sentence]

    def _sentence(self, fields: dict[str, object]) -> Drafted | str:
        """The sentence, or in a few words why it is none."""
        text, labels, quote = fields.get("text"), fields.get("labels"), fields.get("quote")
        if not isinstance(text, str) or not text.strip():
            return "without text"
        if len(text) > MOST_CHARACTERS:
            return "too long"
        known = self._known(labels if isinstance(labels, list) else [labels])
        if not known:
            return "without a known label"
        if self._taken == self._most:
            return "more than asked for"
        return Drafted(text=text, labels=known, quote=quote if isinstance(quote, str) else "")

    def _known(self, labels: list[object]) -> tuple[str, ...]:
        named = [name.upper() for label in labels if isinstance(label, str) for name in _WORD.findall(label)]
        known = tuple(dict.fromkeys(name for name in named if name in self._labels))
        self.dropped["label unknown"] += sum(name not in self._labels for name in named)
        return known
