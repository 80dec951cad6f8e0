"""The report on abstaining, on made-up cases; the near misses, on a page of two questions."""

import gzip
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from fontes.agent.answerability import Signals
from fontes.evals import fit_answerability, near_misses
from fontes.evals.fit_answerability import MIXES, Case
from fontes.evals.risk_coverage import BASELINES, OURS, Scored, drawn, print_table, print_thresholds, scores_of, sets_of
from fontes.retrievers.embedders.bge import BgeSmall


def made(mix: str, number: int, *, is_answerable: bool) -> Scored:
    """A case whose sentence fits when it is answerable, mostly."""
    fit = 4.0 if is_answerable != (number % 7 == 0) else -4.0
    signals = Signals(
        sentence=fit, passage=fit + number % 3, cosine=0.7, sentence_coverage=0.5, passage_coverage=0.5, focus=1.0
    )
    case = Case(mix=mix, question="Who?", is_answerable=is_answerable, group=str(number))
    return Scored(case=case, signals=signals, best=dict.fromkeys(BASELINES, float(number % 5)))


@pytest.fixture(scope="module")
def scored() -> list[Scored]:
    every = [made(mix, n, is_answerable=bool(n % 2)) for mix in MIXES for n in range(24)]
    return [*every, *(made("clapnq/cut", n, is_answerable=False) for n in range(1, 24, 2))]


def test_near_misses_stand_beside_the_answerable_of_their_mix(scored: list[Scored]) -> None:
    held = sets_of(scored)["clapnq/cut"]
    kinds = {(each.case.mix, each.case.is_answerable) for each, in_set in zip(scored, held, strict=True) if in_set}
    assert kinds == {("clapnq/given", True), ("clapnq/cut", False)}


def test_the_report_has_every_score_of_every_set(scored: list[Scored], capsys: pytest.CaptureFixture[str]) -> None:
    scores = scores_of(scored)
    assert set(scores) == {OURS, *BASELINES}
    assert ((scores[OURS] >= 0) & (scores[OURS] <= 1)).all()
    print_table(scored, scores)
    print_thresholds()
    told = capsys.readouterr().out
    assert all(mix in told for mix in (*MIXES, "clapnq/cut"))
    assert told.count(OURS) == len(MIXES) + 1
    assert ET.fromstring(drawn(scored, scores)).tag.endswith("svg")


def test_cases_that_weigh_nothing_change_no_weight(scored: list[Scored]) -> None:
    mixes = [each for each in scored if each.case.mix in MIXES]
    odds = []
    for rows in (scored, mixes):
        fit = fit_answerability.fit_level("full", [r.case for r in rows], [{"full": r.signals} for r in rows])
        odds.append(fit.model.logits(fit.rows.features[:10]))
    assert np.allclose(odds[0], odds[1], atol=0.2)


async def test_a_cut_page_holds_no_sentence_that_was_selected(tmp_path: Path) -> None:
    folder = tmp_path / "qa/clapnq"
    folder.mkdir(parents=True)
    answer, rest = "It was built in 1854 by James Calder .", "Its lamp burned whale oil . " * 5
    page = {"passage_id": "p", "title": "Orvay", "text": f"The tower stands on a rock . {answer} {rest}"}
    (folder / "passages.jsonl.gz").write_bytes(gzip.compress(json.dumps(page).encode()))
    questions = [
        {
            "question": "who built orvay",
            "answerable": True,
            "passage_id": "p",
            "answers": [{"selected_sentences": [answer]}],
        },
        {"question": "who sank it", "answerable": False, "passage_id": "p", "answers": []},
    ]
    (folder / "questions.jsonl").write_text("\n".join(json.dumps(row) for row in questions))
    (only,) = [each async for each in near_misses.cut(tmp_path, BgeSmall())]
    assert (only.case.mix, only.case.is_answerable) == ("clapnq/cut", False)
    ((question, evidence),) = only.forms
    assert question == "who built orvay"
    text = " ".join(each.passage.text for each in evidence)
    assert "Calder" not in text
    assert "whale oil" in text
