"""How to cut pages into passages: ours at several sizes beside LlamaIndex's SentenceSplitter.

    python benchmarks/splitting.py ../shared/data [--dense --cache /tmp/fontes-vectors]

For each splitter: passages, pages a second of CPU, the share of the text that is in no passage (LlamaIndex nodes
whose text is not a verbatim part of the page have no offsets and cannot be cited); then on WiCE
(214 claims, 230 pages) hit@1, hit@10 and MRR of the cited page, and on WiCE and chroma_spans the share of the gold text
in the first 3,000 and 6,000 characters of what was found, and the IoU at 6,000. `--dense` adds embeddings fused as
shipped (two minutes a splitter on two cores; `--cache` keeps the vectors); without it the search is BM25 alone.
Also printed: how well sentence ends agree with those marked in WiCE.
"""

import argparse
import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import fmean
from time import process_time

from fontes.crawler import Page
from fontes.evals.datasets import RetrievalSet, read_chroma_spans, read_wice
from fontes.evals.first_stage import FirstStage, first_stage
from fontes.evals.metrics.hit import hit
from fontes.evals.metrics.mrr import reciprocal_rank
from fontes.evals.metrics.spans import Span, span_iou, span_recall
from fontes.retrievers import Passage
from fontes.retrievers.embedders.bge import BgeSmall
from fontes.retrievers.fusion import fuse
from fontes.retrievers.sentences import sentence_spans
from fontes.retrievers.split import TARGET, split

Split = Callable[[Page], Sequence[Passage]]


def llama_index(words: int, overlap: int) -> Split:
    """SentenceSplitter with its fast settings (the default ones do 78 pages/s and want nltk's data)."""
    from llama_index.core import Document
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.core.schema import TextNode

    splitter = SentenceSplitter(
        chunk_size=words,
        chunk_overlap=overlap,
        tokenizer=str.split,
        chunking_tokenizer_fn=re.compile(r"[^.!?\n]+[.!?\n]*\s*").findall,
    )

    def passages(page: Page) -> Iterator[Passage]:
        for node in splitter.get_nodes_from_documents([Document(text=page.text)]):
            assert isinstance(node, TextNode)
            start, end = node.start_char_idx, node.end_char_idx
            # A node whose text is not in the page cannot be cited; its offsets are None.
            if start is not None and end is not None and page.text[start:end].strip():
                yield Passage.of(page, start, end)

    return lambda page: list(passages(page))


def with_context(passage: Passage) -> str:
    """What the index embeds of a passage."""
    return f"{passage.context}\n{passage.text}" if passage.context else passage.text


def first_characters(stage: FirstStage, ids: Sequence[int], budget: int) -> list[Span]:
    """The spans of a ranking that fit into `budget` characters, the last one cut."""
    spans: list[Span] = []
    for id_ in ids:
        passage = stage.passages[id_]
        taken = min(passage.end - passage.start, budget)
        if taken <= 0:
            break
        spans.append((passage.page_hash, passage.start, passage.start + taken))
        budget -= taken
    return spans


def quality(stage: FirstStage, by_page: bool) -> list[float]:
    """Page hit@1, hit@10, MRR (if `by_page`), then gold recall at 3,000 and 6,000 characters, and IoU at 6,000."""
    rankings = [(found.asked, [id_ for id_, _ in fuse(found.lexical, found.dense)]) for found in stage.found]
    row: list[float] = []
    if by_page:
        pages = [(asked.pages, stage.pages(ids)) for asked, ids in rankings]
        row += [fmean(hit(ranked, right, k) for right, ranked in pages) for k in (1, 10)]
        row.append(fmean(reciprocal_rank(ranked, right) for right, ranked in pages))
    spanned = [(asked.spans, ids) for asked, ids in rankings if asked.spans]
    for metric, budget in ((span_recall, 3_000), (span_recall, 6_000), (span_iou, 6_000)):
        row.append(
            fmean(max(metric(first_characters(stage, ids, budget), gold) for gold in spans) for spans, ids in spanned)
        )
    return row


def lost(pages: Sequence[Page], passages: Sequence[Passage]) -> float:
    """The share of the non-blank characters that no passage holds."""
    left = {page.hash: {at for at, character in enumerate(page.text) if not character.isspace()} for page in pages}
    total = sum(map(len, left.values()))
    for passage in passages:
        left[passage.page_hash].difference_update(range(passage.start, passage.end))
    return sum(map(len, left.values())) / total


async def compare(
    name: str, cut: Split, sets: Sequence[RetrievalSet], embedder: BgeSmall | None, cache: Path | None
) -> None:
    """Print one splitter's rows."""
    pages = [page for searched in sets for page in searched.pages]
    began = process_time()
    passages = [passage for page in pages for passage in cut(page)]
    speed = len(pages) / (process_time() - began)
    print(f"{name}: {len(passages)} passages, {speed:.0f} pages/CPU s, {lost(pages, passages):.2%} of the text in none")
    for searched in sets:
        stage = await first_stage(searched, cut, embedder, embedded=with_context, cache=cache)
        row = quality(stage, by_page=searched.name == "wice")
        print(f"    {searched.name:14s}" + " ".join(f"{value:6.3f}" for value in row), flush=True)


def sentence_ends(wice: RetrievalSet) -> tuple[float, float]:
    """Precision and recall of sentence ends, the marked lines of each page joined into one."""
    found = marked = both = 0
    for page in wice.pages:
        lines = [line.strip() for line in page.text.split("\n") if line.strip()]
        text = " ".join(lines)
        ends, at = set[int](), -1
        for line in lines:
            at += len(line) + 1
            if line[-1] in '.?!"”)':  # a menu line run into the next one cannot be told from it
                ends.add(at)
        spans = {end for _, end in sentence_spans(text) if text[end - 1] in '.?!"”)'}
        found, marked, both = found + len(spans), marked + len(ends), both + len(spans & ends)
    return both / found, both / marked


async def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--dense", action="store_true")
    parser.add_argument("--cache", type=Path, default=None)
    arguments = parser.parse_args()
    sets = (read_wice(arguments.data), read_chroma_spans(arguments.data))
    precision, recall = sentence_ends(sets[0])
    print(f"sentence ends in WiCE: precision {precision:.3f}, recall {recall:.3f}")
    print(" " * 18 + " hit@1 hit@10    MRR  r@3k   r@6k iou@6k")
    embedder = BgeSmall() if arguments.dense else None
    for target in (450, TARGET, 800, 1_000):
        await compare(f"ours, {target} characters", partial(split, target=target), sets, embedder, arguments.cache)
    for words, overlap in ((100, 0), (100, 15), (160, 20)):
        cut = llama_index(words, overlap)
        await compare(f"LlamaIndex, {words} words, overlap {overlap}", cut, sets, embedder, arguments.cache)


if __name__ == "__main__":
    asyncio.run(main())
