"""Cases from JSON lines: what is read, and how every mistake is told."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from fontes.evals.case import Case, Document, ForeignAnswer, ForeignCitation, GoldSpan, Label
from fontes.evals.case_error import CaseError
from fontes.evals.case_rows import lines_of
from fontes.evals.cases import dataset_hash, read_cases, read_stored_cases
from hypothesis import given
from hypothesis import strategies as st

TOWER = {"document": {"source": "tower", "text": "The tower was built in 1854."}}
CASE = {"id": "one", "question": "When was the tower built?", "documents": "all"}


@pytest.fixture
def read(tmp_path: Path):
    """`read(row, row, …)`: the cases of a file with these lines; a text is a line as it is."""

    def cases(*rows: object) -> tuple[Case, ...]:
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        file = tmp_path / "cases.jsonl"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return read_cases(file)

    return cases


def test_a_case_is_read_with_everything_in_it(read) -> None:
    (case,) = read(
        TOWER,
        CASE
        | {
            "conversation": [{"role": "user", "text": "Hello"}, {"role": "assistant", "text": "Yes?"}],
            "gold_answers": ["1854"],
            "gold_spans": [{"source": "tower", "quote": "1854", "group": 2}],
            "unanswerable": False,
            "as_of": "2026-01-01T00:00:00Z",
            "tags": ["year"],
        },
    )
    assert case == Case(
        id="one",
        question="When was the tower built?",
        conversation=(("user", "Hello"), ("assistant", "Yes?")),
        documents=(Document(source="tower", text="The tower was built in 1854."),),
        gold_answers=("1854",),
        gold_spans=(GoldSpan(source="tower", start=23, end=27, quote="1854", group=2),),
        unanswerable=False,
        as_of="2026-01-01T00:00:00Z",
        tags=("year",),
    )


def test_documents_that_cases_share_are_one_object(read) -> None:
    one, two, three = read(TOWER, CASE, CASE | {"id": "two"}, CASE | {"id": "three", "documents": ["tower"]})
    assert one.documents is two.documents is three.documents


def test_blank_lines_and_a_missing_last_line_end_are_no_mistakes(read, tmp_path: Path) -> None:
    (tmp_path / "no-end.jsonl").write_text(f"\n{json.dumps(CASE | {'documents': []})}", encoding="utf-8")
    assert len(read_cases(tmp_path / "no-end.jsonl")) == 1


def test_a_file_is_named_relative_to_the_cases_and_known_by_its_bytes(read, tmp_path: Path) -> None:
    (tmp_path / "tower.md").write_text("# Tower", encoding="utf-8")
    (case,) = read(CASE | {"documents": ["tower.md"], "gold_spans": [{"source": "tower.md", "quote": "Tower"}]})
    (document,) = case.documents
    assert (document.source, document.path) == ("tower.md", str(tmp_path / "tower.md"))
    assert case.gold_spans == (GoldSpan(source="tower.md", quote="Tower"),)
    before = dataset_hash((case,))
    elsewhere = replace(case, documents=(replace(document, path="/elsewhere/tower.md"),))
    assert dataset_hash((elsewhere,)) == before
    (tmp_path / "tower.md").write_text("# Another tower", encoding="utf-8")
    assert dataset_hash(read(CASE | {"documents": ["tower.md"]})) != before


def test_texts_are_cleaned_and_spans_count_what_is_stored(read) -> None:
    rows = {"document": {"source": "t", "text": "one\r\ntwo\u200b three"}}
    (case,) = read(rows, CASE | {"gold_spans": [{"source": "t", "quote": "two\u200b three"}]})
    assert case.documents[0].text == "one\ntwo three"
    assert case.gold_spans == (GoldSpan(source="t", start=4, end=13, quote="two three"),)


SPAN = {"source": "tower", "start": 23, "end": 27}
MISTAKES = {
    "cut off": ([TOWER, CASE, '{"id": "two", "quest'], ":3: it is not JSON"),
    "no object": (["[1]"], ":1: it is no object"),
    "an unknown field": ([CASE | {"documents": [], "answr": "x"}], ":1: `answr`: Extra inputs are not permitted"),
    "a wrong type": ([CASE | {"documents": [], "tags": "x"}], ":1: `tags`: "),
    "no id": ([{"question": "Why?"}], ":1: `id`: Field required"),
    "no question": ([{"id": "one", "question": " "}], ":1: `question`: there is none"),
    "an id twice": ([TOWER, CASE, "", CASE], ":4: `id`: 'one' is the id of line 2 already"),
    "a document twice": ([TOWER, TOWER], ":2: `document.source`: 'tower' is there already"),
    "a missing document": ([CASE | {"documents": ["gone.txt"]}], ":1: `documents.0`: 'gone.txt' is neither"),
    "a document named twice": ([TOWER, CASE | {"documents": ["tower", "tower"]}], ":2: `documents`: 'tower' is named"),
    "a text without a name": ([CASE | {"documents": [{"text": "x"}]}], ":1: `documents.0`: a text needs a `source`"),
    "no text": ([CASE | {"documents": [{"source": "x"}]}], ":1: `documents.0`: it needs either `text` or `path`"),
    "a span beyond the end": (
        [TOWER, CASE | {"gold_spans": [SPAN | {"end": 99}]}],
        "23 to 99 is no stretch of 'tower'",
    ),
    "a span backwards": ([TOWER, CASE | {"gold_spans": [SPAN | {"start": 27}]}], ":2: `gold_spans.0`: 27 to 27 is no"),
    "another quote": ([TOWER, CASE | {"gold_spans": [SPAN | {"quote": "1855"}]}], "stands '1854', not the quote"),
    "no such quote": (
        [TOWER, CASE | {"gold_spans": [{"source": "tower", "quote": "1855"}]}],
        ":2: `gold_spans.0.quote`: it does not stand in 'tower'",
    ),
    "a span nowhere": ([TOWER, CASE | {"gold_spans": [SPAN | {"source": "x"}]}], "'x' is none of the case's documents"),
    "a source nowhere": ([TOWER, CASE | {"gold_sources": ["x"]}], ":2: `gold_sources`: 'x' is none of the case's"),
    "a gold answer without a word": (
        [CASE | {"documents": [], "gold_answers": ["x", " "]}],
        ":1: `gold_answers.1`: it is empty",
    ),
    "gold for what has no answer": (
        [TOWER, CASE | {"unanswerable": True, "gold_spans": [SPAN]}],
        ":2: `unanswerable`: it is true, though `gold_spans` say where",
    ),
    "a day that is none": ([CASE | {"documents": [], "as_of": "last May"}], ":1: `as_of`: 'last May' is no ISO day"),
    "a day of no month": ([CASE | {"documents": [], "as_of": "2024-02-30"}], ":1: `as_of`: '2024-02-30' is no ISO"),
    "a date that is none": (
        [{"document": {"source": "a", "text": "b", "published": "May 2024"}}],
        ":1: `document.published`: 'May 2024' is no ISO date",
    ),
    "no web": ([CASE | {"documents": [], "web": "nowhere"}], ":1: `web`: 'nowhere' is no folder"),
    "nothing": ([""], "cases.jsonl: it holds no case"),
    "documents alone": ([TOWER], "cases.jsonl: it holds no case"),
}


@pytest.mark.parametrize(("rows", "told"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_with_its_line_its_field_and_what_to_do(read, rows: list[object], told: str) -> None:
    with pytest.raises(CaseError) as caught:
        read(*rows)
    assert told in str(caught.value)
    assert caught.value.hint


def test_what_is_no_text_and_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "latin.jsonl").write_bytes(b'{"id": "caf\xe9", "question": "?"}\n')
    with pytest.raises(CaseError, match=r"latin.jsonl:1: it is not UTF-8 at byte 11"):
        read_cases(tmp_path / "latin.jsonl")
    with pytest.raises(CaseError, match="cannot be read: No such file"):
        read_cases(tmp_path / "gone.jsonl")


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Cn", "Mn"]), min_size=1, max_size=12
)
NAMES = WORDS.map(lambda text: text.strip() or "x")
DOCUMENTS = st.lists(
    st.builds(Document, source=NAMES, text=st.just("plain text"), title=NAMES, published=st.just("2024-01-01")),
    unique_by=lambda each: each.source,
    max_size=3,
).map(tuple)
FOREIGN = st.builds(
    ForeignAnswer,
    system=NAMES,
    text=NAMES,
    citations=st.lists(st.builds(ForeignCitation, mark=NAMES, text=NAMES), max_size=2).map(tuple),
    abstained=st.none() | st.booleans(),
    seconds=st.none() | st.floats(0, 9),
)
CASES = st.lists(
    st.builds(
        Case,
        id=NAMES,
        question=NAMES,
        documents=DOCUMENTS,
        gold_answers=st.lists(NAMES, max_size=2).map(tuple),
        unanswerable=st.none() | st.booleans(),
        tags=st.lists(NAMES, max_size=2).map(tuple),
        labels=st.lists(st.builds(Label, claim=NAMES, texts=st.tuples(NAMES), supported=st.booleans()), max_size=2).map(
            tuple
        ),
        foreign=st.none() | FOREIGN,
    ),
    unique_by=lambda case: case.id,
    min_size=1,
    max_size=4,
).map(tuple)


@given(cases=CASES)
def test_what_is_written_is_read_back(cases: tuple[Case, ...], tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("cases") / "cases.jsonl"
    file.write_text("".join(f"{line}\n" for line in lines_of(cases)), encoding="utf-8")
    assert read_stored_cases(file) == cases


@given(data=st.binary(max_size=200))
def test_whatever_the_bytes_they_are_cases_or_a_case_error(
    data: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("bytes") / "cases.jsonl"
    file.write_bytes(data)
    with pytest.raises(CaseError):
        read_cases(file)
