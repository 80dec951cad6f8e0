"""The file of the TDM Reservation Protocol."""

import json

import pytest
from fontes.crawler.robots import TdmRules
from hypothesis import given
from hypothesis import strategies as st

SITE = "https://provider.example"
POLICY = f"{SITE}/policies/policy.json"
EXAMPLE = [
    {"location": "/directory-a/", "tdm-reservation": 1},
    {"location": "/directory-b/html/", "tdm-reservation": 1, "tdm-policy": POLICY},
    {"location": "/directory-b/images/*.jpg", "tdm-reservation": 0},
]


def signals(entries: object, path: str) -> tuple[str, ...]:
    return TdmRules.parse(json.dumps(entries).encode()).signals(SITE + path)


def test_the_example_of_the_specification_is_read() -> None:
    assert signals(EXAMPLE, "/directory-a/a.pdf") == ("tdm-reservation: 1",)
    assert signals(EXAMPLE, "/directory-b/html/") == ("tdm-reservation: 1", f"tdm-policy: {POLICY}")
    assert signals(EXAMPLE, "/directory-b/images/c/d.jpg") == ("tdm-reservation: 0",)
    assert signals(EXAMPLE, "/elsewhere") == ()


def test_the_first_location_that_matches_counts() -> None:
    entries = [
        {"location": "/open/", "tdm-reservation": 0},
        {"location": "/", "tdm-reservation": 1},
        {"location": "/open/but/not", "tdm-reservation": 1},
    ]
    assert signals(entries, "/open/but/not") == ("tdm-reservation: 0",)
    assert signals(entries, "/shut") == ("tdm-reservation: 1",)


@pytest.mark.parametrize(
    ("location", "path", "matches"),
    [
        ("/this/path/exactly$", "/this/path/exactly", True),
        ("/this/path/exactly$", "/this/path/exactly/not", False),
        ("/this/*/then", "/this/and/then/more", True),
        ("/path/foo-%24", "/path/foo-$", True),
        ("/%7Ejoe", "/~joe", True),
        ("/A", "/a", False),
        ("*", "/a", True),
        (f"{SITE}/a", "/a/b", True),
        ("a", "/a", False),
    ],
)
def test_locations_are_patterns_as_in_robots_txt(location: str, path: str, matches: bool) -> None:
    assert bool(signals([{"location": location, "tdm-reservation": 1}], path)) is matches


def test_a_single_entry_and_a_number_in_quotes_are_understood() -> None:
    assert signals({"location": "/", "tdm-reservation": "1"}, "/") == ("tdm-reservation: 1",)


@pytest.mark.parametrize("reservation", [2, -1, None, True, "yes", [1], 1.5])
def test_another_reservation_is_no_rule(reservation: object) -> None:
    entries = [{"location": "/", "tdm-reservation": reservation}, {"location": "/", "tdm-reservation": 0}]
    assert signals(entries, "/") == ("tdm-reservation: 0",)


def test_a_policy_without_a_reservation_is_not_told() -> None:
    assert signals([{"location": "/", "tdm-reservation": 0, "tdm-policy": POLICY}], "/") == ("tdm-reservation: 0",)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[" * 100_000, b"\xff\xfe", b"7", b"[[]]", b'[{"location": 1}]', b"9" * 9_999]
)
def test_a_body_that_is_something_else_has_no_rules(body: bytes) -> None:
    assert TdmRules.parse(body).signals(SITE) == TdmRules().signals(SITE) == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(
        st.sampled_from(["location", "tdm-reservation", "tdm-policy"]), inner
    ),
)  # fmt: skip


@given(value=JSON, url=st.text())
def test_no_json_makes_it_raise(value: object, url: str) -> None:
    assert isinstance(TdmRules.parse(json.dumps(value).encode()).signals(url), tuple)


@given(body=st.binary(), url=st.text())
def test_no_bytes_make_it_raise(body: bytes, url: str) -> None:
    assert isinstance(TdmRules.parse(body).signals(url), tuple)
