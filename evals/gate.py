"""The gate: rules such as `citation_precision<-0.02`, and whether the difference of two runs breaks them.

A rule is broken when the difference passes its bound and chance does not explain it: the paired randomisation test has
to give a p-value of at most `alpha` for it. Several rules share `alpha` as Holm 1979, "A Simple Sequentially Rejective
Multiple Test Procedure", has it, so that a gate of ten rules cries wolf no more often than a gate of one.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Literal

from .paired import Paired

ALPHA = 0.05

_RULE = re.compile(
    r"\s*(?P<metric>[^\W\d][\w.@:/-]*?)\s*(?P<side>[<>])\s*(?P<number>[+\-−]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?)\s*(?P<percent>%?)\s*",
    re.IGNORECASE,
)
_GRAMMAR = (
    "A rule is METRIC<NUMBER or METRIC>NUMBER, where NUMBER is what B has over A: citation_precision<-0.02 fails when B"
    " is more than .02 below A, latency_s>10% when B is more than 10 % above A"
)


class GateError(Exception):
    """A rule that cannot be read or cannot be judged: which one, why, and what is allowed."""

    def __init__(self, rule: str, why: str, hint: str = _GRAMMAR) -> None:
        super().__init__(rule, why, hint)
        self.rule, self.why, self.hint = rule, why, hint

    def __str__(self) -> str:
        return f"--fail-on {self.rule!r}: {self.why}. {self.hint}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A bound on what B has over A: `<` fails below `bound` (at most 0), `>` above it (at least 0).

    A `relative` bound is a share of A's mean: -0.1 is ten per cent less.
    """

    metric: str
    side: Literal["<", ">"]
    bound: float
    relative: bool = False

    def __str__(self) -> str:
        return f"{self.metric}{self.side}{f'{self.bound * 100:.12g}%' if self.relative else f'{self.bound:.12g}'}"

    def is_passed(self, found: Paired) -> bool:
        """Whether the difference is beyond the bound, by chance or not."""
        bound = self.bound * abs(found.before) if self.relative else self.bound
        return found.difference < bound if self.side == "<" else found.difference > bound

    def p(self, found: Paired) -> float:
        """How often chance alone gives a difference that far to the side that the rule forbids."""
        return found.p_below if self.side == "<" else found.p_above


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A rule, what was found of its metric, and whether it is broken; `why` says it in a line."""

    rule: Rule
    found: Paired
    broken: bool
    why: str


NO_MORE_FAILURES = Rule(metric="failed", side=">", bound=0.0)
"""Held against every comparison whose rules say nothing about failed cases; chance is no excuse."""


def parse_rule(text: str) -> Rule:
    """Read a rule as it is written after `--fail-on`.

    Raises:
        GateError: it is none.
    """
    match = _RULE.fullmatch(text)
    if match is None:
        raise GateError(text, _unread(text))
    number = float(match["number"].replace("−", "-"))
    if not isfinite(number):
        raise GateError(text, "the number is too large")
    is_below = match["side"] == "<"
    if number > 0 if is_below else number < 0:
        raise GateError(
            text,
            f"the number is a difference, B − A, and a rule with {match['side']} takes one of"
            f" {'0 or less' if is_below else '0 or more'}",
        )
    is_relative = bool(match["percent"])
    return Rule(
        metric=match["metric"],
        side="<" if is_below else ">",
        bound=(number / 100 if is_relative else number) + 0.0,  # -0.0 would be shown as "-0"
        relative=is_relative,
    )


def _unread(text: str) -> str:
    if not text.strip():
        return "there is nothing"
    sides = re.findall(r"[<>]", text)
    if len(sides) != 1:
        return "there is no < or >" if not sides else "there is more than one < or >"
    metric, _, number = text.partition(sides[0])
    if not re.fullmatch(r"\s*[^\W\d][\w.@:/-]*\s*", metric):
        return f"{metric.strip()!r} is no metric's name"
    return f"{number.strip()!r} is no number"


def judge(
    rules: Sequence[Rule], compared: Sequence[Mapping[str, Paired]], *, alpha: float = ALPHA
) -> tuple[tuple[Ruling, ...], ...]:
    """Hold the rules against each comparison (metric → what was found); `alpha` 1 takes every difference at its word.

    Where no rule is about failed cases, one more case that fails after than before breaks the gate: figures over the
    rest would hide it.

    Raises:
        GateError: the metric of a rule was not measured on a case that both runs have.
        ValueError: `alpha` is outside of (0, 1].
    """
    if not 0 < alpha <= 1:
        raise ValueError(f"alpha lies above 0 and is at most 1, not {alpha}")
    asked = [(rule, _found(rule, found)) for found in compared for rule in rules]
    levels = _levels([rule.p(found) for rule, found in asked], alpha)
    ruled = [_ruled(rule, found, level) for (rule, found), level in zip(asked, levels, strict=True)]
    by_run = [tuple(ruled[place * len(rules) : (place + 1) * len(rules)]) for place in range(len(compared))]
    if any(rule.metric == NO_MORE_FAILURES.metric for rule in rules):
        return tuple(by_run)
    return tuple(
        (*held, _ruled(NO_MORE_FAILURES, found[NO_MORE_FAILURES.metric], 1.0))
        if NO_MORE_FAILURES.metric in found
        else held
        for held, found in zip(by_run, compared, strict=True)
    )


def _found(rule: Rule, found: Mapping[str, Paired]) -> Paired:
    if rule.metric not in found:
        known = ", ".join(sorted(found)) or "none"
        raise GateError(str(rule), f"no case of both runs has a value of {rule.metric!r}", f"Compared are: {known}")
    return found[rule.metric]


def _levels(chances: Sequence[float], alpha: float) -> list[float]:
    """What each p-value may be at most; 0 where Holm's procedure has stopped before it."""
    levels = [0.0] * len(chances)
    for step, place in enumerate(sorted(range(len(chances)), key=lambda place: chances[place])):
        level = alpha if alpha == 1 else alpha / (len(chances) - step)
        if chances[place] > level:
            break
        levels[place] = level
    return levels


def _ruled(rule: Rule, found: Paired, level: float) -> Ruling:
    """`level` is what the p-value may be at most, 0 when Holm's procedure has stopped before this rule."""
    told = (
        f"{found.before:.4g} → {found.after:.4g}, {found.difference:+.4g} [{found.low:+.4g}, {found.high:+.4g}]"
        f" over {found.cases} cases"
    )
    if not rule.is_passed(found):
        return Ruling(rule=rule, found=found, broken=False, why=f"within the bound: {told}")
    p = rule.p(found)
    if level == 0.0:
        return Ruling(
            rule=rule, found=found, broken=False, why=f"past the bound, but it may be chance (p {p:.2g}): {told}"
        )
    return Ruling(rule=rule, found=found, broken=True, why=f"past the bound (p {p:.2g}): {told}")
