"""The doors for other programs answer, and say no in words."""

import asyncio
from pathlib import Path

import pytest
from fontes import Assistant, Settings, ask
from fontes.agent.errors import BadQuestion, NothingRead
from fontes.agent.events import Event
from fontes.retrievers import StoreError

LIGHTHOUSES = Path(__file__).parents[2] / "examples" / "lighthouses"
QUESTION = "Who built the Orvay lighthouse?"


def test_ask_answers_where_no_loop_runs(settings: Settings, docs: Path) -> None:
    answer = ask(QUESTION, sources=[docs], settings=settings)
    assert (answer.status, answer.asserted[0].sentence.text) == (
        "answered",
        "The Orvay lighthouse was built in 1854 by James Calder.",
    )


async def test_ask_answers_inside_a_running_loop(settings: Settings, docs: Path) -> None:
    assert asyncio.get_running_loop().is_running()
    assert ask(QUESTION, sources=[docs], settings=settings).status == "answered"


async def test_an_error_inside_a_running_loop_is_raised_as_it_is(settings: Settings) -> None:
    with pytest.raises(BadQuestion, match="it holds no word"):
        ask("?!", settings=settings)


async def test_sources_may_be_paths_or_texts_one_or_many(fontes: Assistant, docs: Path) -> None:
    file = docs / "orvay.txt"
    for sources in ([file], [str(file)], (file, str(file)), file, str(file)):
        answer = await fontes.ask(QUESTION, sources=sources)
        assert answer.ledger.read == (str(file),), sources


async def test_a_single_path_is_added_as_one_source(fontes: Assistant, docs: Path) -> None:
    report = await fontes.add(str(docs / "orvay.txt"))
    assert report.added == (str(docs / "orvay.txt"),)
    assert report.skipped == ()


async def test_sources_answer_alone_whatever_the_index_holds(fontes: Assistant, docs: Path) -> None:
    await fontes.add([docs])
    answer = await fontes.ask(QUESTION, sources=[docs / "stennick.txt"])
    assert set(answer.ledger.read) <= {str(docs / "stennick.txt")}
    assert "James Calder" not in answer.text


async def test_with_the_web_off_nothing_but_the_own_files_is_asked(fontes: Assistant, docs: Path) -> None:
    answer = await fontes.ask(QUESTION, sources=[docs], web=False)
    assert (answer.status, [row.provider for row in answer.ledger.searched]) == ("answered", ["sources"])


async def test_a_question_whose_sources_cannot_be_read_at_all_fails_with_the_reasons(
    fontes: Assistant, tmp_path: Path
) -> None:
    with pytest.raises(NothingRead, match=r"http://10\.0\.0\.1: 10\.0\.0\.1 is not public"):
        await fontes.ask(QUESTION, sources=["http://10.0.0.1"])
    with pytest.raises(NothingRead, match="none of them could be read") as failed:
        await fontes.ask(QUESTION, sources=["http://10.0.0.1", tmp_path / "nowhere.txt"])
    assert {skipped.reason for skipped in failed.value.skipped} == {"blocked_address", "unreadable"}


async def test_an_index_without_anything_abstains(fontes: Assistant) -> None:
    answer = await fontes.ask(QUESTION)
    assert (answer.status, answer.text, answer.sentences) == ("abstained", "", ())
    assert answer.ledger.searched[0].provider == "index"
    assert answer.ledger.searched[0].hits == 0


async def test_a_stream_ends_with_the_answer_that_ask_would_give(fontes: Assistant, docs: Path) -> None:
    events: list[Event] = [event async for event in fontes.stream(QUESTION, sources=[docs])]
    asked = await fontes.ask(QUESTION, sources=[docs])
    assert getattr(events[-1].value, "text", None) == asked.text


async def test_added_sources_are_listed(fontes: Assistant, docs: Path) -> None:
    await fontes.add([docs])
    assert [Path(source.sighting.source).name for source in await fontes.sources()] == ["orvay.txt", "stennick.txt"]


async def test_an_assistant_that_is_not_open_says_so(settings: Settings) -> None:
    with pytest.raises(RuntimeError, match="outside of its `async with`"):
        await Assistant(settings).ask(QUESTION)


async def test_an_assistant_that_cannot_open_its_data_leaves_nothing_open(settings: Settings) -> None:
    file = settings.home / "checkpoints.db"
    file.mkdir(parents=True)
    with pytest.raises(StoreError, match=r"unable to open"):
        await Assistant(settings).__aenter__()
    file.rmdir()
    async with Assistant(settings) as fontes:
        assert await fontes.sources() == ()


async def test_damaged_checkpoints_are_set_aside_and_the_answer_says_so(settings: Settings) -> None:
    settings.home.mkdir()
    (settings.home / "checkpoints.db").write_bytes(b"these are my notes, not a database" * 100)
    async with Assistant(settings) as fontes:
        answer = await fontes.ask("Is anybody there?")
    assert any("checkpoints.db.damaged" in note for note in answer.notes)
    assert (settings.home / "checkpoints.db.damaged").read_bytes().startswith(b"these are my notes")
    async with Assistant(settings) as fontes:
        assert not any("damaged" in note for note in (await fontes.ask("Is anybody there?")).notes)


async def test_an_assistant_outside_of_its_block_says_so(settings: Settings) -> None:
    fontes = Assistant(settings)
    with pytest.raises(RuntimeError, match="outside of its `async with`"):
        await fontes.ask("Is anybody there?")
    async with fontes:
        with pytest.raises(TypeError, match="a question is a str, not int"):
            await fontes.ask(3)  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="make a new one"):
        await fontes.add(["."])


async def test_with_the_models_a_question_is_answered_from_the_right_page_and_quoted_to_the_letter(
    tmp_path: Path, bare_environment: pytest.MonkeyPatch
) -> None:
    files = [file for file in sorted(LIGHTHOUSES.iterdir()) if file.suffix in (".md", ".txt")]
    async with Assistant(Settings(home=tmp_path / "home")) as fontes:
        answer = await fontes.ask("When was the Bell Rock lighthouse first lit?", sources=files)
        assert answer.status == "answered"
        assert "1 February 1811" in answer.asserted[0].sentence.text
        first = answer.claims[0].citations[0]
        assert Path(first.source).name == "rock-towers.md"
        for claim in answer.claims:
            for citation in claim.citations:
                page = await fontes.index.store.page(citation.page_hash)
                assert page is not None
                assert page.text[citation.start : citation.end] == citation.quote
        stranger = await fontes.ask("Which enzyme unwinds the double helix of DNA?", sources=files)
        assert (stranger.status, stranger.text) == ("abstained", "")
