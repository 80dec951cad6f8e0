"""Texts that made-up claims are drawn from, and claims that people wrote about a text; none of them is judged later.

Wikipedia passages and answers of ClapNQ, SciFact abstracts that no claim rests on, WCXB's page texts, Chroma's two
corpora, MTRAG's passages and answers, PoisonedRAG's passages. Their licences stand in the README of the data.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..agent.verifiers.gathered import gathered
from ..retrievers.sentences import sentence_spans
from .datasets import read_rows

# So many of the 790 abstracts, lest most made-up claims be of medicine.
_ABSTRACTS = 350


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A claim beside what it is judged by; `kind` says how it was made."""

    claim: str
    evidence: str
    is_supported: bool
    kind: str


_UNSPACED = (
    (re.compile(r"``\s?|\s?''"), '"'), (re.compile(r" (?=[,.;:?!)%]|'s\b|n't\b)"), ""), (re.compile(r"(?<=[(]) "), ""),
    (re.compile(r"(?<=\w) ([-–]) (?=\w)"), r"\1"),
)  # fmt: skip


def untokenised(text: str) -> str:
    """ClapNQ's text as people write it: “Mr. Lawrence 's voice , he said” without the extra spaces."""
    for pattern, now in _UNSPACED:
        text = pattern.sub(now, text)
    return re.sub(r"\s+", " ", text).strip()


def sentences_of(text: str) -> tuple[str, ...]:
    """The sentences of a text, each on one line."""
    return tuple(re.sub(r"\s+", " ", text[start:end]) for start, end in sentence_spans(text))


def read_texts(data: Path) -> list[tuple[str, ...]]:
    """Texts as sentences, four of them at least."""
    claimed = {doc for row in read_rows(data / "claims/scifact_partial/claims.jsonl") for doc in row["relevant"]}
    texts = [untokenised(row["text"]) for row in read_rows(data / "qa/clapnq/passages.jsonl.gz")]
    abstracts = list(read_rows(data / "claims/scifact_partial/corpus.jsonl.gz"))
    texts += [row["text"] for row in abstracts if row["doc_id"] not in claimed][:_ABSTRACTS]
    texts += [row["main_content"] or "" for row in read_rows(data / "extraction/wcxb/gold.jsonl.gz")]
    for path in sorted((data / "qa/chroma_spans/corpora").glob("*.md")):
        texts.append(path.read_text(encoding="utf-8"))
    texts += [part["text"] for row in read_rows(data / "qa/mtrag/tasks.jsonl.gz") for part in row["contexts"]]
    split = [sentences_of(text) for text in dict.fromkeys(texts)]
    return [text for text in split if len(text) >= 4]


def written_claims(data: Path, draw: random.Random) -> Iterator[Example]:
    """Answers that people (ClapNQ) and models (MTRAG, PoisonedRAG) wrote from a passage, and the same elsewhere."""
    yield from _clapnq(data / "qa/clapnq", draw)
    yield from _mtrag(data / "qa/mtrag/tasks.jsonl.gz", draw)
    yield from _poisoned(data / "attacks/poisonedrag/items.jsonl", draw)


def _clapnq(folder: Path, draw: random.Random) -> Iterator[Example]:
    passages = {row["passage_id"]: untokenised(row["text"]) for row in read_rows(folder / "passages.jsonl.gz")}
    for row in read_rows(folder / "questions.jsonl"):
        passage = passages[row["passage_id"]]
        used = {untokenised(s) for answer in row["answers"] for s in answer.get("selected_sentences") or ()}
        rest = " ".join(s for s in sentences_of(passage) if s not in used)
        for answer in row["answers"]:
            for claim in sentences_of(untokenised(answer.get("answer") or "")):
                if len(claim.split()) < 5:
                    continue
                yield Example(claim=claim, evidence=gathered(claim, [passage]), is_supported=True, kind="answer")
                if used and _share(claim, rest) < 0.6:
                    yield Example(claim=claim, evidence=gathered(claim, [rest]), is_supported=False, kind="answer")
                else:
                    other = draw.choice(list(passages.values()))
                    if other != passage:
                        yield Example(
                            claim=claim, evidence=gathered(claim, [other], 60), is_supported=False, kind="answer"
                        )


def _mtrag(path: Path, draw: random.Random) -> Iterator[Example]:
    rows = [row for row in read_rows(path) if row["answerability"] == "ANSWERABLE" and row["contexts"]]
    for row in rows:
        contexts = [part["text"] for part in row["contexts"]]
        others = [part["text"] for part in draw.choice([r for r in rows if r is not row])["contexts"]]
        for claim in sentences_of(row["targets"][0]):
            if len(claim.split()) >= 6 and _share(claim, " ".join(contexts)) > 0.5:
                yield Example(claim=claim, evidence=gathered(claim, contexts), is_supported=True, kind="reply")
                yield Example(claim=claim, evidence=gathered(claim, others), is_supported=False, kind="reply")


def _poisoned(path: Path, draw: random.Random) -> Iterator[Example]:
    """A question and a short answer as the claim: true of the passages that were written to say so."""
    rows = list(read_rows(path))
    for row in rows:
        for passage in draw.sample(row["poisoned_passages"], 3):
            for answer, is_said in ((row["incorrect"], True), (row["correct"], False)):
                if (answer.casefold() in passage.casefold()) is is_said:
                    claim = f"{row['question'].capitalize()}? {answer}."
                    yield Example(claim=claim, evidence=passage, is_supported=is_said, kind="short answer")


def _share(claim: str, text: str) -> float:
    """The share of the claim's words of four letters or more that the text holds."""
    said = set(re.findall(r"\w{4,}", claim.casefold()))
    return len(said & set(re.findall(r"\w{4,}", text.casefold()))) / max(1, len(said))
