"""Which questions hold more than one, and what each reads by itself."""

import pytest
from fontes.agent.questions.sub_questions import sub_questions


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("When was the quay widened and who built the Teal?", ("When was the quay widened?", "Who built the Teal?")),
        ("How long is the quay and what is its depth?", ("How long is the quay?", "What is the quay’s depth?")),
        ("Where is the museum and when does it open?", ("Where is the museum?", "When does the museum open?")),
        ("Who led the army, and who fell at Varn?", ("Who led the army?", "Who fell at Varn?")),
        ("What does admission cost and who is the curator?", ("What does admission cost?", "Who is the curator?")),
    ],
)
def test_two_questions_joined_by_and_are_two(text: str, parts: tuple[str, ...]) -> None:
    assert sub_questions(text, "en") == parts


@pytest.mark.parametrize(
    "text",
    [
        "Who wrote Romeo and Juliet?",
        "Who built and who paid for the tower?",
        "What is the name of the man who built the Teal and who sold the Wren?",
        "Who runs the line and what services are provided?",
        "Who invented it and where was he born?",
        "Where and when was Maren Holt born?",
    ],
)
def test_what_cannot_stand_alone_stays_whole(text: str) -> None:
    assert sub_questions(text, "en") == ()
