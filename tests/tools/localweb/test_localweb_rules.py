"""Faults by rule."""

import pytest
from fontes.tools.localweb import Fault, LocalWebError
from fontes.tools.localweb.rules import KINDS, fault_for
from hypothesis import given
from hypothesis import strategies as st


def test_a_rule_is_read_as_a_person_writes_it() -> None:
    fault = Fault.parse("30% status:503:20 *.test")
    assert (fault.name, fault.numbers, fault.url, fault.rate) == ("status", (503, 20), "*.test", 0.3)
    assert Fault.parse(".3 search-429").numbers == (429, 1)
    assert Fault.parse("1 search-down").numbers[0] == 502
    assert Fault.parse("1 slow:2.5").label == "slow:2.5"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_named(kind: str) -> None:
    assert Fault.of(kind).on_search == kind.startswith("search-")


@pytest.mark.parametrize(
    "rule",
    ["", "reset", "1.5 reset", "101% reset", "0.5 flood", "1 status:200", "1 status:abc", "1 slow:-3", "1 slow:1:2",
     "1 html", "1 slow:nan", "1 slow:99999", "1 reset * more"],
)  # fmt: skip
def test_a_rule_that_cannot_be_is_refused_with_its_reason(rule: str) -> None:
    with pytest.raises(LocalWebError, match="fault"):
        Fault.parse(rule)


@pytest.mark.parametrize(
    ("glob", "strikes"),
    [("*", True), ("a.test", True), ("*.test", True), ("b.test", False), ("http://a.test/news/*", True),
     ("/news/*", True), ("a.test/*?id=*", True), ("a.test/old/*", False), ("*.html", False)],
)  # fmt: skip
def test_a_glob_is_over_host_path_or_address(glob: str, strikes: bool) -> None:
    assert Fault.of("reset", glob).strikes("a.test", "/news/one?id=1", seed=0) == strikes


def test_robots_fail_only_where_they_are_named() -> None:
    assert not Fault.of("reset", "*").strikes("a.test", "/robots.txt", seed=0)
    assert Fault.of("reset", "*/robots.txt").strikes("a.test", "/robots.txt", seed=0)


@given(seed=st.integers(), rate=st.sampled_from([0.1, 0.3, 0.7]))
def test_the_share_that_fails_is_the_rate_and_the_same_every_time(seed: int, rate: float) -> None:
    fault = Fault.of("reset", rate=rate)
    struck = [fault.strikes("a.test", f"/{number}", seed) for number in range(400)]
    assert struck == [fault.strikes("a.test", f"/{number}", seed) for number in range(400)]
    assert abs(sum(struck) / 400 - rate) < 0.13  # five standard deviations


def test_another_seed_strikes_other_addresses_and_other_kinds_are_drawn_apart() -> None:
    def struck(kind: str, seed: int) -> list[bool]:
        return [Fault.of(kind, rate=0.5).strikes("a.test", f"/{number}", seed) for number in range(64)]

    assert struck("reset", 1) != struck("reset", 2)
    assert struck("reset", 1) != struck("empty", 1)


def test_the_first_rule_that_strikes_counts_and_searches_have_their_own() -> None:
    faults = (Fault.of("search-429"), Fault.of("reset", "b.test"), Fault.of("empty"), Fault.of("login"))
    found = fault_for(faults, "a.test", "/", on_search=False, seed=0)
    assert found is not None
    assert found.label == "empty"
    assert fault_for(faults[1:], "a.test", "/search?q=x", on_search=True, seed=0) is None
