"""How a question ended is decided by what is asserted for each of its parts."""

from collections.abc import Callable
from pathlib import Path

import pytest
from fontes.agent.deps import Deps
from fontes.agent.state import Checked, Claim, Query, Sentence, State, Verdict
from fontes.agent.steps.answer import answer
from fontes.retrievers import Index


@pytest.fixture
def deps(deps_over: Callable[[Index], Deps], tmp_path: Path) -> Deps:
    """The step touches no index: this one is never opened."""
    return deps_over(Index(tmp_path, embedder=None, reranker=None, vectors=None))


def checked(question: int = 0, *, asserted: bool = True, as_of: str = "") -> Checked:
    claim = Claim(text="t", verdict=Verdict(label="supported", score=1.0, verifier="v"), as_of=as_of)
    return Checked(
        sentence=Sentence(text=f"t{question}", quotes=(), question=question), claims=(claim,), asserted=asserted
    )


def state(*done: Checked, parts: int = 0, since: str = "", drafted: int | None = None) -> State:
    query = Query(text="q", original="q", since=since, sub_questions=tuple(f"part {n}" for n in range(parts)))
    sentences = tuple(one.sentence for one in done)[:drafted]
    return State(run="r", question="q", asked="", query=query, sentences=sentences, checked=done, notes=("kept",))


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (state(), "abstained"),
        (state(checked(asserted=False)), "abstained"),
        (state(checked()), "answered"),
        (state(checked(), checked(asserted=False)), "answered"),
        (state(checked(0), checked(1), parts=2), "answered"),
        (state(checked(0), checked(1, asserted=False), parts=2), "partial"),
        (state(checked(1), parts=2), "partial"),
        (state(checked(0, asserted=False), checked(1, asserted=False), parts=2), "abstained"),
        (state(checked(), drafted=0), "partial"),
    ],
    ids=["nothing", "nothing asserted", "asserted", "one withheld", "both parts", "one part withheld",
         "one part missing", "no part", "cut short while drafting"],
)  # fmt: skip
async def test_the_status_follows_from_what_is_asserted(given: State, status: str, deps: Deps) -> None:
    update = await answer(given, deps)
    assert update["status"] == status
    assert update["notes"] == ("kept",)


async def test_sources_older_than_the_time_asked_about_are_noted(deps: Deps) -> None:
    old = state(checked(as_of="2019-03-01"), checked(as_of="2020-05-05T10:00:00Z"), since="2024-01-01")
    assert (await answer(old, deps))["notes"] == (
        "kept",
        "the question asks about 2024-01-01 or later; the newest cited source is dated 2020-05-05",
    )


@pytest.mark.parametrize(
    "given",
    [
        state(checked(as_of="2024-01-01"), since="2024-01-01"),
        state(checked(as_of="2019-01-01")),
        state(checked(), since="2024-01-01"),
        state(checked(as_of="2019-01-01", asserted=False), since="2024-01-01"),
    ],
    ids=["new enough", "no time asked", "no date known", "withheld"],
)
async def test_other_dates_are_not(given: State, deps: Deps) -> None:
    assert (await answer(given, deps))["notes"] == ("kept",)
