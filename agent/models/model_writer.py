"""The writer that uses a language model: it drafts from packed passages, and what it quotes is looked up in them."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from ...retrievers import BadReply, Evidence, PromptTooLong, ServedError, ServerStalled
from ..account import current_account, notice, ran
from ..errors import BudgetExceeded
from ..state import Query, Sentence
from . import Writer, prompts
from .chat import Chat
from .drafting import Drafting
from .packing import Packed, pack, windows
from .tokens import most_tokens

# What a chat template puts around two messages: role marks, and with some models a line on the date.
_TEMPLATE_TOKENS = 48

# In a small context the passages give way to the reply down to this (the longest one takes 460), then the reply.
_LEAST_EVIDENCE_TOKENS = 480
_LEAST_REPLY_TOKENS = 200

# With a prompt that the server finds too long: the first one and three shorter ones.
_TRIES = 4

# Quoting sentences and checking them takes a second or two; of a short time it gets a share.
_FALLBACK_S = 5.0
_FALLBACK_SHARE = 0.2

# A source that does not fit is read in so many parts at most, and each gives so few sentences.
_MOST_PARTS = 12
_LEAST_OF_A_PART = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Room:
    """The tokens that passages and reply may take; `spare` may be used beyond them (None: no bound is known)."""

    evidence: int
    reply: int
    spare: int | None


class ModelWriter:
    """Writes with `chat`, and with `fallback` when the model gives nothing that can be used; it says so then.

    A prompt takes at most `most_prompt_tokens`, and never more than the model's context leaves; a reply at most
    `max_reply_tokens` and `sentences` sentences. Their `relevance` is None: the model is trusted to answer what it was
    asked. A source that is asked about as a whole and does not fit is read in parts.
    """

    note = ""

    def __init__(
        self,
        chat: Chat,
        fallback: Writer,
        *,
        most_prompt_tokens: int = 2_300,
        max_reply_tokens: int = 700,
        sentences: int = 6,
    ) -> None:
        self.name = f"model {chat.name}"
        self._chat, self._fallback = chat, fallback
        self._most_prompt_tokens, self._max_reply_tokens = most_prompt_tokens, max_reply_tokens
        self._sentences = sentences

    async def write(self, query: Query, evidence: Sequence[Evidence]) -> AsyncIterator[Sentence]:
        """Yield each sentence as soon as it closes in the model's reply; none if it says that there is no answer.

        A failure of the server or the end of the budget before the first sentence leaves the answer to the fallback;
        after it, what was written stands.
        """
        said = 0
        try:
            async with aclosing(self._drafted(query, evidence)) as sentences:
                async for sentence in self._timely(sentences):
                    said += 1
                    yield sentence
        except (ServedError, BudgetExceeded) as error:
            why = f"{error.what}: {error.why}"
            if said:
                notice(f"{why}: the model's reply was cut, and what it had written stands")
                ran("draft", self.name, f"cut after {said} sentences: {error.why}")
                return
        else:
            return
        notice(f"{why}: {self._fallback.note}")
        ran("draft", self._fallback.name, why)
        async for sentence in self._fallback.write(query, evidence):
            yield sentence

    async def _timely(self, sentences: AsyncGenerator[Sentence, None]) -> AsyncGenerator[Sentence, None]:
        """The sentences, of which the first must come while there is time left for the fallback to do without.

        Raises:
            ServerStalled: it did not.
        """
        limit = asyncio.timeout(_patience_s())
        try:
            async with limit:
                first = await anext(sentences, None)
        except TimeoutError:
            if not limit.expired():
                raise
            raise ServerStalled(self._chat.name, "it wrote no sentence in the time of the question") from None
        if first is not None:
            yield first
            async for sentence in sentences:
                yield sentence

    async def _drafted(self, query: Query, evidence: Sequence[Evidence]) -> AsyncGenerator[Sentence, None]:
        """The sentences, from shorter prompts if the server finds one too long."""
        known = await self._chat.capabilities()
        self.name = f"model {self._chat.name}"  # the only one served, where none was named
        asked = prompts.task(query, sentences=self._sentences, is_plain=False)
        # The rules are counted once; the question is short, and a bound of it costs less than asking.
        fixed = await self._chat.count(prompts.RULES) + most_tokens(asked) + _TEMPLATE_TOKENS
        context, said = known.context, False
        for attempt in range(1, _TRIES + 1):
            room = self._room(context, fixed)
            parts, remark = await self._parts(query, evidence, room, fixed)
            try:
                async with aclosing(self._written(query, parts, room, obeys_schema=known.obeys_schema)) as sentences:
                    async for sentence in sentences:
                        said = True
                        yield sentence
            except PromptTooLong as error:
                if said or not parts or attempt == _TRIES:
                    raise
                context = _shorter(error.limit, fixed, max(part.tokens for part in parts), room.reply)
            else:
                if remark:
                    notice(remark)
                return

    def _room(self, context: int | None, fixed: int) -> _Room:
        """How the context is shared out; `fixed` are the tokens of the prompt beside the passages."""
        most = self._most_prompt_tokens - fixed
        if context is None:
            return _Room(evidence=most, reply=self._max_reply_tokens, spare=None)
        free = context - fixed
        reply = min(self._max_reply_tokens, max(_LEAST_REPLY_TOKENS, free - _LEAST_EVIDENCE_TOKENS))
        evidence = min(most, free - reply)
        return _Room(evidence=evidence, reply=reply, spare=free - evidence - reply)

    async def _parts(
        self, query: Query, evidence: Sequence[Evidence], room: _Room, fixed: int
    ) -> tuple[list[Packed], str]:
        """What is read in one prompt each: the best passages in one, or a whole source in as many as it takes.

        And what the reader must know of what was left out, "" for nothing: of passages only those that a small context
        had no room for.
        """
        count, most = self._chat.count, self._most_prompt_tokens - fixed
        if query.is_whole:
            every = await windows(evidence, room.evidence, count)
            lost = sum(part.left_out for part in every)
            every = [part for part in every if part.passages]
            parts = _evenly(every, _affordable(self._most_prompt_tokens + room.reply))
            if len(parts) < len(every):
                return parts, f"of {len(every)} parts of the source {len(parts)} were read, evenly chosen"
        else:
            packed = await pack(evidence, room.evidence, count)
            parts = [packed] if packed.passages else []
            usual = await pack(evidence, most, count) if packed.left_out and room.evidence < most else packed
            lost = packed.left_out - usual.left_out
        return parts, f"the context of {self._chat.name} left no room for {lost} of the passages" if lost > 0 else ""

    async def _written(
        self, query: Query, parts: Sequence[Packed], room: _Room, *, obeys_schema: bool
    ) -> AsyncGenerator[Sentence, None]:
        """The sentences of each part in turn; what cannot be used of one is made up for by the others, if there are."""
        if not parts:
            raise PromptTooLong(self._chat.name, "its context has no room for a passage")
        drafts: list[Drafting] = []
        unusable: BadReply | None = None
        began_s = _seconds_left()
        for part in parts:
            if _is_time_up(began_s, len(drafts)):
                notice(f"the time was up after {len(drafts)} of {len(parts)} parts of the source")
                break
            drafting = Drafting(
                chat=self._chat,
                query=query,
                packed=part,
                sentences=max(_LEAST_OF_A_PART, self._sentences // len(parts)),
                reply_tokens=room.reply,
                room=room.spare,
            )
            drafts.append(drafting)
            try:
                async with aclosing(drafting.run(obeys_schema=obeys_schema)) as sentences:
                    async for sentence in sentences:
                        yield sentence
            except BadReply as error:
                unusable = error
        if unusable and not any(drafting.said for drafting in drafts):
            raise unusable
        ran("draft", self.name, _told(drafts))


def _shorter(limit: int | None, fixed: int, passages: int, reply: int) -> int:
    """The context to go by after one was found too long: what the server named, if less was not tried, else half."""
    used = fixed + passages + reply
    return limit if limit is not None and limit < used else fixed + passages // 2 + reply


def _seconds_left() -> float | None:
    account = current_account()
    return account.seconds_left() if account else None


def _patience_s() -> float | None:
    """How long a first sentence is waited for: what is left, but for the seconds in which the fallback writes."""
    left_s = _seconds_left()
    return None if left_s is None else left_s - min(_FALLBACK_S, left_s * _FALLBACK_SHARE)


def _is_time_up(began_s: float | None, done: int) -> bool:
    """Whether less time is left than each of the parts that are `done` has taken; `began_s` was left before them."""
    left_s = _seconds_left()
    return bool(done) and began_s is not None and left_s is not None and left_s < (began_s - left_s) / done


def _affordable(tokens: int) -> int:
    """How many parts of so many tokens the run can pay for, at least one."""
    account = current_account()
    left = account.budget.left("tokens") if account else None
    return _MOST_PARTS if left is None else max(1, min(_MOST_PARTS, int(left // tokens)))


def _evenly(parts: Sequence[Packed], count: int) -> list[Packed]:
    """At most `count` of them, the first and the last among them."""
    if len(parts) <= count:
        return list(parts)
    last = len(parts) - 1
    return [parts[round(i * last / max(1, count - 1))] for i in range(count)]


def _told(drafts: Sequence[Drafting]) -> str:
    """For the trace: what did not go the plain way."""
    if len(drafts) == 1:
        return drafts[0].told
    heard = [drafting for drafting in drafts if drafting.said] or drafts
    return "; ".join((f"in {len(drafts)} parts", *dict.fromkeys(d.told for d in heard if d.told)))
