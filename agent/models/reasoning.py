"""A model's reasoning, taken out of its reply while it is being written.

Servers without a reasoning parser leave it in the text, between marks: `<think>…</think>`. A chat template may set the
first mark itself, so that only the end comes; a model may forget the end, or be stopped before it.
"""

import re

_TAGS = ("<think>", "<thinking>", "<thought>", "<reasoning>", "<seed:think>", "[think]", "◁think▷")
_ENDS = tuple(tag[0] + "/" + tag[1:] for tag in _TAGS)
_TAG = re.compile("|".join(map(re.escape, (*_TAGS, *_ENDS))), re.IGNORECASE | re.ASCII)
_BEGUN = sorted({tag[:length] for tag in (*_TAGS, *_ENDS) for length in range(1, len(tag))}, key=len, reverse=True)
_BEGUN_AT_END = re.compile(f"(?:{'|'.join(map(re.escape, _BEGUN))})\\Z", re.IGNORECASE | re.ASCII)
_LONGEST = max(map(len, _ENDS))


class WithoutReasoning:
    """The reply without its reasoning and the blanks before it, piece by piece; each piece is read once.

    What stands before an end without a start is reasoning, too. If some of it has been given out by then, `withdrawn`
    characters of all that was given out do not count: with them left away the outcome is the same, however the text is
    cut into pieces. Starts within reasoning nest; where the ends are fewer, as when the reasoning only mentions a mark,
    what follows the last end is the reply.

    `opens_inside`: the chat template has set the start. `is_json`: the reply is JSON, so from its first bracket on
    nothing is a mark any more: it may quote one.
    """

    def __init__(self, *, opens_inside: bool = False, is_json: bool = False) -> None:
        self.withdrawn = 0
        self.seen = False
        self._is_json = is_json
        self._depth = int(opens_inside)
        self._is_assumed = opens_inside
        self._held = ""  # the beginning of what may become a mark
        self._has_begun = False  # the reply, by a sign that is no blank
        self._is_body = False
        self._behind_end: list[str] | None = None
        self._given = 0

    def feed(self, piece: str) -> str:
        """What of the reply is certain with `piece`."""
        text, self._held = self._held + piece, ""
        out: list[str] = []
        at = 0
        while not self._is_body and (tag := _TAG.search(text, at)):
            self._take(text[at : tag.start()], out)
            if self._is_body:
                self._take(text[tag.start() :], out)
                return self._out(out)
            at = tag.end()
            self._mark(out, is_end=tag.group()[1] == "/")
        rest = text[at:]
        if not self._is_body and (begun := _BEGUN_AT_END.search(rest[-_LONGEST:])):
            self._held = begun.group()
            rest = rest[: len(rest) - len(self._held)]
        self._take(rest, out)
        return self._out(out)

    def close(self, *, is_cut: bool = False) -> str:
        """What is left at the end of the reply; `is_cut`: the model was stopped, and may have been reasoning still."""
        out: list[str] = []
        self._take(self._held, out)
        self._held = ""
        if self._depth and self._behind_end and not is_cut:
            self._depth = 0
            self._take("".join(self._behind_end), out)
        return self._out(out)

    def _take(self, text: str, out: list[str]) -> None:
        if self._depth and not self._is_assumed:
            if self._behind_end is not None:
                self._behind_end.append(text)
            return
        if not self._has_begun:
            text = text.lstrip()
        if not text:
            return
        if self._is_json and text[0] in "{[" and not self._has_begun:
            self._is_body, self._depth = True, 0
        self._is_assumed = False
        if not self._depth:
            self._has_begun = True
            out.append(text)

    def _mark(self, out: list[str], *, is_end: bool) -> None:
        self.seen = True
        if not is_end:
            self._depth += not self._is_assumed  # a model may repeat the start that its template has set
            self._behind_end = None
        elif self._depth:
            self._depth -= 1
            self._behind_end = [] if self._depth else None
        else:
            out.clear()
            self.withdrawn = self._given
            self._has_begun = False
        self._is_assumed = False

    def _out(self, out: list[str]) -> str:
        text = "".join(out)
        self._given += len(text)
        return text


def without_reasoning(text: str, *, is_json: bool = False) -> str:
    """A whole reply without its reasoning."""
    stripped = WithoutReasoning(is_json=is_json)
    return stripped.feed(text) + stripped.close()
