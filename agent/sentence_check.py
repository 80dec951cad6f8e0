"""Whether a drafted sentence may be asserted: its quotes, its claims, their verdicts, and what else was found."""

import asyncio
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date

from ..crawler import Page
from ..retrievers import Evidence, Store
from .models.quotable import holds_address, is_statement
from .state import Checked, Citation, Claim, Quote, Sentence, Verdict
from .verifiers import Verifier
from .verifiers.reading.claims import claims_of
from .weighing import Quoted, elsewhere, placed, weighed


class SentenceCheck:
    """Quote check first, then each claim's verdict, then whether it answers; and who else says so, or otherwise.

    A quote counts only if the stored text of its passage's page holds it at its span, character by character. A
    sentence is asserted if the verifier says `supported` of all its claims, it holds no address or markup, and its
    `relevance` is at least `threshold` (a writer that gives no relevance is trusted to have answered). A claim that its
    quotes do not carry is held against the other passages of the question; the one that does is cited instead.
    `tell` is called with each outcome.
    """

    def __init__(
        self,
        store: Store,
        verifier: Verifier,
        *,
        run: str,
        tags: Sequence[str] = (),
        threshold: float,
        tell: Callable[[Checked], None],
        today: Callable[[], date] = date.today,
    ) -> None:
        self._store, self._verifier, self._run, self._threshold = store, verifier, run, threshold
        self._tags = tuple(tags)
        self._tell, self._today = tell, today
        self._found: tuple[Evidence, ...] = ()
        self._unkept: dict[str, str] = {}

    async def keep(self) -> None:
        """Store the verdicts that were reached since the last time, in one write.

        Raises:
            StoreError: they cannot be stored.
        """
        unkept, self._unkept = self._unkept, {}
        if unkept:
            await self._store.put_verdicts(unkept, run=self._run)

    def consider(self, evidence: Sequence[Evidence]) -> None:
        """What was found for the question, to be weighed beside what a sentence cites."""
        self._found = tuple(evidence)

    async def __call__(self, sentence: Sentence) -> Checked:
        texts = await self._store.texts({quote.page_hash for quote in sentence.quotes})
        quoted = await self._verbatim(sentence.quotes, texts)
        title = quoted[0].evidence.title if len({each.quote.page_hash for each in quoted}) == 1 else ""
        if not quoted or any(each.quote.text == sentence.text for each in quoted):  # the source's own words are whole
            wanted = [sentence.text]
        else:
            before = [sentence.before] if sentence.before else []
            wanted = [claim.text for claim in claims_of(sentence.text, before=before, title=title)] or [sentence.text]
        claims = tuple([await self._claim(text, quoted) for text in wanted])
        withheld = self._objection(sentence, claims, texts)
        checked = Checked(sentence=sentence, claims=claims, asserted=not withheld, withheld=withheld)
        self._tell(checked)
        return checked

    def _objection(self, sentence: Sentence, claims: Sequence[Claim], texts: Mapping[str, str]) -> str:
        for claim in claims:
            if not claim.citations:
                return "its quote is not in the stored text"
            if claim.verdict.label != "supported":
                return claim.verdict.reason or f"{claim.verdict.label} by what it cites"
        if holds_address(sentence.text):
            return "it holds an address or markup"
        if sentence.relevance is None and not is_statement(sentence.text):  # a writer that quotes chose statements
            return "it is no whole statement"
        own = [citation for claim in claims for citation in claim.citations if citation.quote == sentence.text]
        if own and not any(_is_whole(texts.get(citation.page_hash, ""), citation) for citation in own):
            return "it is a part of a longer sentence, which may say the opposite"
        if sentence.relevance is not None and sentence.relevance < self._threshold:
            return "it does not answer the question"
        return ""

    async def _verbatim(self, quotes: Sequence[Quote], texts: Mapping[str, str]) -> tuple[Quoted, ...]:
        found = await self._store.evidence([quote.passage for quote in quotes], run=self._run, tags=self._tags)
        return tuple(
            Quoted(quote=quote, evidence=found[quote.passage])
            for quote in quotes
            if quote.passage in found
            and found[quote.passage].passage.page_hash == quote.page_hash
            and _stands_in(texts.get(quote.page_hash, ""), quote)
        )

    async def _claim(self, text: str, quoted: tuple[Quoted, ...]) -> Claim:
        verdict, moved = await self._verdict(text, quoted), ""
        if quoted and verdict.label != "supported":
            other = await asyncio.to_thread(elsewhere, text, quoted, self._found)
            if other and (better := await self._verdict(text, (other,))).label == "supported":
                verdict, quoted, moved = better, (other,), f"cited for it instead: {other.evidence.source}"
        if verdict.label != "supported":
            return Claim(text=text, verdict=verdict, citations=_citations(quoted))
        quoted = await asyncio.to_thread(placed, text, quoted, self._found)
        hashes = {each.quote.page_hash for each in quoted}
        pages: dict[str, Page] = {}
        for page_hash in hashes if len(hashes) > 1 else ():  # one page is one source, whatever is in it
            if page := await self._store.page(page_hash):
                pages[page_hash] = page
        claim = Claim(text=text, verdict=verdict, citations=_citations(quoted), moved=moved)
        return await asyncio.to_thread(weighed, claim, quoted, self._found, pages, self._today())

    async def _verdict(self, text: str, quoted: Sequence[Quoted]) -> Verdict:
        """The stored verdict if this claim was judged before on this evidence by this verifier, else a new one.

        A page's title is part of what it says: its sentences speak of "the tower" and "it".
        """
        evidence = [each.in_context for each in quoted]
        key = _key(self._verifier.name, text, evidence)
        known = self._unkept if key in self._unkept else await self._store.verdicts([key])
        if key in known:
            return Verdict(**json.loads(known[key]))
        verdict = await self._verifier.check(text, evidence)
        # Under the name of who gave it: a judge that was down is asked again the next time.
        self._unkept[_key(verdict.verifier, text, evidence)] = json.dumps(asdict(verdict))
        return verdict


def _key(verifier: str, claim: str, evidence: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps([verifier, claim, evidence]).encode()).hexdigest()


def _citations(quoted: Sequence[Quoted]) -> tuple[Citation, ...]:
    return tuple(
        Citation(
            page_hash=each.quote.page_hash,
            start=each.quote.start,
            end=each.quote.end,
            quote=each.quote.text,
            source=each.evidence.source,
            title=each.evidence.title,
            fetched=each.evidence.fetched,
            published=each.evidence.published,
            page_number=each.evidence.passage.page_number,
            author=each.evidence.author,
            site=each.evidence.site,
        )
        for each in quoted
    )


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
