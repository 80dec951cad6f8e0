"""Pages and what others make of them: copies with other frames, headlines and lengths, and quotations in other pages.

| what is paired with a page | counts as |
|---|---|
| itself with 40 to 120 words of another site's frame before and after it | a copy |
| itself without its first and last tenth | a copy |
| itself under another headline | a copy |
| its first 80 to 200 words | a copy |
| itself with every twentieth word replaced | a copy |
| a page about something else that quotes its supporting paragraph | a copy of that paragraph |
| a page of another publisher that was found for the same question | none |
| a page that was found for another question | none |

The pages are RealtimeQA's results (text of at least 200 words). All get addresses of their own, so that only the text
speaks. Pages of one publisher for one question are not judged: their updates share whole paragraphs, and are copies in
truth. Questions are parted into development and held-out ones by a hash.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

from ..agent.verifiers.sources.independence import SourceText, groups, merges
from ..agent.verifiers.sources.organisations import registrable_domain
from .contradiction_pairs import SEED, is_held_out
from .datasets import read_rows

_LEAST_WORDS = 200
_FRAME = (
    "Skip to main content",
    "Sign up for our daily newsletter and never miss a story.",
    "Share this article on Facebook, Twitter or by e-mail.",
    "We use cookies to improve your experience. By continuing you agree to our terms of use.",
    "Subscribe now for unlimited access to all of our articles.",
    "Read more: the ten stories that everyone is talking about this week.",
    "Advertisement. Story continues below.",
    "Follow us for the latest updates from your region.",
    "All rights reserved. This material may not be published, broadcast, rewritten or redistributed.",
    "Most read today in this section.",
    "Have a tip for our reporters? Write to our newsroom.",
    "Weather, traffic and events near you, every morning at seven.",
)
_HEADLINES = (
    "What we know so far", "Here is everything you need to know today", "Officials respond as the story unfolds",
    "The latest from our newsroom", "Five questions, answered",
)  # fmt: skip
_OTHER_WORDS = [
    "further",
    "recently",
    "nearly",
    "notably",
    "however",
    "local",
    "public",
    "various",
    "certain",
    "given",
    "current",
    "general",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A page of a question: its text, who published it, and the paragraph nearest to the question."""

    question: str
    publisher: str
    text: str
    passage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyPair:
    """Two pages, how the second was made, and whether they are one source."""

    first: SourceText
    second: SourceText
    origin: str
    is_copy: bool


def read_articles(folder: Path) -> tuple[Article, ...]:
    """The pages of all questions under `folder` (`…/data`) that are long enough, each text once."""
    found: dict[str, Article] = {}
    for row in read_rows(folder / "web/realtimeqa/questions.jsonl.gz"):
        for result in row["results"]:
            text = result["text"]
            if len(text.split()) >= _LEAST_WORDS:
                found.setdefault(text, _article(row, result))
    return tuple(found.values())


def _article(row: dict[str, Any], result: dict[str, Any]) -> Article:
    text, wanted = result["text"], set(row["question"].lower().split())
    passages = _passages(text)
    passage = max(passages, key=lambda each: len(wanted & set(each.lower().split())))
    publisher = registrable_domain(result["url"])
    return Article(question=row["question"], publisher=publisher, text=text, passage=passage)


def _passages(text: str) -> list[str]:
    """Stretches of whole lines of 40 to 100 words, or of 60 words where lines are longer."""
    words = text.split()
    return [" ".join(words[at : at + 60]) for at in range(0, max(1, len(words) - 40), 60)]


def copy_pairs(articles: Sequence[Article], *, held_out: bool) -> tuple[CopyPair, ...]:
    """All pairs of one side of the split; of pages of two questions as many as there are of one."""
    draw = Random(SEED)
    ours = [article for article in articles if is_held_out(article.question) == held_out]
    copies = [_copy(article, way, ours, draw) for article in ours for way in WAYS]
    same_event = [
        _pair(one, other, "same question, other publisher")
        for one, other in combinations(ours, 2)
        if one.question == other.question and one.publisher != other.publisher
    ]
    unrelated = [(a, b) for a, b in combinations(ours, 2) if a.question != b.question]
    chosen = draw.sample(unrelated, min(len(unrelated), max(len(same_event), 500)))
    return (*copies, *same_event, *(_pair(one, other, "other question") for one, other in chosen))


def _pair(one: Article, other: Article, origin: str) -> CopyPair:
    return CopyPair(first=_source(one, 0), second=_source(other, 1), origin=origin, is_copy=False)


def _source(article: Article, number: int) -> SourceText:
    return SourceText(source=f"https://site-{number}.example/a", text=article.text, passage=article.passage)


Way = Callable[[Article, Sequence[Article], Random], str]


def _copy(article: Article, way: str, others: Sequence[Article], draw: Random) -> CopyPair:
    text = WAYS[way](article, others, draw)
    second = SourceText(source="https://site-1.example/a", text=text)
    return CopyPair(first=_source(article, 0), second=second, origin=way, is_copy=True)


def _framed(article: Article, _: Sequence[Article], draw: Random) -> str:
    frame = draw.sample(_FRAME, draw.choice([4, 6, 8]))
    half = len(frame) // 2
    return "\n".join((*frame[:half], article.text, *frame[half:]))


def _cut(article: Article, _: Sequence[Article], draw: Random) -> str:
    words = article.text.split()
    tenth = len(words) // 10
    return " ".join(words[tenth : len(words) - tenth])


def _renamed(article: Article, _: Sequence[Article], draw: Random) -> str:
    return f"{draw.choice(_HEADLINES)}\n" + " ".join(article.text.split()[draw.choice([8, 12, 15]) :])


def _truncated(article: Article, _: Sequence[Article], draw: Random) -> str:
    return " ".join(article.text.split()[: draw.choice([80, 120, 200])])


def _edited(article: Article, _: Sequence[Article], draw: Random) -> str:
    words = article.text.split()
    return " ".join(draw.choice(_OTHER_WORDS) if draw.random() < 0.05 else word for word in words)


def _quoted(article: Article, others: Sequence[Article], draw: Random) -> str:
    host = draw.choice([other for other in others if other.question != article.question])
    words = host.text.split()
    at = draw.randrange(len(words) // 4, max(len(words) // 4 + 1, 3 * len(words) // 4))
    return " ".join(words[:at]) + f"\nThe statement reads: “{article.passage}”\n" + " ".join(words[at:])


WAYS: dict[str, Way] = {
    "another frame": _framed,
    "first and last tenth cut": _cut,
    "another headline": _renamed,
    "first paragraphs only": _truncated,
    "every twentieth word replaced": _edited,
    "supporting paragraph quoted": _quoted,
}


def is_merged(pair: CopyPair) -> bool:
    """Whether the two count as one source."""
    return len(groups(2, merges((pair.first, pair.second)))) == 1
