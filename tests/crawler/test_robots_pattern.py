"""Paths and patterns of robots.txt: the index against the definition, and against hostile sizes."""

import time
from itertools import product

import pytest
from fontes.crawler.robots.pattern import PatternIndex, path_of
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("", b"/"),
        ("http://a.example", b"/"),
        ("http://a.example?b", b"/?b"),
        ("http://a.example/b/c?d=http://e/f#g", b"/b/c?d=http://e/f"),
        ("//a.example/b", b"/b"),
        ("a.example/b", b"/b"),
        ("/b?c", b"/b?c"),
        ("http://a.example#/b", b"/"),
        ("http://u:p@a.example:8080/b;c?d", b"/b;c?d"),
    ],
)
def test_a_url_is_matched_by_its_path_and_query(url: str, path: bytes) -> None:
    assert path_of(url) == path


def matches(pattern: str, path: str) -> bool:
    """The definition, by recursion: what the index must agree with."""
    if not pattern:
        return True
    if pattern == "$":
        return not path
    if pattern[0] == "*":
        return matches(pattern[1:], path) or (bool(path) and matches(pattern, path[1:]))
    return bool(path) and path[0] == pattern[0] and matches(pattern[1:], path[1:])


def test_the_matcher_agrees_with_the_definition_on_all_short_patterns() -> None:
    paths = ["".join(letters) for size in range(6) for letters in product("ab", repeat=size)]
    for size in range(6):
        for pattern in map("".join, product("ab*$", repeat=size)):
            index = PatternIndex([(pattern.encode(), 1)])
            for path in paths:
                assert bool(list(index.under(path.encode()))) is matches(pattern, path), (pattern, path)


@given(pattern=st.text("ab*$", max_size=12), path=st.text("ab$", max_size=14))
@settings(max_examples=500)
def test_the_matcher_agrees_with_the_definition(pattern: str, path: str) -> None:
    assert bool(list(PatternIndex([(pattern.encode(), 1)]).under(path.encode()))) is matches(pattern, path)


def test_ten_thousand_stars_against_a_long_path_take_no_time() -> None:
    patterns = b"*a" * 10_000 + b"$", b"/" + b"a*" * 10_000 + b"b$", b"*" * 10_000 + b"c", b"*ab" * 10_000
    index = PatternIndex((pattern, pattern) for pattern in patterns)
    start = time.process_time()
    # no "b" at the end, no "c", and too few "a"s before the "b" for the last
    assert list(index.under(b"/" + b"a" * 7_000 + b"b" + b"a" * 100_000)) == [patterns[0]]
    assert time.process_time() - start < 2
