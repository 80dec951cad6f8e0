"""Decide where the question is taken."""

from ..deps import Deps
from ..state import Plan, State, Update


async def route(state: State, deps: Deps) -> Update:
    """Take the question to its own sources if it names any, else to the lasting index.

    Reads `query` and `sources`. Writes `plan`.
    """
    query = state.understood
    if state.sources:
        named = f"{len(state.sources)} source{'s' if len(state.sources) > 1 else ''}"
        plan = Plan(
            routes=("sources",),
            queries=(query.text,),
            sources=state.sources,
            reason=f"the question is restricted to the {named} named with it",
        )
    else:
        plan = Plan(routes=("index",), queries=(query.text,), reason="no sources were named: the whole index is asked")
    return {"plan": plan}
