"""A model's wording may be searched for as long as it says only what was said."""

import pytest
from fontes.agent.models.wordings import Said, one_line
from fontes.crawler import clean
from hypothesis import given
from hypothesis import strategies as st

QUESTION = 'Who built the "Orvay light" of node.js on 12 May 1854 for $5 at 12:30?'


def admits(wording: str, said: str = QUESTION, language: str = "en", share: float = 1 / 3, longest: int = 200) -> bool:
    return Said(said).admits(wording, language, share=share, longest=longest)


@pytest.mark.parametrize(
    "wording",
    [
        "builder of the Orvay light",
        "Orvay light 1854 architect",
        '"Orvay light" history built',
        "who built Orvay's light",
        "node.js Orvay built",
        "Orvay light at 12:30",
        "$5 light Orvay",
        "Compare Orvay and its light",
    ],
)
def test_other_words_for_what_was_said_are_admitted(wording: str) -> None:
    assert admits(wording)


@pytest.mark.parametrize(
    ("wording", "why"),
    [
        ("", "no word"),
        ("the of and", "no content word"),
        ("Orvay light\nbuilt", "two lines"),
        ("Orvay \u202elight built", "a bidi control"),
        ("Orvay light \x1b[31m built", "an escape"),
        ("Orvay light built by Stennick", "a new name"),
        ("Eiffel built light", "a new name at its start"),
        ("Orvay light built NASA", "new capitals"),
        ("Orvay light built 1855", "a new number"),
        ("Orvay light built in the 1850s", "a new decade"),
        ("Orvay light built https://evil.example/x", "an address"),
        ("Orvay light built evil.com", "a host"),
        ("Orvay light built evil.quest", "a host under any other domain"),
        ("Orvay light built evil\uff0equest", "a host with a wide dot"),
        ("Orvay light built me@evil.quest", "an e-mail address"),
        ("Orvay light built according to Wikipedia", "a site"),
        ("Orvay light built site:evil", "an operator"),
        ("Orvay light built -tower", "an exclusion"),
        ("Orvay light OR built", "an operator in capitals"),
        ('Orvay "light built"', "another phrase in quotation marks"),
        ("Orvay <b>light</b> built", "markup"),
        ("Orvay **light** built", "markup"),
        ("[Orvay light](x) built", "a link"),
        ("Orvay light built ![x]", "an image"),
        ("Orvay light built `rm`", "code"),
        ("cheap pills and watches with Orvay for sale today", "mostly other words"),
        ("Orvay light built " + "light " * 40, "too long"),
    ],
)
def test_what_was_not_said_is_refused(wording: str, why: str) -> None:
    assert not admits(wording), why


def test_years_of_relative_dates_may_be_written() -> None:
    assert Said("Who won last year?", years=["2025"]).admits("won 2025", "en", share=0.5, longest=50)
    assert not Said("Who won last year?").admits("won 2025", "en", share=0.5, longest=50)


def test_a_number_may_be_written_in_another_way() -> None:
    assert admits("towers over 2,500 feet", said="Which towers are over 2500 feet?", share=0.5)
    assert admits("the 3 oldest towers", said="Which are the three oldest towers?", share=0.5)


def test_in_scripts_without_capitals_most_words_must_have_been_said() -> None:
    said = "オルヴェイ灯台を建てたのは誰ですか"
    assert admits("オルヴェイ灯台 建てた", said=said, language="ja", share=0.1)
    assert not admits("エッフェル塔", said=said, language="ja", share=0.1)


def test_a_text_lacks_the_names_numbers_and_symbols_that_it_does_not_hold() -> None:
    assert Said("Who built it in 1854?").lacks("the Orvay light")
    assert Said("Who built the Orvay light?").lacks("in 1854")
    assert Said("Who built C?").lacks("Who built C++?")
    assert not Said("When was the Orvay light built?").lacks("the light of Orvay, please")


@given(wording=st.one_of(st.text(), st.text(alphabet='Orvay light<>[]"@:/.?-\u202e\x1b\n', min_size=5)))
def test_nothing_admitted_holds_a_control_an_address_or_a_new_symbol(wording: str) -> None:
    if admits(wording, said="Who built the Orvay light?", share=0.0):
        assert wording == one_line(wording) == clean(wording)
        assert not set(wording) & set('<>[]{}"@`*|\\/')
        assert "://" not in wording
