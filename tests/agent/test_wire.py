"""What `--json` prints has one documented shape."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from fontes.agent.answer import Answer, Ledger, Searched, Usage
from fontes.agent.assistant import Assistant
from fontes.agent.state import Checked, Citation, Claim, Quote, Sentence, Verdict
from fontes.agent.wire import AnswerOut, answer_schema, to_json, to_wire
from fontes.crawler import Skipped
from pydantic import ValidationError

SCHEMA = Path(__file__).parents[2] / "docs" / "reference" / "answer.schema.json"


def citation(source: str) -> Citation:
    return Citation(
        page_hash="a" * 64, start=3, end=8, quote="quöte", source=source, title="T", fetched="2026-01-01T00:00:00Z",
        published="2025-05-01", page_number=4, author="A", site="S",
    )  # fmt: skip


def claim(text: str, *sources: str) -> Claim:
    verdict = Verdict(label="supported", score=0.97, verifier="lexical/1")
    return Claim(
        text=text, verdict=verdict, citations=tuple(map(citation, sources)), independent_sources=1, as_of="2025-05-01"
    )


ANSWER = Answer(
    status="partial",
    question="What?",
    run="r1",
    sentences=(
        Checked(
            sentence=Sentence(text="Withheld.", quotes=(), relevance=0.2),
            claims=(claim("w", "x.txt"),),
            asserted=False,
            withheld="it does not answer the question",
        ),
        Checked(
            sentence=Sentence(
                text="Asserted.",
                quotes=(Quote(passage=7, page_hash="a" * 64, start=3, end=8, text="quöte"),),
                question=1,
                before="Withheld.",
            ),
            claims=(claim("a1", "b.txt"), claim("a2", "a.txt", "b.txt")),
            asserted=True,
        ),
    ),
    ledger=Ledger(
        searched=(Searched(provider="index", query="What?", hits=9, seconds=0.5, error="late"),),
        read=("a.txt", "b.txt"),
        skipped=(Skipped(source="c.png", reason="wrong_type", detail="an image"),),
        unused=("https://d.example/",),
    ),
    usage=Usage(seconds=1.5, pages=2),
    notes=("a note",),
)


@pytest.fixture(scope="module")
def schema() -> dict[str, object]:
    loaded: dict[str, object] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return loaded


def test_every_part_of_the_answer_is_in_the_json_under_its_documented_name(schema: dict[str, object]) -> None:
    out = json.loads(to_json(ANSWER))
    jsonschema.validate(out, schema)
    assert (out["status"], out["question"], out["run"], out["text"]) == ("partial", "What?", "r1", "Asserted. [1][2]")
    assert out["sentences"] == [
        {
            "text": "Withheld.", "asserted": False, "withheld": "it does not answer the question",
            "relevance": 0.2, "claims": [0], "question": 0, "before": "", "quotes": [],
        },
        {
            "text": "Asserted.", "asserted": True, "withheld": "", "relevance": None, "claims": [1, 2], "question": 1,
            "before": "Withheld.",
            "quotes": [{"passage": 7, "page_hash": "a" * 64, "start": 3, "end": 8, "text": "quöte"}],
        },
    ]  # fmt: skip
    assert [c["text"] for c in out["claims"]] == ["w", "a1", "a2"]
    assert [[c["number"] for c in claim["citations"]] for claim in out["claims"]] == [[None], [1], [2, 1]]
    assert out["claims"][2]["verdict"] == "supported"
    assert out["claims"][2]["citations"][0] == {
        "number": 2, "source": "a.txt", "title": "T", "quote": "quöte", "start": 3, "end": 8, "page_hash": "a" * 64,
        "page_number": 4, "fetched": "2026-01-01T00:00:00Z", "published": "2025-05-01", "author": "A", "site": "S",
    }  # fmt: skip
    assert out["ledger"] == {
        "searched": [{"provider": "index", "query": "What?", "hits": 9, "seconds": 0.5, "error": "late"}],
        "read": ["a.txt", "b.txt"],
        "skipped": [{"source": "c.png", "reason": "wrong_type", "detail": "an image"}],
        "unused": ["https://d.example/"],
    }
    assert out["usage"] == {
        "seconds": 1.5, "pages": 2, "prompt_tokens": 0, "cached_tokens": 0, "completion_tokens": 0, "money": 0,
    }  # fmt: skip
    assert (out["notes"], out["contradictions"]) == (["a note"], [])


def test_the_json_is_one_line_and_reads_back_as_what_was_written() -> None:
    line = to_json(ANSWER)
    assert "\n" not in line
    assert AnswerOut.model_validate_json(line) == to_wire(ANSWER)


def test_an_answer_that_abstains_says_so_and_holds_no_text(schema: dict[str, object]) -> None:
    out = json.loads(to_json(Answer(status="abstained", question="q", run="r")))
    jsonschema.validate(out, schema)
    assert (out["status"], out["text"], out["sentences"], out["claims"]) == ("abstained", "", [], [])


async def test_a_real_answer_fits_the_schema(fontes: Assistant, docs: Path, schema: dict[str, object]) -> None:
    answer = await fontes.ask("Who built the Orvay lighthouse?", sources=[docs, "nowhere.txt"])
    out = json.loads(to_json(answer))
    jsonschema.validate(out, schema)
    assert out["status"] == "answered"
    assert out["ledger"]["skipped"][0]["reason"] == "unreadable"


def test_the_schema_in_the_docs_is_current(schema: dict[str, object]) -> None:
    assert schema == json.loads(answer_schema()), (
        "make it again: python -m fontes.agent.wire > docs/reference/answer.schema.json"
    )


def test_the_documented_command_prints_the_schema() -> None:
    printed = subprocess.run(
        [sys.executable, "-W", "error", "-m", "fontes.agent.wire"], capture_output=True, text=True, check=True
    )
    assert printed.stdout == answer_schema()


def test_a_verdict_beyond_certainty_is_refused_at_the_wire() -> None:
    sure = Claim(text="t", verdict=Verdict(label="supported", score=1.1, verifier="v"))
    sentence = Checked(sentence=Sentence(text="t", quotes=()), claims=(sure,), asserted=True)
    with pytest.raises(ValidationError, match="less than or equal to 1"):
        to_wire(Answer(status="answered", question="q", run="r", sentences=(sentence,)))
