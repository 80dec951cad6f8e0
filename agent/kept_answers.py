"""Answers out of the store: made again from the JSON that `wire.to_json` kept of them, with nothing lost."""

from pydantic import ValidationError

from ..crawler import Skipped
from .answer import Answer, Ledger, Usage
from .errors import UnknownRun
from .retractions import Notice
from .site_kinds import Kind
from .source_signals import SourceSignals
from .state import Checked, Citation, Claim, Contradiction, Quote, Ran, Searched, Sentence, Side, Verdict
from .wire import AnswerOut, CitationOut, ClaimOut, ContradictionOut, SentenceOut, SideOut, SourceOut


def from_json(kept: str) -> Answer:
    """The answer that `wire.to_json` wrote: `from_json(to_json(answer)) == answer` for every finished one.

    The numbers of sources and the text are not read: they follow from the sentences.

    Raises:
        UnknownRun: it is no such JSON, or another version of Fontes wrote it.
    """
    try:
        out = AnswerOut.model_validate_json(kept)
        claims = [_claim(claim) for claim in out.claims]
        return _answer(out, [_checked(sentence, claims) for sentence in out.sentences])
    except ValidationError as error:
        found = error.errors()[0]
        where = ".".join(map(str, found["loc"]))
        raise UnknownRun("the kept answer", f"it cannot be read: {where or 'it'}: {found['msg']}") from error
    except IndexError as error:
        raise UnknownRun("the kept answer", "it cannot be read: a sentence names a claim that is not there") from error


def _answer(out: AnswerOut, sentences: list[Checked]) -> Answer:
    ledger = out.ledger
    return Answer(
        status=out.status,
        question=out.question,
        run=out.run,
        sentences=tuple(sentences),
        reasons=tuple(out.reasons),
        ledger=Ledger(
            searched=tuple(Searched(**each.model_dump()) for each in ledger.searched),
            read=tuple(ledger.read),
            skipped=tuple(Skipped(**each.model_dump()) for each in ledger.skipped),
            unused=tuple(ledger.unused),
        ),
        usage=Usage(**out.usage.model_dump()),
        notes=tuple(out.notes),
        cut_short=out.cut_short,
        seen=tuple(map(_seen, out.sources)),
        trace=tuple(Ran(**each.model_dump()) for each in out.trace),
    )


def _seen(out: SourceOut) -> SourceSignals:
    return SourceSignals(
        source=out.source,
        kind=Kind(kind=out.kind, told_by=out.told_by),
        is_https=out.https,
        author=out.author,
        published=out.published,
        age_days=out.age_days,
        references=out.references,
        copied_share=out.copied_share,
        notice=Notice(**out.notice.model_dump()) if out.notice else None,
        doi=out.doi,
        journal=out.journal,
    )


def _checked(out: SentenceOut, claims: list[Claim]) -> Checked:
    sentence = Sentence(
        text=out.text,
        quotes=tuple(Quote(**quote.model_dump()) for quote in out.quotes),
        question=out.question,
        before=out.before,
        relevance=out.relevance,
    )
    own = tuple(claims[number] for number in out.claims)
    return Checked(sentence=sentence, claims=own, asserted=out.asserted, withheld=out.withheld)


def _claim(out: ClaimOut) -> Claim:
    verdict = Verdict(label=out.verdict, score=out.score, verifier=out.verifier, reason=out.reason, span=out.span)
    return Claim(
        text=out.text,
        verdict=verdict,
        citations=tuple(map(_citation, out.citations)),
        independent_sources=out.independent_sources,
        merged=tuple(out.merged),
        as_of=out.as_of,
        stale=out.stale,
        moved=out.moved,
        contradictions=tuple(map(_contradiction, out.contradictions)),
    )


def _citation(out: CitationOut) -> Citation:
    return Citation(**out.model_dump(exclude={"number"}))


def _contradiction(out: ContradictionOut) -> Contradiction:
    return Contradiction(
        kind=out.kind,
        older=_side(out.older),
        newer=_side(out.newer),
        is_change=out.is_change,
        explanation=out.explanation,
    )


def _side(out: SideOut) -> Side:
    return Side(**out.model_dump())
