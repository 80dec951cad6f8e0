"""What was typed becomes what is searched for, or is refused in words."""

from collections.abc import Callable
from pathlib import Path

import pytest
from fontes.agent.deps import Deps
from fontes.agent.errors import BadQuestion
from fontes.agent.state import Intent, Query, State
from fontes.agent.steps.understand import understand
from fontes.retrievers import Index
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Understood = Callable[[str], Query]


@pytest.fixture
def deps(deps_over: Callable[[Index], Deps], tmp_path: Path) -> Deps:
    """The step touches no index: this one is never opened."""
    return deps_over(Index(tmp_path, embedder=None, reranker=None, vectors=None))


async def query_of(question: str, deps: Deps) -> Query:
    update = await understand(State(run="r", question=question, asked=""), deps)
    assert set(update) == {"query"}
    return update["query"]


async def test_the_question_is_read_whole(deps: Deps) -> None:
    asked = '  Who\u200b built   the "Orvay light"\n in 1854? '
    assert await query_of(asked, deps) == Query(
        text='Who built the "Orvay light" in 1854?',
        original=asked,
        language="en",
        intent="fact",
        quoted=("Orvay light",),
        since="1854-01-01",
        until="1854-12-31",
    )


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("Who built the tower?", "fact"),
        ("When was it lit", "fact"),
        ("Fresnel lens focal distance", "fact"),
        ("What is the difference between a lens and a mirror?", "comparison"),
        ("Compare oil and gas lamps", "comparison"),
        ("whale oil vs. kerosene", "comparison"),
        ("How do I clean a lens?", "how_to"),
        ("how to clean a lens", "how_to"),
        ("How can you tell a light by its flashes?", "how_to"),
        ("How did the keeper clean a lens?", "fact"),
        ("List all keepers", "list"),
        ("Which towers are still lit?", "list"),
        ("What are the names of the keepers?", "list"),
        ("The Orvay lighthouse was built by James Calder.", "claim"),
        ("The Orvay lighthouse was built by James Calder", "claim"),
        ("the orvay lighthouse was built by james calder", "fact"),
        ("Is it true that the tower was built by Calder", "fact"),
        ("Short statement.", "fact"),
    ],
)
async def test_the_intent_of_a_question(question: str, intent: Intent, deps: Deps) -> None:
    assert (await query_of(question, deps)).intent == intent


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ('Where is "Bell Rock" and "Orvay"?', ("Bell Rock", "Orvay")),
        ("Wo steht „Bell Rock“?", ("Bell Rock",)),
        ("Où est « Bell Rock » ?", ("Bell Rock",)),
        ("Where is “Bell Rock”?", ("Bell Rock",)),
        ('Where is "Bell Rock", "Bell Rock"?', ("Bell Rock",)),
        ('Where is the 6" lens?', ()),
        ("Where is 'Bell Rock'?", ()),
        ('Where is ""?', ()),
    ],
)
async def test_terms_in_quotation_marks_are_taken_out(question: str, quoted: tuple[str, ...], deps: Deps) -> None:
    assert (await query_of(question, deps)).quoted == quoted


@pytest.mark.parametrize("question", ["", "   \n\t ", "?!…", '""', "\x00\x07\u200b", "😀", "—"])
async def test_a_question_without_a_word_is_refused(question: str, deps: Deps) -> None:
    with pytest.raises(BadQuestion, match="it holds no word; ask something like"):
        await query_of(question, deps)


async def test_a_question_may_have_just_as_many_characters_as_allowed(deps: Deps) -> None:
    allowed = deps.limits.question
    assert len((await query_of("a" * allowed + " " * 50, deps)).text) == allowed
    with pytest.raises(BadQuestion, match=r"it has 4,001 characters, at most 4,000 can be asked; .* --docs"):
        await query_of("a" * (allowed + 1), deps)


async def test_what_was_typed_is_not_kept_when_it_is_mostly_blank(deps: Deps) -> None:
    query = await query_of("Who?" + " " * 50_000, deps)
    assert query.original == query.text == "Who?"


@given(question=st.one_of(st.text(), st.text(alphabet='"“”«»„ab1?\n\u202e')))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_text_is_understood_or_refused(question: str, deps: Deps) -> None:
    try:
        query = await query_of(question, deps)
    except BadQuestion:
        return
    assert 0 < len(query.text) <= deps.limits.question
    assert query.text == " ".join(query.text.split())
    assert all(term and term in query.text for term in query.quoted)
    assert not (query.since and query.until) or query.since <= query.until
