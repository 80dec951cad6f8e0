"""What a set of watched questions came to, in lines."""

import statistics
from collections.abc import Sequence

from .asking import Asked


def times(asked: Sequence[Asked]) -> str:
    """p50 and p95 in seconds."""
    p50, p95 = middle_and_tail([each.seconds for each in asked])
    return f"p50 {p50:.2f} s  p95 {p95:.2f} s"


def middle_and_tail(values: Sequence[float]) -> tuple[float, float]:
    """The median and the 95th percentile; the largest of a few."""
    return statistics.median(values), sorted(values)[min(len(values) - 1, int(0.95 * len(values)))]


def steps(asked: Sequence[Asked]) -> str:
    """A line for each step: its share of all time, its median and its tail."""
    names = dict.fromkeys(name for each in asked for name in each.steps)
    total = sum(each.seconds for each in asked)
    lines = []
    for name in names:
        values = [each.steps.get(name, 0.0) for each in asked]
        p50, p95 = middle_and_tail(values)
        lines.append(f"    {name:12} {sum(values) / total:6.1%}   p50 {p50:6.3f} s   p95 {p95:6.3f} s")
    rest = total - sum(sum(each.steps.values()) for each in asked)
    lines.append(f"    {'between':12} {rest / total:6.1%}   (checkpoints, events, the store of the answer)")
    return "\n".join(lines)


def outcomes(asked: Sequence[Asked]) -> str:
    """How the questions ended, and the citations."""
    answered = sum(each.answer.status != "abstained" for each in asked)
    citations, broken = sum(each.citations for each in asked), sum(each.broken for each in asked)
    return (
        f"answered {answered}/{len(asked)} ({answered / len(asked):.3f}), citations {citations} ({broken} broken),"
        f" pages read {sum(len(each.read) for each in asked) / len(asked):.1f} a question"
    )
