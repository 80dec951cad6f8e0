"""How well questions are understood and routed: the labelled questions of `routing.jsonl` and their scores.

`python -m fontes.evals.routing` prints the share that is right, with 95 % bootstrap intervals, and every miss.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np

from ..agent.deps import AtHand, Limits
from ..agent.state import Intent, Plan, Query, Route, State
from ..agent.steps.route import planned
from ..agent.steps.understand import understood
from .logistic import interval

Half = Literal["development", "held_out", "second_held_out", "third_held_out"]
Measure = Literal["route", "intent", "window", "fresh", "place", "sites", "sub_questions"]
MEASURES: tuple[Measure, ...] = ("route", "intent", "window", "fresh", "place", "sites", "sub_questions")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A question, what there is to take it to, and what is right; None where the label says nothing.

    `sub_questions` is how many there are, 0 for a question that must stay whole.
    """

    question: str
    today: date
    half: Half
    at_hand: AtHand
    urls: tuple[str, ...] = ()
    routes: tuple[Route, ...]
    intent: Intent
    since: str
    until: str
    fresh: bool
    place: str | None = None
    sites: tuple[str, ...] | None = None
    sub_questions: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A labelled question with what the rules made of it; `right` holds the measures that its label speaks of."""

    labelled: Labelled
    query: Query
    plan: Plan
    right: dict[Measure, bool]


def read_labelled(path: Path | None = None) -> tuple[Labelled, ...]:
    """The labelled questions, by default those that come with the package."""
    lines = (path or files("fontes.evals") / "routing.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(_labelled(json.loads(line)) for line in lines if line)


def _labelled(row: dict[str, Any]) -> Labelled:
    at_hand, expect = row["at_hand"], row["expect"]
    web = bool(at_hand["web"])
    return Labelled(
        question=row["question"],
        today=date.fromisoformat(row["today"]),
        half=row["half"],
        at_hand=AtHand(index_pages=at_hand["index_pages"], web=web, providers=("any",) if web else ()),
        urls=tuple(at_hand.get("urls", ())),
        routes=tuple(expect["routes"]),
        intent=expect["intent"],
        since=expect["since"],
        until=expect["until"],
        fresh=expect["fresh"],
        place=expect.get("place"),
        sites=tuple(expect["sites"]) if "sites" in expect else None,
        sub_questions=expect.get("sub_questions"),
    )


def judge(labelled: Labelled) -> Judged:
    """Understand and route one question and compare with its label."""
    query = understood(labelled.question, today=labelled.today, longest=Limits().question)
    state = State(run="", question=labelled.question, asked="", urls=labelled.urls, query=query)
    plan = planned(state, at_hand=labelled.at_hand, today=labelled.today)
    right: dict[Measure, bool] = {
        "route": plan.routes == labelled.routes,
        "intent": query.intent == labelled.intent,
        "window": (query.since, query.until) == (labelled.since, labelled.until),
        "fresh": query.fresh == labelled.fresh,
    }
    if labelled.place is not None:
        right["place"] = query.place == labelled.place
    if labelled.sites is not None:
        right["sites"] = query.sites == labelled.sites
    if labelled.sub_questions is not None:
        right["sub_questions"] = len(query.sub_questions) == labelled.sub_questions
    return Judged(labelled=labelled, query=query, plan=plan, right=right)


def rate(judged: Sequence[Judged], measure: Measure) -> tuple[float, float, float, int]:
    """Share of right ones, its 95 % bootstrap interval over questions, and how many labels speak of `measure`.

    Raises:
        ValueError: none of them does.
    """
    hits = np.array([one.right[measure] for one in judged if measure in one.right], dtype=float)
    if not hits.size:
        raise ValueError(f"no question is labelled with {measure}")
    low, high = interval(lambda rows: float(hits[rows].mean()), hits.size)
    return float(hits.mean()), low, high, hits.size


def _miss(one: Judged) -> str:
    made: dict[Measure, object] = {
        "route": one.plan.routes,
        "intent": one.query.intent,
        "window": (one.query.since, one.query.until),
        "fresh": one.query.fresh,
        "place": one.query.place,
        "sites": one.query.sites,
        "sub_questions": one.query.sub_questions,
    }
    wrong = "; ".join(f"{measure}: {made[measure]}" for measure, right in one.right.items() if not right)
    return f"[{one.labelled.half}] {one.labelled.question}\n    {wrong}"


def report(judged: Sequence[Judged]) -> str:
    """The rates of each half and every miss, as text."""
    lines: list[str] = []
    for half in get_args(Half):
        rows = [one for one in judged if one.labelled.half == half]
        lines += [f"{half}: {len(rows)} questions"] if rows else []
        for measure in MEASURES:
            if any(measure in one.right for one in rows):
                share, low, high, count = rate(rows, measure)
                lines.append(f"  {measure:<14} {share:.3f}  [{low:.3f}, {high:.3f}]  of {count}")
    return "\n".join([*lines, *(_miss(one) for one in judged if not all(one.right.values()))])


if __name__ == "__main__":
    print(report([judge(labelled) for labelled in read_labelled()]))
