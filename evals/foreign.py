"""Answers of other systems under the same ruler: split into sentences, each held against the texts that it cites.

What a system shows, it asserts: every sentence counts, whatever our verifier says of it. A mark without a text, or with
one that could not be read, is a citation that supports nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..agent.verifiers import Verifier
from ..agent.verifiers.reading.claims import claims_of
from ..crawler import Skipped, clean, text_hash
from .case import Case, ForeignAnswer, ForeignCitation
from .foreign_marks import is_address
from .foreign_text import Marked, is_refusal, marked_sentences
from .result import Json, Result

UNREAD = "it gives no text, and none was read"


async def foreign_result(
    case: Case, answer: ForeignAnswer, verifier: Verifier, *, skipped: Sequence[Skipped] = ()
) -> Result:
    """The answer as ours are kept: claims with verdicts on all that their sentence cites, and the cited texts as pages.

    `skipped` are the cited addresses that were asked for and not read.

    Raises:
        VerifierError: no verdict could be reached.
    """
    held = {each.mark: replace(each, text=clean(each.text)) for each in answer.citations}
    has_abstained = is_refusal(answer.text, answer.citations) if answer.abstained is None else answer.abstained
    sentences = () if has_abstained else marked_sentences(clean(answer.text), answer.citations)
    before: list[str] = []
    claims: list[Json] = []
    rows: list[Json] = []
    for sentence in sentences:
        cited = [held.get(mark) or _unknown(mark) for mark in sentence.marks]
        found = await _claims(sentence, cited, before, verifier)
        places = list(range(len(claims), len(claims) + len(found)))
        rows.append({"text": sentence.text, "asserted": True, "withheld": "", "relevance": None, "claims": places})
        claims += found
        before.append(sentence.text)
    texts = [each.text for each in held.values()]
    return Result(
        cell=answer.system,
        case=case.id,
        answer=_answer(case, answer, rows, claims, skipped, _notes(sentences, held)),
        pages={text_hash(text): text for text in texts if text},
    )


def _unknown(mark: str) -> ForeignCitation:
    """A mark that no citation has; an address says at least where."""
    return ForeignCitation(mark=mark, source=mark if is_address(mark) else "")


async def _claims(
    sentence: Marked, cited: Sequence[ForeignCitation], before: Sequence[str], verifier: Verifier
) -> list[Json]:
    texts = [f"{each.title}\n{each.text}" if each.title else each.text for each in cited if each.text]
    wanted = [claim.text for claim in claims_of(sentence.text, before=before)] or [sentence.text]
    found: list[Json] = []
    for text in wanted:
        verdict = await verifier.check(text, texts)
        reason = verdict.reason if texts else "it cites nothing that could be read" if cited else "it cites nothing"
        found.append(
            {
                "text": text, "verdict": verdict.label, "score": verdict.score, "verifier": verdict.verifier,
                "reason": reason, "span": verdict.span, "independent_sources": len({each.source for each in cited}),
                "merged": [], "as_of": "", "stale": "", "moved": "", "citations": list(map(_cited, cited)),
            }
        )  # fmt: skip
    return found


def _cited(citation: ForeignCitation) -> Json:
    """The whole cited text is the quote: nobody says which part of it was meant."""
    return {
        "number": int(citation.mark) if citation.mark.isdecimal() else None,
        "source": citation.source or f"[{citation.mark}]",
        "title": citation.title,
        "quote": citation.text,
        "start": 0,
        "end": len(citation.text),
        "page_hash": text_hash(citation.text),
        "page_number": None,
        "fetched": "",
        "published": "",
    }


def _answer(
    case: Case,
    answer: ForeignAnswer,
    sentences: Sequence[Json],
    claims: Sequence[Json],
    skipped: Sequence[Skipped],
    notes: Sequence[str],
) -> Json:
    return {
        "status": "answered" if sentences else "abstained",
        "question": case.question,
        "text": answer.text,
        "run": "",
        "sentences": sentences,
        "claims": claims,
        "contradictions": [],
        "reasons": [] if sentences else ["it says that it has no answer"],
        "ledger": {
            "searched": [],
            "read": [each.source for each in answer.citations if each.text and each.source],
            "skipped": [{"source": each.source, "reason": each.reason, "detail": each.detail} for each in skipped],
            "unused": [],
        },
        "usage": _usage(answer),
        "notes": [f"answered by {answer.system}", *notes],
        "cut_short": "",
        "trace": [],
    }


def _usage(answer: ForeignAnswer) -> Mapping[str, Any]:
    """What the system says of itself; what it does not say stays away, for nothing is not 0."""
    said = {
        "seconds": answer.seconds,
        "money": answer.money,
        "prompt_tokens": answer.prompt_tokens,
        "completion_tokens": answer.completion_tokens,
    }
    return {name: value for name, value in said.items() if value is not None}


def _notes(sentences: Sequence[Marked], held: Mapping[str, ForeignCitation]) -> list[str]:
    used = dict.fromkeys(mark for sentence in sentences for mark in sentence.marks)
    lost = [mark for mark in used if mark not in held]
    unread = [mark for mark in used if mark in held and not held[mark].text]
    return [
        *([f"marks that stand for nothing: {', '.join(lost)}"] if lost else []),
        *([f"{UNREAD}: {', '.join(unread)}"] if unread else []),
    ]
