"""Which citations support which sentences, by one verifier for all answers alike (Gao et al. 2023, ALCE, §3).

A cited text is the passage around the citation's span, under the page's title, as ALCE has it; never the quote alone,
which for a sentence that is a quote would prove nothing.
"""

from collections.abc import Mapping, Sequence

from ..agent.verifiers import Verifier
from .answer_json import asserted, citations_of
from .case import Case
from .result import Json, Retrieved, SentenceSupport

AROUND = 400
"""Characters on either side of a span whose passage is not known: together about a passage."""


async def judged_support(
    answer: Json, retrieved: Sequence[Retrieved], pages: Mapping[str, str], verifier: Verifier
) -> tuple[SentenceSupport, ...]:
    """The verifier's word on every asserted sentence, in reading order.

    What the citations but one say is asked only where it matters: of a supported sentence that this one does not
    support by itself; elsewhere it counts as True.

    Raises:
        VerifierError: no verdict could be reached.
    """
    return tuple([await _sentence(answer, each, retrieved, pages, verifier) for each in asserted(answer)])


async def judged_labels(case: Case, verifier: Verifier) -> tuple[tuple[float, bool], ...]:
    """(score, verdict is `supported`) of each claim that a person labelled.

    Raises:
        VerifierError: no verdict could be reached.
    """
    verdicts = [await verifier.check(label.claim, label.texts) for label in case.labels]
    return tuple((verdict.score, verdict.label == "supported") for verdict in verdicts)


async def _sentence(
    answer: Json, sentence: Json, retrieved: Sequence[Retrieved], pages: Mapping[str, str], verifier: Verifier
) -> SentenceSupport:
    claim: str = sentence["text"]
    cited: dict[str, str] = {}  # text → source: two spans of one passage are one citation
    for each in citations_of(answer, sentence):
        cited.setdefault(cited_text(each, retrieved, pages), each["source"])
    texts = tuple(cited)

    async def supported_by(some: Sequence[str]) -> bool:
        return (await verifier.check(claim, some)).label == "supported"

    by_all = bool(texts) and await supported_by(texts)
    by_each = (by_all,) if len(texts) == 1 else tuple([await supported_by([text]) for text in texts])
    by_rest = tuple(
        [
            await supported_by([other for other in texts if other != text]) if by_all and not alone else len(texts) > 1
            for text, alone in zip(texts, by_each, strict=True)
        ]
    )
    return SentenceSupport(text=claim, cited=tuple(cited.values()), by_all=by_all, by_each=by_each, by_rest=by_rest)


def cited_text(citation: Json, retrieved: Sequence[Retrieved], pages: Mapping[str, str]) -> str:
    """The passage that a citation points into, under its page's title."""
    page, start, end = citation["page_hash"], citation["start"], citation["end"]
    text = pages.get(page)
    if text is None:
        passage: str = citation["quote"]
    else:
        whole = [each for each in retrieved if each.page_hash == page and each.start <= start and end <= each.end]
        first, last = (whole[0].start, whole[0].end) if whole else (max(0, start - AROUND), end + AROUND)
        passage = text[first:last]
    return f"{citation['title']}\n{passage}" if citation.get("title") else passage
