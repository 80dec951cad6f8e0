"""Fit `agent/answerability.json`: when does the best sentence answer the question?

    python -m fontes.evals.fit_answerability ../shared/data [--cache FILE] [--write]

Answerable and unanswerable cases come from four mixes, each as heavy as the next and each half answerable: absolute
thresholds do not carry over from one set to another. The evidence is found as in use: the question is put to an index
over all passages of all sets (BM25 and bge fused, the best eight reranked), and in the given mix to the
passages of one page alone. (MTRAG's unanswerable turns come without contexts: nothing to fit.)

| mix | answerable | not |
|---|---|---|
| clapnq/given | the question's own Wikipedia page holds the answer | it is on the topic, and does not |
| clapnq/pool | the same, to be found among all pages | |
| chroma/pool | the corpus is in the index | it is left out |
| wice/pool | a claim's cited page, which supports it at least partly, is in the index | it is left out |
"""

import argparse
import asyncio
import hashlib
import json
import math
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from ..agent.answerability import SIGNALS, Answered, Level, Signals
from ..agent.models.extractive import Extractive
from ..agent.state import Intent, Query
from ..crawler import Page, Sighting, text_hash
from ..retrievers import Embedder, Evidence, Passage, Reranker, rerank
from ..retrievers.embedders import Vectors32
from ..retrievers.embedders.bge import BgeSmall
from ..retrievers.fusion import fuse
from ..retrievers.lexical import Lexical
from ..retrievers.rerankers.minilm import MiniLM
from ..retrievers.split import split
from .datasets import read_rows
from .logistic import Floats, Logistic, Mask, Rows, auroc, balanced, fit, held_out, interval, recall_of_negatives

MIXES = ("clapnq/given", "clapnq/pool", "chroma/pool", "wice/pool")
RIDGE = 0.01
FALSE_ABSTENTION = 0.1
OTHER_YEAR = -40.0  # log odds: withheld by rule, see `Signals.in_time`
THRESHOLDS = tuple(round(0.02 * step, 2) for step in range(50))
RERANKED = 8
DEPTH = 100

FILES = ("qa/clapnq/questions.jsonl", "qa/clapnq/passages.jsonl.gz", "qa/chroma_spans/questions.jsonl",
         "claims/wice/claims.jsonl", "claims/wice/pages.jsonl.gz")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question and whether it can be answered from the pages `given` (None: all pages but those in `without`)."""

    mix: str
    question: str
    is_answerable: bool
    group: str
    given: frozenset[str] | None = None
    without: frozenset[str] = frozenset()
    intent: Intent = "fact"

    @property
    def query(self) -> Query:
        """The question as the writer gets it."""
        return Query(text=self.question, original=self.question, language="en", intent=self.intent)


class RememberedReranker:
    """A reranker that scores no pair twice."""

    def __init__(self, reranker: Reranker, known: sqlite3.Connection) -> None:
        self.name = reranker.name
        self._reranker, self._known = reranker, known

    async def score(self, query: str, texts: Sequence[str]) -> tuple[float, ...]:
        keys = [_key(self.name, query, text) for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if _get(self._known, key) is None}
        for key, score in zip(new, await self._reranker.score(query, list(new.values())), strict=True):
            _put(self._known, key, np.float64(score).tobytes())
        return tuple(float(np.frombuffer(_get(self._known, key) or b"", dtype=np.float64)[0]) for key in keys)


class RememberedEmbedder:
    """An embedder that embeds no text twice."""

    def __init__(self, embedder: Embedder, known: sqlite3.Connection) -> None:
        self.name, self.dimensions = embedder.name, embedder.dimensions
        self._embedder, self._known = embedder, known

    async def embed_passages(self, texts: Sequence[str]) -> Vectors32:
        keys = [_key(self.name, "", text) for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if _get(self._known, key) is None}
        for key, row in zip(new, await self._embedder.embed_passages(list(new.values())), strict=True):
            _put(self._known, key, row.tobytes())
        rows = [np.frombuffer(_get(self._known, key) or b"", dtype=np.float32) for key in keys]
        return np.stack(rows) if rows else np.zeros((0, self.dimensions), dtype=np.float32)

    async def embed_query(self, text: str) -> Vectors32:
        key = _key(self.name, "query", text)
        if _get(self._known, key) is None:
            _put(self._known, key, (await self._embedder.embed_query(text)).tobytes())
        return np.frombuffer(_get(self._known, key) or b"", dtype=np.float32)


def _key(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(parts).encode()).digest()


def _get(known: sqlite3.Connection, key: bytes) -> bytes | None:
    row = known.execute("SELECT value FROM known WHERE key = ?", (key,)).fetchone()
    return row[0] if row else None


def _put(known: sqlite3.Connection, key: bytes, value: bytes) -> None:
    with known:
        known.execute("INSERT OR REPLACE INTO known VALUES (?, ?)", (key, value))


class Pool:
    """An index over the passages of many pages, any of which can be left out of a search."""

    def __init__(
        self, pages: Sequence[Page], vectors: Vectors32, passages: Sequence[Passage], embedder: Embedder
    ) -> None:
        self._names = {page.hash: frozenset(seen.source for seen in page.sightings) for page in pages}
        self._passages = {passage.id: passage for passage in passages}
        self._ids = [passage.id for passage in passages]
        self._vectors, self._embedder = vectors, embedder
        self._lexical = Lexical.open(None)
        self._lexical.apply(passages, (), store_id="eval", generation=1)

    @classmethod
    async def of(cls, pages: Sequence[Page], embedder: Embedder) -> "Pool":
        """Split and embed the pages."""
        passages = list({passage.id: passage for page in pages for passage in split(page)}.values())
        rows = [await embedder.embed_passages([p.in_full]) for p in passages]
        return cls(pages, np.concatenate(rows), passages, embedder)

    async def search(self, case: Case, *, dense: bool, limit: int = RERANKED) -> list[Evidence]:
        """The first `limit` passages for a case, fused as the index fuses them; by words alone unless `dense`."""
        words = self._lexical.search(case.question, limit=len(self._ids))
        words = [(id_, score) for id_, score in words if self._is_open(id_, case)][:DEPTH]
        cosines = dict(
            zip(self._ids, (self._vectors @ await self._embedder.embed_query(case.question)).tolist(), strict=True)
        )
        nearest = sorted((id_ for id_ in self._ids if self._is_open(id_, case)), key=lambda id_: -cosines[id_])
        near = [(id_, cosines[id_]) for id_ in {*nearest[:DEPTH], *(id_ for id_, _ in words)}] if dense else []
        by_words = dict(words)
        return [
            Evidence(
                passage=self._passages[id_],
                source=min(self._names[self._passages[id_].page_hash]),
                score=fused,
                stages=(("lexical", by_words.get(id_, 0.0)), *((("dense", cosines[id_]),) if dense else ())),
            )
            for id_, fused in fuse(words, near)[:limit]
        ]

    def _is_open(self, passage: int, case: Case) -> bool:
        names = self._names[self._passages[passage].page_hash]
        return not names & case.without and (case.given is None or bool(names & case.given))


def read_pages(data: Path) -> list[Page]:
    """Every page of the four mixes, its names as the sources of its sightings."""
    pages = [as_page(r["passage_id"], r["text"], r["title"]) for r in read_rows(data / "qa/clapnq/passages.jsonl.gz")]
    for row in read_rows(data / "claims/wice/pages.jsonl.gz"):
        lines = [line for line in row["sentences"] if not line.startswith("(meta data)")]
        pages.append(as_page(row["page_id"], "\n".join(lines), row["title"]))
    corpora = sorted((data / "qa/chroma_spans/corpora").glob("*.md"))
    pages += [as_page(path.stem, path.read_text(encoding="utf-8"), "") for path in corpora]
    merged: dict[str, Page] = {}
    for page in pages:
        known = merged.get(page.hash)
        merged[page.hash] = replace(page, sightings=known.sightings + page.sightings) if known else page
    return list(merged.values())


def as_page(name: str, text: str, title: str | None) -> Page:
    """A page whose only sighting is at `name`."""
    return Page(
        text=text,
        hash=text_hash(text),
        title=title or "",
        language="en",
        sightings=(Sighting(source=name, fetched=""),),
    )


def read_cases(data: Path) -> Iterator[Case]:
    """The cases of all mixes; of the pooled ones a part, since each costs half a second."""
    for n, row in enumerate(read_rows(data / "qa/clapnq/questions.jsonl")):
        case = Case(
            mix="clapnq/given",
            question=row["question"],
            is_answerable=row["answerable"],
            group=row["passage_id"],
            given=frozenset([row["passage_id"]]),
        )
        yield case
        if n % 2:
            yield replace(case, mix="clapnq/pool", given=None)
    for row in list(read_rows(data / "qa/chroma_spans/questions.jsonl"))[::2]:
        case = Case(mix="chroma/pool", question=row["question"], is_answerable=True, group=row["id"])
        yield case
        yield replace(case, is_answerable=False, without=frozenset([row["corpus"]]))
    for row in list(read_rows(data / "claims/wice/claims.jsonl"))[::3]:
        cited = frozenset(row["cited_pages"])
        case = Case(mix="wice/pool", question=row["claim"], is_answerable=True, group=min(cited), intent="claim")
        if row["label"] != "not_supported":
            yield case
        yield replace(case, is_answerable=False, without=cited)


async def signals_of(
    case: Case, pool: Pool, writers: dict[Level, Extractive], reranker: Reranker
) -> dict[Level, Signals]:
    """What each level knows of the sentence it would put first; a level that finds none is left out."""
    found: dict[Level, Signals] = {}
    for level, writer in writers.items():
        evidence = await pool.search(case, dense=level in ("full", "embedder"))
        if level in ("full", "reranker"):
            evidence = await rerank(case.question, evidence, reranker)
        if candidates := await writer.candidates(case.question, case.query, evidence):
            found[level] = candidates[0].signals
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """One level's model, its rows, their held-out log odds, and the log odds that `FALSE_ABSTENTION` lies below.

    The point is that of the model alone; `unseen` has the rule on years too.
    """

    model: Logistic
    rows: Rows
    unseen: Floats
    point: float


def fit_level(level: Level, cases: Sequence[Case], found: Sequence[dict[Level, Signals]]) -> Fit:
    """Fit the cases in which the level found a sentence; every signal may only speak for an answer.

    Cases of other sets than `MIXES` weigh nothing: they are judged, by weights that did not see their document.
    """
    pairs = [(case, signals[level]) for case, signals in zip(cases, found, strict=True) if level in signals]
    mixes = [case.mix for case, _ in pairs]
    labels = [case.is_answerable for case, _ in pairs]
    rows = Rows(
        features=np.array([[signals.get(name) for name in SIGNALS[level]] for _, signals in pairs]),
        labels=np.array(labels, dtype=np.float64),
        weights=balanced(mixes, labels, {mix: float(mix in MIXES) for mix in mixes}),
        groups=tuple(f"{case.mix.split('/')[0]}:{case.group}" for case, _ in pairs),
        sets=tuple(mixes),
    )
    unseen = held_out(rows, train)
    in_time = [signals.in_time for _, signals in pairs]
    shown = np.where(in_time, unseen, OTHER_YEAR)
    return Fit(model=train(rows), rows=rows, unseen=shown, point=_quantile(rows, unseen))


def train(rows: Rows) -> Logistic:
    """A model in which no signal speaks against an answer."""
    return fit(rows, [1] * rows.features.shape[1], RIDGE)


def _quantile(rows: Rows, log_odds: Floats) -> float:
    """The log odds below which `FALSE_ABSTENTION` of the answerable cases lie, every mix as heavy as the next."""
    answerable = rows.labels > 0.5
    order = np.argsort(log_odds[answerable])
    mass = np.cumsum(rows.weights[answerable][order])
    return float(log_odds[answerable][order][np.searchsorted(mass, FALSE_ABSTENTION * mass[-1])])


def print_fit(level: Level, fitted: Fit) -> None:
    """The figures of each mix on held-out cases; intervals are 95 % bootstrap."""
    rows, unseen = fitted.rows, fitted.unseen
    print(f"\n{level}")
    print("mix             cases  AUROC              recall at 10 %     at 20 %            shipped: false, recall")
    for mix in dict.fromkeys(rows.sets):
        labels, scores = rows.labels[rows.of(mix)], unseen[rows.of(mix)]
        columns = [
            _with_interval(auroc, labels, scores),
            _with_interval(partial(recall_of_negatives, false_alarms=0.1), labels, scores),
            _with_interval(partial(recall_of_negatives, false_alarms=0.2), labels, scores),
        ]
        below = scores < fitted.point
        shipped = f"{below[labels > 0.5].mean():.2f}, {below[labels < 0.5].mean():.2f}"
        print(f"{mix:14}{len(labels):7}  {'  '.join(columns)}  {shipped}")


def _with_interval(statistic: Callable[[Floats, Floats], float], labels: Floats, scores: Floats) -> str:
    low, high = interval(lambda pick: statistic(labels[pick], scores[pick]), len(labels))
    return f"{statistic(labels, scores):.2f} [{low:.2f}, {high:.2f}]"


def remembered(cache: Path | None) -> tuple[RememberedEmbedder, RememberedReranker]:
    """The packaged models, what they say kept in the file `cache` (None: while the process lasts)."""
    known = sqlite3.connect(cache or ":memory:", check_same_thread=False)
    known.execute("CREATE TABLE IF NOT EXISTS known (key BLOB PRIMARY KEY, value BLOB)")
    return RememberedEmbedder(BgeSmall(), known), RememberedReranker(MiniLM(), known)


async def collect(data: Path, cache: Path | None) -> tuple[list[Case], list[dict[Level, Signals]]]:
    """All cases with the signals of each level."""
    embedder, reranker = remembered(cache)
    writers: dict[Level, Extractive] = {
        "full": Extractive(embedder, reranker),
        "reranker": Extractive(None, reranker),
        "embedder": Extractive(embedder),
        "lexical": Extractive(),
    }
    pool = await Pool.of(read_pages(data), embedder)
    cases = list(read_cases(data))
    return cases, [await signals_of(case, pool, writers, reranker) for case in cases]


def main() -> None:
    """Fit every level, print the held-out figures, and write the weights where asked to."""
    parser = argparse.ArgumentParser(description="Fit the model of answerability.")
    parser.add_argument("data", type=Path, help="folder of the development data")
    parser.add_argument("--cache", type=Path, help="file that keeps the models' scores between runs")
    parser.add_argument("--write", action="store_true", help="replace agent/answerability.json")
    arguments = parser.parse_args()
    cases, found = asyncio.run(collect(arguments.data, arguments.cache))
    fits: dict[Level, Fit] = {level: fit_level(level, cases, found) for level in SIGNALS}
    for level, fitted in fits.items():
        print_fit(level, fitted)
    if arguments.write:
        path = Path(__file__).parents[1] / "agent/answerability.json"
        path.write_text(_rendered(_written(fits, arguments.data)), encoding="utf-8")
        print(f"wrote {path}")


def relevance(fitted: Fit) -> Floats:
    """The relevance that each held-out case would be shown with."""
    return 1 / (1 + np.exp(np.clip(fitted.point - fitted.unseen, -40, 40)))


def answered(likely: Floats, rows: Rows) -> Answered:
    """How much of the cases with and without an answer each threshold lets through, all mixes alike."""
    labels = rows.labels > 0.5

    def through(which: Mask) -> tuple[float, ...]:
        mass = rows.weights[which]
        return tuple(round(float(np.average(likely[which] >= at, weights=mass)), 4) for at in THRESHOLDS)

    return Answered(
        cases=int((~labels & (rows.weights > 0)).sum()),
        thresholds=THRESHOLDS,
        answerable=through(labels),
        unanswerable=through(~labels),
    )


def _rendered(data: dict[str, object]) -> str:
    """JSON with every list of numbers on one line."""
    text = json.dumps(data, indent=1)
    return re.sub(r"\[[\d\s.,]+\]", lambda numbers: re.sub(r"\s+", " ", numbers[0]), text) + "\n"


def _written(fits: dict[Level, Fit], data: Path) -> dict[str, object]:
    return {
        "version": 2,
        "reranker": MiniLM.name,
        "embedder": BgeSmall.name,
        "levels": {
            level: {
                "weights": dict(zip(SIGNALS[level], (round(float(w), 4) for w in fitted.model.weights), strict=True)),
                "intercept": round(fitted.model.intercept - fitted.point, 4),
                # The share of answerable questions for which the probabilities are stated.
                "base_rate": round(1 / (1 + math.exp(fitted.point)), 3),
                "answered": asdict(answered(relevance(fitted), fitted.rows)),
            }
            for level, fitted in fits.items()
        },
        "false_abstention": FALSE_ABSTENTION,
        "fitted_by": "python -m fontes.evals.fit_answerability DATA --write",
        "data": {name: hashlib.sha256((data / name).read_bytes()).hexdigest() for name in FILES},
    }


if __name__ == "__main__":
    main()
