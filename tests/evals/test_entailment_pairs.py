"""Made-up claims: a supported one says no more than its evidence, an unsupported one differs from it."""

import random

import pytest
from fontes.agent.verifiers.gathered import gathered
from fontes.agent.verifiers.reading.terms import numbers
from fontes.evals import paraphrases
from fontes.evals.entailment_pairs import made_up
from fontes.evals.entailment_texts import sentences_of, untokenised

TEXT = sentences_of(
    "The harbour of Rostock was opened in 1960 by the city council. It employs about 12,500 people in 38 "
    "companies, and most of them live in the region. In 2018, Anna Weber became its director after Ruth Klein "
    "(her predecessor) retired. The port handled 25 million tonnes of cargo in that year, which was more than "
    "Bremen and Wismar together. However, the ferry to Trelleborg did not run between 4 March 2019 and 9 April "
    "2019. Several bridges were built over the river because the old tunnel was too narrow for trucks. Local "
    "fishermen often complain that the large ships drive away the herring. Grain silos stand 45 metres high along "
    "the quay, according to the Baltic Times."
)


def test_half_of_the_pairs_are_supported_and_all_kinds_occur() -> None:
    pairs = made_up([TEXT], 600, random.Random(1))

    assert len(pairs) == 600
    assert 0.35 < sum(pair.is_supported for pair in pairs) / 600 < 0.6
    assert len({pair.kind for pair in pairs}) == 8


def test_a_supported_claim_has_no_number_that_its_evidence_lacks() -> None:
    for pair in made_up([TEXT], 400, random.Random(2)):
        if pair.is_supported and not any(word in pair.claim for word in ("than", "over", "under", "about", "at least")):
            held = {value for values in numbers(pair.evidence).values() for value in values}
            assert all(values & held for values in numbers(pair.claim).values()), pair


def test_an_unsupported_claim_never_stands_in_its_evidence() -> None:
    for pair in made_up([TEXT], 400, random.Random(3)):
        assert pair.is_supported or pair.claim not in pair.evidence


def test_pairs_depend_on_the_seed_alone() -> None:
    assert made_up([TEXT], 20, random.Random(4)) == made_up([TEXT], 20, random.Random(4))


@pytest.mark.parametrize(
    ("rule", "sentence", "expected"),
    [
        (paraphrases.drop_parenthesis, "Ruth Klein (her predecessor) retired.", "Ruth Klein retired."),
        (paraphrases.move_opening, "In 1990, the mill closed.", "The mill closed in 1990."),
        (paraphrases.drop_opening, "In 1990, the mill closed.", "The mill closed."),
        (paraphrases.drop_opening, "In May, 1990 was the year.", None),
        (paraphrases.drop_adverb, "However, the ferry sank.", "The ferry sank."),
        (paraphrases.spell_number, "It has 12 rooms.", "It has twelve rooms."),
        (paraphrases.spell_number, "It opened on May 12.", None),
        (paraphrases.write_number, "It cost 2.5 million euros.", "It cost 2,500,000 euros."),
        (paraphrases.write_number, "It has 12,500 members.", "It has 12500 members."),
        (paraphrases.convert_unit, "It is 10 km away.", "It is about 6.2 miles away."),
        (paraphrases.contract, "It did not run.", "It didn't run."),
        (paraphrases.drop_tail, "If it rains on the hills, and it does, it floods.", None),
    ],
)
def test_a_rule_rewords_or_leaves_alone(rule: paraphrases.Rule, sentence: str, expected: str | None) -> None:
    assert rule(sentence, random.Random(0)) == expected


@pytest.mark.parametrize("seed", range(12))
def test_a_bound_holds_and_a_wrong_bound_does_not(seed: int) -> None:
    sentence = "It had 47 members."
    right = paraphrases.bound_number(sentence, random.Random(seed))
    wrong = paraphrases.misbound_number(sentence, random.Random(seed))

    assert right is not None
    assert wrong is not None
    for claim, holds in ((right, True), (wrong, False)):
        (bound,) = (int(word) for word in claim.split() if word.isdigit())
        assert (bound < 47 if "more" in claim or "over" in claim else bound > 47) is holds


def test_evidence_is_gathered_around_the_claim_in_the_order_of_the_text() -> None:
    text = [*(f"Line {n} speaks of nothing." for n in range(200)), "Rostock opened its harbour.", "It did so in 1960."]

    found = gathered("The harbour of Rostock was opened in 1960.", text, 30)

    assert "Rostock opened its harbour. It did so in 1960." in found
    assert len(found.split()) <= 30


def test_short_evidence_is_kept_whole_and_none_is_no_error() -> None:
    assert gathered("Anything at all.", ["One line.\nAnother line."]) == "One line. Another line."
    assert gathered("Anything at all.", []) == ""
    assert gathered("", ["word " * 500]) == "word " * 69 + "word"


def test_the_tokenised_text_of_clapnq_is_put_together() -> None:
    assert untokenised("Lawrence 's voice , he said ( later ) .") == "Lawrence's voice, he said (later)."
    assert untokenised("the so - called `` second - largest '' one") == 'the so-called "second-largest" one'
