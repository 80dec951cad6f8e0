"""How well contradictions and copies are found: `agent/verifiers/sources/contradiction.py` and `independence.py`.

    python -m fontes.evals.contradictions ../shared/data [--wrong KIND]

Made from real sentences and pages (`contradiction_pairs.py`, `copies.py`), seeded, parted by document. The rules were
written with the development part in view; the held-out part was only measured. Beside them, contradictions that people
or a language model wrote: FoolMeTwice's refuted claims, SciFact's contradicted ones, and PoisonedRAG's passages, of
which two tell of one question and one has the wrong answer put right. And the sentences that real pages have for one
question (RealtimeQA): there, hardly anything found is in truth a contradiction, so this counts false alarms.
"""

import argparse
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from random import Random
from time import process_time

from ..agent.state import Contradiction
from ..agent.verifiers.reading.terms import is_content, stem, words
from ..agent.verifiers.sources.contradiction import Statement, contradictions
from ..agent.verifiers.sources.independence import SourceText, merges
from ..agent.verifiers.sources.shared_text import runs
from ..retrievers.sentences import sentence_spans
from .contradiction_pairs import SEED, Pair, is_held_out, made_pairs, read_documents
from .copies import CopyPair, copy_pairs, is_merged, read_articles
from .datasets import read_rows
from .intervals import shown

_EACH = 300
_CHARS = 6_000


def found(pair: Pair, claim: str = "") -> tuple[Contradiction, ...]:
    """What is found between the two; a change over time is no contradiction. The claim is the first, unless given."""
    statements = [
        Statement(text=text, source=f"page {number}", title=pair.title)
        for number, text in enumerate((pair.first, pair.second))
    ]
    return tuple(each for each in contradictions(claim or pair.first, statements) if not each.is_change)


def natural_pairs(folder: Path) -> Iterator[tuple[Pair, str]]:
    """Pairs that were not made by changing a sentence, each with the claim it is about."""
    for row in read_rows(folder / "claims/fm2/items.jsonl"):
        text = " ".join(part["text"] for part in row["gold_evidence"])
        yield _natural("FoolMeTwice", row["text"], text, row["label"] == "REFUTES", row["wikipedia_page"]), ""
    abstracts = {row["doc_id"]: row["text"] for row in read_rows(folder / "claims/scifact_partial/corpus.jsonl.gz")}
    for row in read_rows(folder / "claims/scifact_partial/claims.jsonl"):
        text = " ".join(abstracts[each] for each in row["relevant"])
        yield _natural("SciFact", row["claim"], text, row["label"] == "CONTRADICT"), ""
    pages = {row["page_id"]: row["sentences"] for row in read_rows(folder / "claims/wice/pages.jsonl.gz")}
    for row in read_rows(folder / "claims/wice/claims.jsonl"):
        if row["label"] == "supported" and any(row["supporting"]):
            text = " ".join(pages[place["page_id"]][place["sentence"]] for place in row["supporting"][0])
            yield _natural("WiCE supported", row["claim"], text, is_conflict=False), ""
    yield from _poisoned(folder)


def _poisoned(folder: Path) -> Iterator[tuple[Pair, str]]:
    draw = Random(SEED)
    for row in read_rows(folder / "attacks/poisonedrag/items.jsonl"):
        passages, wrong = row["poisoned_passages"], re.compile(re.escape(row["incorrect"]), re.IGNORECASE)
        right = row["correct"]
        pairs = [(one, other) for one in passages for other in passages if one is not other]
        for one, other in draw.sample(pairs, 4):
            yield _natural("PoisonedRAG", one, other, is_conflict=False), row["question"]
            if wrong.search(one) and wrong.search(other) and right.lower() not in (one + other).lower():
                mended = wrong.sub(right.replace("\\", r"\\"), one)
                yield _natural("PoisonedRAG", mended, other, is_conflict=True), row["question"]


def _natural(origin: str, first: str, second: str, is_conflict: bool, title: str = "") -> Pair:
    return Pair(first=first, second=second, title=title, origin=origin, is_conflict=is_conflict, document=origin)


def same_question(folder: Path) -> Iterator[tuple[str, tuple[Statement, ...]]]:
    """For each question up to 30 statements: of each page that was found for it the three sentences nearest to it."""
    for row in read_rows(folder / "web/realtimeqa/questions.jsonl.gz"):
        wanted = _stems(row["question"])
        told: list[Statement] = []
        for result in row["results"]:
            text = result["text"][:_CHARS]
            lines = sorted((text[a:b] for a, b in sentence_spans(text)), key=lambda line: -len(wanted & _stems(line)))
            published = (result["publish_date"] or "").replace("/", "-")
            told += [
                Statement(text=line, source=result["url"], title=result["title"], published=published)
                for line in lines[:3]
            ]
        yield row["question"], tuple(told[:30])


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words(text) if is_content(word))


def print_pairs(name: str, judged: Sequence[tuple[Pair, bool]]) -> None:
    """Recall by kind, false alarms by kind, and both together."""
    print(f"\n{name}: {len(judged)} pairs")
    counts: dict[tuple[bool, str], list[bool]] = defaultdict(list)
    for pair, is_found in judged:
        counts[not pair.is_conflict, pair.origin].append(is_found)
    for (is_harmless, origin), hits in sorted(counts.items()):
        print(f"  {'false alarms' if is_harmless else 'found':13}{origin:24}{shown(sum(hits), len(hits))}")
    right = sum(is_found for pair, is_found in judged if pair.is_conflict)
    print(f"  {'recall':37}{shown(right, sum(pair.is_conflict for pair, _ in judged))}")
    print(f"  {'precision':37}{shown(right, sum(is_found for _, is_found in judged))}")


def print_copies(name: str, pairs: Iterable[CopyPair]) -> None:
    """Copies merged and false merges, by kind and together."""
    counts: dict[tuple[bool, str], list[bool]] = defaultdict(list)
    for pair in pairs:
        counts[not pair.is_copy, pair.origin].append(is_merged(pair))
    print(f"\n{name}")
    for (is_other, origin), hits in sorted(counts.items()):
        print(f"  {'false merges' if is_other else 'merged':13}{origin:32}{shown(sum(hits), len(hits))}")
    for is_other, title in ((False, "copies merged"), (True, "false merges")):
        hits = [hit for (other, _), each in counts.items() if other == is_other for hit in each]
        print(f"  {title:45}{shown(sum(hits), len(hits))}")


def print_times(folder: Path) -> None:
    """CPU time of 30 statements and of 20 pages, on real ones; the median of the questions, the best of three each."""
    told = [each for each in same_question(folder) if len(each[1]) == 30]
    spent = sorted(min(_spent(partial(contradictions, q, s)) for _ in range(3)) for q, s in told)
    print(f"\n30 statements: median {1e3 * spent[len(spent) // 2]:.1f} ms, slowest {1e3 * spent[-1]:.1f} ms of CPU")
    pages = [
        SourceText(source=f"https://site-{n}.example/", text=a.text) for n, a in enumerate(read_articles(folder)[:20])
    ]
    spent_s = min(_spent(partial(_first_time, pages)) for _ in range(5))
    print(f"20 pages of {sum(len(p.text) for p in pages) // 20} characters: {1e3 * spent_s:.1f} ms of CPU")


def _first_time(pages: Sequence[SourceText]) -> None:
    runs.cache_clear()
    merges(pages)


def _spent(work: Callable[[], object]) -> float:
    begun = process_time()
    work()
    return process_time() - begun


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description="Measure how contradictions and copies are found.")
    parser.add_argument("data", type=Path, help="folder of the development data")
    parser.add_argument("--wrong", default="", help="print the development pairs of this kind that are judged wrongly")
    arguments = parser.parse_args()
    documents = read_documents(arguments.data)
    for name, held in (("development", False), ("held out", True)):
        pairs = made_pairs([each for each in documents if is_held_out(each.id) == held], _EACH)
        judged = [(pair, bool(found(pair))) for pair in pairs]
        print_pairs(f"Made contradictions, {name}", judged)
        if arguments.wrong and not held:
            _print_wrong(judged, arguments.wrong)
    natural = list(natural_pairs(arguments.data))
    for origin in dict.fromkeys(pair.origin for pair, _ in natural):
        print_pairs(origin, [(pair, bool(found(pair, claim))) for pair, claim in natural if pair.origin == origin])
    real = [(told, contradictions(question, told)) for question, told in same_question(arguments.data)]
    compared = sum(len(told) * (len(told) - 1) // 2 for told, _ in real)
    alarms = [each for _, every in real for each in every]
    print(f"\nReal pages of one question: {sum(not each.is_change for each in alarms)} conflicts and"
          f" {sum(each.is_change for each in alarms)} changes in {compared} pairs of statements")  # fmt: skip
    articles = read_articles(arguments.data)
    for name, held in (("development", False), ("held out", True)):
        print_copies(f"Copies, {name}", copy_pairs(articles, held_out=held))
    print_times(arguments.data)


def _print_wrong(judged: Sequence[tuple[Pair, bool]], origin: str) -> None:
    for pair, is_found in judged:
        if pair.origin == origin and is_found != pair.is_conflict:
            print(
                f"  {pair.first}\n  {pair.second}\n  {[(e.kind, e.older.value, e.newer.value) for e in found(pair)]}\n"
            )


if __name__ == "__main__":
    main()
