"""HTML extraction beside its peers on real pages: quality on every set, dates, and CPU time a page.

    python benchmarks/extraction.py --data ../shared/data/extraction
    python benchmarks/extraction.py --data ../shared/data/extraction --peers fontes --repeats 3

fontes does all of its work on a page (decoding, hidden text, metadata, language, blocks with spans); the peers find
the text alone, in markup that is decoded for them. Resiliparse and selectolax are left out where they are not
installed. Scores: mean word F1 (wcxb, scrapinghub), F1 over snippets that must and must not be found (trafilatura).
"""

import argparse
import gzip
import importlib.util
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

from fontes.crawler import ExtractionError, extract
from fontes.crawler.charset import decode

SETS = ("wcxb", "scrapinghub", "trafilatura", "htmldate", "readability")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A page and what is known of it: its main text, or snippets that are in it or not; its kind; its date.

    `markup` is the page decoded; "" where nothing is known of its text or date.
    """

    body: bytes
    markup: str
    url: str
    text: str | None = None
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    kind: str = ""
    date: str = ""


Extract = Callable[[Case], str]


def fontes(case: Case) -> str:
    """The text that a page gets in Fontes, "" if it is skipped."""
    try:
        return extract(case.body, url=case.url, content_type="text/html").text
    except ExtractionError:
        return ""


def trafilatura_with(*, precision: bool = False, fast: bool = False) -> Extract:
    """trafilatura's text without comments."""
    import trafilatura

    return lambda case: (
        trafilatura.extract(case.markup, include_comments=False, favor_precision=precision, fast=fast) or ""
    )


def resiliparse() -> Extract:
    """Resiliparse's main content."""
    from resiliparse.extract.html2text import extract_plain_text

    return lambda case: str(extract_plain_text(case.markup, main_content=True, alt_texts=False))


def tags_alone() -> Extract:
    """The main element, else the only article, else the body, less what tags and ARIA landmarks call surroundings."""
    from selectolax.lexbor import LexborHTMLParser

    dropped = (
        "script, style, template, svg, nav, header, footer, aside, form, iframe, button, select, dialog, "
        "[role=navigation], [role=banner], [role=contentinfo], [role=complementary], [role=search], [role=dialog]"
    )

    def text_of(case: Case) -> str:
        tree = LexborHTMLParser(case.markup)
        for node in tree.css(dropped):
            node.decompose()
        articles = tree.css("article")
        node = tree.css_first("main, [role=main]") or (articles[0] if len(articles) == 1 else tree.body)
        return node.text(separator="\n", strip=True) if node is not None else ""

    return text_of


def peers(names: list[str]) -> dict[str, Extract]:
    """The extractors by name: all, or those asked for."""
    makers: dict[str, Callable[[], Extract]] = {
        "fontes": lambda: fontes,
        "traf": trafilatura_with,
        "traf-prec": lambda: trafilatura_with(precision=True),
        "traf-fast": lambda: trafilatura_with(fast=True),
    }
    if importlib.util.find_spec("resiliparse"):
        makers["resilip"] = resiliparse
    if importlib.util.find_spec("selectolax"):
        makers["tags"] = tags_alone
    return {name: maker() for name, maker in makers.items() if not names or name in names}


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
    return [_case(gzip.decompress((folder / row["html"]).read_bytes()), row) for row in rows(folder)]


def _case(body: bytes, row: dict[str, Any]) -> Case:
    return Case(
        body=body,
        markup=decode(body, declared="", html=True),
        url=row.get("url") or "",
        text=row.get("main_content", row.get("articleBody")),
        present=tuple(row.get("with") or ()),
        absent=tuple(row.get("without") or ()),
        kind=row.get("page_type", ""),
        date=row.get("date") or row.get("publish_date") or "",
    )


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


def mean_f1(pairs: list[tuple[str, Case]]) -> float:
    """Mean word F1 over the pages with a gold text."""
    return mean(word_f1(text, case.text) for text, case in pairs if case.text is not None)


def snippet_f1(pairs: list[tuple[str, Case]]) -> tuple[float, float, float]:
    """Precision, recall and F1 over the snippets of all pages."""
    # a snippet of the gold may span a line break of ours
    flat = [(" ".join(text.split()), case) for text, case in pairs]
    hits = sum(" ".join(snippet.split()) in text for text, case in flat for snippet in case.present)
    wrong = sum(" ".join(snippet.split()) in text for text, case in flat for snippet in case.absent)
    wanted = sum(len(case.present) for _, case in flat)
    precision, recall = hits / max(1, hits + wrong), hits / max(1, wanted)
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def timed(extractor: Extract, case: Case, repeats: int) -> tuple[str, float]:
    """The text, and the CPU time it took, in ms: the best of the repeats."""
    best, text = float("inf"), ""
    for _ in range(repeats):
        start = time.process_time()
        text = extractor(case)
        best = min(best, 1000 * (time.process_time() - start))
    return text, best


def date_rows(dated: list[Case], mixed: list[Case]) -> Iterator[tuple[str, tuple[int, int, int, int]]]:
    """By date rule: right and wrong days on pages that have one; days found where the gold has none, of how many."""
    from htmldate import find_date

    def ours(case: Case) -> str:
        try:
            return extract(case.body, url=case.url, content_type="text/html").sightings[0].published[:10]
        except ExtractionError:
            return ""

    def theirs(*, extensive: bool) -> Callable[[Case], str]:
        return lambda case: find_date(case.markup, extensive_search=extensive, original_date=True) or ""

    rules = {"fontes": ours, "htmldate": theirs(extensive=False), "htmldate extensive": theirs(extensive=True)}
    for name, rule in rules.items():
        with_day = [(rule(case), case.date[:10]) for case in (*dated, *mixed) if case.date]
        undated = [rule(case) for case in mixed if not case.date]
        right = sum(found == day for found, day in with_day[: len(dated)])
        wrong = sum(bool(found) and found != day for found, day in with_day[: len(dated)])
        yield name, (right, wrong, sum(found == day for found, day in with_day[len(dated) :]), sum(map(bool, undated)))


def print_row(label: str, values: list[float], form: str) -> None:
    """One line of the table."""
    print(f"{label:28}" + "".join(f"{value:11{form}}" for value in values))


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[1] / "shared/data/extraction")
    parser.add_argument("--peers", nargs="*", default=[], help="only these columns")
    parser.add_argument("--repeats", type=int, default=1, help="time a page so often, and take the best")
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    print(f"python {' '.join(sys.argv)}")
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
          f"trafilatura {version('trafilatura')}, one process\n")  # fmt: skip

    sets = {name: cases(arguments.data, name) for name in SETS}
    extractors = peers(arguments.peers)
    texts: dict[str, dict[str, list[tuple[str, Case]]]] = {}
    times: dict[str, dict[str, list[float]]] = {}
    for name, extractor in extractors.items():
        for case in sets["readability"]:
            extractor(case)  # imports, models and compiled patterns are not the page's
        texts[name], times[name] = {}, {}
        for label, pages in sets.items():
            results = [(*timed(extractor, case, arguments.repeats), case) for case in pages]
            texts[name][label] = [(text, case) for text, _, case in results]
            times[name][label] = [ms for _, ms, _ in results]
    print(f"{'quality':28}" + "".join(f"{name:>11}" for name in extractors))
    print_quality([texts[name] for name in extractors])
    print(f"\n{'CPU, ms a page':28}" + "".join(f"{name:>11}" for name in extractors))
    print_times([times[name] for name in extractors])
    mixed = [case for case in sets["wcxb"] if case.kind == "article" or not case.date]
    dated, undated = sum(bool(case.date) for case in mixed), sum(not case.date for case in mixed)
    print(f"\n{'dates':28}{'htmldate: right, wrong of ' + str(len(sets['htmldate'])):>32}"
          f"{'wcxb: right of ' + str(dated):>20}{'found of ' + str(undated) + ' undated':>24}")  # fmt: skip
    for name, (right, wrong, too, undue) in date_rows(sets["htmldate"], mixed):
        print(f"{name:28}{right:25} {wrong:6}{too:20}{undue:24}")


def print_quality(columns: list[dict[str, list[tuple[str, Case]]]]) -> None:
    """The scores by set, and by kind of page."""
    print_row("wcxb, word F1", [mean_f1(texts["wcxb"]) for texts in columns], ".3f")
    for kind in sorted({case.kind for _, case in columns[0]["wcxb"]}):
        pages = [[pair for pair in texts["wcxb"] if pair[1].kind == kind] for texts in columns]
        print_row(f"  {kind} ({len(pages[0])})", [mean_f1(pairs) for pairs in pages], ".3f")
    print_row("scrapinghub, word F1", [mean_f1(texts["scrapinghub"]) for texts in columns], ".3f")
    scores = [snippet_f1(texts["trafilatura"]) for texts in columns]
    for index, label in enumerate(("precision", "recall", "F1")):
        print_row(f"trafilatura, snippet {label}", [score[index] for score in scores], ".3f")


def print_times(columns: list[dict[str, list[float]]]) -> None:
    """The mean by set, and mean, median, 99th percentile and worst of all pages."""
    for label in SETS:
        print_row(f"  {label} ({len(columns[0][label])})", [mean(times[label]) for times in columns], ".1f")
    ranked = [sorted(ms for pages in times.values() for ms in pages) for times in columns]
    print_row("mean", [mean(all_ms) for all_ms in ranked], ".1f")
    print_row("p50", [all_ms[len(all_ms) // 2] for all_ms in ranked], ".1f")
    print_row("p99", [all_ms[int(0.99 * len(all_ms))] for all_ms in ranked], ".1f")
    print_row("worst", [all_ms[-1] for all_ms in ranked], ".1f")


if __name__ == "__main__":
    main()
