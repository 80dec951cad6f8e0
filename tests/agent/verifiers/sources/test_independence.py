"""Which sources count as one."""

import random

import pytest
from fontes.agent.verifiers.sources.independence import SourceText, groups, independent, merges
from fontes.agent.verifiers.sources.organisations import agency, organisation, registrable_domain
from fontes.agent.verifiers.sources.shared_text import contained, runs
from hypothesis import given, settings
from hypothesis import strategies as st


def prose(seed: int, words: int = 120) -> str:
    draw = random.Random(seed)
    return " ".join("".join(draw.choices("abcdefghijklmnop", k=draw.randint(3, 9))) for _ in range(words))


def kinds(*sources: SourceText) -> list[str]:
    return [merge.kind for merge in merges(sources)]


def page(host: str, text: str, **other: str) -> SourceText:
    return SourceText(source=f"https://{host}/story", text=text, **other)


def test_a_copy_with_another_frame_is_no_second_source() -> None:
    story = prose(1)
    assert kinds(page("a.com", story), page("b.org", f"Menu\n{story}\nSubscribe now")) == ["same_text"]


def test_a_copy_cut_to_its_first_paragraph_is_none_either() -> None:
    story = prose(1, 400)
    (found,) = merges((page("a.com", story), page("b.org", " ".join(story.split()[:80]))))
    assert (found.kind, found.detail) == ("copied_text", "100 % of the shorter text stands in the other")


def test_a_press_release_quoted_within_a_longer_page_counts_once() -> None:
    release = prose(1, 60)
    longer = f"{prose(2, 300)} {release} {prose(3, 300)}"
    one = page("a.com", f"{prose(4, 300)} {release} {prose(5, 300)}", passage=release)
    assert kinds(one, page("b.org", longer)) == ["copied_passage"]
    assert kinds(page("a.com", one.text), page("b.org", longer)) == []


def test_a_short_quotation_makes_no_copy() -> None:
    said = "We will do all that we can for them"
    assert kinds(page("a.com", f"{prose(1)} {said}", passage=said), page("b.org", f"{prose(2)} {said}")) == []


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        (page("news.bbc.co.uk", prose(1)), page("www.bbc.co.uk", prose(2)), "same_domain"),
        (page("a.com", prose(1), canonical="https://b.org/story"), page("b.org", prose(2)), "same_domain"),
        (page("bbc.co.uk", prose(1)), page("bbc.com", prose(2)), "same_organisation"),
        (
            page("a.com", prose(1), site="The Daily"),
            page("b.org", prose(2), site="the daily online"),
            "same_organisation",
        ),
        (
            page("a.com", f"LUND (Reuters) - {prose(1)}"),
            page("b.org", prose(2), author="Reuters Staff; Reuters"),
            "same_agency",
        ),
        (page("a.com", f"By The Associated Press\n{prose(1)}"), page("apnews.com", prose(2)), "same_agency"),
    ],
)
def test_one_house_and_one_agency_are_one_source(one: SourceText, other: SourceText, kind: str) -> None:
    assert kinds(one, other) == [kind]


def test_quoting_an_agency_is_not_printing_it() -> None:
    assert agency("https://a.com/", "Anna Berg", "The mayor told Reuters that he would go.") == ""
    assert kinds(page("a.com", f"He told Reuters so. {prose(1)}"), page("reuters.com", prose(2))) == []


def test_different_sources_stay_apart() -> None:
    assert independent([page("a.com", prose(1)), page("b.org", prose(2)), page("c.github.io", prose(3))]) == (
        (0,),
        (1,),
        (2,),
    )
    assert kinds(page("a.github.io", prose(1)), page("b.github.io", prose(2))) == []


def test_files_are_told_apart_by_their_text_alone() -> None:
    one, other, copy = (
        SourceText(source=f"/docs/{name}.md", text=text)
        for name, text in zip("abc", (prose(1), prose(2), prose(1)), strict=True)
    )
    assert independent([one, other, copy]) == ((0, 2), (1,))


def test_sources_are_joined_through_a_third() -> None:
    story = prose(1)
    told = [page("a.com", story), page("a.com", prose(2)), page("b.org", story)]
    assert independent(told) == ((0, 1, 2),)
    assert groups(4, merges(told)) == ((0, 1, 2), (3,))


def test_domains_are_those_that_somebody_registered() -> None:
    assert registrable_domain("https://news.bbc.co.uk/x") == "bbc.co.uk"
    assert registrable_domain("https://someone.github.io/") == "someone.github.io"
    assert registrable_domain("http://127.0.0.1:8000/") == "127.0.0.1"
    assert registrable_domain("/home/me/file.md") == registrable_domain("http://[") == ""
    assert organisation("https://news.bbc.co.uk/x", "") == "bbc"


SOURCES = [
    *(page(f"s{n}.com", prose(n % 4, 60)) for n in range(6)),
    page("s1.com", prose(9)),
    page("x.org", prose(10), author="Associated Press"),
    page("y.org", f"LUND (AP) — {prose(11)}"),
    SourceText(source="", text=""),
    SourceText(source="notes.md", text="short"),
]


@settings(deadline=None, max_examples=30)
@given(st.permutations(range(len(SOURCES))))
def test_the_order_of_sources_changes_no_group(order: list[int]) -> None:
    before = {frozenset(group) for group in independent(SOURCES)}
    after = {frozenset(order[place] for place in group) for group in independent([SOURCES[n] for n in order])}
    assert after == before


@settings(deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_shares_of_shared_text_lie_between_none_and_all(one: str, other: str) -> None:
    assert 0.0 <= contained(runs(one), runs(other)) <= 1.0
    assert not runs(one) or contained(runs(one), runs(f"{other} {one}")) == 1.0
