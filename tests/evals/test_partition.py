"""Which worker asks what: no host is asked by two, no case is lost or asked twice."""

import pytest
from fontes.evals.case import Case, Document, Label
from fontes.evals.partition import OPEN_WEB, hosts, partition
from hypothesis import given
from hypothesis import strategies as st

QUESTIONS = st.lists(
    st.sampled_from(["https://a.test/x", "http://A.test:80/y", "https://b.test", "https://c.test/z.", "what"]),
    max_size=3,
)


@st.composite
def sets(draw: st.DrawFn) -> list[Case]:
    return [
        Case(
            id=str(number),
            question=" ".join(draw(QUESTIONS)),
            web=draw(st.sampled_from(["", "", "one", "two"])),
            documents=draw(st.sampled_from([(), (Document(source="a", text="b"),)])),
        )
        for number in range(draw(st.integers(0, 30)))
    ]


@given(sets(), st.integers(1, 6))
def test_every_case_and_every_host_is_in_one_part(cases: list[Case], workers: int) -> None:
    parts = partition(cases, workers)
    assert len(parts) <= workers
    assert sorted(case.id for part in parts for case in part) == sorted(case.id for case in cases)
    asked = [frozenset[str]().union(*map(hosts, part)) for part in parts]
    assert sum(map(len, asked)) == len(frozenset[str]().union(*asked))
    for part in parts:
        assert [int(case.id) for case in part] == sorted(int(case.id) for case in part)


@given(st.integers(1, 50), st.integers(1, 8))
def test_cases_over_documents_are_dealt_out_evenly(count: int, workers: int) -> None:
    cases = [Case(id=str(n), question="?", documents=(Document(source="a", text="b"),)) for n in range(count)]
    sizes = [len(part) for part in partition(cases, workers)]
    assert max(sizes) - min(sizes) <= 1
    assert len(sizes) == min(count, workers)


def test_what_a_case_may_ask() -> None:
    labelled = Case(id="1", question="", labels=(Label(claim="a", texts=("b",), supported=True),))
    assert hosts(labelled) == frozenset()
    assert hosts(Case(id="1", question="What of https://A.test/x and http://b.test?")) == {"a.test", "b.test"}
    assert hosts(Case(id="1", question="Who?")) == {OPEN_WEB}
    assert hosts(Case(id="1", question="http://[broken")) == {OPEN_WEB}
    assert hosts(Case(id="1", question="https://a.test", web="/pages")) == {"folder /pages"}


def test_a_run_needs_a_worker() -> None:
    with pytest.raises(ValueError, match="needs a worker"):
        partition([], 0)
