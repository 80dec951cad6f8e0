import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import psutil
import pytest
from fontes.retrievers import Passage
from fontes.retrievers.errors import LexicalError
from fontes.retrievers.lexical import Lexical
from hypothesis import given
from hypothesis import strategies as st


def passage(id_: int, text: str, title: str = "", headings: tuple[str, ...] = ()) -> Passage:
    return Passage(id=id_, page_hash="h", start=0, end=len(text), text=text, title=title, heading_path=headings)


def index_of(*texts: str, path: Path | None = None) -> Lexical:
    index = Lexical.open(path)
    index.apply([passage(number, text) for number, text in enumerate(texts, 1)], (), store_id="s", generation=1)
    return index


def ids(found: list[tuple[int, float]]) -> list[int]:
    return [id_ for id_, _ in found]


def test_a_new_index_has_no_stamp_and_finds_nothing(tmp_path: Path) -> None:
    for index in (Lexical.open(None), Lexical.open(tmp_path / "new" / "lexical")):
        assert index.stamp() == ("", 0)
        assert index.count() == 0
        assert index.search("anything", limit=5) == []


def test_what_is_applied_is_found_also_after_opening_again(tmp_path: Path) -> None:
    index_of("The tide rises at noon.", "Bread needs yeast.", path=tmp_path).close()
    again = Lexical.open(tmp_path)
    assert (again.stamp(), again.count()) == (("s", 1), 2)
    assert ids(again.search("rising tides", limit=5)) == [1]


def test_applying_twice_changes_nothing() -> None:
    index = index_of("one fish", "two fish")
    before = index.search("fish", limit=5)
    index.apply([passage(1, "one fish"), passage(2, "two fish")], [77], store_id="s", generation=1)
    assert index.count() == 2
    assert ids(index.search("fish", limit=5)) == ids(before)


def test_a_passage_added_again_is_replaced_and_a_removed_one_is_gone() -> None:
    index = index_of("apple", "pear")
    index.apply([passage(1, "quince")], [2], store_id="s", generation=2)
    assert (index.stamp(), index.count()) == (("s", 2), 1)
    assert index.search("apple pear", limit=5) == []
    assert ids(index.search("quince", limit=5)) == [1]


def test_ids_of_63_bits_come_back_whole() -> None:
    index = Lexical.open(None)
    index.apply([passage(2**63 - 1, "last"), passage(0, "first")], (), store_id="s", generation=2**62)
    assert ids(index.search("last", limit=1)) == [2**63 - 1]
    assert ids(index.search("first", limit=1)) == [0]
    assert index.stamp() == ("s", 2**62)


def test_an_error_from_the_stream_leaves_the_old_commit(tmp_path: Path) -> None:
    index = index_of("kept", path=tmp_path)

    def broken() -> Iterator[Passage]:
        yield passage(9, "lost")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.apply(broken(), [1], store_id="s", generation=2)
    assert (index.stamp(), index.count()) == (("s", 1), 1)
    assert ids(index.search("kept lost", limit=5)) == [1]
    index.apply([passage(9, "found")], (), store_id="s", generation=2)
    assert index.count() == 2


def test_clear_removes_everything_and_the_stamp() -> None:
    index = index_of("gone")
    index.clear()
    assert (index.stamp(), index.count(), index.search("gone", limit=1)) == (("", 0), 0, [])


def test_a_second_writer_is_told_so_and_reading_goes_on(tmp_path: Path) -> None:
    first, second = index_of("shared words", path=tmp_path), Lexical.open(tmp_path)

    def meanwhile() -> Iterator[Passage]:
        assert ids(second.search("shared", limit=5)) == [1]
        with pytest.raises(LexicalError, match="LockBusy"):
            second.apply([], [], store_id="s", generation=3)
        yield passage(2, "more shared words")

    first.apply(meanwhile(), (), store_id="s", generation=2)
    assert second.stamp() == ("s", 2)  # without being opened again
    assert sorted(ids(second.search("shared", limit=5))) == [1, 2]


def test_what_another_process_commits_is_seen(tmp_path: Path) -> None:
    index = index_of("here", path=tmp_path)
    code = (
        "import sys\nfrom pathlib import Path\nfrom fontes.retrievers import Passage\n"
        "from fontes.retrievers.lexical import Lexical\n"
        "added = Passage(id=5, page_hash='p', start=0, end=14, text='from elsewhere')\n"
        "Lexical.open(Path(sys.argv[1])).apply([added], (), store_id='s', generation=2)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, timeout=60)
    assert ids(index.search("elsewhere", limit=1)) == [5]
    assert index.stamp() == ("s", 2)


@pytest.mark.parametrize("suffix", [".idx", ".fast", ".term", ".store", "meta.json"])
def test_a_damaged_index_is_an_error_that_says_what_to_do(tmp_path: Path, suffix: str) -> None:
    index_of("some words", path=tmp_path).close()
    for file in tmp_path.iterdir():
        if file.name.endswith(suffix):
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(LexicalError, match="fontes reindex"):
        Lexical.open(tmp_path).search("words", limit=1)


def test_a_folder_removed_and_opened_again_is_new(tmp_path: Path) -> None:
    index_of("some words", path=tmp_path / "lexical").close()
    shutil.rmtree(tmp_path / "lexical")
    assert Lexical.open(tmp_path / "lexical").stamp() == ("", 0)


def test_a_file_in_the_way_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "lexical").write_text("no folder")
    with pytest.raises(LexicalError):
        Lexical.open(tmp_path / "lexical")


def test_a_closed_index_says_so() -> None:
    index = index_of("words")
    index.close()
    with pytest.raises(LexicalError, match="closed"):
        index.search("words", limit=1)


def test_title_and_headings_are_searched_with_the_text() -> None:
    index = Lexical.open(None)
    passages = [
        passage(1, "It opens at nine.", "Town museum", ("Visits", "Hours")),
        passage(2, "It opens at ten.", "Zoo"),
    ]
    index.apply(passages, (), store_id="s", generation=1)
    assert ids(index.search("When does the museum open? Hours", limit=5)) == [1, 2]


def test_stop_words_are_left_out_unless_there_is_nothing_else() -> None:
    index = index_of("to be or not to be", "a yeast dough")
    assert ids(index.search("what is the yeast for", limit=5)) == [2]
    assert ids(index.search("to be or not to be", limit=5)) == [1]


def test_every_phrase_must_occur_side_by_side_in_text_or_context() -> None:
    index = Lexical.open(None)
    texts = ["the red car is old", "a car painted red", "red cars", "nothing"]
    index.apply(
        [*(passage(n, text) for n, text in enumerate(texts, 1)), passage(5, "sold", title="The red car")],
        (),
        store_id="s",
        generation=1,
    )
    assert sorted(ids(index.search("red", limit=9, phrases=["red car"]))) == [1, 3, 5]
    assert ids(index.search("", limit=9, phrases=["red car", "old"])) == [1]
    assert index.search("red", limit=9, phrases=["blue car"]) == []
    assert len(index.search("red", limit=9, phrases=["!?"])) == 4  # a phrase without a word asks for nothing


@pytest.mark.parametrize(
    ("query", "expected"),
    [("東京", 1), ("首都", 1), ("zurich", 2), ("Zürich", 2), ("हिन्दी", 3), ("กรุงเทพ", 4), ("москва", 5)],
)
def test_other_scripts_and_accents_are_found(query: str, expected: int) -> None:
    index = index_of("東京は日本の首都です", "Banks of Zürich", "हिन्दी भाषा", "กรุงเทพมหานคร", "Москва — столица")
    assert ids(index.search(query, limit=5))[:1] == [expected]


@given(text=st.text(max_size=200))
def test_no_text_breaks_a_query_or_a_passage(text: str) -> None:
    index = index_of(text, "plain")
    index.search(text, limit=3, phrases=[text])
    assert index.count() == 2


def test_equal_scores_come_in_the_order_of_the_ids() -> None:
    index = Lexical.open(None)
    index.apply([passage(n, "same words") for n in (30, 10, 20)], (), store_id="s", generation=1)
    assert ids(index.search("same", limit=5)) == [10, 20, 30]


def test_a_query_of_a_hundred_thousand_characters_is_quick() -> None:
    index = index_of(*(f"word{n} and word{n + 1} tide" for n in range(2_000)))
    query = " ".join(f"word{n % 5_000}" for n in range(12_000))
    assert len(query) > 100_000
    began = perf_counter()
    assert index.search(query, limit=50)
    assert perf_counter() - began < 5  # measured: 0.01


@pytest.mark.slow
def test_memory_stays_flat_while_passages_stream_in(tmp_path: Path) -> None:
    text = "The quick brown fox jumps over the lazy dog near the river bank. " * 16
    process, peak = psutil.Process(), 0  # type: ignore[no-untyped-call]

    def stream() -> Iterator[Passage]:
        nonlocal peak
        for number in range(12_000):
            yield passage(number, f"{text}{number} {number * 31}")
            if number % 500 == 0:
                peak = max(peak, process.memory_info().rss)

    index = Lexical.open(tmp_path)
    before = process.memory_info().rss
    index.apply(stream(), (), store_id="s", generation=1)
    assert index.count() == 12_000
    assert peak - before < 200_000_000  # 12 MB of text a thousand passages; the writer's heap is 64 MB
