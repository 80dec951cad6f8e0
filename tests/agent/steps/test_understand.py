"""What was typed becomes what is searched for, or is refused in words."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import process_time

import pytest
from fontes.agent.deps import Deps
from fontes.agent.errors import BadQuestion
from fontes.agent.questions.follow_ups import ask_back, standalone
from fontes.agent.state import Intent, Query, State
from fontes.agent.steps.understand import understand, understood
from fontes.retrievers import Index
from hypothesis import given
from hypothesis import strategies as st

TODAY = date(2026, 3, 15)
LONGEST = 4_000


def query_of(question: str) -> Query:
    return understood(question, today=TODAY, longest=LONGEST)


@pytest.fixture
def deps(deps_over: Callable[[Index], Deps], tmp_path: Path) -> Deps:
    """The step touches no index: this one is never opened."""
    return deps_over(Index(tmp_path, embedder=None, reranker=None, vectors=None))


async def test_the_step_writes_the_query_and_keeps_to_the_limit(deps: Deps) -> None:
    question = "Who built the tower?"
    assert await understand(State(run="r", question=question, asked=""), deps) == {"query": query_of(question)}
    with pytest.raises(BadQuestion, match="at most 4,000 can be asked"):
        await understand(State(run="r", question="a" * 4_001, asked=""), deps)


def test_the_question_is_read_whole() -> None:
    asked = '  Who\u200b built   the "Orvay light"\n in 1854? '
    assert query_of(asked) == Query(
        text='Who built the "Orvay light" in 1854?',
        original=asked,
        language="en",
        intent="fact",
        quoted=("Orvay light",),
        since="1854-01-01",
        until="1854-12-31",
        expansions=('built "Orvay light" 1854',),
    )


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("Who built the tower?", "fact"),
        ("When was it lit", "fact"),
        ("Fresnel lens focal distance", "fact"),
        ("What is the difference between a lens and a mirror?", "comparison"),
        ("Compare oil and gas lamps", "comparison"),
        ("whale oil vs. kerosene", "comparison"),
        ("How do I clean a lens?", "how_to"),
        ("how to clean a lens", "how_to"),
        ("How can you tell a light by its flashes?", "how_to"),
        ("How did the keeper clean a lens?", "fact"),
        ("List all keepers", "list"),
        ("Which towers are still lit?", "list"),
        ("What are the names of the keepers?", "list"),
        ("The Orvay lighthouse was built by James Calder.", "claim"),
        ("The Orvay lighthouse was built by James Calder", "claim"),
        ("the orvay lighthouse was built by james calder", "claim"),
        ("the orvay lighthouse was built by", "fact"),
        ("Is it true that the tower was built by Calder", "claim"),
        ("A larger lens is better than a smaller one.", "claim"),
        ("Is oil better than gas?", "comparison"),
        ("Is oil or gas cheaper?", "comparison"),
        ("Which is brighter, oil or gas?", "comparison"),
        ("Which keeper lived in the tower?", "fact"),
        ("Which keepers lived in the tower?", "list"),
        ("What causes fog?", "fact"),
        ("What is the best way to clean a lens?", "how_to"),
        ("I want to know how to clean a lens", "how_to"),
        ("Who wrote a book on how to clean a lens?", "fact"),
        ("Best seafood restaurants near the Orvay lighthouse", "fact"),
        ("What does https://orvay.example/tower say about oil?", "url"),
        ("Compare https://a.example/x and https://b.example/y", "url"),
        ("Was ist der Unterschied zwischen Öl und Gas?", "comparison"),
        ("Stimmt es, dass der Turm brannte?", "claim"),
        ("Comment nettoyer une lentille ?", "how_to"),
        ("¿Cuáles son los faros de Galicia?", "list"),
        ("ランプの掃除の方法", "how_to"),
        ("Short statement.", "fact"),
    ],
)
def test_the_intent_of_a_question(question: str, intent: Intent) -> None:
    assert (query_of(question)).intent == intent


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ('Where is "Bell Rock" and "Orvay"?', ("Bell Rock", "Orvay")),
        ("Wo steht „Bell Rock“?", ("Bell Rock",)),
        ("Où est « Bell Rock » ?", ("Bell Rock",)),
        ("Where is “Bell Rock”?", ("Bell Rock",)),
        ('Where is "Bell Rock", "Bell Rock"?', ("Bell Rock",)),
        ('Where is the 6" lens?', ()),
        ("Where is 'Bell Rock'?", ()),
        ('Where is ""?', ()),
    ],
)
def test_terms_in_quotation_marks_are_taken_out(question: str, quoted: tuple[str, ...]) -> None:
    assert (query_of(question)).quoted == quoted


@pytest.mark.parametrize("question", ["", "   \n\t ", "?!…", '""', "\x00\x07\u200b", "😀", "—"])
def test_a_question_without_a_word_is_refused(question: str) -> None:
    with pytest.raises(BadQuestion, match="it holds no word; ask something like"):
        query_of(question)


def test_a_question_may_have_just_as_many_characters_as_allowed() -> None:
    allowed = LONGEST
    assert len((query_of("a" * allowed + " " * 50)).text) == allowed
    with pytest.raises(BadQuestion, match=r"it has 4,001 characters, at most 4,000 can be asked; .* --docs"):
        query_of("a" * (allowed + 1))


def test_what_was_typed_is_not_kept_when_it_is_mostly_blank() -> None:
    query = query_of("Who?" + " " * 50_000)
    assert query.original == query.text == "Who?"


@given(question=st.one_of(st.text(), st.text(alphabet='"“”«»„ab1?\n\u202e')))
def test_any_text_is_understood_or_refused(question: str) -> None:
    try:
        query = query_of(question)
    except BadQuestion:
        return
    assert 0 < len(query.text) <= LONGEST
    assert query.text == " ".join(query.text.split())
    assert all(term and term in query.text for term in query.quoted)
    assert not (query.since and query.until) or query.since <= query.until


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("Which lighthouses stand in Oslo?", "Oslo"),
        ("Lighthouses near Reykjavik", "Reykjavik"),
        ("Lighthouses in Rio de Janeiro", "Rio de Janeiro"),
        ("Lighthouses in New South Wales before 1900", "New South Wales"),
        ("Lighthouses in the Netherlands", "the Netherlands"),
        ("Lighthouses in the Faroe Islands", "the Faroe Islands"),
        ("restaurants in oslo today", "oslo"),
        ("Welche Leuchttürme stehen bei Kiel?", "Kiel"),
        ("Quels phares y a-t-il à Brest ?", "Brest"),
        ("¿Qué faros hay en La Coruña?", "La Coruña"),
        ("Quali fari ci sono a Genova?", "Genova"),
        ("Quais faróis existem em São Paulo?", "São Paulo"),
        ("Welke vuurtorens staan er in Den Haag?", "Den Haag"),
        ("How do I sort a list in Python?", ""),
        ("What is a lighthouse called in German?", ""),
        ("What happened in May?", ""),
        ("Lighthouses in World War II", ""),
        ("What is in the tower?", ""),
        ("What is new in Calder's book?", ""),
    ],
)
def test_the_place_a_question_names(question: str, place: str) -> None:
    assert (query_of(question)).place == place


@pytest.mark.parametrize(
    ("question", "text", "urls", "sites"),
    [
        ("Summarise https://a.example/x?y=1.", "Summarise.", ("https://a.example/x?y=1",), ()),
        ("See (https://a.example/x_(y)), please", "See, please", ("https://a.example/x_(y)",), ()),
        ("What is at <https://a.example/x>?", "What is at?", ("https://a.example/x",), ()),
        ("What does docs.rs/tokio say on tasks?", "tasks?", ("https://docs.rs/tokio",), ()),
        ("https://a.example/x", "https://a.example/x", ("https://a.example/x",), ()),
        ("Floods in Wales on bbc.co.uk", "Floods in Wales", (), ("bbc.co.uk",)),
        ("Floods site:bbc.co.uk site:www.itv.com", "Floods", (), ("bbc.co.uk", "itv.com")),
        ("According to nature.com, why do axolotls heal?", "why do axolotls heal?", (), ("nature.com",)),
        ("According to Wikipedia, why do axolotls heal?", "why do axolotls heal?", (), ("wikipedia.org",)),
        ("Was steht auf spiegel.de über die Flut?", "Was steht über die Flut?", (), ("spiegel.de",)),
        ("What is node.js?", "What is node.js?", (), ()),
        ("Is main.py at version 1.2.3?", "Is main.py at version 1.2.3?", (), ()),
        ("Who is me@a.example.com?", "Who is me@a.example.com?", (), ()),
        ("Open ftp://a.example/x", "Open ftp://a.example/x", (), ()),
    ],
)
def test_addresses_and_sites_are_taken_out_of_what_is_searched(
    question: str, text: str, urls: tuple[str, ...], sites: tuple[str, ...]
) -> None:
    query = query_of(question)
    assert (query.text, query.urls, query.sites, query.original) == (text, urls, sites, question)


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Who founded Orvay and when did it close?", ("Who founded Orvay?", "When did Orvay close?")),
        (
            "Who is the keeper of Orvay and how old is she?",
            ("Who is the keeper of Orvay?", "How old is the keeper of Orvay?"),
        ),
        ("What is a lens? Who made it?", ("What is a lens?", "Who made a lens?")),
        ("What is its height? Who is Calder?", ("What is its height?", "Who is Calder?")),
        ("1. Who is Hale? 2. Who is Calder?", ("Who is Hale?", "Who is Calder?")),
        ("Explain what fog is and why it forms", ("Explain what fog is", "Explain why fog forms")),
        ("Is Orvay lit and does it stand on rock?", ("Is Orvay lit?", "Does Orvay stand on rock?")),
        (
            "Wer baute Orvay und wann wurde Stennick gebaut?",
            ("Wer baute Orvay?", "Wann wurde Stennick gebaut?"),
        ),
        ("Who invented the lens and where was he born?", ()),
        ("Which law did Hale sign and what does it say?", ()),
        ("Who wrote Romeo and Juliet?", ()),
        ("What does Norway spend on research and development?", ()),
        ("How did prices change when the harvest failed and when it recovered?", ()),
        ("Who built the tower and when?", ()),
        ("What and where is Orvay?", ()),
        ("Who is A? Who is B? Who is C? Who is D? Who is E?", ()),
        ("¿Quién fundó Zara y cuándo abrió?", ()),
    ],
)
def test_a_question_is_divided_only_into_parts_that_stand_alone(question: str, parts: tuple[str, ...]) -> None:
    assert (query_of(question)).sub_questions == parts


@pytest.mark.parametrize(
    ("question", "fresh"),
    [
        ("What is the latest version of Fontes?", True),
        ("Who is the keeper now?", True),
        ("What is the price of oil?", True),
        ("What was the price of oil in 1980?", False),
        ("What happened last week?", True),
        ("What happened last year?", False),
        ("Who has won since 2020?", False),
        ("Who has won since January?", True),
        ("How strong are ocean currents?", False),
        ("Wie ist das Wetter in Kiel?", True),
        ("¿Quién es el presidente actual?", True),
        ("現在の首相は誰ですか", True),
        ("Who built the tower?", False),
    ],
)
def test_a_question_about_the_present_wants_fresh_pages(question: str, fresh: bool) -> None:
    assert (query_of(question)).fresh is fresh


def test_other_wordings_are_keywords_with_the_year_the_window_lies_in() -> None:
    query = query_of("Who built the tower of Orvay last year?")
    assert query.expansions == ("built tower Orvay last year", "built tower Orvay last year 2025")
    assert (query_of("tower")).expansions == ()


@pytest.mark.parametrize(
    ("claim", "contrary"),
    [
        ("The tower was built by Calder.", "tower built Calder false OR myth OR debunked"),
        ("Der Turm wurde von Calder gebaut.", "Turm Calder gebaut falsch OR Mythos OR widerlegt"),
        ("La torre fue construida por Calder.", "torre construida Calder falso OR mito OR desmentido"),
        ("Who built the tower?", ""),
    ],
)
def test_a_claim_has_a_search_for_the_other_side(claim: str, contrary: str) -> None:
    assert (query_of(claim)).contrary == contrary


TOWER = (("Who built the Eiffel Tower?", "The company of Gustave Eiffel."),)
SWEDEN = (("How many people lived in Sweden in 2020?", "10.4 million."),)


@pytest.mark.parametrize(
    ("question", "turns", "alone"),
    [
        ("When was it built?", TOWER, "When was the Eiffel Tower built?"),
        ("What is its height?", TOWER, "What is the Eiffel Tower’s height?"),
        ("How tall is the Shard?", TOWER, "How tall is the Shard?"),
        ("And the Louvre?", TOWER, "Who built the Louvre?"),
        ("when?", TOWER, "Who built the Eiffel Tower – when?"),
        ("and in 2023?", SWEDEN, "How many people lived in Sweden in 2023?"),
        ("what about Denmark?", SWEDEN, "How many people lived in Denmark in 2020?"),
        ("What about in Norway?", SWEDEN, "How many people lived in Norway in 2020?"),
        ("and last year?", SWEDEN, "How many people lived in Sweden last year?"),
        ("und in Wien?", (("Wie viele Einwohner hat Berlin?", "3,7 Mio."),), "Wie viele Einwohner hat Wien?"),
        (
            "et la Suisse ?",
            (("Quelle est la capitale de la France ?", "Paris"),),
            "Quelle est la capitale de la Suisse ?",
        ),
        ("When was it built?", (*TOWER, ("and when?", "1889")), "When was the Eiffel Tower built?"),
        ("When was it built?", (), "When was it built?"),
        ("", TOWER, ""),
    ],
)
def test_a_follow_up_is_written_out(question: str, turns: tuple[tuple[str, str], ...], alone: str) -> None:
    assert standalone(question, turns) == alone


def test_a_follow_up_is_understood_with_the_turns_before_it() -> None:
    query = understood("and in 2023?", today=TODAY, longest=LONGEST, turns=SWEDEN)
    assert (query.text, query.original) == ("How many people lived in Sweden in 2023?", "and in 2023?")
    assert (query.since, query.until) == ("2023-01-01", "2023-12-31")


@pytest.mark.parametrize(
    ("question", "has_sources", "is_whole"),
    [
        ("Summarise https://a.example/x", False, True),
        ("https://a.example/x", False, True),
        ("a.example/x", False, True),
        ("tl;dr", True, True),
        ("tl;dr", False, False),
        ("Summarise our handbook", False, True),
        ("What does https://a.example/x say on oil?", False, False),
        ("Who built the tower?", True, False),
    ],
)
def test_a_question_for_a_whole_source_is_told_from_one_for_something_in_it(
    question: str, *, has_sources: bool, is_whole: bool
) -> None:
    query = understood(question, today=TODAY, longest=LONGEST, has_sources=has_sources)
    assert query.is_whole is is_whole


@pytest.mark.parametrize(
    "question",
    [
        "it",
        "Compare them",
        "why??",
        "When did it open?",
        "Who is he?",
        "tell me more",
        "Was ist das?",
        "¿Por qué?",
        "help",
    ],
)
def test_a_question_that_names_nothing_is_asked_back(question: str) -> None:
    assert ask_back(question)


@pytest.mark.parametrize("question", ["What is IT?", "Fog", "Who was Calder?", "what is love", "Wer ist Hale?", "2024"])
def test_a_question_that_names_anything_is_not(question: str) -> None:
    assert not ask_back(question)


@pytest.mark.parametrize(
    "part", ["a ", "A of ", "which is a, ", "how much is ", "what is x and what ", "May ", "-", "1. "]
)
def test_a_long_question_is_understood_in_no_time(part: str) -> None:
    begun = process_time()
    query_of((part * LONGEST)[: LONGEST - 1] + "x")
    assert process_time() - begun < 2  # 0.25 s; a pattern that backtracks takes minutes
