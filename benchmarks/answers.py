"""How well an answer is chosen, withheld and checked without a language model.

    python benchmarks/answers.py [--data ../shared/data] [--cache FILE]

1. ClapNQ, answerable: is the first sentence of the draft one that an annotator selected, are all of them? From the
   given page alone.
2. The same for the questions of Chroma and the claims of WiCE, from an index of all pages: in the marked spans, or
   among the supporting sentences.
3. Recall of unanswerable questions at a fixed share of false abstention, cross-validated.
4. AUROC of the verifier, cross-validated, beside plain word overlap.

A drafted sentence counts as a marked one when the shorter of the two has nine tenths of its words in the other
(words without case and punctuation): our splitter and ClapNQ's disagree at abbreviations and quotation marks.
`--cache` keeps the scores of the models in a file; without it the whole takes about ten minutes on two cores.
"""

import argparse
import asyncio
import math
import os
import platform
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from fontes.agent.answerability import SIGNALS
from fontes.agent.models.extractive import Extractive
from fontes.agent.models.quotable import is_prose
from fontes.agent.state import Query
from fontes.agent.verifiers.reading.terms import is_content, stem, words
from fontes.crawler import Page, text_hash
from fontes.evals import fit_answerability, train_verifier
from fontes.evals.logistic import interval
from fontes.retrievers import Evidence, rerank, sentence_spans
from fontes.retrievers.split import split


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """An answerable question, its page, and for each annotator the sentences that were selected."""

    text: str
    page: Page
    selected: tuple[tuple[str, ...], ...]


def read_questions(data: Path) -> list[Question]:
    pages = {
        row["passage_id"]: Page(text=row["text"], hash=text_hash(row["text"]), title=row["title"], language="en")
        for row in train_verifier.read_rows(data / "qa/clapnq/passages.jsonl.gz")
    }
    return [
        Question(
            text=row["question"],
            page=pages[row["passage_id"]],
            selected=tuple(tuple(answer["selected_sentences"]) for answer in row["answers"]),
        )
        for row in train_verifier.read_rows(data / "qa/clapnq/questions.jsonl")
        if row["answerable"]
    ]


def is_same(one: str, other: str) -> bool:
    counts = [Counter(re.findall(r"\w+", text.casefold())) for text in (one, other)]
    return (counts[0] & counts[1]).total() >= 0.9 * min(count.total() for count in counts)


def is_right(sentence: str, question: Question) -> bool:
    """True if any annotator selected it."""
    return any(is_same(sentence, gold) for selected in question.selected for gold in selected)


def read_marked(data: Path) -> dict[str, tuple[str, ...]]:
    """What answers a question of Chroma or supports a claim of WiCE."""
    marked: dict[str, tuple[str, ...]] = {}
    for row in train_verifier.read_rows(data / "qa/chroma_spans/questions.jsonl"):
        marked[row["question"]] = tuple(reference["content"] for reference in row["references"])
    pages = {row["page_id"]: row["sentences"] for row in train_verifier.read_rows(data / "claims/wice/pages.jsonl.gz")}
    for row in train_verifier.read_rows(data / "claims/wice/claims.jsonl"):
        marked[row["claim"]] = tuple(pages[s["page_id"]][s["sentence"]] for each in row["supporting"] for s in each)
    return marked


def f1(sentences: Sequence[str], question: Question) -> float:
    """The best F1 over sentences with any annotator's selection."""
    return max(_f1(sentences, selected) for selected in question.selected)


def _f1(sentences: Sequence[str], selected: Sequence[str]) -> float:
    precision = sum(any(is_same(s, gold) for gold in selected) for s in sentences) / max(1, len(sentences))
    recall = sum(any(is_same(s, gold) for s in sentences) for gold in selected) / len(selected)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


class SentenceBM25:
    """BM25 (k1 .9, b .4) over the sentences of all pages."""

    def __init__(self, pages: Iterable[Page]) -> None:
        sentences = [set(map(stem, words(s))) for page in pages for s in sentences_of(page)]
        self._count = len(sentences)
        self._held_by = Counter(word for sentence in sentences for word in sentence)
        self._mean = sum(map(len, sentences)) / len(sentences)

    def score(self, question: str, sentence: str) -> float:
        held = Counter(map(stem, words(sentence)))
        norm = 0.9 * (0.6 + 0.4 * held.total() / self._mean)
        asked = {stem(word) for word in words(question) if is_content(word)}
        return sum(self._idf(w) * held[w] * 1.9 / (held[w] + norm) for w in asked if held[w])

    def _idf(self, word: str) -> float:
        return math.log(1 + (self._count - self._held_by[word] + 0.5) / (self._held_by[word] + 0.5))


def sentences_of(page: Page) -> list[str]:
    found = [page.text[start:end] for start, end in sentence_spans(page.text)]
    return [sentence for sentence in found if is_prose(sentence)] or found


async def choices(questions: Sequence[Question], cache: Path | None) -> dict[str, list[list[str]]]:
    """Up to three sentences for each question by each way of choosing."""
    bm25 = SentenceBM25(question.page for question in questions)
    chosen = {
        "first sentences": [sentences_of(q.page)[:3] for q in questions],
        "BM25": [sorted(sentences_of(q.page), key=lambda s, q=q: -bm25.score(q.text, s))[:3] for q in questions],
    }
    embedder, reranker = fit_answerability.remembered(cache)
    writers = {
        "ours, words": Extractive(),
        "ours, embedder": Extractive(embedder),
        "ours, cross-encoder": Extractive(embedder, reranker),
    }
    for name, writer in writers.items():
        chosen[name] = []
        for question in questions:
            evidence = [Evidence(passage=passage, source="clapnq") for passage in split(question.page)]
            if "cross-encoder" in name:
                evidence = await rerank(question.text, evidence, reranker)
            query = Query(text=question.text, original=question.text, language="en")
            chosen[name].append([sentence.text async for sentence in writer.write(query, evidence)])
    return chosen


async def pooled(data: Path, cache: Path | None) -> dict[str, list[list[bool]]]:
    """For each mix from the pool and each question of it, which of the drafted sentences are marked ones."""
    embedder, reranker = fit_answerability.remembered(cache)
    pool = await fit_answerability.Pool.of(fit_answerability.read_pages(data), embedder)
    writer, marked = Extractive(embedder, reranker), read_marked(data)
    right: dict[str, list[list[bool]]] = {}
    for case in fit_answerability.read_cases(data):
        if case.is_answerable and case.question in marked:
            evidence = await rerank(case.question, await pool.search(case, dense=True), reranker)
            texts = [sentence.text async for sentence in writer.write(case.query, evidence)]
            hits = [any(is_same(text, gold) for gold in marked[case.question]) for text in texts]
            right.setdefault(case.mix, []).append(hits)
    return right


def print_pooled(right: dict[str, list[list[bool]]]) -> None:
    print(f"\n{'cross-encoder, pool':22}{'questions':>10}{'first right':>12}{'all right':>11}{'sentences':>11}")
    for mix, rows in right.items():
        first = np.mean([hits[0] for hits in rows])
        every = np.mean([hit for hits in rows for hit in hits])
        print(f"{mix:22}{len(rows):10}{first:12.3f}{every:11.3f}{np.mean([len(hits) for hits in rows]):11.1f}")


def print_choices(questions: Sequence[Question], chosen: dict[str, list[list[str]]]) -> None:
    right = {
        name: np.array([bool(s) and is_right(s[0], q) for s, q in zip(rows, questions, strict=True)])
        for name, rows in chosen.items()
    }
    print(f"ClapNQ, {len(questions)} answerable questions, given page\n")
    print(f"{'':22}{'first right':>12}   {'minus BM25 [95 %]':22}{'all right':>10}{'F1 of all':>11}{'sentences':>11}")
    for name, rows in chosen.items():
        gain = right[name].astype(float) - right["BM25"]
        low, high = interval(lambda pick, gain=gain: float(gain[pick].mean()), len(gain))
        mean = np.mean([f1(s, q) for s, q in zip(rows, questions, strict=True)])
        every = np.mean([is_right(text, q) for s, q in zip(rows, questions, strict=True) for text in s])
        length = np.mean([len(s) for s in rows])
        difference = f"{gain.mean():+.3f} [{low:+.3f}, {high:+.3f}]"
        print(f"{name:22}{right[name].mean():12.3f}   {difference:22}{every:10.3f}{mean:11.3f}{length:11.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Choosing, withholding and checking without a language model.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path)
    arguments = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    questions = read_questions(arguments.data)
    print_choices(questions, asyncio.run(choices(questions, arguments.cache)))
    print_pooled(asyncio.run(pooled(arguments.data, arguments.cache)))
    cases, found = asyncio.run(fit_answerability.collect(arguments.data, arguments.cache))
    print("\nAbstention: recall of the questions that cannot be answered [95 %]")
    for level in SIGNALS:
        fit_answerability.print_fit(level, fit_answerability.fit_level(level, cases, found))
    print("\nVerification: AUROC, cross-validated by document (attributionbench: never trained on)\n")
    sets, scores, _, _ = train_verifier.judged(arguments.data / "claims")
    train_verifier.print_table(sets, scores)


if __name__ == "__main__":
    main()
