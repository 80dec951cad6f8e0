"""News questions over the search results and the page texts that were recorded in their week."""

import gzip
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path

import numpy as np
from fontes import Assistant
from fontes.agent.deps import AtHand
from fontes.agent.state import Plan, State
from fontes.agent.steps.route import planned
from fontes.agent.steps.understand import understood
from fontes.crawler import canonical
from fontes.evals.logistic import interval
from fontes.tools.localweb import LocalWeb, Served

from . import tables
from .asking import LATENCY_S, Asked, ask, gap_violations, idle, ready, settings

_WORD = re.compile(r"[^\W_]+")
_AT_HAND = AtHand(web=True, providers=("recorded",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with the answers that count, its day, and its results: (address, title, date, text), best first."""

    text: str
    answers: tuple[str, ...]
    day: date
    results: tuple[tuple[str, str, str, str], ...]

    def plan(self) -> Plan:
        """The plan of the day on which the question was asked."""
        query = understood(self.text, today=self.day, longest=4_000)
        return planned(State(run="", question=self.text, asked="", query=query), at_hand=_AT_HAND, today=self.day)

    def is_in(self, texts: Sequence[str]) -> bool:
        """Whether a gold answer stands in one of the texts, by whole words."""
        words, gold = map(_words, texts), [*map(_words, self.answers)]
        return any(answer in text for text in words for answer in gold)

    def is_in_read(self, asked: Asked) -> bool:
        """Whether one of the pages read for the answer holds a gold answer."""
        read = set(asked.read)
        return self.is_in([text for url, *_, text in self.results if url in read])


def _words(text: str) -> str:
    """The words of a text between single spaces, so that one text can be looked for in another."""
    return f" {' '.join(_WORD.findall(text.casefold()))} "


def read_questions(data: Path, limit: int) -> list[Question]:
    with gzip.open(data / "web/realtimeqa/questions.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file][:limit]
    return [
        Question(
            text=row["question"],
            answers=tuple(row["answer"]),
            day=date(*map(int, row["search_time"].split("/")[:3])),
            results=tuple(
                (_plain_http(r["url"]), r["title"] or "", (r["publish_date"] or "").replace("/", "-"), r["text"] or "")
                for r in sorted(row["results"], key=lambda r: r["rank"])
            ),
        )
        for row in rows
    ]


def _plain_http(url: str) -> str:
    """The address as the river spells it, without TLS, which LocalWeb does not speak."""
    return canonical(re.sub(r"^https:", "http:", url))


def pages(questions: Sequence[Question]) -> dict[str, bytes | Served]:
    """Every result's text as a page at its own address."""
    served: dict[str, bytes | Served] = {}
    for question in questions:
        for url, title, published, text in question.results:
            if text.strip():
                served[url] = Served(body=_html(title, published, text), type="text/html; charset=utf-8")
    return served


def _html(title: str, published: str, text: str) -> bytes:
    dated = f'<meta property="article:published_time" content="{escape(published)}">' if published else ""
    body = "\n".join(f"<p>{escape(part)}</p>" for part in text.split("\n") if part.strip())
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>{dated}</head>'
        f"<body><article><h1>{escape(title)}</h1>\n{body}</article></body></html>"
    ).encode()


def write_recording(path: Path, questions: Sequence[Question], *, most: int) -> None:
    """The first `most` results of each question, under every query that its plan asks."""
    with path.open("w", encoding="utf-8") as file:
        for question in questions:
            results = [{"url": u, "title": t, "published": p} for u, t, p, _ in question.results[:most]]
            for query in question.plan().web_queries:
                file.write(json.dumps({"query": query, "results": results}) + "\n")


async def recorded(data: Path, home: Path, *, limit: int) -> None:
    """Ask every question with all its results, then with the first one alone, and compare."""
    questions = read_questions(data, limit)
    async with LocalWeb.of(pages(questions), latency_s=LATENCY_S, search=False) as web:
        every = await _asked(questions, web, home / "every", most=20)
        first = await _asked(questions, web, home / "first", most=1)
        early, requests = gap_violations(web.log)
    there = [q.is_in([text for *_, text in q.results]) for q in questions]
    alone = [q.is_in([text for *_, text in q.results[:1]]) for q in questions]
    print(f"\nRealTimeQA over recorded results, {len(questions)} questions, one assistant, idle hosts")
    print(f"    gold answer in any of the recorded texts {_rate(there)}, in the first {_rate(alone)}")
    right = {}
    for name, asked in (("all results", every), ("first hit only", first)):
        right[name] = [q.is_in(each.quotes) for q, each in zip(questions, asked, strict=True)]
        print(f"  {name}: gold answer in the cited quotes {_rate(right[name])}")
        print(f"    in the pages read {_rate([q.is_in_read(each) for q, each in zip(questions, asked, strict=True)])}")
        print(f"    {tables.times(asked)}   {tables.outcomes(asked)}")
    gain = np.subtract(right["all results"], right["first hit only"], dtype=float)
    low, high = interval(lambda pick: float(gain[pick].mean()), len(gain))
    print(f"  difference {gain.mean():+.3f} [{low:+.3f}, {high:+.3f}]")
    print(tables.steps(every))
    print(f"    requests sooner than the gap: {early} of {requests}")


async def _asked(questions: Sequence[Question], web: LocalWeb, home: Path, *, most: int) -> list[Asked]:
    home.mkdir()
    file = home / "recorded.jsonl"
    write_recording(file, questions, most=most)
    values = settings(home, web, search=("recorded",), recorded=file, searxng_url="")
    asked = []
    fontes: Assistant
    async with ready(values) as fontes:
        for question in questions:
            await idle(web)
            asked.append(await ask(fontes, question.text, plan=question.plan()))
    return asked


def _rate(values: Sequence[bool]) -> str:
    held = np.array(values, dtype=float)
    low, high = interval(lambda pick: float(held[pick].mean()), len(held))
    return f"{held.mean():.3f} [{low:.3f}, {high:.3f}]"
