"""What is switched on is what a question is asked of, and what the line above the input says."""

import pytest
from fontes.agent.state import Plan
from fontes.agent.tui.scope import Scope


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        (Scope(), "your index · web if needed"),
        (Scope(web=True), "your index · web"),
        (Scope(web=False), "your index"),
        (Scope(uses_index=False), "web if needed"),
        (Scope(docs=("a.txt",)), "1 source named"),
        (Scope(docs=("a.txt", "b.txt"), web=True), "2 sources named · web"),
        (Scope(web=False, uses_index=False), "nothing: no source is switched on"),
    ],
)
def test_the_words_name_what_is_asked(scope: Scope, words: str) -> None:
    assert scope.words() == words
    assert scope.has_none == words.startswith("nothing")


def test_a_source_is_named_once_and_left_out_again() -> None:
    scope = Scope().with_doc("a.txt").with_doc("b.txt").with_doc("a.txt")
    assert scope.sources == ("a.txt", "b.txt")
    assert scope.without_doc("a.txt").without_doc("c.txt").sources == ("b.txt",)
    assert scope.without_doc("a.txt").without_doc("b.txt").sources is None


def test_the_index_is_taken_out_of_a_plan_when_it_is_left_out() -> None:
    plan = Plan(routes=("index", "web"), queries=("q",))
    assert Scope(uses_index=False).narrowed(plan).routes == ("web",)
    assert Scope().narrowed(plan) is plan
    restricted = Plan(routes=("sources",), queries=("q",), sources=("a.txt",))
    assert Scope(uses_index=False, docs=("a.txt",)).narrowed(restricted) is restricted
