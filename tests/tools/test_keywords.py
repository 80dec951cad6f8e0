"""A question becomes the words worth looking for."""

import pytest
from fontes.tools.keywords import keywords
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("What is the height of the Eiffel Tower?", "height Eiffel Tower"),
        ('who said "to be or not to be" first?', '"to be or not to be" said first'),
        ("C++ and C# on x86-64, v1.2.3", "C++ C# x86-64 v1.2.3"),
        ("site:example.org (a OR b)[ti]", "site example.org b ti"),
        ("what is it", "what is it"),
        ("ज्वार कब आता है?", "ज्वार कब आता है"),
        ("潮汐是什么？", "潮汐是什么"),
        ("the 'tides'", "tides"),
        ('an open " quote', "open quote"),
        ("—", ""),
    ],
)
def test_asking_words_and_signs_of_search_engines_are_left_out(query: str, words: str) -> None:
    assert sorted(" ".join(keywords(query)).split()) == sorted(words.split())


@given(st.text())
def test_no_word_is_empty_or_holds_a_sign_with_a_meaning(query: str) -> None:
    for word in keywords(query):
        assert word
        assert not set(word) & set("()[]{}<>|\\*~^:/=&!?")
        assert '"' not in word.strip('"')
