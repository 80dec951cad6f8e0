"""What the extractive writer takes from evidence: the sentence that answers, verbatim, once, at each of its levels."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from fontes.agent.answerability import THRESHOLD
from fontes.agent.models import Writer
from fontes.agent.models.extractive import Extractive
from fontes.agent.state import Query, Sentence
from fontes.crawler import Page, text_hash
from fontes.retrievers import Evidence, Passage
from fontes.retrievers.embedders.bge import BgeSmall
from fontes.retrievers.rerankers.minilm import MiniLM

LIGHTHOUSE = (
    "Home | Visit | Contact\n"
    "The lighthouse of Cordouan\n"
    "Cordouan lies seven kilometres out at sea. Its lighthouse was built by the engineer Louis de Foix from 1584. "
    "He did not see it finished. The tower is 68 metres high and has 301 steps. Who built the lighthouse?"
)
HARBOUR = (
    "The harbour has room for 600 boats. The lighthouse was built by the engineer Louis de Foix from 1584. "
    "Ferries leave in the morning."
)
COOKING = "Boil the lentils for twenty minutes. Add salt at the end, or they stay hard."


def seen(text: str, source: str, *, title: str = "", before: str = "") -> Evidence:
    """A passage that stands after `before` on its page."""
    page = Page(text=before + text, hash=text_hash(before + text), title=title)
    return Evidence(passage=Passage.of(page, len(before), len(page.text)), source=source, title=title)


@pytest.fixture(scope="module", params=["full", "reranker", "embedder", "lexical"])
def writer(request: pytest.FixtureRequest) -> Writer:
    match request.param:
        case "full":
            return Extractive(BgeSmall(), MiniLM())
        case "reranker":
            return Extractive(None, MiniLM())
        case "embedder":
            return Extractive(BgeSmall())
        case _:
            return Extractive()


async def drafted(writer: Writer, question: str, evidence: Sequence[Evidence]) -> list[Sentence]:
    query = Query(text=question, original=question, language="en")
    sentences = [sentence async for sentence in writer.write(query, evidence)]
    for sentence in sentences:
        assert sentence.relevance is not None
        assert 0 <= sentence.relevance <= 1
        assert sentence.quotes[0].text == sentence.text
    return sentences


WHO = "Who built the lighthouse of Cordouan?"


async def test_the_first_sentence_answers(writer: Writer) -> None:
    evidence = [seen(COOKING, "b"), seen(LIGHTHOUSE, "a", title="Cordouan")]
    first = (await drafted(writer, WHO, evidence))[0]
    assert first.text.endswith("Its lighthouse was built by the engineer Louis de Foix from 1584.")


async def test_every_quote_is_where_it_says_it_is(writer: Writer) -> None:
    texts = {"a": f"Preface.\n{LIGHTHOUSE}", "b": f"On boats.\n\n{HARBOUR}"}
    evidence = [seen(LIGHTHOUSE, "a", before="Preface.\n"), seen(HARBOUR, "b", before="On boats.\n\n")]
    pages = {text_hash(text): text for text in texts.values()}
    quotes = [quote for sentence in await drafted(writer, WHO, evidence) for quote in sentence.quotes]
    assert quotes
    assert all(pages[quote.page_hash][quote.start : quote.end] == quote.text for quote in quotes)


async def test_what_two_pages_say_is_said_once_with_both_quotes(writer: Writer) -> None:
    evidence = [seen(LIGHTHOUSE, "a", title="Cordouan"), seen(HARBOUR, "b", title="Royan")]
    sentences = await drafted(writer, WHO, evidence)
    assert sum("Louis de Foix" in sentence.text for sentence in sentences) == 1
    answer = next(sentence for sentence in sentences if "Louis de Foix" in sentence.text)
    assert {quote.page_hash for quote in answer.quotes} == {e.passage.page_hash for e in evidence}


async def test_a_copy_with_another_number_is_no_corroboration(writer: Writer) -> None:
    evidence = [seen("The tower of Riga is 68 metres high.", "a"), seen("The tower of Riga is 86 metres high.", "b")]
    sentences = await drafted(writer, "How high is the tower of Riga?", evidence)
    assert {sentence.text for sentence in sentences} == {e.passage.text for e in evidence}
    assert all(len(sentence.quotes) == 1 for sentence in sentences)


async def test_a_copy_with_another_name_is_no_corroboration(writer: Writer) -> None:
    text = "The ceiling of the old church of Aldan was painted in only four months by {}."
    evidence = [seen(text.format("Jonas Wirth"), "a"), seen(text.format("Peter Holm"), "b")]
    sentences = await drafted(writer, "Who painted the ceiling of Aldan church?", evidence)
    assert {sentence.text for sentence in sentences} == {e.passage.text for e in evidence}
    assert all(len(sentence.quotes) == 1 for sentence in sentences)


TUNNEL = (
    "The Tarn tunnel is 3.2 kilometres long. Work on the Tarn tunnel began in 1956. The Tarn tunnel was completed in "
    "1961. It was widened in 1990."
)
ROADS = "The Tarn tunnel was completed in 1963, two years late. The old pass road is closed in winter."
BRIDGE = (
    "The Karsten Bridge was opened on 3 May 1911. It was built because the ferry had sunk twice in one winter. After "
    "the flood the Karsten Bridge was closed for two years and reopened in 1994. The bridge is 212 metres long."
)
TOWN = (
    "Karsten has 4,000 inhabitants. The Karsten Bridge was reopened in 1996, when the last pier had been repaired. Its "
    "market is on Saturdays."
)


@pytest.mark.parametrize(
    ("question", "one", "other", "answers"),
    [
        ("When was the Tarn tunnel completed?", TUNNEL, ROADS, ("1961", "1963")),
        ("When was the Karsten Bridge reopened?", BRIDGE, TOWN, ("1994", "1996")),
    ],
)
async def test_where_pages_disagree_both_are_quoted_and_nothing_beside_the_point(
    writer: Writer, question: str, one: str, other: str, answers: tuple[str, str]
) -> None:
    evidence = [seen(one, "a", title=question.split("the ")[1].rsplit(" ", 1)[0]), seen(other, "b", title="The region")]
    texts = [sentence.text for sentence in await drafted(writer, question, evidence)]
    assert len(texts) == 2
    assert all(any(answer in text for text in texts) for answer in answers)


async def test_a_long_page_does_not_hide_that_another_disagrees(writer: Writer) -> None:
    parts = [TUNNEL, *(f"The Tarn tunnel has {n} lamps in part {n}. The tunnel is swept in week {n}." for n in "3456")]
    page = "\n\n".join(parts)
    starts = [page.index(part) for part in parts]
    whole = Page(text=page, hash=text_hash(page), title="Tarn tunnel")
    evidence = [
        Evidence(passage=Passage.of(whole, start, start + len(part)), source="a")
        for start, part in zip(starts, parts, strict=True)
    ]
    sentences = await drafted(writer, "When was the Tarn tunnel completed?", [*evidence, seen(ROADS, "b")])
    assert {sentence.text for sentence in sentences[:2]} == {
        "The Tarn tunnel was completed in 1961.",
        "The Tarn tunnel was completed in 1963, two years late.",
    }


@pytest.mark.parametrize(
    "with_models", [Extractive(BgeSmall(), MiniLM()), Extractive(None, MiniLM()), Extractive(BgeSmall())]
)
async def test_a_title_on_the_subject_is_no_answer(with_models: Extractive) -> None:
    text = "The observatory was opened in 1921 by the king. It has a garden and a wall of red brick."
    question = "Which comet was discovered at the Ystad observatory?"
    [aside, *_] = await drafted(with_models, question, [seen(text, "a", title="Ystad observatory")])
    assert aside.relevance is not None
    assert aside.relevance < 0.5


PRICES_2025 = "In 2025 the climb of the tower costs seven euros for adults and three for children."


async def test_what_is_said_of_another_year_is_withheld(writer: Writer) -> None:
    [of_2025, *_] = await drafted(writer, "What does the climb of the tower cost in 2025?", [seen(PRICES_2025, "a")])
    [of_2026, *rest] = await drafted(writer, "What does the climb of the tower cost in 2026?", [seen(PRICES_2025, "a")])
    assert of_2025.relevance is not None
    assert of_2026.relevance is not None
    assert of_2026.relevance < 0.5 < of_2025.relevance
    assert not rest


async def test_the_asked_year_goes_before_another_one(writer: Writer) -> None:
    evidence = [seen(PRICES_2025, "a"), seen("In 2026 the climb costs eight euros.", "b", title="Tower")]
    sentences = await drafted(writer, "What does the climb of the tower cost in 2026?", evidence)
    assert [sentence.text for sentence in sentences] == ["In 2026 the climb costs eight euros."]


@pytest.mark.parametrize("where", ["title", "source", "published"])
async def test_a_year_may_stand_beside_the_text(writer: Writer, where: str) -> None:
    undated = PRICES_2025.replace("In 2025 the", "The")
    found = seen(
        undated, "prices-2025.md" if where == "source" else "a", title="Prices 2025" if where == "title" else ""
    )
    evidence = [replace(found, published="2025-03-01" if where == "published" else "")]
    [answer, *_] = await drafted(writer, "What does the climb of the tower cost in 2025?", evidence)
    assert answer.relevance is not None
    assert answer.relevance > 0.5


async def test_a_claim_is_not_withheld_for_its_year(writer: Writer) -> None:
    claim = "In 2026 the climb of the tower costs seven euros for adults and three for children."
    query = Query(text=claim, original=claim, language="en", intent="claim")
    [sentence] = [s async for s in writer.write(query, [seen(PRICES_2025, "a")])]
    assert sentence.relevance is not None
    assert sentence.relevance > 0.5


@pytest.mark.parametrize(
    "bait",
    [
        "Who built the lighthouse of Cordouan is told at https://evil.example/cordouan by its builder.",
        "The lighthouse of Cordouan was built by the people of evil-tours.com, book now.",
        "Write to builder@evil.example to learn who built the lighthouse of Cordouan.",
        "The lighthouse of Cordouan was built by <b>Louis de Foix</b> from 1584.",
        "The lighthouse of Cordouan was built by [Louis de Foix](x) from 1584.",
        "Who built the lighthouse of Cordouan?",
        "Cordouan | Lighthouse | Who built it | Contact",
    ],
)
async def test_addresses_markup_questions_and_menus_are_not_chosen(writer: Writer, bait: str) -> None:
    evidence = [seen(f"{bait}\nLouis de Foix, an engineer, built the tower that stands there.", "a", title="Cordouan")]
    sentences = await drafted(writer, WHO, evidence)
    assert [s.text for s in sentences] == ["Louis de Foix, an engineer, built the tower that stands there."]


async def test_without_evidence_nothing_is_written(writer: Writer) -> None:
    assert await drafted(writer, WHO, []) == []
    assert await drafted(writer, WHO, [seen("See https://evil.example/ for all.", "a")]) == []


async def test_a_heading_is_better_than_nothing(writer: Writer) -> None:
    assert [s.text for s in await drafted(writer, WHO, [seen("Cordouan lighthouse", "a")])] == ["Cordouan lighthouse"]


async def test_the_same_evidence_gives_the_same_sentences(writer: Writer) -> None:
    evidence = [seen(LIGHTHOUSE, "a", title="Cordouan"), seen(HARBOUR, "b"), seen(COOKING, "c")]
    assert await drafted(writer, WHO, evidence) == await drafted(writer, WHO, evidence)


async def test_a_very_long_passage_is_searched_to_its_end(writer: Writer) -> None:
    filler = " ".join(f"In the year {year} the harvest of the village was counted by its mayor." for year in range(400))
    evidence = [seen(f"{filler} The lighthouse of Cordouan was built by Louis de Foix. {filler}", "a")]
    assert "Louis de Foix" in (await drafted(writer, WHO, evidence))[0].text


async def test_an_answer_is_more_relevant_than_what_is_off_the_subject(writer: Writer) -> None:
    [answer, *_] = await drafted(writer, WHO, [seen(LIGHTHOUSE, "a", title="Cordouan")])
    [aside, *rest] = await drafted(writer, WHO, [seen(COOKING, "b")])
    assert not rest
    assert answer.relevance is not None
    assert aside.relevance is not None
    assert aside.relevance < 0.5 < answer.relevance


async def test_each_sub_question_gets_its_sentence(writer: Writer) -> None:
    height = "How high is the tower of Cordouan?"
    query = Query(text=f"{WHO} {height}", original="", language="en", sub_questions=(WHO, height))
    evidence = [seen(LIGHTHOUSE, "a", title="Cordouan"), seen(COOKING, "b")]
    sentences = [sentence async for sentence in writer.write(query, evidence)]
    firsts = {s.question: s.text for s in reversed(sentences)}
    assert "Louis de Foix" in firsts[0]
    assert "68 metres" in firsts[1]


async def test_a_claim_finds_the_sentence_that_speaks_of_it(writer: Writer) -> None:
    claim = "The tower of Cordouan has more than three hundred steps."
    assert "301 steps" in (await drafted(writer, claim, [seen(LIGHTHOUSE, "a", title="Cordouan")]))[0].text


async def test_an_answer_under_a_question_is_found_by_it(writer: Writer) -> None:
    text = "What is the return period?\nThirty days from delivery.\nWho pays for it?\nThe customer pays the postage."
    assert (await drafted(writer, "What is the return period?", [seen(text, "faq")]))[0].text == (
        "Thirty days from delivery."
    )


async def test_what_is_beside_the_point_does_not_follow(writer: Writer) -> None:
    text = "Q: How long can I return an item?\nA: You can return any item for 30 days. Lentils are boiled in water."
    assert [s.text for s in await drafted(writer, "How long can I return an item?", [seen(text, "faq")])] == [
        "You can return any item for 30 days."
    ]


async def test_other_languages_are_quoted_too(writer: Writer) -> None:
    text = "Der Leuchtturm steht im Meer. Er wurde von Louis de Foix gebaut. Er hat 301 Stufen."
    query = Query(text="Wer hat den Leuchtturm gebaut?", original="", language="de")
    sentences = [s async for s in writer.write(query, [seen(text, "a")])]
    assert sentences[0].text in text


@pytest.fixture(scope="module")
def full() -> Extractive:
    return Extractive(BgeSmall(), MiniLM())


KILN = (
    "The Farrow kiln stands behind the pottery, two miles from the village of Orme. It is 14 metres high. "
    "The potters of Orme fired their jugs there. It cost 900 pounds."
)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How high is the Farrow kiln?", KILN.split(". The potters")[0] + "."),
        ("How much did the Farrow kiln cost?", "The potters of Orme fired their jugs there. It cost 900 pounds."),
    ],
)
async def test_a_sentence_with_a_pronoun_is_found_and_quoted_with_what_it_means(
    full: Extractive, question: str, answer: str
) -> None:
    first, *_ = await drafted(full, question, [seen(KILN, "a", title="The Farrow kiln"), seen(COOKING, "b")])
    assert first.text == answer
    assert first.relevance is not None
    assert first.relevance >= THRESHOLD


async def test_a_further_sentence_is_not_quoted_with_the_one_before_it_twice(full: Extractive) -> None:
    text = "The Farrow kiln was built in 1790 by John Orme. It was built of brick by his sons in two years."
    sentences = await drafted(full, "Who built the Farrow kiln?", [seen(text, "a", title="Orme")])
    assert sum(sentence.text.count("John Orme") for sentence in sentences) == 1


@pytest.mark.parametrize(
    "heading",
    [
        "Register of the parish council of Orme, 9 May 2019",
        "Notes on the chair of the parish council of Orme",
        "Figure 2: The chair of the parish council of Orme.",
        "By Anna Reed, reporter for the parish council of Orme",
    ],
)
async def test_a_heading_is_no_answer_where_a_sentence_is(writer: Writer, heading: str) -> None:
    text = f"{heading}\n\nPresent: Chair Ada Lund; members Bell, Crane.\n\nThe lamp in Mill Lane is out again."
    sentences = await drafted(writer, "Who is the chair of the parish council of Orme?", [seen(text, "a")])
    assert heading not in [sentence.text for sentence in sentences]


async def test_a_short_label_with_a_name_may_be_the_answer(full: Extractive) -> None:
    text = "Register of the parish council of Orme\n\nPresent: Chair Ada Lund; members Bell, Crane.\n\nThe lamp is out."
    evidence = [seen(text, "a", title="Register of the parish council of Orme")]
    first, *_ = await drafted(full, "Who is the chair of the parish council of Orme?", evidence)
    assert first.text == "Present: Chair Ada Lund; members Bell, Crane."


BOATS = (
    "The boats of Orme\n\nBoat | Built | Yard | Status\nHeron | 1911 | Lind | laid up\n"
    "Teal | 1924 | Harker | in service\nWren | 1930 | Lind | in service\n\nThe quay was widened in 1931."
)


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("Who built the boat Teal?", ["Teal | 1924 | Harker | in service"]),
        ("Which boats are in service?", ["Teal | 1924 | Harker | in service", "Wren | 1930 | Lind | in service"]),
    ],
)
async def test_rows_of_a_table_are_read_with_their_header_and_quoted_as_they_stand(
    full: Extractive, question: str, rows: list[str]
) -> None:
    sentences = await drafted(full, question, [seen(BOATS, "a", title="The boats of Orme")])
    assert sorted(sentence.text for sentence in sentences) == rows


REPORT = (
    "Report on the Orme quay\n\nPosted 3 May 2019 by the harbour office.\n\nDate: 3 May 2019\n\n"
    "The quay of Orme was inspected in April. It was found sound. Two piles of the quay must be replaced. "
    "Bring a torch."
)


async def whole(question: str, evidence: Sequence[Evidence]) -> list[str]:
    query = Query(text=question, original=question, language="en", is_whole=True)
    return [sentence.text async for sentence in Extractive().write(query, evidence)]


async def test_a_source_asked_for_as_a_whole_is_told_by_its_own_sentences() -> None:
    said = await whole("Summarise it", [seen(REPORT, "a", title="Report on the Orme quay")])
    assert said[0] == "The quay of Orme was inspected in April."
    assert "It was found sound." in said
    assert not any("3 May" in text for text in said)


async def test_of_several_sources_each_has_its_first_sentence() -> None:
    assert await whole("Summarise it", [seen(REPORT, "a.md"), seen(COOKING, "b.md")]) == [
        "The quay of Orme was inspected in April.",
        "Boil the lentils for twenty minutes.",
    ]


async def test_a_file_that_is_named_is_told_alone() -> None:
    said = await whole("Summarise b.md", [seen(REPORT, "/docs/a.md"), seen(COOKING, "/docs/b.md")])
    assert said[0] == "Boil the lentils for twenty minutes."


async def test_a_thing_is_not_answered_with_its_neighbour(writer: Writer) -> None:
    lathes = "The Lathe 7100 weighs 900 kilograms. The Lathe 7200 weighs 1,100 kilograms."
    for number, is_answered in (("7300", False), ("7200", True)):
        question = f"How much does the Lathe {number} weigh?"
        first, *_ = await drafted(writer, question, [seen(lathes, "a", title="Lathes")])
        assert first.relevance is not None
        assert (first.relevance >= THRESHOLD) is is_answered
