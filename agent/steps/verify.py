"""Check every drafted sentence against the stored text it quotes, and decide which may be asserted."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict

from ...retrievers import Evidence, Store
from ..deps import Deps
from ..models.quotable import holds_address
from ..state import Checked, Citation, Claim, Quote, Sentence, State, Update, Verdict
from ..verifiers import Verifier


async def verify(state: State, deps: Deps) -> Update:
    """Await the verdicts of all sentences; what was checked while the draft went on is not checked again.

    Reads `sentences`. Writes `checked`, in reading order.

    Raises:
        VerifierError: the verifier reached no verdict.
        StoreError: the pages could not be read back.
    """
    return {"checked": await deps.checker.results(state.sentences)}


class SentenceCheck:
    """Quote check first, then the verifier, then whether it answers.

    A quote counts only if the stored text of its passage's page holds it at its span, character by character. A
    sentence is asserted if a quote is left, the verifier says `supported`, it holds no address or markup, and its
    `relevance` is at least `threshold` (a writer that gives no relevance is trusted to have answered).
    """

    def __init__(
        self, store: Store, verifier: Verifier, *, run: str, threshold: float, tell: Callable[[Checked], None]
    ) -> None:
        self._store = store
        self._verifier = verifier
        self._run = run
        self._threshold = threshold
        self._tell = tell

    async def __call__(self, sentence: Sentence) -> Checked:
        texts = await self._store.texts({quote.page_hash for quote in sentence.quotes})
        claim = await self._claim(sentence.text, await self._verbatim(sentence.quotes, texts))
        withheld = self._objection(sentence, claim, texts)
        checked = Checked(sentence=sentence, claims=(claim,), asserted=not withheld, withheld=withheld)
        self._tell(checked)
        return checked

    def _objection(self, sentence: Sentence, claim: Claim, texts: Mapping[str, str]) -> str:
        if not claim.citations:
            return "its quote is not in the stored text"
        if claim.verdict.label != "supported":
            return claim.verdict.reason or f"{claim.verdict.label} by what it cites"
        if holds_address(sentence.text):
            return "it holds an address or markup"
        own = [citation for citation in claim.citations if citation.quote == sentence.text]
        if own and not any(_is_whole(texts[citation.page_hash], citation) for citation in own):
            return "it is a part of a longer sentence, which may say the opposite"
        if sentence.relevance is not None and sentence.relevance < self._threshold:
            return "it does not answer the question"
        return ""

    async def _verbatim(self, quotes: Sequence[Quote], texts: Mapping[str, str]) -> list[tuple[Quote, Evidence]]:
        found = await self._store.evidence([quote.passage for quote in quotes], run=self._run)
        return [
            (quote, found[quote.passage])
            for quote in quotes
            if quote.passage in found
            and found[quote.passage].passage.page_hash == quote.page_hash
            and _stands_in(texts.get(quote.page_hash, ""), quote)
        ]

    async def _claim(self, text: str, quoted: Sequence[tuple[Quote, Evidence]]) -> Claim:
        verdict = await self._verdict(text, [quote for quote, _ in quoted])
        citations = tuple(
            Citation(
                page_hash=quote.page_hash,
                start=quote.start,
                end=quote.end,
                quote=quote.text,
                source=evidence.source,
                title=evidence.title,
                fetched=evidence.fetched,
                published=evidence.published,
                page_number=evidence.passage.page_number,
            )
            for quote, evidence in quoted
        )
        return Claim(
            text=text,
            verdict=verdict,
            citations=citations,
            independent_sources=len({citation.page_hash for citation in citations}),
            as_of=max((citation.published for citation in citations), default=""),
        )

    async def _verdict(self, text: str, quotes: Sequence[Quote]) -> Verdict:
        """The stored verdict if this claim was judged before on this evidence by this verifier, else a new one."""
        evidence = [quote.text for quote in quotes]
        key = hashlib.sha256(json.dumps([self._verifier.name, text, evidence]).encode()).hexdigest()
        known = await self._store.verdicts([key])
        if key in known:
            return Verdict(**json.loads(known[key]))
        verdict = await self._verifier.check(text, evidence)
        await self._store.put_verdict(key, json.dumps(asdict(verdict)))
        return verdict


def _stands_in(text: str, quote: Quote) -> bool:
    """Spans are code points from the start: Python would also take -5 for the fifth from the end, or an end too far."""
    span = range(len(text) + 1)
    return quote.start in span and quote.end in span and text[quote.start : quote.end] == quote.text != ""


def _is_whole(text: str, citation: Citation) -> bool:
    """Whether no word or comma of the same line stands right before the quote, nor a word right after an open end.

    A very long sentence is cut where passages must end, and "…that it collapsed in 1888" may have begun "It is false".
    """
    before = text[max(0, citation.start - 3) : citation.start].rstrip(" ")
    after = text[citation.end : citation.end + 3].lstrip(" ")
    is_open_before = bool(before) and (before[-1].isalnum() or before[-1] in ",;")
    last = citation.quote[-1]
    return not is_open_before and not ((last.isalnum() or last in ",;") and after[:1].isalnum())
