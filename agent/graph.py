"""The river as a LangGraph state machine: understand, route, search, crawl, retrieve, rerank, draft, verify, answer."""

import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from time import monotonic
from weakref import WeakKeyDictionary

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime
from langsmith import tracing_context

from ..retrievers import store_errors
from .account import current_account
from .checkpoints import Checkpoints
from .deps import Deps
from .state import State, Update
from .steps.answer import answer
from .steps.crawl import crawl
from .steps.draft import draft
from .steps.repair import repair, wants_repair
from .steps.rerank import rerank
from .steps.retrieve import retrieve
from .steps.route import route
from .steps.search import search
from .steps.understand import understand
from .steps.verify import verify

Step = Callable[[State, Deps], Awaitable[Update]]
Keep = Callable[[State, Update], None]
"""Told what each step read and wrote, so that a run that is cut short can still end with what it has."""


STEPS: dict[str, Step] = {
    "understand": understand,
    "route": route,
    "search": search,
    "crawl": crawl,
    "retrieve": retrieve,
    "rerank": rerank,
    "draft": draft,
    "verify": verify,
    "answer": answer,
    "repair": repair,
}
# LangGraph's own is 10,007: a loop by mistake would run for minutes
_STEPS_A_ROUND = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What one run brings to the graph, which all runs share."""

    deps: Deps
    keep: Keep


Graph = CompiledStateGraph[State, Work, State, State]

_GRAPHS: WeakKeyDictionary[Checkpoints, Graph] = WeakKeyDictionary()


async def _traced(step: Step, name: str, state: State, runtime: Runtime[Work]) -> Update:
    deps = runtime.context.deps
    deps.emit("step_started", name, None)
    start = monotonic()
    update = _with_said(await step(state, deps), state)
    runtime.context.keep(state, update)
    deps.emit("step_finished", name, monotonic() - start)
    return update


def _with_said(update: Update, state: State) -> Update:
    """The update with what plugs said meanwhile, to the reader and for the trace."""
    account = current_account()
    if account is None or not (account.notices or account.ran):
        return update
    said = Update(
        notes=tuple(dict.fromkeys((*update.get("notes", state.notes), *account.notices))),
        trace=(*update.get("trace", state.trace), *account.ran),
    )
    account.notices.clear()
    account.ran.clear()
    return update | said


def build_graph(checkpoints: Checkpoints) -> Graph:
    """Compile the river, for all runs over these checkpoints (2 ms)."""
    graph = StateGraph(State, context_schema=Work)
    for name, step in STEPS.items():
        graph.add_node(name, partial(_traced, step, name))
    graph.add_edge(START, "understand")
    graph.add_edge("understand", "route")
    graph.add_conditional_edges("route", _after_route, ["search", "crawl", "retrieve", "answer"])
    graph.add_edge("search", "crawl")
    graph.add_edge("crawl", "retrieve")
    graph.add_edge("retrieve", "rerank")
    graph.add_edge("rerank", "draft")
    graph.add_edge("draft", "verify")
    graph.add_conditional_edges("verify", _after_verify, ["repair", "answer"])
    graph.add_conditional_edges("repair", _after_repair, ["search", "retrieve"])
    graph.add_edge("answer", END)
    return graph.compile(checkpointer=checkpoints.saver)


def _after_route(state: State) -> str:
    plan = state.planned
    if "ask_back" in plan.routes:
        return "answer"
    if "web" in plan.routes:
        return "search"
    return "crawl" if plan.sources or plan.urls else "retrieve"


def _after_verify(state: State, runtime: Runtime[Work]) -> str:
    return "repair" if wants_repair(state, runtime.context.deps) else "answer"


def _after_repair(state: State) -> str:
    return "search" if state.planned.web_queries else "retrieve"


async def flow(run: str, start: State | None, deps: Deps, checkpoints: Checkpoints, *, keep: Keep) -> None:
    """Take `start` down the river; None goes on from the run's checkpoint.

    A run that touches the web is checkpointed after every step (`deps.is_durable`): nobody is asked twice for the same
    page, even after kill -9. One over local files is short, and a write after every step would cost more than most
    steps: one checkpoint is written when the graph stops, also by an error or a cancel.

    Raises:
        AgentError, RetrievalError: a step failed for good.
    """
    graph = _GRAPHS.get(checkpoints) or _GRAPHS.setdefault(checkpoints, build_graph(checkpoints))
    # Tracing is off whatever the environment says: a question is nobody else's business.
    for obsolete in ("LANGCHAIN_TRACING", "LANGCHAIN_HANDLER"):
        os.environ.pop(obsolete, None)  # LangChain refuses to run at all under these, even with tracing off
    with tracing_context(enabled=False), store_errors(checkpoints.path):
        await graph.ainvoke(
            start,
            {
                "configurable": {"thread_id": run},
                "recursion_limit": 2 * (len(STEPS) + _STEPS_A_ROUND * deps.limits.rounds),
            },
            durability="sync" if deps.is_durable else "exit",
            context=Work(deps=deps, keep=keep),
            version="v2",
        )
