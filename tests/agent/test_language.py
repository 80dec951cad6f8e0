"""The language of a question is told from its script and its commonest words."""

import pytest
from fontes.agent.language import language_of
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Who built the tower?", "en"),
        ("How many keepers did the lighthouse have?", "en"),
        ("Wer hat den Turm gebaut?", "de"),
        ("Welche Farbe ist die schönste?", "de"),
        ("Qui a construit la tour ?", "fr"),
        ("Quand est-ce que le phare est construit ?", "fr"),
        ("¿Quién construyó el faro y cuándo?", "es"),
        ("Chi ha costruito il faro e perché?", "it"),
        ("Quem construiu o farol e quando?", "pt"),
        ("Wie heeft de vuurtoren gebouwd en wanneer?", "nl"),
        ("Vem byggde tornet och när?", "sv"),
        ("Kto i kiedy zbudował wieżę?", "pl"),
        ("誰が灯台を建てたのですか", "ja"),
        ("灯塔是谁建造的", "zh"),
        ("등대는 누가 지었나요?", "ko"),
        ("Ποιος έχτισε τον φάρο;", "el"),
        ("מי בנה את המגדלור?", "he"),
        ("ใครสร้างประภาคาร", "th"),
        ("दीपस्तंभ किसने बनाया", "hi"),
        ("WHO BUILT THE TOWER", "en"),
    ],
)
def test_the_language_of_a_question(question: str, language: str) -> None:
    assert language_of(question) == language


@pytest.mark.parametrize("text", ["", "Fresnel", "42 + 1", "?!", "Кто построил башню", "😀😀"])
def test_a_text_that_does_not_tell_has_no_language(text: str) -> None:
    assert language_of(text) == ""


@given(st.text())
def test_any_text_has_a_language_code_or_none(text: str) -> None:
    assert len(language_of(text)) in (0, 2)
