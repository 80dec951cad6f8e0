"""Claims and evidence that an entailment model learns from: made-up pairs and those of the labelled sets.

A made-up claim is a sentence of a text, reworded, beside its paragraph. Supported and unsupported ones are reworded
alike, and what is false stands in the claim as often as in the evidence, so that neither the wording nor the place
gives the answer away.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from ..agent.verifiers.gathered import gathered
from .corruptions import Around, Corruption, corruptions, names_of
from .datasets import read_rows
from .entailment_texts import Example, _share, sentences_of
from .paraphrases import bound_number, misbound_number, paraphrase, reword

_WORDS = (8, 45)  # of a sentence that a claim is made of
_MOST = 130  # words of evidence
_NEAR = 100  # words of a paragraph around a made-up claim

Text = tuple[str, ...]
Maker = Callable[[Text, int, tuple[int, int], random.Random], tuple[str, str] | None]


def made_up(texts: Sequence[Text], count: int, draw: random.Random) -> list[Example]:
    """`count` made-up pairs, a little less than half of them supported, each text drawn as often as the others."""
    examples: list[Example] = []
    pool = [text for text in texts if any(_is_usable(sentence) for sentence in text)]
    while len(examples) < count:
        text = draw.choice(pool)
        at = draw.choice([n for n, sentence in enumerate(text) if _is_usable(sentence)])
        near = _paragraph(text, at, draw)
        kind, make, is_supported = draw.choices(_MADE, weights=_SHARES)[0]
        if made := make(text, at, near, draw):
            examples.append(Example(claim=made[0], evidence=made[1], is_supported=is_supported, kind=kind))
    return examples


def _said(text: Text, at: int, near: tuple[int, int], draw: random.Random) -> tuple[str, str] | None:
    claim = text[at]
    if draw.random() < 0.15:
        claim = bound_number(claim, draw) or claim
    elif draw.random() < 0.12 and near[1] - near[0] > 1:
        other = at + 1 if at + 1 < near[1] else at - 1
        claim = _joined(claim, text[other], draw)
    return paraphrase(claim, draw), _evidence(text, near)


def _said_in_other_words(text: Text, at: int, near: tuple[int, int], draw: random.Random) -> tuple[str, str] | None:
    return paraphrase(text[at], draw), _evidence(text, near, at, reword(text[at], draw))


def _changed_claim(text: Text, at: int, near: tuple[int, int], draw: random.Random) -> tuple[str, str] | None:
    evidence = _evidence(text, near)
    made = _corrupted(paraphrase(text[at], draw), text, evidence, draw)
    return (made.text, evidence) if made else None


def _changed_evidence(text: Text, at: int, near: tuple[int, int], draw: random.Random) -> tuple[str, str] | None:
    made = _corrupted(text[at], text, _evidence(text, near), draw)
    if made is None or made.kind in ("scope", "hedge"):  # what is said of all is said of some
        return None
    return reword(text[at], draw), _evidence(text, near, at, made.text)


def _misbound(text: Text, at: int, near: tuple[int, int], draw: random.Random) -> tuple[str, str] | None:
    claim = misbound_number(text[at], draw)
    return (paraphrase(claim, draw, 1), _evidence(text, near)) if claim else None


def _left_out(text: Text, at: int, near: tuple[int, int], draw: random.Random) -> tuple[str, str] | None:
    evidence = _evidence(text, near, at, "")
    if not evidence or _share(text[at], evidence) > 0.6:
        return None
    return paraphrase(text[at], draw), evidence


def _from_elsewhere(text: Text, at: int, near: tuple[int, int], draw: random.Random) -> tuple[str, str] | None:
    evidence = _evidence(text, near)
    others = [
        s for n, s in enumerate(text) if not near[0] <= n < near[1] and _is_usable(s) and _share(s, evidence) < 0.6
    ]
    return (paraphrase(draw.choice(others), draw), evidence) if others else None


def _half_said(text: Text, at: int, near: tuple[int, int], draw: random.Random) -> tuple[str, str] | None:
    evidence = _evidence(text, near)
    others = [s for n, s in enumerate(text) if not near[0] <= n < near[1] and 4 < len(s.split()) < 25]
    others = [s for s in others if _share(s, evidence) < 0.6]
    return (_joined(paraphrase(text[at], draw, 2), draw.choice(others), draw), evidence) if others else None


_MADE: tuple[tuple[str, Maker, bool], ...] = (
    ("said", _said, True), ("said in other words", _said_in_other_words, True),
    ("changed claim", _changed_claim, False),
    ("changed evidence", _changed_evidence, False), ("misbound", _misbound, False), ("left out", _left_out, False),
    ("from elsewhere", _from_elsewhere, False), ("half said", _half_said, False),
)  # fmt: skip
_SHARES = (30, 15, 25, 17, 12, 8, 4, 7)


def _corrupted(sentence: str, text: Text, evidence: str, draw: random.Random) -> Corruption | None:
    around = Around(evidence=evidence, names=names_of(text[:200]))
    return next(corruptions(sentence, around, draw), None)


def _paragraph(text: Text, at: int, draw: random.Random) -> tuple[int, int]:
    """The sentences [start, end) around `at`, up to five more and `_NEAR` words."""
    start = end = at
    end += 1
    for _ in range(draw.randint(0, 5)):
        grown = (start - 1, end) if draw.random() < 0.5 else (start, end + 1)
        if grown[0] >= 0 and grown[1] <= len(text) and sum(len(s.split()) for s in text[slice(*grown)]) <= _NEAR:
            start, end = grown
    return start, end


def _evidence(text: Text, near: tuple[int, int], at: int = -1, instead: str = "") -> str:
    return " ".join(s for n in range(*near) if (s := instead if n == at else text[n]))


def _joined(left: str, right: str, draw: random.Random) -> str:
    if draw.random() < 0.5:
        return f"{left} {right}"
    keeps_capital = right.split()[0] not in ("The", "It", "He", "She", "They", "In", "This", "These", "A", "An", "We")
    right = right if keeps_capital else right[0].lower() + right[1:]
    return f"{left.rstrip('.')}, {draw.choice(('and', 'while', 'and'))} {right}"


def _is_usable(sentence: str) -> bool:
    many = len(sentence.split())
    letters = sum(c.isalpha() or c == " " for c in sentence)
    return _WORDS[0] <= many <= _WORDS[1] and letters > 0.8 * len(sentence) and sentence[-1] in '.!?"”'


def labelled(claims: Path, draw: random.Random) -> list[Example]:
    """Examples of the labelled sets in `claims`; the kind begins with the set's name, the group is the document."""
    return [
        *_wice(claims / "wice", draw),
        *_scifact(claims / "scifact_partial", draw),
        *_fm2(claims / "fm2/items.jsonl"),
        *_summedits(claims / "summedits", draw),
    ]


def _wice(folder: Path, draw: random.Random) -> Iterator[Example]:
    pages = {row["page_id"]: row["sentences"] for row in read_rows(folder / "pages.jsonl.gz")}
    for row in read_rows(folder / "claims.jsonl"):
        claim, cited = row["claim"], row["cited_pages"]
        group, is_supported = f"wice:{cited[0]}", row["label"] == "supported"
        page = gathered(claim, ["\n".join(pages[p]) for p in cited], _MOST)
        yield Example(claim=claim, evidence=page, is_supported=is_supported, kind="wice", group=group)
        if marked := row["supporting"]:
            chosen = " ".join(pages[place["page_id"]][place["sentence"]] for place in marked[0])
            yield Example(claim=claim, evidence=chosen, is_supported=is_supported, kind="wice marked", group=group)
        if is_supported:
            used = {(place["page_id"], place["sentence"]) for some in marked for place in some}
            rest = ["\n".join(s for n, s in enumerate(pages[p]) if (p, n) not in used) for p in cited]
            yield Example(claim=claim, evidence=gathered(claim, rest, _MOST), is_supported=False, kind="wice rest",
                          group=group, weight=0.5)  # fmt: skip
            yield from _made_false(claim, page, "wice changed", group, draw)
    for row in read_rows(folder / "non_supported_tokens.jsonl"):
        text = ["\n".join(pages[p]) for p in row["cited_pages"]]
        yield Example(claim=row["claim"], evidence=gathered(row["claim"], text, _MOST), is_supported=False,
                      kind="wice part", group=f"wice:{row['cited_pages'][0]}", weight=0.7)  # fmt: skip


def _scifact(folder: Path, draw: random.Random) -> Iterator[Example]:
    abstracts = {row["doc_id"]: row["text"] for row in read_rows(folder / "corpus.jsonl.gz")}
    for row in read_rows(folder / "claims.jsonl"):
        claim, is_supported = row["claim"], row["label"] == "SUPPORT"
        if not row["label"]:
            continue
        group = f"scifact:{row['relevant'][0]}"
        whole = gathered(claim, [abstracts[doc] for doc in row["relevant"]], _MOST)
        yield Example(claim=claim, evidence=whole, is_supported=is_supported, kind="scifact", group=group, weight=1.5)
        for doc, marks in row["evidence_sentences"].items():
            if doc not in abstracts:
                continue
            split = sentences_of(abstracts[doc])
            for mark in marks:
                if max(mark["sentences"]) < len(split):
                    chosen = " ".join(split[n] for n in mark["sentences"])
                    yield Example(claim=claim, evidence=chosen, is_supported=mark["label"] == "SUPPORT",
                                  kind="scifact marked", group=group)  # fmt: skip
            used = {n for mark in marks for n in mark["sentences"]}
            rest = gathered(claim, [s for n, s in enumerate(split) if n not in used], _MOST)
            yield Example(claim=claim, evidence=rest, is_supported=False, kind="scifact rest", group=group, weight=0.3)
        if is_supported:
            yield from _made_false(claim, whole, "scifact changed", group, draw)


def _fm2(path: Path) -> Iterator[Example]:
    for row in read_rows(path):
        claim, group, is_supported = row["text"], f"fm2:{row['wikipedia_page']}", row["label"] == "SUPPORTS"
        gold = [part["text"] for part in row["gold_evidence"]]
        retrieved = [part["text"] for part in row["retrieved_evidence"]]
        yield Example(
            claim=claim, evidence=" ".join(gold), is_supported=is_supported, kind="fm2", group=group, weight=2
        )
        yield Example(claim=claim, evidence=gathered(claim, [*gold, *retrieved], _MOST), is_supported=is_supported,
                      kind="fm2 among others", group=group)  # fmt: skip
        if is_supported:
            rest = [text for text in retrieved if text not in gold]
            yield Example(claim=claim, evidence=gathered(claim, rest, _MOST), is_supported=False, kind="fm2 rest",
                          group=group, weight=0.3)  # fmt: skip


def _summedits(folder: Path, draw: random.Random) -> Iterator[Example]:
    """The summary and its changed sentences beside the document, and beside the summary that it was edited from."""
    documents = {row["doc_id"]: row["text"] for row in read_rows(folder / "docs.jsonl.gz")}
    rows = list(read_rows(folder / "items.jsonl"))
    for row in rows:
        claim, original, group = row["summary"], row["original_summary"], f"summedits:{row['doc_id']}"
        is_supported, document = row["label"] == 1, [documents[row["doc_id"]]]
        if draw.random() < 0.5:  # there are 400 and they are long
            near = gathered(claim, document, _MOST)
            yield Example(claim=claim, evidence=near, is_supported=is_supported, kind="summedits", group=group)
        known = set(sentences_of(original))
        new = [s for s in sentences_of(claim) if s not in known]
        if not is_supported and len(new) > 1:  # one of them is wrong, and nobody says which
            yield Example(claim=claim, evidence=original, is_supported=False, kind="summedits original", group=group)
        else:
            for sentence in new:
                yield Example(claim=sentence, evidence=gathered(sentence, document, _MOST), is_supported=is_supported,
                              kind="summedits sentence", group=group)  # fmt: skip
                yield Example(claim=sentence, evidence=original, is_supported=is_supported,
                              kind="summedits sentence original", group=group)  # fmt: skip


def _made_false(claim: str, evidence: str, kind: str, group: str, draw: random.Random) -> Iterator[Example]:
    around = Around(evidence=evidence, names=names_of(sentences_of(evidence)))
    for number, made in enumerate(corruptions(claim, around, draw)):
        if number < 2:
            yield Example(claim=made.text, evidence=evidence, is_supported=False, kind=kind, group=group, weight=0.7)
