"""Questions with evidence that is on the topic and does not answer, and sets that no weight was ever fitted on.

| set | answerable | not |
|---|---|---|
| clapnq/cut | those of clapnq/given | every sentence that an annotator chose is cut out of the page |
| chroma/near | those of chroma/pool | passages that overlap a marked span are left out, not their neighbours |
| mtrag/pool | last turns of MTRAG-UN, among the contexts of all | marked so; they come without contexts |
| realtimeqa | one of the eight passages holds the gold answer to the letter | none does |

MTRAG: the last turn and the last two turns are asked, and the larger score counts. RealtimeQA states no licence: it is
measured, never trained on.
"""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..crawler import Page
from ..retrievers import Embedder, Evidence
from ..retrievers.fusion import fuse
from ..retrievers.lexical import Lexical
from ..retrievers.sentences import sentence_spans
from ..retrievers.split import split
from .datasets import read_rows
from .fit_answerability import RERANKED, Case, Pool, as_page, read_cases

# Passages that are searched by words before the rest is embedded (RealtimeQA: pages of 20,000 characters), and the
# shortest page that is left when the answer is cut out, in characters.
_EMBEDDED, _LEAST = 16, 80
_OVERLAP = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A case with the evidence of its question, or of each form of it, of which the likeliest counts."""

    case: Case
    forms: tuple[tuple[str, tuple[Evidence, ...]], ...]


async def found(data: Path, pool: Pool, embedder: Embedder) -> AsyncIterator[Found]:
    """Every set in turn."""
    async for each in cut(data, embedder):
        yield each
    async for each in near(data, pool):
        yield each
    async for each in mtrag(data, embedder):
        yield each
    async for each in realtimeqa(data, embedder):
        yield each


async def cut(data: Path, embedder: Embedder) -> AsyncIterator[Found]:
    """ClapNQ's answerable questions beside what is left of their pages without the answer."""
    texts = {row["passage_id"]: row for row in read_rows(data / "qa/clapnq/passages.jsonl.gz")}
    for row in read_rows(data / "qa/clapnq/questions.jsonl"):
        text = texts[row["passage_id"]]["text"]
        gold = [_letters(sentence) for answer in row["answers"] for sentence in answer["selected_sentences"]]
        kept = [text[start:end] for start, end in sentence_spans(text) if not _is_among(text[start:end], gold)]
        if row["answerable"] and len(" ".join(kept)) > _LEAST:
            page = as_page(row["passage_id"], " ".join(kept), texts[row["passage_id"]]["title"])
            case = Case(mix="clapnq/cut", question=row["question"], is_answerable=False, group=row["passage_id"])
            yield _one(case, await _of_page(page, case.question, embedder))


async def near(data: Path, pool: Pool) -> AsyncIterator[Found]:
    """Chroma's questions with the neighbours of the passages that answer them."""
    marked = {
        row["question"]: [" ".join(reference["content"].split()) for reference in row["references"]]
        for row in read_rows(data / "qa/chroma_spans/questions.jsonl")
    }
    for case in read_cases(data):
        if case.mix == "chroma/pool" and case.is_answerable:
            every = await pool.search(case, dense=True, limit=2 * RERANKED)
            others = [each for each in every if not _overlaps(each.passage.text, marked[case.question])]
            yield _one(replace(case, mix="chroma/near", is_answerable=False), others[:RERANKED])


async def mtrag(data: Path, embedder: Embedder) -> AsyncIterator[Found]:
    """The last turns of MTRAG-UN that are marked answerable or not, each in two forms."""
    rows = list(read_rows(data / "qa/mtrag/tasks.jsonl.gz"))
    contexts = [context for row in rows for context in row["contexts"] or ()]
    pages = {page.hash: page for c in contexts if (page := as_page(c["document_id"], c["text"], c.get("title")))}
    pool = await Pool.of(list(pages.values()), embedder)
    for row in rows:
        if row["answerability"] not in ("ANSWERABLE", "UNANSWERABLE"):
            continue
        turns = [message["text"] for message in row["messages"] if message["role"] == "user"]
        case = Case(
            mix="mtrag/pool",
            question=turns[-1],
            is_answerable=row["answerability"] == "ANSWERABLE",
            group=row["conversation_id"],
        )
        forms = [replace(case, question=question) for question in dict.fromkeys([turns[-1], " ".join(turns[-2:])])]
        yield Found(
            case=case, forms=tuple([(form.question, tuple(await pool.search(form, dense=True))) for form in forms])
        )


async def realtimeqa(data: Path, embedder: Embedder) -> AsyncIterator[Found]:
    """News questions with the results recorded that week."""
    for row in read_rows(data / "web/realtimeqa/questions.jsonl.gz"):
        pages = [as_page(result["url"], result["text"], result["title"]) for result in row["results"] if result["text"]]
        passages = {passage.id: passage for page in pages for passage in split(page)}
        if not passages:
            continue
        lexical = Lexical.open(None)
        lexical.apply(list(passages.values()), (), store_id="eval", generation=1)
        words = lexical.search(row["question"], limit=_EMBEDDED)
        cosines = await _cosines(row["question"], [passages[id_].in_full for id_, _ in words], embedder)
        near_ones = sorted(zip((id_ for id_, _ in words), cosines, strict=True), key=lambda pair: -pair[1])
        evidence = [
            Evidence(
                passage=passages[id_],
                source=row["id"],
                score=score,
                stages=(("lexical", dict(words)[id_]), ("dense", dict(near_ones)[id_])),
            )
            for id_, score in fuse(words, near_ones)[:RERANKED]
        ]
        texts = " ".join(each.passage.text for each in evidence).casefold()
        is_answerable = any(answer.casefold() in texts for answer in row["answer"])
        case = Case(mix="realtimeqa", question=row["question"], is_answerable=is_answerable, group=row["id"])
        yield _one(case, evidence)


def _one(case: Case, evidence: Sequence[Evidence]) -> Found:
    return Found(case=case, forms=((case.question, tuple(evidence)),))


async def _of_page(page: Page, question: str, embedder: Embedder) -> list[Evidence]:
    passages = split(page)
    cosines = await _cosines(question, [passage.in_full for passage in passages], embedder)
    return [
        Evidence(passage=passage, source=page.sightings[0].source, stages=(("dense", cosine),))
        for passage, cosine in zip(passages, cosines, strict=True)
    ]


async def _cosines(question: str, texts: Sequence[str], embedder: Embedder) -> list[float]:
    rows = await embedder.embed_passages(texts)
    return [float(cosine) for cosine in rows @ await embedder.embed_query(question)]


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text)


def _is_among(sentence: str, gold: Sequence[str]) -> bool:
    """Our splitter and ClapNQ's disagree, so a part of a selected sentence counts, and what holds one."""
    letters = _letters(sentence)
    return not letters or any(letters in each or each in letters for each in gold if each)


def _overlaps(text: str, marked: Sequence[str]) -> bool:
    """Whether a passage holds a stretch of a marked span, however the lines are broken."""
    line = " ".join(text.split())
    return any(
        span[at : at + _OVERLAP] in line for span in marked for at in range(0, max(1, len(span) - _OVERLAP), 30)
    ) or any(line in span for span in marked)
