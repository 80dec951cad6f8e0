"""Server-sent events, as far as a streamed reply needs them: bytes in, the data of whole events out."""

import re

_LINE_END = re.compile(rb"\r\n|\r|\n")  # bytes: `str.splitlines` would cut texts at U+2028, which JSON may hold


class EventData:
    """Takes a stream of events apart (WHATWG HTML, "Server-sent events"); comments and other fields are passed over.

    The cost is that of the bytes, however they are cut. An event that the end of the stream leaves without its empty
    line counts too: some servers forget the last one.
    """

    def __init__(self) -> None:
        self._line: list[bytes] = []  # pieces of the line that is not over yet
        self._after_cr = False
        self._data: list[bytes] = []

    def feed(self, piece: bytes) -> list[bytes]:
        """The data of the events that end within `piece`."""
        found: list[bytes] = []
        at = 0
        if self._after_cr and piece:  # a line end of two bytes that was cut in the middle
            at = int(piece.startswith(b"\n"))
            self._after_cr = False
        while end := _LINE_END.search(piece, at):
            self._line.append(piece[at : end.start()])
            at = end.end()
            found += self._ended()
        self._after_cr = piece.endswith(b"\r")
        if at < len(piece):
            self._line.append(piece[at:])
        return found

    def close(self) -> list[bytes]:
        """The data of an event that was not closed."""
        return [*(self._ended() if self._line else ()), *self._dispatched()]

    def _ended(self) -> list[bytes]:
        line = b"".join(self._line)
        self._line.clear()
        if not line:
            return self._dispatched()
        name, _, value = line.partition(b":")
        if name == b"data":
            self._data.append(value.removeprefix(b" "))
        return []

    def _dispatched(self) -> list[bytes]:
        data, self._data = self._data, []
        return [b"\n".join(data)] if data else []
