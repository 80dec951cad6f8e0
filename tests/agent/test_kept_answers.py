"""An answer comes back from the store as it was given, with its evidence."""

import json
from pathlib import Path

import pytest
from fontes.agent.answer import Answer, Ledger, Usage
from fontes.agent.assistant import Assistant
from fontes.agent.errors import UnknownRun
from fontes.agent.kept_answers import from_json
from fontes.agent.retractions import Notice
from fontes.agent.site_kinds import Kind
from fontes.agent.source_signals import SourceSignals
from fontes.agent.state import (
    Checked,
    Citation,
    Claim,
    Contradiction,
    Quote,
    Ran,
    Searched,
    Sentence,
    Side,
    Verdict,
)
from fontes.agent.wire import to_json
from fontes.crawler import SKIP_REASONS, Skipped
from hypothesis import given, settings
from hypothesis import strategies as st

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NUMBER = st.integers(min_value=0, max_value=2**63 - 1)
SHARE = st.floats(min_value=0, max_value=1)
AMOUNT = st.floats(min_value=0, max_value=1e9)


def several(one: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(one, max_size=2).map(tuple)


QUOTE = st.builds(Quote, passage=NUMBER, page_hash=TEXT, start=NUMBER, end=NUMBER, text=TEXT)
SENTENCE = st.builds(
    Sentence, text=TEXT, quotes=several(QUOTE), question=NUMBER, before=TEXT, relevance=st.none() | SHARE
)
VERDICT = st.builds(Verdict, score=SHARE, verifier=TEXT, reason=TEXT, span=TEXT)
CITATION = st.builds(
    Citation, page_hash=TEXT, start=NUMBER, end=NUMBER, quote=TEXT, source=TEXT, title=TEXT, fetched=TEXT,
    published=TEXT, page_number=st.none() | NUMBER, author=TEXT, site=TEXT,
)  # fmt: skip
SIDE = st.builds(
    Side, quote=TEXT, source=TEXT, title=TEXT, published=TEXT, page_hash=TEXT, start=NUMBER, end=NUMBER, value=TEXT,
    as_of=TEXT,
)  # fmt: skip
CONTRADICTION = st.builds(Contradiction, older=SIDE, newer=SIDE, is_change=st.booleans(), explanation=TEXT)
CLAIM = st.builds(
    Claim, text=TEXT, verdict=VERDICT, citations=several(CITATION), independent_sources=NUMBER, merged=several(TEXT),
    as_of=TEXT, stale=TEXT, moved=TEXT, contradictions=several(CONTRADICTION),
)  # fmt: skip
CHECKED = st.builds(Checked, sentence=SENTENCE, claims=several(CLAIM), asserted=st.booleans(), withheld=TEXT)
SEARCHED = st.builds(Searched, provider=TEXT, query=TEXT, hits=NUMBER, seconds=AMOUNT, error=TEXT)
LEDGER = st.builds(
    Ledger,
    searched=several(SEARCHED),
    read=several(TEXT),
    skipped=several(st.builds(Skipped, source=TEXT, reason=st.sampled_from(SKIP_REASONS), detail=TEXT)),
    unused=several(TEXT),
)
USAGE = st.builds(
    Usage, seconds=AMOUNT, pages=NUMBER, prompt_tokens=NUMBER, cached_tokens=NUMBER, completion_tokens=NUMBER,
    money=AMOUNT,
)  # fmt: skip
NOTICE = st.builds(Notice, quote=TEXT, date=TEXT, doi=TEXT)
SIGNALS = st.builds(
    SourceSignals, source=TEXT, kind=st.builds(Kind, told_by=TEXT), is_https=st.booleans(), author=TEXT, published=TEXT,
    age_days=st.none() | NUMBER, references=NUMBER, copied_share=st.none() | SHARE, notice=st.none() | NOTICE,
)  # fmt: skip
ANSWER = st.builds(
    Answer,
    status=st.sampled_from(["answered", "partial", "abstained"]),
    question=TEXT,
    run=TEXT,
    sentences=several(CHECKED),
    reasons=several(TEXT),
    ledger=LEDGER,
    usage=USAGE,
    notes=several(TEXT),
    cut_short=TEXT,
    seen=several(SIGNALS),
    trace=several(st.builds(Ran, step=TEXT, by=TEXT, detail=TEXT)),
)


@settings(max_examples=60)
@given(ANSWER)
def test_every_answer_comes_back_with_nothing_lost(answer: Answer) -> None:
    kept = to_json(answer)
    back = from_json(kept)
    assert back == answer
    assert (back.text, back.sources, back.contradictions) == (answer.text, answer.sources, answer.contradictions)
    assert to_json(back) == kept


@pytest.mark.parametrize(
    ("kept", "why"),
    [
        ("", "Invalid JSON"),
        ("[]", "object"),
        ("{}", "status: Field required"),
        ('{"status": "answered"', "Invalid JSON"),
    ],
)
def test_what_is_no_answer_is_said_to_be_none(kept: str, why: str) -> None:
    with pytest.raises(UnknownRun, match=f"the kept answer: it cannot be read: .*{why}.* Ask the question again"):
        from_json(kept)


def test_a_sentence_that_names_a_claim_which_is_not_there_is_an_error() -> None:
    kept = json.loads(to_json(Answer(status="abstained", question="q", run="r")))
    kept["sentences"] = [{"text": "t", "asserted": True, "withheld": "", "relevance": None, "claims": [3]}]
    with pytest.raises(UnknownRun, match="a claim that is not there"):
        from_json(json.dumps(kept))


def test_an_answer_of_the_version_before_is_read_with_what_it_has() -> None:
    verdict = Verdict(label="supported", score=0.9, verifier="v")
    citation = Citation(page_hash="h", start=0, end=1, quote="q", source="s")
    claim = Claim(text="c", verdict=verdict, citations=(citation,))
    answer = Answer(
        status="answered",
        question="q",
        run="r",
        sentences=(Checked(sentence=Sentence(text="t", quotes=()), claims=(claim,), asserted=True),),
    )
    kept = json.loads(to_json(answer))
    for name in ("question", "before", "quotes"):
        del kept["sentences"][0][name]
    del kept["claims"][0]["contradictions"]
    del kept["sources"]
    for name in ("author", "site"):
        del kept["claims"][0]["citations"][0][name]
    assert from_json(json.dumps(kept)) == answer


async def test_a_real_answer_comes_back_from_the_store_as_it_was_given(fontes: Assistant, docs: Path) -> None:
    answer = await fontes.ask("Who built the Orvay lighthouse?", sources=[docs], conversation="c")
    assert answer.asserted
    assert await fontes.conversations.answer(answer.run) == answer
    assert await fontes.conversations.answer("none") is None
