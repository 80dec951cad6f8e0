"""HTML extraction beside bare trafilatura, on real pages: speed, and word F1 or snippet score of both texts.

    python benchmarks/extraction.py --data ../shared/data/extraction

Ours is trafilatura's choice of content with our tree-to-text, decoding and date rule; so the scores must agree
within .005, and the speed must not be below trafilatura's with metadata.
"""

import argparse
import gzip
import json
import logging
import os
import platform
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import mean
from typing import Any

import trafilatura
from fontes.crawler import ExtractionError, extract

Extract = Callable[[bytes], str]


@dataclass(frozen=True, slots=True)
class Case:
    """A page and what is known of its main text: the text itself, or snippets that are in it or not."""

    body: bytes
    text: str | None
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()


def ours(body: bytes) -> str:
    """The text that a page gets in Fontes, "" if it is skipped."""
    try:
        return extract(body, content_type="text/html").text
    except ExtractionError:
        return ""


def bare(body: bytes) -> str:
    """trafilatura's own text, as `trafilatura.extract` gives it without comments."""
    return trafilatura.extract(body, include_comments=False) or ""


def bare_with_metadata(body: bytes) -> str:
    """The same with title, date and author before the text, for the time it takes."""
    return trafilatura.extract(body, include_comments=False, with_metadata=True) or ""


def rows(folder: Path) -> Iterator[dict[str, Any]]:
    """The gold lines of a data folder."""
    plain = folder / "gold.jsonl"
    lines = (
        plain.read_text("utf-8")
        if plain.exists()
        else gzip.decompress((folder / "gold.jsonl.gz").read_bytes()).decode()
    )
    yield from map(json.loads, lines.splitlines())


def cases(data: Path, name: str) -> list[Case]:
    """All pages of one data set."""
    folder = data / name
    found = []
    for row in rows(folder):
        body = gzip.decompress((folder / row["html"]).read_bytes())
        text = row.get("main_content", row.get("articleBody"))
        found.append(Case(body, text, tuple(row.get("with") or ()), tuple(row.get("without") or ())))
    return found


def words(text: str) -> Counter[str]:
    """The multiset of words, in lower case."""
    return Counter(re.findall(r"\w+", text.lower()))


def word_f1(text: str, gold: str) -> float:
    """F1 of two multisets of words; an empty gold text scores 1 for an empty text, else 0."""
    got, wanted = words(text), words(gold)
    if not wanted:
        return float(not got)
    shared = (got & wanted).total()
    return 2 * shared / (got.total() + wanted.total())


def snippet_f1(pairs: list[tuple[str, Case]]) -> tuple[float, float, float]:
    """Precision, recall and F1 over the snippets of all pages."""
    # a snippet of the gold may span a line break of ours
    flat = [(" ".join(text.split()), case) for text, case in pairs]
    hits = sum(" ".join(snippet.split()) in text for text, case in flat for snippet in case.present)
    wrong = sum(" ".join(snippet.split()) in text for text, case in flat for snippet in case.absent)
    wanted = sum(len(case.present) for _, case in flat)
    precision, recall = hits / max(1, hits + wrong), hits / max(1, wanted)
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[1] / "shared/data/extraction")
    data: Path = parser.parse_args().data
    logging.disable(logging.CRITICAL)
    print(f"python {' '.join(sys.argv)}")
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
          f"trafilatura {version('trafilatura')}, one process\n")  # fmt: skip

    extractors: dict[str, Extract] = {"fontes": ours, "trafilatura": bare, "trafilatura + metadata": bare_with_metadata}
    wcxb = cases(data, "wcxb")
    for extractor in extractors.values():
        extractor(wcxb[0].body)  # imports and compiled patterns are not the page's
    print(f"{'wcxb, ' + str(len(wcxb)) + ' pages':26} pages/CPU s   p50 ms   p99 ms")
    texts: dict[str, list[str]] = {}
    for name, extractor in extractors.items():
        times, texts[name] = [], []
        for case in wcxb:
            start = time.process_time()
            texts[name].append(extractor(case.body))
            times.append(time.process_time() - start)
        ranked = sorted(times)
        print(
            f"{name:26} {len(times) / sum(times):11.1f} {1000 * ranked[len(ranked) // 2]:8.0f} {1000 * ranked[-2]:8.0f}"
        )

    print(f"\n{'quality':26}      fontes   trafilatura")
    both = [ours, bare]
    scores = [mean(word_f1(t, c.text) for t, c in zip(texts[n], wcxb, strict=True) if c.text is not None)
              for n in ("fontes", "trafilatura")]  # fmt: skip
    print(f"{'wcxb, word F1':26} {scores[0]:11.3f} {scores[1]:13.3f}")
    articles = cases(data, "scrapinghub")
    scores = [mean(word_f1(extractor(c.body), c.text or "") for c in articles) for extractor in both]
    print(f"{'scrapinghub, word F1':26} {scores[0]:11.3f} {scores[1]:13.3f}")
    mixed = cases(data, "trafilatura")
    results = [snippet_f1([(extractor(c.body), c) for c in mixed]) for extractor in both]
    for index, label in enumerate(("precision", "recall", "F1")):
        print(f"{'trafilatura, snippet ' + label:26} {results[0][index]:11.3f} {results[1][index]:13.3f}")


if __name__ == "__main__":
    main()
