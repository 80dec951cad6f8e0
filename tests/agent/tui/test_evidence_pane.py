"""The evidence of a sentence: what stands around its quotes, who says it, and what is to be minded."""

from dataclasses import replace

from fontes.agent.answer import Answer
from fontes.agent.state import Checked
from fontes.agent.tui.evidence_pane import EvidencePane
from fontes.agent.tui.snapshot_screen import SnapshotScreen
from fontes.retrievers import RetrievalError
from textual import on

WIDE, NORMAL, NARROW = (160, 60), (80, 24), (50, 20)


async def test_the_quote_stands_in_its_paragraph_with_what_is_known_of_its_source(
    answer: Answer, built: Checked, pane_host, seen, settled
) -> None:
    app = pane_host(answer, built)
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        text = seen(app)
    for said in (
        "✓ supported  0.97 by lexical@3",
        "2 independent sources of 3 cited · as of 2024-05-01",
        "counted as one: lights.example.org and visit.example.com: the same words in both",
        "▸ [1] Orvay – Lights of the North",
        "lights.example.org (Lights of the North)",
        "published 2019-06-02 · fetched 2026-03-14",
        "§ History",
        "The Orvay lighthouse was built in 1854 by James Calder, whose drawings",
        "[2] Orvay light turns 170",
        "kind of site none that is known",
        "author       A. Berg",
        "published    2019-06-02, 6 years ago",
        "refers to    2 works or addresses",
        "shared text  4 % of its words stand in the other sources too",
        "connection   https",
    ):
        assert said in text, said
    assert "score" not in text.partition("Seen of this source")[2]


async def test_the_span_alone_is_marked_and_not_by_colour_alone(
    answer: Answer, built: Checked, pane_host, settled
) -> None:
    app = pane_host(answer, built)
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        strips = app.screen._compositor.render_strips()
        marked = [segment.text for strip in strips for segment in strip if segment.style and segment.style.underline]
    assert "".join(marked) == "The Orvay lighthouse was built in 1854 by James Calder"


async def test_keys_go_through_the_citations_and_tell_where_they_end(
    answer: Answer, built: Checked, pane_host, seen, settled
) -> None:
    app = pane_host(answer, built)
    ends: list[int] = []

    class Listening(type(app)):
        @on(EvidencePane.Ended)
        def ended(self, event: EvidencePane.Ended) -> None:
            ends.append(event.step)

    app = Listening(app.pane)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("p", "n")
        await settled(pilot)
        assert app.pane.citation == built.claims[0].citations[1]
        assert "This week it" in seen(app)
        assert "▸ [2] Orvay light turns 170" in seen(app)
        await pilot.press("n", "n")
        await settled(pilot)
        assert app.pane.citation == built.claims[0].citations[2]
        assert "http, not encrypted" in seen(app)
        assert "no date of publication" in seen(app)
    assert ends == [-1, 1]


async def test_both_sides_of_a_contradiction_stand_beside_each_other_and_below_where_it_is_narrow(
    answer: Answer, tall: Checked, pane_host, seen, settled
) -> None:
    app = pane_host(answer, tall)
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        lines = seen(app).splitlines()
        assert any("41 metres  " in line and "38 metres" in line for line in lines)
        text = seen(app)
        for said in (
            "≠ Sources disagree on a number", "≠ sources disagree: 41 metres / 38 metres",
            "“the tower is 41 metres tall”",
            "“The tower is 38 metres tall.”", "as of 2019-06-02", "of no known day", "→ Changed over time",
            "as of 1988-12-31", "as of 2024-05-01", "⚠ may be out of date: the page is 6 years old",
            "→ cited for it instead: https://lights.example.org/north/orvay", "“The light was automated in 1988.”",
        ):  # fmt: skip
            assert said in text, said
        await pilot.resize_terminal(50, 90)
        await settled(pilot)
        lines = seen(app).splitlines()
        assert not any("41 metres  " in line and "38 metres" in line for line in lines)
        assert any("38 metres" in line for line in lines)


async def test_a_withheld_sentence_says_why(answer: Answer, doubted: Checked, pane_host, seen, settled) -> None:
    app = pane_host(answer, doubted)
    async with app.run_test(size=NORMAL) as pilot:
        await settled(pilot)
        assert "✗ not asserted: no source names a keeper" in seen(app)
        assert "✗ unsupported  0.12 by lexical@3" in seen(app)


async def test_before_the_answer_is_there_citations_are_counted_in_the_sentence(
    built: Checked, pane_host, seen, settled
) -> None:
    app = pane_host(None, built)
    async with app.run_test(size=NORMAL) as pilot:
        await settled(pilot)
        assert "▸ (1) Orvay – Lights of the North" in seen(app)
        app.pane.show(None, None)
        await settled(pilot)
        assert "Choose a sentence" in seen(app)
        assert app.pane.citation is None
        await pilot.press("n", "p", "o", "s", "y")
        assert len(app.screen_stack) == 1


async def test_an_erased_page_leaves_the_quote_that_the_answer_keeps(
    answer: Answer, built: Checked, pane_host, pages, seen, settled
) -> None:
    pages.clear()
    app = pane_host(answer, built)
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        assert "the stored page was erased" in seen(app)
        assert "“The Orvay lighthouse was built in 1854 by James Calder”" in seen(app)


async def test_a_store_that_cannot_be_read_is_told(answer: Answer, built: Checked, pane_host, seen, settled) -> None:
    app = pane_host(answer, built)

    async def broken(page_hash: str) -> None:
        raise RetrievalError("fontes.db", "the disk is gone")

    app.pane._load = broken
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        assert "⚠ the stored page cannot be read: fontes.db: the disk is gone" in seen(app)


async def test_a_quote_that_the_page_does_not_hold_is_not_shown_as_if_it_did(
    answer: Answer, built: Checked, pane_host, seen, settled
) -> None:
    claim = built.claims[0]
    moved = replace(claim.citations[0], start=3, end=3 + len(claim.citations[0].quote))
    app = pane_host(answer, replace(built, claims=(replace(claim, citations=(moved,)),)))
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        assert "⚠ the stored text does not hold this quote at its place" in seen(app)
        assert "whose drawings" not in seen(app)


async def test_keys_open_the_stored_page_and_copy_the_citation(
    answer: Answer, built: Checked, pane_host, settled
) -> None:
    app = pane_host(answer, built)
    async with app.run_test(size=NORMAL) as pilot:
        await settled(pilot)
        await pilot.press("y")
        assert built.claims[0].citations[0].quote in app.clipboard
        assert "https://lights.example.org/north/orvay" in app.clipboard
        await pilot.press("s")
        assert isinstance(app.screen, SnapshotScreen)
        await pilot.press("escape")
        assert app.pane.has_focus


async def test_the_citation_chosen_stays_chosen_when_the_finished_answer_brings_its_numbers(
    answer: Answer, built: Checked, pane_host, seen, settled
) -> None:
    app = pane_host(None, built)
    async with app.run_test(size=NORMAL) as pilot:
        await pilot.press("n")
        app.pane.show(answer, built)
        await settled(pilot)
        assert "▸ [2] Orvay light turns 170" in seen(app)
        app.pane.show(answer, answer.sentences[1])
        await settled(pilot)
        assert app.pane.citation == answer.sentences[1].claims[0].citations[0]


async def test_only_the_last_of_many_sentences_is_filled_in(
    answer: Answer, built: Checked, tall: Checked, pane_host, seen, settled
) -> None:
    app = pane_host(answer, None)
    async with app.run_test(size=NORMAL) as pilot:
        for checked in (built, tall, built, tall, built):
            app.pane.show(answer, checked)
        await settled(pilot)
        assert "counted as one: lights.example.org" in seen(app)
        assert "41 metres /" not in seen(app)


async def test_the_chosen_citation_is_in_sight_in_a_small_terminal(
    answer: Answer, tall: Checked, pane_host, seen, settled
) -> None:
    app = pane_host(answer, tall)
    async with app.run_test(size=NARROW) as pilot:
        await settled(pilot)
        await pilot.press("n")
        await settled(pilot)
        await pilot.pause()
        assert "The light was automated in 1988." in seen(app)
        assert "fetched 2026-03-14" in seen(app)
