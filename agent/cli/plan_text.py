"""A plan for reading: where the question will be taken, what will be asked, and how much it may cost."""

import json as jsonlib
from collections.abc import Sequence
from dataclasses import asdict

from rich.table import Table
from rich.text import Text

from ...crawler import clean
from ..state import Plan
from .screen import counted, out, shown

_PLACES = {
    "index": "your own index",
    "web": "the web",
    "urls": "the addresses given",
    "sources": "the sources named",
    "ask_back": "back to you",
}


def print_plan(plan: Plan, providers: Sequence[str]) -> None:
    """The plan as a table without lines; what is empty is left out."""
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in _rows(plan, providers):
        if value:
            table.add_row(name, Text(clean(value)))
    out().print(table)


def plan_json(plan: Plan, providers: Sequence[str]) -> str:
    """The plan as one JSON value, with the providers that its web queries would go to."""
    asked = list(providers) if "web" in plan.routes else []
    return jsonlib.dumps({**asdict(plan), "providers": asked}, indent=2, ensure_ascii=False)


def _rows(plan: Plan, providers: Sequence[str]) -> list[tuple[str, str]]:
    searches_web = "web" in plan.routes
    return [
        ("goes to", ", then ".join(_PLACES[route] for route in plan.routes)),
        ("tagged", " or ".join(plan.tags)),
        ("because", plan.reason),
        ("asks you", plan.ask_back),
        ("looks for", "\n".join(plan.queries)),
        ("web searches", "\n".join(plan.web_queries)),
        ("providers", ", ".join(providers) if searches_web else ""),
        ("published", _window(plan)),
        ("language", plan.language),
        ("country", plan.country),
        ("sites", ", ".join(plan.sites)),
        ("sources", "\n".join(map(shown, plan.sources))),
        ("addresses", "\n".join(plan.urls)),
        ("reads at most", counted(plan.pages, "page") if plan.pages else ""),
        ("takes at most", f"{plan.seconds:g} s for {'searching and ' if searches_web else ''}reading"
         if plan.seconds else ""),
    ]  # fmt: skip


def _window(plan: Plan) -> str:
    since, until = plan.since and f"since {plan.since}", plan.until and f"until {plan.until}"
    return " ".join(filter(None, (since, until)))
