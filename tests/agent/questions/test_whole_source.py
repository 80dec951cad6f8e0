"""Asking for a source as a whole is told from asking for something in it."""

from time import process_time

import pytest
from fontes.agent.questions.whole_source import asks_for_whole_source, file_named

ALONE = [
    "Summarise.",
    "tl;dr",
    "TLDR please",
    "What is it about?",
    "key points?",
    "What are the main points?",
    "Give me an overview",
    "summarise it in 5 bullet points",
    "Fasse zusammen",
    "Zusammenfassung bitte",
    "Worum geht es?",
    "Was sind die wichtigsten Punkte?",
]
WITH_ITS_SOURCE = [
    "What is this page about?",
    "Can you summarize this article for me",
    "Summarise our handbook",
    "Summarise annual-report.pdf",
    "What is in notes/plan.md?",
    "Give me a summary of the employee handbook",
    "What are the key points of our annual report?",
    "Summarize the whole report in German",
    "What does this document say?",
    "What’s in this file?",
    "what is the main idea of this text?",
    "Bitte fasse die Seite kurz zusammen",
    "Worum geht es in diesem Artikel?",
    "Was steht in diesem Vertrag?",
    "Fasse den Geschäftsbericht 2023 zusammen",
    "Kannst du mir den Text in drei Sätzen zusammenfassen?",
    "Résume cet article",
    "Resume este artículo",
    "Riassumi questo articolo",
    "Vat dit artikel samen",
]
SOMETHING_IN_IT = [
    "",
    "Who built the tower?",
    "Summarise the French Revolution",
    "Summarise what it says about prices",
    "Summarise the prices in the contract",
    "Summarise the section on refunds in our contract",
    "Summarise the differences between the two reports",
    "Give me an overview of whale oil",
    "What is fog about?",
    "What does the contract say about delays?",
    "What does the report say about the contract?",
    "What are the main causes of fog?",
    "key points of the debate on tariffs",
    "What is the summary dismissal rule?",
    "How many pages does the report have?",
    "When was the report published?",
    "Worum geht es in Faust?",
    "Was steht im Vertrag über Kündigung?",
    "Fasse die Preise im Vertrag zusammen",
]


@pytest.mark.parametrize("question", ALONE)
def test_a_request_without_a_source_is_one_where_a_source_is_named_with_it(question: str) -> None:
    assert asks_for_whole_source(question, is_named=True)
    assert not asks_for_whole_source(question, is_named=False)


@pytest.mark.parametrize("question", WITH_ITS_SOURCE)
def test_a_request_that_speaks_of_its_source_is_one(question: str) -> None:
    assert asks_for_whole_source(question, is_named=True)
    assert asks_for_whole_source(question, is_named=False)


def test_the_name_of_a_file_is_read_from_the_question() -> None:
    assert file_named("Summarise “notes/plan-2.md”, please") == "notes/plan-2.md"
    assert file_named("Summarise the report of 12.5.2019") == ""


@pytest.mark.parametrize("question", SOMETHING_IN_IT)
def test_a_question_for_a_subject_or_a_passage_is_none(question: str) -> None:
    assert not asks_for_whole_source(question, is_named=True)
    assert not asks_for_whole_source(question, is_named=False)


@pytest.mark.parametrize(
    "part", ["the ", "summarise ", "the x x x ", "what is the a ", "fass ", "vat ", "diese ", "in"]
)
def test_a_long_question_is_read_in_no_time(part: str) -> None:
    begun = process_time()
    asks_for_whole_source((part * 4_000)[:4_000], is_named=True)
    assert process_time() - begun < 1  # 0.03 s; a pattern that backtracks takes minutes
