"""How likely a sentence answers the question: small logistic models over what found and ranked it.

The weights are in `answerability.json`, fitted by `evals/fit_answerability.py` (which prints how well they do). A
probability is stated for the base rate at which .5 keeps nine of ten questions that can be answered, see ADR 0007: so
`THRESHOLD` is .5 whatever was at hand to score with.
"""

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

THRESHOLD = 0.5

# The most that a sentence on another year, or thing, than the asked one can have: set, not fitted, since the sets hold
# too few such questions (of 10 that name a year in ClapNQ, Chroma and RealtimeQA one right and one wrong answer is
# withheld; one names a thing by a number, and its page holds it).
_OTHER_THING = 0.2

# None seen in n may still be 3 of n (the "rule of three", Hanley and Lippman-Hand 1983). With 1 in its place .14 of the
# answers are wrong on held-out documents where .05 is asked for.
_UNSEEN = 3

Level = Literal["full", "reranker", "embedder", "lexical"]

SIGNALS: dict[Level, tuple[str, ...]] = {
    "full": ("sentence", "passage", "cosine", "focus"),
    "reranker": ("sentence", "passage", "focus"),
    "embedder": ("cosine", "passage_coverage", "focus"),
    "lexical": ("sentence_coverage", "passage_coverage"),
}
"""What each level reads. Of the words in common only `focus` adds to a cross-encoder, the coverages weigh zero; to
the words alone it adds nothing (recall at the shipped point, mean of the mixes, .46 without, .37 with)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What is known of one sentence as an answer.

    `sentence` and `passage` are cross-encoder logits of the question with the sentence and with its passage;
    `cosine` is that of question and passage embeddings; each None when that model is not at hand. `sentence_coverage`
    and `passage_coverage` are the idf-weighted shares, in [0, 1], of the question's content words that the sentence
    (with its title and the question that stands before it) and its passage (with its title) hold. `focus`, in
    [0, 1], is 1 where the passage itself holds a third of what the question asks beyond the title. `in_time` is False
    for a passage that holds none of the years that the question names, `is_known` False where the question names a
    thing by a number ("Boeing 797") that no passage found holds.
    """

    sentence: float | None = None
    passage: float | None = None
    cosine: float | None = None
    sentence_coverage: float
    passage_coverage: float
    focus: float
    in_time: bool = True
    is_known: bool = True

    @property
    def level(self) -> Level:
        """Which of the models can be used: the one that reads the most of these signals."""
        if self.sentence is None or self.passage is None:
            return "lexical" if self.cosine is None else "embedder"
        return "reranker" if self.cosine is None else "full"

    def get(self, name: str) -> float:
        """The signal of that name, which must be at hand."""
        value = getattr(self, name)
        if value is None:
            raise KeyError(name)
        return float(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The shares of held-out questions with and without an answer whose relevance is at least each of `thresholds`.

    `cases` is how many questions without an answer there are.
    """

    cases: int
    thresholds: tuple[float, ...]
    answerable: tuple[float, ...]
    unanswerable: tuple[float, ...]

    def wrong_share(self, place: int, answerable: float, *, more: int = 0) -> float:
        """The share without an answer among what the threshold at `place` lets through, `answerable` of 1 having one.

        As if `more` cases without an answer had been seen, and let through. 0.0 where nothing is let through.
        """
        through = (self.cases * self.unanswerable[place] + more) / (self.cases + more)
        right, wrong = answerable * self.answerable[place], (1 - answerable) * through
        return wrong / (right + wrong) if right + wrong else 0.0

    def threshold(self, wrong_share: float, answerable: float) -> float:
        """The least threshold that lets at most `wrong_share` through, and none above it more; 1.0 if none is known."""
        least = 1.0
        for place in reversed(range(len(self.thresholds))):
            if self.wrong_share(place, answerable) > wrong_share:
                break
            if self.wrong_share(place, answerable, more=_UNSEEN) <= wrong_share:
                least = self.thresholds[place]
        return least


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """The fitted weights and the models whose scores they were fitted to; other models' scores mean something else.

    The probabilities are stated for questions of which `base_rates` have an answer.
    """

    version: int
    reranker: str
    embedder: str
    weights: dict[Level, dict[str, float]]
    intercepts: dict[Level, float]
    base_rates: dict[Level, float]
    answered: dict[Level, Answered]

    def probability(self, signals: Signals) -> float:
        """The probability in [0, 1] that the sentence answers the question."""
        level = signals.level
        z = self.intercepts[level] + sum(weight * signals.get(name) for name, weight in self.weights[level].items())
        likely = 1 / (1 + math.exp(-max(-40.0, min(40.0, z))))
        return likely if signals.in_time and signals.is_known else min(likely, _OTHER_THING)


@cache
def fitted() -> Fitted:
    """The weights that ship with the package."""
    data = json.loads(files("fontes.agent").joinpath("answerability.json").read_text(encoding="utf-8"))
    return Fitted(
        version=data["version"],
        reranker=data["reranker"],
        embedder=data["embedder"],
        weights={level: model["weights"] for level, model in data["levels"].items()},
        intercepts={level: model["intercept"] for level, model in data["levels"].items()},
        base_rates={level: model["base_rate"] for level, model in data["levels"].items()},
        answered={
            level: Answered(
                cases=model["answered"]["cases"],
                thresholds=tuple(model["answered"]["thresholds"]),
                answerable=tuple(model["answered"]["answerable"]),
                unanswerable=tuple(model["answered"]["unanswerable"]),
            )
            for level, model in data["levels"].items()
        },
    )


def level_with(reranker: str | None, embedder: str | None) -> Level:
    """The level of the sentences that are shown, from the names of the models at hand (None: none)."""
    models = reranker == fitted().reranker, embedder == fitted().embedder
    levels: dict[tuple[bool, bool], Level] = {
        (True, True): "full",
        (True, False): "reranker",
        (False, True): "embedder",
        (False, False): "lexical",
    }
    return levels[models]


def threshold_for(wrong_share: float, *, level: Level = "full", answerable: float = 0.5) -> float:
    """The least relevance that keeps "at most `wrong_share` of the answers are wrong".

    Wrong is an answer to a question that the pages do not answer; measured on the held-out questions the weights were
    fitted on, for a stream of which `answerable` have an answer. It holds for questions like those: where many pages
    are on the topic and do not answer, two to three times as much is wrong (`docs/figures.md`). 1.0, which nothing
    reaches, where the calibration cannot show so little risk.

    Raises:
        ValueError: a share is outside of (0, 1).
    """
    if not (0 < wrong_share < 1 and 0 < answerable < 1):
        raise ValueError(f"a share lies between 0 and 1: {wrong_share}, {answerable}")
    return fitted().answered[level].threshold(wrong_share, answerable)
