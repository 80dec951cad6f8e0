"""What one changed fact does to a verdict: numbers, dates and names of true claims replaced by others like them.

    python -m fontes.evals.corruption_test ../shared/data [--half test|development] [--show N]

| set | true claims | cited text |
|---|---|---|
| wice | supported by the sentences that were marked | those sentences |
| wice pages | the same claims | the whole cited pages |
| fm2 | the adversarial claim is true | the gold sentences |
| scifact | the abstract supports it | the abstract |
| clapnq | sentences that were selected as the answer | the passage |
| page sentences | sentences of the WiCE pages and of news articles | the sentence and its neighbours |

Claims of wice, fm2 and scifact are worded in their own way (`paraphrased`); `cited spans` are all but the whole pages,
which no answer cites. The title of the page, where one is known, stands before the cited text. The rules were developed
on one half of the documents (by their hash); the other half is what is reported. Intervals are from documents drawn
with repetition.

A changed claim counts as caught if its label is not `supported`. Beside all changed claims stand those whose unchanged
form is supported: what is not supported anyway is no catch. A true claim is lost if the model alone would support it
and the hard checks do not.
"""

import argparse
import hashlib
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..agent.verifiers.features import compare
from ..agent.verifiers.lexical import judge, log_odds, model_score, shipped
from ..agent.verifiers.reading.dates import dates
from ..agent.verifiers.reading.facts import line
from ..agent.verifiers.reading.names import names
from ..agent.verifiers.reading.quantities import agree, quantities
from ..agent.verifiers.reading.words import SPELLED
from ..retrievers.sentences import sentence_spans
from .datasets import read_rows
from .logistic import interval
from .one_change import MONTHS, WEEKDAYS, Kind, changed_at
from .other_numbers import added, far, near, swapped
from .train_verifier import read_claims

KINDS = ("number", "date", "name")
_TRIES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A true claim with the texts it cites, its document, and the names of that document."""

    set: str
    document: str
    claim: str
    evidence: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A case with one fact of `kind` changed from `was` to `now`."""

    case: Case
    kind: str
    claim: str
    was: str
    now: str


def cases(data: Path) -> list[Case]:
    """All true claims of the sets above."""
    found: list[Case] = []
    sets = read_claims(data / "claims")
    pages = {row["page_id"]: row for row in read_rows(data / "claims/wice/pages.jsonl.gz")}
    for name, label in (("wice/sentences", "wice"), ("wice", "wice pages"), ("fm2", "fm2"), ("scifact", "scifact")):
        for pair in sets[name]:
            page = pages.get(pair.group)
            title = page["title"] if page else pair.group if name == "fm2" else ""
            about = page["sentences"] if page else ()
            if pair.is_supported:
                found.append(_case(label, pair.group, pair.claim, (title, *pair.evidence), about))
    passages = {row["passage_id"]: row for row in read_rows(data / "qa/clapnq/passages.jsonl.gz")}
    for row in read_rows(data / "qa/clapnq/questions.jsonl"):
        passage = passages[row["passage_id"]]
        cited = (passage["title"], passage["text"])
        found += [
            _case("clapnq", row["passage_id"], sentence, cited)
            for answer in row["answers"][:1]
            for sentence in answer["selected_sentences"]
        ]
    return found + list(_page_sentences(data))


def _page_sentences(data: Path) -> Iterator[Case]:
    draw = random.Random(11)
    pages = [(row["page_id"], row["title"], [s for s in row["sentences"] if not s.startswith("(meta data)")])
             for row in read_rows(data / "claims/wice/pages.jsonl.gz")]  # fmt: skip
    for number, row in enumerate(read_rows(data / "extraction/scrapinghub/gold.jsonl")):
        text = row["articleBody"]
        pages.append((f"news {number}", "", [text[a:b] for a, b in sentence_spans(text)]))
    for page, title, sentences in pages:
        usable = [
            n for n, s in enumerate(sentences) if 8 <= len(s.split()) <= 45 and s[0].isupper() and s[-1] in '.!”"'
        ]
        for at in draw.sample(usable, min(3, len(usable))):
            near = sentences[max(0, at - 1) : at + 2]
            yield _case("page sentences", page, sentences[at], (title, " ".join(near)), sentences)


def _case(name: str, document: str, claim: str, evidence: Sequence[str], about: Sequence[str] = ()) -> Case:
    texts = tuple(text for text in evidence if text)
    return Case(set=name, document=document, claim=claim, evidence=texts, names=_names_of(about or texts))


def _names_of(texts: Sequence[str]) -> tuple[str, ...]:
    """The names in the sentences of a document, those of headings and lists left out."""
    told = (text[a:b] for text in texts for a, b in sentence_spans(text))
    found = (name for s in told if len(s.split()) >= 8 and s.rstrip("\"”'").endswith(".") for name in names(s))
    return tuple(dict.fromkeys(name.text for name in found if len(name.text) > 2))


def changed(case: Case) -> Iterator[Changed]:
    """The case with one number, one date and one name changed, as far as it has them; the same each time."""
    draw = random.Random(hashlib.sha256(case.claim.encode()).hexdigest())
    changes: dict[Kind, Changer] = {"number": _change_number, "date": _change_date, "name": _change_name}
    for kind, change in changes.items():
        if made := change(case, draw):
            start, was, now = made
            claim = changed_at(kind, case.claim, start, was, now).text
            yield Changed(case=case, kind=kind, claim=claim, was=was, now=now)


Change = tuple[int, str, str]
Changer = Callable[[Case, random.Random], Change | None]


def _change_number(case: Case, draw: random.Random) -> Change | None:
    said = line(case.claim)
    spots = [(q, q.start + m.start(), m.group()) for q in said.numbers
             for m in re.finditer(r"\d+(?:[.,]\d+)*|[^\W\d_]+", case.claim[q.start : q.end])
             if m.group()[0].isdigit() or m.group().lower() in SPELLED]  # fmt: skip
    if not spots:
        return None
    quantity, start, was = draw.choice(spots)
    for _ in range(_TRIES):
        now = draw.choice((near, swapped, far))(was, draw)
        claim = changed_at("number", case.claim, start, was, now).text
        new = [q for q in quantities(claim) if q.start <= start < q.end]
        if new and not agree(new[0], quantity) and not agree(quantity, new[0]):
            return start, was, now
    return None


def _change_date(case: Case, draw: random.Random) -> Change | None:
    spots = [(m.start() + d.start, m.group()) for d in dates(case.claim)
             for m in re.finditer(r"\d+|[^\W\d_]{3,}", case.claim[d.start : d.end])
             if m.group()[0].isdigit() or m.group() in (*MONTHS, *WEEKDAYS)]  # fmt: skip
    if not spots:
        return None
    start, was = draw.choice(spots)
    if not was[0].isdigit():
        return start, was, draw.choice([word for word in (MONTHS if was in MONTHS else WEEKDAYS) if word != was])
    if len(was) == 4:
        now = swapped(was, draw) if draw.random() < 0.3 else added(was, draw.choice((-10, -3, -2, -1, 1, 2, 3, 10)))
        return start, was, now if "1000" < now < "2060" else added(was, -1)
    return start, was, str(draw.choice([day for day in range(1, 29) if day != int(was)]))


def _change_name(case: Case, draw: random.Random) -> Change | None:
    """A name replaced by another one of the document, of as many words where there is one."""
    said = list(names(case.claim))
    if not said:
        return None
    name = draw.choice(said)
    own = {word.casefold() for each in said for word in each.words}
    others = [n for n in case.names if not own & {word.casefold() for word in re.findall(r"\w+", n)}]
    alike = [n for n in others if len(n.split()) == len(name.text.split()) and n.isupper() == name.text.isupper()]
    if not alike:
        return None
    end = "'s" if name.text.endswith(("'s", "’s")) else ""
    return name.start, name.text, draw.choice(alike).removesuffix("'s").removesuffix("’s") + end


def is_supported(claim: str, evidence: Sequence[str]) -> bool:
    """Whether the verifier would let the claim stand."""
    return judge(claim, evidence).label == "supported"


def is_supported_by_the_model(claim: str, evidence: Sequence[str]) -> bool:
    """The same without any hard check."""
    found = compare(claim, evidence)
    return found is not None and model_score(found, log_odds(found, shipped())) >= shipped().supported_at


def half_of(document: str) -> str:
    """Which half of the documents this one is in."""
    return "test" if hashlib.sha256(document.encode()).digest()[0] % 2 else "development"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A rate in the table: the hits with their documents."""

    hits: tuple[bool, ...]
    documents: tuple[str, ...]

    def __str__(self) -> str:
        if not self.hits:
            return f"{'–':>20}"
        by_document: dict[str, list[bool]] = {}
        for hit, document in zip(self.hits, self.documents, strict=True):
            by_document.setdefault(document, []).append(hit)
        sums = np.array([(sum(hits), len(hits)) for hits in by_document.values()], dtype=np.float64)

        def rate(drawn: NDArray[np.int64]) -> float:
            return float(sums[drawn, 0].sum() / sums[drawn, 1].sum())

        low, high = interval(rate, len(sums))
        return f"{sum(self.hits) / len(self.hits):7.3f} {low:.2f}–{high:.2f} {len(self.hits):4}"


def row(items: Sequence[Case], hit: Callable[[int], bool]) -> Row:
    """The row of `items`, `hit` told their number."""
    return Row(hits=tuple(hit(n) for n in range(len(items))), documents=tuple(item.document for item in items))


def main() -> None:
    """Print what is caught and what is lost, by set and kind."""
    parser = argparse.ArgumentParser(description="Change one fact in true claims.")
    parser.add_argument("data", type=Path, help="folder of the development data")
    parser.add_argument("--half", choices=("test", "development"), default="test")
    parser.add_argument("--show", type=int, default=0, help="print this many misses and losses of each set")
    arguments = parser.parse_args()
    every = [case for case in cases(arguments.data) if half_of(case.document) == arguments.half]
    sets = list(dict.fromkeys(case.set for case in every))
    print(
        f"{'':16}{'lost':>20}{'supported':>20}"
        + "".join(f"{kind + ' caught':>20}{'of supported':>20}" for kind in KINDS)
    )
    together = {
        "paraphrased": ("wice", "fm2", "scifact"),
        "cited spans": tuple(name for name in sets if name != "wice pages"),
    }
    for name in [*sets, *together]:
        chosen = [case for case in every if case.set in together.get(name, (name,))]
        print(f"{name:16}" + "".join(f" {cell}" for cell in _cells(chosen, 0 if name in together else arguments.show)))


def _cells(chosen: Sequence[Case], show: int) -> Iterator[Row]:
    stands = {case: is_supported(case.claim, case.evidence) for case in chosen}
    before = [case for case in chosen if is_supported_by_the_model(case.claim, case.evidence)]
    yield row(before, lambda n: not stands[before[n]])
    yield row(chosen, lambda n: stands[chosen[n]])
    for case in [case for case in before if not stands[case]][:show]:
        print(f"  lost: {case.claim}\n        {judge(case.claim, case.evidence).reason}")
    every = [made for case in chosen for made in changed(case)]
    caught = {made: not is_supported(made.claim, made.case.evidence) for made in every}
    for kind in KINDS:
        of_kind = [made for made in every if made.kind == kind]
        for made in [made for made in of_kind if not caught[made]][:show]:
            print(f"  missed: {made.was} → {made.now}: {made.claim}")
        strict = [made for made in of_kind if stands[made.case]]
        for rows in (of_kind, strict):
            yield Row(hits=tuple(caught[m] for m in rows), documents=tuple(m.case.document for m in rows))


if __name__ == "__main__":
    main()
