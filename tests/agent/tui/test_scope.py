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
        (Scope(tags=("law",)), "#law"),
        (Scope(tags=("law", "tax/2024"), web=True, uses_index=False), "#law #tax/2024 · web"),
        (Scope(tags=("a", "b", "c", "d", "e"), docs=("a.txt",), web=False), "1 source named + #a #b #c and 2 more"),
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


def test_a_tag_is_switched_on_and_off_and_stands_for_the_index() -> None:
    scope = Scope(uses_index=False).with_tag("law").with_tag("tax").with_tag("law")
    assert scope.tags == ("tax",)
    assert scope.is_restricted
    plan = Plan(routes=("index",), queries=("q",), tags=("tax",))
    assert scope.narrowed(plan) is plan
    assert scope.with_tag("tax") == Scope(uses_index=False)
    assert scope.with_tag("tax").leaves_index_out
