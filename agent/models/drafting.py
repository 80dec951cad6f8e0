"""One prompt on its way to sentences: as JSON, once more when that cannot be used, then as plain text."""

from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from ...retrievers import BadReply, ReplyCut
from ..account import notice
from ..state import Query, Quote, Sentence
from . import prompts
from .chat import Chat, ChatRequest, Message
from .drafted import Drafted, JsonReply
from .packing import Packed
from .plain_citations import PlainReply
from .quoting import Quoting

Way = Literal["json", "mended", "plain"]
_TOLD = {"json": "", "mended": "after a second try", "plain": "in plain text"}

# Of a reply that could not be used, so much is shown to the model again: about 300 tokens.
_SHOWN_CHARACTERS = 1_200


class Reply(Protocol):
    """A reader of replies: `JsonReply` or `PlainReply`."""

    dropped: Counter[str]
    is_empty: bool

    @property
    def is_full(self) -> bool: ...

    def feed(self, piece: str) -> list[Drafted]: ...

    def close(self) -> list[Drafted]: ...


@dataclass(slots=True, kw_only=True)
class Drafting:
    """Has `chat` write at most `sentences` sentences from `packed`, in at most `reply_tokens` a turn.

    `room` are the tokens that the conversation may grow by beyond its first turn, None if it has no bound. Afterwards
    `said` counts the sentences, and `told` says in a few words how it went.
    """

    chat: Chat
    query: Query
    packed: Packed
    sentences: int
    reply_tokens: int
    room: int | None = None
    said: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    way: Way = "json"
    _told_before: set[tuple[str, tuple[Quote, ...]]] = field(default_factory=set)
    _shown: str = ""
    _failed: str = ""

    async def run(self, *, obeys_schema: bool) -> AsyncGenerator[Sentence, None]:
        """Yield each sentence as it closes; none if the model says that the passages do not answer.

        Raises:
            BadReply: in no way could a sentence be had that names a passage.
            ServedError: the server failed; what was yielded stands.
            BudgetExceeded: the run can pay for no (further) turn.
        """
        quoting = Quoting(self.packed, self.query.language)
        wrong: list[str] = []
        ways: tuple[Way, ...] = ("json", "mended", "plain") if obeys_schema else ("plain",)
        for self.way in ways:
            messages = await self._messages()
            if not messages:
                continue
            reply: Reply = (PlainReply if self.way == "plain" else JsonReply)(self.packed.labels, self.sentences)
            self.dropped = reply.dropped
            drafts = self._turn(messages, reply)
            try:
                async for drafted in drafts:
                    sentence = quoting.sentence(drafted)
                    if sentence is None or self._has_said(sentence):
                        continue
                    self.said += 1
                    yield sentence
            except (ReplyCut, BadReply) as error:
                if self.said and isinstance(error, BadReply):
                    raise
                if self.said:
                    notice(f"{error.what}: {error.why}; its whole sentences stand")
                self._shown, self._failed = "", error.why  # what ran on without a sentence, or broke, is not mended
            finally:
                await drafts.aclose()
            if self.said or reply.is_empty:
                return
            wrong.append(self._wrong())
        raise BadReply(self.chat.name, f"its reply could not be used ({', '.join(dict.fromkeys(wrong))})")

    async def _turn(self, messages: Sequence[Message], reply: Reply) -> AsyncGenerator[Drafted, None]:
        request = ChatRequest(
            messages=tuple(messages),
            schema=None if self.way == "plain" else prompts.reply_schema(self.packed.labels, self.sentences),
            schema_name="sentences",
            max_tokens=self.reply_tokens,
        )
        self._shown = self._failed = ""
        pieces = self.chat.stream(request)
        try:
            async for piece in pieces:
                self._shown += piece[: _SHOWN_CHARACTERS - len(self._shown)]
                for drafted in reply.feed(piece):
                    yield drafted
                if reply.is_full:
                    return
            for drafted in reply.close():
                yield drafted
        finally:
            if isinstance(pieces, AsyncGenerator):
                await pieces.aclose()  # at once, not when it is collected: the server stops writing

    def _has_said(self, sentence: Sentence) -> bool:
        """Whether it said so before, from the same words of the passages: small models go round in circles."""
        key = (sentence.text.casefold(), sentence.quotes)
        if key in self._told_before:
            self.dropped["said before"] += 1
            return True
        self._told_before.add(key)
        return False

    async def _messages(self) -> tuple[Message, ...]:
        """The conversation for the way that is tried; () where there is nothing to mend, or no room to."""
        asked = prompts.task(self.query, sentences=self.sentences, is_plain=self.way == "plain")
        first = prompts.messages(self.packed.text, asked)
        if self.way != "mended":
            return first
        if not self._shown.strip():
            return ()
        further = prompts.mended(self._shown, self._wrong(), self.packed.labels, self.query)
        grown = await self.chat.count("\n".join(message.content for message in further))
        return (*first, *further) if self.room is None or grown <= self.room else ()

    def _wrong(self) -> str:
        reasons = ", ".join(reason for reason, count in self.dropped.most_common() if count > 0)
        return reasons or self._failed or "no sentence in it"

    @property
    def told(self) -> str:
        """Which way it went and what was dropped, "" when the first way went without loss."""
        lost = [f"{count} × {reason}" for reason, count in self.dropped.most_common() if count > 0]
        none = "" if self.said else "the model found no answer"
        return "; ".join(filter(None, (none, _TOLD[self.way], f"dropped: {', '.join(lost)}" if lost else "")))
