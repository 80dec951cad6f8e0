"""The sentences of a reply in plain text, their labels behind them: for servers that hold a model to no schema."""

import re
from collections import Counter
from collections.abc import Collection

from ...retrievers import sentence_spans
from .drafted import MOST_CHARACTERS, Drafted
from .prompts import NO_ANSWER

# "[S1][S2]", "(S1, S2)", "【S1】", "[S1 and S3]", "[passage S1]"; a stop may stand behind them.
_GROUP = (
    r"[\[(【（［](?=[^\])】）］]{0,60}\bS\d)\W*(?:(?:passages?|sources?|labels?|and|S\d{1,3})\b\W*?){1,12}[\])】）］]"
)
_CITED = re.compile(rf"\s*(?P<labels>{_GROUP}(?:[\s,;]*{_GROUP}){{0,8}})[.!?。]?", re.IGNORECASE)
_JSON = re.compile(r"""\s*[{\[\s]*["'](?:sentences|text|labels|quote)["']\s*:""", re.IGNORECASE)
_LABEL = re.compile(r"S\d{1,3}", re.IGNORECASE)
_BULLET = re.compile(r"\s*(?:[-*+•‣◦–—>#]+|\(?\d{1,2}[.)])\s+")
_EMPHASIS = re.compile(r"(?<!\w)(\*{1,3}|_{1,2}|`+)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_ENDS = ".!?。"

# A sentence that is not cited by then is not cited: its line is given up, up to its end.
_LONGEST = 2_000


class PlainReply:
    """Reads lines such as `Sentence. [S1][S2]` in pieces; of the same face as `drafted.JsonReply`.

    Labels belong to the one sentence right before them. Bullets and emphasis are taken off. `is_empty`: the model wrote
    that there is no answer.
    """

    def __init__(self, labels: Collection[str], most: int) -> None:
        self.dropped: Counter[str] = Counter()
        self.is_empty = False
        self._labels = {label.upper(): label for label in labels}
        self._most = most
        self._taken = 0
        self._line = ""

    @property
    def is_full(self) -> bool:
        """More sentences came than were asked for."""
        return bool(self.dropped["more than asked for"])

    def feed(self, piece: str) -> list[Drafted]:
        """The sentences of the lines that end within `piece`."""
        *lines, rest = piece.split("\n")
        found: list[Drafted] = []
        for line in lines:
            found += self._read(self._line + line)
            self._line = ""
        # The parts of an endless line cost their sum: what is beyond the longest is not held.
        self._line += rest[: max(0, _LONGEST + 1 - len(self._line))]
        return found

    def close(self) -> list[Drafted]:
        """The sentences of the last line."""
        line, self._line = self._line, ""
        return self._read(line)

    def _read(self, line: str) -> list[Drafted]:
        if len(line) > _LONGEST:
            self.dropped["too long"] += 1
            return []
        if _JSON.match(line):
            self.dropped["JSON that cannot be read"] += 1
            return []
        found: list[Drafted] = []
        start = 0
        for cited in _CITED.finditer(line):
            end = cited[0][-1] if cited[0][-1] in _ENDS else ""
            found += self._sentence(line[start : cited.start()], cited["labels"], end)
            start = cited.end()
        rest = _plain(line[start:])
        if rest.upper().rstrip(".") == NO_ANSWER:
            self.is_empty = True
        elif rest:
            self.dropped["without a known label"] += 1
        return found

    def _sentence(self, text: str, cited: str, end: str) -> list[Drafted]:
        text = _plain(text)
        text += end if text[-1:] not in _ENDS else ""
        named = [label.upper() for label in _LABEL.findall(cited)]
        known = tuple(dict.fromkeys(self._labels[name] for name in named if name in self._labels))
        self.dropped["label unknown"] += sum(name not in self._labels for name in named)
        spans = sentence_spans(text)
        self.dropped["without a known label"] += max(0, len(spans) - 1) + (not known)
        if not spans or not known:
            return []
        if (spans[-1][1] - spans[-1][0]) > MOST_CHARACTERS:
            self.dropped["too long"] += 1
            return []
        if self._taken == self._most:
            self.dropped["more than asked for"] += 1
            return []
        self._taken += 1
        return [Drafted(text=text[slice(*spans[-1])], labels=known)]


def _plain(text: str) -> str:
    """Without bullet and emphasis."""
    return _EMPHASIS.sub(r"\2", _BULLET.sub("", text, count=1) if _BULLET.match(text) else text).strip()
