"""The public sets as cases, and sets of one's own."""

from pathlib import Path

import pytest
from fontes.evals.case import Case
from fontes.evals.case_error import CaseError
from fontes.evals.case_rows import lines_of
from fontes.evals.case_sets import read_dataset, sampled
from fontes.evals.cases import dataset_hash, read_stored_cases
from fontes.evals.gold import is_answerable
from fontes.evals.readers import READERS

SIZES = {
    "clapnq": 199, "mtrag": 91, "wice": 214, "realtimeqa": 60, "chroma_spans": 132, "scifact": 101,
    "attributionbench": 400, "fm2": 200, "summedits": 400, "simpleqa": 82, "frames": 89,
}  # fmt: skip


@pytest.mark.parametrize("name", READERS)
def test_a_set_has_the_size_its_readme_states_and_its_gold_lies_in_its_documents(shared_data: Path, name: str) -> None:
    cases = read_dataset(name, shared_data)
    assert len(cases) == SIZES[name]
    assert len({case.id for case in cases}) == len(cases)
    for case in cases:
        texts = {document.source: document.text for document in case.documents}
        assert case.question or case.labels
        assert not texts or set(case.gold_sources) <= texts.keys()
        for span in case.gold_spans:
            assert texts[span.source][span.start : span.end] == span.quote != ""


@pytest.mark.parametrize("name", ["clapnq", "mtrag", "wice", "chroma_spans"])
def test_the_cases_of_a_set_share_one_corpus(shared_data: Path, name: str) -> None:
    assert len({id(case.documents) for case in READERS[name](shared_data)}) == 1


@pytest.mark.parametrize(("name", "answerable", "not_so"), [("clapnq", 98, 101), ("mtrag", 58, 20), ("wice", 186, 28)])
def test_it_is_known_what_can_be_answered(shared_data: Path, name: str, answerable: int, not_so: int) -> None:
    known = [is_answerable(case) for case in READERS[name](shared_data)]
    assert (known.count(True), known.count(False)) == (answerable, not_so)


def test_a_set_is_written_and_read_back(shared_data: Path, tmp_path: Path) -> None:
    cases = READERS["realtimeqa"](shared_data)
    file = tmp_path / "cases.jsonl"
    file.write_text("".join(f"{line}\n" for line in lines_of(cases)), encoding="utf-8")
    again = read_stored_cases(file)
    assert again == cases
    assert dataset_hash(again) == dataset_hash(cases)


def test_a_sample_is_drawn_by_its_seed_and_keeps_the_order() -> None:
    cases = tuple(Case(id=str(n), question="?") for n in range(50))
    first = sampled(cases, 10, seed=1)
    assert first == sampled(cases, 10, seed=1) != sampled(cases, 10, seed=2)
    assert [int(case.id) for case in first] == sorted(int(case.id) for case in first)
    assert sampled(cases, 99, seed=1) == cases


@pytest.fixture
def own_sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own_sets.py").write_text(
        "from fontes.evals.case import Case\n"
        "one = Case(id='one', question='Why?')\n"
        "def made(): yield one\n"
        "held = [one]\n"
        "twice = [one, one]\n"
        "none = []\n"
        "wrong = ['one']\n"
    )
    monkeypatch.syspath_prepend(tmp_path)


@pytest.mark.parametrize("name", ["own_sets:made", "own_sets:held"])
def test_a_set_of_ones_own_is_a_function_or_the_cases(own_sets: None, name: str) -> None:
    assert read_dataset(name) == (Case(id="one", question="Why?"),)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("own_sets:twice", "`id`: 'one' comes twice"),
        ("own_sets:none", "it holds no case"),
        ("own_sets:wrong", "it gives a str"),
        ("own_sets:gone", "it cannot be imported"),
        ("no_such_module:cases", "it cannot be imported"),
        ("clapnq", "a public set is read from its files. Name their folder with --data"),
        ("nowhere.jsonl", "there is no such file or set. Give a JSON lines file"),
    ],
)
def test_a_set_that_cannot_be_had_is_told(own_sets: None, name: str, told: str) -> None:
    with pytest.raises(CaseError) as caught:
        read_dataset(name)
    assert told in str(caught.value)


def test_a_public_set_whose_files_are_missing_or_cut_off_is_told(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"passages\.jsonl\.gz: it cannot be read"):
        read_dataset("clapnq", tmp_path)
    folder = tmp_path / "qa" / "openqa"
    folder.mkdir(parents=True)
    (folder / "simpleqa.jsonl").write_text('{"id": "1", "question": "?", "answer": "!"}\n{"id"')
    with pytest.raises(CaseError, match=r"simpleqa.jsonl:2: it is not JSON"):
        read_dataset("simpleqa", tmp_path)
