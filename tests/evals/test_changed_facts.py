"""True claims with one fact changed: how they are made, and that they are caught."""

from pathlib import Path

import pytest
from fontes.evals.corruption_test import Row, cases, changed, half_of, is_supported


def test_a_changed_claim_differs_in_one_place_and_is_made_the_same_each_time(shared_data: Path) -> None:
    for case in cases(shared_data)[::15]:
        made = list(changed(case))
        assert made == list(changed(case))
        for each in made:
            assert each.claim != case.claim
            start = next(i for i, (a, b) in enumerate(zip(case.claim, each.claim + "\0", strict=False)) if a != b)
            assert case.claim[:start] == each.claim[:start]
            assert len(each.claim) == len(case.claim) - len(each.was) + len(each.now)


@pytest.mark.slow
def test_changed_numbers_and_dates_of_quoted_sentences_are_caught_and_true_ones_kept(shared_data: Path) -> None:
    quoted = [c for c in cases(shared_data) if c.set in ("clapnq", "page sentences") and half_of(c.document) == "test"]
    quoted = quoted[::4]
    assert sum(is_supported(case.claim, case.evidence) for case in quoted) >= 0.95 * len(quoted)
    made = [each for case in quoted for each in changed(case)]
    facts = [each for each in made if each.kind != "name"]
    named = [each for each in made if each.kind == "name"]
    assert sum(not is_supported(each.claim, each.case.evidence) for each in facts) >= 0.95 * len(facts)
    assert sum(not is_supported(each.claim, each.case.evidence) for each in named) >= 0.9 * len(named)


def test_a_rate_over_nothing_is_undefined() -> None:
    assert "–" in str(Row(hits=(), documents=()))
    assert str(Row(hits=(True, True), documents=("a", "b"))).split() == ["1.000", "1.00–1.00", "2"]
